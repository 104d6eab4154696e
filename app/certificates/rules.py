"""How a certificate is numbered and keyed, what it says, and how it stands. Pure."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.kit.i18n import fold

# No 0 and o, 1, i and l: the code is read from paper.
ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
KEY_CHARACTERS = 27  # 31 signs each: 133 bits, which nobody guesses
REASON_MAX = 500
PREFIX_MAX = 12


class State(StrEnum):
    """How a certificate stands on a day. It is worked out each time and kept nowhere."""

    VALID = "valid"
    SUPERSEDED = "superseded"
    REVOKED = "revoked"
    EXPIRED = "expired"


def state(*, revoked: bool, superseded: bool, valid_until: date | None, today: date) -> State:
    """Revoked says more than superseded, and superseded more than expired. The last day is a good one."""
    if revoked:
        return State.REVOKED
    if superseded:
        return State.SUPERSEDED
    if valid_until is not None and today > valid_until:
        return State.EXPIRED
    return State.VALID


@dataclass(frozen=True, slots=True)
class Paper:
    """All that stands on one certificate, as it was when it was issued."""

    number: str
    key: str
    lang: str
    holder: str
    course: str
    version: str
    institution: str
    owner: str
    minutes: int
    outcomes: tuple[str, ...]
    completed_on: date
    issued_on: date
    valid_until: date | None


def new_key() -> str:
    """The public address of a certificate: who does not hold the paper cannot find it."""
    return "".join(secrets.choice(ALPHABET) for _ in range(KEY_CHARACTERS))


def normal_key(typed: str) -> str:
    """A code as it was read off the paper: in groups, in capitals, with dashes."""
    return "".join(c for c in typed.casefold() if c in ALPHABET)[:KEY_CHARACTERS]


def grouped(key: str) -> str:
    """The code in groups of three, so that it can be typed."""
    return "-".join(key[at : at + 3] for at in range(0, len(key), 3))


def initials(name: str) -> str:
    """All that the public learns of the holder: "R. P."."""
    return " ".join(f"{part[0].upper()}." for part in name.replace("-", " ").split())


def number(prefix: str, year: int, serial: int) -> str:
    """UTE-2026-000123"""
    return f"{prefix}-{year}-{serial:06d}"


def prefixes(code: str, *, first: bool) -> Iterator[str]:
    """What an institution's numbers may begin with, the best first: three letters of the place, more where it has many.

    `first`: the administration, after which the place itself is called.
    """
    words = [word for word in "".join(c if c.isalnum() else " " for c in fold(code)).upper().split() if word.isascii()]
    head = (words[0] if words else "X")[:3]
    rest = "".join(word[0] for word in words[1:])
    tried = [head] if first or not rest else []
    tried += [(head + rest)[:PREFIX_MAX], ("".join(words) or head)[: PREFIX_MAX - 4]]
    yield from dict.fromkeys(tried)
    again = tried[-1]
    for n in range(2, 10_000):
        yield f"{again}{n}"
