"""How a quiz's comment says moments, spans of time, and what is shown when."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

# Where the people are; a course says its times as they read them on the wall.
LOCAL = ZoneInfo("Europe/Vilnius")
SPAN = "PT2M, PT12H, P1D"
SHOWN = ("correctness", "marks", "feedback", "answer")
MOMENTS = ("during", "after", "later", "closed")
# Longer than anybody waits between two attempts; it keeps a mistyped number from locking a quiz for good.
LONGEST = timedelta(days=366)

_UNSAID = {
    "tries": 0, "delay": 0, "opens": "", "closes": "", "grace": 30, "navigation": "free", "certainty": False,
}  # fmt: skip
_SPAN = re.compile(r"P(?=[\dT])(?:(\d{1,3})D)?(?:T(?=\d)(?:(\d{1,3})H)?(?:(\d{1,4})M)?(?:(\d{1,5})S)?)?")
_MOMENT = re.compile(r"(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2}))?")


def span(value: str) -> int | None:
    """Whole seconds of an ISO 8601 duration in days, hours, minutes and seconds; up to a year."""
    found = _SPAN.fullmatch(value)
    if found is None:
        return None
    days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    whole = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
    return int(whole.total_seconds()) or None if whole <= LONGEST else None


def moment(value: str) -> str | None:
    """A day, or a day and a time, as it is written; None where the calendar has no such day."""
    found = _MOMENT.fullmatch(value)
    if found is None:
        return None
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return None
    return value


def opens(value: str) -> datetime:
    """The moment a quiz opens, where the people are: a day alone is its beginning."""
    return datetime.fromisoformat(value).replace(tzinfo=LOCAL)


def closes(value: str) -> datetime:
    """The moment a quiz closes, where the people are: a day alone is its end."""
    said = datetime.fromisoformat(value)
    if "T" not in value:
        said = datetime.combine(said.date(), time()) + timedelta(days=1)
    return said.replace(tzinfo=LOCAL)


def shown_parts(value: str) -> tuple[str, ...] | None:
    """What is shown at one moment, in the one order; empty for `none`."""
    if value in ("all", "none"):
        return SHOWN if value == "all" else ()
    said = [one.strip() for one in value.split(",")]
    return tuple(one for one in SHOWN if one in said) if set(said) <= set(SHOWN) else None


def shown_by(feedback: str, *, key: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """What is shown when, as far as `feedback` and the mode say it; `show-…` keys override it moment by moment."""
    if feedback == "none":
        return dict.fromkeys(MOMENTS, ())
    own = tuple(one for one in SHOWN if one != "answer")
    after = {when: SHOWN if when in key else own for when in MOMENTS[1:]}
    return {"during": SHOWN if feedback == "after-each" else (), **after}


def complete(stored: Mapping[str, Any]) -> dict[str, Any]:
    """The rules of a quiz as a version keeps them, with what versions did not say before it could be said."""
    if "show" in stored:
        return dict(stored)
    key = MOMENTS[1:] if stored["show_key"] else MOMENTS[-1:]
    said = {name: value for name, value in stored.items() if name != "show_key"}
    shown = {when: list(parts) for when, parts in shown_by(stored["feedback"], key=key).items()}
    return {**_UNSAID, **said, "repeat": said["mode"] != "exam", "show": shown, "sections": []}
