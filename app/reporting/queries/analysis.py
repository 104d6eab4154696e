"""SELECTs behind the deeper figures: runs grouped by their days, and places by requirement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, case, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.accounts.models import Person
from app.accounts.rules import PersonState
from app.kit import clock
from app.learning.models import Enrolment
from app.learning.rules import RunState
from app.organisations.models import Organisation
from app.organisations.queries import OrganisationCard, below
from app.reporting.queries import HERE, Wanted
from app.reporting.rules.stages import Group
from app.requirements.models import Exemption, LeaveRow, PeriodRow


def _day(value: Any) -> date | None:
    if value is None or isinstance(value, date):
        return value
    return date.fromisoformat(str(value))


def groups(db: Session, place: OrganisationCard, *, wanted: Wanted | None = None) -> tuple[Group, ...]:
    """The required runs of the present periods at or below a place, grouped by their days (in UTC)."""
    wanted = wanted or Wanted()
    began, ended = func.date(Enrolment.enrolled_at), func.date(Enrolment.completed_at)
    started = case((Enrolment.started_at.is_not(None), 1), else_=0)
    excused = case((Enrolment.state.in_((RunState.EXEMPT, RunState.PAUSED)), 1), else_=0)
    said = (
        select(began, ended, Enrolment.due_on, started, excused, func.count())
        .join(Organisation, Organisation.id == Enrolment.organisation_id)
        .where(
            below(place.path),
            Enrolment.required.is_(True),
            Enrolment.current.is_(True),
            Enrolment.state != RunState.LEFT,
        )
        .group_by(began, ended, Enrolment.due_on, started, excused)
        .order_by(began, ended, Enrolment.due_on, started, excused)
    )
    if wanted.course_id is not None:
        said = said.where(Enrolment.course_id == wanted.course_id)
    if wanted.due_from is not None:
        said = said.where(Enrolment.due_on >= wanted.due_from)
    if wanted.due_to is not None:
        said = said.where(Enrolment.due_on <= wanted.due_to)
    return tuple(
        Group(_day(row[0]) or clock.today(), _day(row[1]), row[2], bool(row[3]), bool(row[4]), row[5])
        for row in db.execute(said)
    )


@dataclass(frozen=True, slots=True)
class ByRequirement:
    """One place and one thing that is required (a course, a path, a certificate from elsewhere), by however many rules:
    whom it is asked of, of them excused, completed (or still good), and overdue."""

    place_id: int
    subject: str
    reached: int
    excused: int
    completed: int
    overdue: int

    @property
    def base(self) -> int:
        return self.reached - self.excused


def by_requirement(db: Session, place: OrganisationCard, *, today: date) -> tuple[ByRequirement, ...]:
    """Everything that is required, by the organisations directly below a place (`HERE`: its own staff)."""
    child = aliased(Organisation)
    holds = and_(child.parent_id == place.id, func.substr(Organisation.path, 1, func.length(child.path)) == child.path)
    key = func.coalesce(child.id, HERE)
    met = or_(PeriodRow.met_on.is_not(None), Enrolment.state == RunState.COMPLETED)
    good = or_(
        and_(met, or_(PeriodRow.valid_until.is_(None), PeriodRow.valid_until >= today)), PeriodRow.held_until >= today
    )
    exempt = exists().where(
        Exemption.person_id == PeriodRow.person_id,
        Exemption.subject.in_(("", PeriodRow.subject)),
        Exemption.ended_at.is_(None),
        Exemption.since <= today,
        or_(Exemption.until.is_(None), Exemption.until >= today),
    )
    away = exists().where(
        LeaveRow.person_id == PeriodRow.person_id,
        LeaveRow.ended_at.is_(None),
        LeaveRow.since <= today,
        or_(LeaveRow.until.is_(None), LeaveRow.until >= today),
    )
    stands = case((good, 2), (or_(exempt, away), 1), (PeriodRow.due_on < today, 3), else_=0)
    inner = (
        select(key.label("place_id"), PeriodRow.subject, stands.label("stands"))
        .select_from(PeriodRow)
        .join(Person, and_(Person.id == PeriodRow.person_id, Person.state != PersonState.DISABLED))
        .join(Organisation, Organisation.id == Person.organisation_id)
        .outerjoin(Enrolment, Enrolment.id == PeriodRow.enrolment_id)
        .outerjoin(child, holds)
        .where(below(place.path), PeriodRow.latest.is_(True), PeriodRow.dropped_at.is_(None))
        .subquery()
    )

    def number(kind: int) -> Any:
        return func.sum(case((inner.c.stands == kind, 1), else_=0))

    rows = db.execute(
        select(inner.c.place_id, inner.c.subject, func.count(), number(1), number(2), number(3))
        .group_by(inner.c.place_id, inner.c.subject)
        .order_by(inner.c.subject, inner.c.place_id)
    )
    return tuple(ByRequirement(int(row[0]), row[1], *(int(value) for value in row[2:])) for row in rows)


__all__ = ["ByRequirement", "by_requirement", "groups"]
