"""Holidays and months, against tables that people print."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kit import days
from app.organisations.rules import COUNTRIES
from app.requirements.rules import calendar

DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))


@pytest.mark.parametrize(
    ("year", "month", "day"),
    [(2000, 4, 23), (2008, 3, 23), (2011, 4, 24), (2019, 4, 21), (2024, 3, 31), (2025, 4, 20), (2026, 4, 5), (2027, 3, 28), (2038, 4, 25)],
)  # fmt: skip
def test_easter_is_when_the_churches_say(year: int, month: int, day: int) -> None:
    assert calendar.easter(year) == date(year, month, day)


def test_the_holidays_of_lithuania_in_2026() -> None:
    days = sorted(day.strftime("%m-%d") for day in calendar.holidays(2026, "LT"))
    assert days == [
        "01-01", "02-16", "03-11", "04-05", "04-06", "05-01", "05-03", "06-07", "06-24", "07-06", "08-15", "11-01",
        "11-02", "12-24", "12-25", "12-26",
    ]  # fmt: skip


def test_the_holidays_of_norway_in_2026() -> None:
    days = sorted(day.strftime("%m-%d") for day in calendar.holidays(2026, "NO"))
    assert days == [
        "01-01", "04-02", "04-03", "04-05", "04-06", "05-01", "05-14", "05-17", "05-24", "05-25", "12-25", "12-26",
    ]  # fmt: skip


def test_good_friday_is_a_working_day_in_lithuania_and_not_in_norway() -> None:
    assert calendar.is_working_day(date(2026, 4, 3), "LT") and not calendar.is_working_day(date(2026, 4, 3), "NO")


def test_christmas_moves_a_date_to_the_next_day_on_which_people_work() -> None:
    assert calendar.next_working_day(date(2026, 12, 24)) == date(2026, 12, 28)
    assert calendar.add_working_days(date(2026, 12, 23), 1) == date(2026, 12, 28)
    assert calendar.add_working_days(date(2026, 12, 24), 0) == date(2026, 12, 28)


@given(DAYS, st.integers(0, 40), st.sampled_from(COUNTRIES))
def test_counting_working_days_and_adding_them_agree(start: date, number: int, country: str) -> None:
    end = calendar.add_working_days(start, number, country)
    assert calendar.is_working_day(end, country)
    if number:
        assert calendar.working_days(start, end, country) == number


@given(DAYS, st.integers(0, 240))
def test_months_are_added_to_the_month_and_keep_the_day_where_there_is_one(day: date, months: int) -> None:
    found = days.add_months(day, months)
    assert (found.year * 12 + found.month) - (day.year * 12 + day.month) == months
    assert found.day == day.day or ((found + timedelta(days=1)).day == 1 and found.day < day.day)


def test_a_year_after_the_29th_of_february_is_the_28th_and_four_years_the_29th() -> None:
    leap = date(2024, 2, 29)
    assert days.add_months(leap, 12) == date(2025, 2, 28)
    assert days.add_months(leap, 48) == date(2028, 2, 29)
    assert days.add_months(date.max, 1) == date.max
