"""SELECTs on the counters and enrolments: a handful for a whole page, however many courses and institutions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, and_, case, cast, func, literal, or_, select, union_all
from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.catalog import queries as catalog
from app.catalog.models import Course
from app.kit import i18n
from app.learning.models import CompletionCount, DayCount, Enrolment, SubtreeCount
from app.learning.rules import ALL_COURSES, Mark, RunState
from app.organisations import queries as organisations
from app.organisations.models import Organisation
from app.organisations.queries import OrganisationCard, at_or_below, said_name
from app.reporting.rules import ALL, Figures, Forced, Kind, Status, Tally, closed_figures, open_figures, soon_until

HERE = 0  # in place of an organisation below: the place itself
UNFINISHED = (RunState.ENROLLED, RunState.STARTED)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a dashboard is narrowed to."""

    course_id: int | None = None
    kind: Kind | None = None
    due_from: date | None = None
    due_to: date | None = None


def around(db: Session, place: OrganisationCard) -> tuple[tuple[OrganisationCard, ...], tuple[OrganisationCard, ...]]:
    """The way down to a place, without itself, and what stands directly below it: in one statement."""
    ids = [int(part) for part in place.path.strip("/").split("/") if part][:-1]
    found = organisations.matching(db, or_(Organisation.id.in_(ids), Organisation.parent_id == place.id))
    above = sorted((card for card in found if card.id in ids), key=lambda card: card.depth)
    return tuple(above), tuple(card for card in found if card.parent_id == place.id)


def _narrowed(
    wanted: Wanted, table: type[CompletionCount] | type[SubtreeCount] | type[Enrolment]
) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.kind is not None:
        conditions.append(table.required.is_(wanted.kind is Kind.REQUIRED))
    if wanted.due_from is not None:
        conditions.append(table.due_on >= wanted.due_from)
    if wanted.due_to is not None:
        conditions.append(table.due_on <= wanted.due_to)
    return conditions


def tallies(
    db: Session, place: OrganisationCard, *, today: date, wanted: Wanted | None = None
) -> dict[tuple[int, int], Tally]:
    """(organisation directly below or `HERE`, course) → tally, of everything at or below a place."""
    wanted = wanted or Wanted()
    parts = [_cells(CompletionCount, literal(HERE), CompletionCount.organisation_id == place.id, wanted)]
    inside = select(Organisation.id).where(Organisation.parent_id == place.id)
    parts += [
        _cells(SubtreeCount, SubtreeCount.organisation_id.expression, SubtreeCount.organisation_id.in_(inside), wanted)
    ]
    cell = union_all(*parts).subquery().c
    unfinished = cell.state.in_(UNFINISHED)

    def number(*conditions: ColumnElement[bool]) -> Any:
        return cast(func.sum(case((and_(*conditions), cell.number), else_=0)), BigInteger)

    until = soon_until(today)
    finished = cell.state == RunState.COMPLETED
    required, chosen = cell.required.is_(True), cell.required.is_(False)
    said: Select[Any] = select(
        cell.key,
        cell.course_id,
        number(required, finished),
        number(required, unfinished, cell.due_on < today),
        number(required, unfinished, cell.due_on >= today, cell.due_on <= until),
        number(required, unfinished, cell.due_on > until),
        number(chosen, finished),
        number(chosen, unfinished),
        number(cell.state == RunState.STARTED),
    ).group_by(cell.key, cell.course_id)
    return {(key, course): Tally(*numbers) for key, course, *numbers in db.execute(said)}


def _cells(
    table: type[CompletionCount] | type[SubtreeCount],
    key: ColumnElement[Any],
    where: ColumnElement[bool],
    wanted: Wanted,
) -> Select[Any]:
    columns = (table.course_id, table.state, table.required, table.due_on, table.number)
    return select(key.label("key"), *columns).where(where, table.number > 0, *_narrowed(wanted, table))


def _cube(found: dict[tuple[int, int], Tally], keys: Sequence[int]) -> dict[int, list[Tally]]:
    courses = sorted({course for _, course in found})
    return {course: [found.get((key, course), Tally()) for key in keys] for course in courses}


