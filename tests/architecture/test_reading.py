"""Looking changes nothing: no GET and no HEAD writes, and the database itself would refuse it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from fastapi import FastAPI
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError
from starlette.testclient import TestClient

from app.accounts.models import SignIn, Token
from app.accounts.rules import SEEN_EVERY
from app.kit import clock, jobs
from app.kit.database import writing
from app.kit.jobs import Job
from app.web.deps import Db
from app.web.policy import Policy
from tests.architecture import outcomes
from tests.architecture.requests import Body, ask, target
from tests.architecture.world import ACTORS, World

READ = [case for case in outcomes.cases() if case[0] == "GET"]


@pytest.fixture
def fresh(world: World) -> World:
    world.snapshot.restore()
    return world


def _named(case: tuple[str, Policy, str, str]) -> str:
    return f"{case[2]} {case[3]}"


@pytest.mark.parametrize("case", READ, ids=_named)
def test_looking_leaves_every_row_as_it_was(
    fresh: World, client: TestClient, case: tuple[str, Policy, str, str]
) -> None:
    _method, _policy, route, whose = case
    for actor in ACTORS:
        for method in ("GET", "HEAD"):
            ask(client, method, route, fresh, actor, target(fresh, actor, whose), body=Body())
        assert not fresh.snapshot.written, actor
    assert not fresh.snapshot.changed()


def test_an_attempt_whose_time_is_up_is_shown_as_over_and_left_alone(fresh: World, client: TestClient) -> None:
    """A reader may find something overdue to be written; the next POST or the sweeper writes it."""
    from app.assessment.models import Attempt

    member = fresh.own.members["learner"]
    past = clock.now() - timedelta(minutes=1)
    with writing(fresh.sessions) as db:
        db.execute(update(Attempt).where(Attempt.key == member.attempt).values(deadline_at=past))
    before = fresh.snapshot.now()
    fresh.snapshot.written.clear()
    at = target(fresh, "learner", "own")
    seen = [
        ask(client, "GET", "/attempts/{key}", fresh, "learner", at, address=f"/attempts/{member.attempt}{rest}")
        for rest in ("", "/1", "/review")
    ]
    assert [response.status_code for response in seen] == [200, 303, 303]
    assert not fresh.snapshot.written and fresh.snapshot.now() == before
    fresh.snapshot.written.append("the deadline")


def test_being_seen_is_one_short_write_of_its_own(fresh: World, client: TestClient) -> None:
    """What a reader may need written: that a sign-in, or a token, is still in use, at most every few minutes."""
    long_ago = clock.now() - SEEN_EVERY - timedelta(seconds=1)
    with writing(fresh.sessions) as db:
        db.execute(update(SignIn).values(seen_at=long_ago))
        db.execute(update(Token).values(used_at=long_ago))
    at = target(fresh, "learner", "own")
    for route, tables in (("/learning", {"sign_ins", "people"}), ("/api/v1/me", {"tokens"})):
        before = fresh.snapshot.now()
        ask(client, "GET", route, fresh, "learner", at)
        after = fresh.snapshot.now()
        different = {
            (table.name, column)
            for table in after
            for old, new in zip(before[table], after[table], strict=True)
            for column in new
            if old[column] != new[column]
        }
        assert {name for name, _column in different} == tables
        assert {column for _name, column in different} <= {"seen_at", "used_at"}
        assert sum(old != new for table in after for old, new in zip(before[table], after[table], strict=True)) == len(
            tables
        )
        fresh.snapshot.written.clear()
        ask(client, "GET", route, fresh, "learner", at)
        assert not fresh.snapshot.written, "and not again so soon"
    fresh.snapshot.written.append("the moments above")


def test_the_database_itself_refuses_a_write_while_somebody_looks(fresh: World) -> None:
    probe = FastAPI()
    probe.state.sessions = fresh.sessions

    @probe.api_route("/write", methods=["GET", "HEAD", "POST"])
    def write(db: Db) -> str:
        jobs.later(db, "greet", key="probe")
        return "written"

    def written() -> int:
        with fresh.sessions() as db:
            return len(db.scalars(select(Job).where(Job.key == "probe")).all())

    with TestClient(probe) as visitor:
        for method in ("GET", "HEAD"):
            with pytest.raises(DBAPIError, match=r"readonly|read-only"):
                visitor.request(method, "/write")
            assert written() == 0
        assert visitor.post("/write").status_code == 200
    assert written() == 1
