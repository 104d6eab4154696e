"""When people are reminded: the steps before and after a due date, who hears besides the learner, quiet hours. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from app.requirements.rules.calendar import is_working_day

STEP_MAX = 365
STEPS_MAX = 10
MORNING, EVENING = 8, 18  # mails go out between these hours of the people's own clock


@dataclass(frozen=True, slots=True)
class Ladder:
    """`before`: days before the due date. `every`: days between reminders after it, beginning with the first day
    (0: that one only). `manager_after`, `head_after`: overdue by so many days, the manager and the one above hear too
    (0: never)."""

    before: tuple[int, ...] = (30, 14, 7, 1)
    every: int = 7
    manager_after: int = 8
    head_after: int = 22


SHIPPED = Ladder()
LADDER, OVERDUE_EVERY = SHIPPED.before, SHIPPED.every


def occasion(due_on: date, *, told_on: date, today: date, ladder: Ladder = SHIPPED) -> str | None:
    """The step of the ladder that stands today, as "T-14" or "T+8"; None before the first.

    Only the latest step counts, so a day on which nothing ran is caught up with one reminder and not with four.
    A step that lies at or before the day the person was told (`told_on`) says nothing new.
    """
    left = (due_on - today).days
    if left >= 0:
        reached = [step for step in ladder.before if left <= step]
        if not reached:
            return None
        step = min(reached)
        return f"T-{step}" if due_on - timedelta(days=step) > told_on else None
    late = 1 + (ladder.every * ((-left - 1) // ladder.every) if ladder.every else 0)
    return f"T+{late}" if due_on + timedelta(days=late) > told_on else None


def escalations(due_on: date, today: date, ladder: Ladder = SHIPPED) -> tuple[str, ...]:
    """Who besides the learner has to hear by today: "manager", "head". Each hears once of each period."""
    late = (today - due_on).days
    steps = (("manager", ladder.manager_after), ("head", ladder.head_after))
    return tuple(who for who, days in steps if 0 < days <= late)


def farthest(ladder: Ladder) -> int:
    return max(ladder.before, default=0)


def manual_occasion(today: date) -> str:
    return f"manual:{today.isoformat()}"


def loud(now: datetime, *, asked: bool = False, country: str = "LT") -> datetime:
    """The first moment from `now` on (local time) at which a mail may arrive: in office hours of a working day; one
    that a manager has `asked` for, in the day hours of any day."""
    day = now
    if now.time() >= time(EVENING):
        day = _morning(now + timedelta(days=1))
    elif now.time() < time(MORNING):
        day = _morning(now)
    while not asked and not is_working_day(day.date(), country):
        day = _morning(day + timedelta(days=1))
    return day


def _morning(moment: datetime) -> datetime:
    return moment.replace(hour=MORNING, minute=0, second=0, microsecond=0)


def before_from_text(text: str) -> tuple[int, ...] | None:
    """ "30, 14, 7, 1" as steps, the farthest first; None where it cannot be read."""
    steps = set()
    for part in text.replace(";", ",").split(","):
        word = part.strip().removeprefix("T-").removeprefix("T−")
        if not word:
            continue
        if not (word.isascii() and word.isdigit()) or int(word) > STEP_MAX:
            return None
        steps.add(int(word))
    return tuple(sorted(steps, reverse=True)) if len(steps) <= STEPS_MAX else None


def to_json(ladder: Ladder) -> dict[str, Any]:
    return {
        "before": list(ladder.before),
        "every": ladder.every,
        "manager_after": ladder.manager_after,
        "head_after": ladder.head_after,
    }


def from_json(data: Mapping[str, Any]) -> Ladder:
    return Ladder(tuple(data["before"]), data["every"], data["manager_after"], data["head_after"])
