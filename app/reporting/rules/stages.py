"""How far people have come, how long it took them, and how fast they are: sums over groups of runs. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.reporting.rules.forecast import WINDOW_DAYS, Pace
from app.reporting.rules.suppression import Figure, Hidden

# The last day of each group of days, both ends included; the last group is open.
EDGES = (1, 7, 14, 30, 60)


@dataclass(frozen=True, slots=True)
class Group:
    """So many required runs that began, ended and are due on the same days. `excused`: exempt or away, counted nowhere."""

    enrolled_on: date
    completed_on: date | None
    due_on: date | None
    started: bool
    excused: bool
    number: int


@dataclass(frozen=True, slots=True)
class Funnel:
    """Required runs by how far they have come; each is in exactly one of the four."""

    untouched: int = 0
    started: int = 0
    late: int = 0
    in_time: int = 0
    excused: int = 0

    @property
    def base(self) -> int:
        return self.untouched + self.started + self.completed

    @property
    def completed(self) -> int:
        return self.late + self.in_time


def funnel(groups: Sequence[Group]) -> Funnel:
    """Who is excused stands beside the others. Without a due date whatever is completed is in time."""
    sums = {"untouched": 0, "started": 0, "late": 0, "in_time": 0, "excused": 0}
    for one in groups:
        sums[_stage(one)] += one.number
    return Funnel(**sums)


def _stage(one: Group) -> str:
    if one.completed_on is not None:
        return "late" if one.due_on is not None and one.completed_on > one.due_on else "in_time"
    if one.excused:
        return "excused"
    return "started" if one.started else "untouched"


@dataclass(frozen=True, slots=True)
class Took:
    """`number` people took from `first` to `last` days, both included; without `last`: or more."""

    first: int
    last: int | None
    number: int


def days_to_complete(groups: Sequence[Group]) -> tuple[Took, ...]:
    """How many took how long from being assigned to completing, in the groups of `EDGES`."""
    found = [0] * (len(EDGES) + 1)
    for one in groups:
        if one.completed_on is not None:
            days = max(0, (one.completed_on - one.enrolled_on).days)
            found[sum(days > edge for edge in EDGES)] += one.number
    firsts = (0, *(edge + 1 for edge in EDGES))
    return tuple(Took(first, last, n) for first, last, n in zip(firsts, (*EDGES, None), found, strict=True))


def median_days(groups: Sequence[Group]) -> int | None:
    """The middle of the days that completing took; of two in the middle the smaller one."""
    took = sorted(
        (max(0, (one.completed_on - one.enrolled_on).days), one.number)
        for one in groups
        if one.completed_on is not None
    )
    half, seen = (sum(number for _days, number in took) + 1) // 2, 0
    for days, number in took:
        seen += number
        if seen >= half:
            return days
    return None


def merged(took: Sequence[Took], smallest: int) -> tuple[Took, ...]:
    """Groups of days joined with those after them until none of them holds 1 to `smallest` − 1 people.

    From the shortest on, whatever the numbers are: which way a group was joined must not tell which of two was small.
    What is left at the end joins the last one that holds somebody; longer days, which nobody took, stay by themselves.
    """
    last = max((at for at, one in enumerate(took) if one.number), default=-1)
    parts: list[Took] = []
    for one in took[: last + 1]:
        if parts and 0 < parts[-1].number < smallest:
            parts[-1] = _joined(parts[-1], one)
        else:
            parts.append(one)
    if parts and 0 < parts[-1].number < smallest:
        rest = parts.pop()
        while parts and not parts[-1].number:
            rest = _joined(parts.pop(), rest)
        if not parts:
            return ()
        parts.append(_joined(parts.pop(), rest))
    return (*parts, *took[last + 1 :])


def _joined(one: Took, other: Took) -> Took:
    return Took(one.first, other.last, one.number + other.number)


def in_time(groups: Sequence[Group], joined: Sequence[Took], smallest: int) -> tuple[Figure, Figure]:
    """(late, in time) as a reader of numbers sees them beside the days that completing took, `joined`.

    Where everybody had equally many days, the last of them cuts through the groups of days: the two together would
    tell how many lie on each side of the cut.
    """
    done = [one for one in groups if one.completed_on is not None]
    had = {(one.due_on - one.enrolled_on).days if one.due_on is not None else None for one in done}
    cut = had.pop() if len(had) == 1 else None
    if cut is not None:
        for part in joined:
            sides = [0, 0]
            for one in done:
                assert one.completed_on is not None
                days = max(0, (one.completed_on - one.enrolled_on).days)
                if part.first <= days and (part.last is None or days <= part.last):
                    sides[days > cut] += one.number
            if any(0 < number < smallest for number in sides):
                return Hidden.WITHHELD, Hidden.WITHHELD
    stages = funnel(done)
    return pair(stages.late, stages.in_time, smallest)


def pair(a: int, b: int, smallest: int) -> tuple[Figure, Figure]:
    """Two parts of a whole that is shown: either both are shown, or neither, where one of them is small.

    Which of the two is small is not said: of eight, two small parts could only be four and four.
    """
    if not (0 < a < smallest or 0 < b < smallest):
        return a, b
    return Hidden.WITHHELD, Hidden.WITHHELD


def pace(groups: Sequence[Group], today: date) -> Pace:
    """Completions in the last four weeks, and the days that people spent unfinished in them."""
    began = today - timedelta(days=WINDOW_DAYS)
    completions, days = 0, 0
    for one in groups:
        if one.excused and one.completed_on is None:
            continue
        end = min(one.completed_on or today, today)
        start = max(one.enrolled_on, began)
        if one.completed_on is not None and began < one.completed_on <= today:
            completions += one.number
        days += one.number * max(0, (end - start).days)
    return Pace(completions, float(days))


def waiting(groups: Sequence[Group], today: date) -> tuple[tuple[int, int], ...]:
    """(days left, people) of those unfinished whose due date is still to come; the day itself counts as one."""
    found: dict[int, int] = {}
    for one in groups:
        if one.completed_on is None and not one.excused and one.due_on is not None and one.due_on >= today:
            left = (one.due_on - today).days + 1
            found[left] = found.get(left, 0) + one.number
    return tuple(sorted(found.items()))
