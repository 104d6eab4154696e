"""The deeper figures as their readers see them: names and requirements, or numbers that give nobody away."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from app.accounts.models import Person
from app.jobs import ask_for_regular_work, handlers
from app.kit import clock, jobs
from app.kit.actor import Role
from app.kit.blobs import Blobs
from app.kit.database import Sessions, writing
from app.requirements import actions as requirements
from app.requirements.rules import Due, DueKind, Rule, Terms, What, WhatKind, everybody_at
from app.settings import Settings
from tests import factories
from tests.browser import Browser, Page, text_of
from tests.requirements.places import a_town, card, complete


def rows(page: Page, section: str) -> dict[str, tuple[str, ...]]:
    found = page.all(f"section[@aria-labelledby='{section}']//tbody/tr")
    return {text_of(row.find("th")): tuple(text_of(cell) for cell in row.findall("td")) for row in found}


def test_a_manager_sees_stages_days_forecast_and_requirements_an_analyst_nothing_small(
    browser: Browser, sessions: Sessions, blobs: Blobs, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with clock.everywhere_at(datetime(2026, 1, 5, 8, tzinfo=UTC)), writing(sessions) as db:
        town = a_town(db, blobs, (30, 20))
        place = card(db, town.place)
        requirements.require(db, town.manager, course_id=town.course_id, organisation=place, due_on=date(2026, 3, 31))
        outside = Rule(
            what=What(WhatKind.EXTERNAL, title="Certificate of buyers"),
            organisation_id=town.institutions[0].id,
            audience=everybody_at(town.institutions[0].id),
            due=Due(DueKind.FIXED, on=date(2026, 2, 27)),
            terms=Terms(),
        )
        requirements.set_rule(db, town.manager, rule=outside)
        reader = factories.a_person(db, town.place, roles=[Role.ANALYST])
        reader.organisation_id = factories.an_organisation(db).id
        people, code, below, reader_id = town.people, place.code, town.institutions[0].code, reader.id
        manager_id = town.manager.id
    for day, who in (("2026-02-10", people[:20]), ("2026-03-25", people[20:37]), ("2026-04-01", people[37:39])):
        with clock.everywhere_at(datetime.fromisoformat(f"{day}T08:00").replace(tzinfo=UTC)), writing(sessions) as db:
            for person in who:
                complete(db, db.get_one(Person, person.id), "gdpr")
    with clock.everywhere_at(datetime(2026, 3, 28, 8, tzinfo=UTC)):
        with writing(sessions) as db:
            manager, analyst = db.get_one(Person, manager_id), db.get_one(Person, reader_id)
        page = browser.as_(manager).open(f"/managing/organisations/{code}/analysis")
        assert page.h1 == "39 of 50 have completed what is required (78.0%)"
        assert rows(page, "funnel")["Completed in time"][0] == "37" and rows(page, "funnel")["Begun"][0] == "39"
        assert rows(page, "took")["31–60 days"][0] == "20" and rows(page, "took")["61 days or more"][0] == "19"
        assert page.sees("in four cases of five") and rows(page, "outlook")["Unfinished with a date ahead"][0] == "11"
        heat = rows(page, "heat")
        assert heat["Institution 01"][1].startswith("0.0%30") and heat["Institution 02"][1] == "–"
        assert "/analysis" in browser.as_(manager).open(f"/managing/organisations/{code}").html

        # Of a place with so many people the table is as of the night; nothing is counted while somebody waits.
        monkeypatch.setattr("app.web.managing.pages.analysis.WIDE", 10)
        at_night = browser.as_(manager).open(f"/managing/organisations/{code}/analysis")
        assert at_night.sees("The table will be here tomorrow.") and not rows(at_night, "heat")
        with writing(sessions) as db:
            ask_for_regular_work(db)
        jobs.drain(sessions, handlers(settings))
        counted = browser.as_(manager).open(f"/managing/organisations/{code}/analysis")
        assert rows(counted, "heat") == heat and counted.sees("Counted at ")

        numbers = browser.as_(analyst).open(f"/managing/organisations/{code}/analysis")
        stages = rows(numbers, "funnel")
        assert stages["Have completed"][0] == "39" and stages["Completed in time"][0] == "hidden", "two were late"
        assert "section" in numbers.html and not rows(numbers, "heat") and "Certificate of buyers" not in numbers.html
        assert all(
            row[0].isdigit() and (int(row[0]) == 0 or int(row[0]) >= 5) for row in rows(numbers, "took").values()
        )
        below_it = browser.as_(analyst).open(f"/managing/organisations/{below}/analysis", check=False)
        assert below_it.status == 404, "two places could be subtracted from each other"
        # Nor does narrowing to a course say more than all of them together.
        narrowed = browser.as_(analyst).open(f"/managing/organisations/{code}/analysis?course=gdpr&to=2026-03-30")
        assert rows(narrowed, "funnel") == stages
