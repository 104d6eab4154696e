"""How a quiz behaves: tries, sections, no way back, certainty, opening hours, delays, and practising what was wrong."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from fastapi import FastAPI

from app.kit import clock
from app.kit.database import writing
from app.learning import actions as learning
from tests import factories
from tests.browser import Browser, Page

SLUG = "rules"
HEAD = f"---\nkind: course\nid: {SLUG}\ntitle: Rules\nlang: en\nsummary: All of them.\ncontact: Ann\n"
OUTCOMES = "outcomes:\n- {id: know, text: Know the rules}\n- {id: act, text: Act on them}\n---\n"


def question(name: str, more: str = "", deeper: str = "") -> str:
    return f"""
{deeper}### Ask {name}
<!-- question id={name} {more} -->

- [x] Right <!-- id=right -->
  > Yes, {name}.
- [ ] Wrong <!-- id=wrong -->
  > Because of {name} it is not.

> [!HINT]
> First hint for {name}.

> [!HINT]
> Second hint for {name}.

> [!EXPLANATION]
> All about {name}.
"""


QUIZZES = f"""
## Tried
<!-- quiz id=tried mode=check feedback=after-each tries=2 pass=50 shuffle=none -->
{question("one", "penalty=0.25 points=4 see=reading#rules")}{question("two", "outcomes=act")}
## In line
<!-- quiz id=line mode=exam navigation=sequential certainty=yes shuffle=none time=PT40M pass=50 -->

### Law
<!-- section id=law -->

