"""Reading requirements, and why a thing is on somebody's list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.catalog import queries as catalog
from app.catalog.models import Course
from app.learning.models import Enrolment
from app.learning.rules import RunState
from app.organisations.models import Organisation
from app.organisations.queries import below, said_name
from app.requirements.models import Assignment, PeriodRow, Requirement
from app.requirements.rules import Rule, Step, WhatKind
from app.requirements.rules.dates import steps_from_json
from app.requirements.rules.rule import from_json


@dataclass(frozen=True, slots=True)
class RequirementCard:
    """One requirement, and how far those whom it reached have come.

    `course_title` is what it asks for, also where that is a path or somebody else's certificate. `excused` are among
    the `reached`, and count neither way.
    """

    id: int
    key: str
    kind: WhatKind
    subject: str
    course_id: int | None
    course_slug: str
    course_title: str
    organisation_id: int
    organisation_code: str
    organisation_name: str
    organisation_path: str
    due_on: date | None
    rule: Rule
    reason: str
    legal_basis: str
    created_at: datetime
    created_by: str
    changed_at: datetime | None
    ended_at: datetime | None
    reached: int
    completed: int
    excused: int

    @property
    def active(self) -> bool:
        return self.ended_at is None

    @property
    def base(self) -> int:
        """Those who must: reached and not excused."""
        return self.reached - self.excused


EXCUSED = (RunState.EXEMPT, RunState.PAUSED)


def _how_many() -> Any:
    met = or_(Enrolment.state == RunState.COMPLETED, PeriodRow.met_on.is_not(None))
    period = and_(
        PeriodRow.person_id == Assignment.person_id,
        PeriodRow.subject == Assignment.subject,
        PeriodRow.number == Assignment.number,
    )
    return (
        select(
            Assignment.requirement_id.label("requirement_id"),
            func.count().label("reached"),
            func.sum(case((met, 1), else_=0)).label("completed"),
            func.sum(case((Enrolment.state.in_(EXCUSED), 1), else_=0)).label("excused"),
        )
        .join(Requirement, Requirement.id == Assignment.requirement_id)
        .outerjoin(Enrolment, Enrolment.id == Assignment.enrolment_id)
        .outerjoin(PeriodRow, period)
        .where(Assignment.subject == Requirement.subject, Assignment.ended_at.is_(None))
        .group_by(Assignment.requirement_id)
        .subquery()
    )


def requirements(
    db: Session, where: ColumnElement[bool], lang: str, *, counted: bool = True
) -> tuple[RequirementCard, ...]:
    """Requirements that `where` (over requirement and organisation) lets through: active first, the nearest date first."""
    columns: list[Any] = [
        Requirement.id,
        Requirement.key,
        Requirement.kind,
        Requirement.subject,
        Requirement.course_id,
        Course.slug,
        Requirement.title,
        Organisation.id,
        Organisation.code,
        said_name(lang),
        Organisation.path,
        Requirement.due_on,
        Requirement.rule,
        Requirement.reason,
        Requirement.legal_basis,
        Requirement.created_at,
        Person.given_name,
        Person.family_name,
        Requirement.changed_at,
        Requirement.ended_at,
    ]
    said: Select[Any] = (
        select(*columns)
        .outerjoin(Course, Course.id == Requirement.course_id)
        .join(Organisation, Organisation.id == Requirement.organisation_id)
        .outerjoin(Person, Person.id == Requirement.created_by_id)
        .where(where)
        .order_by(Requirement.ended_at.is_not(None), Requirement.due_on.is_(None), Requirement.due_on, Requirement.id)
    )
    if counted:
        numbers = _how_many()
        said = said.outerjoin(numbers, numbers.c.requirement_id == Requirement.id)
        said = said.add_columns(
            *(func.coalesce(one, 0) for one in (numbers.c.reached, numbers.c.completed, numbers.c.excused))
        )
    rows = db.execute(said).all()
    courses = {row.course_id for row in rows if row.course_id is not None}
    titles = catalog.titles(db, courses, lang) if courses else {}
    return tuple(
        RequirementCard(
            id=row[0],
            key=row[1],
            kind=row[2],
            subject=row[3],
            course_id=row[4],
            course_slug=row[5] or "",
            course_title=titles.get(row[4]) or row[5] or row[6],
            organisation_id=row[7],
            organisation_code=row[8],
            organisation_name=row[9],
            organisation_path=row[10],
            due_on=row[11],
            rule=from_json(row[12]),
            reason=row[13],
            legal_basis=row[14],
            created_at=row[15],
            created_by=f"{row[16] or ''} {row[17] or ''}".strip(),
            changed_at=row[18],
            ended_at=row[19],
            reached=int(row[20]) if counted else 0,
            completed=int(row[21]) if counted else 0,
            excused=int(row[22]) if counted else 0,
        )
        for row in rows
    )


def requirement_by_key(db: Session, key: str, lang: str) -> RequirementCard | None:
    return next(iter(requirements(db, Requirement.key == key, lang)), None)


def active_one(db: Session, fingerprint: str) -> Requirement | None:
    """The active requirement of this what, whom and when: there is never a second."""
    return db.scalar(select(Requirement).where(Requirement.fingerprint == fingerprint, Requirement.ended_at.is_(None)))


def active_over(db: Session, path: str) -> tuple[Requirement, ...]:
    """The active requirements set at a place or above it."""
    ids = [int(part) for part in path.strip("/").split("/") if part]
    said = select(Requirement).where(Requirement.organisation_id.in_(ids), Requirement.ended_at.is_(None))
    return tuple(db.scalars(said.order_by(Requirement.id)))


def active_about(db: Session, subject: str) -> tuple[Requirement, ...]:
    """The active requirements that ask for the same thing, wherever they are set."""
    said = select(Requirement).where(Requirement.subject == subject, Requirement.ended_at.is_(None))
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
    """Why a thing is on somebody's list: who requires it, by when, on what ground, and how the date came about."""

    course_id: int | None
    organisation_name: str
    due_on: date
    reason: str
    legal_basis: str
    assigned_at: datetime
    ended: bool
    steps: tuple[Step, ...] = ()
    valid_months: int = 0
    requirement_key: str = ""


