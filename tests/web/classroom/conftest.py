"""A course that asks one question of every type, and people who take, read and mark it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from fastapi import FastAPI
from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.assessment import queries as attempts
from app.catalog import queries as catalog
from app.kit.actor import Role
from app.kit.database import writing
from app.learning import actions as learning
from app.organisations.models import Organisation
from tests import factories
from tests.browser import Browser, Page
from tests.catalog.format.every_type import FILES, PATH

QUIZ = "visi-tipai"
SLUG = "bendravimas"
# One right answer of each type that a rule marks, as a form sends it.
RIGHT: dict[str, dict[str, object]] = {
    "terminas": {"answer": "h72"},
    "pazeidimas": {"answer": ["pavogtas", "laiskas"]},
    "visiems": {},
    "valandos": {"answer": "72"},
    "kas": {"answer": "duomenų apsaugos pareigūnas"},
    "vaidmenys": {"part-valdytojas": "tikslai", "part-tvarkytojas": "nurodymai", "part-pagalbinis": "nurodymai"},
    "zingsniai": {"order": ["stop", "rizika", "pranesti", "aprasyti"]},
    "taisykle": {"part-kam": "institucijai", "part-kiek": "72"},
}


@dataclass
class Class:
    """A course in a municipality, its trainer and a learner, each with a browser."""

    app: FastAPI
    learner: Browser
    trainer: Browser
    person: Person
    town: Organisation

    def begin(self) -> Page:
        return self.learner.open(f"/courses/{SLUG}/quizzes/{QUIZ}").press("Start the test")

    def places(self, page: Page) -> dict[str, int]:
        """Where each question stands in the attempt that this page belongs to."""
        key = page.url.split("/attempts/")[1].split("/")[0]
        with writing(self.app.state.sessions) as db:
            view = attempts.attempt(db, key)
            assert view is not None
            return {one.question: n for n, one in enumerate(view.asked, 1)}

    def bodies(self, page: Page) -> dict[str, dict]:  # type: ignore[type-arg]
        key = page.url.split("/attempts/")[1].split("/")[0]
        with writing(self.app.state.sessions) as db:
            view = attempts.attempt(db, key)
            assert view is not None
            found = catalog.revisions(db, {one.revision for one in view.asked})
            return {one.question: dict(found[one.revision].body) for one in view.asked}


def files(quiz: str = "mode=check", *, alone: bool = False) -> dict[str, str]:
    """The course's files; `quiz` are the rules of its quiz, `alone` puts its questions on a page without one."""
    made = dict(FILES)
    for path in (PATH, PATH.replace(".md", ".en.md")):
        made[path] = made[path].replace("<!-- quiz id=visi-tipai mode=check -->", f"<!-- quiz id={QUIZ} {quiz} -->")
    made["course.md"] = made["course.md"].replace("owner: utenos-r-sav\n", "")
    if alone:
        for path in (PATH, PATH.replace(".md", ".en.md")):
            lines = made[path].split("\n")
            at = next(n for n, line in enumerate(lines) if line.startswith("<!-- quiz"))
            made[path] = "\n".join([*lines[: at - 1], *lines[at + 1 :]]).replace("\n### ", "\n## ")
    return made


@pytest.fixture
def a_class(browser: Browser, app: FastAPI) -> Callable[..., Class]:
    def make(quiz: str = "mode=check", *, alone: bool = False) -> Class:
        with writing(app.state.sessions) as db:
            town = factories.an_organisation(db, "Town", parent=factories.an_organisation(db), code="town")
            person = factories.a_person(db, town, given_name="Ona", family_name="Onaitytė", lang="en")
            trainer = factories.a_person(db, town, roles=[Role.TRAINER], given_name="Tomas", lang="en")
            _publish(db, app, town, files(quiz, alone=alone), person)
        return Class(app, browser.as_(person), browser.as_(trainer), person, town)

    return make


def _publish(db: Session, app: FastAPI, town: Organisation, files: dict[str, str], person: Person) -> None:
    published = factories.a_course(db, app.state.blobs, SLUG, owner=town, files=files)
    learning.enrol(db, factories.actor_for(db, person), person_id=person.id, course_id=published.course_id)
