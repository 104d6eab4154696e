"""Keeping answers: each save is numbered, may come twice or late, and never overwrites what its sender has not seen."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.assessment import queries, rules
from app.assessment.actions.finishing import finish, for_update, is_over
from app.assessment.models import Answer, AnswerSave, Attempt
from app.assessment.queries import AttemptView
from app.assessment.rules import AttemptState, Outcome, Sent
from app.catalog import queries as catalog
from app.kit import clock, limits
from app.kit.actor import Actor
from app.kit.errors import Conflict, Forbidden, Invalid, KitError, NotFound, TooMany
from app.kit.i18n import N_

HANDED_IN = N_("You have already handed in this quiz.")
TIME_IS_UP = N_("The time for this quiz is up. What you had saved until then counts.")


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of a save. `revision` is the answer's as it stands, `saved_at` when that was written;
    `seconds_left` is None where there is no limit. `why` is the reason of one that came too late."""

    outcome: Outcome
    revision: int
    saved_at: datetime
    seconds_left: int | None
    why: str = ""


def save(
    db: Session,
    actor: Actor,
    *,
    attempt: AttemptView,
    question: str,
    response: Mapping[str, Any] | None,
    flagged: bool,
    sent: Sent | None = None,
) -> Saved:
    """Keep an answer. Once this has been committed it is never lost; what is not kept stays in the list of saves.

    The same save a second time gets the same reply; the same number with other content is refused (Invalid). Without
    a `response` only the flag is kept, and what was answered stays. A file never comes this way: the response would
    name it by its content's address, and who could write addresses could read what others handed in.
    """
    sent = _named(sent or Sent())
    asked, body = question_of(db, attempt, question)
    clean = None if response is None else rules.clean(body, asked.options, response)
    row = for_update(db, attempt)
    if row.state is AttemptState.OPEN:
        _go_to(row, attempt, question)
        clean = _unless_settled(db, row, attempt, question, body, clean)
    said = (question, clean, flagged)
    before = db.scalar(
        select(AnswerSave).where(
            AnswerSave.attempt_id == row.id, AnswerSave.tab == sent.tab, AnswerSave.sequence == sent.sequence
        )
    )
    if before is not None:
        if (before.question, before.response, before.flagged) != said:
            raise Invalid(sequence=KitError(N_("This save was sent before with another answer.")))
        why = "" if before.outcome is not Outcome.LATE else HANDED_IN
        return Saved(before.outcome, before.revision, before.saved_at, _left(row), why)
    why = _too_late(db, actor, row, attempt)
    answer = db.get(Answer, (row.id, question), populate_existing=True)
    outcome = Outcome.LATE if why else _judge(db, row, answer, question, clean, sent)
    if not outcome.stands:
        _hold_number_of_lost(db, row)
    if outcome is Outcome.KEPT:
        answer = keep(db, row, question, clean, flagged)
    now = clock.now()
    _note(db, row, question, sent, outcome, clean, flagged, answer.revision if answer is not None else 0)
    when = now if outcome is Outcome.KEPT or answer is None else answer.saved_at
    return Saved(outcome, answer.revision if answer is not None else 0, when, _left(row), why)


def attach(db: Session, actor: Actor, *, attempt: AttemptView, question: str, name: str, blob: str, size: int) -> None:
    """Keep a file as the answer; it lies in the store already."""
    row = open_for_update(db, attempt)
    _, body = question_of(db, attempt, question)
    if body["type"] != "upload":
        raise Forbidden(N_("This question is not answered with a file."))
    _go_to(row, attempt, question)
    response = {"file": {"blob": blob, "name": name, "size": size}}
    answer = keep(db, row, question, response, None)
    _note(db, row, question, _named(Sent()), Outcome.KEPT, response, None, answer.revision)


def go_on(db: Session, actor: Actor, *, attempt: AttemptView, place: int) -> None:
    """Leave question `place` (from 1) behind, where there is no way back; elsewhere nothing happens."""
    row = open_for_update(db, attempt)
    if row.reached and row.reached <= place:
        row.reached = place + 1
        db.flush()


def _go_to(row: Attempt, attempt: AttemptView, question: str) -> None:
    """Where there is no way back, a question that lies behind is not answered any more."""
    if not row.reached:
        return
    place = next(n for n, one in enumerate(attempt.asked, 1) if one.question == question)
    if place < row.reached:
        raise Conflict(N_("In this quiz there is no way back: that question is behind you."))
    row.reached = place


def _unless_settled(
    db: Session,
    row: Attempt,
    attempt: AttemptView,
    question: str,
    body: Mapping[str, Any],
    clean: dict[str, Any] | None,
) -> dict[str, Any] | None:
    """What was checked to the end stays: otherwise what was told about it could be typed in."""
    answer = db.get(Answer, (row.id, question), populate_existing=True)
    if answer is None or not answer.tries:
        return clean
    return None if rules.is_settled(answer.tries, body, queries.rules_of(db, attempt).tries) else clean