_REASON = (
    Requirement.course_id,
    Assignment.due_on,
    Requirement.reason,
    Requirement.legal_basis,
    Assignment.assigned_at,
    Requirement.ended_at,
    Assignment.steps,
    Requirement.rule,
    Requirement.key,
)


def _reasons(key: Any, where: ColumnElement[bool], lang: str) -> Select[Any]:
    return (
        select(key, said_name(lang), *_REASON)
        .select_from(Assignment)
        .join(Requirement, Requirement.id == Assignment.requirement_id)
        .join(Organisation, Organisation.id == Requirement.organisation_id)
        .where(where, Assignment.ended_at.is_(None))
        .order_by(Assignment.due_on, Requirement.id)
    )


def _read(db: Session, said: Select[Any]) -> dict[Any, tuple[Reason, ...]]:
    found: dict[Any, tuple[Reason, ...]] = {}
    for key, name, course, due_on, reason, basis, at, ended_at, steps, rule, requirement in db.execute(said):
        one = Reason(
            course_id=course,
            organisation_name=name,
            due_on=due_on,
            reason=reason,
            legal_basis=basis,
            assigned_at=at,
            ended=ended_at is not None,
            steps=steps_from_json(steps),
            valid_months=rule["terms"]["valid_months"],
            requirement_key=requirement,
        )
        found[key] = (*found.get(key, ()), one)
    return found


def reasons(db: Session, enrolment_ids: Iterable[int], lang: str = "lt") -> dict[int, tuple[Reason, ...]]:
    """Enrolment → the requirements behind it, the strictest first."""
    where = Assignment.enrolment_id.in_(sorted(set(enrolment_ids)))
    return _read(db, _reasons(Assignment.enrolment_id, where, lang))


def reasons_of(db: Session, person_id: int, lang: str = "lt") -> dict[str, tuple[Reason, ...]]:
    """Subject → the requirements that ask it of one person, the strictest first."""
    return _read(db, _reasons(Assignment.subject, Assignment.person_id == person_id, lang))


def rule_of(row: Requirement) -> Rule:
    return from_json(row.rule)


def titles_of(db: Session, subjects: Iterable[str]) -> dict[str, str]:
    """Subject → the title that a rule gave it: of paths and of certificates from elsewhere."""
    wanted = sorted(set(subjects))
    if not wanted:
        return {}
    rows = db.execute(
        select(Requirement.subject, Requirement.title)
        .where(Requirement.subject.in_(wanted))
        .order_by(Requirement.ended_at.is_(None), Requirement.id)
    )
    return {row[0]: row[1] for row in rows}


def rules_about(db: Session, subjects: Iterable[str]) -> dict[str, Rule]:
    """Subject → the rule that asks for it; the first where there are several."""
    rows = db.execute(
        select(Requirement.subject, Requirement.rule)
        .where(Requirement.subject.in_(sorted(set(subjects))))
        .order_by(Requirement.ended_at.is_not(None), Requirement.id)
    )
    found: dict[str, Rule] = {}
    for subject, rule in rows:
        found.setdefault(subject, from_json(rule))
    return found
