"""By when: a date, the steps by which it came about, and what is fair to whoever comes late. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from app.kit.days import add_months
from app.kit.errors import KitError
from app.kit.i18n import N_
from app.organisations.rules import COUNTRIES
from app.requirements.rules.calendar import add_working_days, next_working_day

FAIR_DAYS = 14  # nobody gets less time than this because they came late
FARTHEST_DAYS = 5 * 366
DAYS_MAX = 3 * 366
MONTHS_MAX = 120


class DueKind(StrEnum):
    FIXED = "fixed"
    HIRE = "hire"  # so many days after the first day at the institution
    POST = "post"  # so many days after the present post began
    REACHED = "reached"  # so many days after the rule reached the person


class Renewal(StrEnum):
    """From where the next period is counted."""

    COMPLETION = "completion"
    EXPIRY = "expiry"  # done within the window: from the day the old one ends, so that nobody loses days by being early
    FIXED = "fixed"  # one day for everybody: the base day and whole intervals after it


class StepKind(StrEnum):
    FIXED = "fixed"
    HIRE = "hire"
    POST = "post"
    REACHED = "reached"
    WORKING_DAY = "working-day"
    FAIR = "fair"
    LEAVE = "leave"
    EXPIRY = "expiry"
    GRACE = "grace"
    EXTENSION = "extension"


@dataclass(frozen=True, slots=True)
class Step:
    """One step towards a date: what `on` is after it, the number of days it is about, and whose holidays count."""

    kind: StepKind
    on: date
    days: int = 0
    country: str = COUNTRIES[0]


@dataclass(frozen=True, slots=True)
class Dated:
    """A due date, and how it came about."""

    on: date
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Due:
    """By when. `working`: the days are working days."""

    kind: DueKind
    on: date | None = None
    days: int = 0
    working: bool = False


@dataclass(frozen=True, slots=True)
class Terms:
    """How long it is good for (0: for ever), when it may be renewed, and how long after its end it is forgiven."""

    valid_months: int = 0
    renewal: Renewal = Renewal.COMPLETION
    base: date | None = None
    window_days: int = 60
    grace_days: int = 0


@dataclass(frozen=True, slots=True)
class Leave:
    """Away from work; without `until` nobody knows yet for how long. Both days belong to it."""

    since: date
    until: date | None = None

    def holds(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class Service:
    """What the dates of one person are counted from. `not_before`: what is fair to somebody reached later."""

    reached_on: date
    hired_on: date | None = None
    post_on: date | None = None
    not_before: date | None = None
    leaves: tuple[Leave, ...] = ()
    country: str = COUNTRIES[0]


def due_fault(due_on: date, today: date) -> KitError | None:
    """Why a due date cannot be taken (an English sentence, marked), or None."""
    if due_on < today:
        return KitError(N_("This date has passed. Choose a day from today on."))
    if (due_on - today).days > FARTHEST_DAYS:
        return KitError(N_("This date is more than five years away. Check the year."))
    return None


def too_near(due_on: date, today: date) -> bool:
    """Whether people get less time than is fair: allowed, and said before it is done."""
    return due_on < today + timedelta(days=FAIR_DAYS)


def newcomers_due(due_on: date, today: date) -> date:
    """The due date of somebody whom a requirement reaches later than the others."""
    return max(due_on, today + timedelta(days=FAIR_DAYS))


def fair_from(due: Due, reached_on: date, *, late: bool) -> date | None:
    """The earliest fair day for somebody reached on a day. Whoever a fixed date reaches with everybody else has the
    date that was chosen; a date counted from the past would be over before one hears of it."""
    if due.kind is DueKind.FIXED and not late:
        return None
    return reached_on + timedelta(days=FAIR_DAYS)


def edited(old: date, new: date, today: date) -> date:
    """The date of an open period when its rule is edited: later at once; earlier only as far as is fair.

    What has passed does not change: whoever was overdue stays so, and nobody becomes so by an edit.
    """
    return new if new >= old else max(new, min(old, today + timedelta(days=FAIR_DAYS)))


def first_due(due: Due, person: Service) -> Dated:
    """The due date of somebody's first period."""
    match due.kind:
        case DueKind.FIXED:
            assert due.on is not None
            made = Dated(due.on, (Step(StepKind.FIXED, due.on, 0, person.country),))
        case DueKind.HIRE:
            made = _counted(due, StepKind.HIRE, person.hired_on or person.reached_on, person.country)
        case DueKind.POST:
            made = _counted(due, StepKind.POST, person.post_on or person.reached_on, person.country)
        case DueKind.REACHED:
            made = _counted(due, StepKind.REACHED, person.reached_on, person.country)
    return _humane(made, person)


def _counted(due: Due, kind: StepKind, start: date, country: str) -> Dated:
    if due.working:
        day = add_working_days(start, due.days, country)
        return Dated(day, (Step(kind, start, due.days), Step(StepKind.WORKING_DAY, day, 0, country)))
    day = start + timedelta(days=due.days)
    return _on_a_working_day(Dated(day, (Step(kind, start, due.days),)), country)


def _on_a_working_day(made: Dated, country: str) -> Dated:
    day = next_working_day(made.on, country)
    return made if day == made.on else Dated(day, (*made.steps, Step(StepKind.WORKING_DAY, day, 0, country)))


def _humane(made: Dated, person: Service) -> Dated:
    """Not before what is fair, and later by the days of leave."""
    if person.not_before is not None and person.not_before > made.on:
        days = (person.not_before - person.reached_on).days
        made = Dated(person.not_before, (*made.steps, Step(StepKind.FAIR, person.not_before, days)))
    return _with_leave(made, person.leaves, person.reached_on)


