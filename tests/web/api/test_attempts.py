"""Attempts by the API: every type asked, answered, handed in, and nothing of the key before it may be seen."""

from __future__ import annotations

import json
import secrets
from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from app.accounts.models import Person, Token
from app.assessment import rules
from app.catalog import queries as catalog
from app.kit import clock
from app.kit.database import reading, writing
from app.learning import actions as learning
from app.web.deps import token_hash
from tests import factories
from tests.web.classroom.conftest import QUIZ, SLUG, files

PDF = b"%PDF-1.7\n"
API = "/api/v1"


class Program:
    """A program with somebody's token."""

    def __init__(self, app: FastAPI, person: Person) -> None:
        token, now = f"klasteris_{secrets.token_urlsafe(16)}", clock.now()
        with writing(app.state.sessions) as db:
            row = Token(token=token_hash(token), person_id=person.id, name="t", created_at=now, used_at=now,
                        expires_at=now + timedelta(days=1))  # fmt: skip
            db.add(row)
        self.app = app
        self.client = TestClient(app, headers={"Authorization": f"Bearer {token}", "Accept-Language": "en"})

    def ask(self, method: str, path: str, status: int = 200, **sent: Any) -> Any:
        answer = self.client.request(method, f"{API}{path}", **sent)
        assert answer.status_code == status, answer.text
        return answer.json()

    def bodies(self) -> dict[str, Any]:
        with reading(self.app.state.sessions) as db:
            head = catalog.course_by_slug(db, SLUG)
            assert head is not None and head.version_id is not None
            stored = catalog.quiz(db, head.version_id, QUIZ)
            found = catalog.revisions(db, [item["revision"] for item in stored.items])
            return {one.question: one.body for one in found.values()}


def a_program(app: FastAPI, mode: str) -> Program:
    with writing(app.state.sessions) as db:
        town = factories.an_organisation(db, "Town", parent=factories.an_organisation(db))
        published = factories.a_course(db, app.state.blobs, SLUG, owner=town, files=files(mode))
        person = factories.a_person(db, town, lang="en")
        learning.enrol(db, factories.actor_for(db, person), person_id=person.id, course_id=published.course_id)
    return Program(app, person)


def begin(one: Program) -> Any:
    return one.ask("POST", f"/me/courses/{SLUG}/quizzes/{QUIZ}/attempts", 201)


@pytest.fixture
def program(app: FastAPI) -> Program:
    return a_program(app, "mode=check")


def test_every_type_is_answered_and_what_a_rule_marks_is_marked(program: Program) -> None:
    attempt = begin(program)
    url = f"/attempts/{attempt['key']}"
    for question, body in program.bodies().items():
        full = rules.full_answer(body)
        if body["type"] == "essay":
            full = {"text": "My words."}
        if body["type"] != "upload":
            program.ask("PUT", f"{url}/answers/{question}", json=full)
    program.ask("PUT", f"{url}/answers/forma/file?name=form.pdf", content=PDF)
    done = program.ask("POST", f"{url}/submit")
    assert (done["score"], done["max_score"], done["passed"]) == (13, 20, None)
    said = {one["id"]: one for one in done["questions"]}
    assert said["zingsniai"]["right"] == ["stop", "rizika", "pranesti", "aprasyti"]
    assert said["vaidmenys"]["right_parts"]["valdytojas"] == "tikslai"
    assert said["veiksmai"]["waiting"] and said["veiksmai"]["share"] is None
    assert said["veiksmai"]["sample_html"] is None  # a model answer comes after the marking
    assert said["forma"]["answer"]["file"] == {"name": "form.pdf", "size": len(PDF)}
    assert (said["naudingas"]["graded"], said["naudingas"]["points"]) == (False, 0)


@pytest.mark.parametrize("mode", ["mode=check", "mode=exam"])
def test_an_open_attempt_says_nothing_of_the_key(app: FastAPI, mode: str) -> None:
    attempt = begin(a_program(app, mode))
    text = json.dumps(attempt, ensure_ascii=False)
    for secret in ("contained", "atjunkite", "officer", "supervisory", "\ue000", "fraction", "rubric", '"72"'):
        assert secret not in text, secret
    for one in attempt["questions"]:
        assert {one[name] for name in ("share", "explanation_html", "sample_html", "right", "right_parts")} == {None}
    said = {one["id"]: one for one in attempt["questions"]}
    assert [o["id"] for o in said["zingsniai"]["options"]] != ["stop", "rizika", "pranesti", "aprasyti"]
    assert said["taisykle"]["stem_html"].count("data-gap") == 3
    assert [part["options"] == [] for part in said["taisykle"]["parts"]].count(False) == 1


def test_a_save_may_come_twice_and_does_not_overwrite_what_it_has_not_seen(program: Program) -> None:
    url = f"/attempts/{begin(program)['key']}/answers/kas"
    mine = {"text": "mine", "tab": "a", "sequence": 1, "base": 0}
    for _ in range(2):
        program.ask("PUT", url, json=mine)
    program.ask("PUT", url, 422, json={**mine, "text": "other words under the same number"})
    said = program.ask("PUT", url, 409, json={"text": "late", "tab": "b", "sequence": 1, "base": 0})
    assert (said["outcome"], said["revision"]) == ("elsewhere", 1)
    program.ask("PUT", url, json={"text": "seen", "tab": "b", "sequence": 2, "base": 1})
    attempt = program.ask("POST", f"{url.split('/answers')[0]}/submit")
    assert {one["id"]: one["answer"] for one in attempt["questions"]}["kas"]["text"] == "seen"
    said = program.ask("PUT", url, 409, json={"text": "too late", "tab": "b", "sequence": 3, "base": 2})
    assert said["outcome"] == "late" and "handed in" in said["detail"]


def test_a_file_cannot_be_named_it_must_be_sent(program: Program) -> None:
    url = f"/attempts/{begin(program)['key']}/answers/forma"
    program.ask("PUT", url, 422, json={"file": {"blob": "0" * 64, "name": "a", "size": 1}})
    program.ask("PUT", f"{url}/file?name=a.exe", 422, content=b"MZ")
    program.ask("PUT", url.replace("forma", "kas") + "/file?name=a.pdf", 422, content=PDF)


def test_a_hint_is_given_where_the_quiz_gives_hints(app: FastAPI) -> None:
    one = a_program(app, "mode=practice")
    url = f"/attempts/{begin(one)['key']}/answers/terminas/hint"
    one.client.headers["Accept-Language"] = "lt"
    said = one.ask("POST", url)
    hints = {question["id"]: question["hints_html"] for question in said["questions"]}
    assert "Skaičiuojama" in hints["terminas"][0]


def test_a_test_gives_none(app: FastAPI) -> None:
    one = a_program(app, "mode=exam")
    one.ask("POST", f"/attempts/{begin(one)['key']}/answers/terminas/hint", 403)
