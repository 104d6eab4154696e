"""An exam on a phone whose network goes away in the middle, and one that is open in two tabs: nothing answered is lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Dialog, Page, expect
from sqlalchemy import select

from app.accounts.models import Person
from app.assessment import queries as attempts
from app.catalog import importer
from app.kit.actor import SYSTEM
from app.kit.blobs import Blobs
from app.kit.database import reading, writing
from app.learning import actions as learning
from app.organisations.models import Organisation
from tests import factories
from tests.journeys.conftest import Town
from tests.journeys.test_question_types import OWNER
from tests.journeys.visit import Visit

pytestmark = pytest.mark.timeout(400)
SLUG = "network-exam"
WAITING = """() => new Promise((yes) => { const asked = indexedDB.open('klasteris', 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore('answers', { keyPath: ['attempt', 'place'] });
    asked.onsuccess = () => { const rows = asked.result.transaction('answers').objectStore('answers').getAll();
    rows.onsuccess = () => { asked.result.close(); yes(rows.result.map((row) => Object.keys(row).sort().join())); } } })"""


@pytest.fixture
def exam(town: Town) -> None:
    with writing(town.sessions) as db:
        owner = db.scalars(select(Organisation.id).where(Organisation.code == OWNER)).one()
        rasa = db.scalars(select(Person.id).where(Person.given_name == "Rasa", Person.email.like("rasa@%"))).one()
        prepared = importer.prepare(factories.read(factories.course_files(SLUG, pages=1, questions=3, mode="exam")))
        blobs = Blobs(town.settings.files)
        published = importer.publish(db, SYSTEM, prepared, blobs=blobs, level=None, note="", owner_id=owner)
        learning.enrol(db, SYSTEM, person_id=rasa, course_id=published.course_id)


def said(town: Town, key: str) -> dict[int, list[str]]:
    """What is kept, by place."""
    with reading(town.sessions) as db:
        view = attempts.attempt(db, key)
        assert view is not None
        given = {n: view.given.get(one.question) for n, one in enumerate(view.asked, 1)}
        return {
            n: list(one.response.get("options", [])) for n, one in given.items() if one is not None and one.answered
        }


def begin(visit: Visit) -> str:
    visit.become("rasa").open(f"/courses/{SLUG}/quizzes/test").press("Start the test")
    return visit.path.split("/")[2]


def choose(page: Page, option: str) -> None:
    page.locator(f"input[name=answer][value={option}]").check()


def line(visit: Visit) -> str:
    return visit.text("[data-attempt]")


def without_noise_of(visit: Visit, *parts: str) -> None:
    """A browser complains of every request that fails; of these we know why."""
    visit.complaints[:] = [one for one in visit.complaints if not any(part in one for part in parts)]


def test_a_phone_that_loses_its_network_loses_no_answer(town: Town, visit: Callable[..., Visit], exam: None) -> None:
    rasa = visit(width=390, touch=True)
    key = begin(rasa)
    page = rasa.page
    choose(page, "right")
    expect(page.locator("[data-attempt]")).to_contain_text("Saved")
    assert said(town, key) == {1: ["right"]}
    rasa.press("Next")
    page.context.set_offline(True)
    choose(page, "wrong")
    choose(page, "right")
    expect(page.locator("[data-attempt]")).to_have_text("Not saved yet. Answers waiting: 1")
    page.get_by_role("button", name="Next").click()
    expect(page.locator("[data-attempt]")).to_have_text(
        "No network: your answer is kept on this device. Answers waiting: 1"
    )
    expect(page.locator("[data-attempt]")).to_be_visible()
    expect(page.locator("form [aria-busy]")).to_have_count(0)
    rasa.look()  # still here, with everything on it
    assert rasa.path == f"/attempts/{key}/2"
    assert page.locator("input[value=right]").is_checked()
    assert said(town, key) == {1: ["right"]}
    assert page.evaluate(WAITING) == ["attempt,iv,locked,place"]  # locked away: no word of it can be read
    page.context.set_offline(False)
    expect(page.locator("[data-attempt]")).to_contain_text("Saved")
    assert said(town, key) == {1: ["right"], 2: ["right"]}
    assert page.evaluate(WAITING) == []
    rasa.press("Next")
    page.context.set_offline(True)
    choose(page, "right")
    expect(page.locator("[data-attempt]")).to_contain_text("Answers waiting")
    # The browser is closed and opened again: what waited is sent from the next page of the same attempt.
    page.goto("about:blank")
    page.context.set_offline(False)
    rasa.open(f"/attempts/{key}/1")
    expect(page.locator("[data-attempt]")).to_contain_text("Saved")
    page.wait_for_function(f"({WAITING})().then((rows) => rows.length === 0)")
    assert said(town, key) == {1: ["right"], 2: ["right"], 3: ["right"]}
    rasa.open(f"/attempts/{key}/review").press("Hand in the answers")
    assert rasa.sees("3 of 3")
    without_noise_of(rasa, "ERR_INTERNET_DISCONNECTED")


def test_two_tabs_tell_each_other_and_nothing_is_overwritten_unseen(
    town: Town, visit: Callable[..., Visit], exam: None
) -> None:
    first = visit(width=390)
    key = begin(first)
    page = first.page.context.new_page()
    second = Visit(page, first.url, first.looked_through, width=390)
    second.open(f"/attempts/{key}/1")
    choose(page, "wrong")
    expect(page.locator("[data-attempt]")).to_contain_text("Saved")
    callout = first.page.locator("[data-elsewhere] .callout")
    expect(callout).to_contain_text("answered elsewhere at")  # told at once, before anything is typed here
    first.look()
    choose(first.page, "right")
    expect(first.page.locator("[data-attempt]")).to_contain_text("Question 1 was answered elsewhere.")
    assert said(town, key) == {1: ["wrong"]}
    first.press("Look at both")
    assert first.status == 409 and "Wrong" in first.text(".callout ul")
    assert first.page.locator("input[value=right]").is_checked()
    first.press("Keep mine")
    assert said(town, key) == {1: ["right"]}
    # The other tab wanted nothing new: it only goes on, and says nothing over the answer that stands.
    second.press("Next")
    assert said(town, key) == {1: ["right"]}
    assert not second.complaints
    without_noise_of(first, "409 for")


def test_signing_out_asks_about_what_waits_and_leaves_nothing(
    town: Town, visit: Callable[..., Visit], exam: None
) -> None:
    rasa = visit()
    key = begin(rasa)
    cut = {"offline": True, "latency": 0, "downloadThroughput": 0, "uploadThroughput": 0}
    rasa.page.context.new_cdp_session(rasa.page).send("Network.emulateNetworkConditions", cut)  # of this tab only
    choose(rasa.page, "right")
    expect(rasa.page.locator("[data-attempt]")).to_contain_text("Answers waiting: 1")
    other = Visit(rasa.page.context.new_page(), rasa.url, rasa.looked_through)
    other.open("/learning")
    answers, questions = iter((False, True)), []

    def reply(dialog: Dialog) -> None:
        questions.append(dialog.message)
        if next(answers):
            dialog.accept()
        else:
            dialog.dismiss()

    other.page.on("dialog", reply)
    sign_out = other.page.locator("form[data-forgets] button")
    sign_out.click()
    assert len(other.page.evaluate(WAITING)) == 1 and other.path == "/learning"
    with other.page.expect_navigation(wait_until="load"):
        sign_out.click()
    assert other.page.evaluate(WAITING) == []
    assert len(questions) == 2 and "not saved yet" in questions[0]
    assert said(town, key) == {}
    without_noise_of(rasa, "ERR_INTERNET_DISCONNECTED")
