"""Reckoning with calendar days."""

from __future__ import annotations

import calendar
from datetime import date


def add_months(day: date, months: int) -> date:
    """The same day some months later; the last day of the month where there is no such day.

    29 February and a year: 28 February. Callers add to the first day, not to what came out, so that 31 January does
    not become the 28th for ever.
    """
    number = day.month - 1 + months
    year, month = day.year + number // 12, number % 12 + 1
    if year > date.max.year:
        return date.max
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