Open the law.
{question("three", "points=3", "#")}{question("four", "points=3", "#")}
### Cases
<!-- section id=cases -->
{question("five", "points=3", "#")}
## Hours
<!-- quiz id=hours mode=exam open=2026-12-01T09:00 close=2026-12-01T12:00 delay=PT1H shuffle=none time=PT2H -->
{question("six", "outcomes=act")}{question("seven", "outcomes=know")}
"""


DAY = datetime(2026, 12, 1, 7, tzinfo=clock.LOCAL)


@pytest.fixture
def learner(browser: Browser, app: FastAPI) -> Iterator[Browser]:
    with clock.everywhere_at(DAY):
        yield enrolled(browser, app)


def enrolled(browser: Browser, app: FastAPI) -> Browser:
    with writing(app.state.sessions) as db:
        town = factories.an_organisation(db, "Town", parent=factories.an_organisation(db), code="town")
        person = factories.a_person(db, town, lang="en")
        files = {
            "course.md": HEAD + OUTCOMES,
            "01-a/module.md": "---\nkind: module\nid: aa\ntitle: Module\n---\n",
            "01-a/01-reading.md": "---\nkind: page\nid: reading\ntitle: Reading\noutcomes: [know]\n---\n\n## Rules\n\nA text.\n",
            "01-a/02-tests.md": f"---\nkind: page\nid: tests\ntitle: Tests\noutcomes: [act]\n---\n{QUIZZES}",
        }
        published = factories.a_course(db, app.state.blobs, SLUG, owner=town, files=files)
        learning.enrol(db, factories.actor_for(db, person), person_id=person.id, course_id=published.course_id)
    return browser.as_(person)


def start(learner: Browser, quiz: str) -> Page:
    return learner.open(f"/courses/{SLUG}/quizzes/{quiz}").press("Start the test")


def beside(page: Page, what: str) -> str:
    """Another page of the same attempt."""
    return f"{page.url.rsplit('/', 1)[0]}/{what}"


def test_an_answer_is_checked_tried_again_and_settled(learner: Browser) -> None:
    page = start(learner, "tried")
    assert page.sees("2 tries are left.")
    assert page.press("Check the answer").sees("Answer the question before you check it.")
    page = learner.open(page.url).press("Check the answer", answer="wrong")
    assert page.sees("Not quite.") and page.sees("Because of one it is not.") and page.sees("1 try is left.")
    assert page.sees("First hint for one.") and not page.sees("All about one.")
    # What stands there is checked once, however often the button is pressed.
    assert page.press("Check the answer", answer="wrong").sees("1 try is left.")
    page = learner.open(page.url).press("Check the answer", answer="right")
    assert page.sees("Right.") and page.sees("All about one.") and page.sees("was checked and stays as it is")
    assert not page.sees("Second hint for one.")
    learner.post(page.url, {"answer": "wrong", "go": "next"})
    second = learner.open(beside(page, "2"))
    second.press("Check the answer", answer="wrong").press("Check the answer", answer="right")
    review = learner.open(beside(page, "review"))
    result = review.press("Hand in the answers")
    # A try that was not right cost a quarter of four points, and nothing where no price is said.
    assert result.sees("4 of 5: you have passed the test.")
    assert result.links()["Read again: “Reading”"] == f"/courses/{SLUG}/pages/reading#rules"


def test_one_question_after_another_with_no_way_back(learner: Browser) -> None:
    before = learner.open(f"/courses/{SLUG}/quizzes/line")
    assert (
        before.sees("One on a page, with no way back") and before.sees("40 minutes") and before.sees("With each answer")
    )
    page = before.press("Start the test")
    first = page.url
    assert page.sees("Law · Question 1 of 3") and page.sees("Open the law.") and "Cases" in page.html
    assert page.sees("Right: 1, 2 or 3 points. Wrong: 0, less 2 or less 6.")
    assert not page.sees("Mark to come back to") and "Back" not in [text for text, _ in page.form("Next").buttons()]
    page = page.press("Next", answer="right", certainty="3")
    assert page.sees("Question 2 of 3") and not page.sees("Open the law.")
    assert learner.open(first).sees("Question 2 of 3")
    refused = learner.post(first, {"answer": "wrong", "go": "next"})
    assert refused.sees("that question is behind you")
    page = learner.open(first).press("Next", answer="wrong", certainty="2")
    assert page.sees("Cases · Question 3 of 3")
    review = page.press("To the end")
    assert review.h1 == "1 question is not answered yet" and "Question 3" not in review.links()
    assert learner.open(first).h1 == review.h1
    result = review.press("Hand in the answers")
    # Three points for the sure one, less two for the wrong one.
    assert result.h1.startswith("1 of 9") and result.sees("You said that you were sure.")
    assert not result.sees("Practise what was wrong")


def test_it_opens_closes_and_makes_one_wait(learner: Browser) -> None:
    with clock.everywhere_at(DAY):
        page = learner.open(f"/courses/{SLUG}/quizzes/hours")
        assert page.sees("It opens 2026-12-01 09:00.") and not any(
            "Start" in text for f in page.forms() for text, _ in f.buttons()
        )
        assert learner.post(f"/courses/{SLUG}/quizzes/hours/start", {}).sees("This quiz opens 2026-12-01 09:00.")
    with clock.everywhere_at(DAY.replace(hour=9)):
        page = start(learner, "hours")
        page.press("Next", answer="right")
        result = learner.open(beside(page, "review")).press("Hand in the answers")
        assert result.sees("Not passed") and result.sees("The right answers are shown once the test has closed.")
        assert not result.sees("All about seven.")
        # What failed is named with the page that teaches it, and nothing else is.
        assert result.sees("Know the rules0 of 1") and result.sees("Worth repeating")
        assert result.links()["Reading"] == f"/courses/{SLUG}/pages/reading"
        assert learner.open(f"/courses/{SLUG}/quizzes/hours").sees("The next attempt may begin 2026-12-01 10:00.")
    with clock.everywhere_at(DAY.replace(hour=11)):
        page = start(learner, "hours")
        assert "12:00" in page.html
    with clock.everywhere_at(DAY.replace(hour=12) + timedelta(minutes=1)):
        assert learner.open(page.url).sees("Time is up")
        learner.open(page.url).press("Show the result")
        assert learner.open(f"/courses/{SLUG}/quizzes/hours").sees("It closed 2026-12-01 12:00.")
        assert learner.open(page.url).sees("All about seven.")


def test_what_was_wrong_is_practised_until_nothing_is(learner: Browser) -> None:
    page = start(learner, "tried")
    page.press("Next", answer="right")
    result = learner.open(beside(page, "review")).press("Hand in the answers")
    before = result.url
    again = result.press("Practise what was wrong")
    assert again.sees("Question 1 of 1") and again.sees("Ask two")
    assert learner.open(before).press("Practise what was wrong").url == again.url
    told = again.press("Save", answer="wrong")
    assert told.sees("Not quite.") and told.sees("All about two.")
    once_more = told.press("To the end").press("Hand in the answers")
    assert once_more.sees("practising what was wrong") and once_more.sees("0 of 1 right.")
    last = once_more.press("Practise what was wrong").press("To the end", answer="right").press("Hand in the answers")
    assert last.sees("Nothing is wrong any more.") and not last.sees("Practise what was wrong")
    # None of it is an attempt.
    assert learner.open(f"/courses/{SLUG}/quizzes/tried").sees("Attempt 1") is True
    assert not learner.open(f"/courses/{SLUG}/quizzes/tried").sees("Attempt 2")
