"""A calendar file: what stands in it is what was said, in lines that programs can read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.kit import icalendar

NOON = datetime(2026, 3, 5, 12, tzinfo=UTC)


def read(data: bytes) -> dict[str, str]:
    """The lines by name, as RFC 5545 says they are to be read: unfolded, then without the marks."""
    text = data.replace(b"\r\n ", b"").decode()
    found = dict(line.split(":", 1) for line in text.split("\r\n") if line)
    for name, value in found.items():
        out, signs = "", iter(value)
        for sign in signs:
            out += {"n": "\n"}.get(after := next(signs), after) if sign == "\\" else sign
        found[name] = out
    return found


@given(st.text(st.characters(exclude_categories=("Cc", "Cs")) | st.just("\n"), max_size=300))
def test_whatever_is_said_comes_back_in_short_lines(said: str) -> None:
    data = icalendar.event(
        uid="a@b", title=said, starts_at=NOON, ends_at=NOON + timedelta(hours=1), made_at=NOON, where="Utena, II a.; 5"
    )
    assert data.endswith(b"END:VCALENDAR\r\n") and all(len(line) <= 75 for line in data.split(b"\r\n"))
    found = read(data)
    assert found["SUMMARY"] == said and found["LOCATION"] == "Utena, II a.; 5"
    assert (found["DTSTART"], found["DTEND"]) == ("20260305T120000Z", "20260305T130000Z")


def test_a_later_version_of_an_event_replaces_the_one_before() -> None:
    def made(at: datetime, *, cancelled: bool = False) -> dict[str, str]:
        return read(icalendar.event(uid="a@b", title="x", starts_at=at, ends_at=at, made_at=at, cancelled=cancelled))

    one, other = made(NOON), made(NOON + timedelta(minutes=1), cancelled=True)
    assert one["UID"] == other["UID"] and int(one["SEQUENCE"]) < int(other["SEQUENCE"]) < 2**31
    assert (one["STATUS"], other["STATUS"]) == ("CONFIRMED", "CANCELLED")
