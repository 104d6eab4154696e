"""Answers that were given on paper: entered by somebody else, marked as all others are."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.assessment import queries, rules
from app.assessment.actions.answers import save
from app.assessment.actions.attempts import room_for_one
from app.assessment.actions.finishing import close_expired, submit
from app.assessment.models import Attempt
from app.assessment.rules import AttemptState
from app.kit import clock
from app.kit.actor import Actor
from app.kit.errors import Conflict
from app.kit.i18n import N_
from app.learning.models import Enrolment
from app.learning.queries import CourseRun


def enter_paper(
    db: Session,
    actor: Actor,
    *,
    run: CourseRun,
    quiz: str,
    version_id: int,
    lang: str,
    asked: Sequence[rules.Asked],
    responses: Mapping[str, Mapping[str, Any]],
    began: datetime,
    ended: datetime,
) -> int:
    """Make an ordinary attempt of the answers on a sheet, hand it in and mark it; answers the attempt's id.

    `asked` is the draw that was printed, of `version_id`. `responses` by question id, in the shape that is marked; what
    is missing was left empty. Whether an attempt was left is judged for `ended`, when the answers had been given:
    Conflict where none was, or where one is open on a screen.
    """
    assert run.enrolment_id is not None
    db.execute(select(Enrolment.id).where(Enrolment.id == run.enrolment_id).with_for_update())
    close_expired(db, run.enrolment_id)
    mine = (Attempt.enrolment_id == run.enrolment_id, Attempt.quiz == quiz, Attempt.repeats_id.is_(None))
    if db.scalar(select(Attempt.id).where(*mine, Attempt.state == AttemptState.OPEN)) is not None:
        raise Conflict(
            N_(
                "This person has the same test open on a screen. It has to be handed in there before a sheet is entered."
            )
        )
    held_to = queries.quiz_rules(db, version_id, quiz)
    used, _terms = room_for_one(db, run, quiz, held_to, at=ended)
    row = Attempt(
        key=secrets.token_urlsafe(12),
        enrolment_id=run.enrolment_id,
        version_id=version_id,
        quiz=quiz,
        number=used + 1,
        lang=lang,
        questions=[{**asdict(one), "options": list(one.options)} for one in asked],
        started_at=min(began, clock.now()),
        deadline_at=None,
        seconds=None,
        grace=held_to.grace,
        reached=0,
        max_score=sum(one.points for one in asked),
        entered_by_id=actor.id or None,
    )
    db.add(row)
    db.flush()
    view = queries.attempt(db, row.key)
    assert view is not None
    for one in asked:
        if (response := responses.get(one.question)) is not None:
            save(db, actor, attempt=view, question=one.question, response=response, flagged=False)
    submit(db, actor, attempt=view)
    return row.id


def refused_now(db: Session, *, run: CourseRun, quiz: str) -> Conflict | None:
    """Why this run may not begin an attempt now; None where it may."""
    try:
        room_for_one(db, run, quiz, queries.quiz_rules(db, run.version_id, quiz), at=clock.now())
    except Conflict as refusal:
        return refusal
    return None
