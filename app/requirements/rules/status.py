"""How one person stands in one thing today: derived from the period and the day, and never stored. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from app.learning.rules import DUE_SOON_DAYS


class Status(StrEnum):
    FUTURE = "future"
    OPEN = "open"
    DUE_SOON = "due-soon"
    OVERDUE = "overdue"
    COMPLETED = "completed"
    EXPIRING = "expiring"
    EXPIRED = "expired"
    EXEMPT = "exempt"
    PAUSED = "paused"


@dataclass(frozen=True, slots=True)
class Period:
    """One cycle of one person. `held_until`: until when the cycle before it is good; the two `next` days are filled in
    when it is met and will have to be renewed."""

    number: int
    opens_on: date
    due_on: date
    met_on: date | None = None
    valid_until: date | None = None
    next_opens_on: date | None = None
    next_due_on: date | None = None
    held_until: date | None = None


def holds(period: Period, today: date) -> bool:
    """Whether what was done is still good."""
    return period.met_on is not None and (period.valid_until is None or today <= period.valid_until)


def status(period: Period, today: date, *, exempt: bool = False, paused: bool = False) -> Status:
    """Overdue begins the day after the due date. What holds, holds also for somebody who is exempt or away."""
    if holds(period, today):
        expiring = period.next_opens_on is not None and today >= period.next_opens_on
        return Status.EXPIRING if expiring else Status.COMPLETED
    if exempt:
        return Status.EXEMPT
    if paused:
        return Status.PAUSED
    if period.met_on is not None:
        due_on = period.next_due_on or period.valid_until or period.due_on
        return Status.OVERDUE if today > due_on else Status.EXPIRED
    if period.held_until is not None:
        if today <= period.held_until:
            return Status.EXPIRING
        return Status.OVERDUE if today > period.due_on else Status.EXPIRED
    if today > period.due_on:
        return Status.OVERDUE
    if today < period.opens_on:
        return Status.FUTURE
    return Status.DUE_SOON if period.due_on - today <= timedelta(days=DUE_SOON_DAYS) else Status.OPEN


WAITS = (Status.OPEN, Status.DUE_SOON, Status.OVERDUE, Status.EXPIRING, Status.EXPIRED)


def waits(found: Status) -> bool:
    """Whether there is something to do."""
    return found in WAITS
