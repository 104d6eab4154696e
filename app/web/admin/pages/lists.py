"""Lists that go over several pages, and selects of organisations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from app.organisations.queries import OrganisationOption

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Pager:
    """Which rows of how many are shown, and the addresses of the pages beside this one."""

    first: int
    last: int
    total: int
    previous_url: str
    next_url: str


def pager(path: str, query: dict[str, str], *, page: int, shown: int, total: int) -> Pager:
    first = (page - 1) * PER_PAGE
    return Pager(
        first=first + 1 if shown else 0,
        last=first + shown,
        total=total,
        previous_url=address(path, {**query, "page": str(page - 1)}) if page > 1 else "",
        next_url=address(path, {**query, "page": str(page + 1)}) if first + shown < total else "",
    )


def address(path: str, query: dict[str, str]) -> str:
    pairs = [(name, value) for name, value in query.items() if value and (name, value) != ("page", "1")]
    return f"{path}?{urlencode(pairs)}" if pairs else path


def places(options: Sequence[OrganisationOption], lang: str) -> tuple[tuple[str, str], ...]:
    """Options of a select: code, and the name set in as deep as it stands in the tree."""
    return tuple((line.card.code, f"{'– ' * line.depth}{line.card.name_in(lang)}") for line in options)
