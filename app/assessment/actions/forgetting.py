"""What is not kept for ever of how somebody came to an answer."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.assessment import queries
from app.assessment.models import AnswerSave
from app.assessment.rules import SAVES_KEPT
from app.kit import clock

AT_ONCE = 10_000
_CHUNK = 500


def saves_to_forget(db: Session) -> tuple[int, ...]:
    """The next saves whose time is over, at most `AT_ONCE`; looked up before anything is locked."""
    return queries.superseded_saves(db, handed_in_before=clock.now() - SAVES_KEPT, limit=AT_ONCE)


def forget_saves(db: Session, ids: Sequence[int]) -> bool:
    """Forget them; answers whether more may be waiting. What counts, the answer with its marks, stays as it is."""
    for at in range(0, len(ids), _CHUNK):
        db.execute(delete(AnswerSave).where(AnswerSave.id.in_(ids[at : at + _CHUNK])))
    return len(ids) == AT_ONCE
