"""A manager's people as one list of work: what needs them this week, what is on track, who is excused."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, literal, or_, select
from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.accounts.rules import PersonState
from app.kit import i18n
from app.learning.models import Enrolment
from app.learning.rules import DUE_SOON_DAYS, RunState
from app.organisations.models import Organisation
from app.organisations.queries import ids_below, said_name
from app.requirements.models import Exemption, Extension, ExtensionState, LeaveRow, PeriodRow, Reminder


class Need(StrEnum):
    """The three lists of a week. Each present period of a person is on exactly one."""

    ACTION = "action"  # overdue, expired, due within fourteen days, or more time is asked for
    TRACK = "on-track"
    EXCUSED = "excused"  # exempt or on leave


@dataclass(frozen=True, slots=True)
class WeekCounts:
    """`people` work at or below the place, the reader not counted; of each list the rows, and whom the first is about."""

    people: int
    rows: dict[Need, int]
    needing: int


@dataclass(frozen=True, slots=True)
class WeekLine:
    """One thing that is required of one person, as their manager acts on it: dates, never answers or scores."""

    period_id: int
    enrolment_id: int | None
    person_id: int
    person_key: str
    given_name: str
    family_name: str
    job_title: str
    has_email: bool
    organisation_id: int
    organisation_name: str
    path: str
    subject: str
    due_on: date
    met_on: date | None
    valid_until: date | None
    held_until: date | None
    started: bool
    active_at: datetime | None
    reminded_at: datetime | None
    asked_key: str
    asked_until: date | None
    asked_reason: str
    excused_reason: str
    excused_until: date | None
    away: bool
    need: Need

    @property
    def listed_name(self) -> str:
        return f"{self.family_name}, {self.given_name}"

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}"

    @property
    def expired_on(self) -> date | None:
        """Until when it was good, where it has been good before."""
        return self.valid_until if self.met_on is not None else self.held_until


def _exempt(today: date) -> ColumnElement[bool]:
    return and_(
        Exemption.person_id == PeriodRow.person_id,
        Exemption.subject.in_(("", PeriodRow.subject)),
        Exemption.ended_at.is_(None),
        Exemption.since <= today,
        or_(Exemption.until.is_(None), Exemption.until >= today),
    )


def _away(today: date) -> ColumnElement[bool]:
    return and_(
        LeaveRow.person_id == PeriodRow.person_id,
        LeaveRow.ended_at.is_(None),
        LeaveRow.since <= today,
        or_(LeaveRow.until.is_(None), LeaveRow.until >= today),
    )


def _asked() -> ColumnElement[bool]:
    return and_(Extension.period_id == PeriodRow.id, Extension.state == ExtensionState.ASKED)


def _need(today: date) -> Any:
    """The same decision as `rules.status`, made in the database so that a page of a large place reads only its rows."""
    met = or_(PeriodRow.met_on.is_not(None), Enrolment.state == RunState.COMPLETED)
    holds = and_(met, or_(PeriodRow.valid_until.is_(None), PeriodRow.valid_until >= today))
    excused = or_(
        exists().where(_exempt(today)),
        exists().where(_away(today)),
        Enrolment.state.in_((RunState.EXEMPT, RunState.PAUSED)),
    )
    waits = or_(
        met,
        PeriodRow.due_on <= today + timedelta(days=DUE_SOON_DAYS),
        PeriodRow.held_until < today,
        Extension.id.is_not(None),
    )
    return case(
        (holds, literal(Need.TRACK.value)),
        (excused, literal(Need.EXCUSED.value)),
        (waits, literal(Need.ACTION.value)),
        else_=literal(Need.TRACK.value),
    )


def _present(path: str, without: int) -> ColumnElement[bool]:
    """The present periods at or below a place, as the index `ix_periods_week` holds them."""
    return and_(
        PeriodRow.organisation_id.in_(ids_below(path)),
        PeriodRow.latest.is_(True),
        PeriodRow.dropped_at.is_(None),
        PeriodRow.person_id != without,
    )


def _unsettled(today: date) -> ColumnElement[bool]:
    """What may need somebody: everything else is met and still good."""
    return or_(PeriodRow.met_on.is_(None), PeriodRow.valid_until < today)


def _at(said: Select[Any], where: ColumnElement[bool]) -> Select[Any]:
    return (
        said.select_from(PeriodRow)
        .join(Person, Person.id == PeriodRow.person_id)
        .outerjoin(Enrolment, Enrolment.id == PeriodRow.enrolment_id)
        .outerjoin(Extension, _asked())
        .where(where, Person.state != PersonState.DISABLED)
    )


def week_counts(db: Session, path: str, *, today: date, without: int = 0) -> WeekCounts:
    """How many rows each list holds at or below a place. `without`: the reader, whom another manager minds.

    Most periods are met and good; those are only counted, the others are looked at.
    """
    here = Person.organisation_id.in_(ids_below(path))
    at_work = select(func.count(Person.id)).where(here, Person.state != PersonState.DISABLED, Person.id != without)
    whole = select(func.count()).select_from(PeriodRow).where(_present(path, without))
    gone = (
        select(func.count(PeriodRow.id))
        .join(Person, Person.id == PeriodRow.person_id)
        .where(
            here,
            Person.state == PersonState.DISABLED,
            PeriodRow.latest.is_(True),
            PeriodRow.dropped_at.is_(None),
            PeriodRow.person_id != without,
        )
    )
    people, all_rows, of_gone = db.execute(
        select(at_work.scalar_subquery(), whole.scalar_subquery(), gone.scalar_subquery())
    ).one()
    need = _need(today).label("need")
    waits = and_(_present(path, without), _unsettled(today))
    found = _at(select(need, PeriodRow.person_id.label("person_id")), waits).subquery()
    said = {
        Need(row[0]): (row[1], row[2])
        for row in db.execute(
            select(found.c.need, func.count(), func.count(func.distinct(found.c.person_id))).group_by(found.c.need)
        )
    }
    rows = {one: said.get(one, (0, 0))[0] for one in (Need.ACTION, Need.EXCUSED)}
    rows[Need.TRACK] = all_rows - of_gone - sum(rows.values())
    return WeekCounts(people, {one: rows[one] for one in Need}, said.get(Need.ACTION, (0, 0))[1])


def week_lines(
    db: Session,
    path: str,
    *,
    today: date,
    need: Need | None = None,
    period_ids: Collection[int] | None = None,
    without: int = 0,
    limit: int | None = None,
    offset: int = 0,
) -> tuple[WeekLine, ...]:
    """Rows of one list (or these periods, as far as they are at the place and present): who has waited longest first."""
    told = (
        select(func.max(Reminder.sent_at))
        .where(
            Reminder.person_id.is_(None),
            or_(Reminder.enrolment_id == PeriodRow.enrolment_id, Reminder.period_id == PeriodRow.id),
        )
        .correlate(PeriodRow)
        .scalar_subquery()
    )
    here = select(Exemption.reason).where(_exempt(today)).order_by(Exemption.id).limit(1)
    until = select(Exemption.until).where(_exempt(today)).order_by(Exemption.id).limit(1)
    back = select(func.max(LeaveRow.until)).where(_away(today))
    found = _need(today)
    columns: tuple[Any, ...] = (
        PeriodRow.id,
        PeriodRow.enrolment_id,
        Person.id,
        Person.key,
        Person.given_name,
        Person.family_name,
        Person.job_title,
        Person.email.is_not(None),
        Organisation.id,
        said_name(i18n.language()),
        Organisation.path,
        PeriodRow.subject,
        PeriodRow.due_on,
        PeriodRow.met_on,
        PeriodRow.valid_until,
        PeriodRow.held_until,
        func.coalesce(Enrolment.state == RunState.STARTED, False),
        Enrolment.active_at,
        told,
        func.coalesce(Extension.key, ""),
        Extension.until,
        func.coalesce(Extension.reason, ""),
        func.coalesce(here.correlate(PeriodRow).scalar_subquery(), ""),
        func.coalesce(until.correlate(PeriodRow).scalar_subquery(), back.correlate(PeriodRow).scalar_subquery()),
        exists().where(_away(today)),
        found,
    )
    wanted = _present(path, without)
    if need in (Need.ACTION, Need.EXCUSED):
        wanted = and_(wanted, _unsettled(today))
    if period_ids is not None:
        wanted = and_(wanted, PeriodRow.id.in_(sorted(set(period_ids))))
    order = (PeriodRow.due_on, Person.sort_key, PeriodRow.id)
    chosen = _at(select(PeriodRow.id), wanted)
    if need is not None:
        chosen = chosen.where(found == need.value)
    if limit is not None:  # everything else about a line is looked up for those that are shown
        chosen = chosen.order_by(*order).limit(limit).offset(offset)
    ids = chosen.subquery()
    said = _at(select(*columns), PeriodRow.id.in_(select(ids.c.id)))
    said = said.join(Organisation, Organisation.id == Person.organisation_id).order_by(*order)
    return tuple(_line(row) for row in db.execute(said))


def _line(row: Any) -> WeekLine:
    values = [*row[:-1], Need(row[-1])]
    return WeekLine(*values)
