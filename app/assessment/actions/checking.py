"""Checking one answer before the whole is handed in, and trying again."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.assessment import queries, rules
from app.assessment.actions.answers import open_for_update, question_of
from app.assessment.models import Answer
from app.assessment.queries import AttemptView
from app.kit.actor import Actor
from app.kit.errors import Forbidden, Invalid
from app.kit.i18n import N_


def check_answer(db: Session, actor: Actor, *, attempt: AttemptView, question: str) -> None:
    """Check what is saved as the answer. One that is not right shows the next hint, and costs what a hint costs.

    Checking the same answer twice is one try, so that a second click takes nothing away.
    """
    row = open_for_update(db, attempt)
    _, body = question_of(db, attempt, question)
    held_to = queries.rules_of(db, attempt)
    if not held_to.tries:
        raise Forbidden(N_("In this quiz answers are not checked one by one."))
    if rules.is_by_hand(body) or not rules.is_graded(body):
        return
    answer = db.get(Answer, (row.id, question))
    if answer is None or not rules.is_answered(answer.response):
        raise Invalid(answer=N_("Answer the question before you check it."))
    if rules.is_settled(answer.tries, body, held_to.tries) or (answer.tries and answer.tries[-1] == answer.response):
        return
    answer.tries = [*answer.tries, answer.response]
    if not rules.is_settled(answer.tries, body, held_to.tries):
        answer.hints += 1
    db.flush()
