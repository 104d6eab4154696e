"""Deadlines: saved until the last second, swept when nobody comes back, and put off by the time that the service was away."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from app.assessment import actions, queries
from app.assessment.actions import finishing
from app.assessment.models import AnswerSave, Attempt
from app.assessment.rules import AttemptState, Outcome
from app.jobs import handlers
from app.kit import audit, clock, jobs, uptime
from app.kit.blobs import Blobs
from app.kit.database import Sessions, reading, writing
from app.settings import Settings
from tests.assessment.faults.place import Place, a_place, faults_in

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def save(place: Place, key: str, words: str, at: datetime, *, question: str = "q1") -> actions.Saved:
    with clock.at(at), writing(place.sessions) as db:
        view = queries.attempt(db, key)
        assert view is not None
        return actions.save(
            db, place.learners[0], attempt=view, question=question, response={"text": words}, flagged=False
        )


def sweep(place: Place, settings: Settings, at: datetime) -> None:
    """What a minute of a running server does."""
    with clock.at(at):
        with writing(place.sessions) as db:
            jobs.later(db, "sweep", key=f"sweep:{at}")
        jobs.drain(place.sessions, handlers(settings))


def beat(place: Place, at: datetime) -> None:
    with clock.at(at), writing(place.sessions) as db:
        if (outage := uptime.beat(db)) is not None:
            actions.give_back(db, outage)


@pytest.fixture
def place(sessions: Sessions, blobs: Blobs) -> Place:
    with clock.at(START):
        return a_place(sessions, blobs, people=25, questions=2, time="PT30M")


def begin(place: Place, person: int = 0) -> str:
    with clock.at(START):
        return place.begin(place.learners[person])


def test_saved_until_the_last_second_and_late_words_are_listed(place: Place) -> None:
    key = begin(place)
    assert save(place, key, "right", START + 30 * MINUTE - timedelta(seconds=1)).seconds_left == 1
    grace = save(place, key, "right", START + 30 * MINUTE + timedelta(seconds=29), question="q2")
    assert (grace.outcome, grace.seconds_left) == (Outcome.KEPT, 0)
    late = save(place, key, "wrong", START + 30 * MINUTE + timedelta(seconds=31), question="q2")
    assert late.outcome is Outcome.LATE
    view = place.view(key)  # that very save has ended it, with what was there
    assert (view.state, view.score, view.finished_at) == (AttemptState.FINISHED, 2, START + 30 * MINUTE)
    with reading(place.sessions) as db:
        assert [one.response for one in db.scalars(select(AnswerSave).where(AnswerSave.outcome == Outcome.LATE))] == [
            {"text": "wrong"}
        ]
    assert faults_in(place.sessions) == []


def test_many_run_out_at_once_and_one_that_cannot_be_closed_keeps_nobody_waiting(
    place: Place, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = [begin(place, n) for n in range(25)]
    save(place, keys[5], "right", START + MINUTE)
    broken, mark = place.view(keys[3]).id, finishing._mark

    def mark_all_but_one(db: object, actor: object, row: Attempt, attempt: object) -> None:
        if row.id == broken:
            raise RuntimeError("an observer that always fails")
        mark(db, actor, row, attempt)  # type: ignore[arg-type]

    monkeypatch.setattr(finishing, "_mark", mark_all_but_one)
    monkeypatch.setattr(finishing, "BATCH", 10)
    sweep(place, settings, START + 31 * MINUTE)
    with reading(place.sessions) as db:
        still = db.scalars(select(Attempt.id).where(Attempt.state == AttemptState.OPEN)).all()
    assert still == [broken]
    assert place.view(keys[5]).score == 1
    monkeypatch.undo()
    sweep(place, settings, START + 32 * MINUTE)
    assert place.view(keys[3]).score == 0
    assert faults_in(place.sessions) == []


def test_the_time_of_an_outage_is_given_back(place: Place, settings: Settings) -> None:
    key = begin(place)
    begin(place, 1)
    beat(place, START + 20 * MINUTE - timedelta(seconds=19))
    beat(place, START + 20 * MINUTE)  # a machine that was busy for a moment was not away
    assert save(place, key, "right", START + 20 * MINUTE).outcome is Outcome.KEPT
    # Nobody answers from 9.20 to 9.35; the deadline was 9.30.
    back = START + 35 * MINUTE
    sweep(place, settings, back)  # a worker that is up while the pages are down must not close anything
    assert place.view(key).score is None
    with clock.at(back), reading(place.sessions) as db:
        view = queries.attempt(db, key)
        assert view is not None and view.state is AttemptState.OPEN
    beat(place, back)
    beat(place, back + timedelta(seconds=5))
    with clock.at(back), reading(place.sessions) as db:
        view = queries.attempt(db, key)
        assert view is not None
        assert view.deadline_at == START + 46 * MINUTE  # fifteen that were lost, and one to come back in
        told = queries.given_back(db, view.id)
        assert [(one.began_at, one.ended_at, one.seconds) for one in told] == [(START + 20 * MINUTE, back, 960)]
        trail = db.scalars(select(audit.AuditRow).where(audit.AuditRow.action == "service.away")).one()
        assert trail.data["attempts"] == 2 and audit.broken_links(db) == []
    assert save(place, key, "right", back + 10 * MINUTE, question="q2").outcome is Outcome.KEPT
    # Away once more, from 9.45 to past the deadline: what is open then gets that too.
    beat(place, START + 45 * MINUTE)  # (between beats ten minutes apart nobody answered either)
    assert place.view(key).deadline_at == START + 57 * MINUTE - timedelta(seconds=5)
    beat(place, START + 55 * MINUTE)
    assert place.view(key).deadline_at == START + 68 * MINUTE - timedelta(seconds=5)
    beat(place, START + 69 * MINUTE)
    sweep(place, settings, START + 69 * MINUTE)
    assert faults_in(place.sessions) == []


def test_what_had_ended_before_or_begins_after_gets_nothing(place: Place) -> None:
    beat(place, START)
    done = begin(place)
    with clock.at(START + MINUTE), writing(place.sessions) as db:
        actions.submit(db, place.learners[0], attempt=place.view(done))
    beat(place, START + 20 * MINUTE)
    with clock.at(START + 20 * MINUTE):
        later = place.begin(place.learners[1])
    assert place.view(done).deadline_at == START + 30 * MINUTE
    assert place.view(later).deadline_at == START + 50 * MINUTE
    with reading(place.sessions) as db:
        assert queries.given_back(db, place.view(done).id) == ()
        assert len(uptime.outages(db)) == 1
