"""Periods as people see them: one's own, and those of everybody whom a requirement reached."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, select
from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.kit import clock
from app.learning.models import Enrolment
from app.learning.rules import RunState
from app.organisations.models import Organisation
from app.organisations.queries import said_name
from app.requirements import rules
from app.requirements.models import Assignment, Extension, ExtensionState, PeriodRow
from app.requirements.queries.audiences import Absences, absences_of
from app.requirements.queries.cards import RequirementCard
from app.requirements.rules import Period, Status, Step, dates
from app.requirements.rules.dates import steps_from_json


@dataclass(frozen=True, slots=True)
class PeriodCard:
    """One period of one person, how it stands today, and what may be asked of it."""

    id: int
    person_id: int
    subject: str
    enrolment_id: int | None
    period: Period
    steps: tuple[Step, ...]
    met_by: str
    evidence_id: int | None
    next_steps: tuple[Step, ...]
    extended_until: date | None
    asked: bool
    status: Status


_COLUMNS = (
    PeriodRow.id,
    PeriodRow.person_id,
    PeriodRow.subject,
    PeriodRow.enrolment_id,
    PeriodRow.number,
    PeriodRow.opens_on,
    PeriodRow.due_on,
    PeriodRow.met_on,
    PeriodRow.valid_until,
    PeriodRow.next_opens_on,
    PeriodRow.next_due_on,
    PeriodRow.held_until,
    PeriodRow.steps,
    PeriodRow.met_by,
    PeriodRow.evidence_id,
    PeriodRow.next_steps,
    PeriodRow.extended_until,
    Enrolment.completed_at,
    Enrolment.state,
    Extension.id.is_not(None),
)


def _periods(where: ColumnElement[bool]) -> Select[Any]:
    asks = and_(Extension.period_id == PeriodRow.id, Extension.state == ExtensionState.ASKED)
    return (
        select(*_COLUMNS)
        .outerjoin(Enrolment, Enrolment.id == PeriodRow.enrolment_id)
        .outerjoin(Extension, asks)
        .where(where)
        .order_by(PeriodRow.due_on, PeriodRow.id)
    )


def _cards(db: Session, said: Select[Any], today: date, absences: Absences | None = None) -> tuple[PeriodCard, ...]:
    rows = db.execute(said).all()
    known = absences or absences_of(db, {row.person_id for row in rows})
    exempt, away = known.exemptions, known.leaves
    made = []
    for row in rows:
        (one, person_id, subject, enrolment_id, number, opens_on, due_on, met_on, until, next_opens, next_due, held) = (
            row[:12]
        )
        (steps, met_by, evidence_id, next_steps, extended, completed_at, state, asked) = row[12:]
        if met_on is None and completed_at is not None:  # the job that says so in the period has not run yet
            met_on = completed_at.astimezone(clock.LOCAL).date()
        period = Period(number, opens_on, due_on, met_on, until, next_opens, next_due, held)
        excused = any(card.covers(subject, today) for card in exempt.get(person_id, ())) or state is RunState.EXEMPT
        paused = dates.away(away.get(person_id, ()), today) or state is RunState.PAUSED
        made.append(
            PeriodCard(
                id=one,
                person_id=person_id,
                subject=subject,
                enrolment_id=enrolment_id,
                period=period,
                steps=steps_from_json(steps),
                met_by=met_by,
                evidence_id=evidence_id,
                next_steps=steps_from_json(next_steps),
                extended_until=extended,
                asked=asked,
                status=rules.status(period, today, exempt=excused, paused=paused),
            )
        )
    return tuple(made)


def periods_of(db: Session, person_id: int, today: date, absences: Absences | None = None) -> tuple[PeriodCard, ...]:
    """The latest period of everything that is required of a person."""
    where = and_(PeriodRow.person_id == person_id, PeriodRow.latest.is_(True), PeriodRow.dropped_at.is_(None))
    return _cards(db, _periods(where), today, absences)


def history_of(db: Session, person_id: int, today: date) -> tuple[PeriodCard, ...]:
    """Every period of a person, past ones too."""
    return _cards(db, _periods(PeriodRow.person_id == person_id), today)


def period_by_id(db: Session, period_id: int, today: date) -> PeriodCard | None:
    return next(iter(_cards(db, _periods(PeriodRow.id == period_id), today)), None)


def latest_period(
    db: Session, person_id: int, subject: str, today: date, absences: Absences | None = None
) -> PeriodCard | None:
    """The present period of one thing. Of a course the run says whether its learner is excused or away, so that
    nobody need ask for `absences`."""
    where = and_(PeriodRow.person_id == person_id, PeriodRow.subject == subject, PeriodRow.latest.is_(True))
    return next(iter(_cards(db, _periods(where), today, absences)), None)


@dataclass(frozen=True, slots=True)
class ReachedPerson:
    """One person whom a requirement reached, and how they stand."""

    key: str
    name: str
    organisation_id: int
    organisation_name: str
    path: str
    has_email: bool
    state: str
    card: PeriodCard
    steps: tuple[Step, ...]
    due_on: date
    assigned_at: datetime


def people_of(db: Session, requirement: RequirementCard, today: date, lang: str = "lt") -> tuple[ReachedPerson, ...]:
    """Everybody whom a requirement reaches now, by place and name."""
    name = said_name(lang)
    rows = db.execute(
        select(
            Person.id,
            Person.key,
            Person.family_name + ", " + Person.given_name,
            Organisation.id,
            name,
            Organisation.path,
            Person.email.is_not(None),
            Person.state,
            Assignment.steps,
            Assignment.due_on,
            Assignment.assigned_at,
        )
        .join(Assignment, Assignment.person_id == Person.id)
        .join(Organisation, Organisation.id == Person.organisation_id)
        .where(
            Assignment.requirement_id == requirement.id,
            Assignment.subject == requirement.subject,
            Assignment.ended_at.is_(None),
        )
        .order_by(Organisation.sort_key, Organisation.id, Person.sort_key, Person.id)
    ).all()
    reached = select(Assignment.person_id).where(
        Assignment.requirement_id == requirement.id, Assignment.ended_at.is_(None)
    )
    where = and_(PeriodRow.subject == requirement.subject, PeriodRow.latest.is_(True), PeriodRow.person_id.in_(reached))
    cards = {card.person_id: card for card in _cards(db, _periods(where), today)}
    return tuple(
        ReachedPerson(
            key=row[1],
            name=row[2],
            organisation_id=row[3],
            organisation_name=row[4],
            path=row[5],
            has_email=row[6],
            state=row[7],
            card=cards[row[0]],
            steps=steps_from_json(row[8]),
            due_on=row[9],
            assigned_at=row[10],
        )
        for row in rows
        if row[0] in cards
    )


@dataclass(frozen=True, slots=True)
class Ask:
    """A question for more time that waits for an answer."""

    key: str
    person_id: int
    person_key: str
    person_name: str
    organisation_id: int
    path: str
    subject: str
    was_on: date
    until: date
    reason: str
    asked_at: datetime
    period_id: int
    state: ExtensionState


def asks(db: Session, where: ColumnElement[bool], *, waiting: bool = True) -> tuple[Ask, ...]:
    """Questions for more time from people in the organisations that `where` lets through, the oldest first."""
    said: Any = (
        select(
            Extension.key,
            Person.id,
            Person.key,
            Person.given_name + " " + Person.family_name,
            Organisation.id,
            Organisation.path,
            PeriodRow.subject,
            Extension.was_on,
            Extension.until,
            Extension.reason,
            Extension.asked_at,
            PeriodRow.id,
            Extension.state,
        )
        .join(PeriodRow, PeriodRow.id == Extension.period_id)
        .join(Person, Person.id == Extension.person_id)
        .join(Organisation, Organisation.id == Person.organisation_id)
        .where(where)
        .order_by(Extension.asked_at, Extension.id)
    )
    if waiting:
        said = said.where(Extension.state == ExtensionState.ASKED)
    return tuple(Ask(*row) for row in db.execute(said))


def ask_by_key(db: Session, key: str) -> Ask | None:
    return next(iter(asks(db, Extension.key == key, waiting=False)), None)


def validity(db: Session, enrolment_ids: Iterable[int]) -> dict[int, date | None]:
    """Enrolment → until when what was completed in it is good, as the requirement has it (None: for ever)."""
    rows = db.execute(
        select(PeriodRow.enrolment_id, PeriodRow.valid_until).where(
            PeriodRow.enrolment_id.in_(sorted(set(enrolment_ids))), PeriodRow.met_on.is_not(None)
        )
    )
    return {row[0]: row[1] for row in rows if row[0] is not None}
