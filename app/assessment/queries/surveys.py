"""What people thought of a course: answers to its surveys, counted, and never with who gave them."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app.assessment.models import Answer, Attempt
from app.assessment.rules import AttemptState
from app.learning.models import Enrolment

ENOUGH = 5  # fewer answers might tell who said what


@dataclass(frozen=True, slots=True)
class Opinions:
    """`answered` people of `asked`: those who have completed the course, or answered anyway.

    `chosen` counts options by question, `comments` are what was written, in an order that tells nothing; both are
    empty below `ENOUGH` answers.
    """

    answered: int
    asked: int
    chosen: Mapping[str, Mapping[str, int]]
    comments: Mapping[str, tuple[str, ...]]

    @property
    def enough(self) -> bool:
        return self.answered >= ENOUGH


def opinions(db: Session, course_id: int, quiz: str) -> Opinions:
    """The last answers of each person to one survey of a course, over all its versions."""
    own = (Enrolment.course_id == course_id, Attempt.quiz == quiz, Attempt.state == AttemptState.FINISHED)
    last = (
        select(func.max(Attempt.id))
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .where(*own)
        .group_by(Enrolment.person_id)
    )
    attempts = list(db.scalars(last))
    taken = select(Enrolment.person_id).join(Attempt, Attempt.enrolment_id == Enrolment.id).where(*own)
    asked = db.scalar(
        select(func.count(Enrolment.person_id.distinct())).where(
            Enrolment.course_id == course_id,
            or_(Enrolment.completed_at.is_not(None), Enrolment.person_id.in_(taken)),
        )
    )
    if len(attempts) < ENOUGH:
        return Opinions(len(attempts), asked or 0, {}, {})
    chosen: dict[str, Counter[str]] = {}
    comments: dict[str, list[str]] = {}
    for question, response in _answers(db, last):
        for option in response.get("options") or ():
            chosen.setdefault(question, Counter())[option] += 1
        if text := str(response.get("text") or "").strip():
            comments.setdefault(question, []).append(text)
    return Opinions(
        len(attempts),
        asked or 0,
        chosen,
        {question: tuple(sorted(said, key=_shuffled)) for question, said in comments.items()},
    )


def _answers(db: Session, attempts: Any) -> list[tuple[str, Mapping[str, Any]]]:
    rows = db.execute(select(Answer.question, Answer.response).where(Answer.attempt_id.in_(attempts)))
    return [(row.question, row.response) for row in rows]


def _shuffled(text: str) -> str:
    """An order that says nothing of who wrote first, and stays from one reading to the next."""
    return hashlib.sha256(text.encode()).hexdigest()
