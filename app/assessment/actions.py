"""Taking a quiz: start, answer, hand in, and close what has run out of time."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.assessment import queries, rules
from app.assessment.models import Answer, Attempt
from app.assessment.queries import AttemptView
from app.assessment.rules import AttemptState
from app.catalog import queries as catalog
from app.kit import clock, i18n
from app.kit.actor import SYSTEM, Actor
from app.kit.errors import Conflict, Invalid, NotFound
from app.kit.i18n import N_
from app.learning import actions as learning
from app.learning import queries as runs
from app.learning.models import Enrolment
from app.learning.queries import CourseRun

MAX_TEXT = 2000


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
    db: Session, actor: Actor, *, attempt: AttemptView, question: str, response: Mapping[str, Any], flagged: bool
) -> None:
    """Keep an answer. Once this has been committed it is never lost."""
    row = _open_for_update(db, attempt)
    asked = next((one for one in attempt.asked if one.question == question), None)
    if asked is None:
        raise NotFound(N_("There is no such question in this attempt."))
    clean = _clean(asked, response)
    answer = db.get(Answer, (row.id, question))
    now = clock.now()
    if answer is None:
        db.add(Answer(attempt_id=row.id, question=question, response=clean, flagged=flagged, revision=1, saved_at=now))
    elif answer.response != clean or answer.flagged != flagged:
        answer.response, answer.flagged = clean, flagged
        answer.revision, answer.saved_at = answer.revision + 1, now
    db.flush()


def _clean(asked: rules.Asked, response: Mapping[str, Any]) -> dict[str, Any]:
    """Only what a question can be answered with: options it has, or a text of bearable length."""
    if asked.options:
        chosen = [one for one in response.get("options", []) if one in asked.options]
        return {"options": sorted(set(chosen))}
    text = str(response.get("text", "")).strip()
    if len(text) > MAX_TEXT:
        raise Invalid(answer=N_("Use at most 2,000 characters."))
    return {"text": text}


def _open_for_update(db: Session, attempt: AttemptView) -> Attempt:
    row = db.scalar(
        select(Attempt).where(Attempt.id == attempt.id).with_for_update().execution_options(populate_existing=True)
    )
    assert row is not None
    if row.state is AttemptState.FINISHED:
        raise Conflict(N_("You have already handed in this quiz."))
    if rules.is_over(row.deadline_at, clock.now()):
        raise Conflict(N_("The time for this quiz is up. What you had saved until then counts."))
    return row


def submit(db: Session, actor: Actor, *, attempt: AttemptView) -> None:
    """Hand in an attempt and mark it. A second time changes nothing."""
    row = db.scalar(
        select(Attempt).where(Attempt.id == attempt.id).with_for_update().execution_options(populate_existing=True)
    )
    assert row is not None
    if row.state is AttemptState.OPEN:
        _finish(db, actor, row, attempt)


def _finish(db: Session, actor: Actor, row: Attempt, attempt: AttemptView) -> None:
    now = clock.now()
    over = rules.is_over(row.deadline_at, now)
    row.state = AttemptState.FINISHED
    row.finished_at = row.deadline_at if over else now
    bodies = catalog.revisions(db, {one.revision for one in attempt.asked})
    answers = {one.question: one for one in db.scalars(select(Answer).where(Answer.attempt_id == row.id))}
    score = 0.0
    for one in attempt.asked:
        answer = answers.get(one.question)
        if answer is not None:
            answer.fraction = rules.grade(bodies[one.revision].body, answer.response)
            score += answer.fraction * one.points
    held_to = queries.quiz_rules(db, row.version_id, row.quiz)
    row.score = round(score, 6)
    row.passed = rules.passes(score, row.max_score, held_to.pass_percent)
    db.flush()
    if held_to.counts:
        _tell_learning(db, actor, row, attempt, held_to)


def _tell_learning(db: Session, actor: Actor, row: Attempt, attempt: AttemptView, held_to: rules.QuizRules) -> None:
    """One `quiz.graded` per marking. What counts is decided over all attempts, and passed stays passed."""
    run = runs.run_by_enrolment(db, attempt.person_id, row.enrolment_id)
    assert run is not None
    lines = [one for one in queries.attempts_at(db, row.enrolment_id, row.quiz) if one.score is not None]
    shares = [(one.score or 0.0) / one.max_score if one.max_score else 0.0 for one in lines]
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
        key=f"attempt:{row.id}:graded:1",
    )


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
