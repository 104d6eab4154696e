"""Work after commit: asked for once, done once, kept when it fails."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.kit import clock, jobs
from app.kit.database import Sessions, reading, writing
from app.kit.errors import Conflict


def test_work_asked_for_in_a_transaction_that_fails_is_never_done(sessions: Sessions) -> None:
    with pytest.raises(Conflict), writing(sessions) as db:
        jobs.later(db, "greet", name="Ona")
        raise Conflict("no")
    assert jobs.drain(sessions, {"greet": lambda db, data: None}) == 0


def test_the_same_key_twice_is_one_job(sessions: Sessions) -> None:
    said: list[str] = []
    with writing(sessions) as db:
        jobs.later(db, "greet", key="ona", name="Ona")
        jobs.later(db, "greet", key="ona", name="Ona")
    done = jobs.drain(sessions, {"greet": lambda db, data: said.append(data["name"])})
    assert (done, said) == (1, ["Ona"])


def test_a_job_that_fails_is_kept_with_its_reason_and_tried_later(sessions: Sessions) -> None:
    tried: list[int] = []

    def fail(db: Session, data: dict[str, Any]) -> None:
        tried.append(1)
        raise ConnectionError("the mail server is away")

    with writing(sessions) as db:
        jobs.later(db, "send")
    assert jobs.drain(sessions, {"send": fail}) == 1
    now = clock.now()
    with clock.at(now + timedelta(hours=1)):
        assert jobs.drain(sessions, {"send": fail}) == 1
    assert len(tried) == 2
    with clock.at(now + timedelta(days=1)):
        assert jobs.drain(sessions, {"send": lambda db, data: None}) == 1
    with reading(sessions) as db:
        assert jobs.waiting(db) == {jobs.JobState.DONE: 1}


def test_a_job_is_given_up_after_its_last_try(sessions: Sessions) -> None:
    def fail(db: Session, data: dict[str, Any]) -> None:
        raise ConnectionError

    with writing(sessions) as db:
        jobs.later(db, "send")
    moment = clock.now()
    for _ in range(jobs.MAX_TRIES + 3):
        moment += timedelta(days=1)
        with clock.at(moment):
            jobs.drain(sessions, {"send": fail})
    with reading(sessions) as db:
        assert jobs.waiting(db) == {jobs.JobState.FAILED: 1}


def test_what_a_failing_job_wrote_is_taken_back(sessions: Sessions) -> None:
    def half(db: Session, data: dict[str, Any]) -> None:
        jobs.later(db, "other")
        raise ConnectionError

    with writing(sessions) as db:
        jobs.later(db, "half")
    jobs.drain(sessions, {"half": half, "other": lambda db, data: None})
    with reading(sessions) as db:
        assert jobs.waiting(db) == {jobs.JobState.READY: 1}


def test_a_job_for_later_waits_until_then(sessions: Sessions) -> None:
    then = clock.now() + timedelta(days=1)
    with writing(sessions) as db:
        jobs.later(db, "greet", at=then)
    assert jobs.drain(sessions, {"greet": lambda db, data: None}) == 0
    with clock.at(then):
        assert jobs.drain(sessions, {"greet": lambda db, data: None}) == 1
