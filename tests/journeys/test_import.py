"""Simona takes a whole municipality in from one file: 1,250 rows through the pages of the import."""

from __future__ import annotations

import re
from collections.abc import Callable

from sqlalchemy import select

from app.accounts.models import Person
from app.kit.database import writing
from app.organisations.models import Organisation
from tests import factories
from tests.journeys.conftest import Town
from tests.journeys.test_administrator import a_file
from tests.journeys.visit import Visit

LIBRARY, UTENA, ROUND, FEW = "utenos-biblioteka", "utenos-r-sav", "utenos-kibernetika", "utenos-mazoji"


def test_1250_rows_are_taken_in(visit: Callable[..., Visit], town: Town) -> None:
    """1,231 new, 12 updated, 7 rejected after a trial, and nothing the second time."""
    with writing(town.sessions) as db:
        above = db.scalars(select(Organisation).where(Organisation.code == UTENA)).one()
        for code, name in ((ROUND, "Utenos kibernetika"), (FEW, "Utenos mažoji įstaiga")):
            factories.an_organisation(db, name, parent=above, code=code)
        known = db.scalars(
            select(Person)
            .join(Organisation, Organisation.id == Person.organisation_id)
            .where(Organisation.code == LIBRARY, Person.email.is_not(None), Person.job_title != "naujos pareigos")
            .order_by(Person.id)
            .limit(12)
        ).all()
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
    said = simona.text("main").replace("\u00a0", " ")
    assert "1 231" in said and re.search(r"\b12\b", said), said[:600]
    assert len(simona.texts("section[aria-labelledby=rejected] tbody tr")) == 7
    simona.page.locator("#rest").check()
    simona.click("main form[action^='/admin/import/'] button[type=submit]")
    simona.open("/admin/import").attach("file", "darbuotojai.csv", data, "text/csv").press("Try it")
    assert simona.page.locator("main form[action^='/admin/import/']").count() == 0, "the same file changes nothing"


def _place(number: int) -> str:
    """Two places that are new, one of them very small, and the library."""
    return ROUND if number < 268 else FEW if number < 271 else LIBRARY
