"""Answers that may be some minutes old: a few of them, kept in this process, for what is dear to count and slow to change."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from datetime import datetime, timedelta
from threading import Lock
from typing import TypeVar, cast

from app.kit import clock

ROOM = 256  # answers kept; the one asked for longest ago goes first

_kept: OrderedDict[Hashable, tuple[datetime, object]] = OrderedDict()
_lock = Lock()
T = TypeVar("T")


def remembered(key: Hashable, age: timedelta, count: Callable[[], T]) -> tuple[T, datetime]:
    """The answer under `key` if it is no older than `age`, else what `count` says now; and when it was counted.

    Two who ask at once may both count: that is dearer, and never wrong.
    """
    now = clock.now()
    with _lock:
        found = _kept.get(key)
        if found is not None and timedelta(0) <= now - found[0] <= age:
            _kept.move_to_end(key)
            return cast(T, found[1]), found[0]
    said = count()
    with _lock:
        _kept[key] = (now, said)
        _kept.move_to_end(key)
        while len(_kept) > ROOM:
            _kept.popitem(last=False)
    return said, now
