"""Taking a quiz: start, and ask for a hint. Answers are kept next door, and so is the end."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts import actions as accounts
from app.accounts.rules import ANSWER_FILES
from app.assessment import queries, rules
from app.assessment.actions.answers import keep, open_for_update, question_of
from app.assessment.actions.finishing import close_expired
from app.assessment.models import Answer, Attempt
from app.assessment.queries import AttemptView
from app.assessment.rules import AttemptState
from app.catalog import queries as catalog
from app.kit import clock, i18n
from app.kit.actor import Actor
from app.kit.errors import Conflict, Forbidden, TooMany
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
    mine = (Attempt.enrolment_id == run.enrolment_id, Attempt.quiz == quiz, Attempt.repeats_id.is_(None))
    if (key := db.scalar(select(Attempt.key).where(*mine, is_open))) is not None:
        return key
    held_to = queries.quiz_rules(db, run.version_id, quiz)
    now = clock.now()
    used, terms = room_for_one(db, run, quiz, held_to, at=now)
    seed = secrets.randbits(32) if seed is None else seed
    asked = draw(db, version_id=run.version_id, quiz=quiz, seed=seed)
    row = Attempt(
        key=secrets.token_urlsafe(12),
        enrolment_id=run.enrolment_id,
        version_id=run.version_id,
        quiz=quiz,
        number=used + 1,
        lang=i18n.language(),
        questions=[{**asdict(one), "options": list(one.options)} for one in asked],
        started_at=now,
        deadline_at=terms.deadline(now),
        seconds=terms.seconds,
        grace=held_to.grace,
        reached=1 if held_to.sequential else 0,
        max_score=sum(one.points for one in asked),
    )
    db.add(row)
    db.flush()
    return row.key


REFUSALS = {
    "early": N_("This quiz opens %(moment)s."),
    "closed": N_("This quiz closed %(moment)s."),
    "waiting": N_("The next attempt may begin %(moment)s."),
}


def room_for_one(
    db: Session, run: CourseRun, quiz: str, held_to: rules.QuizRules, *, at: datetime
) -> tuple[int, rules.Terms]:
    """How many attempts this run has used at a quiz, and its terms; Conflict where none may begin at this moment."""
    assert run.enrolment_id is not None
    mine = (Attempt.enrolment_id == run.enrolment_id, Attempt.quiz == quiz, Attempt.repeats_id.is_(None))
    used, last = db.execute(select(func.count(), func.max(Attempt.finished_at)).where(*mine)).one()
    terms = queries.terms(db, course_id=run.course_id, quiz=quiz, rules=held_to, enrolment_id=run.enrolment_id)
    if terms.left(used) == 0:
        raise Conflict(N_("You have used all your attempts at this quiz. Write to the course's contact."))
    why, when = rules.refusal(terms, now=at, finished=last, delay=held_to.delay)
    if when is not None:
        raise Conflict(REFUSALS[why], moment=i18n.moment(when))
    return used, terms


def draw(db: Session, *, version_id: int, quiz: str, seed: int) -> tuple[rules.Asked, ...]:
    """What one attempt at a quiz of a version asks, in its order: the same for the same seed."""
    stored = catalog.quiz(db, version_id, quiz)
    held_to = queries.rules_in(stored)
    wanted = {revision for item in stored.items for revision in _members(item)}
    bodies = {revision: one.body for revision, one in catalog.revisions(db, wanted).items()}
    # What was found wrong and counts for nobody is not asked any more.
    corrections = queries.corrections_at(db, version_id, {body["id"] for body in bodies.values()})
    void = {one for made in corrections if made.change.how is rules.How.VOID for one in made.revisions}
    return rules.lay_out(
        rules.without(stored.items, frozenset(void)),
        bodies,
        shuffle=held_to.shuffle,
        seed=seed,
        sections=held_to.sections,
        marked=not held_to.is_survey,
    )


def _members(item: Mapping[str, Any]) -> list[str]:
    return [item["revision"]] if item["kind"] == "question" else list(item["members"])


def count_file(db: Session, actor: Actor) -> None:
    """Before a file is stored: one more, unless this person has sent too many in a short time."""
    wait = accounts.take(db, accounts.throttle_key("answer-file", str(actor.id)), ANSWER_FILES)
    if wait:
        raise TooMany(N_("You have sent many files in a short time. Try again in an hour."), retry_seconds=wait)


def take_hint(db: Session, actor: Actor, *, attempt: AttemptView, question: str) -> None:
    """Show one hint more, where the quiz gives hints; what it costs is taken off when the answer is marked."""
    row = open_for_update(db, attempt)
    _, body = question_of(db, attempt, question)
    if not queries.rules_of(db, attempt).hints:
        raise Forbidden(N_("This test gives no hints."))
    answer = db.get(Answer, (row.id, question)) or keep(db, row, question, {}, False)
    answer.hints = min(answer.hints + 1, hint_count(body))
    db.flush()


def hint_count(body: Mapping[str, Any]) -> int:
    return max(len(words.get("hints", ())) for words in body["texts"].values())
