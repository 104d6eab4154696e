"""Taking a quiz: start, answer, ask for a hint, hand in, and close what has run out of time."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts import actions as accounts
from app.accounts.rules import ANSWER_FILES
from app.assessment import queries, rules
from app.assessment.actions.results import tell_learning
from app.assessment.models import Answer, Attempt
from app.assessment.queries import AttemptView
from app.assessment.rules import AttemptState
from app.catalog import queries as catalog
from app.kit import clock, i18n
from app.kit.actor import SYSTEM, Actor
from app.kit.errors import Conflict, Forbidden, NotFound, TooMany
from app.kit.i18n import N_
from app.learning.models import Enrolment
from app.learning.queries import CourseRun


def start(db: Session, actor: Actor, *, run: CourseRun, quiz: str, seed: int | None = None) -> str:
    """Begin an attempt, or go on with the one that is open; answers its key."""
    assert run.enrolment_id is not None
    # One start at a time per run: the second click finds the attempt that the first one opened.
    db.execute(select(Enrolment.id).where(Enrolment.id == run.enrolment_id).with_for_update())
    close_expired(db, run.enrolment_id)
    is_open = Attempt.state == AttemptState.OPEN
    mine = (Attempt.enrolment_id == run.enrolment_id, Attempt.quiz == quiz)
    if (key := db.scalar(select(Attempt.key).where(*mine, is_open))) is not None:
        return key
    stored = catalog.quiz(db, run.version_id, quiz)
    held_to = queries.quiz_rules(db, run.version_id, quiz)
    used = db.scalar(select(func.count()).select_from(Attempt).where(*mine)) or 0
    if rules.attempts_left(held_to, used) == 0:
        raise Conflict(N_("You have used all your attempts at this quiz. Write to the course's contact."))
    wanted = {revision for item in stored.items for revision in _members(item)}
    bodies = {revision: one.body for revision, one in catalog.revisions(db, wanted).items()}
    asked = rules.lay_out(
        stored.items, bodies, shuffle=held_to.shuffle, seed=secrets.randbits(32) if seed is None else seed
    )
    now = clock.now()
    row = Attempt(
        key=secrets.token_urlsafe(12),
        enrolment_id=run.enrolment_id,
        version_id=run.version_id,
        quiz=quiz,
        number=used + 1,
        lang=i18n.language(),
        questions=[{**asdict(one), "options": list(one.options)} for one in asked],
        started_at=now,
        deadline_at=now + timedelta(seconds=held_to.seconds) if held_to.seconds else None,
        max_score=sum(one.points for one in asked),
    )
    db.add(row)
    db.flush()
    return row.key


def _members(item: Mapping[str, Any]) -> list[str]:
    return [item["revision"]] if item["kind"] == "question" else list(item["members"])


def save(
    db: Session,
    actor: Actor,
    *,
    attempt: AttemptView,
    question: str,
    response: Mapping[str, Any] | None,
    flagged: bool,
) -> None:
    """Keep an answer. Once this has been committed it is never lost.

    Without a `response` only the flag is kept, and what was answered stays. A file never comes this way: the response
    would name it by its content's address, and who could write addresses could read what others handed in.
    """
    row = _open_for_update(db, attempt)
    asked, body = _question(db, attempt, question)
    clean = None if response is None else rules.clean(body, asked.options, response)
    _keep(db, row, question, clean, flagged)


def attach(db: Session, actor: Actor, *, attempt: AttemptView, question: str, name: str, blob: str, size: int) -> None:
    """Keep a file as the answer; it lies in the store already."""
    row = _open_for_update(db, attempt)
    _, body = _question(db, attempt, question)
    if body["type"] != "upload":
        raise Forbidden(N_("This question is not answered with a file."))
    _keep(db, row, question, {"file": {"blob": blob, "name": name, "size": size}}, None)


def count_file(db: Session, actor: Actor) -> None:
    """Before a file is stored: one more, unless this person has sent too many in a short time."""
    wait = accounts.take(db, accounts.throttle_key("answer-file", str(actor.id)), ANSWER_FILES)
    if wait:
        raise TooMany(N_("You have sent many files in a short time. Try again in an hour."), retry_seconds=wait)


def take_hint(db: Session, actor: Actor, *, attempt: AttemptView, question: str) -> None:
    """Show one hint more, where the quiz gives hints; what it costs is taken off when the answer is marked."""
    row = _open_for_update(db, attempt)
    _, body = _question(db, attempt, question)
    if not queries.quiz_rules(db, row.version_id, row.quiz).hints:
        raise Forbidden(N_("This test gives no hints."))
    answer = db.get(Answer, (row.id, question)) or _keep(db, row, question, {}, False)
    answer.hints = min(answer.hints + 1, hint_count(body))
    db.flush()


def hint_count(body: Mapping[str, Any]) -> int:
    return max(len(words.get("hints", ())) for words in body["texts"].values())


def _question(db: Session, attempt: AttemptView, question: str) -> tuple[rules.Asked, Mapping[str, Any]]:
    asked = next((one for one in attempt.asked if one.question == question), None)
    if asked is None:
        raise NotFound(N_("There is no such question in this attempt."))
    return asked, catalog.revisions(db, [asked.revision])[asked.revision].body


def _keep(db: Session, row: Attempt, question: str, response: dict[str, Any] | None, flagged: bool | None) -> Answer:
    """Write an answer row; None leaves what is there."""
    answer, now = db.get(Answer, (row.id, question)), clock.now()
    if answer is None:
        answer = Answer(
            attempt_id=row.id,
            question=question,
            response=response or {},
            flagged=bool(flagged),
            revision=1,
            hints=0,
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


def _for_update(db: Session, attempt: AttemptView) -> Attempt:
    row = db.scalar(
        select(Attempt).where(Attempt.id == attempt.id).with_for_update().execution_options(populate_existing=True)
    )
    assert row is not None
    return row


def _open_for_update(db: Session, attempt: AttemptView) -> Attempt:
    row = _for_update(db, attempt)
    if row.state is AttemptState.FINISHED:
        raise Conflict(N_("You have already handed in this quiz."))
    if rules.is_over(row.deadline_at, clock.now()):
        raise Conflict(N_("The time for this quiz is up. What you had saved until then counts."))
    return row


def submit(db: Session, actor: Actor, *, attempt: AttemptView) -> None:
    """Hand in an attempt and mark it. A second time changes nothing."""
    row = _for_update(db, attempt)
    if row.state is AttemptState.OPEN:
        _finish(db, actor, row, attempt)


def _finish(db: Session, actor: Actor, row: Attempt, attempt: AttemptView) -> None:
    now = clock.now()
    over = rules.is_over(row.deadline_at, now)
    row.state = AttemptState.FINISHED
    row.finished_at = row.deadline_at if over else now
    bodies = catalog.revisions(db, {one.revision for one in attempt.asked})
    answers = {one.question: one for one in db.scalars(select(Answer).where(Answer.attempt_id == row.id))}
    score, waiting = 0.0, False
    for one in attempt.asked:
        answer, body = answers.get(one.question), bodies[one.revision].body
        if answer is None or not rules.is_graded(body):
            continue
        if rules.is_by_hand(body) and rules.is_answered(answer.response):
            answer.waiting = waiting = True
            continue
        answer.fraction = rules.grade(body, answer.response, answer.hints) or 0.0
        score += answer.fraction * one.points
    held_to = queries.quiz_rules(db, row.version_id, row.quiz)
    row.score = round(score, 6)
    row.passed = None if waiting else rules.passes(score, row.max_score, held_to.pass_percent)
    db.flush()
    if held_to.counts and not waiting:
        tell_learning(db, actor, row, person_id=attempt.person_id, held_to=held_to)


def close_expired(db: Session, enrolment_id: int | None = None) -> int:
    """Hand in what has run out of time, with everything saved until then; answers how many."""
    closed = 0
    for key in queries.expired(db):
        view = queries.attempt(db, key)
        if view is None or (enrolment_id is not None and view.enrolment_id != enrolment_id):
            continue
        submit(db, SYSTEM, attempt=view)
        closed += 1
    return closed
