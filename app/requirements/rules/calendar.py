"""Working days and public holidays of Lithuania and Norway, and arithmetic with months. Pure; nothing is looked up."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache

from app.kit.i18n import N_

NEW_YEAR = N_("New Year's Day")
MAY_DAY = N_("International Workers' Day")
EASTER = N_("Easter Sunday")
EASTER_MONDAY = N_("Easter Monday")
CHRISTMAS = N_("Christmas Day")
CHRISTMAS_2 = N_("Second day of Christmas")

_LITHUANIA = {
    (1, 1): NEW_YEAR,
    (2, 16): N_("Day of Restoration of the State of Lithuania"),
    (3, 11): N_("Day of Restoration of Independence of Lithuania"),
    (5, 1): MAY_DAY,
    (6, 24): N_("Saint John's Day"),
    (7, 6): N_("Statehood Day"),
    (8, 15): N_("Assumption Day"),
    (11, 1): N_("All Saints' Day"),
    (11, 2): N_("All Souls' Day"),
    (12, 24): N_("Christmas Eve"),
    (12, 25): CHRISTMAS,
    (12, 26): CHRISTMAS_2,
}
_NORWAY = {
    (1, 1): NEW_YEAR,
    (5, 1): MAY_DAY,
    (5, 17): N_("Constitution Day of Norway"),
    (12, 25): CHRISTMAS,
    (12, 26): CHRISTMAS_2,
}
_NORWAY_BY_EASTER = {
    -3: N_("Maundy Thursday"),
    -2: N_("Good Friday"),
    0: EASTER,
    1: EASTER_MONDAY,
    39: N_("Ascension Day"),
    49: N_("Whit Sunday"),
    50: N_("Whit Monday"),
}


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar, by the algorithm of Meeus, Jones and Butcher."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    f = (b + 8) // 25
    g = (b - f + 1) // 3
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    rest = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * rest) // 451
    month, day = divmod(h + rest - 7 * m + 114, 31)
    return date(year, month, day + 1)


def _first_sunday(year: int, month: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(6 - first.weekday()) % 7)


@cache
def holidays(year: int, country: str = "LT") -> dict[date, str]:
    """The public holidays of a year as they are today: day → its name in English, marked for translation."""
    sunday = easter(year)
    if country == "NO":
        fixed = {date(year, month, day): name for (month, day), name in _NORWAY.items()}
        return fixed | {sunday + timedelta(days=days): name for days, name in _NORWAY_BY_EASTER.items()}
    found = {date(year, month, day): name for (month, day), name in _LITHUANIA.items()}
    return found | {
        sunday: EASTER,
        sunday + timedelta(days=1): EASTER_MONDAY,
        _first_sunday(year, 5): N_("Mother's Day"),
        _first_sunday(year, 6): N_("Father's Day"),
    }


def holiday(day: date, country: str = "LT") -> str:
    """The name of the public holiday (an English sentence, marked), or nothing."""
    return holidays(day.year, country).get(day, "")


def is_working_day(day: date, country: str = "LT") -> bool:
    return day.weekday() < 5 and not holiday(day, country)


def next_working_day(day: date, country: str = "LT") -> date:
    """The day itself, or the first working day after it."""
    while not is_working_day(day, country):
        day += timedelta(days=1)
    return day


def add_working_days(start: date, number: int, country: str = "LT") -> date:
    """The day that is so many working days after another; nought is the first working day from it on."""
    day = next_working_day(start, country) if number == 0 else start
    for _ in range(number):
        day = next_working_day(day + timedelta(days=1), country)
    return day


def working_days(start: date, end: date, country: str = "LT") -> int:
    """How many working days lie after `start`, up to and with `end`."""
    return sum(is_working_day(day, country) for day in _days(start + timedelta(days=1), end))


def _days(start: date, end: date) -> Iterator[date]:
    while start <= end:
        yield start
        start += timedelta(days=1)
