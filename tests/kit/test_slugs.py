"""Anchors are the same wherever they are made."""

from __future__ import annotations

import pytest

from app.kit.limits import LIMITS
from app.kit.slugs import Slugs, slug


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Kas yra asmens duomenys?", "kas-yra-asmens-duomenys"),
        ("Žmogaus teisės: ąčęėįšųūž", "zmogaus-teises-aceeisuuz"),
        ("Blåbærsyltetøy på brød", "blabaersyltetoy-pa-brod"),
        ("  33 str. 1 d. – terminas  ", "33-str-1-d-terminas"),
        ("…", "section"),
        ("", "section"),
    ],
)
def test_a_heading_becomes_small_letters_digits_and_hyphens(text: str, expected: str):
    assert slug(text) == expected


def test_the_second_of_a_name_is_numbered_and_never_takes_another():
    slugs = Slugs()
    assert [slugs.of(text) for text in ("A", "A 2", "A", "A")] == ["a", "a-2", "a-3", "a-4"]


def test_every_limit_is_in_the_table_once():
    from app.kit import limits

    constants = {
        name: value
        for name, value in vars(limits).items()
        if name.isupper() and name not in ("LIMITS", "KIB", "MIB", "GIB")
    }
    assert {limit.name: limit.value for limit in LIMITS} == constants
