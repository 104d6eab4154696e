"""SELECTs behind the deeper figures: runs grouped by their days, and places by requirement."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select, union_all
from sqlalchemy.orm import Session, aliased

from app.accounts.models import Person
from app.accounts.rules import PersonState
from app.kit import clock
from app.learning.models import CompletionCount, DayCount, Enrolment, SubtreeCount, TookCount
from app.learning.rules import ALL_COURSES, NEVER, UNLIMITED, Mark, RunState
from app.organisations import queries as tree
from app.organisations.models import Organisation
from app.organisations.queries import OrganisationCard, below
from app.reporting.models import RequirementCount
from app.reporting.queries import HERE, UNFINISHED, has_totals, totals_of
from app.reporting.rules import stages
from app.reporting.rules.stages import Counted, Group, Spent
from app.requirements.models import Exemption, LeaveRow, PeriodRow


def _day(value: Any) -> date | None:
    if value is None or isinstance(value, date):
        return value
    return date.fromisoformat(str(value))


def groups(db: Session, place: OrganisationCard, *, course_id: int | None) -> tuple[Group, ...]:
    """The required runs of the present periods at or below a place, grouped by their days (in UTC)."""
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
    if course_id is not None:
        said = said.where(Enrolment.course_id == course_id)
    return tuple(
        Group(_day(row[0]) or clock.today(), _day(row[1]), row[2], bool(row[3]), bool(row[4]), row[5])
        for row in db.execute(said)
    )


def counted(db: Session, place: OrganisationCard, *, course_id: int | None, today: date) -> Counted:
    """What the deeper figures of a place are made of: of the widest places from totals, however many people there are."""
    if not has_totals(place):
        return stages.counted(groups(db, place, course_id=course_id), today)
    stand: Counter[RunState] = Counter()
    due: Counter[date] = Counter()
    for state, due_on, number in db.execute(_standing(place, course_id)):
        stand[state] += int(number)
        if state in UNFINISHED and due_on != NEVER:
            due[due_on] += int(number)
    marks: dict[Mark, list[tuple[date, int]]] = {Mark.BEGUN: [], Mark.COMPLETED: []}
    since = stages.window(today)
    for mark, day, number in db.execute(_marks(place, course_id, required=True, since=since)):
        marks[mark].append((day, int(number)))
    spent, allowed = _spent(db, place, course_id)
    return Counted(
        untouched=stand[RunState.ENROLLED],
        started=stand[RunState.STARTED],
        excused=stand[RunState.EXEMPT] + stand[RunState.PAUSED],
        spent=spent,
        allowed=allowed,
        due=tuple(sorted(due.items())),
        began=tuple(marks[Mark.BEGUN]),
        completed=tuple(marks[Mark.COMPLETED]),
    )


def _standing(place: OrganisationCard, course_id: int | None) -> Select[Any]:
    """(state, due date, number) of required runs: of a place from its total, of the root from those below and its own."""
    parts: list[tuple[type[CompletionCount] | type[SubtreeCount], ColumnElement[bool]]]
    if place.parent_id is not None:
        parts = [(SubtreeCount, SubtreeCount.organisation_id == place.id)]
    else:
        inside = select(Organisation.id).where(Organisation.parent_id == place.id)
        parts = [
            (CompletionCount, CompletionCount.organisation_id == place.id),
            (SubtreeCount, SubtreeCount.organisation_id.in_(inside)),
        ]
    cell = (
        union_all(
            *(
                select(table.state, table.due_on, table.number).where(
                    where,
                    table.number > 0,
                    table.required.is_(True),
                    *((table.course_id == course_id,) if course_id is not None else ()),
                )
                for table, where in parts
            )
        )
        .subquery()
        .c
    )
    return select(cell.state, cell.due_on, func.sum(cell.number)).group_by(cell.state, cell.due_on)


def _spent(db: Session, place: OrganisationCard, course_id: int | None) -> tuple[tuple[Spent, ...], int | None]:
    """How long completing took, and how many days all had, where that is one number."""
    late = case((TookCount.took > TookCount.allowed, 1), else_=0)
    rows = db.execute(
        select(
            TookCount.took,
            late,
            func.sum(TookCount.number),
            func.min(TookCount.allowed),
            func.max(TookCount.allowed),
        )
        .where(
            TookCount.organisation_id.in_(totals_of(place)),
            TookCount.course_id == (course_id or ALL_COURSES),
            TookCount.number != 0,
        )
        .group_by(TookCount.took, late)
        .order_by(TookCount.took, late)
    ).all()
    had = {allowed for row in rows for allowed in row[3:]}
    one = had.pop() if len(had) == 1 else UNLIMITED
    return tuple(Spent(row[0], bool(row[1]), int(row[2])) for row in rows), None if one == UNLIMITED else one


def _marks(place: OrganisationCard, course_id: int | None, *, required: bool, since: date) -> Select[Mark, date, int]:
    number = func.sum(DayCount.number)
    return (
        select(DayCount.mark, DayCount.day, number)
        .where(
            DayCount.organisation_id.in_(totals_of(place)),
            DayCount.mark.in_(list(Mark)),
            DayCount.required.is_(required),
            DayCount.course_id == (course_id or ALL_COURSES),
            DayCount.day >= since,
        )
        .group_by(DayCount.mark, DayCount.day)
        .having(number != 0)
        .order_by(DayCount.mark, DayCount.day)
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


def by_requirement(
    db: Session, place: OrganisationCard, *, today: date, own: bool = False
) -> tuple[ByRequirement, ...]:
    """Everything that is required, by the organisations directly below a place (`HERE`: its own staff), counted person
    by person. `own`: of its own staff alone."""
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
        select(Organisation.path, PeriodRow.subject, stands.label("stands"))
        .select_from(Organisation)
        .join(Person, and_(Person.organisation_id == Organisation.id, Person.state != PersonState.DISABLED))
        .join(PeriodRow, PeriodRow.person_id == Person.id)
        .outerjoin(Enrolment, Enrolment.id == PeriodRow.enrolment_id)
        .where(
            Organisation.path == place.path if own else below(place.path),
            PeriodRow.latest.is_(True),
            PeriodRow.dropped_at.is_(None),
        )
        .subquery()
    )

    def number(kind: int) -> Any:
        return func.sum(case((inner.c.stands == kind, 1), else_=0))

    rows = db.execute(
        select(inner.c.path, inner.c.subject, func.count(), number(1), number(2), number(3)).group_by(
            inner.c.path, inner.c.subject
        )
    )
    found: dict[tuple[str, int], list[int]] = {}
    for path, subject, *numbers in rows:
        under = path[len(place.path) :].split("/")[0]
        sums = found.setdefault((subject, int(under) if under else HERE), [0, 0, 0, 0])
        for at, value in enumerate(numbers):
            sums[at] += int(value)
    return tuple(ByRequirement(key, subject, *sums) for (subject, key), sums in sorted(found.items()))


def by_requirement_kept(db: Session, place: OrganisationCard) -> tuple[tuple[ByRequirement, ...], datetime] | None:
    """The same for a wide place as it was counted last, and when (the part of it that is oldest); None before that."""
    row = RequirementCount
    rows = db.execute(
        select(row.below_id, row.subject, row.reached, row.excused, row.completed, row.overdue, row.counted_at)
        .where(row.place_id == place.id)
        .order_by(row.subject, row.below_id)
    ).all()
    if not rows:
        return None
    return tuple(ByRequirement(*one[:-1]) for one in rows), min(one[-1] for one in rows)


def wide_places(db: Session) -> tuple[OrganisationCard, ...]:
    """The root and what stands directly below it, the root first."""
    top = aliased(Organisation)
    root = select(top.id).where(top.parent_id.is_(None))
    found = tree.matching(db, or_(Organisation.parent_id.is_(None), Organisation.parent_id.in_(root)))
    return tuple(sorted(found, key=lambda card: (card.depth, card.id)))


__all__ = ["ByRequirement", "by_requirement", "by_requirement_kept", "counted", "groups", "wide_places"]
