"""When a saved view is sent, and who may see it. Pure."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

NAME_MAX = 100
RECIPIENTS_MAX = 50


class Cadence(StrEnum):
    NEVER = "never"
    WEEKLY = "weekly"  # on Mondays
    MONTHLY = "monthly"  # on the first day


def is_due(cadence: Cadence, day: date, last: date | None) -> bool:
    """Whether a view is to be sent on a day. A day on which nothing ran is caught up with, once."""
    match cadence:
        case Cadence.NEVER:
            return False
        case Cadence.WEEKLY:
            began = date.fromordinal(day.toordinal() - day.weekday())
        case Cadence.MONTHLY:
            began = day.replace(day=1)
    return (last is None and day == began) or (last is not None and last < began)


def may_see(*, reader: int, owner: int, shared: bool, sees_figures: bool) -> bool:
    """Whoever has lost the right to a place's figures has lost every view of it, their own too."""
    return sees_figures and (shared or reader == owner)
