"""A dry run: whom a requirement would reach, and how they stand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session, aliased

from app.accounts.models import Person
from app.accounts.rules import PersonState
from app.learning.models import Enrolment
from app.learning.rules import RunState
from app.organisations.models import Organisation
from app.organisations.queries import OrganisationCard, below
from app.requirements import rules
from app.requirements.queries.cards import active_one

UNFINISHED = (RunState.ENROLLED, RunState.STARTED)


@dataclass(frozen=True, slots=True)
class Reached:
    """One person at or below a place, as a requirement of one course would find them."""

    person_id: int
    organisation_id: int
    organisation_name: str
    has_email: bool
    state: RunState | None
    required: bool
    due_on: date | None


def people_at(db: Session, path: str, course_id: int, lang: str = "lt") -> tuple[Reached, ...]:
    """Everybody who works at or below a place and is not disabled, with their latest run of the course."""
    newer = aliased(Enrolment)
    latest = (
        select(func.max(newer.period))
        .where(newer.person_id == Person.id, newer.course_id == course_id)
        .correlate(Person)
        .scalar_subquery()
    )
    run = and_(Enrolment.person_id == Person.id, Enrolment.course_id == course_id, Enrolment.period == latest)
    name = (
        Organisation.name if lang == "lt" else func.coalesce(func.nullif(Organisation.name_en, ""), Organisation.name)
    )
    rows = db.execute(
        select(
            Person.id,
            Organisation.id,
            name,
            Person.email.is_not(None),
            Enrolment.state,
            func.coalesce(Enrolment.required, False),
            Enrolment.due_on,
        )
        .join(Organisation, Organisation.id == Person.organisation_id)
        .outerjoin(Enrolment, run)
        .where(below(path), Person.state != PersonState.DISABLED)
        .order_by(Organisation.sort_key, Organisation.id, Person.sort_key, Person.id)
    )
    return tuple(Reached(*row) for row in rows)


@dataclass(frozen=True, slots=True)
class PlanUnit:
    """One organisation within a plan: how many it reaches there, and how many of them have already completed."""

    name: str
    reached: int
    completed: int


@dataclass(frozen=True, slots=True)
class Plan:
    """What a requirement would do; nothing has been done yet.

    Each person reached is counted once among `completed`, `stricter` (an earlier date holds already), `going`
    (enrolled, started or not) and `fresh`.
    """

    due_on: date
    reached: int
    completed: int
    stricter: int
    going: int
    fresh: int
    without_email: int
    units: tuple[PlanUnit, ...]
    past: bool
    too_near: bool
    exists: bool

    @property
    def unfinished(self) -> int:
        return self.reached - self.completed


def plan(
    db: Session, *, course_id: int, organisation: OrganisationCard, due_on: date, today: date, lang: str = "lt"
) -> Plan:
    """A dry run: whom the requirement would reach, and how they stand."""
    everybody = people_at(db, organisation.path, course_id, lang)
    completed = [one for one in everybody if one.state is RunState.COMPLETED]
    unfinished = [one for one in everybody if one.state is not RunState.COMPLETED]
    stricter = [one for one in unfinished if one.required and one.due_on is not None and one.due_on < due_on]
    going = [one for one in unfinished if one.state in UNFINISHED and one not in stricter]
    units: dict[int, PlanUnit] = {}
    for one in everybody:
        had = units.get(one.organisation_id, PlanUnit(one.organisation_name, 0, 0))
        units[one.organisation_id] = PlanUnit(had.name, had.reached + 1, had.completed + (one in completed))
    exists = active_one(db, course_id=course_id, organisation_id=organisation.id, due_on=due_on) is not None
    return Plan(
        due_on=due_on,
        reached=len(everybody),
        completed=len(completed),
        stricter=len(stricter),
        going=len(going),
        fresh=len(unfinished) - len(stricter) - len(going),
        without_email=sum(not one.has_email for one in unfinished),
        units=tuple(units.values()),
        past=due_on < today,
        too_near=rules.too_near(due_on, today),
        exists=exists,
    )
