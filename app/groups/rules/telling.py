"""What people who are expected at a session have yet to be told of it, and when they are reminded. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from app.groups.rules.sessions import OPEN_FOR, GroupState
from app.requirements.rules.calendar import is_working_day, next_working_day


class News(StrEnum):
    PLANNED = "planned"
    CHANGED = "changed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Told:
    """When and in which room the session is, as somebody was last told."""

    starts_at: datetime
    room: str


def news(told: Told | None, *, state: GroupState, starts_at: datetime, room: str, now: datetime) -> News | None:
    """What somebody who was last told `told` has to hear; None where nothing is new, or it is too late to be of use.

    Compared with what was said last, so that a time that was changed twice is told once, and one that was put back
    before anybody heard is not told at all.
    """
    if state is GroupState.CANCELLED:
        return News.CANCELLED if told is not None and now < told.starts_at + OPEN_FOR else None
    if state is not GroupState.PLANNED or starts_at <= now:
        return None
    if told is None:
        return News.PLANNED
    return News.CHANGED if told != Told(starts_at, room) else None


def remind_until(today: date, country: str) -> date | None:
    """The last day whose sessions people are reminded of today: the next working day. None on a day off, since whoever is
    off was reminded on the working day before it."""
    if not is_working_day(today, country):
        return None
    return next_working_day(today + timedelta(days=1), country)
