"""Writing evidence, and keeping enrolment, progress and counters equal to what it adds up to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.kit import clock
from app.kit.actor import Actor
from app.kit.database import upsert
from app.learning import rules
from app.learning.actions import days, totals
from app.learning.actions.totals import CELL, Cell
from app.learning.models import CompletionCount, Enrolment, Evidence, Progress, SubtreeCount
from app.learning.rules import NEVER, Kind, Run, RunState, Said, Standing


@dataclass(frozen=True, slots=True)
class Recorded:
    """What came of recording: the run after it, and whether this was news at all."""

    run: Run
    news: bool
    completed_now: bool = False


def record(
    db: Session,
    actor: Actor,
    *,
    enrolment: Enrolment,
    kind: Kind,
    key: str,
    subject: str = "",
    version_id: int | None = None,
    organisation_id: int | None = None,
    at: datetime | None = None,
    **data: Any,
) -> Recorded:
    """Write one piece of evidence and bring progress, enrolment and counters up to date with it.

    Saying it twice changes nothing. The enrolment row must have been loaded for update. `at`: when it happened, where
    that was not now.
    """
    now = clock.now()
    at = at or now
    said = Said(kind, at, subject, version_id, organisation_id or enrolment.organisation_id, data)
    before = _run_of(db, enrolment, subject)
    row = Evidence(
        key=key,
        person_id=enrolment.person_id,
        enrolment_id=enrolment.id,
        kind=kind,
        subject=subject,
        version_id=version_id,
        organisation_id=said.organisation_id,
        actor_id=actor.id or None,
        occurred_at=at,
        recorded_at=now,
        data=data,
    )
    try:
        with db.begin_nested():
            db.add(row)
    except IntegrityError:  # the key is taken: this was already said
        return Recorded(before, news=False)
    after = rules.fold(before, said)
    _write(db, enrolment, before, after, subject)
    return Recorded(after, news=True)


def _run_of(db: Session, row: Enrolment, subject: str) -> Run:
    standings: dict[str, Standing] = {}
    if subject and (progress := db.get(Progress, (row.id, subject))) is not None:
        standings[subject] = Standing(progress.finished_at, progress.best_score, progress.passed_at, progress.gradings)
    return stored_run(row, standings)


def stored_run(row: Enrolment, standings: dict[str, Standing]) -> Run:
    """What the row of an enrolment says, with how its pages and quizzes stand."""
    return Run(
        organisation_id=row.organisation_id,
        state=row.state,
        required=row.required,
        due_on=row.due_on,
        started_at=row.started_at,
        completed_at=row.completed_at,
        completed_version_id=row.completed_version_id,
        last_page=row.last_page,
        active_at=row.active_at,
        current=row.current,
        major=row.major,
        declined=row.declined,
        standings=standings,
    )


def record_apart(
    db: Session,
    actor: Actor,
    *,
    person_id: int,
    kind: Kind,
    key: str,
    subject: str,
    organisation_id: int | None,
    at: datetime | None = None,
    **data: Any,
) -> bool:
    """Write a piece of evidence that belongs to no run of a course, such as a certificate from elsewhere.

    Whether it was news; saying it twice changes nothing.
    """
    now = clock.now()
    row = Evidence(
        key=key,
        person_id=person_id,
        enrolment_id=None,
        kind=kind,
        subject=subject,
        organisation_id=organisation_id,
        actor_id=actor.id or None,
        occurred_at=at or now,
        recorded_at=now,
        data=data,
    )
    try:
        with db.begin_nested():
            db.add(row)
    except IntegrityError:  # the key is taken: this was already said
        return False
    return True


def _write(db: Session, row: Enrolment, before: Run, after: Run, subject: str) -> None:
    if subject in after.standings and after.standings[subject] != before.standings.get(subject):
        standing = after.standings[subject]
        progress = db.get(Progress, (row.id, subject))
        if progress is None:
            progress = Progress(enrolment_id=row.id, subject=subject)
            db.add(progress)
        progress.finished_at, progress.best_score = standing.finished_at, standing.best_score
        progress.passed_at, progress.gradings = standing.passed_at, standing.gradings
    row.organisation_id, row.state = after.organisation_id, after.state
    row.required, row.due_on = after.required, after.due_on
    row.started_at, row.completed_at = after.started_at, after.completed_at
    row.completed_version_id, row.last_page, row.active_at = (
        after.completed_version_id,
        after.last_page,
        after.active_at,
    )
    row.current, row.major, row.declined = after.current, after.major, after.declined
    old, new = cell_of(before, row.course_id), cell_of(after, row.course_id)
    if old != new:
        count(db, {old: -1, new: +1})
    days.changed(db, course_id=row.course_id, enrolled_at=row.enrolled_at, before=before, after=after)
    db.flush()


def cell_of(run: Run, course_id: int) -> Cell | None:
    """Which counter a run stands in; a course that was left, and a period that another has followed, in none."""
    if run.state is RunState.LEFT or not run.current:
        return None
    return (run.organisation_id, course_id, run.state, run.required, run.due_on or NEVER)


def count(db: Session, changes: Mapping[Cell | None, int]) -> None:
    """Change some counters, in one order for everybody, so that two transactions never wait for each other."""
    own = {cell: by for cell, by in changes.items() if cell is not None and by}
    for cell, by in sorted(own.items()):
        upsert(db, CompletionCount, key=dict(zip(CELL, cell, strict=True)), number=_plus(by))
    for cell, by in totals.summed(db, own):
        upsert(db, SubtreeCount, key=dict(zip(CELL, cell, strict=True)), number=_plus(by))


def _plus(by: int) -> Callable[[Any], Any]:
    return lambda stored: max(by, 0) if stored is None else stored + by
