"""Reading requirements, and why a course is on somebody's list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, or_, select
from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.catalog import queries as catalog
from app.catalog.models import Course
from app.learning.models import Enrolment
from app.learning.rules import RunState
from app.organisations.models import Organisation
from app.organisations.queries import below
from app.requirements.models import Assignment, Requirement


@dataclass(frozen=True, slots=True)
class RequirementCard:
    """One requirement, and how far those whom it reached have come."""

    id: int
    key: str
    course_id: int
    course_slug: str
    course_title: str
    organisation_id: int
    organisation_code: str
    organisation_name: str
    organisation_path: str
    due_on: date
    reason: str
    legal_basis: str
    created_at: datetime
    created_by: str
    ended_at: datetime | None
    reached: int
    completed: int

    @property
    def active(self) -> bool:
        return self.ended_at is None


def requirements(
    db: Session, where: ColumnElement[bool], lang: str, *, counted: bool = True
) -> tuple[RequirementCard, ...]:
    """Requirements that `where` (over requirement and organisation) lets through: active first, the nearest date first."""
    how_many: Any = (
        select(
            Assignment.requirement_id.label("requirement_id"),
            func.count().label("reached"),
            func.sum(case((Enrolment.state == RunState.COMPLETED, 1), else_=0)).label("completed"),
        )
        .join(Enrolment, Enrolment.id == Assignment.enrolment_id)
        .group_by(Assignment.requirement_id)
        .subquery()
    )
    columns: list[Any] = [
        Requirement.id,
        Requirement.key,
        Course.id,
        Course.slug,
        Organisation.id,
        Organisation.code,
        Organisation.name,
        Organisation.name_en,
        Organisation.path,
        Requirement.due_on,
        Requirement.reason,
        Requirement.legal_basis,
        Requirement.created_at,
        Person.given_name,
        Person.family_name,
        Requirement.ended_at,
    ]
    said: Select[Any] = (
        select(*columns)
        .join(Course, Course.id == Requirement.course_id)
        .join(Organisation, Organisation.id == Requirement.organisation_id)
        .outerjoin(Person, Person.id == Requirement.created_by_id)
        .where(where)
        .order_by(Requirement.ended_at.is_not(None), Requirement.due_on, Requirement.id)
    )
    if counted:
        said = said.outerjoin(how_many, how_many.c.requirement_id == Requirement.id)
        said = said.add_columns(func.coalesce(how_many.c.reached, 0), func.coalesce(how_many.c.completed, 0))
    rows = db.execute(said).all()
    titles = catalog.titles(db, {row[2] for row in rows}, lang) if rows else {}
    return tuple(
        RequirementCard(
            id=row[0],
            key=row[1],
            course_id=row[2],
            course_slug=row[3],
            course_title=titles.get(row[2]) or row[3],
            organisation_id=row[4],
            organisation_code=row[5],
            organisation_name=row[6] if lang == "lt" else row[7] or row[6],
            organisation_path=row[8],
            due_on=row[9],
            reason=row[10],
            legal_basis=row[11],
            created_at=row[12],
            created_by=f"{row[13] or ''} {row[14] or ''}".strip(),
            ended_at=row[15],
            reached=row[16] if counted else 0,
            completed=row[17] if counted else 0,
        )
        for row in rows
    )


def requirement_by_key(db: Session, key: str, lang: str) -> RequirementCard | None:
    return next(iter(requirements(db, Requirement.key == key, lang)), None)


def active_one(db: Session, *, course_id: int, organisation_id: int, due_on: date) -> Requirement | None:
    """The active requirement of this course, place and date: there is never a second."""
    return db.scalar(
        select(Requirement).where(
            Requirement.course_id == course_id,
            Requirement.organisation_id == organisation_id,
            Requirement.due_on == due_on,
            Requirement.ended_at.is_(None),
        )
    )


def active_over(db: Session, path: str) -> tuple[Requirement, ...]:
    """The active requirements set at a place or above it."""
    ids = [int(part) for part in path.strip("/").split("/") if part]
    said = select(Requirement).where(Requirement.organisation_id.in_(ids), Requirement.ended_at.is_(None))
    return tuple(db.scalars(said.order_by(Requirement.id)))


def takes_learners(db: Session, course_id: int) -> bool:
    head = catalog.course_by_id(db, course_id)
    return head is not None and head.live


def concerning(paths: Sequence[str], *, and_above: bool) -> ColumnElement[bool]:
    """Requirements set at or below the paths; `and_above`: also those set higher up, which reach the same people."""
    above = {int(part) for path in paths for part in path.strip("/").split("/") if part} if and_above else set()
    return or_(*(below(path) for path in paths), Organisation.id.in_(sorted(above)))


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a course is on somebody's list: who requires it, by when, and on what ground."""

    course_id: int
    organisation_name: str
    due_on: date
    reason: str
    legal_basis: str
    assigned_at: datetime
    ended: bool


def reasons(db: Session, enrolment_ids: Iterable[int], lang: str = "lt") -> dict[int, tuple[Reason, ...]]:
    """Enrolment → the requirements behind it, the strictest first."""
    said = (
        select(
            Assignment.enrolment_id,
            Requirement.course_id,
            Organisation.name,
            Organisation.name_en,
            Requirement.due_on,
            Requirement.reason,
            Requirement.legal_basis,
            Assignment.assigned_at,
            Requirement.ended_at,
        )
        .join(Requirement, Requirement.id == Assignment.requirement_id)
        .join(Organisation, Organisation.id == Requirement.organisation_id)
        .where(Assignment.enrolment_id.in_(sorted(set(enrolment_ids))))
        .order_by(Requirement.due_on, Requirement.id)
    )
    found: dict[int, tuple[Reason, ...]] = {}
    for enrolment_id, course_id, name, name_en, due_on, reason, legal_basis, assigned_at, ended_at in db.execute(said):
        shown = name if lang == "lt" else name_en or name
        one = Reason(course_id, shown, due_on, reason, legal_basis, assigned_at, ended_at is not None)
        found[enrolment_id] = (*found.get(enrolment_id, ()), one)
    return found
