"""Mindaugas answers for the cyber hygiene of Druskininkai: one round, its report, and the next round by itself."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import pytest
from pypdf import PdfReader
from sqlalchemy import func, select

from app.kit import clock
from app.kit.blobs import Blobs
from app.kit.database import reading, writing
from app.learning import actions as learning
from app.learning.models import Enrolment
from app.packs import actions as packs
from tests.journeys import worlds
from tests.journeys.conftest import Town
from tests.journeys.visit import Visit
from tests.journeys.worlds import CYBER, DRUSKININKAI_CODE, figure, on, sheets


@pytest.fixture
def town(empty_town: Town) -> Town:
    return empty_town


def test_255_of_268_a_report_in_one_press_and_the_next_year_begins_by_itself(
    visit: Callable[..., Visit], town: Town
) -> None:
    with on("2026-10-01"):
        with writing(town.sessions) as db:
            world = worlds.of_druskininkai(db, Blobs(town.settings.files))
            by_place = {one.name: len(world.staff[code]) for code, one in world.institutions.items()}
        mindaugas = visit(lang="lt").become("daiva").open("/managing/assignments/new?template=cyber")
        assert mindaugas.page.locator("[name=valid_months]").input_value() == "12"
        mindaugas.choose("course", CYBER).choose("organisation", DRUSKININKAI_CODE)
        mindaugas.tick("[name=due_kind][value=fixed]").fill("due_on", "2026-12-15").press("Check whom it reaches")
        dry = mindaugas.unfold("The next dates of some of them").text("[aria-labelledby=dry]")
        assert "268 žmonės" in dry and "2027-12-15" in dry, "the date of the next year is told beforehand"
        mindaugas.press("Assign").follow_to("/managing/assignments/", within="main tbody")
        rule = mindaugas.path
    with on("2026-12-10"), writing(town.sessions) as db:
        worlds.complete(db, world.people[13:], CYBER, clock.now())
    with on("2026-12-15"):
        with mindaugas.glancing():
            mindaugas.become("daiva").open(rule)
        assert figure(mindaugas, "Completed") == "255 iš 268" and "95,1 %" in mindaugas.text("main")
        mindaugas.press("Audit pack")
        town.do_waiting_work()
        mindaugas.press("Look again")
        report = mindaugas.text("[aria-labelledby=report]")
        assert "2026-12-10 – 2026-12-10" in report and "255" in report
        assert "2027-03-10" in report and "2029-12-10" in report, "a draft within three months, locked for three years"
        pack, archive = mindaugas.path, mindaugas.download("Download")
        with zipfile.ZipFile(io.BytesIO(archive)) as files:
            book = sheets(files.read("pack.xlsx"))
            pages = PdfReader(io.BytesIO(files.read("pack.pdf"))).pages
            paper = " ".join(" ".join(page.extract_text() for page in pages[:3]).split())
        about = {row[0]: row[1] for row in book[0]}
        assert about[mindaugas.say("Topic")] == "Kibernetinė higiena darbe"
        assert about[mindaugas.say("Report due by")] == "2027-03-10"
        assert about[mindaugas.say("To be kept until")] == "2029-12-10"
        took_part = {row[0]: row[1] for row in book[2][1:]}
        office = next(iter(by_place))
        assert took_part == {**by_place, office: by_place[office] - 13} and sum(took_part.values()) == 255
        assert {f"{day:%F}" for row in book[2][1:] for day in row[2:]} == {"2026-12-10"}
        assert "255 iš 268 (95,1 %)" in paper and "2027-03-10" in paper and f"{office} {took_part[office]} " in paper

    with on("2027-10-11"):
        town.begin_the_day()
        town.begin_the_day()
        mindaugas.become("daiva").open(rule)
        assert figure(mindaugas, "To be renewed") == "255 iš 268" and figure(mindaugas, "Overdue") == "13 iš 268"
        told = mindaugas.page.request.get(f"{town.url}/outbox").text()
        assert "Kibernetinė higiena darbe" in told
    for day, term, number in (
        ("2027-12-09", "Completed", "255 iš 268"),  # on its 364th day a completion is good
        ("2027-12-14", "Overdue", "268 iš 268"),  # after 365 days it is not, and each was asked again
    ):
        with on(day), mindaugas.glancing():
            mindaugas.become("daiva").open(rule)
            assert figure(mindaugas, term) == number
    with reading(town.sessions) as db:
        completed = select(func.count()).where(Enrolment.completed_at.is_not(None))
        assert db.scalar(completed) == 255 and db.scalar(select(func.count()).select_from(Enrolment)) == 268 + 255
        assert learning.verify(db) == []
    # The report is what it was, to the byte, for as long as it is locked; its names go at the end of that year.
    for day, gone in (("2029-12-10", 0), ("2029-12-31", 0), ("2030-01-01", 1)):
        with on(day), mindaugas.glancing():
            mindaugas.become("daiva").open(pack)
            assert mindaugas.download("Download") == archive
            with writing(town.sessions) as db:
                assert packs.forget_old(db, Blobs(town.settings.files)) == gone
    with on("2030-01-01"):
        mindaugas.open(pack, status=404)
