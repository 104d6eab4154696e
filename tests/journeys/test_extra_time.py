"""An exam with time of one's own, from the page before it to the result; and practice of what was wrong, by keys alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from app.accounts import queries as people
from app.accounts.models import Person
from app.assessment import actions as assessment
from app.assessment.models import Attempt
from app.assessment.rules import Accommodation
from app.catalog import importer
from app.kit import clock
from app.kit.actor import SYSTEM
from app.kit.blobs import Blobs
from app.kit.database import writing
from app.learning import actions as learning
from app.organisations.models import Organisation
from tests import factories
from tests.journeys.conftest import Town
from tests.journeys.test_question_types import OWNER
from tests.journeys.visit import Visit

pytestmark = pytest.mark.timeout(400)
SLUG = "extra-time"


@pytest.fixture
def exam(town: Town) -> Callable[[str], None]:
    def publish(rules: str) -> None:
        files = factories.course_files(SLUG, pages=1, questions=3, mode="exam")
        files = {path: text.replace("mode=exam", rules) for path, text in files.items()}
        with writing(town.sessions) as db:
            owner = db.scalars(select(Organisation.id).where(Organisation.code == OWNER)).one()
            rasa = db.scalars(select(Person.id).where(Person.given_name == "Rasa", Person.email.like("rasa@%"))).one()
            prepared = importer.prepare(factories.read(files))
            blobs = Blobs(town.settings.files)
            published = importer.publish(db, SYSTEM, prepared, blobs=blobs, level=None, note="", owner_id=owner)
            learning.enrol(db, SYSTEM, person_id=rasa, course_id=published.course_id)
            card = people.person_by_id(db, rasa)
            assert card is not None
            assessment.accommodate(db, SYSTEM, person=card, needs=Accommodation(1.5))

    return publish


@pytest.mark.parametrize(("width", "script"), [(390, True), (1280, False)])
def test_an_exam_with_time_of_ones_own(
    town: Town, visit: Callable[..., Visit], exam: Callable[[str], None], width: int, script: bool
) -> None:
    exam("mode=exam time=PT40M shuffle=none")
    rasa = visit(width=width, script=script).become("rasa").open(f"/courses/{SLUG}/quizzes/test")
    assert "60 minutes (usually 40)" in rasa.text("main")
    rasa.press("Start the test")
    key = rasa.path.split("/")[2]
    rasa.tick("input[name=flag]").click("button[name=go][value=next]")
    rasa.tick("input[name=answer][value=right]").click("button[name=go][value=next]")
    if script:
        # The last minutes are spoken, for whoever has the time open.
        with writing(town.sessions) as db:
            row = db.scalars(select(Attempt).where(Attempt.key == key)).one()
            row.deadline_at = clock.now() + timedelta(minutes=4, seconds=30)
        rasa.open(f"/attempts/{key}/3")
        expect(rasa.page.locator("[data-timer-says]")).to_contain_text("5 min")
    rasa.click("button[name=go][value=next]")
    assert rasa.heading == "2 questions are not answered yet"
    assert "Marked to come back to" in rasa.text("main")
    rasa.follow_to(f"/attempts/{key}/1").tick("input[name=answer][value=right]")
    rasa.click("button[name=go][value=next]").open(f"/attempts/{key}/3").tick("input[name=answer][value=right]")
    rasa.click("button[name=go][value=next]")
    assert rasa.heading == "Everything is answered. Hand in?"
    rasa.press("Hand in the answers")
    assert "3 of 3" in rasa.heading


def tab_to(page: Page, selector: str) -> None:
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("wanted => document.activeElement.matches(wanted)", selector):
            return
    raise AssertionError(f"no way to {selector} by keys")


def choose_by_keys(page: Page, value: str) -> None:
    """Go down the options, which stand in any order, as far as the wanted one."""
    tab_to(page, "input[name=answer]")
    page.keyboard.press("Space")
    for _ in range(page.locator("input[name=answer]").count()):
        if page.evaluate("document.activeElement.value") == value:
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"no option {value}")


def by_keys(visit: Visit, selector: str, key: str = "Enter") -> Visit:
    tab_to(visit.page, selector)
    with visit.page.expect_navigation():
        visit.page.keyboard.press(key)
    return visit.look()


def test_what_was_wrong_is_practised_by_keys_alone(
    town: Town, visit: Callable[..., Visit], exam: Callable[[str], None]
) -> None:
    exam("mode=practice shuffle=none")
    rasa = visit().become("rasa").open(f"/courses/{SLUG}/quizzes/test")
    by_keys(rasa, "form[action$='/start'] button")
    for n in range(3):
        choose_by_keys(rasa.page, "wrong" if n == 1 else "right")
        by_keys(rasa, "button[name=go][value=next]")
    by_keys(rasa, "form[action$='/submit'] button")
    assert "2 of 3" in rasa.heading
    by_keys(rasa, "form[action$='/repeat'] button")
    choose_by_keys(rasa.page, "right")
    by_keys(rasa, "button[name=go][value=next]")
    by_keys(rasa, "form[action$='/submit'] button")
    assert "1 of 1" in rasa.heading and "Nothing is wrong any more." in rasa.text("main")