def _keys(found: dict[tuple[int, int], Tally], children: Sequence[OrganisationCard]) -> list[int]:
    """Those below in their order, and the place itself where somebody is counted there."""
    return [*(card.id for card in children), *([HERE] if any(key == HERE for key, _ in found) else [])]


def figures(
    db: Session,
    place: OrganisationCard,
    children: Sequence[OrganisationCard],
    *,
    today: date,
    wanted: Wanted | None = None,
    names: bool,
    above: Sequence[OrganisationCard] = (),
) -> Figures:
    """Rows for what stands below a place. For a reader who sees no `names`, small groups are hidden, and with them
    whatever the pages of the places `above` (top first, those this reader may see) hide of this one."""
    if names:
        found = tallies(db, place, today=today, wanted=wanted)
        keys = _keys(found, children)
        return open_figures(_cube(found, keys), keys)
    forced: Forced | None = None
    for higher, lower in pairwise([*above, place]):
        found = tallies(db, higher, today=today)
        seen = sorted({key for key, _ in found} | {lower.id})
        forced = closed_figures(_cube(found, seen), seen, forced=forced).hidden_in(lower.id)
    found = tallies(db, place, today=today)
    keys = _keys(found, children)
    return closed_figures(_cube(found, keys), keys, forced=forced)


@dataclass(frozen=True, slots=True)
class CourseName:
    """A course as figures name it, live or withdrawn."""

    id: int
    slug: str
    title: str


def course_names(db: Session, course_ids: Iterable[int], lang: str) -> tuple[CourseName, ...]:
    """By title, as the language sorts it."""
    ids = sorted(set(course_ids))
    cards = catalog.cards(db, lang, Course.id.in_(ids)) if ids else ()
    names = [CourseName(card.course_id, card.slug, card.title) for card in cards]
    return tuple(i18n.sorted_by_name(names, key=lambda one: one.title))


def has_totals(place: OrganisationCard) -> bool:
    """Whether totals by day are kept for a place: for the root and for what stands directly below it."""
    return place.depth <= 1


def totals_of(place: OrganisationCard) -> Select[int]:
    """Whose totals by day add up to a place: its own, and at the root those of what stands directly below it too."""
    below_it = or_(Organisation.id == place.id, Organisation.parent_id == place.id)
    return select(Organisation.id).where(below_it if place.parent_id is None else Organisation.id == place.id)


def completions(
    db: Session, place: OrganisationCard, *, wanted: Wanted | None = None, required_only: bool
) -> tuple[tuple[date, int], ...]:
    """How many of the present runs at or below a place were completed on each day, counted run by run."""
    wanted = wanted or Wanted()
    day = func.date(Enrolment.completed_at)
    said = (
        select(day, func.count())
        .where(
            at_or_below(Enrolment.organisation_id, place),
            Enrolment.state == RunState.COMPLETED,
            Enrolment.current.is_(True),
            *_narrowed(wanted, Enrolment),
        )
        .group_by(day)
        .order_by(day)
    )
    if wanted.course_id is not None:
        said = said.where(Enrolment.course_id == wanted.course_id)
    if required_only:
        said = said.where(Enrolment.required.is_(True))
    return tuple(
        (value if isinstance(value, date) else date.fromisoformat(str(value)), number)
        for value, number in db.execute(said)
    )


def completions_since(
    db: Session, place: OrganisationCard, since: date, *, wanted: Wanted, required_only: bool
) -> tuple[tuple[date, int], ...]:
    """The same from a day on and from totals, for a place that has them. They know nothing of due dates."""
    number = func.sum(DayCount.number)
    kinds = {True} if required_only else {True, False}
    if wanted.kind is not None:
        kinds &= {wanted.kind is Kind.REQUIRED}
    said = (
        select(DayCount.day, number)
        .where(
            DayCount.organisation_id.in_(totals_of(place)),
            DayCount.mark == Mark.COMPLETED,
            DayCount.required.in_(sorted(kinds)),
            DayCount.course_id == (wanted.course_id or ALL_COURSES),
            DayCount.day >= since,
        )
        .group_by(DayCount.day)
        .having(number != 0)
        .order_by(DayCount.day)
    )
    return tuple((row[0], int(row[1])) for row in db.execute(said))


