"""What time it is: the one place that asks the machine, so that tests can move it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

_frozen: ContextVar[datetime | None] = ContextVar("frozen_now", default=None)
_everywhere: list[datetime] = []
LOCAL = ZoneInfo("Europe/Vilnius")


def now() -> datetime:
    """The present moment, aware, in UTC."""
    frozen = _frozen.get() or (_everywhere[-1] if _everywhere else None)
    return frozen or datetime.now(UTC)


def today() -> date:
    """The calendar day where the people are: a due date ends at their midnight, not at London's."""
    return now().astimezone(LOCAL).date()


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Hold the clock at `moment` in this context (the demo world lives its two years through this)."""
    token = _frozen.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _frozen.reset(token)


@contextmanager
def everywhere_at(moment: datetime) -> Iterator[None]:
    """Hold the clock for every thread: what a test of a served page needs."""
    _everywhere.append(moment.astimezone(UTC))
    try:
        yield
    finally:
        _everywhere.pop()
