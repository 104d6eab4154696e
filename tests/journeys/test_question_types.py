"""Every type of question, taken by the keys alone and by a finger at 390 px, with script and without."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from app.accounts.models import Person
from app.assessment import queries as attempts
from app.assessment import rules
from app.catalog import importer
from app.catalog import queries as catalog
from app.kit.actor import SYSTEM
from app.kit.blobs import Blobs
from app.kit.database import reading, writing
from app.learning import actions as learning
from app.organisations.models import Organisation
from tests import factories
from tests.journeys.conftest import Town
from tests.journeys.hands import Finger, Hands, Keys
from tests.journeys.looks import EVERY
from tests.journeys.visit import Visit
from tests.web.classroom.conftest import QUIZ, SLUG, files

# Eleven questions, each looked through on every page: more than one test's usual time on a busy machine.
pytestmark = pytest.mark.timeout(400)
PDF = b"%PDF-1.7\n1 0 obj\n"
OWNER = "druskininku-svietimo-centras"  # where Jolanta is a trainer
EVERY_WAY = [
    pytest.param(Keys, 1280, True, id="keys"),
    pytest.param(Keys, 1280, False, id="keys without script"),
    pytest.param(Finger, 390, True, id="finger"),
]
if EVERY:
    EVERY_WAY.append(pytest.param(Finger, 390, False, id="finger without script"))


@pytest.fixture
def course(town: Town) -> Callable[..., None]:
    """`course(alone=True)`: the course of every type, with Rasa in it."""

    def publish(*, alone: bool = False) -> None:
        with writing(town.sessions) as db:
            owner = db.scalars(select(Organisation.id).where(Organisation.code == OWNER)).one()
            rasa = db.scalars(select(Person.id).where(Person.given_name == "Rasa", Person.email.like("rasa@%"))).one()
            prepared = importer.prepare(factories.read(files(alone=alone)))
            blobs = Blobs(town.settings.files)
            published = importer.publish(db, SYSTEM, prepared, blobs=blobs, level=None, note="", owner_id=owner)
            learning.enrol(db, SYSTEM, person_id=rasa, course_id=published.course_id)

    return publish


def asked(town: Town, key: str) -> list[dict[str, Any]]:
    with reading(town.sessions) as db:
        view = attempts.attempt(db, key)
        assert view is not None
        found = catalog.revisions(db, {one.revision for one in view.asked})
        return [dict(found[one.revision].body) for one in view.asked]


def kept(town: Town, key: str) -> dict[str, Any]:
    with reading(town.sessions) as db:
        view = attempts.attempt(db, key)
        assert view is not None
        return {question: dict(given.response) for question, given in view.given.items()}


def answer(hands: Hands, body: dict[str, Any], within: str, prefix: str) -> None:
    """Answer one question rightly with its own controls."""
    page, full = hands.visit.page, rules.full_answer(body)
    place = page.locator(within)
    match body["type"]:
        case "numeric" | "text":
            hands.write(place.locator("input[name=answer]"), full["text"])
        case "essay":
            hands.write(place.locator("textarea"), "Atjungti tinklą ir pranešti vadovui.")
        case "match" | "cloze":
            for part in body["parts"]:
                control = place.locator(f"[name='part-{part['id']}']")
                fill = hands.choose if part["kind"] == "pick" else hands.write
                fill(control, full["parts"][part["id"]])
        case "order":
            put_in_order(hands, full["options"], within, prefix)
        case "upload":
            hands.attach(page.locator("input[type=file]"), "forma.pdf", PDF)
            hands.go(page.locator("form[enctype] button[type=submit]"))
        case _:
            for one in full["options"]:
                hands.tick(place.locator(f"input[name=answer][value='{one}']"))


def order_of(visit: Visit, within: str) -> list[str]:
    return [str(one.get_attribute("value")) for one in visit.page.locator(f"{within} input[name=order]").all()]


def put_in_order(hands: Hands, wanted: list[str], within: str, prefix: str) -> None:
    visit, page = hands.visit, hands.visit.page
    for at, name in enumerate(wanted):
        while (now := order_of(visit, within)).index(name) > at:
            thing, button = page.locator(f"#{prefix}-{name}"), page.locator(f"button[value='up-{name}']")
            if not visit.script:
                hands.go(button)
            elif isinstance(hands, Keys):
                hands.reach(button)
                page.keyboard.press("ArrowUp")
            else:
                assert isinstance(hands, Finger)
                hands.drag(thing, page.locator(f"#{prefix}-{now[at]}"))
            moved = order_of(visit, within)
            assert moved.index(name) < now.index(name), f"{name} did not move up"
            if visit.script:
                said = page.locator(f"{within} [role=status]").first
                expect(said).to_contain_text(f"{moved.index(name) + 1} of {len(wanted)}")


@pytest.mark.parametrize(("way", "width", "script"), EVERY_WAY)
def test_every_type_is_taken(
    town: Town, visit: Callable[..., Visit], course: Callable[..., None], way: type, width: int, script: bool
) -> None:
    course()
    rasa = visit(width=width, script=script, touch=way is Finger).become("rasa")
    rasa.open(f"/courses/{SLUG}/quizzes/{QUIZ}").press("Start the test")
    hands = way(rasa)
    key = rasa.path.split("/")[2]
    bodies = asked(town, key)
    assert {body["type"] for body in bodies} >= {"match", "order", "cloze", "essay", "upload", "scale", "multiple"}
    for number, body in enumerate(bodies, 1):
        assert rasa.path.startswith(f"/attempts/{key}/{number}")
        answer(hands, body, "main", "answer")
        hands.go(rasa.page.locator("#answers button[name=go][value=next]"))
    assert rasa.path == f"/attempts/{key}/review"
    assert rasa.sees("Everything is answered. Hand in?")
    for body in bodies:
        full, said = rules.full_answer(body), kept(town, key)[body["id"]]
        if full:
            assert rules.grade(body, said) in (None, 1.0), (body["id"], said)
    hands.go(rasa.page.locator("main form button[type=submit]").first)
    assert rasa.heading == "13 of 20 so far: a person marks the rest."


@pytest.mark.parametrize(("way", "width", "script"), EVERY_WAY if EVERY else [EVERY_WAY[0], EVERY_WAY[2]])
def test_every_self_check_answers_at_once(
    town: Town, visit: Callable[..., Visit], course: Callable[..., None], way: type, width: int, script: bool
) -> None:
    course(alone=True)
    rasa = visit(width=width, script=script, touch=way is Finger).become("rasa")
    rasa.open(f"/courses/{SLUG}/pages/testas")
    hands = way(rasa)
    with reading(town.sessions) as db:
        head = catalog.course_by_slug(db, SLUG)
        assert head is not None and head.version_id is not None
        text = catalog.page_text(db, head.version_id, "testas", "en")
        assert text is not None
        wanted = [block["question"] for block in text.blocks if "question" in block]
        bodies = [dict(catalog.revisions(db, [one])[one].body) for one in wanted]
    assert len(bodies) == 11
    for body in bodies:
        within = f"#question-{body['id']}"
        if body["type"] != "upload":
            answer(hands, body, within, f"answer-{body['id']}")
        hands.go(rasa.page.locator(f"{within} > p button[type=submit]"))
        said = rasa.text(f"{within} .callout")
        expected = "" if body["by_hand"] else "Thank you." if body["type"] == "scale" else "Right."
        assert said.startswith(expected) and said


def test_words_are_counted_and_kept_while_one_writes(
    town: Town, visit: Callable[..., Visit], course: Callable[..., None]
) -> None:
    course()
    rasa = visit().become("rasa").open(f"/courses/{SLUG}/quizzes/{QUIZ}").press("Start the test")
    key = rasa.path.split("/")[2]
    place = next(n for n, body in enumerate(asked(town, key), 1) if body["type"] == "essay")
    rasa.open(f"/attempts/{key}/{place}")
    with rasa.page.expect_response(lambda answer: answer.request.method == "POST"):
        rasa.page.locator("textarea").press_sequentially("Vienas du – trys")
    assert rasa.text("#answer-count") == "3"
    expect(rasa.page.locator("[data-saved]")).to_contain_text("Saved")
    assert kept(town, key)["veiksmai"] == {"text": "Vienas du – trys"}


def test_an_answer_is_marked_by_a_trainer_and_read_by_the_learner(
    town: Town, visit: Callable[..., Visit], course: Callable[..., None]
) -> None:
    course()
    rasa = visit(width=390).become("rasa").open(f"/courses/{SLUG}/quizzes/{QUIZ}").press("Start the test")
    key = rasa.path.split("/")[2]
    place = next(n for n, body in enumerate(asked(town, key), 1) if body["type"] == "essay")
    rasa.open(f"/attempts/{key}/{place}").fill("answer", "Atjungti tinklą.").press("Save")
    rasa.open(f"/attempts/{key}/review").press("Hand in the answers")
    for width in (1280, 390):
        jolanta = visit(width=width).become("jolanta").open("/teaching/marking")
        assert jolanta.heading == "4 answers wait for you", "three of the demonstration's own, and this one"
        jolanta.click(f"a[href*='/teaching/marking/{key}/']").look()
        assert jolanta.sees("Name hidden") and "Rasa" not in jolanta.text("main")
    jolanta.fill("points", "many").press("Mark the answer")
    assert jolanta.sees("Write a number in digits")
    jolanta.fill("points", "3").fill("comment", "Beveik viskas.").press("Mark the answer")
    assert jolanta.heading == "3 answers wait for you"
    assert rasa.open(f"/attempts/{key}").sees("Beveik viskas.")
    assert rasa.open("/notices").sees("have been marked")
