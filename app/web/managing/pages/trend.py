"""The share of those who have completed, over time, as a line and as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from app.kit.i18n import day as day_name
from app.kit.i18n import gettext as _
from app.kit.i18n import iso_date, moment, number, percent
from app.kit.memo import remembered
from app.reporting import queries as reporting
from app.reporting.access import View
from app.reporting.queries import CourseName
from app.reporting.rules import WEEKS, Hidden, Shown, Week, coarse, weekly
from app.web.managing.forms import Filter

WIDE = 10_000  # runs from which on the trend is counted now and then
AGE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """One week of the chart as its table says it."""

    day: str
    completed: str
    share: str


@dataclass(frozen=True, slots=True)
class Trend:
    """The share of those who have completed, over time. `line` holds per cents of the period and of the base."""

    title: str
    description: str
    base: str
    line: tuple[tuple[float, float], ...]
    dates: tuple[tuple[float, str, bool], ...]
    end: str
    end_note: str
    asof: str
    points: tuple[TrendPoint, ...]


def trend(
    db: Session,
    view: View,
    total: Shown,
    chosen: Filter,
    course: CourseName | None,
    single: CourseName | None,
    today: date,
) -> Trend | None:
    """The share over the weeks, of those who are counted now; none where there is nothing or too little to show."""
    base = total.base
    if isinstance(base, Hidden) or isinstance(total.done, Hidden) or not base:
        return None
    required = total.assigned != 0
    wanted = chosen.wanted(course.id if course else None)
    counted, at = _completions(db, view, wanted, required, today, done=total.done, wide=base >= WIDE)
    weeks: tuple[Week, ...] = weekly(counted, today)
    if not view.names:
        weeks = coarse(weeks)
    if len(weeks) < 2:
        return None
    first, last = weeks[0].ends_on, weeks[-1].ends_on
    span = (last - first).days or 1
    line = tuple((100 * (week.ends_on - first).days / span, min(100.0, 100 * week.completed / base)) for week in weeks)
    end = percent(weeks[-1].completed / base)
    return Trend(
        title=_("Share completed from %(first)s to %(last)s", first=iso_date(first), last=iso_date(last)),
        description=_(
            "The share went from %(start)s to %(end)s: %(n)s of %(all)s.",
            start=percent(weeks[0].completed / base),
            end=end,
            n=number(weeks[-1].completed),
            all=number(base),
        ),
        base=_("%(title)s, n = %(n)s", title=single.title, n=number(base))
        if single
        else _("All courses, n = %(n)s", n=number(base)),
        line=line,
        dates=_dates(weeks, first, span),
        end=end,
        end_note=day_name(last),
        asof=_("Counted at %(moment)s.", moment=moment(at)) if at is not None else "",
        points=tuple(
            TrendPoint(iso_date(week.ends_on), number(week.completed), percent(week.completed / base))
            for week in reversed(weeks)
        ),
    )


def _completions(
    db: Session, view: View, wanted: reporting.Wanted, required: bool, today: date, *, done: int, wide: bool
) -> tuple[tuple[tuple[date, int], ...], datetime | None]:
    """How many completed on each day, and when that was counted, if not now.

    The widest places have totals by day, of which the last weeks are read; what was completed earlier (of `done`) is
    said of the day before them. By due date it is counted run by run: of a wide place now and then.
    """
    if reporting.has_totals(view.place) and wanted.due_from is None and wanted.due_to is None:
        first = today - timedelta(weeks=WEEKS)
        days = reporting.completions_since(db, view.place, first, wanted=wanted, required_only=required)
        earlier = done - sum(number for _day, number in days)
        return ((first - timedelta(days=1), earlier), *days) if earlier > 0 else days, None

    def count() -> tuple[tuple[date, int], ...]:
        return reporting.completions(db, view.place, wanted=wanted, required_only=required)

    if not wide:
        return count(), None
    return remembered((str(db.get_bind().engine.url), view.place.id, wanted, required), AGE, count)


def _dates(weeks: Sequence[Week], first: date, span: int) -> tuple[tuple[float, str, bool], ...]:
    """The days under the line: first and last always, one near the middle where there is room between their words."""
    places = [(100 * (week.ends_on - first).days / span, day_name(week.ends_on)) for week in weeks]
    middle = min(places, key=lambda place: abs(place[0] - 44))
    between = [(*middle, True)] if 38 <= middle[0] <= 52 else []
    return ((*places[0], False), *between, (*places[-1], False))
