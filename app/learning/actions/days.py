"""Keeping the totals by day of the widest places: how many began, completed, and how long completing took them.

They are kept for the places directly below the root, each with everything under it, and for the root's own people; the
country is the sum of these, so nobody in it waits for one row. What is deeper is small enough to be counted run by run.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import delete, func, insert, or_, select
from sqlalchemy.orm import Session

from app.kit.database import add_up
from app.learning import rules
from app.learning.models import DayCount, Enrolment, TookCount
from app.learning.rules import ALL_COURSES, Days, Mark, Run, RunState
from app.organisations.models import Organisation
from app.organisations.queries import below

AT_ONCE = 5000
MARKED = ("mark", "required", "course_id", "day")
SPENT = ("course_id", "allowed", "took")
Marked = tuple[Mark, bool, int, date]
Spent = tuple[int, int, int]


@dataclass
class Sums:
    """What some runs add to the totals of one place, by the columns of `MARKED` and of `SPENT`."""

    marked: Counter[Marked] = field(default_factory=Counter)
    spent: Counter[Spent] = field(default_factory=Counter)

    def add(self, course_id: int, days: Days, by: int) -> None:
        for course in (ALL_COURSES, course_id):
            for mark, required, day in days.marks:
                self.marked[(mark, required, course, day)] += by
            if days.took is not None:
                self.spent[(course, *days.took)] += by


def widest(path: str) -> int:
    """The number of the place in whose totals whoever is at `path` is counted."""
    parts = path.strip("/").split("/")
    return int(parts[1] if len(parts) > 1 else parts[0])


def changed(db: Session, *, course_id: int, enrolled_at: datetime, before: Run, after: Run) -> None:
    """Bring the totals up to date with what has become of one run."""
    was, now = _days(before, enrolled_at), _days(after, enrolled_at)
    if (was, before.organisation_id) == (now, after.organisation_id) or not (was.marks or now.marks):
        return
    ids = {before.organisation_id, after.organisation_id}
    paths = {
        row[0]: row[1] for row in db.execute(select(Organisation.id, Organisation.path).where(Organisation.id.in_(ids)))
    }
    sums: dict[int, Sums] = {}
    for run, days, by in ((before, was, -1), (after, now, +1)):
        if days.marks:
            sums.setdefault(widest(paths[run.organisation_id]), Sums()).add(course_id, days, by)
    _keep(db, sums)


def _days(run: Run, enrolled_at: datetime) -> Days:
    return rules.days_of(
        state=run.state,
        current=run.current,
        required=run.required,
        enrolled_on=_day(enrolled_at),
        completed_on=_day(run.completed_at) if run.completed_at else None,
        due_on=run.due_on,
    )


def _day(value: Any) -> date:
    """Of a moment, or of what either database says a day is."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).date()
    return value if isinstance(value, date) else date.fromisoformat(value)


def _keep(db: Session, sums: dict[int, Sums]) -> None:
    """Add to the totals, in one order for everybody, so that two transactions never wait for each other."""
    add_up(db, DayCount, [row for place in sorted(sums) for row in _rows(place, MARKED, sums[place].marked)])
    add_up(db, TookCount, [row for place in sorted(sums) for row in _rows(place, SPENT, sums[place].spent)])


def _rows(place: int, names: tuple[str, ...], cells: Counter[Any]) -> list[dict[str, Any]]:
    return [
        {"organisation_id": place, **dict(zip(names, cell, strict=True)), "number": by}
        for cell, by in sorted(cells.items())
        if by
    ]


def _of_runs(db: Session, path: str, *, own: bool = False) -> Sums:
    """What the runs at or below `path` add up to (`own`: at it only)."""
    began, ended = func.date(Enrolment.enrolled_at), func.date(Enrolment.completed_at)
    columns = (Enrolment.course_id, Enrolment.state, Enrolment.required, began, ended, Enrolment.due_on)
    places = select(Organisation.id).where(Organisation.path == path if own else below(path))
    said = (
        select(*columns, func.count())
        .where(
            Enrolment.organisation_id.in_(places),  # a join might go through the runs of the whole country
            Enrolment.current.is_(True),
            or_(Enrolment.required.is_(True), Enrolment.state == RunState.COMPLETED),
        )
        .group_by(*columns)
    )
    sums = Sums()
    for course_id, state, required, enrolled, completed, due_on, number in db.execute(said):
        days = rules.days_of(
            state=state,
            current=True,
            required=required,
            enrolled_on=_day(enrolled),
            completed_on=_day(completed) if completed else None,
            due_on=due_on,
        )
        sums.add(course_id, days, number)
    return sums


def _places(db: Session) -> Iterable[tuple[int, str, bool]]:
    """(number, path, whether it is the root) of every place that has totals."""
    root = select(Organisation.id).where(Organisation.parent_id.is_(None)).scalar_subquery()
    said = select(Organisation.id, Organisation.path, Organisation.parent_id.is_(None)).where(
        or_(Organisation.parent_id.is_(None), Organisation.parent_id == root)
    )
    return [(row[0], row[1], bool(row[2])) for row in db.execute(said.order_by(Organisation.id))]


def recount(db: Session) -> None:
    """Write every total anew from the runs: after runs were written in bulk. One place at a time is in memory."""
    db.execute(delete(DayCount))
    db.execute(delete(TookCount))
    for place, path, own in _places(db):
        sums = _of_runs(db, path, own=own)
        for table, rows in (
            (DayCount, _rows(place, MARKED, sums.marked)),
            (TookCount, _rows(place, SPENT, sums.spent)),
        ):
            for start in range(0, len(rows), AT_ONCE):
                db.execute(insert(table), rows[start : start + AT_ONCE])


def wrong(db: Session) -> Iterator[tuple[str, int, int]]:
    """Where a total is not what the runs add up to: (which, stored, added up)."""
    seen = set()
    for place, path, own in _places(db):
        seen.add(place)
        sums = _of_runs(db, path, own=own)
        pairs: list[tuple[dict[Any, int], dict[Any, int]]] = [
            (_kept(db, DayCount, MARKED, place), sums.marked),
            (_kept(db, TookCount, SPENT, place), sums.spent),
        ]
        for kept, wanted in pairs:
            for cell in sorted({one for one, _number in kept.items() ^ wanted.items()}):
                yield f"total by day {(place, *cell)}", kept.get(cell, 0), wanted.get(cell, 0)
    for table in (DayCount, TookCount):
        astray = select(table.organisation_id, func.sum(table.number)).where(table.organisation_id.not_in(seen))
        for place, number in db.execute(astray.where(table.number != 0).group_by(table.organisation_id)):
            yield f"totals by day of a place that has none {place}", int(number), 0


def _kept(db: Session, table: type[DayCount] | type[TookCount], names: tuple[str, ...], place: int) -> dict[Any, int]:
    said = select(*(getattr(table, name) for name in names), table.number)
    rows = db.execute(said.where(table.organisation_id == place, table.number != 0))
    return {tuple(row[:-1]): row[-1] for row in rows}


def moved(db: Session, *, before: str, after: str) -> None:
    """A place stands at the path `after` now: what is counted at and below it is counted in other totals from now on."""
    if widest(before) == widest(after):
        return
    sums = _of_runs(db, after)
    gone = Sums(Counter({cell: -n for cell, n in sums.marked.items()}), Counter({c: -n for c, n in sums.spent.items()}))
    _keep(db, {widest(before): gone, widest(after): sums})
