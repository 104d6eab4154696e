"""Assigning a course and reminding those who are behind, told through the pages."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select

from app.accounts.models import Person
from app.jobs import handlers
from app.kit import clock, jobs, mail
from app.kit.actor import Role
from app.kit.blobs import Blobs
from app.kit.database import Sessions, reading, writing
from app.learning.models import Enrolment
from app.requirements import actions as requirements
from app.requirements.models import Requirement
from tests import factories
from tests.browser import Browser
from tests.requirements.places import Town, a_town, card, complete

MARCH = datetime(2026, 3, 2, 8, tzinfo=UTC)


@pytest.fixture(autouse=True)
def in_march():  # type: ignore[no-untyped-def]
    with clock.everywhere_at(MARCH):
        yield


@pytest.fixture
def town(sessions: Sessions, blobs: Blobs) -> Town:
    with writing(sessions) as db:
        made = a_town(db, blobs, (4, 3))
        made.people[0].email = None
    return made


@pytest.fixture
def manager(browser: Browser, sessions: Sessions, town: Town) -> Browser:
    with reading(sessions) as db:
        return browser.as_(db.get_one(Person, town.manager.id))


def _rows(sessions: Sessions, table) -> int:  # type: ignore[no-untyped-def]
    with reading(sessions) as db:
        return db.scalar(select(func.count()).select_from(table)) or 0


def test_a_dry_run_keeps_what_was_typed_and_changes_nothing_until_saved(
    manager: Browser, sessions: Sessions, town: Town
) -> None:
    form = manager.open("/managing/assignments").follow("Assign a course")
    typed = {"course": town.slug, "organisation": town.place.code, "due_on": "2026-03-31", "reason": "Yearly"}
    dry = form.press("Check whom it reaches", **typed)
    assert dry.status == 200 and dry.sees("7 people; organisations: 2") and dry.sees("1 have no e-mail")
    assert _rows(sessions, Requirement) == 0 and _rows(sessions, Enrolment) == 0
    assert dict(dry.form("Assign").values)["reason"] == "Yearly"
    saved = dry.press("Assign")
    assert (
        saved.url.endswith("/managing/assignments") and saved.sees("0 of 7") and "7 people were assigned" in saved.html
    )
    assert _rows(sessions, Enrolment) == 7
    again = manager.open("/managing/assignments/new").press("Check whom it reaches", **typed)
    assert again.sees("exists already")
    assert "Nothing was changed" in again.press("Assign").html
    assert (_rows(sessions, Requirement), _rows(sessions, Enrolment)) == (1, 7)


def test_bad_input_is_said_at_its_field_with_the_form_as_typed(manager: Browser, town: Town) -> None:
    form = manager.open("/managing/assignments/new")
    empty = form.press("Check whom it reaches")
    assert empty.status == 422 and empty.text.count("Fill in this field.") >= 3
    typed = {"course": "no-such", "organisation": "no-such", "due_on": "soon", "reason": "Kept as typed"}
    wrong = form.press("Check whom it reaches", **typed)
    assert wrong.status == 422 and wrong.sees("Write the date as year-month-day") and wrong.sees("Kept as typed")
    past = form.press("Check whom it reaches", course=town.slug, organisation=town.place.code, due_on="2026-02-01")
    assert past.status == 422 and past.sees("This date has passed")
    near = form.press("Check whom it reaches", course=town.slug, organisation=town.place.code, due_on="2026-03-10")
    assert near.status == 200 and near.sees("fewer than 14 days left")


def test_a_manager_assigns_only_within_their_own_organisations(
    browser: Browser, sessions: Sessions, town: Town
) -> None:
    with writing(sessions) as db:
        boss = factories.a_person(db, db.merge(town.institutions[1]), roles=[Role.MANAGER])
    own = browser.as_(boss)
    form = own.open("/managing/assignments/new")
    assert town.institutions[1].name in form.html and town.institutions[0].name not in form.html
    refused = own.post(
        "/managing/assignments/new",
        {"course": town.slug, "organisation": town.institutions[0].code, "due_on": "2026-03-31", "action": "save"},
    )
    assert refused.status == 422 and refused.sees("Choose one of your organisations.")
    assert _rows(sessions, Requirement) == 0


def _assigned(sessions: Sessions, town: Town, due: date = date(2026, 3, 10)) -> str:
    with writing(sessions) as db:
        place = card(db, town.place)
        made = requirements.require(
            db, town.manager, course_id=town.course_id, organisation=place, due_on=due, reason="Yearly"
        )
        complete(db, db.get_one(Person, town.people[1].id), town.slug)
    return made.key


def test_ending_keeps_the_list_and_reaches_nobody_new(manager: Browser, sessions: Sessions, town: Town) -> None:
    _assigned(sessions, town)
    page = manager.open("/managing/assignments")
    assert page.sees("1 of 7") and page.sees("1 assignment is in force")
    ended = page.press("End")
    assert ended.sees("Ended 2026-03-02") and ended.h1 == "No course is assigned yet"
    assert _rows(sessions, Enrolment) == 7


def test_what_several_places_are_asked_for_one_reason_is_said_once(
    manager: Browser, sessions: Sessions, town: Town
) -> None:
    with writing(sessions) as db:
        for place, reason in ((town.place, "Yearly"), (town.institutions[0], "Yearly"), (town.institutions[1], "New")):
            due = {"course_id": town.course_id, "due_on": date(2026, 3, 10), "reason": reason}
            requirements.require(db, town.manager, organisation=card(db, db.merge(place)), **due)
        db.merge(town.institutions[0]).name_en = "House of Books"
        db.get_one(Person, town.manager.id).lang = "lt"
    page = manager.open("/managing/assignments")
    said = [" ".join(" ".join(one.itertext()).split()) for one in page.all("tr[@class='group']")]
    assert [("Yearly" in one, "New" in one) for one in said] == [(True, False), (False, True)]
    assert len(page.all("tbody/tr")) == 5 and page.text.count("Yearly") == 1
    # A place is called as the page speaks, whatever language the account prefers.
    assert page.follow("House of Books").sees("Yearly")


def test_one_cannot_end_what_an_organisation_above_has_assigned(
    browser: Browser, sessions: Sessions, town: Town
) -> None:
    key = _assigned(sessions, town)
    with writing(sessions) as db:
        inside = factories.a_person(db, db.merge(town.institutions[0]), roles=[Role.MANAGER])
        elsewhere = factories.an_organisation(db, parent=factories.an_organisation(db))
        stranger = factories.a_person(db, elsewhere, roles=[Role.MANAGER])
    own = browser.as_(inside)
    page = own.open("/managing/assignments")
    assert page.sees("GDPR") and not [form for form in page.forms() if "/end" in form.element.get("action", "")]
    assert own.post(f"/managing/assignments/{key}/end", {}).status == 403
    assert browser.as_(stranger).post(f"/managing/assignments/{key}/end", {}).status == 404
    assert not browser.as_(stranger).open("/managing/assignments").sees("GDPR")


def test_a_reminder_is_seen_before_it_is_sent_and_sent_once(
    manager: Browser,
    sessions: Sessions,
    town: Town,
    settings,  # type: ignore[no-untyped-def]
) -> None:
    _assigned(sessions, town)
    preview = manager.open(f"/managing/organisations/{town.place.code}/remind")
    assert preview.h1 == "6 people will be reminded"
    assert (
        preview.sees("By mail")
        and preview.sees("5 people")
        and preview.sees("1 person without e-mail")
        and preview.sees("not yet")
    )
    assert _rows(sessions, mail.Mail) == 0
    sent = preview.press("Remind 6 people")
    assert "6 people are being reminded, 5 of them by mail." in sent.html
    assert sent.sees("Reminded 2026-03-02") and sent.sees("Review the reminder") and not sent.sees("Remind 6")
    here = manager.open(f"/managing/organisations/{town.institutions[0].code}")
    assert here.sees("Last reminded 2026-03-02.") and not [url for url in here.links().values() if "/remind" in url]
    again = manager.open(f"/managing/organisations/{town.place.code}/remind")
    assert again.h1 == "Everybody who is behind has been reminded today"
    assert not again.sees("Nothing has been sent yet.")
    jobs.drain(sessions, handlers(settings))
    with reading(sessions) as db:
        reminded = mail.Mail.text.contains("still to be completed")
        assert db.scalar(select(func.count()).select_from(mail.Mail).where(reminded)) == 5


def test_one_person_can_be_reminded(manager: Browser, sessions: Sessions, town: Town) -> None:
    _assigned(sessions, town)
    late = town.people[2]
    page = manager.open(f"/managing/people/{late.key}").follow("Review the reminder")
    assert page.h1 == "1 person will be reminded"
    back = page.press("Remind 1 person")
    assert back.url.endswith(late.key)
    other = manager.open(f"/managing/organisations/{town.place.code}/remind")
    assert other.h1 == "5 people will be reminded"