@dataclass(frozen=True, slots=True)
class RunRow:
    """One person in one course, as their manager sees it: status and dates, never answers, tries or scores."""

    enrolment_id: int
    person_id: int
    person_key: str
    given_name: str
    family_name: str
    job_title: str
    has_email: bool
    organisation_id: int
    organisation_code: str
    organisation_name: str
    course_id: int
    course_slug: str
    state: RunState
    required: bool
    due_on: date | None
    completed_at: datetime | None
    active_at: datetime | None

    @property
    def listed_name(self) -> str:
        return f"{self.family_name}, {self.given_name}"


_ROW: tuple[Any, ...] = (
    Enrolment.id,
    Person.id,
    Person.key,
    Person.given_name,
    Person.family_name,
    Person.job_title,
    Person.email.is_not(None),
    Organisation.id,
    Organisation.code,
    said_name(),
    Course.id,
    Course.slug,
    Enrolment.state,
    Enrolment.required,
    Enrolment.due_on,
    Enrolment.completed_at,
    Enrolment.active_at,
)


def _rows() -> Select[Any]:
    return (
        select(*_ROW)
        .select_from(Enrolment)
        .join(Person, Person.id == Enrolment.person_id)
        .join(Organisation, Organisation.id == Enrolment.organisation_id)
        .join(Course, Course.id == Enrolment.course_id)
        .where(Enrolment.state != RunState.LEFT, Enrolment.current.is_(True))
    )


def _standing(status: Status, today: date) -> list[ColumnElement[bool]]:
    """The rows of one status, cut exactly as the counters are."""
    until = soon_until(today)
    required, unfinished = Enrolment.required.is_(True), Enrolment.state.in_(UNFINISHED)
    match status:
        case Status.COMPLETED:
            return [required, Enrolment.state == RunState.COMPLETED]
        case Status.CHOSEN:
            return [Enrolment.required.is_(False)]
        case Status.OVERDUE:
            return [required, unfinished, Enrolment.due_on < today]
        case Status.DUE_SOON:
            return [required, unfinished, Enrolment.due_on >= today, Enrolment.due_on <= until]
        case Status.BEHIND:
            return [required, unfinished, Enrolment.due_on <= until]
        case Status.ON_TRACK:
            return [required, unfinished, or_(Enrolment.due_on > until, Enrolment.due_on.is_(None))]


def runs(
    db: Session,
    place: OrganisationCard,
    *,
    today: date,
    status: Status,
    wanted: Wanted | None = None,
    limit: int | None = None,
    offset: int = 0,
) -> tuple[RunRow, ...]:
    """The runs of one status at or below a place: who has waited longest first, then by family name."""
    wanted = wanted or Wanted()
    said = _rows().where(
        at_or_below(Enrolment.organisation_id, place), *_standing(status, today), *_narrowed(wanted, Enrolment)
    )
    if wanted.course_id is not None:
        said = said.where(Enrolment.course_id == wanted.course_id)
    order: list[Any] = [Person.sort_key, Person.id, Enrolment.id]
    if status in (Status.BEHIND, Status.OVERDUE, Status.DUE_SOON, Status.ON_TRACK):
        order = [Enrolment.due_on.is_(None), Enrolment.due_on, *order]
    elif status is Status.COMPLETED:
        order = [Enrolment.completed_at.desc(), *order]
    said = said.order_by(*order)
    if limit is not None:
        said = said.limit(limit).offset(offset)
    return tuple(RunRow(*row) for row in db.execute(said))


def runs_of(db: Session, person_id: int, within: ColumnElement[bool]) -> tuple[RunRow, ...]:
    """Every run of one person that is counted in an organisation `within` lets through."""
    said = _rows().where(Enrolment.person_id == person_id, within)
    finished = Enrolment.state == RunState.COMPLETED
    said = said.order_by(finished, Enrolment.due_on.is_(None), Enrolment.due_on, Enrolment.id)
    return tuple(RunRow(*row) for row in db.execute(said))


__all__ = [
    "ALL",
    "HERE",
    "CourseName",
    "RunRow",
    "Wanted",
    "around",
    "completions",
    "completions_since",
    "course_names",
    "figures",
    "has_totals",
    "runs",
    "runs_of",
    "tallies",
    "totals_of",
]
