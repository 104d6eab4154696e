"""Reminders: each institution's own ladder, those above the learner, and quiet hours."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kit import clock
from app.requirements.rules import ladder
from app.requirements.rules.ladder import Ladder

DUE = date(2026, 3, 31)


def heard(steps: Ladder, days: range) -> list[str]:
    said: list[str] = []
    for day in days:
        step = ladder.occasion(DUE, told_on=date(2026, 1, 5), today=DUE + timedelta(days=day), ladder=steps)
        if step and step not in said:
            said.append(step)
    return said


def test_an_institution_has_its_own_steps() -> None:
    assert heard(Ladder((14, 7, 1), every=0), range(-40, 40)) == ["T-14", "T-7", "T-1", "T+1"]
    assert heard(Ladder((), every=14), range(-40, 30)) == ["T+1", "T+15", "T+29"]


def test_those_above_hear_after_so_many_days_and_never_where_it_says_nought() -> None:
    shipped = Ladder()
    late = [ladder.escalations(DUE, DUE + timedelta(days=day), shipped) for day in (7, 8, 21, 22)]
    assert late == [(), ("manager",), ("manager",), ("manager", "head")]
    assert ladder.escalations(DUE, DUE + timedelta(days=99), Ladder(manager_after=0, head_after=0)) == ()


@pytest.mark.parametrize(
    ("now", "loud"),
    [
        ("2026-03-31T07:59", "2026-03-31T08:00"),
        ("2026-03-31T08:00", "2026-03-31T08:00"),
        ("2026-03-31T17:59", "2026-03-31T17:59"),
        ("2026-03-31T18:00", "2026-04-01T08:00"),
        ("2026-04-03T18:00", "2026-04-07T08:00"),  # a weekend, Easter Sunday, Easter Monday
        ("2026-03-28T23:30", "2026-03-30T08:00"),  # the clocks go forward in the night to Sunday
    ],
)
def test_mails_come_in_office_hours_of_a_working_day(now: str, loud: str) -> None:
    at = datetime.fromisoformat(now).replace(tzinfo=clock.LOCAL)
    assert ladder.loud(at) == datetime.fromisoformat(loud).replace(tzinfo=clock.LOCAL)


def test_a_manager_may_remind_on_a_saturday_but_not_at_night() -> None:
    saturday = datetime(2026, 3, 28, 12, tzinfo=clock.LOCAL)
    assert ladder.loud(saturday, asked=True) == saturday
    assert ladder.loud(saturday.replace(hour=22), asked=True) == datetime(2026, 3, 29, 8, tzinfo=clock.LOCAL)


@given(st.datetimes(datetime(2025, 1, 1), datetime(2029, 12, 31)), st.booleans())
def test_a_mail_never_comes_before_it_was_asked_for(moment: datetime, asked: bool) -> None:
    now = moment.replace(tzinfo=clock.LOCAL)
    assert ladder.loud(now, asked=asked) >= now


@pytest.mark.parametrize(
    ("text", "steps"),
    [("30, 14,7 ,1", (30, 14, 7, 1)), ("1;7", (7, 1)), ("T-14, T−7", (14, 7)), ("", ()), ("soon", None), ("400", None)],
)
def test_steps_are_read_as_people_write_them(text: str, steps: tuple[int, ...] | None) -> None:
    assert ladder.before_from_text(text) == steps
