"""Regular expressions as accepted answers: only those that say yes or no at once."""

from __future__ import annotations

import re

from app.catalog.format.source import Source
from app.kit.i18n import N_

# A repeated group that itself holds a repetition can take longer than a lifetime to say no.
_COSTLY = re.compile(r"\([^()]*[+*{][^()]*\)[+*{]|\\[1-9]|\(\?P=")
PATTERN_CHARACTERS = 200


def check_pattern(source: Source, line: int, value: str) -> None:
    try:
        re.compile(value)
    except (re.error, OverflowError, RecursionError):
        source.note(line, "E149", N_("not a regular expression: %(value)s"), value=value)
        return
    if len(value) > PATTERN_CHARACTERS or _COSTLY.search(value):
        source.note(line, "E149", N_("this regular expression could take too long: %(value)s"), value=value)
