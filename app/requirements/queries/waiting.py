"""Who is behind, who has reached a step of the ladder, and what was said to them already."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.accounts.models import Person
from app.accounts.rules import PersonState
from app.catalog.models import Course
from app.learning.models import Enrolment
from app.learning.rules import DUE_SOON_DAYS, RunState
from app.organisations.models import Organisation
from app.organisations.queries import OrganisationCard, ids_below, within
from app.requirements.models import Assignment, PeriodRow, Reminder, Requirement
from app.requirements.queries.audiences import absences_of
from app.requirements.rules import SHIPPED, Ladder, dates, ladder

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
        .where(Enrolment.organisation_id.in_(ids_below(path)), _behind(today))
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
    db: Session,
    place: OrganisationCard,
    among: Sequence[OrganisationCard],
    *,
    here: bool = False,
    today: date,
    course_id: int | None = None,
) -> dict[int, Waiting]:
    """Those behind, in some of the organisations directly below `place` (and, as 0, at the place itself)."""
    child = aliased(Organisation)
    holds = and_(child.parent_id == place.id, func.substr(Organisation.path, 1, func.length(child.path)) == child.path)
    last = select(func.max(Reminder.sent_at)).where(Reminder.enrolment_id == Enrolment.id).scalar_subquery()
    wanted = within(card.path for card in among)
    if here:
        wanted = or_(wanted, Organisation.id == place.id)
    # Where each place belongs is found once a place, and not once for everybody who is behind.
    at = (
        select(Organisation.id, func.coalesce(child.id, 0).label("child"))
        .outerjoin(child, holds)
        .where(wanted)
        .cte("at")
        .prefix_with("MATERIALIZED")
    )
    key = at.c.child
    without = case((Person.email.is_(None), Person.id))
    said = (
        select(key, func.count(func.distinct(Enrolment.person_id)), func.count(func.distinct(without)), func.max(last))
        .select_from(at)
        .join(Enrolment, Enrolment.organisation_id == at.c.id)
        .join(Person, Person.id == Enrolment.person_id)
        .where(_behind(today))
        .group_by(key)
    )
    if course_id is not None:
        said = said.where(Enrolment.course_id == course_id)
    return {row[0]: Waiting(*row[1:]) for row in db.execute(said)}


@dataclass(frozen=True, slots=True)
class Due:
    """One thing that waits near or past its date, when its learner was told of it, and how they are reminded.

    `enrolment_id` is empty for a path and for somebody else's certificate; the period then says which.
    """

    enrolment_id: int | None
    period_id: int | None
    person_id: int
    due_on: date
    has_email: bool
    told_at: datetime
    path: str
    ladder: Ladder = SHIPPED

    @property
    def key(self) -> tuple[int, int]:
        return (self.enrolment_id or 0, 0 if self.enrolment_id else self.period_id or 0)


def _ladders(db: Session) -> dict[int, Ladder]:
    rows = db.execute(select(Requirement.id, Requirement.rule))
    return {row[0]: ladder.from_json(row[1]["ladder"]) for row in rows}


def due_runs(db: Session, today: date) -> tuple[Due, ...]:
    """Everything required and unfinished that has a ladder step today or behind it."""
    ladders = _ladders(db)
    until = today + timedelta(days=max([ladder.farthest(one) for one in (*ladders.values(), SHIPPED)]))
    waits = and_(
        Enrolment.required.is_(True),
        Enrolment.state.in_(UNFINISHED),
        Enrolment.due_on <= until,
        Person.state != PersonState.DISABLED,
    )
    found = _of_runs(db, waits, ladders) + _of_periods(db, until, today, ladders)
    return tuple(sorted(found, key=lambda one: (one.person_id, one.due_on, one.key)))


def _of_runs(db: Session, waits: ColumnElement[bool], ladders: Mapping[int, Ladder]) -> list[Due]:
    sources = db.execute(
        select(Assignment.enrolment_id, Assignment.requirement_id, Assignment.assigned_at)
        .join(Enrolment, Enrolment.id == Assignment.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .where(waits, Assignment.ended_at.is_(None))
        .order_by(Assignment.due_on.desc(), Assignment.requirement_id.desc())
    )
    told: dict[int, datetime] = {}
    strictest: dict[int, int] = {}
    for enrolment_id, requirement_id, assigned_at in sources:
        assert enrolment_id is not None  # it was joined by it
        strictest[enrolment_id] = requirement_id
        told[enrolment_id] = max(assigned_at, told.get(enrolment_id, assigned_at))
    said: Any = (
        select(
            Enrolment.id,
            Enrolment.person_id,
            Enrolment.due_on,
            Person.email.is_not(None),
            Enrolment.enrolled_at,
            func.coalesce(Organisation.path, ""),
        )
        .join(Person, Person.id == Enrolment.person_id)
        .outerjoin(Organisation, Organisation.id == Person.organisation_id)
        .where(waits)
    )
    return [
        Due(
            enrolment_id=enrolment_id,
            period_id=None,
            person_id=person_id,
            due_on=due_on,
            has_email=has_email,
            told_at=max(enrolled_at, told.get(enrolment_id, enrolled_at)),
            path=path,
            ladder=ladders.get(strictest.get(enrolment_id, 0), SHIPPED),
        )
        for enrolment_id, person_id, due_on, has_email, enrolled_at, path in db.execute(said)
    ]


def _of_periods(db: Session, until: date, today: date, ladders: Mapping[int, Ladder]) -> list[Due]:
    rows = db.execute(
        select(
            PeriodRow.id,
            PeriodRow.person_id,
            PeriodRow.due_on,
            Person.email.is_not(None),
            Assignment.assigned_at,
            Assignment.requirement_id,
            func.coalesce(Organisation.path, ""),
            PeriodRow.subject,
        )
        .join(Assignment, and_(Assignment.person_id == PeriodRow.person_id, Assignment.subject == PeriodRow.subject))
        .join(Person, Person.id == PeriodRow.person_id)
        .outerjoin(Organisation, Organisation.id == Person.organisation_id)
        .where(
            PeriodRow.enrolment_id.is_(None),
            PeriodRow.latest.is_(True),
            PeriodRow.dropped_at.is_(None),
            PeriodRow.met_on.is_(None),
            PeriodRow.due_on <= until,
            Assignment.ended_at.is_(None),
            Person.state != PersonState.DISABLED,
        )
        .order_by(Assignment.due_on.desc(), Assignment.requirement_id.desc())
    ).all()
    ids = {row[1] for row in rows}
    known = absences_of(db, ids)
    excused, away = known.exemptions, known.leaves
    found: dict[int, Due] = {}
    for period_id, person_id, due_on, has_email, assigned_at, requirement_id, path, subject in rows:
        if any(one.covers(subject, today) for one in excused.get(person_id, ())):
            continue
        if dates.away(away.get(person_id, ()), today):
            continue
        had = found.get(period_id)
        told = max(assigned_at, had.told_at) if had is not None else assigned_at
        found[period_id] = Due(
            None, period_id, person_id, due_on, has_email, told, path, ladders.get(requirement_id, SHIPPED)
        )
    return list(found.values())


def occasions_said(db: Session, occasions: Sequence[str]) -> set[tuple[int, int, str]]:
    """Which of these occasions were already said, by run and period."""
    rows = db.execute(
        select(Reminder.enrolment_id, Reminder.period_id, Reminder.occasion).where(
            Reminder.occasion.in_(sorted(set(occasions)))
        )
    )
    return {(row[0] or 0, row[1] or 0, row[2]) for row in rows}


def mailed_since(db: Session, since: datetime) -> set[int]:
    """The people who were reminded by mail since a moment."""
    said = (
        select(func.coalesce(Reminder.person_id, Enrolment.person_id, PeriodRow.person_id))
        .outerjoin(Enrolment, Enrolment.id == Reminder.enrolment_id)
        .outerjoin(PeriodRow, PeriodRow.id == Reminder.period_id)
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


@dataclass(frozen=True, slots=True)
class Outside:
    """A path, or somebody else's certificate, as a reminder lists it."""

    period_id: int
    person_id: int
    title: str
    due_on: date


