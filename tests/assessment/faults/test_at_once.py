"""Many at the same moment: one attempt handed in fifty times, and two hundred people in the last seconds of an exam."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from fastapi import FastAPI
from httpx import Response
from sqlalchemy import func, select

from app.assessment.models import AnswerSave
from app.assessment.rules import AttemptState
from app.kit import clock
from app.kit.database import Sessions, reading
from app.learning.models import Evidence
from app.learning.rules import Kind
from tests.assessment.faults.place import a_place, client, faults_in, sent

THREADS = 25


def at_once(acts: list[Callable[[], Response]]) -> list[Response]:
    with ThreadPoolExecutor(THREADS) as pool:
        return [coming.result() for coming in [pool.submit(act) for act in acts]]


def graded(sessions: Sessions) -> int:
    with reading(sessions) as db:
        return db.scalar(select(func.count()).select_from(Evidence).where(Evidence.kind == Kind.QUIZ_GRADED)) or 0


def test_fifty_times_the_same_is_once(app: FastAPI) -> None:
    place = a_place(app.state.sessions, app.state.blobs)
    key, cookie = place.begin(place.learners[0]), place.cookie(place.learners[0])
    mine = client(app, cookie)
    form = sent("right", tab="a", sequence=1, base=0)
    saved = at_once([lambda: mine.post(f"/attempts/{key}/1", data=form)] * 50)
    assert {one.status_code for one in saved} == {200}
    assert {(one.json()["outcome"], one.json()["revision"]) for one in saved} == {("kept", 1)}
    with reading(place.sessions) as db:
        assert db.scalar(select(func.count()).select_from(AnswerSave)) == 1
    ended = at_once([lambda: mine.post(f"/attempts/{key}/submit")] * 50)
    assert {one.status_code for one in ended} == {303}
    assert graded(place.sessions) == 1 and faults_in(place.sessions) == []
    again = mine.post(f"/attempts/{key}/1", data=sent("wrong", tab="a", sequence=2, base=1))
    assert (again.status_code, again.json()["outcome"]) == (409, "late")
    assert place.view(key).score == 1


@pytest.mark.timeout(600)
def test_two_hundred_in_the_last_seconds_all_get_in(app: FastAPI) -> None:
    place = a_place(app.state.sessions, app.state.blobs, people=200, questions=1, time="PT30M")
    keys = [place.begin(actor) for actor in place.learners]
    clients = [client(app, place.cookie(actor)) for actor in place.learners]
    deadline = min(at for key in keys[:1] if (at := place.view(key).deadline_at) is not None)

    def last_words(n: int) -> Response:
        form = sent("right" if n % 2 else "wrong", tab=f"tab{n}", sequence=1, base=0)
        answer = clients[n].post(f"/attempts/{keys[n]}/1", data=form)
        assert answer.status_code == 200, answer.text[:300]
        return clients[n].post(f"/attempts/{keys[n]}/submit")

    with clock.everywhere_at(deadline - timedelta(seconds=1)):
        ended = at_once([lambda n=n: last_words(n) for n in range(200)])  # type: ignore[misc]
    assert {one.status_code for one in ended} == {303}
    views = [place.view(key) for key in keys]
    assert [view.score for view in views] == [n % 2 for n in range(200)]
    assert {view.state for view in views} == {AttemptState.FINISHED}
    assert graded(place.sessions) == 200 and faults_in(place.sessions) == []
