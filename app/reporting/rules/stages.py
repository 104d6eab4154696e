"""How far people have come, how long it took them, and how fast they are: sums over runs. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
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
class Spent:
    """`number` people took `days` days (less than 0: it had been done before it was asked for), and were late or not."""

    days: int
    late: bool
    number: int

    @property
    def took(self) -> int:
        return self.days if self.days > 0 else 0


@dataclass(frozen=True, slots=True)
class Counted:
    """Required runs as the deeper figures need them: how many stand where, how long completing took, which due dates
    the unfinished have, and how many began and completed on each of the last days.

    `allowed`: how many days everybody had who completed; None where they had not equally many, or as many as they liked.
    """

    untouched: int = 0
    started: int = 0
    excused: int = 0
    spent: tuple[Spent, ...] = ()
    allowed: int | None = None
    due: tuple[tuple[date, int], ...] = ()
    began: tuple[tuple[date, int], ...] = ()
    completed: tuple[tuple[date, int], ...] = ()


def counted(groups: Sequence[Group], today: date) -> Counted:
    """The same from groups of runs. What had been done before it was asked for began on the day it was done."""
    stand = {"untouched": 0, "started": 0, "excused": 0}
    spent: Counter[tuple[int, bool]] = Counter()
    had: set[int | None] = set()
    due: Counter[date] = Counter()
    began: Counter[date] = Counter()
    completed: Counter[date] = Counter()
    for one in groups:
        if one.completed_on is not None:
            allowed = (one.due_on - one.enrolled_on).days if one.due_on is not None else None
            days = (one.completed_on - one.enrolled_on).days
            spent[(days, allowed is not None and days > allowed)] += one.number
            had.add(allowed)
            began[min(one.enrolled_on, one.completed_on)] += one.number
            completed[one.completed_on] += one.number
            continue
        stand["excused" if one.excused else "started" if one.started else "untouched"] += one.number
        if not one.excused:
            began[one.enrolled_on] += one.number
            if one.due_on is not None:
                due[one.due_on] += one.number
    since = window(today)
    return Counted(
        **stand,
        spent=tuple(Spent(*key, n) for key, n in sorted(spent.items())),
        allowed=had.pop() if len(had) == 1 else None,
        due=tuple(sorted(due.items())),
        began=tuple(sorted((day, n) for day, n in began.items() if day >= since)),
        completed=tuple(sorted((day, n) for day, n in completed.items() if day >= since)),
    )


def window(today: date) -> date:
    """The first of the last days that say how fast people are."""
    return today - timedelta(days=WINDOW_DAYS)


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


def funnel(counted: Counted) -> Funnel:
    """Who is excused stands beside the others. Without a due date whatever is completed is in time."""
    late = sum(one.number for one in counted.spent if one.late)
    done = sum(one.number for one in counted.spent)
    return Funnel(counted.untouched, counted.started, late, done - late, counted.excused)


@dataclass(frozen=True, slots=True)
class Took:
    """`number` people took from `first` to `last` days, both included; without `last`: or more."""

    first: int
    last: int | None
    number: int


def _by_days(spent: Sequence[Spent]) -> Counter[int]:
    """Days → how many took so many, whatever they were allowed."""
    found: Counter[int] = Counter()
    for one in spent:
        found[one.took] += one.number
    return found


def days_to_complete(spent: Sequence[Spent]) -> tuple[Took, ...]:
    """How many took how long from being assigned to completing, in the groups of `EDGES`."""
    found = [0] * (len(EDGES) + 1)
    for took, number in _by_days(spent).items():
        found[bisect_left(EDGES, took)] += number
    firsts = (0, *(edge + 1 for edge in EDGES))
    return tuple(Took(first, last, n) for first, last, n in zip(firsts, (*EDGES, None), found, strict=True))


def median_days(spent: Sequence[Spent]) -> int | None:
    """The middle of the days that completing took; of two in the middle the smaller one."""
    took = _by_days(spent)
    half, seen = (took.total() + 1) // 2, 0
    for days, number in sorted(took.items()):
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


def in_time(
    spent: Sequence[Spent], allowed: int | None, joined: Sequence[Took], smallest: int
) -> tuple[Figure, Figure]:
    """(late, in time) as a reader of numbers sees them beside the days that completing took, `joined`.

    Where everybody had equally many days, the last of them cuts through the groups of days: the two together would
    tell how many lie on each side of the cut.
    """
    if allowed is not None:
        for part in joined:
            sides = [0, 0]
            for one in spent:
                if part.first <= one.took and (part.last is None or one.took <= part.last):
                    sides[one.took > allowed] += one.number
            if any(0 < number < smallest for number in sides):
                return Hidden.WITHHELD, Hidden.WITHHELD
    late = sum(one.number for one in spent if one.late)
    return pair(late, sum(one.number for one in spent) - late, smallest)


def pair(a: int, b: int, smallest: int) -> tuple[Figure, Figure]:
    """Two parts of a whole that is shown: either both are shown, or neither, where one of them is small.

    Which of the two is small is not said: of eight, two small parts could only be four and four.
    """
    if not (0 < a < smallest or 0 < b < smallest):
        return a, b
    return Hidden.WITHHELD, Hidden.WITHHELD


def pace(counted: Counted, today: date) -> Pace:
    """Completions in the last four weeks, and the days that people spent unfinished in them.

    Those days are how many were unfinished on each day of the window, which is counted back from those who are now.
    """
    since = window(today)
    began, completed = dict(counted.began), dict(counted.completed)
    last = max([today, *began, *completed])
    unfinished, days = counted.untouched + counted.started, 0
    for back in range((last - since).days + 1):
        day = last - timedelta(days=back)
        if day < today:
            days += unfinished
        unfinished += completed.get(day, 0) - began.get(day, 0)
    return Pace(sum(n for day, n in completed.items() if since < day <= today), float(days))


def waiting(counted: Counted, today: date) -> tuple[tuple[int, int], ...]:
    """(days left, people) of those unfinished whose due date is still to come; the day itself counts as one."""
    return tuple(((day - today).days + 1, number) for day, number in counted.due if day >= today)
