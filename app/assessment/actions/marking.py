"""Marking by hand: each marking is a row of its own, and the learner hears of it when all is marked."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.accounts import actions as accounts
from app.accounts import queries as people
from app.accounts.rules import NoticeKind
from app.assessment import queries, rules
from app.assessment.actions.results import tell_learning
from app.assessment.models import Answer, Attempt, Grading, MarkingRule
from app.assessment.queries import Paper
from app.catalog import queries as catalog
from app.catalog.queries import CourseHead
from app.kit import audit, clock
from app.kit.actor import Actor
from app.kit.database import upsert
from app.kit.errors import Conflict, Forbidden, Invalid, KitError
from app.kit.i18n import N_, number

MAX_COMMENT = 4000


def mark(db: Session, actor: Actor, *, paper: Paper, points: float, comment: str, known: int) -> None:
    """Give an answer its points. `known` is how many markings there were then: of two at once one is refused.

    Where a course wants a second marker, or a third one, the answer goes on waiting until they have marked it.
    """
    if not 0 <= points <= paper.asked.points:
        most = number(paper.asked.points)
        raise Invalid(points=KitError(N_("Give between 0 and %(most)s points."), most=most))
    if len(comment) > MAX_COMMENT:
        raise Invalid(comment=KitError(N_("Use at most %(limit)s characters."), limit=number(MAX_COMMENT)))
    row = db.scalar(
        select(Attempt)
        .where(Attempt.id == paper.attempt_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    answer = db.get(Answer, (paper.attempt_id, paper.question), populate_existing=True)
    assert row is not None and answer is not None
    fraction = points / paper.asked.points if paper.asked.points else 0.0
    grading = Grading(
        attempt_id=row.id,
        question=paper.question,
        number=known + 1,
        fraction=fraction,
        comment=comment,
        marker_id=actor.id,
        graded_at=clock.now(),
    )
    try:
        with db.begin_nested():
            db.add(grading)
    except IntegrityError:
        raise Conflict(N_("Somebody has marked this answer a moment ago. Look at it again.")) from None
    settled = rules.settle((*paper.marks, (actor.id, fraction)), paper.asked.points, paper.second)
    # What was marked to the end stays marked while somebody looks at it again.
    if settled.fraction is not None:
        answer.fraction, answer.waiting = settled.fraction, False
    db.flush()
    audit.say(
        db,
        actor,
        "answer.marked",
        subject=f"{paper.slug}/{paper.question}",
        organisation_id=paper.owner_id,
        attempt=row.id,
        points=points,
    )
    if settled.fraction is not None:
        _sum_up(db, actor, row, paper)


def _sum_up(db: Session, actor: Actor, row: Attempt, paper: Paper) -> None:
    """The score so far; and when nothing waits any more, whether it passed, for the run and for the learner."""
    held_to = queries.quiz_rules(db, row.version_id, row.quiz, repeats=row.repeats_id is not None)
    answers = {one.question: one for one in db.scalars(select(Answer).where(Answer.attempt_id == row.id))}
    asked = queries.asked_of(row)
    void = queries.corrected_bodies(db, asked, row.corrections)[1]
    earned = [
        rules.earned(held_to, one.points, answers[one.question].fraction, answers[one.question].response)
        for one in asked
        if one.question in answers.keys() - void
    ]
    row.score = round(max(0.0, sum(earned)), 6)
    if any(one.waiting for one in answers.values()):
        db.flush()
        return
    # Passed stays passed, whatever somebody thinks of it later.
    row.passed = bool(row.passed) or rules.passes(row.score, row.max_score, held_to.pass_percent)
    db.flush()
    markings = db.scalar(select(func.count()).where(Grading.attempt_id == row.id)) or 0
    if held_to.counts:
        tell_learning(db, actor, row, person_id=paper.person_id, held_to=held_to, marking=markings)
    lang = people.contacts(db, [paper.person_id])[paper.person_id].lang
    accounts.notify(
        db,
        paper.person_id,
        NoticeKind.MARKED,
        key=f"marked:{row.id}:{markings}",
        course=paper.slug,
        title=catalog.titles(db, [paper.course_id], lang)[paper.course_id],
        attempt=row.key,
    )


def show_names(db: Session, actor: Actor, *, course: CourseHead, shown: bool) -> None:
    """Whether those who mark answers of this course learn whose they are."""
    if not actor.covers(course.owner_path, *rules.MARKS):
        raise Forbidden(N_("Only trainers of %(owner)s may change this course."), owner=course.owner_name)
    upsert(db, MarkingRule, key={"course_id": course.id}, shows_names=shown)
    audit.say(
        db,
        actor,
        "marking.names",
        subject=course.slug,
        organisation_id=course.organisation_id,
        shown=shown,
    )


def second_marker(db: Session, actor: Actor, *, course: CourseHead, second: rules.Second) -> None:
    """Whether a second person marks each answer of this course, and what counts then."""
    if not actor.covers(course.owner_path, *rules.MARKS):
        raise Forbidden(N_("Only trainers of %(owner)s may change this course."), owner=course.owner_name)
    there = db.get(MarkingRule, course.id)
    shown = there.shows_names if there is not None else False
    upsert(db, MarkingRule, key={"course_id": course.id}, shows_names=shown, second=second)
    audit.say(
        db,
        actor,
        "marking.second",
        subject=course.slug,
        organisation_id=course.organisation_id,
        second=second.value,
    )
