"""Simona takes a whole municipality in from one file: 1,250 rows through the pages of the import."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable

import pytest
from sqlalchemy import select

from app.accounts.models import Person
from app.kit.blobs import Blobs
from app.kit.database import reading, writing
from tests import factories
from tests.journeys import worlds
from tests.journeys.conftest import Town
from tests.journeys.test_administrator import a_file
from tests.journeys.visit import Visit
from tests.journeys.worlds import LIBRARY

ROUND, FEW = "utenos-kibernetika", "utenos-mazoji"


@pytest.fixture
def town(empty_town: Town) -> Town:
    return empty_town


def test_1250_rows_are_taken_in(visit: Callable[..., Visit], town: Town) -> None:
    """1,231 new, 12 updated, 7 rejected after a trial, and nothing the second time."""
    with writing(town.sessions) as db:
        world = worlds.of_utena(db, Blobs(town.settings.files))
        for code, name in ((ROUND, "Utenos kibernetika"), (FEW, "Utenos mažoji įstaiga")):
            factories.an_organisation(db, name, parent=world.place, code=code)
        known = world.staff[LIBRARY][:12]
        old = [
            f"{one.given_name};{one.family_name};{one.email};{LIBRARY};naujos pareigos;{one.staff_number or ''};{one.lang}"
            for one in known
        ]
    new = [f"Nauja{n};Žmogaitė{n};nauja{n}@demo.klasteris.example;{_place(n)};specialistė;N{n};lt" for n in range(1231)]
    bad = [
        f"Jonas;Petkus;jonas.petkus@utena;{LIBRARY};;X48;",
        f"Danutė;Bielskienė;danute b@utena.example;{LIBRARY};;X213;",
        "Marius;Lukša;m@utena.example;utenos-kultura;;X377;",
        "Rita;Jurgelienė;r@utena.example;utenos-kultura;;X378;",
        "Edita;Vilkaitė;e@utena.example;utenos-kultura;;X902;",
        f"Rūta;Žilinskienė;nauja10@demo.klasteris.example;{LIBRARY};;X640;",
        f"Andrius;Mačys;NAUJA20@demo.klasteris.example;{LIBRARY};;X1117;",
    ]
    data = a_file(*old, *new, *bad)
    simona = visit(width=1280, lang="lt").become("admin").open("/admin/import")
    simona.attach("file", "darbuotojai.csv", data, "text/csv").press("Try it")
    before = len(_people(town))
    assert "1 250" in simona.heading.replace("\u00a0", " ") or "1 250" in simona.text("main").replace("\u00a0", " ")
    figures = [text.replace("\u00a0", " ") for text in simona.texts("main dl.figures dd")]
    assert [one for one in ("1 231", "12", "7") if not any(text.startswith(one) for text in figures)] == [], figures
    assert simona.sees("nothing has been changed yet.") and len(_people(town)) == before

    # The page says row by row what is wrong, and the file says it again beside what was written.
    wrong = dict(zip(range(1 + 12 + 1231 + 1, 1 + 1250 + 1), bad, strict=True))
    shown = [int(re.sub(r"\D", "", text)) for text in simona.texts("section[aria-labelledby=rejected] tbody td.num")]
    assert shown == list(wrong)
    head, *told = csv.reader(
        io.StringIO(simona.download("Download only these rows (CSV)").decode("utf-8-sig")), delimiter=";"
    )
    assert head[0] == simona.say("Row") and [int(row[0]) for row in told] == list(wrong)
    assert [";".join(row[1:-2]) for row in told] == list(wrong.values()), "as it was written in the file"
    why = [row[-2] for row in told]
    assert len(set(why[:2])) == len(set(why[2:5])) == 1 and len({why[0], why[2], why[5]}) == 3
    assert ["24" in why[5], "34" in why[6]] == [True, True], f"each duplicate names the row before it: {why[5:]}"
    assert all(row[-1] for row in told), "and how to put it right"

    simona.click("main form[action^='/admin/import/'] button[type=submit]")
    assert simona.status == 422 and len(_people(town)) == before, "the rest is imported only when that is said"
    simona.page.locator("#rest").check()
    simona.click("main form[action^='/admin/import/'] button[type=submit]")
    assert [one for one in ("1 231", "12") if one not in simona.text("[role=status]").replace("\u00a0", " ")] == []
    after = _people(town)
    assert len(after) == before + 1231 and sum(title == "naujos pareigos" for title in after.values()) == 12
    simona.open("/admin/import").attach("file", "darbuotojai.csv", data, "text/csv").press("Try it")
    assert simona.page.locator("main form[action^='/admin/import/']").count() == 0, "the same file changes nothing"
    assert [
        int(re.sub(r"\D", "", text)) for text in simona.texts("section[aria-labelledby=rejected] tbody td.num")
    ] == shown
    assert _people(town) == after


def _people(town: Town) -> dict[int, str]:
    """Everybody by number, with their post."""
    with reading(town.sessions) as db:
        rows = db.execute(select(Person.id, Person.job_title))
        return {row.id: row.job_title for row in rows}


def _place(number: int) -> str:
    """Two places that are new, one of them very small, and the library."""
    return ROUND if number < 268 else FEW if number < 271 else LIBRARY
