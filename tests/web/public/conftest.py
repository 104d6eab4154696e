"""People at the doors."""

from __future__ import annotations

import pytest

from app.accounts import actions
from app.accounts.models import Person
from app.kit.database import Sessions, writing
from tests import factories

PASSWORD = "trys žali drambliai plaukia"
HASH = actions.hash_password(PASSWORD)


@pytest.fixture
def rasa(sessions: Sessions) -> Person:
    """Somebody who learns, with a password."""
    with writing(sessions) as db:
        country = factories.an_organisation(db)
        town = factories.an_organisation(db, "Utenos r. savivaldybė", parent=country, code="utena")
        person = factories.a_person(db, town, given_name="Rasa", family_name="Petraitė", email="rasa@utena.example")
        person.password = HASH
        person.lang = "en"
    return person
