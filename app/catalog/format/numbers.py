"""Numbers as right answers: one, one with a tolerance, or a range."""

from __future__ import annotations

import re
from decimal import Decimal

_N = r"[-+]?\d{1,15}(?:\.\d{1,15})?(?:[eE][-+]?\d{1,2})?"
_AROUND = re.compile(rf"({_N})(?:\s*(?:±|\+-)\s*({_N})\s*(%)?)?")
_BETWEEN = re.compile(rf"({_N})\s*\.\.\s*({_N})")


def interval(text: str) -> tuple[float, float] | None:
    """The lowest and the highest number that is right, both included; reckoned in decimals, so 3.14 ± 0.01 ends at 3.15."""
    around = _AROUND.fullmatch(text)
    if around is not None:
        middle, spread = Decimal(around[1]), abs(Decimal(around[2] or 0))
        if around[3]:
            spread = abs(middle) * spread / 100
        return float(middle - spread), float(middle + spread)
    between = _BETWEEN.fullmatch(text)
    if between is None:
        return None
    low, high = Decimal(between[1]), Decimal(between[2])
    return (float(low), float(high)) if low <= high else None
