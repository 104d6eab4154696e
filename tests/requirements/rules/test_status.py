"""How somebody stands: against a slow reference that lives through every day."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.requirements.rules import dates
from app.requirements.rules.dates import Terms
from app.requirements.rules.status import Period, Status, holds, status, waits

START = date(2026, 1, 1)


def lived(
    terms: Terms, opens: int, due: int, met: int | None, exempt: tuple[int, int], away: tuple[int, int], day: int
) -> Status:
    """What somebody would say who crossed off the days one by one, and kept nothing but what was said so far."""
    now = Status.FUTURE
    for at in range(day + 1):
        today = START + timedelta(days=at)
        if at >= opens:
            now = Status.OPEN
        if START + timedelta(days=due) - today <= timedelta(days=14) and at >= opens:
            now = Status.DUE_SOON
        if at > due:
            now = Status.OVERDUE
        if away[0] <= at <= away[1]:
            now = Status.PAUSED
        if exempt[0] <= at <= exempt[1]:
            now = Status.EXEMPT
        if met is not None and at >= met:
            after = dates.after([terms], START + timedelta(days=met))
            until = after.valid_until
            if until is None or today <= until:
                assert until is None or after.opens_on is not None
                now = Status.EXPIRING if after.opens_on and today >= after.opens_on else Status.COMPLETED
            elif now not in (Status.PAUSED, Status.EXEMPT):
                assert after.due is not None
                now = Status.OVERDUE if today > after.due.on else Status.EXPIRED
    return now


@given(
    st.builds(Terms, valid_months=st.integers(0, 14), window_days=st.integers(0, 14), grace_days=st.integers(0, 30)),
    st.integers(0, 40),
    st.integers(0, 120),
    st.one_of(st.none(), st.integers(0, 200)),
    st.tuples(st.integers(0, 300), st.integers(0, 300)),
    st.tuples(st.integers(0, 300), st.integers(0, 300)),
    st.integers(0, 300),
)
def test_a_status_is_what_living_through_the_days_gives(
    terms: Terms, opens: int, due: int, met: int | None, exempt: tuple[int, int], away: tuple[int, int], day: int
) -> None:
    due = max(due, opens)
    today = START + timedelta(days=day)
    met_on = START + timedelta(days=met) if met is not None and met <= day else None
    after = dates.after([terms], met_on) if met_on is not None else dates.Next(None)
    period = Period(
        number=1,
        opens_on=START + timedelta(days=opens),
        due_on=START + timedelta(days=due),
        met_on=met_on,
        valid_until=after.valid_until,
        next_opens_on=after.opens_on,
        next_due_on=after.due.on if after.due else None,
    )
    found = status(period, today, exempt=exempt[0] <= day <= exempt[1], paused=away[0] <= day <= away[1])
    assert found is lived(terms, opens, due, met, exempt, away, day)


def test_a_renewal_is_expiring_then_expired_in_its_grace_and_then_overdue() -> None:
    held, due = date(2026, 3, 31), date(2026, 4, 15)
    period = Period(2, date(2026, 2, 1), due, held_until=held)
    said = [status(period, day) for day in (date(2026, 2, 1), held, date(2026, 4, 1), due, date(2026, 4, 16))]
    assert said == [Status.EXPIRING, Status.EXPIRING, Status.EXPIRED, Status.EXPIRED, Status.OVERDUE]


def test_the_last_day_is_in_time_and_the_day_after_is_not() -> None:
    period = Period(1, date(2026, 1, 1), date(2026, 3, 31))
    assert status(period, date(2026, 3, 31)) is Status.DUE_SOON and status(period, date(2026, 4, 1)) is Status.OVERDUE


@given(st.integers(0, 400))
def test_what_holds_waits_for_nobody(day: int) -> None:
    today = START + timedelta(days=day)
    period = Period(1, START, START, met_on=START, valid_until=START + timedelta(days=200))
    assert holds(period, today) == (day <= 200)
    assert not waits(status(period, today)) if day <= 200 else waits(status(period, today))
