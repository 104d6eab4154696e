"""Rasa asks for what is kept of her, leaves, and is forgotten; the figures of the municipality stay what they were."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import true

from app.catalog import queries as catalog
from app.kit import clock
from app.kit.blobs import Blobs
from app.kit.database import reading, writing
from app.learning import actions as learning
from app.requirements import actions as requirements
from app.requirements import queries as required
from tests import factories
from tests.journeys import worlds
from tests.journeys.conftest import Town
from tests.journeys.visit import Visit
from tests.journeys.worlds import GDPR, UTENA_CODE, figure, on, rows
from tests.requirements.places import card

BOARD = f"/managing/organisations/{UTENA_CODE}"
NAME, ADDRESS = "Petrauskienė", "rasa@demo.klasteris.example"


@pytest.fixture
def town(empty_town: Town) -> Town:
    return empty_town


def pack_of(visit: Visit, town: Town, requirement: str, as_of: str) -> dict[str, Any]:
    """What an audit pack says of a day, for machines."""
    visit.open("/managing/packs").choose("organisation", UTENA_CODE).choose("requirement", requirement)
    visit.fill("as_of", as_of).press("Make the pack")
    town.do_waiting_work()
    with zipfile.ZipFile(io.BytesIO(visit.press("Look again").download("Download"))) as pack:
        return dict(json.loads(pack.read("pack.json")))


def test_rasa_takes_her_data_asks_leaves_and_is_forgotten_and_no_figure_changes(
    visit: Callable[..., Visit], town: Town
) -> None:
    with on("2026-01-05"), writing(town.sessions) as db:
        world = worlds.of_utena(db, Blobs(town.settings.files))
        course = catalog.course_by_slug(db, GDPR)
        assert course is not None
        manager, place, person = (
            factories.actor_for(db, world.named["daiva"]),
            card(db, world.place),
            world.named["rasa"],
        )
        requirements.require(db, manager, course_id=course.id, organisation=place, due_on=date(2026, 3, 31))
    with on("2026-03-10"), writing(town.sessions) as db:
        worlds.complete(db, world.in_time, GDPR, clock.now())

    with on("2026-04-01"):
        rasa = visit(width=390, lang="lt").become("rasa").open("/account/data")
        assert NAME in rasa.text("main") and "BDAR pagrindai" in rasa.text("main") and "2026-03-10" in rasa.text("main")
        kept = json.loads(rasa.download("Download (JSON)"))
        assert {row["what"]: row["said"] for row in kept["account"]}[rasa.say("E-mail")] == ADDRESS
        assert [row["course"] for row in kept["courses"]] == [GDPR] and kept["courses"][0]["completed"]
        assert [row["due"] for row in kept["requirements"]] == ["2026-03-31"] and len(kept["evidence"]) >= 3
        others = {one.family_name for one in world.people} - {NAME}
        assert not [
            name for name in others if name in rasa.text("main") or name in json.dumps(kept, ensure_ascii=False)
        ]

        rasa.choose("asked", "erasure").press("Send")
        assert rasa.status == 422 and rasa.page.locator("#error-summary li").count() == 1
        assert rasa.page.locator("select[name=asked]").input_value() == "erasure", "what was chosen is kept"
        rasa.fill("text", "Senų pareigų pavadinimą.\nIr telefoną.").press("Send")
        asked = rasa.text("[aria-labelledby=my-questions]")
        assert "Senų pareigų" in asked and "2026-05-01" in asked, "due a month after it was asked"

        daiva = visit(lang="lt").become("daiva").open(BOARD)
        before = rows(daiva.download("Excel"))
        daiva.download("CSV")
        with reading(town.sessions) as db:
            requirement = required.requirements(db, true(), "lt", counted=False)[0].key
        then = pack_of(daiva, town, requirement, "2026-04-01")
        assert [line["numbers"] for line in then["by_institution"]][-1] == [347, 0, 73, 0]
        assert f"{NAME}, Rasa" in [one["name"] for one in then["people"]]

        simona = visit(lang="lt").become("admin").open("/admin")
        simona.follow_to("/admin/data-requests").follow_to("/admin/data-requests/")
        assert "Rasa Petrauskienė" in simona.text("main") and "2026-05-01" in simona.text("main")
        simona.fill("because", "Reikia klausti archyvo.").press("Put it off")
        assert "2026-07-01" in simona.text("main"), "two months more at the latest, and once"
        assert simona.page.locator("[name=because]").count() == 0
        assert "Reikia klausti archyvo." in rasa.open("/notices").text("main")
        simona.fill("answer", "Pareigų pavadinimas ištaisytas.").press("Send the answer")
        rasa.open("/account/data")
        assert "Pareigų pavadinimas ištaisytas." in rasa.text("[aria-labelledby=my-questions]")
        trail = simona.open("/admin/audit").texts(".rows tbody tr")
        for who, what in (
            ("Rasa Petrauskienė", "Own data taken"),
            ("Rasa Petrauskienė", "Asked about own data"),
            ("Daiva Jankauskienė", "Figures exported"),
            ("Daiva Jankauskienė", "Audit pack asked for"),
            ("Simona Stankevičiūtė", "Question about own data answered"),
        ):
            assert [row for row in trail if who in row and simona.say(what) in row], (who, what)

    with on("2026-06-01"):
        simona.become("admin").open(f"/admin/people/{person.key}").press("The person has left")
        assert "2026-06-01" in simona.text("[aria-labelledby=account]")
        daiva.become("daiva").open(BOARD)
        assert figure(daiva, "Completed") == "347 iš 420" and rows(daiva.download("Excel")) == before
    for day in ("2029-12-31", "2030-01-01"):
        with on(day), simona.glancing():
            town.begin_the_day()
            simona.become("admin").open(f"/admin/people/{person.key}")
            assert (NAME in simona.text("main")) == (day == "2029-12-31"), "the third year ends, and the name goes"
    with on("2030-01-01"), daiva.glancing():
        assert ADDRESS not in simona.text("main")
        gone = simona.open("/admin/audit?action=person.nameless").texts(".rows tbody tr")
        assert len(gone) == 1 and NAME not in gone[0]
        daiva.become("daiva").open(BOARD)
        assert figure(daiva, "Completed") == "347 iš 420" and rows(daiva.download("Excel")) == before
        now = pack_of(daiva, town, requirement, "2026-04-01")
        assert now["by_institution"] == then["by_institution"] and len(now["people"]) == len(then["people"]) == 420
        assert NAME not in json.dumps(now, ensure_ascii=False)
        somebody = visit(lang="lt").sign_in(ADDRESS)
        assert somebody.path.startswith("/sign-in"), "nobody signs in by it any more"
    with reading(town.sessions) as db:
        assert learning.verify(db) == [] and requirements.verify(db) == []
