"""One date as a calendar file (RFC 5545), which every calendar program takes in; taken in again it replaces itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

MEDIA_TYPE = "text/calendar; charset=utf-8"
LINE_BYTES = 75


def event(
    *,
    uid: str,
    title: str,
    starts_at: datetime,
    ends_at: datetime,
    made_at: datetime,
    where: str = "",
    about: str = "",
    url: str = "",
    cancelled: bool = False,
) -> bytes:
    """A calendar with one event. `uid` stays the same when the event changes; `made_at` orders the versions of it."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Klasteris//Klasteris//EN",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:{uid}",
        f"DTSTAMP:{_moment(made_at)}",
        f"SEQUENCE:{int(made_at.timestamp()) // 60}",
        f"DTSTART:{_moment(starts_at)}",
        f"DTEND:{_moment(ends_at)}",
        f"SUMMARY:{_text(title)}",
        *([f"LOCATION:{_text(where)}"] if where else []),
        *([f"DESCRIPTION:{_text(about)}"] if about else []),
        *([f"URL:{url}"] if url else []),
        f"STATUS:{'CANCELLED' if cancelled else 'CONFIRMED'}",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return b"".join(part + b"\r\n" for line in lines for part in _folded(line))


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(said: str) -> str:
    r"""Commas, semicolons, backslashes and line ends have meanings of their own in the format."""
    for sign in ("\\", ";", ","):
        said = said.replace(sign, f"\\{sign}")
    return said.replace("\r\n", "\n").replace("\n", "\\n")


def _folded(line: str) -> Iterator[bytes]:
    """A line in pieces of at most 75 bytes, none of which cuts a letter; all but the first begin with a space."""
    piece = b""
    for sign in line:
        letter = sign.encode()
        if len(piece) + len(letter) > LINE_BYTES:
            yield piece
            piece = b" "
        piece += letter
    yield piece
