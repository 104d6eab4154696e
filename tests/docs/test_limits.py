"""docs/limits.md names every limit with the value that the code holds to, and none besides."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from app.accounts import rules
from app.kit.limits import GIB, KIB, LIMITS, MIB, Limit
from app.settings import ROOT

_ROW = re.compile(r"\| `([A-Z_]+)` \| ([^|]+?) \|")
_PLAIN = (
    "PASSWORD_MIN", "PASSWORD_MAX", "EMAIL_MAX", "NAME_MAX", "TITLE_MAX", "STAFF_NUMBER_MAX",
)  # fmt: skip


def _written() -> dict[str, str]:
    rows = _ROW.findall((ROOT / "docs" / "limits.md").read_text(encoding="utf-8"))
    assert len(rows) == len({name for name, _ in rows}), "a limit stands in the page twice"
    return dict(rows)


def _said(limit: Limit) -> str:
    if limit.unit == "bytes":
        size, name = next(
            (size, name) for size, name in ((GIB, "GiB"), (MIB, "MiB"), (KIB, "KiB")) if limit.value >= size
        )
        assert limit.value % size == 0, "write a limit as a whole number of KiB, MiB or GiB"
        return f"{limit.value // size} {name}"
    return f"{limit.value:,} {limit.unit}"


def _span(time: timedelta) -> str:
    for unit, seconds in (("day", 86400), ("hour", 3600), ("minute", 60)):
        if time.total_seconds() % seconds == 0:
            count = int(time.total_seconds()) // seconds
            return f"{count} {unit}{'s' if count != 1 else ''}"
    raise AssertionError(f"{time} is no whole number of minutes")


def _account_limits() -> dict[str, str]:
    """Throttles and times are found by their type, so that a new one cannot be forgotten here."""
    found = {name: f"{getattr(rules, name)} characters" for name in _PLAIN}
    for name, value in vars(rules).items():
        if isinstance(value, rules.Limit):
            found[name] = f"{value.tries:,} in {_span(value.window)}"
        elif isinstance(value, timedelta):
            found[name] = _span(value)
    idle = rules.SESSION_IDLE
    return found | {"SESSION_IDLE": f"{_span(idle[True])} with a role, {_span(idle[False])} without"}


@pytest.mark.parametrize("limit", LIMITS, ids=lambda limit: limit.name)
def test_a_limit_on_what_is_sent_in_is_written_down(limit: Limit) -> None:
    assert _written().get(limit.name) == _said(limit)


@pytest.mark.parametrize("name", _account_limits())
def test_a_limit_on_accounts_is_written_down(name: str) -> None:
    assert _written().get(name) == _account_limits()[name]


def test_no_limit_is_written_down_that_the_code_does_not_know() -> None:
    assert set(_written()) == {limit.name for limit in LIMITS} | set(_account_limits())
