"""An administrator of one municipality, one of everything, and a neighbour."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from app.accounts.models import Person
from app.kit.actor import Role
from app.kit.database import Sessions, writing
from app.organisations.models import Organisation
from tests import factories
from tests.browser import Browser


@dataclass
class Town:
    """Utena with a library and Rasa in it; Biržai beside it with Jonas."""

    utena: Organisation
    library: Organisation
    birzai: Organisation
    rasa: Person
    jonas: Person
    ada: Person
    chief: Person
    ada_sees: Browser
    chief_sees: Browser


@pytest.fixture
def town(sessions: Sessions, browser: Browser) -> Town:
    with writing(sessions) as db:
        country = factories.an_organisation(db)
        utena = factories.an_organisation(db, "Utenos r. savivaldybė", parent=country, code="utena")
        birzai = factories.an_organisation(db, "Biržų r. savivaldybė", parent=country, code="birzai")
        library = factories.an_organisation(db, "Utenos biblioteka", parent=utena, code="utena-vb")
        rasa = factories.a_person(db, library, given_name="Rasa", family_name="Petraitė", email="rasa@utena.example")
        jonas = factories.a_person(
            db, birzai, given_name="Jonas", family_name="Biržietis", email="jonas@birzai.example"
        )
        ada = factories.a_person(
            db, utena, roles=[Role.ADMINISTRATOR], given_name="Ada", family_name="Valdytoja", email="ada@utena.example"
        )
        chief = factories.a_person(
            db,
            utena,
            roles=[Role.ADMINISTRATOR],
            at=country,
            given_name="Vyr",
            family_name="Visų",
            email="vyr@utena.example",
        )
    return Town(utena, library, birzai, rasa, jonas, ada, chief, browser.as_(ada), browser.as_(chief))
