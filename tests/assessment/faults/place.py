"""A course with an exam, people in the middle of it, and what may be asked of the server and of the database about it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from fastapi import FastAPI
from sqlalchemy import select
from starlette.testclient import TestClient

from app.accounts.models import Person, SignIn
from app.assessment import actions, queries
from app.assessment.actions.finishing import digest
from app.assessment.models import Answer, AnswerSave, Attempt, Grading
from app.assessment.rules import AttemptState, Outcome
from app.kit import clock
from app.kit.actor import Actor, Role
from app.kit.blobs import Blobs
from app.kit.database import Sessions, reading, writing
from app.learning import actions as learning
from app.learning import queries as runs
from app.learning.models import Evidence
from app.learning.rules import Kind
from app.web.deps import token_hash
from tests import factories

SLUG, QUIZ = "faults", "test"
SAME = {"Sec-Fetch-Site": "same-origin"}
SCRIPT = {**SAME, "X-Requested-With": "fetch"}


@dataclass
class Place:
    sessions: Sessions
    learners: list[Actor]
    trainer: Actor

    def begin(self, actor: Actor) -> str:
        with writing(self.sessions) as db:
            run = runs.run_for(db, actor.id, SLUG)
            assert run is not None
            return actions.start(db, actor, run=run, quiz=QUIZ)

    def view(self, key: str) -> queries.AttemptView:
        with reading(self.sessions) as db:
            found = queries.attempt(db, key)
        assert found is not None
        return found

    def cookie(self, actor: Actor) -> dict[str, str]:
        """A session for this person."""
        token, now = secrets.token_urlsafe(32), clock.now()
        with writing(self.sessions) as db:
            row = SignIn(token=token_hash(token), person_id=actor.id, created_at=now, seen_at=now,
                         expires_at=now + timedelta(hours=12))  # fmt: skip
            db.add(row)
        return {"klasteris": token}


def course(questions: int, *, time: str, essay: bool) -> dict[str, str]:
    files = factories.course_files(SLUG, pages=1, questions=0)
    head = (
        "---\nkind: page\nid: test-page\ntitle: The test\nminutes: 2\n---\n## Test\n"
        f"<!-- quiz id={QUIZ} mode=exam attempts=0 shuffle=none{f' time={time}' if time else ''} -->\n"
    )
    text = [head]
    text += [
        f"### Question {n}\n<!-- question id=q{n} type=text outcomes=know,do,tell -->\n\n- [x] `right`\n"
        for n in range(1, questions + 1)
    ]
    if essay:
        text.append(
            "### Say it\n<!-- question id=essay type=essay points=2 outcomes=know -->\n\n> [!RUBRIC]\n> Clear.\n"
        )
    files["01-start/90-test.md"] = "\n".join(text)
    return files


def a_place(
    sessions: Sessions, blobs: Blobs, *, people: int = 1, questions: int = 3, time: str = "", essay: bool = False
) -> Place:
    with writing(sessions) as db:
        town = factories.an_organisation(db, "Town", parent=factories.an_organisation(db))
        published = factories.a_course(db, blobs, SLUG, owner=town, files=course(questions, time=time, essay=essay))
        trainer = factories.actor_for(db, factories.a_person(db, town, roles=[Role.TRAINER], lang="en"))
        found: list[Person] = [factories.a_person(db, town, lang="en") for _ in range(people)]
        learners = [factories.actor_for(db, person) for person in found]
        for actor in learners:
            learning.enrol(db, actor, person_id=actor.id, course_id=published.course_id)
    return Place(sessions, learners, trainer)


def client(app: FastAPI, cookie: dict[str, str]) -> TestClient:
    """Speaks as the script of a page does; a server that fails answers as it would to anybody."""
    return TestClient(app, cookies=cookie, headers=SCRIPT, follow_redirects=False, raise_server_exceptions=False)


def sent(text: str, *, tab: str, sequence: int, base: int | None = None, go: str = "stay") -> dict[str, Any]:
    """The form of a question's page."""
    said = {"answer": text, "tab": tab, "sequence": str(sequence), "go": go}
    return said if base is None else {**said, "base": str(base)}


def faults_in(sessions: Sessions) -> list[str]:
    """What is half done, done twice, or not what its own history says: nothing, whenever one looks."""
    found: list[str] = []
    with reading(sessions) as db:
        graded: dict[str, int] = {}
        for key in db.scalars(select(Evidence.key).where(Evidence.kind == Kind.QUIZ_GRADED)):
            attempt = key.split(":")[1]
            graded[attempt] = graded.get(attempt, 0) + 1
        last: dict[tuple[int, str], AnswerSave] = {}
        for save in db.scalars(select(AnswerSave).where(AnswerSave.outcome == Outcome.KEPT).order_by(AnswerSave.id)):
            last[save.attempt_id, save.question] = save
        answers: dict[int, list[Answer]] = {}
        for answer in db.scalars(select(Answer)):
            answers.setdefault(answer.attempt_id, []).append(answer)
            said = last.get((answer.attempt_id, answer.question))
            if said is None or (said.response, said.revision) != (answer.response, answer.revision):
                found.append(f"{answer.attempt_id}/{answer.question} is not what was last saved")
        marked = {(one.attempt_id, one.question) for one in db.scalars(select(Grading))}
        for row in db.scalars(select(Attempt)):
            own = answers.get(row.id, [])
            ended = row.state is AttemptState.FINISHED
            if ended != (row.score is not None) or ended != (row.digest is not None):
                found.append(f"attempt {row.id} is half ended")
            if ended and row.digest != digest(own):
                found.append(f"attempt {row.id} was marked by other answers")
            waits = any(answer.waiting for answer in own)
            if ended and (row.passed is None) != waits:
                found.append(f"attempt {row.id} is half marked")
            if graded.get(str(row.id), 0) != (1 if ended and not waits else 0):
                found.append(f"attempt {row.id} was graded {graded.get(str(row.id), 0)} times")
            for answer in own:
                if answer.waiting and (row.id, answer.question) in marked:
                    found.append(f"attempt {row.id} waits for a marking that it has")
    return found
