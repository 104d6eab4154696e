"""The end of an attempt, which comes once: handed in, or out of time; and time that the service owes."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Iterable
from datetime import timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, select, update
from sqlalchemy.orm import Session

from app.assessment import queries, rules
from app.assessment.actions.results import tell_learning
from app.assessment.models import Answer, Attempt, GivenBack
from app.assessment.queries import AttemptView
from app.assessment.rules import GRACE, AttemptState
from app.catalog import queries as catalog
from app.kit import audit, clock, uptime
from app.kit.actor import SYSTEM, Actor
from app.kit.uptime import Outage

log = logging.getLogger("klasteris.assessment")
BATCH = 100
AWHILE = timedelta(seconds=60)  # to come back and find one's place again


def for_update(db: Session, attempt: AttemptView) -> Attempt:
    row = db.scalar(
        select(Attempt).where(Attempt.id == attempt.id).with_for_update().execution_options(populate_existing=True)
    )
    assert row is not None
    return row


def is_over(db: Session, row: Attempt) -> bool:
    """Whether time is up. While the service is only coming back, nothing is: time lost will be given back first."""
    return rules.is_over(row.deadline_at, clock.now(), timedelta(seconds=row.grace)) and uptime.is_answering(db)


def submit(db: Session, actor: Actor, *, attempt: AttemptView) -> None:
    """Hand in an attempt and mark it. A second time changes nothing."""
    finish(db, actor, for_update(db, attempt), attempt)


def finish(db: Session, actor: Actor, row: Attempt, attempt: AttemptView) -> None:
    """Of any number that try at once, one ends the attempt and marks it."""
    now = clock.now()
    at = row.deadline_at if is_over(db, row) else now
    ended = db.execute(
        update(Attempt)
        .where(Attempt.id == row.id, Attempt.state == AttemptState.OPEN)
        .values(state=AttemptState.FINISHED, finished_at=at)
        .execution_options(synchronize_session=False)
    )
    if not cast("CursorResult[Any]", ended).rowcount:
        return
    db.refresh(row)
    _mark(db, actor, row, attempt)


def _mark(db: Session, actor: Actor, row: Attempt, attempt: AttemptView) -> None:
    found = catalog.revisions(db, {one.revision for one in attempt.asked})
    bodies = {revision: one.body for revision, one in found.items()}
    said = select(Answer).where(Answer.attempt_id == row.id).execution_options(populate_existing=True)
    answers = {one.question: one for one in db.scalars(said)}
    row.digest = digest(answers.values())
    # What has been found wrong since the version came out is marked as it should have been.
    corrections = queries.corrections_at(db, row.version_id, [one.question for one in attempt.asked])
    handed = {question: rules.Handed(one.response, one.hints) for question, one in answers.items()}
    held_to = queries.rules_of(db, attempt)
    marks = rules.mark_all(attempt.asked, bodies, handed, corrections, held_to=held_to)
    for question, answer in answers.items():
        answer.waiting, answer.fraction = question in marks.waiting, marks.fractions.get(question)
    row.corrections = [made.id for made in corrections]
    row.score, row.max_score = marks.score, marks.max_score
    row.passed = None if marks.waiting else rules.passes(marks.score, marks.max_score, held_to.pass_percent)
    db.flush()
    if held_to.counts and not marks.waiting:
        tell_learning(db, actor, row, person_id=attempt.person_id, held_to=held_to)


def digest(answers: Iterable[Answer]) -> str:
    """One fingerprint of everything that was answered: SHA-256 over question, revision and response, in order."""
    said = sorted([one.question, one.revision, one.response] for one in answers)
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def close_expired(db: Session, enrolment_id: int | None = None, *, after: int = 0) -> int:
    """Hand in what has run out of time, with everything saved until then; answers the last one looked at, 0 for none.

    At most BATCH of them; `after` is where to go on. One that cannot be closed does not keep the others open.
    """
    if not uptime.is_answering(db):
        return 0
    last = 0
    for last, key in queries.expired(db, enrolment_id=enrolment_id, after=after, limit=BATCH):
        try:
            with db.begin_nested():
                view = queries.attempt(db, key)
                assert view is not None
                submit(db, SYSTEM, attempt=view)
        except Exception:  # whatever is wrong with one attempt, hundreds of others wait behind it
            log.exception("attempt %s could not be closed", last)
    return last


def give_back(db: Session, outage: Outage) -> int:
    """Add the time of an outage, and a minute to come back in, to attempts that were running in it; answers how many."""
    running = select(Attempt).where(
        Attempt.state == AttemptState.OPEN,
        Attempt.deadline_at > outage.began_at - GRACE,
        Attempt.started_at < outage.ended_at,
    )
    count = 0
    for row in db.scalars(running.order_by(Attempt.id).with_for_update()):
        assert row.deadline_at is not None
        lost = outage.ended_at - max(outage.began_at, row.started_at) + AWHILE
        seconds = -int(-lost.total_seconds() // 1)
        db.add(
            GivenBack(
                attempt_id=row.id,
                outage_id=outage.id,
                seconds=seconds,
                was_until=row.deadline_at,
                given_at=clock.now(),
            )
        )
        row.deadline_at += timedelta(seconds=seconds)
        count += 1
    db.flush()
    audit.say(
        db,
        SYSTEM,
        "service.away",
        subject=f"outage {outage.id}",
        began_at=outage.began_at.isoformat(),
        ended_at=outage.ended_at.isoformat(),
        attempts=count,
    )
    return count
