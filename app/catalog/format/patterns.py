"""Regular expressions as accepted answers: only those that say yes or no at once."""

from __future__ import annotations

import re

from app.catalog.format.source import Source
from app.kit.i18n import N_
from app.kit.patterns import is_costly


def check_pattern(source: Source, line: int, value: str) -> None:
    try:
        re.compile(value)
    except (re.error, OverflowError, RecursionError):
        source.note(line, "E149", N_("not a regular expression: %(value)s"), value=value)
        return
    # The very rule by which answers are marked: what is taken here is tried there.
    if is_costly(value):
        source.note(line, "E149", N_("this regular expression could take too long: %(value)s"), value=value)
