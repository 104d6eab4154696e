"""Item analysis and corrections through the pages of a trainer, without script."""

from __future__ import annotations

import io
import zipfile

import pytest
from fastapi import FastAPI

from app.jobs import handlers
from app.kit import jobs
from app.kit.blobs import Blobs
from app.kit.database import Sessions, writing
from app.settings import Settings
from tests import factories
from tests.assessment.taking import School, a_school
from tests.browser import Browser

QUIZ = "/teaching/courses/first-course/quizzes/test"
STRONG, WEAK = 10, 10
SAME = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def taken(browser: Browser, app: FastAPI, sessions: Sessions, blobs: Blobs) -> tuple[Browser, Browser]:
    """Twenty people: the strong choose what the key of the first question calls wrong. A trainer's and a learner's browser."""
    with writing(sessions) as db:
        blobs = app.state.blobs
        files = factories.course_files(pages=1, questions=5)
        path = "01-start/90-test.md"
        files[path] = files[path].replace("mode=check", "mode=check attempts=1")
        school = a_school(db, blobs, files=files)
        for n in range(STRONG + WEAK):
            strong = n < STRONG
            person = school.learner(f"Ona{n}", at=school.elsewhere if n == 1 else None)
            right = 4 - (n % 2) if strong else n % 3
            answers = {f"q{k}": "right" if k <= right + 1 else "off" for k in range(2, 6)}
            answers["q1"] = ("wrong" if n != 0 else "right") if strong else ("right", "off", "wrong")[n % 3]
            school.take(person, answers)
        trainer, learner = school.people[0], school.people[2]
        by_id = factories.a_person(db, school.town, roles=["trainer"], lang="en")  # type: ignore[list-item]
        del trainer
    return browser.as_(by_id), browser.as_(learner)


def test_a_wrong_key_is_found_corrected_and_told(
    taken: tuple[Browser, Browser], sessions: Sessions, settings: Settings
) -> None:
    trainer, learner = taken
    csv = trainer.client.get(f"{QUIZ}/analysis.csv").content.decode("utf-8-sig")
    head, first, *_rest = csv.split("\r\n")
    assert head.startswith("Id;Question;In words;People;Facility")
    assert first.startswith("q1;Question 1;Check the key;20;") and "B: 12" in first
    book = trainer.client.get(f"{QUIZ}/analysis.xlsx").content
    assert "xl/workbook.xml" in zipfile.ZipFile(io.BytesIO(book)).namelist()
    assert trainer.client.get(f"{QUIZ}/analysis.exe").status_code == 404
    assert learner.client.get(QUIZ).status_code == 403
    told = trainer.client.get("/api/v1/courses/first-course/quizzes/test/analysis").json()
    assert told["people"] == 20 and told["questions"][0]["verdict"] == "key"
    corrections = "/api/v1/courses/first-course/questions/q1/corrections"
    wanted = {"how": "key", "right": ["wrong"]}
    dry = trainer.client.post(corrections, params={"dry_run": True}, json=wanted, headers=SAME).json()
    assert dry["attempts"] == 20 and dry["gains"] == 12 and dry["known"] == 0
    assert trainer.client.post(corrections, json=wanted, headers=SAME).status_code == 422, "a reason is needed"
    # Whoever has used the only attempt is given another, once.
    locked = trainer.open(QUIZ)
    waiting = locked.text.count("Give one attempt more")
    given = locked.press("Give one attempt more")
    assert given.sees("One attempt more was given. The learner gets a notice.")
    assert given.text.count("Give one attempt more") == waiting - 1

    page = trainer.open("/teaching/courses/first-course").follow("Test")
    assert page.h1 == "1 question is likely wrong"
    assert page.sees("Check the key")
    question = page.follow("Question 1")
    assert question.h1 == "60% chose B, strong learners too"
    assert question.sees("The strongest choose it")
    ask = question.follow("Correct the key")
    assert ask.h1 == "What is right?"
    nothing = ask.press("See who changes", how="key")
    assert nothing.sees("Choose what is right.")
    seen = ask.press("See who changes", how="key", right="wrong")
    assert seen.h1 == "Who would be marked otherwise"
    assert seen.sees("The key is now: B")
    assert seen.sees("Another organisation") and seen.sees("Passes by it")
    assert "Ona1 " not in seen.text
    again = seen.press("Correct the question", policy="raise", reason="")
    assert again.status == 422 and again.sees("Write why, in a sentence")
    done = again.press("Correct the question", policy="raise", reason="B is right: article 34.")
    assert done.sees("were marked anew, and their learners get a notice")
    assert done.sees("Earlier attempts too, where somebody gains") and done.sees("B is right: article 34.")
    assert done.h1 == "The question works" or done.sees("The question works")
    jobs.drain(sessions, handlers(settings))
    result = learner.open("/notices").follow("See the result")
    assert result.sees("because: “B is right: article 34.”")
    assert result.sees("It was 4 of 5, now it is 5 of 5.")
    assert trainer.open(QUIZ).h1 == "No question looks wrong"


def test_four_people_are_too_few(browser: Browser, app: FastAPI, sessions: Sessions) -> None:
    with writing(sessions) as db:
        school: School = a_school(db, app.state.blobs, pages=1, questions=3)
        for _n in range(4):
            school.take(school.learner(), {"q1": "right"})
        trainer = factories.a_person(db, school.town, roles=["trainer"], lang="en")  # type: ignore[list-item]
    page = browser.as_(trainer).open(QUIZ)
    assert page.h1 == "Too few have taken it to say anything"
    question = page.follow("Question 1")
    assert question.h1 == "Too few answers yet" and not question.sees("Right")
