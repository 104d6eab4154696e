"""Numbers, dates and names as each language writes them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from app.kit import clock, i18n

LT_FORM = {0: 2, 1: 0, 2: 1, 9: 1, 10: 2, 11: 2, 12: 2, 19: 2, 20: 2, 21: 0, 22: 1, 101: 0, 111: 2, 112: 2, 121: 0}


@pytest.mark.parametrize(("number", "form"), LT_FORM.items())
def test_lithuanian_has_three_plural_forms(number: int, form: int) -> None:
    words = ["%(num)s kursas", "%(num)s kursai", "%(num)s kursų"]
    with i18n.speaking("lt"):
        said = i18n.ngettext("%(num)s course", "%(num)s courses", number)
    assert said == words[form] % {"num": number}


def test_dates_are_written_as_the_language_writes_them() -> None:
    day = date(2026, 3, 31)
    said = {}
    for lang in i18n.LANGUAGES:
        with i18n.speaking(lang):
            said[lang] = (i18n.iso_date(day), i18n.day(day), i18n.long_date(day))
    assert said["lt"] == ("2026-03-31", "kovo 31 d.", "2026 m. kovo 31 d.")
    assert said["en"] == ("2026-03-31", "31 March", "31 March 2026")
    assert said["nb"] == ("2026-03-31", "31. mars", "31. mars 2026")


def test_a_day_of_another_year_is_written_with_its_year() -> None:
    with i18n.speaking("en"), clock.at(datetime(2026, 12, 30, tzinfo=UTC)):
        assert i18n.day_and_year(date(2026, 3, 31)) == "31 March"
        assert i18n.day_and_year(date(2027, 1, 4)) == "4 January 2027"


def test_times_are_the_peoples_own() -> None:
    noon = datetime(2026, 7, 1, 9, 3, tzinfo=UTC)
    with i18n.speaking("lt"):
        assert i18n.clock_time(noon) == "12.03"
    with i18n.speaking("en"):
        assert i18n.clock_time(noon) == "12:03"


def test_shares_are_written_with_a_comma_and_a_fixed_space() -> None:
    with i18n.speaking("lt"):
        assert i18n.percent(347 / 408) == "85,0\u00a0%"
        assert i18n.number(1250) == "1\u00a0250"
    with i18n.speaking("en"):
        assert i18n.percent(347 / 408) == "85.0%"


def test_names_sort_the_lithuanian_way() -> None:
    names = [
        "Žukauskas",
        "Čepaitis",
        "Cibulskis",
        "Yla",
        "Ivanauskas",
        "Jankauskas",
        "Šimkus",
        "Stankus",
        "Dambrauskas",
    ]
    assert i18n.sorted_by_name(names, key=str) == [
        "Cibulskis",
        "Čepaitis",
        "Dambrauskas",
        "Ivanauskas",
        "Yla",
        "Jankauskas",
        "Stankus",
        "Šimkus",
        "Žukauskas",
    ]


def test_a_search_compares_without_marks_and_case() -> None:
    assert i18n.fold("Šiaulių") == "siauliu"
    assert i18n.fold("BLÅBÆRSYLTETØY") == "blabaersyltetoy"


def test_an_unknown_language_is_the_first_one() -> None:
    with i18n.speaking("xx"):
        assert i18n.language() == "lt"
