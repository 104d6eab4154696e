"""Languages: gettext catalogues, plural forms, dates, numbers and sorting, for the language being spoken now."""

from __future__ import annotations

import gettext as stdlib
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal

from app.kit import clock

LANGUAGES = {"lt": "Lietuvių", "en": "English", "nb": "Norsk"}
DEFAULT = "lt"
_FOLDER = Path(__file__).resolve().parent.parent / "locale"
_current: ContextVar[str] = ContextVar("language", default=DEFAULT)


def N_(message: str) -> str:
    """Mark a sentence for translation where it is written and not yet said."""
    return message


def language() -> str:
    return _current.get()


def speak(lang: str) -> None:
    """Speak `lang` from here on in this context (a request)."""
    _current.set(lang if lang in LANGUAGES else DEFAULT)


@contextmanager
def speaking(lang: str) -> Iterator[None]:
    """Speak `lang` for the length of a block: a mail in its reader's language, a page in its own."""
    token = _current.set(lang if lang in LANGUAGES else DEFAULT)
    try:
        yield
    finally:
        _current.reset(token)


@cache
def catalogue(lang: str) -> stdlib.NullTranslations:
    return stdlib.translation("messages", localedir=_FOLDER, languages=[lang], fallback=True)


def gettext(message: str, **values: object) -> str:
    said = catalogue(_current.get()).gettext(message)
    return said % values if values else said


def ngettext(one: str, many: str, num: int, **values: object) -> str:
    """The plural form the language asks for; `%(num)s` is filled in with the number as the language writes it."""
    said = catalogue(_current.get()).ngettext(one, many, num)
    return said % {"num": number(num), **values}


def raw_gettext(message: str) -> str:
    """For Jinja, which fills in the values itself."""
    return catalogue(_current.get()).gettext(message)


def raw_pgettext(context: str, message: str) -> str:
    """For Jinja: a word that other languages say differently in this place."""
    return catalogue(_current.get()).pgettext(context, message)


def raw_ngettext(one: str, many: str, num: int) -> str:
    return catalogue(_current.get()).ngettext(one, many, num)


def in_language(message: str, lang: str, **values: object) -> str:
    with speaking(lang):
        return gettext(message, **values)


def _locale() -> Locale:
    return Locale.parse(_current.get())


def _local(moment: date | datetime) -> date | datetime:
    return moment.astimezone(clock.LOCAL) if isinstance(moment, datetime) else moment


def number(value: float, decimals: int | None = None) -> str:
    """1 234,5 with no-break spaces, as the language writes it."""
    return _written(value + 0, decimals, _current.get())  # + 0: minus nought is nought


@lru_cache(8192, typed=True)  # a page of figures writes a thousand, many of them alike
def _written(value: float, decimals: int | None, lang: str) -> str:
    pattern = None if decimals is None else "#,##0" + ("." + "0" * decimals if decimals else "")
    return format_decimal(value, format=pattern, locale=lang)


def percent(share: float, decimals: int = 1) -> str:
    """A share between 0 and 1 as "85,0 %" (English: "85.0%")."""
    return number(share * 100, decimals) + ("%" if _current.get() == "en" else "\u00a0%")


def iso_date(moment: date | datetime) -> str:
    return f"{_local(moment):%Y-%m-%d}"


def long_date(moment: date | datetime) -> str:
    """2026 m. kovo 31 d. · 31 March 2026 · 31. mars 2026"""
    return format_date(_local(moment), format="long" if _current.get() != "en" else "d MMMM y", locale=_locale())


def day(moment: date | datetime) -> str:
    """kovo 31 d. · 31 March · 31. mars"""
    patterns = {"lt": "MMMM d 'd'.", "en": "d MMMM", "nb": "d. MMMM"}
    return format_date(_local(moment), format=patterns[_current.get()], locale=_locale())


def day_and_year(moment: date | datetime) -> str:
    """A day as `day` writes it, with its year when that is not the present one: a date may be long past."""
    return day(moment) if _local(moment).year == clock.today().year else long_date(moment)


def clock_time(moment: datetime) -> str:
    """12.03 in Lithuanian and Norwegian text, 12:03 in English, in the people's own time zone."""
    local = moment.astimezone(clock.LOCAL)
    return f"{local:%H:%M}" if _current.get() == "en" else f"{local:%H.%M}"


def clock_seconds(moment: datetime) -> str:
    """12:03:04 in every language, in the people's own time zone: two dots would look like a date."""
    return f"{moment.astimezone(clock.LOCAL):%H:%M:%S}"


def moment(value: datetime) -> str:
    return f"{iso_date(value)} {clock_time(value)}"


def weekday(value: date | datetime) -> str:
    return (
        format_datetime(_local(value), format="EEEE", locale=_locale())
        if isinstance(value, datetime)
        else (format_date(value, format="EEEE", locale=_locale()))
    )


# Lithuanian order: letters with a mark follow their plain letter, and y stands with i.
_LETTERS = "aąbcčdeęėfghiįyjklmnopqrsštuųūvwxzžæøå"
_RANK = {letter: f"{place:02d}" for place, letter in enumerate(_LETTERS, start=30)}


@lru_cache(8192)  # names of places and courses are sorted on every page
def sort_key(text: str) -> str:
    """A string of digits that sorts names the Lithuanian way in any database and any collation."""
    folded = unicodedata.normalize("NFC", text).casefold()
    ranks = []
    for letter in folded:
        if letter in _RANK:
            ranks.append(_RANK[letter])
        elif letter.isdigit():
            ranks.append(f"{10 + int(unicodedata.digit(letter, 0)):02d}")
        elif letter.isspace() or letter in "-–,":
            ranks.append("05")
        elif letter.isalpha():
            base = unicodedata.normalize("NFD", letter)[0]
            ranks.append(_RANK.get(base, "99"))
    return "".join(ranks)[:250]


def sorted_by_name(items: Iterable[Any], *, key: Any) -> list[Any]:
    return sorted(items, key=lambda item: sort_key(key(item)))


def fold(text: str) -> str:
    """Lower case without marks: how a search compares ("Šiaulių" is found by "siauliu")."""
    decomposed = unicodedata.normalize("NFD", text.casefold().replace("ø", "o").replace("æ", "ae"))
    return "".join(c for c in decomposed if not unicodedata.combining(c))