def _with_leave(made: Dated, leaves: Iterable[Leave], since: date) -> Dated:
    day, away = made.on, 0
    for leave in together(leaves):
        if leave.until is None:  # open-ended: the period is paused, and counted when the person is back
            continue
        begin = max(leave.since, since)
        if begin <= day and leave.until >= begin:
            days = (leave.until - begin).days + 1
            day, away = day + timedelta(days=days), away + days
    return made if not away else Dated(day, (*made.steps, Step(StepKind.LEAVE, day, away)))


def together(leaves: Iterable[Leave]) -> tuple[Leave, ...]:
    """Leaves in order, those that touch or overlap made one, so that no day is counted twice."""
    out: list[Leave] = []
    for leave in sorted(leaves, key=lambda one: (one.since, one.until or date.max)):
        last = out[-1] if out else None
        if last is not None and (last.until is None or leave.since <= last.until + timedelta(days=1)):
            ends = None if last.until is None or leave.until is None else max(last.until, leave.until)
            out[-1] = replace(last, until=ends)
        else:
            out.append(leave)
    return tuple(out)


def away(leaves: Iterable[Leave], day: date) -> bool:
    return any(leave.holds(day) for leave in leaves)


def strictest(dates: Sequence[Dated]) -> Dated:
    """Of several dates for the same thing the earliest; of equal ones the first."""
    return min(dates, key=lambda one: one.on)


def extended(made: Dated, until: date | None) -> Dated:
    """With more time granted; an extension never makes a date earlier."""
    if until is None or until <= made.on:
        return made
    return Dated(until, (*made.steps, Step(StepKind.EXTENSION, until, (until - made.on).days)))


def valid_until(terms: Terms, met_on: date, held_until: date | None = None) -> date | None:
    """The last day on which something completed on a day is good; None: for ever."""
    if terms.valid_months <= 0:
        return None
    match terms.renewal:
        case Renewal.COMPLETION:
            return add_months(met_on, terms.valid_months)
        case Renewal.EXPIRY:
            early = held_until is not None and met_on <= held_until
            in_window = early and held_until is not None and met_on >= held_until - timedelta(days=terms.window_days)
            return add_months(held_until if in_window and held_until else met_on, terms.valid_months)
        case Renewal.FIXED:
            base = terms.base or met_on
            months = (met_on.year - base.year) * 12 + met_on.month - base.month
            turn = max(1, months // terms.valid_months)
            while (day := add_months(base, turn * terms.valid_months)) <= met_on + timedelta(days=terms.window_days):
                # Somebody who has only just completed it is not asked again at once: a turn is left out.
                if day == date.max:
                    break
                turn += 1
            return day


@dataclass(frozen=True, slots=True)
class Next:
    """What follows a completed period: until when it is good, from when on and by when it is to be renewed."""

    valid_until: date | None
    opens_on: date | None = None
    due: Dated | None = None


def after(
    terms: Iterable[Terms],
    met_on: date,
    *,
    held_until: date | None = None,
    written: date | None = None,
    country: str = COUNTRIES[0],
) -> Next:
    """The strictest of what several rules say about the time after a completion. `written`: the end that stands on a
    certificate, which goes before what a rule would count."""
    found = []
    for one in terms:
        until = written or valid_until(one, met_on, held_until)
        if until is None:
            continue
        steps = [Step(StepKind.EXPIRY, until)]
        day = until
        if one.grace_days:
            day = until + timedelta(days=one.grace_days)
            steps.append(Step(StepKind.GRACE, day, one.grace_days))
        due = _on_a_working_day(Dated(day, tuple(steps)), country)
        opens = max(met_on, until - timedelta(days=one.window_days))
        found.append(Next(until, opens, due))
    if not found:
        return Next(None)
    return min(found, key=lambda one: (one.due.on if one.due else date.max, one.valid_until or date.max))


def renewed_due(made: Dated, person: Service) -> Dated:
    """The due date of a renewal for one person: fair from the day it opened for them, and later by leave."""
    return _humane(made, person)


def steps_to_json(steps: Iterable[Step]) -> list[list[Any]]:
    """The country is left out where it is the first: so it was written before there were others."""
    return [
        [step.kind.value, step.on.isoformat(), step.days, *([step.country] if step.country != COUNTRIES[0] else [])]
        for step in steps
    ]


def steps_from_json(data: Iterable[Sequence[Any]]) -> tuple[Step, ...]:
    return tuple(Step(StepKind(one[0]), date.fromisoformat(one[1]), int(one[2]), *one[3:4]) for one in data)


def due_to_json(due: Due) -> dict[str, Any]:
    return {
        "kind": due.kind.value,
        "on": due.on.isoformat() if due.on else None,
        "days": due.days,
        "working": due.working,
    }


def due_from_json(data: Mapping[str, Any]) -> Due:
    on = data.get("on")
    return Due(DueKind(data["kind"]), date.fromisoformat(on) if on else None, data["days"], data["working"])


def terms_to_json(terms: Terms) -> dict[str, Any]:
    return {
        "valid_months": terms.valid_months,
        "renewal": terms.renewal.value,
        "base": terms.base.isoformat() if terms.base else None,
        "window_days": terms.window_days,
        "grace_days": terms.grace_days,
    }


def terms_from_json(data: Mapping[str, Any]) -> Terms:
    base = data.get("base")
    return Terms(
        data["valid_months"],
        Renewal(data["renewal"]),
        date.fromisoformat(base) if base else None,
        data["window_days"],
        data["grace_days"],
    )
