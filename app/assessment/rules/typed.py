"""What was typed, held against what is accepted: numbers and texts, in time that does not grow wild. Pure."""

from __future__ import annotations

import re
import unicodedata

from app.kit.patterns import is_costly

_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
MATCHED_CHARACTERS = 300


def read_number(text: str) -> float | None:
    """What a learner typed, as a number: "3,14", "3.14", "1 000", "−5"; None when it is not one."""
    plain = text.strip().replace("−", "-")
    plain = re.sub(r"(?<=\d)[\s\u00a0\u202f](?=\d{3}(?!\d))", "", plain)
    if plain.count(",") == 1 and "." not in plain:
        plain = plain.replace(",", ".")
    return float(plain) if _NUMBER.fullmatch(plain) else None


def _plain(text: str, *, ignore_case: bool) -> str:
    folded = re.sub(r"\s+", " ", unicodedata.normalize("NFC", text)).strip()
    return folded.casefold() if ignore_case else folded


def text_matches(pattern: str, said: str, *, case: str, match: str) -> bool:
    """Whether a typed text is the accepted one: as it stands, with `*` for anything, or by a regular expression."""
    ignore = case == "ignore"
    if match == "regex":
        return _fits(unicodedata.normalize("NFC", pattern), _plain(said, ignore_case=False), ignore_case=ignore)
    pattern, said = _plain(pattern, ignore_case=ignore), _plain(said, ignore_case=ignore)
    if match == "wildcard":
        return _stands_in(pattern.split("*"), said)
    return pattern == said


def _stands_in(pieces: list[str], said: str) -> bool:
    """Whether the pieces come one after another with anything between them; each is taken as early as it comes."""
    first, *between = pieces
    if not between:
        return first == said
    last = between.pop()
    if len(said) < len(first) + len(last) or not said.startswith(first) or not said.endswith(last):
        return False
    at, end = len(first), len(said) - len(last)
    for piece in between:
        found = said.find(piece, at, end)
        if found < 0:
            return False
        at = found + len(piece)
    return True


def _fits(pattern: str, said: str, *, ignore_case: bool) -> bool:
    """A whole match. The course language refuses costly expressions; what slipped through matches nothing."""
    if len(said) > MATCHED_CHARACTERS or is_costly(pattern):
        return False
    try:
        return re.fullmatch(pattern, said, re.IGNORECASE if ignore_case else 0) is not None
    except (re.error, OverflowError, RecursionError):
        return False
