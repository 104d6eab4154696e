"""What a requirement does to a run: set its date, begin its next period, credit it, excuse it, take a credit back."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.catalog.models import Course, CourseVersion
from app.catalog.rules import CourseState
from app.kit import clock
from app.kit.actor import Actor
from app.kit.errors import Conflict
from app.kit.i18n import N_
from app.learning import queries
from app.learning.actions.evidence import count, record, record_apart
from app.learning.actions.runs import complete_if_done, for_update, open_run
from app.learning.models import Enrolment, Evidence
from app.learning.rules import CREDITS, NEVER, Kind, RunState


def _said(db: Session, enrolment_id: int) -> int:
    return db.scalar(select(func.count()).where(Evidence.enrolment_id == enrolment_id)) or 0


def set_due(
    db: Session, actor: Actor, *, enrolment_id: int, due_on: date | None, required: bool = True, **why: Any
) -> bool:
    """Say by when a run is to be completed, later or earlier than before. Whether anything changed."""
    row = for_update(db, enrolment_id)
    if (row.due_on, row.required) == (due_on, required) and row.state is not RunState.LEFT:
        return False
    record(
        db,
        actor,
        enrolment=row,
        kind=Kind.DUE_SET,
        key=f"enrolment:{row.id}:due:{_said(db, row.id)}",
        due_on=due_on.isoformat() if due_on else None,
        required=required,
        **why,
    )
    return True


def next_period(db: Session, actor: Actor, *, enrolment_id: int) -> Enrolment:
    """Begin the period after this one: a new run from its first page, on the course as it is now.

    The old run stays as it was; it only is not counted any more beside the new one.
    """
    old = for_update(db, enrolment_id)
    if not old.current:
        found = db.scalar(
            select(Enrolment).where(
                Enrolment.person_id == old.person_id,
                Enrolment.course_id == old.course_id,
                Enrolment.period == old.period + 1,
            )
        )
        assert found is not None
        return found
    course = db.get_one(Course, old.course_id)
    if course.state is not CourseState.LIVE or course.current_version_id is None:
        raise Conflict(N_("This course takes no new learners now."))
    major = db.scalar(select(CourseVersion.major).where(CourseVersion.id == course.current_version_id))
    assert major is not None
    record(db, actor, enrolment=old, kind=Kind.PERIOD_CLOSED, key=f"enrolment:{old.id}:closed")
    row = Enrolment(
        person_id=old.person_id,
        course_id=old.course_id,
        period=old.period + 1,
        major=major,
        organisation_id=old.organisation_id,
        state=RunState.ENROLLED,
        enrolled_at=clock.now(),
    )
    db.add(row)
    db.flush()
    count(db, {(row.organisation_id, row.course_id, RunState.ENROLLED, False, NEVER): +1})
    record(db, actor, enrolment=row, kind=Kind.ENROLLED, key=f"enrolment:{row.id}", organisation_id=row.organisation_id)
    return row


def credit(
    db: Session,
    actor: Actor,
    *,
    person_id: int,
    course_id: int,
    kind: Kind,
    at: datetime,
    key: str,
    new: bool = False,
    **data: Any,
) -> Enrolment:
    """Complete a run by something other than taking the course. `new`: in a period of its own where the present one is
    completed already; else a completed run stays as it is."""
    assert kind in CREDITS
    row = open_run(db, actor, person_id=person_id, course_id=course_id)
    if row.completed_at is not None:
        if not new:
            return row
        row = next_period(db, actor, enrolment_id=row.id)
    record(db, actor, enrolment=row, kind=kind, key=key, at=at, **data)
    return row


def excuse(db: Session, actor: Actor, *, enrolment_id: int, state: RunState | None) -> bool:
    """Excuse a run (EXEMPT, PAUSED), or let it wait again (None). Whether anything changed."""
    row = for_update(db, enrolment_id)
    kinds = {RunState.EXEMPT: Kind.EXEMPTED, RunState.PAUSED: Kind.PAUSED, None: Kind.RETURNED}
    is_now = row.state if row.state in (RunState.EXEMPT, RunState.PAUSED) else None
    if row.state in (RunState.COMPLETED, RunState.LEFT) or is_now is state:
        return False
    key = f"enrolment:{row.id}:excused:{_said(db, row.id)}"
    record(db, actor, enrolment=row, kind=kinds[state], key=key)
    return True


def revoke(db: Session, actor: Actor, *, evidence_id: int, reason: str) -> bool:
    """Take back something that was credited by mistake. The evidence stays, and beside it that it does not hold."""
    said = db.get_one(Evidence, evidence_id)
    key = f"evidence:{said.id}:revoked"
    if said.kind not in CREDITS or db.scalar(select(Evidence.id).where(Evidence.key == key)) is not None:
        return False
    if said.enrolment_id is None:
        return record_apart(
            db,
            actor,
            person_id=said.person_id,
            kind=Kind.REVOKED,
            key=key,
            subject=said.subject,
            organisation_id=said.organisation_id,
            evidence=said.id,
            reason=reason,
            completion=False,
        )
    row = for_update(db, said.enrolment_id)
    if not row.current:
        raise Conflict(N_("A later period has begun since; this one does not change any more."))
    completed = row.completed_at == said.occurred_at and row.completed_version_id is None
    after = record(
        db, actor, enrolment=row, kind=Kind.REVOKED, key=key, evidence=said.id, reason=reason, completion=completed
    )
    if completed:  # whoever has taken the course meanwhile has completed it all the same, then
        run = queries.run_by_enrolment(db, row.person_id, row.id)
        assert run is not None
        reached = queries.standings(db, row.id, run.outline.was)
        moments = [reached[one].passed_at or reached[one].finished_at for one in run.outline.needed if one in reached]
        at = max((moment for moment in moments if moment is not None), default=None)
        complete_if_done(db, actor, run, row, after, at=at)
    return True