def outside(db: Session, period_ids: Iterable[int]) -> tuple[Outside, ...]:
    """Those of these periods that still wait."""
    rows = db.execute(
        select(PeriodRow.id, PeriodRow.person_id, Requirement.title, PeriodRow.due_on)
        .join(Assignment, and_(Assignment.person_id == PeriodRow.person_id, Assignment.subject == PeriodRow.subject))
        .join(Requirement, Requirement.id == Assignment.requirement_id)
        .where(
            PeriodRow.id.in_(sorted(set(period_ids))),
            PeriodRow.met_on.is_(None),
            Assignment.ended_at.is_(None),
        )
        .order_by(PeriodRow.person_id, PeriodRow.due_on, PeriodRow.id)
    )
    found: dict[int, Outside] = {}
    for row in rows:
        found.setdefault(row[0], Outside(*row))
    return tuple(found.values())


@dataclass(frozen=True, slots=True)
class Said:
    """One line of the log of reminders: what was said about whom, to whom, when and how."""

    occasion: str
    sent_at: datetime
    by_mail: bool
    about: str
    about_key: str
    to: str


def said_about(db: Session, where: ColumnElement[bool], *, limit: int = 200) -> tuple[Said, ...]:
    """The log of reminders about people and their organisation as `where` has them, the latest first."""
    to = aliased(Person)
    whose = func.coalesce(Enrolment.person_id, PeriodRow.person_id)
    rows = db.execute(
        select(
            Reminder.occasion,
            Reminder.sent_at,
            Reminder.by_mail,
            Person.family_name + ", " + Person.given_name,
            Person.key,
            func.coalesce(to.family_name + ", " + to.given_name, ""),
        )
        .select_from(Reminder)
        .outerjoin(Enrolment, Enrolment.id == Reminder.enrolment_id)
        .outerjoin(PeriodRow, PeriodRow.id == Reminder.period_id)
        .join(Person, Person.id == whose)
        .outerjoin(Organisation, Organisation.id == Person.organisation_id)
        .outerjoin(to, to.id == Reminder.person_id)
        .where(where)
        .order_by(Reminder.sent_at.desc(), Reminder.id.desc())
        .limit(limit)
    )
    return tuple(Said(*row) for row in rows)


def about_requirement(requirement_id: int) -> ColumnElement[bool]:
    """Reminders about what one requirement has put on people's lists."""
    runs = select(Assignment.enrolment_id).where(
        Assignment.requirement_id == requirement_id, Assignment.enrolment_id.is_not(None)
    )
    outside_ones = (
        select(PeriodRow.id)
        .join(Assignment, and_(Assignment.person_id == PeriodRow.person_id, Assignment.subject == PeriodRow.subject))
        .where(Assignment.requirement_id == requirement_id, PeriodRow.enrolment_id.is_(None))
    )
    return or_(Reminder.enrolment_id.in_(runs), Reminder.period_id.in_(outside_ones))
