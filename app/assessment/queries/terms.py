"""What somebody may do at one quiz, what they need everywhere, and what was set for whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, String, and_, cast, func, or_, select
from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.assessment.models import AccommodationRow, Attempt, ExtraAttempt, OverrideRow
from app.assessment.queries.attempts import AttemptView, attempts_at
from app.assessment.rules import Accommodation, AttemptState, Override, QuizRules, Shown, Terms, shown, terms_of
from app.kit import clock
from app.learning.models import Enrolment
from app.organisations.models import Organisation
from app.organisations.queries import said_name


@dataclass(frozen=True, slots=True)
class OverrideLine:
    """One override in a list: `name` is the person's or the organisation's, `path` where they are in the tree."""

    id: int
    course_id: int
    quiz: str
    person_id: int | None
    name: str
    path: str
    terms: Override
    set_at: datetime


def accommodation(db: Session, person_id: int) -> Accommodation | None:
    """What this person needs in every quiz; None where nothing is set."""
    row = db.get(AccommodationRow, person_id)
    return Accommodation(row.time_factor, row.extra_attempts) if row is not None else None


def terms(db: Session, *, enrolment_id: int, course_id: int, quiz: str, rules: QuizRules) -> Terms:
    """What this run may do at this quiz now: its rules, the overrides that reach the person, what they need, and the
    attempts that a trainer has given."""
    return terms_of_many(db, {enrolment_id: rules}, course_id=course_id, quiz=quiz)[enrolment_id]


def terms_of_many(db: Session, runs: Mapping[int, QuizRules], *, course_id: int, quiz: str) -> dict[int, Terms]:
    """The same of several runs, each with the rules it is held to, in one statement."""
    reaches = or_(
        OverrideRow.person_id == Person.id,
        Organisation.path.contains("/" + cast(OverrideRow.organisation_id, String) + "/"),
    )
    given = (
        select(func.count(ExtraAttempt.id))
        .where(ExtraAttempt.enrolment_id == Enrolment.id, ExtraAttempt.quiz == quiz)
        .scalar_subquery()
    )
    rows = db.execute(
        select(Enrolment.id, AccommodationRow.time_factor, AccommodationRow.extra_attempts, given, OverrideRow)
        .join(Person, Person.id == Enrolment.person_id)
        .outerjoin(Organisation, Organisation.id == Person.organisation_id)
        .outerjoin(AccommodationRow, AccommodationRow.person_id == Person.id)
        .outerjoin(OverrideRow, and_(OverrideRow.course_id == course_id, OverrideRow.quiz == quiz, reaches))
        .where(Enrolment.id.in_(list(runs)))
        .order_by(Enrolment.id, OverrideRow.id)
    ).all()
    found: dict[int, Terms] = {}
    for run, group in groupby(rows, key=lambda row: int(row[0])):
        said: list[Any] = list(group)
        factor, extra, more = said[0][1:4]
        needs = None if factor is None else Accommodation(factor, extra)
        changes = [_override(row[4]) for row in said if row[4] is not None]
        found[run] = terms_of(runs[run], changes, needs, given=more or 0)
    return found


def shown_of(db: Session, view: AttemptView, rules: QuizRules) -> tuple[Shown, int | None]:
    """What its learner may see of a finished attempt now, and how many attempts are left (None: any number)."""
    if view.repeats:
        return shown(rules, passed=False, left=None, finished_at=view.finished_at, now=clock.now()), None
    held_to = terms(
        db,
        course_id=view.course_id,
        quiz=view.quiz,
        rules=rules,
        enrolment_id=view.enrolment_id,
    )
    left = held_to.left(len(attempts_at(db, view.enrolment_id, view.quiz)))
    said = shown(
        rules,
        passed=bool(view.passed),
        left=left,
        finished_at=view.finished_at,
        now=clock.now(),
        closes_at=held_to.closes_at,
    )
    return said, left


def overrides(db: Session, course_id: int, quiz: str | None = None) -> tuple[OverrideLine, ...]:
    """Every override at the quizzes of a course, by quiz; organisations before people, each by name."""
    at = OverrideRow.course_id == course_id
    return _lines(db, at if quiz is None else and_(at, OverrideRow.quiz == quiz))


def override_line(db: Session, override_id: int) -> OverrideLine | None:
    return next(iter(_lines(db, OverrideRow.id == override_id)), None)


def _lines(db: Session, where: ColumnElement[bool]) -> tuple[OverrideLine, ...]:
    said = (
        select(OverrideRow, Person.given_name, Person.family_name, said_name(), Organisation.path)
        .outerjoin(Person, Person.id == OverrideRow.person_id)
        .outerjoin(
            Organisation,
            (Organisation.id == OverrideRow.organisation_id) | (Organisation.id == Person.organisation_id),
        )
        .where(where)
        .order_by(
            OverrideRow.quiz, OverrideRow.person_id.is_not(None), Organisation.sort_key, Person.sort_key, OverrideRow.id
        )
    )
    return tuple(
        OverrideLine(
            id=row.id,
            course_id=row.course_id,
            quiz=row.quiz,
            person_id=row.person_id,
            name=f"{given} {family}" if row.person_id is not None else str(name or ""),
            path=str(path or ""),
            terms=_override(row),
            set_at=row.set_at,
        )
        for row, given, family, name, path in db.execute(said)
    )


def open_attempts(db: Session, person_ids: list[int], *, course_id: int | None = None) -> list[int]:
    """Ids of the attempts these people have open, whose time may change."""
    said = (
        select(Attempt.id)
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .where(Enrolment.person_id.in_(person_ids), Attempt.state == AttemptState.OPEN, Attempt.repeats_id.is_(None))
        .order_by(Attempt.id)
    )
    return list(db.scalars(said if course_id is None else said.where(Enrolment.course_id == course_id)))


def _override(row: OverrideRow) -> Override:
    return Override(
        personal=row.person_id is not None,
        opens_at=row.opens_at,
        closes_at=row.closes_at,
        seconds=row.seconds,
        attempts=row.attempts,
    )
