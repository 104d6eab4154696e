"""The manager's week: a sentence, three lists, acts that are shown before they are done, and a deputy."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from app.accounts import queries as people
from app.accounts.models import Person
from app.jobs import handlers
from app.kit import audit, clock, jobs
from app.kit.actor import Role
from app.kit.audit import AuditRow
from app.kit.blobs import Blobs
from app.kit.database import Sessions, reading, writing
from app.kit.mail import Mail
from app.requirements import actions as requirements
from app.requirements import queries as required
from app.requirements.models import Exemption, Extension, PeriodRow, Reminder
from app.requirements.queries import Need
from tests import factories
from tests.browser import Browser, Page
from tests.requirements.places import Town, a_town, card, complete


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.fixture
def town(sessions: Sessions, blobs: Blobs) -> Iterator[Town]:
    """14 people: one late, one near the date of another course, one excused, the others done."""
    with clock.everywhere_at(at("2026-01-05T08:00")), writing(sessions) as db:
        town = a_town(db, blobs, (9, 5))
        place = card(db, town.place)
        requirements.require(db, town.manager, course_id=town.course_id, organisation=place, due_on=date(2026, 3, 31))
        other = factories.a_course(db, blobs, "cyber", pages=1, questions=0, title="CYBER")
        library = card(db, town.institutions[1])
        requirements.require(
            db, town.manager, course_id=other.course_id, organisation=library, due_on=date(2026, 4, 10)
        )
    with clock.everywhere_at(at("2026-03-10T08:00")), writing(sessions) as db:
        for person in town.people[2:]:
            complete(db, db.get_one(Person, person.id), "gdpr")
        for person in town.people[10:]:
            complete(db, db.get_one(Person, person.id), "cyber")
        cards = {one.key: one for one in people.person_cards(db, Person.id.in_([p.id for p in town.people]))}
        requirements.exempt(
            db, town.manager, people=[cards[town.people[1].key]], subject="", reason="On parental leave"
        )
    with clock.everywhere_at(at("2026-04-01T08:00")):
        yield town


def as_person(browser: Browser, sessions: Sessions, person_id: int) -> Browser:
    with reading(sessions) as db:
        return browser.as_(db.get_one(Person, person_id))


def names(page: Page) -> list[str]:
    return ["".join(link.itertext()) for link in page.all("main//tbody//th//a")]


def test_a_week_is_a_sentence_three_lists_and_acts_that_are_shown_first(
    browser: Browser,
    sessions: Sessions,
    settings,  # type: ignore[no-untyped-def]
    town: Town,
) -> None:
    daiva = as_person(browser, sessions, town.manager.id)
    week = daiva.open("/managing/week")
    late, near = town.people[0], town.people[9]
    assert week.h1 == "2 of 14 need you this week"
    assert names(week) == [f"{one.family_name}, {one.given_name}" for one in (late, near)]
    assert week.sees("1 day overdue") and week.sees("9 days left") and week.sees("role ends where your organisation")
    excused = week.follow("Excused")
    assert names(excused) == [f"{town.people[1].family_name}, {town.people[1].given_name}"]
    assert excused.sees("On parental leave, until further notice")
    track = week.follow("On track")
    assert len(names(track)) == 12 + 4, "twelve have one course behind them, four of them the other one too"

    nothing = daiva.open(f"/managing/week/act?at={town.place.code}&do=remind", check=False)
    assert nothing.status == 422 and nothing.sees("Tick the people first.")
    with reading(sessions) as db:
        keys = list(db.scalars(select(PeriodRow.id).where(PeriodRow.person_id.in_([late.id, near.id]))))
        waiting = required.week_lines(db, town.manager.grants[0].path, today=clock.today(), need=Need.ACTION)
    ticked = "".join(f"&period={key}" for key in keys)
    review = daiva.open(f"/managing/week/act?at={town.place.code}&do=remind{ticked}")
    assert review.h1 == "2 people will be reminded" and review.sees("Nothing has been done yet.")
    with reading(sessions) as db:
        assert not list(db.scalars(select(Reminder)))
    assert "2 people are being reminded" in review.press("Remind 2 people").html
    again = daiva.open(f"/managing/week/act?at={town.place.code}&do=remind{ticked}")
    assert again.h1 == "Everybody chosen has been reminded today" and not again.sees("Nothing has been done yet.")
    jobs.drain(sessions, handlers(settings))
    with reading(sessions) as db:
        today = clock.now() - timedelta(minutes=1)
        written = db.scalars(select(Mail.person_id).where(Mail.created_at >= today, Mail.person_id.is_not(None)))
        assert {late.id, near.id} <= set(written)

    more = daiva.open("/managing/week").follow("More time – " + f"{late.family_name}, {late.given_name}, GDPR")
    wrong = more.press("Move 1 date", until="2026-03-01", reason="Budget")
    assert wrong.status == 422 and wrong.sees("Choose a day after the present due date.")
    assert 'value="Budget"' in wrong.html, "what was typed comes back"
    moved = wrong.press("Move 1 date", until="2026-05-15", reason="Budget")
    assert "1 due date is now 2026-05-15." in moved.html and moved.h1 == "1 of 14 need you this week"
    with reading(sessions) as db:
        row = db.scalars(select(Extension)).one()
        assert (row.until, row.answer, row.person_id) == (date(2026, 5, 15), "Budget", late.id)
    assert len(waiting) == 2

    card = daiva.open(f"/managing/people/{near.key}")
    assert card.sees("1 course needs action.") and "Review the reminder" in card.links()
    (key,) = [line.period_id for line in waiting if line.person_id == near.id]
    excuse = daiva.open(f"/managing/week/act?at={town.place.code}&do=excuse&period={key}")
    assert excuse.press("Excuse from 1 duty", reason="").status == 422
    done = excuse.press("Excuse from 1 duty", reason="Changes posts", until="2026-12-31")
    assert "1 duty is excused." in done.html and done.h1 == "None of your 14 people needs you"
    card = daiva.open(f"/managing/people/{near.key}")
    assert not card.sees("needs action") and "Review the reminder" not in card.links(), (
        "an excused duty waits for nobody"
    )
    with reading(sessions) as db:
        assert [(one.person_id, one.until) for one in db.scalars(select(Exemption)).all()][-1] == (
            near.id, date(2026, 12, 31),
        )  # fmt: skip
    with writing(sessions) as db:
        chief = factories.a_person(db, db.merge(town.place), roles=[Role.ADMINISTRATOR])
    log = as_person(browser, sessions, chief.id).open("/admin/audit")
    assert log.sees("about: CYBER") and log.sees("by mail: 2"), "the log says in words what was done"


def test_a_deputy_acts_in_the_days_named_and_is_recorded_as_one(
    browser: Browser, sessions: Sessions, blobs: Blobs, town: Town
) -> None:
    deputy, stranger = town.people[5], town.people[6]
    daiva = as_person(browser, sessions, town.manager.id)
    with writing(sessions) as db:  # whose own post is in the municipality that she manages
        db.get_one(Person, town.manager.id).organisation_id = town.place.id
    form = daiva.open("/managing/deputies")
    days = {"since": "2026-04-13", "until": "2026-04-24"}
    assert form.press("Name a deputy", email="nobody@example.test", **days).status == 422
    assert form.press("Name a deputy", email=str(deputy.email), since="2026-04-24", until="2026-04-13").status == 422
    named = form.press("Name a deputy", email=str(deputy.email), **days)
    assert named.sees("deputises for you until 2026-04-24")
    assert form.press("Name a deputy", email=str(deputy.email), **days).sees("1 deputy is named"), "twice is once"

    standin = as_person(browser, sessions, deputy.id)
    for day, admitted in (("2026-04-12", False), ("2026-04-13", True), ("2026-04-24", True), ("2026-04-25", False)):
        with clock.everywhere_at(at(f"{day}T09:00")):
            standin = as_person(browser, sessions, deputy.id)
            page = standin.open("/managing/week", check=False)
            assert page.status == (200 if admitted else 403), day
            if admitted:
                assert page.sees("You act here in the place of Daiva Boss.")
    with clock.everywhere_at(at("2026-04-14T09:00")):
        standin = as_person(browser, sessions, deputy.id)
        page = standin.open("/managing/week")
        page.follow(f"Remind – {town.people[0].family_name}, {town.people[0].given_name}, GDPR").press(
            "Remind 1 person"
        )
        lent = standin.open("/managing/deputies")
        assert lent.sees("Only a manager names a deputy"), "what is lent is not lent on"
        assert lent.h1 == "You deputise for: Daiva Boss"
        assert as_person(browser, sessions, stranger.id).open("/managing/week", check=False).status == 403
    with reading(sessions) as db:
        row = db.scalars(select(AuditRow).where(AuditRow.action == "reminder.sent")).one()
        assert (row.actor_id, row.data["deputy_for"]) == (deputy.id, "Daiva Boss")
        assert audit.broken_links(db) == []
        with clock.at(at("2026-04-14T09:00")):
            level = required.managers_of(db, town.manager.grants[0].path)
            assert level == ((town.manager.id, deputy.id),), "both hear who asks for time"

    with clock.everywhere_at(at("2026-04-15T09:00")):
        daiva = as_person(browser, sessions, town.manager.id)
        daiva.open("/managing/deputies").press("End")
        assert as_person(browser, sessions, deputy.id).open("/managing/week", check=False).status == 403


def test_a_list_says_of_everybody_what_the_rules_say(sessions: Sessions, town: Town) -> None:
    """The database decides the list of a row; `rules.status` decides the same row: they never differ."""
    groups = {
        Need.ACTION: {"overdue", "due-soon", "expired"},
        Need.TRACK: {"completed", "open", "future", "expiring"},
        Need.EXCUSED: {"exempt", "paused"},
    }
    with writing(sessions) as db:
        requirements.give_leave(
            db, town.manager, person=_card(db, town.people[9]), since=date(2026, 4, 5), until=date(2026, 4, 20)
        )
        for day in (date(2026, 3, 12), date(2026, 4, 1), date(2026, 4, 6), date(2026, 5, 1)):
            lines = required.week_lines(db, town.manager.grants[0].path, today=day)
            assert len(lines) == 14 + 5
            cards = {c.id: c for p in town.people for c in required.periods_of(db, p.id, day)}
            stored = {line.period_id: line for line in lines}
            for key, line in stored.items():
                if day == clock.today() or line.need is not Need.EXCUSED:
                    assert cards[key].status.value in groups[line.need], (day, line, cards[key])
            counts = required.week_counts(db, town.manager.grants[0].path, today=day)
            assert {need: sum(line.need is need for line in lines) for need in Need} == counts.rows
            assert counts.people == 14


def _card(db, person: Person):  # type: ignore[no-untyped-def]
    found = people.person_by_id(db, person.id)
    assert found is not None
    return found


def test_only_the_places_one_manages_are_there(browser: Browser, sessions: Sessions, blobs: Blobs, town: Town) -> None:
    with writing(sessions) as db:
        elsewhere = factories.an_organisation(db, "Elsewhere", parent=factories.an_organisation(db))
        boss = factories.a_person(db, elsewhere, roles=[Role.MANAGER])
        line = required.week_lines(db, town.manager.grants[0].path, today=clock.today(), need=Need.ACTION)[0]
        boss_id, code = boss.id, elsewhere.code
    other = as_person(browser, sessions, boss_id)
    assert other.open(f"/managing/week?at={town.place.code}", check=False).status == 404
    review = other.open(f"/managing/week/act?at={code}&do=remind&period={line.period_id}")
    assert review.h1 == "Nothing of this waits any more" and line.family_name not in review.html
    done = other.post(
        "/managing/week/act",
        {
            "at": code, "do": "extend", "period": str(line.period_id), "reason": "x",
            "until": (clock.today() + timedelta(days=9)).isoformat(),
        },
    )  # fmt: skip
    assert done.sees("Nothing of this waits any more.")
