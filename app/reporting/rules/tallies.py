"""Counting runs, rates with their denominators, and who may see names. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from app.accounts.rules import SEES_NAMES
from app.kit.actor import Actor
from app.learning.rules import DUE_SOON_DAYS

WEEKS = 26  # of which the course of the share is shown
SMALLEST = 5  # analysts never see a group smaller than this
NAMES = SEES_NAMES


def sees_names(actor: Actor, path: str) -> bool:
    return actor.covers(path, *SEES_NAMES)


class Status(StrEnum):
    """How a run stands, as managers filter by it."""

    BEHIND = "behind"  # overdue or due within fourteen days
    OVERDUE = "overdue"
    DUE_SOON = "due-soon"
    ON_TRACK = "on-track"
    COMPLETED = "completed"
    CHOSEN = "by-choice"


class Kind(StrEnum):
    REQUIRED = "required"
    CHOSEN = "by-choice"


class Order(StrEnum):
    RATE = "rate"
    NAME = "name"
    SIZE = "size"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class Tally:
    """Runs counted by how they stand: required ones in four kinds, chosen ones in two; `started` is part of both."""

    completed: int = 0
    overdue: int = 0
    soon: int = 0
    later: int = 0
    chosen_completed: int = 0
    chosen_going: int = 0
    started: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(  # a page adds up thousands, so without a loop
            self.completed + other.completed,
            self.overdue + other.overdue,
            self.soon + other.soon,
            self.later + other.later,
            self.chosen_completed + other.chosen_completed,
            self.chosen_going + other.chosen_going,
            self.started + other.started,
        )

    @property
    def assigned(self) -> int:
        return self.completed + self.overdue + self.soon + self.later

    @property
    def chosen(self) -> int:
        return self.chosen_completed + self.chosen_going

    @property
    def enrolled(self) -> int:
        return self.assigned + self.chosen

    @property
    def behind(self) -> int:
        return self.overdue + self.soon

    @property
    def done(self) -> int:
        """The numerator of the rate."""
        return self.completed if self.assigned else self.chosen_completed

    @property
    def base(self) -> int:
        """Its denominator: those assigned where anybody is, else those enrolled."""
        return self.assigned or self.chosen

    @property
    def rate(self) -> float | None:
        return self.done / self.base if self.base else None


def total(tallies: Iterable[Tally]) -> Tally:
    return sum(tallies, Tally())


def soon_until(today: date) -> date:
    return today + timedelta(days=DUE_SOON_DAYS)


def step(rate: float) -> int:
    """Which of the five shades of the heat map a rate has: 0–24, 25–49, 50–74, 75–94, 95–100 per cent."""
    return 1 + sum(rate >= edge for edge in (0.25, 0.5, 0.75, 0.95))


@dataclass(frozen=True, slots=True)
class Week:
    """How many had completed by the end of a week."""

    ends_on: date
    completed: int


def weekly(per_day: Sequence[tuple[date, int]], today: date, *, weeks: int = WEEKS) -> tuple[Week, ...]:
    """Completions per day as running totals at the ends of at most `weeks` weeks, the last of which is today."""
    if not per_day:
        return ()
    days = sorted(per_day)
    ends = [today - timedelta(weeks=n) for n in range(weeks)]
    first = days[0][0]
    # One point before anything was completed, so that the line begins at its beginning.
    shown = [end for end in ends if end >= first] + [end for end in ends if end < first][:1]
    return tuple(Week(end, sum(number for day, number in days if day <= end)) for end in sorted(shown))


def coarse(series: Sequence[Week], smallest: int = SMALLEST) -> tuple[Week, ...]:
    """The points of a series that lie far enough apart that no step between two of them is a group under five."""
    kept: list[Week] = []
    for week in reversed(series):
        if kept and 0 < kept[-1].completed - week.completed < smallest:
            continue
        if week.completed == 0 or week.completed >= smallest:
            kept.append(week)
    return tuple(reversed(kept))
