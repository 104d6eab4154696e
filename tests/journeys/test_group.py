"""A group watches one screen: Aušra leads at the projector, Rasa follows on her phone, a colleague answers on paper."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from app.accounts.models import Person
from app.catalog import importer
from app.kit.actor import SYSTEM
from app.kit.blobs import Blobs
from app.kit.database import writing
from app.learning import actions as learning
from app.organisations.models import Organisation
from tests import factories
from tests.journeys.conftest import Town
from tests.journeys.visit import Visit

SLUG, PLACE = "fire-safety", "utenos-biblioteka"


@pytest.fixture
def course(town: Town) -> None:
    """A short course of the library that Rasa, who works elsewhere, has begun."""
    with writing(town.sessions) as db:
        owner = db.scalars(select(Organisation.id).where(Organisation.code == PLACE)).one()
        rasa = db.scalars(select(Person.id).where(Person.given_name == "Rasa", Person.email.like("rasa@%"))).one()
        prepared = importer.prepare(factories.read(factories.course_files(SLUG, pages=1, questions=2)))
        blobs = Blobs(town.settings.files)
        made = importer.publish(db, SYSTEM, prepared, blobs=blobs, level=None, note="", owner_id=owner)
        learning.enrol(db, SYSTEM, person_id=rasa, course_id=made.course_id)


@pytest.mark.usefixtures("course")
def test_a_group_watches_together_and_each_answers_alone(visit: Callable[..., Visit]) -> None:
    ausra = visit(width=1280).become("ausra").open(f"/groups/new?course={SLUG}&organisation={PLACE}")
    ausra.tick("input[name=who]").press("Plan the session")
    assert ausra.heading == "1 person is expected"
    group = ausra.path
    ausra.press("Open the session")
    rasa = visit(width=390).become("rasa").follow_to("/join").fill("pin", ausra.text(".pin")).press("Join")
    assert rasa.sees("You are here")
    ausra.press("Roster").tick("tr:has-text('Expected') input[name=who]").press("Is here")
    assert ausra.heading == "2 of 2 people are here"
    ausra.press("Show the course").press("Watched: next", within=".bar")
    assert ausra.heading == "The test"
    # What was on the screen is behind Rasa as well; the test she takes alone.
    rasa.press("Look again")
    assert rasa.sees("On the screen now:") and rasa.sees("1 of 3 steps")
    rasa.follow_to("/quizzes/test").press("Start the test")
    rasa.tick("input[value=right]").click("button[value=next]").tick("input[value=right]").click("button[value=next]")
    rasa.press("Hand in the answers")
    assert "2 of 2" in rasa.heading
    # Her colleague's letters are copied from paper.
    ausra.open(group).follow_to("/sheets/test").press("Make sheets for all without one")
    assert ausra.text("tbody").count("Passed already") == 1
    ausra.press("Print view")
    assert ausra.page.locator(".paper .letter").count() == 6
    ausra.press("Done").press("Enter").tick("input[name=q1][value=right]").tick("input[name=q2][value=wrong]")
    ausra.press("Enter and mark").open(group).press("End the session")
    assert ausra.heading == "2 people were here, and 1 of them have completed the course"
    assert ausra.text("tbody").count("Pass: Test.") == 1
