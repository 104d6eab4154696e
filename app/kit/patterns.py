"""Regular expressions by other hands: whether one can be tried at all without a processor being lost to it."""

from __future__ import annotations

import re

PATTERN_CHARACTERS = 200
_PIECE = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\{\d*,?\d*\}|[()|*+?]|[^()|*+?\[\]\\{}]+|.", re.DOTALL)


def is_costly(pattern: str) -> bool:
    """Whether an expression could take a processor for long: repeats within repeats, references back, looking round,
    or more than three parts without an end. On a short text everything else ends at once."""
    if len(pattern) > PATTERN_CHARACTERS or re.search(r"\\[1-9]|\(\?(?!:)", pattern):
        return True
    endless = 0
    inside: list[bool] = []  # for each open group: whether it holds a repeat or a choice
    closed: bool | None = None  # of the group that has just ended
    for piece in _PIECE.findall(pattern):
        most = _most(piece)
        if most is not None:
            if most > 1 and closed:
                return True
            endless += most > 20
            if inside:
                inside[-1] = True
        if piece == "|" and inside:
            inside[-1] = True
        if piece == "(":
            inside.append(False)
        if piece == ")":
            closed = inside.pop() if inside else None
            if inside and closed:
                inside[-1] = True
        else:
            closed = None
    return endless > 3


def _most(piece: str) -> int | None:
    """How often a repeat repeats at most; None when the piece is none."""
    if piece in ("*", "+"):
        return 1_000_000
    if piece == "?":
        return 1
    if piece.startswith("{") and piece.endswith("}") and any(c.isdigit() for c in piece):
        least, comma, most = piece[1:-1].partition(",")
        return int(most) if most else 1_000_000 if comma else int(least)
    return None
