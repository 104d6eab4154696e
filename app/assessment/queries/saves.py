"""Saves of answers that have done their work: which may be forgotten."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from app.assessment.models import Answer, AnswerSave, Attempt
from app.assessment.rules import AttemptState, Outcome


def superseded_saves(db: Session, *, handed_in_before: datetime, limit: int) -> tuple[int, ...]:
    """Ids of saves in attempts that ended before a moment, but for the one that each answer was kept with.

    An attempt in which somebody still has to mark an answer is left whole.
    """
    kept = aliased(AnswerSave)
    standing = (
        select(func.max(kept.id))
        .where(
            kept.attempt_id == AnswerSave.attempt_id,
            kept.question == AnswerSave.question,
            kept.outcome == Outcome.KEPT,
            kept.response.is_not(None),
        )
        .scalar_subquery()
    )
    waiting = select(Answer.question).where(Answer.attempt_id == Attempt.id, Answer.waiting.is_(True)).exists()
    said = (
        select(AnswerSave.id)
        .join(Attempt, Attempt.id == AnswerSave.attempt_id)
        .where(
            Attempt.state == AttemptState.FINISHED,
            Attempt.finished_at < handed_in_before,
            ~waiting,
            # Where only a flag was ever kept there is no such save, and all of them go.
            AnswerSave.id.is_distinct_from(standing),
        )
        .order_by(AnswerSave.id)
        .limit(limit)
    )
    return tuple(db.scalars(said))
