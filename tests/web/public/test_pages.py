"""What everybody may read."""

from __future__ import annotations

import pytest
from fastapi import FastAPI
from sqlalchemy import select

from app.accounts.models import Person, Throttle
from app.kit import audit, mail
from app.kit.blobs import Blobs
from app.kit.database import Sessions, reading, writing
from app.settings import Settings
from tests import factories
from tests.browser import Browser, path_of


@pytest.mark.parametrize("lang", ["lt", "en", "nb"])
@pytest.mark.parametrize(
    "path", ["/", "/catalogue", "/sign-in", "/forgot-password", "/privacy", "/accessibility", "/help"]
)
def test_every_public_page_opens_in_every_language(browser: Browser, path: str, lang: str) -> None:
    page = browser.speaking(lang).open(path)
    assert page.status == 200 and page.root.get("lang") == lang


def test_the_front_page_leads_somebody_signed_in_to_their_learning(browser: Browser, rasa: Person) -> None:
    answer = browser.as_(rasa).client.get("/")
    assert (answer.status_code, answer.headers["location"]) == (303, "/learning")


def test_the_front_page_shows_no_number_of_people_under_ten(browser: Browser, sessions: Sessions, blobs: Blobs) -> None:
    from app.learning import actions as learning
    from app.learning.access import run_for

    def another_begins() -> None:
        with writing(sessions) as db:
            person = factories.a_person(db)
            actor = factories.actor_for(db, person)
            learning.enrol(db, actor, person_id=person.id, course_id=course.course_id)
            learning.finish_page(db, actor, run_for(db, actor, "first-course"), "page-1")

    with writing(sessions) as db:
        course = factories.a_course(db, blobs)
    for _ in range(9):
        another_begins()
    page = browser.open("/")
    assert page.sees("First course") and not page.sees("courses begun")
    another_begins()
    assert browser.open("/").sees("courses begun10")


def test_the_language_changes_by_a_link_that_writes_nothing(browser: Browser) -> None:
    page = browser.open("/help").follow("Norsk")
    assert (path_of(page.url), page.root.get("lang")) == ("/help", "nb")
    assert browser.open("/catalogue").root.get("lang") == "nb"
    assert browser.open("/language/xx").status == 404


def test_the_catalogue_finds_by_word_without_marks_and_by_filter(
    browser: Browser, sessions: Sessions, blobs: Blobs
) -> None:
    with writing(sessions) as db:
        factories.a_course(db, blobs, "first-course", title="Šilti žodžiai", lang="lt")
        factories.a_course(db, blobs, "second-course", title="Another matter")
    page = browser.open("/catalogue")
    assert page.sees("2 courses found")
    page = browser.open("/catalogue?q=silti ZODZIAI")
    assert page.sees("1 course found") and page.sees("Šilti žodžiai") and not page.sees("Another matter")
    page = browser.open("/catalogue?also-lt=1")
    assert page.sees("1 course found")
    assert page.follow("Also in Lithuanian").sees("2 courses found"), (
        "a filter in force is a link to the list without it"
    )
    page = browser.open("/catalogue?q=nothing-like-this")
    assert page.sees("No course fits") and page.follow("Show all courses").sees("2 courses found")


def test_an_empty_catalogue_says_what_will_be_there(browser: Browser) -> None:
    assert browser.open("/catalogue").sees("There are no courses yet")


@pytest.mark.parametrize("path", ["/catalogue?q={{7*7}}", "/catalogue?q=%3Cscript%3E", "/catalogue?topic=%00&page=x"])
def test_what_is_typed_into_an_address_is_shown_as_text(browser: Browser, path: str) -> None:
    page = browser.open(path)
    assert page.status == 200 and "<script>" not in page.html and "49" not in page.text


def test_feedback_is_kept_and_mailed_to_the_operator(app: FastAPI, settings: Settings) -> None:
    app.state.settings = settings.model_copy(update={"operator_contact": "help@operator.example"})
    browser = Browser(app)
    page = browser.open("/accessibility").press("Send", text="The chart has no words.", reply_to="me@here.example")
    assert page.sees("Thank you")
    with reading(app.state.sessions) as db:
        (letter,) = mail.latest(db)
        assert letter.address == "help@operator.example" and "The chart has no words." in letter.text
        entry = db.scalars(select(audit.AuditRow).where(audit.AuditRow.action == "feedback.sent")).one()
        assert entry.data["text"] == "The chart has no words."


def test_feedback_needs_words_and_a_right_address(browser: Browser) -> None:
    page = browser.open("/accessibility").press("Send", text="", reply_to="nowhere")
    assert page.status == 422
    page = browser.open("/accessibility").press("Send", text="Words", reply_to="nowhere")
    assert page.status == 422 and page.sees("not an e-mail address") and page.sees("Words")


def test_a_stream_of_feedback_stops(browser: Browser) -> None:
    for _ in range(20):
        assert browser.post("/accessibility", {"text": "Again"}).status == 200
    page = browser.post("/accessibility", {"text": "Once more"})
    assert page.status == 429 and page.sees("Once more")
    with reading(browser.app.state.sessions) as db:
        assert max(db.scalars(select(Throttle.tries))) == 20


def test_the_health_page_tells_a_monitor_what_it_needs(browser: Browser) -> None:
    answer = browser.client.get("/health")
    assert answer.status_code == 200
    assert answer.json()["database"] == "ok" and answer.json()["jobs_waiting"] == 0


def test_the_outbox_is_open_in_the_demonstration_only(
    demo_app: FastAPI, settings: Settings, sessions: Sessions
) -> None:
    with writing(sessions) as db:
        mail.write(
            db, "password", address="rasa@demo.klasteris.example", lang="lt", name="Rasa",
            url="http://testserver/set-password/x", minutes=120,
        )  # fmt: skip
    browser = Browser(demo_app)
    page = browser.open("/outbox")
    assert page.sees("rasa@demo.klasteris.example")
    link = next(url for url in page.links().values() if url.startswith("/outbox/"))
    assert browser.open(link).links()["http://testserver/set-password/x"] == "/set-password/x"
    demo_app.state.settings = settings
    assert browser.open("/outbox").status == 404 and browser.open(link).status == 404


def test_help_shows_a_role_to_those_who_hold_it(browser: Browser, rasa: Person) -> None:
    assert browser.open("/help").sees("Importing the same file again")
    assert not browser.as_(rasa).open("/help").sees("Importing the same file again")


def test_every_link_of_the_help_page_leads_somewhere(browser: Browser) -> None:
    page = browser.open("/help")
    here = {node.get("id") for node in page.all("*[@id]")}
    inside = {url[1:] for url in page.links().values() if url.startswith("#")}
    assert inside >= {"sign-in", "learning", "seen"} and inside <= here
    for url in {url for url in page.links().values() if url.startswith("/")}:
        assert browser.client.get(url).status_code in (200, 303), url


def test_help_says_what_a_larger_change_means(browser: Browser) -> None:
    assert browser.open("/help").sees("those who have begun finish the version they began")
