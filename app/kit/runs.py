"""Stretches of Markdown that no parser is given: their shape costs minutes, and nobody writes them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from app.kit.limits import RUN_CHARACTERS, RUN_MARKS

_BLANK = re.compile(r"(\n[ \t>]*(?=\n))")
_MARKS = re.compile(r"[\[\]*_`<>!&|~\\]")


@dataclass(frozen=True, slots=True)
class Heavy:
    """The line, from 1, on which a run too heavy to parse begins; `marks` when it is not its length but what is in it."""

    line: int
    marks: bool


def heavy(text: str) -> Heavy | None:
    """The first run between two blank lines that is too long or has too many marks in it."""
    line = 1
    for run in _BLANK.split(text):
        if len(run) > RUN_CHARACTERS:
            return Heavy(line, marks=False)
        # An opening bracket makes the parser look ahead, so it weighs ten.
        if len(_MARKS.findall(run)) + 9 * run.count("[") > RUN_MARKS:
            return Heavy(line, marks=True)
        line += run.count("\n")
    return None
