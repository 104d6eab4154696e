"""One, two or three people who mark the same answer, and which mark counts. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

# Raters who differ by more than one point call for a third, the practice of large essay tests (ETS, GRE Analytical
# Writing: "if the two assigned scores differ by more than one point, a third trained rater").
TOLERANCE = 1.0


class Second(StrEnum):
    """Whether a second person marks too, without knowing the first mark."""

    NONE = "none"
    AVERAGE = "average"  # the mean counts
    THIRD = "third"  # the mean while they differ by a point at most, else a third person decides


@dataclass(frozen=True, slots=True)
class Settled:
    """The share that counts, or None while somebody has still to mark. `turn` is whose turn it is: 1, 2 or 3."""

    fraction: float | None
    turn: int


def settle(marks: Sequence[tuple[int, float]], points: float, second: Second) -> Settled:
    """What several markings of an answer come to. `marks` are (marker, share) in the order in which they were given;
    the last one of each marker counts, and markers are first, second and third by their first one."""
    last = dict(marks)  # a dict keeps the place of a key that is set again
    shares = list(last.values())
    if not shares:
        return Settled(None, 1)
    if second is Second.NONE:
        return Settled(marks[-1][1], 2)
    if len(shares) == 1:
        return Settled(None, 2)
    if second is Second.AVERAGE:
        return Settled(sum(shares) / len(shares), 3)
    if len(shares) > 2:
        return Settled(shares[-1], 3)
    apart = abs(shares[0] - shares[1]) * points
    return Settled((shares[0] + shares[1]) / 2 if apart <= TOLERANCE + 1e-9 else None, 3)
