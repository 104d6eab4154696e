"""Headings as anchors: the part of an address behind the #, made the same way wherever it is needed."""

from __future__ import annotations

import re
import unicodedata

# Letters that Unicode does not take apart into a base letter and a mark.
_FOLDED = str.maketrans({"ø": "o", "æ": "ae", "ß": "ss", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "œ": "oe", "ı": "i"})
_OTHER = re.compile(r"[^a-z0-9]+")


def slug(text: str) -> str:
    """ "Kas yra asmens duomenys?" → "kas-yra-asmens-duomenys"; a heading without a letter or digit is "section"."""
    plain = unicodedata.normalize("NFKD", text.lower().translate(_FOLDED))
    plain = "".join(mark for mark in plain if not unicodedata.combining(mark))
    return _OTHER.sub("-", plain).strip("-") or "section"


class Slugs:
    """The anchors of one page, in order of reading: the second "Pavyzdys" is "pavyzdys-2"."""

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._last: dict[str, int] = {}

    def of(self, text: str) -> str:
        base = candidate = slug(text)
        # Counted on from the last one: a page of ten thousand equal headings is somebody's test of our patience.
        number = self._last.get(base, 1)
        while candidate in self._taken:
            number += 1
            candidate = f"{base}-{number}"
        self._last[base] = number
        self._taken.add(candidate)
        return candidate
