"""How a problem is told: where, under which code, in one sentence with its values beside it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from app.catalog.format.model import Problem, Severity

_SEVERITIES = {"E": Severity.ERROR, "W": Severity.WARNING, "I": Severity.ADVICE}


def problem(path: str, line: int, column: int, code: str, template: str, /, **values: object) -> Problem:
    """The first letter of a code is its severity."""
    return told(path, line, column, code, template, _SEVERITIES[code[0]], values)


def told(
    path: str, line: int, column: int, code: str, template: str, severity: Severity, values: dict[str, object]
) -> Problem:
    named = tuple((name, str(value)) for name, value in values.items())
    return Problem(path, line, column, code, template, named, severity)


class Notes:
    """The problems of one file while it is being read; all files of a course share one list."""

    def __init__(self, path: str, problems: list[Problem]) -> None:
        self.path = path
        self.problems = problems

    def note(self, line: int, column: int, code: str, template: str, /, **values: object) -> None:
        self.problems.append(problem(self.path, line, column, code, template, **values))

    def of(self, path: str) -> Notes:
        return Notes(path, self.problems)


def nearest(word: str, known: Iterable[str]) -> str:
    """The word that was probably meant, or nothing."""
    found = difflib.get_close_matches(word, sorted(known), n=1)
    return found[0] if found else ""


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """As they are printed: by file, line and column, each said once."""
    return tuple(sorted(dict.fromkeys(problems), key=lambda p: (p.path, p.line, p.column, p.code, p.message)))
