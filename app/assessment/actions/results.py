"""What an attempt that has been marked to the end means for the run it belongs to."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.assessment import queries, rules
from app.assessment.models import Attempt
from app.kit.actor import Actor
from app.learning import actions as learning
from app.learning import queries as runs


def tell_learning(
    db: Session,
    actor: Actor,
    row: Attempt,
    *,
    person_id: int,
    held_to: rules.QuizRules,
    marking: int = 1,
    correction: int = 0,
) -> None:
    """One `quiz.graded` per marking. What counts is decided over all attempts, and passed stays passed.

    After a `correction` it is said of the moment when the attempt was handed in.
    """
    run = runs.run_by_enrolment(db, person_id, row.enrolment_id)
    assert run is not None
    marked = [one for one in queries.attempts_at(db, row.enrolment_id, row.quiz) if one.passed is not None]
    shares = [(one.score or 0.0) / one.max_score if one.max_score else 1.0 for one in marked]
    share = rules.final_score(shares, held_to.grading) or 0.0
    place = run.outline.quiz(run.outline.was.get(row.quiz, row.quiz))
    learning.quiz_graded(
        db,
        actor,
        run,
        quiz=row.quiz,
        page=place[0].id if place else row.quiz,
        score=round(share, 6),
        passed=rules.passes(share, 1.0, held_to.pass_percent),
        key=f"attempt:{row.id}:corrected:{correction}" if correction else f"attempt:{row.id}:graded:{marking}",
        at=row.finished_at if correction else None,
    )
