"""Whole rounds through the pages, with the numbers that municipalities ask for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select

from app.accounts.models import Person
from app.accounts.rules import PersonState
from app.jobs import handlers
from app.kit import clock, jobs, mail
from app.kit.blobs import Blobs
from app.kit.database import Sessions, reading, writing
from app.learning import actions as learning
from app.learning.models import Enrolment
from app.organisations import queries as places
from app.packs import queries as packs
from app.packs import rules
from app.requirements import actions as requirements
from app.requirements import queries as required
from app.requirements.models import Assignment, Reminder, Requirement
from tests.browser import Browser, Form, Page
from tests.requirements.places import Town, a_town, complete

SIZES = (132, 46, 24, 34, 31, 22, 19, 16, 15, 14, 13, 12, 11, 10, 9, 8, 4)
EXCUSED, DONE, MUTE = 12, 347, 9


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.fixture
def january() -> Iterator[None]:
    with clock.everywhere_at(at("2026-01-05T08:00")):
        yield


def as_manager(browser: Browser, sessions: Sessions, town: Town) -> Browser:
    with reading(sessions) as db:
        return browser.as_(db.get_one(Person, town.manager.id))


def rows(sessions: Sessions, table: type) -> int:
    with reading(sessions) as db:
        return db.scalar(select(func.count()).select_from(table)) or 0


def figure(page: Page, term: str) -> tuple[str, str]:
    """A big number and its denominator."""
    for block in page.all("dl[@class='figures']/div"):
        if term in "".join(block.find("dt").itertext()):  # type: ignore[union-attr]
            said = " ".join("".join(block.find("dd").itertext()).split())  # type: ignore[union-attr]
            number, _, of = said.partition(" ")
            return number, of
    raise AssertionError(f"no figure {term} on {page.url}")


def test_420_are_assigned_12_excused_347_done_61_overdue_and_9_get_slips(
    browser: Browser,
    sessions: Sessions,
    blobs: Blobs,
    settings,  # type: ignore[no-untyped-def]
    january: None,
) -> None:
    assert (sum(SIZES), len(SIZES)) == (420, 17)
    with writing(sessions) as db:
        town = a_town(db, blobs, SIZES)
        excused, done, late = town.people[:EXCUSED], town.people[EXCUSED : EXCUSED + DONE], town.people[-61:]
        for person in late[:MUTE]:
            person.email, person.state = None, PersonState.INVITED
    daiva = as_manager(browser, sessions, town)
    typed = {
        "course": town.slug, "organisation": town.place.code, "due_on": "2026-03-31", "before": "14, 7, 1", "every": "0",
        "reason": "Yearly", "legal_basis": "BDAR 39 str. 1 d. b p.",
    }  # fmt: skip
    dry = daiva.open("/managing/assignments/new").press("Check whom it reaches", **typed)
    assert dry.sees("420 people; organisations: 17") and dry.sees("It reaches everybody there")
    assert rows(sessions, Requirement) == 0
    assert "420 people were assigned the course." in dry.press("Assign").html
    again = daiva.open("/managing/assignments/new").press("Check whom it reaches", **typed).press("Assign")
    assert "Nothing was changed" in again.html
    assert (rows(sessions, Requirement), rows(sessions, Assignment), rows(sessions, Enrolment)) == (1, 420, 420)

    page = daiva.open("/managing/assignments").follow("GDPR")
    excuse = page.press("Excuse", people=[person.key for person in excused], reason="On parental leave")
    assert "12 people are excused." in excuse.html
    with clock.everywhere_at(at("2026-03-10T08:00")), writing(sessions) as db:
        for person in done:
            complete(db, db.get_one(Person, person.id), town.slug)

    heard = []
    for day in ("2026-03-01", "2026-03-17", "2026-03-24", "2026-03-30", "2026-03-31", "2026-04-01", "2026-04-09"):
        with clock.everywhere_at(at(f"{day}T06:00")), writing(sessions) as db:
            heard.append(requirements.send_due_reminders(db, base_url="http://here"))
    # The ladder of this institution: T-14, T-7, T-1, T+1; to those who have not finished, and to nobody else.
    assert heard == [0, 61, 61, 61, 0, 61, 0]
    with reading(sessions) as db:
        learners = select(Reminder).where(Reminder.person_id.is_(None)).subquery()
        by_step = dict(
            db.execute(select(learners.c.occasion, func.count()).group_by(learners.c.occasion)).all()  # type: ignore[arg-type]
        )
        assert by_step == {"T-14": 61, "T-7": 61, "T-1": 61, "T+1": 61}
        assert db.scalar(select(func.count()).select_from(learners).where(learners.c.by_mail.is_(True))) == 4 * (
            61 - MUTE
        )

    with clock.everywhere_at(at("2026-03-31T08:00")):
        daiva = as_manager(browser, sessions, town)
        on_the_day = daiva.open(page.url)
        assert figure(on_the_day, "Completed") == ("347", "of 408") and figure(on_the_day, "Overdue") == ("0", "of 408")
        assert on_the_day.sees("347 of 408 have completed it (85.0%); 12 people are excused.")
    with clock.everywhere_at(at("2026-04-01T05:00")):
        daiva = as_manager(browser, sessions, town)
        after = daiva.open(page.url)
        assert figure(after, "Overdue") == ("61", "of 408") and figure(after, "Excused") == ("12", "of 420")
        lithuanian = as_manager(browser.speaking("lt"), sessions, town).open(page.url)
        assert "85,0\u00a0%" in lithuanian.html
        browser.speaking("en")
        dashboard = daiva.open(f"/managing/organisations/{town.place.code}")
        assert dashboard.sees("347") and dashboard.sees("of 408") and dashboard.sees("85.0%") and dashboard.sees("61")

        slips = after.press("Make the slips")
        assert slips.status == 201 and slips.h1 == "9 slips to print"
        codes = re.findall(r"/set-password/([0-9A-Z-]{19})", slips.html)
        assert len(set(codes)) == MUTE
        assert browser.open(f"/set-password/{codes[0]}").status == 200
        fresh = daiva.open(page.url).press("Make the slips")
        assert fresh.h1 == "9 slips to print" and codes[0] not in fresh.html
        assert browser.open(f"/set-password/{codes[0]}").status == 404, "a code that was made anew is worth nothing"
    with reading(sessions) as db:
        assert learning.verify(db) == []
    jobs.drain(sessions, handlers(settings))
    with reading(sessions) as db:
        assert requirements.verify(db) == []
        assert (
            db.scalar(select(func.count()).select_from(mail.Mail).where(mail.Mail.state == mail.MailState.WAITING)) == 0
        )


def test_the_yearly_round_255_of_268_and_the_next_year_begins_by_itself(
    browser: Browser,
    sessions: Sessions,
    blobs: Blobs,
    settings,  # type: ignore[no-untyped-def]
) -> None:
    with clock.everywhere_at(at("2026-10-01T06:00")):
        with writing(sessions) as db:
            town = a_town(db, blobs, (120, 80, 48, 20), slug="cyber")
        mindaugas = as_manager(browser, sessions, town)
        form = mindaugas.open("/managing/assignments/new?template=cyber")
        assert form.sees("at least once a year") and dict(form.form("Check").values)["valid_months"] == "12"
        dry = form.press(
            "Check whom it reaches",
            course="cyber", organisation=town.place.code, due_kind="fixed", due_on="2026-12-15",
        )  # fmt: skip
        assert dry.sees("268 people") and dry.sees("The next dates of some of them") and dry.sees("2027-12-15")
        dry.press("Assign")
    with clock.everywhere_at(at("2026-12-10T08:00")), writing(sessions) as db:
        for person in town.people[:255]:
            complete(db, db.get_one(Person, person.id), "cyber")
        for run in db.scalars(select(Enrolment).where(Enrolment.completed_at.is_not(None))).all():
            requirements.completed(db, enrolment_id=run.id)
    with clock.everywhere_at(at("2026-12-15T08:00")):
        page = as_manager(browser, sessions, town).open("/managing/assignments").follow("CYBER")
        assert figure(page, "Completed") == ("255", "of 268") and page.sees("95.1%")
        assert page.sees("Kibernetinio saugumo įstatymas")
        lithuanian = as_manager(browser.speaking("lt"), sessions, town).open(page.url)
        assert "95,1\u00a0%" in lithuanian.html and "255" in lithuanian.text and "268" in lithuanian.text
        browser.speaking("en")
        board = as_manager(browser, sessions, town).open(f"/managing/organisations/{town.place.code}")
        assert board.sees("255 of 268") and board.sees("95.1%") and board.sees("Institution 04")
        # One press asks for the report: participants by institution, their days, when it is due, until when it is kept.
        asked = as_manager(browser, sessions, town).open(page.url).press("Audit pack")
        assert asked.h1 == "CYBER" and asked.sees("Being made")
        with reading(sessions) as db:
            card = packs.by_key(db, asked.url.rpartition("/")[2])
            assert card is not None and card.as_of == date(2026, 12, 15)
            one = required.requirement_by_key(db, page.url.rpartition("/")[2].partition("?")[0], "en")
            unit = places.by_code(db, town.place.code)
            assert one is not None and unit is not None
            facts = packs.gather(db, one, unit, card.as_of, "en")
        report = rules.training(
            ((stand.institution, stand.period.met_on) for stand in facts.stands if stand.period.met_on), card.as_of
        )
        assert [(line.place, line.participants) for line in report] == [
            (f"Institution {n:02d}", number) for n, number in enumerate((120, 80, 48, 7), 1)
        ]
        assert {(line.first, line.last) for line in report} == {(date(2026, 12, 10), date(2026, 12, 10))}
        assert rules.report_days(date(2026, 12, 10)) == (date(2027, 3, 10), date(2029, 12, 10))
    with clock.everywhere_at(at("2027-10-11T08:00")):
        with writing(sessions) as db:
            assert requirements.renew(db) == 255
            assert requirements.renew(db) == 0
        page = as_manager(browser, sessions, town).open(page.url)
        assert figure(page, "To be renewed") == ("255", "of 268") and figure(page, "Overdue") == ("13", "of 268")
    with clock.everywhere_at(at("2027-12-14T08:00")):
        page = as_manager(browser, sessions, town).open(page.url)
        # A year after 10 December nobody's is good any more, and not one record of the first year has gone.
        assert figure(page, "Overdue") == ("268", "of 268")
    with reading(sessions) as db:
        assert db.scalar(select(func.count()).select_from(Enrolment).where(Enrolment.completed_at.is_not(None))) == 255
        assert rows(sessions, Enrolment) == 268 + 255
        assert learning.verify(db) == []


def test_more_time_in_two_taps_and_a_date_that_explains_itself(
    browser: Browser, sessions: Sessions, blobs: Blobs
) -> None:
    with clock.everywhere_at(at("2026-03-02T08:00")):
        with writing(sessions) as db:
            town = a_town(db, blobs, (2,))
        daiva = as_manager(browser, sessions, town)
        typed = {
            "course": town.slug,
            "organisation": town.place.code,
            "due_kind": "hire",
            "due_days": "30",
            "valid_months": "12",
        }
        form = daiva.open("/managing/assignments/new")
        form.press("Check whom it reaches", **typed).press("Assign")
        learner = browser.as_(town.people[0])
        home = learner.open("/learning")
        assert (
            home.sees("30 days after the first day at work, 2026-03-02.")
            and home.sees("Counted to a working day") is False
        )
        asked = home.follow("Ask for more time")
        assert asked.sees("It is due by 2026-04-01.")
        empty = asked.press("Ask for more time", reason="")
        assert empty.status == 422 and empty.sees("Fill in this field.")
        assert (
            learner.open("/learning")
            .follow("Ask for more time")
            .press("Ask for more time", reason="Two audits")
            .sees("You have asked for more time")
        )
        asks = daiva.open("/managing/assignments")
        assert asks.sees("1 person asks for more time") and asks.sees("“Two audits”")
        refused = asks.press("Refuse")
        assert refused.status == 422 and refused.sees("Say why not; the learner reads it.")
        granted = asks.form("Grant").press("Grant")
        assert "has time until 2026-04-15" in granted.html
        person = daiva.open(f"/managing/people/{town.people[0].key}")
        assert person.sees("14 more days were granted: 2026-04-15.")
        contract = learner.open(f"/courses/{town.slug}")
        assert contract.sees("14 more days were granted: 2026-04-15.") and contract.sees("Complete by")


def test_a_manager_records_evidence_excuses_leave_and_tags_on_the_page_of_a_person(
    browser: Browser, sessions: Sessions, blobs: Blobs
) -> None:
    with clock.everywhere_at(at("2026-03-02T08:00")):
        with writing(sessions) as db:
            town = a_town(db, blobs, (1,))
        daiva = as_manager(browser, sessions, town)
        typed = {"course": town.slug, "organisation": town.place.code, "due_on": "2026-03-31", "valid_months": "12"}
        daiva.open("/managing/assignments/new").press("Check whom it reaches", **typed).press("Assign")
        url = f"/managing/people/{town.people[0].key}"
        page = daiva.open(url)
        wrong = page.press("Record", **{"evidence-on": "2026-04-01", "evidence-note": ""})
        assert wrong.status == 422 and wrong.sees("Fill in this field.")
        away = page.press("Note the leave", **{"leave-since": "2026-03-02", "leave-until": "2026-03-11"})
        assert away.sees("On leave") and away.sees("10 days of leave are added: 2026-04-10.")
        back = away.press("Back from today on")
        assert back.sees("2026-03-31")
        excused = back.form("Excuse").fill(**{"exempt-reason": "Works elsewhere this year"}).press("Excuse")
        assert excused.sees("Works elsewhere this year") and excused.sees("Excused")
        must = excused.press("End")
        assert not must.sees("Works elsewhere this year")
        tagged = must.press("Save the tags", **{"tags-tags": "Drivers, cyber team"})
        assert tagged.sees("cyber-team, drivers")
        held = tagged.press(
            "Record", **{"evidence-on": "2026-02-20", "evidence-note": "VDAI 44", "evidence-valid_until": "2026-12-31"}
        )
        assert held.sees("2026-02-20") and held.sees("Certificate from elsewhere") and held.sees("2026-12-31")
        assert browser.as_(town.people[0]).open("/learning").sees("valid until 2026-12-31")
        gone = held.form("Take back").fill(**{"revoke-reason": "Another person's"}).press("Take back")
        assert not gone.sees("2026-02-20") and "Both stay in the record" in gone.html


def test_a_rule_is_changed_on_the_same_form_and_what_is_asked_stays(
    browser: Browser, sessions: Sessions, blobs: Blobs
) -> None:
    with clock.everywhere_at(at("2026-03-02T08:00")):
        with writing(sessions) as db:
            town = a_town(db, blobs, (3,))
        daiva = as_manager(browser, sessions, town)
        typed = {
            "course": town.slug, "organisation": town.place.code, "due_on": "2026-03-31", "titles": "\n", "valid_months": "12",
            "but_people": town.people[0].email,
        }  # fmt: skip
        daiva.open("/managing/assignments/new").press("Check whom it reaches", **typed).press("Assign")
        one = daiva.open("/managing/assignments").follow("GDPR")
        assert one.sees("(1 exception)") and figure(one, "Completed") == ("0", "of 2")
        form = one.follow("Change")
        assert dict(form.form("Check").values)["but_people"] == town.people[0].email
        dry = form.press("Check whom it reaches", due_on="2026-05-29", but_people="")
        assert dry.sees("3 people; organisations: 1")
        saved = dry.press("Save the change")
        assert "2 dates have moved, 1 person is new" in saved.html and saved.sees("2026-05-29")
        with clock.everywhere_at(at("2026-06-10T08:00")):
            later = as_manager(browser, sessions, town).open(saved.url).follow("Change")
            kept = later.press("Check whom it reaches", valid_months="24").press("Save the change")
            assert kept.sees("every 2 years") and kept.sees("2026-05-29")
        past = form.press("Check whom it reaches", due_on="2026-02-01")
        assert past.status == 422 and past.sees("This date has passed")


def _signing(page: Page) -> list[Form]:
    return [form for form in page.forms() if form.element.get("action") == "/managing/recognition"]


def test_institutions_sign_for_one_another(browser: Browser, sessions: Sessions, blobs: Blobs) -> None:
    from app.kit.actor import Role
    from tests import factories

    with writing(sessions) as db:
        town = a_town(db, blobs, (1,))
        other = factories.an_organisation(db, "Neighbour", parent=factories.an_organisation(db))
        theirs = factories.a_person(db, other, roles=[Role.MANAGER])
    daiva = as_manager(browser, sessions, town)
    page = daiva.open("/managing/assignments").follow("Recognition")
    form = page.forms()[-1].fill(organisation=town.place.code, other=other.code)
    assert form.press("Sign").sees("The other has not signed yet")
    there = browser.as_(theirs).open("/managing/recognition")
    assert there.sees("You have not signed yet")
    both = _signing(there)[0].press("Sign")
    assert both.sees("Both have signed") and both.h1 == "1 institution recognises yours, and yours it"
    assert _signing(daiva.open("/managing/recognition"))[0].press("Take back").sees("You have not signed yet")
    refused = browser.as_(theirs).post(
        "/managing/recognition", {"organisation": town.place.code, "other": other.code, "action": "sign"}
    )
    assert refused.status == 422 and refused.sees("Choose one of your organisations.")


def test_a_program_tries_and_sets_a_rule(browser: Browser, sessions: Sessions, blobs: Blobs) -> None:
    with clock.everywhere_at(at("2026-03-02T08:00")):
        with writing(sessions) as db:
            town = a_town(db, blobs, (3,))
        daiva = as_manager(browser, sessions, town)
        rule = {"course": town.slug, "organisation": town.place.code, "due_on": "2026-03-31", "valid_months": 12}
        headers = {"Sec-Fetch-Site": "same-origin"}
        tried = daiva.client.post("/api/v1/requirements/dry-run", json=rule, headers=headers).json()
        assert (tried["reached"], tried["new"], tried["exists"]) == (3, 3, False) and rows(sessions, Requirement) == 0
        assert [cycle["due_on"] for cycle in tried["samples"][0]["cycles"]] == [
            "2026-03-31",
            "2027-03-31",
            "2028-03-31",
        ]
        made = daiva.client.post("/api/v1/requirements", json=rule, headers=headers)
        again = daiva.client.post("/api/v1/requirements", json=rule, headers=headers)
        assert (made.status_code, made.json()["added"], again.json()["added"]) == (201, 3, 0)
        wrong = daiva.client.post("/api/v1/requirements", json={**rule, "course": "no-such"}, headers=headers)
        assert wrong.status_code == 422
        listed = daiva.client.get("/api/v1/requirements").json()
        assert [one["reached"] for one in listed] == [3]
        one = daiva.client.get(f"/api/v1/requirements/{listed[0]['key']}").json()
        assert {person["status"] for person in one["people"]} == {"open"} and one["rule"]["terms"]["valid_months"] == 12
        mine = browser.as_(town.people[0]).client.get("/api/v1/me/requirements").json()
        assert [(duty["title"], duty["due_on"]) for duty in mine] == [("GDPR", "2026-03-31")]
        assert date.fromisoformat(mine[0]["opens_on"]) == date(2026, 3, 2)
