"""The database's own edge: readers cannot write, writers wait for each other, moments are aware."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from app.kit import jobs
from app.kit.database import Sessions, reading, writing
from app.kit.jobs import Job


def test_a_reading_session_cannot_write(sessions: Sessions) -> None:
    with pytest.raises(DBAPIError), reading(sessions) as db:
        jobs.later(db, "greet")


def test_a_connection_that_read_can_write_afterwards(sessions: Sessions) -> None:
    with reading(sessions) as db:
        assert db.scalars(select(Job)).all() == []
    with writing(sessions) as db:
        jobs.later(db, "greet")
    with reading(sessions) as db:
        assert len(db.scalars(select(Job)).all()) == 1


def test_forty_writers_at_once_all_succeed(sessions: Sessions) -> None:
    faults: list[Exception] = []

    def write(n: int) -> None:
        try:
            with writing(sessions) as db:
                db.scalars(select(Job)).all()
                jobs.later(db, "greet", key=str(n))
        except DBAPIError as fault:
            faults.append(fault)

    threads = [threading.Thread(target=write, args=(n,)) for n in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults
    with reading(sessions) as db:
        assert len(db.scalars(select(Job)).all()) == 40


def test_a_moment_comes_back_as_the_same_moment(sessions: Sessions) -> None:
    vilnius = datetime(2026, 3, 29, 5, 0, tzinfo=timezone(timedelta(hours=3)))
    with writing(sessions) as db:
        jobs.later(db, "greet", at=vilnius)
    with reading(sessions) as db:
        stored = db.scalars(select(Job.run_at)).one()
    assert stored == vilnius
    assert stored.tzinfo == UTC