def _named(sent: Sent) -> Sent:
    """A sender without a name speaks once."""
    if sent.tab:
        return Sent(sent.tab[: limits.TAB_CHARACTERS], sent.sequence, sent.base)
    return Sent(f"-{secrets.token_urlsafe(9)}", 1, sent.base)


def _judge(
    db: Session, row: Attempt, answer: Answer | None, question: str, clean: dict[str, Any] | None, sent: Sent
) -> Outcome:
    mine = (
        AnswerSave.attempt_id == row.id,
        AnswerSave.question == question,
        AnswerSave.tab == sent.tab,
        AnswerSave.outcome == Outcome.KEPT,
    )
    revisions, own_last = db.execute(
        select(
            func.count(AnswerSave.revision.distinct()).filter(AnswerSave.revision > (sent.base or 0)),
            func.coalesce(func.max(AnswerSave.sequence), 0),
        ).where(*mine)
    ).one()
    stands = answer.revision if answer is not None else 0
    outcome = rules.judge(sent, stands=stands, own_since=revisions, own_last=own_last)
    if outcome is not Outcome.ELSEWHERE or answer is None or clean is None:
        return outcome
    if answer.response == clean:  # who says what stands already has lost nothing to the other tab
        return Outcome.KEPT
    return Outcome.OLDER if clean == _shown(db, row, question, sent.base) else outcome


def _shown(db: Session, row: Attempt, question: str, base: int | None) -> dict[str, Any] | None:
    """The answer as the sender's page has shown it: who sends that back unchanged has said nothing new."""
    return db.scalar(
        select(AnswerSave.response)
        .where(
            AnswerSave.attempt_id == row.id,
            AnswerSave.question == question,
            AnswerSave.revision == base,
            AnswerSave.outcome == Outcome.KEPT,
            AnswerSave.response.is_not(None),
        )
        .limit(1)
    )


def _note(
    db: Session,
    row: Attempt,
    question: str,
    sent: Sent,
    outcome: Outcome,
    response: dict[str, Any] | None,
    flagged: bool | None,
    revision: int,
) -> None:
    db.add(
        AnswerSave(
            attempt_id=row.id,
            question=question,
            tab=sent.tab,
            sequence=sent.sequence,
            base=sent.base,
            revision=revision,
            outcome=outcome,
            response=response,
            flagged=flagged,
            saved_at=clock.now(),
        )
    )
    db.flush()


def _hold_number_of_lost(db: Session, row: Attempt) -> None:
    """Saves that are not kept are listed too, but not without end."""
    lost = db.scalar(
        select(func.count())
        .select_from(AnswerSave)
        .where(AnswerSave.attempt_id == row.id, AnswerSave.outcome.in_((Outcome.ELSEWHERE, Outcome.LATE)))
    )
    if (lost or 0) >= limits.LOST_SAVES:
        raise TooMany(N_("This was sent too often. Open the page again."), retry_seconds=60)


def question_of(db: Session, attempt: AttemptView, question: str) -> tuple[rules.Asked, Mapping[str, Any]]:
    asked = next((one for one in attempt.asked if one.question == question), None)
    if asked is None:
        raise NotFound(N_("There is no such question in this attempt."))
    return asked, catalog.revisions(db, [asked.revision])[asked.revision].body


def keep(db: Session, row: Attempt, question: str, response: dict[str, Any] | None, flagged: bool | None) -> Answer:
    """Write an answer row; None leaves what is there."""
    answer, now = db.get(Answer, (row.id, question), populate_existing=True), clock.now()
    if answer is None:
        answer = Answer(
            attempt_id=row.id,
            question=question,
            response=response or {},
            flagged=bool(flagged),
            revision=1,
            hints=0,
            tries=[],
            waiting=False,
            saved_at=now,
        )
        db.add(answer)
    else:
        response = answer.response if response is None else response
        flagged = answer.flagged if flagged is None else flagged
        if answer.response != response or answer.flagged != flagged:
            answer.response, answer.flagged = response, flagged
            answer.revision, answer.saved_at = answer.revision + 1, now
    db.flush()
    return answer


def _too_late(db: Session, actor: Actor, row: Attempt, attempt: AttemptView) -> str:
    """Why nothing can be saved any more, or nothing. What is out of time is handed in on this occasion."""
    if row.state is AttemptState.FINISHED:
        return HANDED_IN
    if is_over(db, row):
        finish(db, actor, row, attempt)
        return TIME_IS_UP
    return ""


def open_for_update(db: Session, attempt: AttemptView) -> Attempt:
    """The locked row of an attempt that may still be changed; Conflict when it may not."""
    row = for_update(db, attempt)
    if row.state is AttemptState.FINISHED:
        raise Conflict(HANDED_IN)
    if is_over(db, row):
        raise Conflict(TIME_IS_UP)
    return row


def _left(row: Attempt) -> int | None:
    if row.deadline_at is None:
        return None
    return max(0, int((row.deadline_at - clock.now()).total_seconds()))
