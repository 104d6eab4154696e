"""Practising what was wrong: the same questions once more, for nothing but practice."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import asdict

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.assessment import queries, rules
from app.assessment.models import Attempt
from app.assessment.queries import AttemptView
from app.assessment.rules import AttemptState
from app.catalog import queries as catalog
from app.kit import clock, i18n
from app.kit.actor import Actor
from app.kit.errors import Conflict, Forbidden
from app.kit.i18n import N_
from app.learning.models import Enrolment


def repeat_wrong(db: Session, actor: Actor, *, attempt: AttemptView, seed: int | None = None) -> str:
    """Begin practising what was not right in a finished attempt, or go on with such practice; answers its key.

    It uses up no attempt, has no time limit and never counts.
    """
    if attempt.score is None:
        raise Conflict(N_("Hand in the answers first."))
    if not queries.quiz_rules(db, attempt.version_id, attempt.quiz).repeat:
        raise Forbidden(N_("The questions of this quiz are not practised one by one."))
    db.execute(select(Enrolment.id).where(Enrolment.id == attempt.enrolment_id).with_for_update())
    again = (
        Attempt.enrolment_id == attempt.enrolment_id,
        Attempt.quiz == attempt.quiz,
        Attempt.repeats_id.is_not(None),
    )
    open_one = select(Attempt.key).where(*again, Attempt.repeats_id == attempt.id, Attempt.state == AttemptState.OPEN)
    if (key := db.scalar(open_one)) is not None:
        return key
    bodies = {name: one.body for name, one in catalog.revisions(db, {one.revision for one in attempt.asked}).items()}
    asked = rules.again(
        attempt.asked, bodies, wrong_in(attempt, bodies), seed=secrets.randbits(32) if seed is None else seed
    )
    if not asked:
        raise Conflict(N_("Everything was right: there is nothing to practise again."))
    lowest = db.scalar(select(func.min(Attempt.number)).where(*again)) or 0
    row = Attempt(
        key=secrets.token_urlsafe(12),
        enrolment_id=attempt.enrolment_id,
        version_id=attempt.version_id,
        quiz=attempt.quiz,
        number=lowest - 1,
        lang=i18n.language(),
        questions=[{**asdict(one), "options": list(one.options)} for one in asked],
        started_at=clock.now(),
        deadline_at=None,
        max_score=sum(one.points for one in asked),
        seconds=0,
        repeats_id=attempt.id,
    )
    db.add(row)
    db.flush()
    return row.key


def wrong_in(attempt: AttemptView, bodies: Mapping[str, rules.Body]) -> tuple[str, ...]:
    """The questions a rule marked as not right, in the order asked; what a person marks is not practised alone."""
    return tuple(
        one.question
        for one in attempt.asked
        if rules.is_graded(bodies[one.revision])
        and not rules.is_by_hand(bodies[one.revision])
        and (one.question not in attempt.given or (attempt.given[one.question].fraction or 0.0) < 1)
    )
