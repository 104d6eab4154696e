"""Attempts that were handed in before this installation knew of them: taken over whole, with the dates they had."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.assessment import queries, rules
from app.assessment.models import Answer, Attempt
from app.assessment.rules import AttemptState
from app.catalog import queries as catalog


@dataclass(frozen=True, slots=True)
class PastAttempt:
    """One go at a quiz as it was handed in. `answers` are responses by question; `seed` lays the questions out."""

    enrolment_id: int
    version_id: int
    quiz: str
    number: int
    lang: str
    seed: int
    answers: Mapping[str, Mapping[str, Any]]
    started_at: datetime
    finished_at: datetime


def take_over_attempts(db: Session, attempts: Iterable[PastAttempt], *, key: Callable[[], str]) -> int:
    """Write past attempts, marked as they are marked today; what a person marks waits. Answers how many.

    No evidence is written: the runs they belong to bring theirs. `key` makes the addresses of attempts.
    """
    count = 0
    for one in attempts:
        stored = catalog.quiz(db, one.version_id, one.quiz)
        held_to = queries.quiz_rules(db, one.version_id, one.quiz)
        wanted = {revision for item in stored.items for revision in item.get("members") or [item["revision"]]}
        bodies = {revision: found.body for revision, found in catalog.revisions(db, wanted).items()}
        asked = rules.lay_out(stored.items, bodies, shuffle=held_to.shuffle, seed=one.seed)
        handed = {question: rules.Handed(response) for question, response in one.answers.items()}
        marks = rules.mark_all(asked, bodies, handed)
        row = Attempt(
            key=key(),
            enrolment_id=one.enrolment_id,
            version_id=one.version_id,
            quiz=one.quiz,
            number=one.number,
            lang=one.lang,
            state=AttemptState.FINISHED,
            questions=[{**asdict(question), "options": list(question.options)} for question in asked],
            started_at=one.started_at,
            finished_at=one.finished_at,
            score=marks.score,
            max_score=marks.max_score,
            passed=None if marks.waiting else rules.passes(marks.score, marks.max_score, held_to.pass_percent),
            corrections=[],
        )
        db.add(row)
        db.flush()
        db.add_all(
            Answer(
                attempt_id=row.id,
                question=question,
                response=dict(response),
                waiting=question in marks.waiting,
                saved_at=one.finished_at,
                fraction=marks.fractions.get(question),
            )
            for question, response in one.answers.items()
        )
        count += 1
    db.flush()
    return count
