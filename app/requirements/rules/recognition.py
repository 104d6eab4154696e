"""Whose evidence counts where: one's own municipality's always, another's when both have signed. Pure."""

from __future__ import annotations

from collections.abc import Collection

Pair = tuple[int, int]


def ids(path: str) -> tuple[int, ...]:
    """The organisations at and above a place, the root first."""
    return tuple(int(part) for part in path.strip("/").split("/") if part)


def mutual(signed: Collection[Pair]) -> frozenset[Pair]:
    """The pairs of which both have signed; a pair stands in both directions."""
    return frozenset((one, other) for one, other in signed if (other, one) in signed)


def accepts(here: str, earned_at: str, pairs: Collection[Pair]) -> bool:
    """Whether a place counts what was earned at another: in the same municipality, or where some organisation at or
    above either has signed with one at or above the other."""
    mine, theirs = ids(here), ids(earned_at)
    if not theirs or len(theirs) < 2 or len(mine) < 2 or mine[1] == theirs[1]:
        return True
    return any((one, other) in pairs for one in mine for other in theirs)
