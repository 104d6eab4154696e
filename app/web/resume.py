"""A form sent after the sign-in ran out: what was typed is kept, and goes on after signing in again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fastapi import Request
from starlette.datastructures import UploadFile

from app.settings import Settings
from app.web import sealed

KEPT_CHARACTERS = 200_000
KEPT_SECONDS = 12 * 3600


@dataclass(frozen=True, slots=True)
class KeptForm:
    """Where a form was going and what it said; `fields` are (name, value) in order. Empty for a plain visit."""

    path: str
    fields: tuple[tuple[str, str], ...] = ()
    posted: bool = False


class SignedOut(Exception):
    """Nobody is signed in where somebody must be."""

    def __init__(self, kept: KeptForm) -> None:
        super().__init__("not signed in")
        self.kept = kept


def own_path(candidate: str) -> str:
    """`candidate` when it is a path of this site, else "/": nothing that a browser could take for another host."""
    plain = candidate.strip()
    bad = not plain.startswith("/") or plain.startswith(("//", "/\\")) or "\\" in plain or len(plain) > 2000
    if bad or any(ord(c) < 32 or ord(c) == 127 for c in plain) or "//" in plain.split("?")[0]:
        return "/"
    return plain


async def kept_form(request: Request) -> KeptForm:
    path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    if request.method in {"GET", "HEAD"}:
        return KeptForm(path)
    # A form with files could not be kept whole, and nobody unknown gets to fill the disk with it: it is not even read.
    if not request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        return KeptForm(path, posted=True)
    async with request.form() as form:
        fields = [(name, value) for name, value in form.multi_items() if not isinstance(value, UploadFile)]
    size = sum(len(name) + len(value) for name, value in fields)
    return KeptForm(path, tuple(fields) if size <= KEPT_CHARACTERS else (), posted=True)


def seal(settings: Settings, kept: KeptForm) -> str:
    return sealed.seal(settings, "kept-form", [kept.path, kept.fields])


def unseal(settings: Settings, text: str) -> KeptForm | None:
    value: Any = sealed.unseal(settings, "kept-form", text, max_age=KEPT_SECONDS)
    if value is None:
        return None
    path, fields = value
    return KeptForm(own_path(path), tuple((str(n), str(v)) for n, v in fields), posted=True)
