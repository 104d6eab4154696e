"""Passwords: hashed and checked with argon2id. Nothing here takes a database: each call takes a third of a second."""

from __future__ import annotations

import secrets
import unicodedata
from dataclasses import dataclass
from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_HASHER = PasswordHasher()
# Each check takes 64 MiB and all of a core for a while: a crowd at the door must not take the house down.
_AT_ONCE = BoundedSemaphore(4)


@dataclass(frozen=True, slots=True)
class Verdict:
    """`newer` is the same password hashed by today's parameters, where the stored hash is by older ones."""

    right: bool
    newer: str | None = None


@cache
def _nobodys() -> str:
    return _HASHER.hash(secrets.token_hex(16))


def _said(password: str) -> str:
    # "Ž" may arrive as one character or as two, depending on the keyboard; it is the same password.
    return unicodedata.normalize("NFKC", password)


def hash_password(password: str) -> str:
    with _AT_ONCE:
        return _HASHER.hash(_said(password))


def verify(stored: str | None, password: str) -> Verdict:
    """Whether the password is the stored one. Nobody's password takes as long to refuse as somebody's."""
    with _AT_ONCE:
        try:
            _HASHER.verify(stored or _nobodys(), _said(password))
        except (VerificationError, InvalidHashError):
            return Verdict(False)
        if stored is None:
            return Verdict(False)
        return Verdict(True, _HASHER.hash(_said(password)) if _HASHER.check_needs_rehash(stored) else None)
