"""When people are reminded, how much time a newcomer gets, and what a due date may be. Pure."""

from __future__ import annotations

from datetime import date, timedelta

from app.accounts.rules import ASSIGNS
from app.kit.actor import Actor
from app.kit.errors import KitError
from app.kit.i18n import N_
from app.learning.rules import DUE_SOON_DAYS

LADDER = (30, 14, 7, 1)  # days before the due date
OVERDUE_EVERY = 7  # days after it, beginning with the first
FAIR_DAYS = 14  # nobody gets less time than this because they came late
FARTHEST_DAYS = 5 * 366
REASON_MAX = 500
LEGAL_BASIS_MAX = 300


def may_assign(actor: Actor, path: str) -> bool:
    """Whether the actor may require courses of the people at this place, and remind them."""
    return actor.covers(path, *ASSIGNS)


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


def occasion(due_on: date, *, told_on: date, today: date) -> str | None:
    """The step of the ladder that stands today, as "T-14" or "T+8"; None before the first.

    Only the latest step counts, so a day on which nothing ran is caught up with one reminder and not with four.
    A step that lies at or before the day the person was told (`told_on`) says nothing new.
    """
    left = (due_on - today).days
    if left >= 0:
        reached = [step for step in LADDER if left <= step]
        if not reached:
            return None
        step = min(reached)
        return f"T-{step}" if due_on - timedelta(days=step) > told_on else None
    late = 1 + OVERDUE_EVERY * ((-left - 1) // OVERDUE_EVERY)
    return f"T+{late}" if due_on + timedelta(days=late) > told_on else None


def is_behind(due_on: date | None, today: date) -> bool:
    """Whether an unfinished run is one to remind of: overdue, or due within fourteen days."""
    return due_on is not None and due_on <= today + timedelta(days=DUE_SOON_DAYS)


def manual_occasion(today: date) -> str:
    return f"manual:{today.isoformat()}"
