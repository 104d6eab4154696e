"""Requirements through the pages: more time, evidence and leave, a changed rule, recognition, the API."""

from __future__ import annotations

from datetime import UTC, date, datetime

from sqlalchemy import func, select

from app.accounts.models import Person
from app.kit import clock
from app.kit.blobs import Blobs
from app.kit.database import Sessions, reading, writing
from app.requirements.models import Requirement
from tests.browser import Browser, Form, Page
from tests.requirements.places import Town, a_town


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


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
        assert "has time until 2026-04-22" in granted.html
        person = daiva.open(f"/managing/people/{town.people[0].key}")
        assert person.sees("21 more days were granted: 2026-04-22.")
        contract = learner.open(f"/courses/{town.slug}")
        assert contract.sees("21 more days were granted: 2026-04-22.") and contract.sees("Complete by")


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
