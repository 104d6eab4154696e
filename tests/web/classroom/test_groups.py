"""A group session told through its pages: planned, joined, watched together, ended; and who is kept out of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from app.accounts.models import Person
from app.groups.models import GroupMember, GroupSession
from app.kit import clock
from app.kit.actor import Role
from app.kit.blobs import Blobs
from app.kit.database import Sessions, reading, writing
from app.learning.models import Enrolment, Evidence
from app.learning.rules import Kind
from app.organisations.models import Organisation
from tests import factories
from tests.browser import Browser, Page
from tests.web.api.test_attempts import Program

MORNING = datetime(2026, 3, 2, 8, tzinfo=UTC)
SLUG = "fire-safety"


@pytest.fixture(autouse=True)
def _in_the_morning() -> Iterator[None]:
    with clock.everywhere_at(MORNING):
        yield


@dataclass
class Hall:
    """A library with its manager and staff, somebody of another town, and a course of two pages and a test."""

    browser: Browser
    sessions: Sessions
    library: Organisation
    manager: Person
    trainer: Person
    staff: list[Person]
    stranger: Person

    def lead(self) -> Browser:
        return self.browser.as_(self.manager)

    def planned(self) -> Page:
        """The page of a session that the manager has planned, for two of the three people."""
        form = self.lead().open("/groups").follow("Plan a session")
        form = form.form("Continue").fill(course=SLUG, organisation=self.library.code).press("Continue")
        typed = {"day": "2026-03-02", "time": "10.30", "room": "Reading room"}
        return form.press("Plan the session", **typed, who=[self.staff[0].key, self.staff[1].key])

    def opened(self) -> tuple[str, str, str]:
        """The address of an open session, its PIN and the address of its drawing."""
        page = self.planned()
        key = page.url.rpartition("/")[2]
        screen = page.press("Open the session")
        pin = re.search(r"\d{3} \d{3}", screen.text)
        assert pin is not None
        with reading(self.sessions) as db:
            code = db.scalars(select(GroupSession.code).where(GroupSession.key == key)).one()
        return f"/groups/{key}", pin[0].replace(" ", ""), f"/join/{code}"

    def evidence(self, person: Person) -> list[Evidence]:
        with reading(self.sessions) as db:
            return list(
                db.scalars(
                    select(Evidence)
                    .where(Evidence.person_id == person.id, Evidence.kind == Kind.PAGE_FINISHED)
                    .order_by(Evidence.id)
                )
            )


@pytest.fixture
def hall(browser: Browser, sessions: Sessions, blobs: Blobs) -> Hall:
    with writing(sessions) as db:
        town = factories.an_organisation(db, "Town", parent=factories.an_organisation(db), code="town")
        library = factories.an_organisation(db, "Library", parent=town, code="library")
        other = factories.an_organisation(db, "Elsewhere", parent=factories.an_organisation(db), code="elsewhere")
        factories.a_course(db, blobs, SLUG, owner=town, pages=2, questions=2)
        return Hall(
            browser,
            sessions,
            library,
            factories.a_person(db, town, roles=[Role.MANAGER], at=library, lang="en", given_name="Aušra"),
            factories.a_person(db, town, roles=[Role.TRAINER], lang="en"),
            [factories.a_person(db, library, lang="en", given_name=name) for name in ("Ona", "Petras", "Zita")],
            factories.a_person(db, other, lang="en", given_name="Svetimas"),
        )


def test_what_is_watched_together_is_evidence_for_those_who_are_there(hall: Hall) -> None:
    ona, petras, zita = hall.staff
    url, pin, ticket = hall.opened()
    # One types the PIN with a space, one follows the drawing; a second time nothing changes.
    mine = hall.browser.as_(ona).open("/join").press("Join", pin=f"{pin[:3]} {pin[3:]}")
    assert "/joined/" in mine.url and mine.sees("You are here")
    assert hall.browser.as_(ona).open(ticket).press("Join the session").sees("You are here")
    theirs = hall.browser.as_(petras).open(ticket)
    assert theirs.sees("Reading room") and theirs.press("Join the session").sees("You are here")
    lead = hall.lead()
    assert lead.open(url).h1 == "2 of 2 people are here"
    page = lead.open(f"{url}/screen").press("Show the course")
    assert page.h1 == "Page 1" and "2 people are here" in page.html
    assert hall.browser.as_(ona).open(mine.url).sees("On the screen now: Page 1")
    second = page.press("Watched: next")
    assert second.h1 == "Page 2"
    # Petras has to go; Zita, without a phone, comes late and is noted.
    hall.browser.as_(petras).open(f"/joined/{url.rpartition('/')[2]}").press("Leave the session")
    note = next(form for form in lead.open(url).forms() if "person" in dict(form.values))
    noted = note.fill(person=zita.email).press("Is here")
    assert noted.sees(f"Zita {zita.family_name} is here.") and noted.h1 == "2 of 3 people are here"
    third = lead.open(f"{url}/pages/page-2").press("Watched: next")
    assert third.h1 == "The test" and third.sees("Now each answers alone")
    lead.open(f"{url}/pages/page-2").press("Watched: next")  # shown again: nobody gets it twice
    key = url.rpartition("/")[2]
    said = hall.evidence(ona)
    assert [(one.subject, one.data["group"], one.actor_id) for one in said] == [
        ("page-1", key, hall.manager.id),
        ("page-2", key, hall.manager.id),
    ]
    assert [one.subject for one in hall.evidence(petras)] == ["page-1"]
    assert [one.subject for one in hall.evidence(zita)] == ["page-2"]
    closed = lead.open(url).press("End the session")
    assert closed.h1 == "3 people were here, and 0 of them have completed the course"
    assert closed.sees("Read: “Page 2”. Pass: Test.") and closed.sees("Read: “Page 1”. Pass: Test.")
    assert "%" not in closed.text  # how well somebody has answered is theirs alone
    assert lead.open("/groups").sees("Held")
    # The codes are gone, and a second end changes nothing.
    again = hall.browser.as_(petras).open("/join").press("Join", pin=pin)
    assert again.status == 422 and again.sees("This code does not work")
    assert hall.browser.as_(petras).open(ticket, check=False).status == 404
    with reading(hall.sessions) as db:
        left = db.scalars(select(GroupMember.left_at)).all()
    assert len(left) == 3 and all(left)


def test_only_people_of_the_place_or_of_the_course_come_in(hall: Hall) -> None:
    url, pin, ticket = hall.opened()
    stranger = hall.browser.as_(hall.stranger)
    refused = stranger.open("/join").press("Join", pin=pin)
    wrong = stranger.open("/join").press("Join", pin="000000" if pin != "000000" else "111111")
    # Right for others, wrong, and over are one answer, by PIN and by drawing.
    assert refused.status == wrong.status == 422
    assert refused.text.replace(pin, "") == wrong.text.replace("000000", "").replace("111111", "")
    assert stranger.open(ticket, check=False).status == 404
    named = hall.lead().post(f"{url}/people", {"action": "add", "person": hall.stranger.email})
    assert named.status == 422 and named.sees("Nobody who may join has this") and hall.stranger.email in named.html
    with reading(hall.sessions) as db:
        assert not db.scalars(select(Enrolment).where(Enrolment.person_id == hall.stranger.id)).all()
    stranger.open(f"/courses/{SLUG}").press("Register")
    assert stranger.open(ticket).press("Join the session").sees("You are here")
    # Ten wrong PINs, and even the right one waits.
    guesser = hall.browser.as_(hall.staff[2])
    for _guess in range(10):
        assert guesser.open("/join").press("Join", pin="12").status == 422
    assert guesser.post("/join", {"pin": pin}).status == 429
    with clock.everywhere_at(MORNING + timedelta(minutes=11)):
        assert guesser.open("/join").press("Join", pin=pin).sees("You are here")
    with clock.everywhere_at(MORNING + timedelta(hours=13)):  # forgotten, but not open for ever
        assert hall.browser.as_(hall.staff[0]).open("/join").press("Join", pin=pin).status == 422


def test_a_trainer_leads_own_courses_and_is_not_told_who_works_there(hall: Hall) -> None:
    trainer = hall.browser.as_(hall.trainer)
    form = trainer.open(f"/groups/new?course={SLUG}&organisation=library")
    assert not any(one.family_name in form.html for one in hall.staff)
    page = form.press("Plan the session", day="2026-03-02", time="12:00")
    assert page.h1 == "0 people are expected" and not any(one.family_name in page.html for one in hall.staff)
    named = page.press("Is expected", person=hall.staff[0].email)
    assert named.sees(hall.staff[0].family_name)
    # Who there is cannot be found out by trying numbers.
    for number in range(20):
        assert trainer.post(f"{page.url}/people", {"action": "add", "person": f"{number:04d}"}).status == 422
    refused = trainer.post(f"{page.url}/people", {"action": "add", "person": hall.staff[1].email})
    assert refused.status == 429 and hall.staff[1].family_name not in refused.html
    # The manager of the place sees it, somebody else who teaches does not.
    assert hall.lead().open("/groups").sees("Fire safety")
    with writing(hall.sessions) as db:
        place = db.get_one(Organisation, hall.library.id)
        other = factories.a_person(db, place, roles=[Role.TRAINER], lang="en")
    assert hall.browser.as_(other).open(page.url, check=False).status == 404
    # Called off, it takes nobody any more.
    gone = page.press("Call off")
    assert gone.sees("Called off")
    assert hall.lead().open(page.url).h1 == "This session was called off"
    again = hall.lead().post(f"{page.url}/open", {})
    assert again.sees("This session was called off.")


def test_a_form_that_cannot_be_taken_comes_back_as_it_was_typed(hall: Hall) -> None:
    lead = hall.lead()
    bad = lead.open(f"/groups/new?course={SLUG}&organisation=library").press(
        "Plan the session", day="2026-02-30", time="half past", room="Attic"
    )
    assert bad.status == 422 and bad.sees("Write the date as year-month-day") and "Attic" in bad.html
    late = bad.press("Plan the session", day="2026-03-01", time="10:00")
    assert late.status == 422 and late.sees("This day has passed.")
    time = late.press("Plan the session", day="2026-03-03", time="half past")
    assert time.status == 422 and time.sees("Write the time as hours and minutes")
    assert lead.open("/groups/new?course=no-such&organisation=library", check=False).status == 422
    page = time.press("Plan the session", time="10:00", page="page-2", everybody="1")
    assert page.h1 == "3 people are expected" and page.sees("1. Page 2") and not page.sees("Page 1")
    nobody = lead.post(f"{page.url}/people", {"action": "expect"})
    assert nobody.status == 422 and nobody.sees("Choose at least one person.")


def test_a_program_reads_who_was_there_and_what_each_has_to_do(hall: Hall) -> None:
    url, pin, _ticket = hall.opened()
    hall.browser.as_(hall.staff[0]).open("/join").press("Join", pin=pin)
    hall.lead().open(f"{url}/pages/page-1").press("Watched: next")
    manager, trainer = Program(hall.browser.app, hall.manager), Program(hall.browser.app, hall.trainer)
    listed = manager.ask("GET", "/groups")
    assert [(one["course"], one["state"], one["came"], one["expected"]) for one in listed] == [(SLUG, "open", 1, 2)]
    assert trainer.ask("GET", "/groups") == []
    said = manager.ask("GET", f"/groups/{listed[0]['key']}")
    assert said["watched"] == ["page-1"] and said["organisation"] == "library" and said["version"] == "1.0"
    ona, petras = sorted(said["people"], key=lambda one: str(one["name"]))
    assert (ona["how"], ona["pages_left"], ona["quizzes_left"]) == ("device", ["page-2"], ["test"])
    assert (petras["how"], petras["joined_at"], petras["completed"]) == ("", None, False)
    trainer.ask("GET", f"/groups/{listed[0]['key']}", 404)
