"""A newer major version, and what its learner says to it: take it with all that still counts, or stay."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.kit.actor import Actor
from app.kit.errors import Conflict
from app.kit.i18n import N_
from app.learning import queries
from app.learning.actions.evidence import Recorded, record
from app.learning.actions.runs import complete_if_done, for_update
from app.learning.models import Enrolment
from app.learning.queries import CourseRun, Offer
from app.learning.rules import Kind


def _offer(db: Session, run: CourseRun, label: str) -> tuple[Enrolment, CourseRun, Offer]:
    """The offer as it is now, with the enrolment loaded for update. `label` is the version the learner was shown."""
    assert run.enrolment_id is not None
    row = for_update(db, run.enrolment_id)
    # Read again under the lock: another tab may have finished the course, or taken the version, a moment ago.
    fresh = queries.run_by_enrolment(db, row.person_id, row.id)
    offer = queries.offer_for(db, fresh) if fresh is not None else None
    if fresh is None or offer is None:
        raise Conflict(N_("There is no newer version for you to move to."))
    if offer.label != label:
        raise Conflict(N_("Meanwhile there is a newer version still. Look at what changes, and choose again."))
    return row, fresh, offer


def take_version(db: Session, actor: Actor, *, run: CourseRun, label: str) -> Recorded:
    """Move a run to the newest major version. What was done stays done wherever the new version still asks for it,
    and where that is all it asks for, the course is completed."""
    row, fresh, offer = _offer(db, run, label)
    said = record(
        db,
        actor,
        enrolment=row,
        kind=Kind.VERSION_TAKEN,
        key=f"enrolment:{row.id}:taken:{offer.major}",
        version_id=offer.version_id,
        major=offer.major,
        before=fresh.major,
    )
    after = queries.run_by_enrolment(db, row.person_id, row.id)
    assert after is not None
    return complete_if_done(db, actor, after, row, said)


def decline_version(db: Session, actor: Actor, *, run: CourseRun, label: str) -> None:
    """Stay on the version begun. It can be taken later all the same; only nobody asks any more."""
    row, fresh, offer = _offer(db, run, label)
    record(
        db,
        actor,
        enrolment=row,
        kind=Kind.VERSION_DECLINED,
        key=f"enrolment:{row.id}:declined:{offer.major}",
        version_id=offer.version_id,
        major=offer.major,
        before=fresh.major,
    )
