"""Who is behind, who has reached a step of the ladder, and what was said to them already."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.orm import Session, aliased

from app.accounts.models import Person
from app.accounts.rules import PersonState
from app.catalog.models import Course
from app.learning.models import Enrolment
from app.learning.rules import DUE_SOON_DAYS, RunState
from app.organisations.models import Organisation
from app.organisations.queries import OrganisationCard, below
from app.requirements import rules
from app.requirements.models import Assignment, Reminder

UNFINISHED = (RunState.ENROLLED, RunState.STARTED)


@dataclass(frozen=True, slots=True)
class Behind:
    """One unfinished run that is overdue or due within fourteen days."""

    enrolment_id: int
    person_id: int
    course_id: int
    due_on: date
    has_email: bool
    reminded_at: datetime | None


def _behind(today: date) -> ColumnElement[bool]:
    return and_(
        Enrolment.required.is_(True),
        Enrolment.state.in_(UNFINISHED),
        Enrolment.due_on <= today + timedelta(days=DUE_SOON_DAYS),
        Person.state != PersonState.DISABLED,
    )


def behind(
    db: Session, path: str, *, today: date, course_id: int | None = None, person_id: int | None = None
) -> tuple[Behind, ...]:
    """Who would be reminded at or below a place, and when each was last reminded."""
    last = select(func.max(Reminder.sent_at)).where(Reminder.enrolment_id == Enrolment.id).scalar_subquery()
    said: Any = (
        select(
            Enrolment.id, Enrolment.person_id, Enrolment.course_id, Enrolment.due_on, Person.email.is_not(None), last
        )
        .join(Person, Person.id == Enrolment.person_id)
        .join(Organisation, Organisation.id == Enrolment.organisation_id)
        .where(below(path), _behind(today))
        .order_by(Person.sort_key, Enrolment.due_on, Enrolment.id)
    )
    if course_id is not None:
        said = said.where(Enrolment.course_id == course_id)
    if person_id is not None:
        said = said.where(Enrolment.person_id == person_id)
    return tuple(Behind(*row) for row in db.execute(said))


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many people of one place are behind, how many of them have no e-mail, and when they were last reminded."""

    people: int
    without_email: int
    reminded_at: datetime | None


def waiting_at(
    db: Session, place: OrganisationCard, *, today: date, course_id: int | None = None
) -> dict[int, Waiting]:
    """Those behind, by the organisation directly below `place` (0: at the place itself)."""
    child = aliased(Organisation)
    holds = and_(child.parent_id == place.id, func.substr(Organisation.path, 1, func.length(child.path)) == child.path)
    last = (
        select(Reminder.enrolment_id.label("enrolment_id"), func.max(Reminder.sent_at).label("sent_at"))
        .group_by(Reminder.enrolment_id)
        .subquery()
    )
    key = func.coalesce(child.id, 0)
    without = case((Person.email.is_(None), Person.id))
    said = (
        select(
            key,
            func.count(func.distinct(Enrolment.person_id)),
            func.count(func.distinct(without)),
            func.max(last.c.sent_at),
        )
        .select_from(Enrolment)
        .join(Person, Person.id == Enrolment.person_id)
        .join(Organisation, Organisation.id == Enrolment.organisation_id)
        .outerjoin(child, holds)
        .outerjoin(last, last.c.enrolment_id == Enrolment.id)
        .where(below(place.path), _behind(today))
        .group_by(key)
    )
    if course_id is not None:
        said = said.where(Enrolment.course_id == course_id)
    return {row[0]: Waiting(*row[1:]) for row in db.execute(said)}


@dataclass(frozen=True, slots=True)
class Due:
    """One unfinished required run near or past its date, and when its learner was told of it."""

    enrolment_id: int
    person_id: int
    course_id: int
    due_on: date
    has_email: bool
    told_at: datetime


def due_runs(db: Session, today: date) -> tuple[Due, ...]:
    """Every unfinished required run that has a ladder step today or behind it."""
    told = select(func.max(Assignment.assigned_at)).where(Assignment.enrolment_id == Enrolment.id).scalar_subquery()
    said: Any = (
        select(
            Enrolment.id,
            Enrolment.person_id,
            Enrolment.course_id,
            Enrolment.due_on,
            Person.email.is_not(None),
            func.coalesce(told, Enrolment.enrolled_at, type_=Enrolment.enrolled_at.type),
        )
        .join(Person, Person.id == Enrolment.person_id)
        .where(
            Enrolment.required.is_(True),
            Enrolment.state.in_(UNFINISHED),
            Enrolment.due_on <= today + timedelta(days=max(rules.LADDER)),
            Person.state != PersonState.DISABLED,
        )
        .order_by(Enrolment.person_id, Enrolment.due_on, Enrolment.id)
    )
    return tuple(Due(*row) for row in db.execute(said))


def occasions_said(db: Session, occasions: Sequence[str]) -> set[tuple[int, str]]:
    """Which of these occasions were already said, by enrolment."""
    rows = db.execute(
        select(Reminder.enrolment_id, Reminder.occasion).where(Reminder.occasion.in_(sorted(set(occasions))))
    )
    return {(row[0], row[1]) for row in rows}


def mailed_since(db: Session, since: datetime) -> set[int]:
    """The people who were reminded by mail since a moment."""
    said = (
        select(Enrolment.person_id)
        .join(Reminder, Reminder.enrolment_id == Enrolment.id)
        .where(Reminder.sent_at >= since, Reminder.by_mail.is_(True))
    )
    return set(db.scalars(said))


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A run as a reminder lists it."""

    enrolment_id: int
    person_id: int
    course_id: int
    course_slug: str
    due_on: date


def unfinished(db: Session, enrolment_ids: Iterable[int]) -> tuple[Unfinished, ...]:
    """Those of these runs that still wait: who has finished meanwhile is not reminded."""
    said: Any = (
        select(Enrolment.id, Enrolment.person_id, Course.id, Course.slug, Enrolment.due_on)
        .join(Course, Course.id == Enrolment.course_id)
        .where(
            Enrolment.id.in_(sorted(set(enrolment_ids))),
            Enrolment.state.in_(UNFINISHED),
            Enrolment.due_on.is_not(None),
        )
        .order_by(Enrolment.person_id, Enrolment.due_on, Enrolment.id)
    )
    return tuple(Unfinished(*row) for row in db.execute(said))
