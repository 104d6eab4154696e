"""What is wrong in a course file, as pages tell it: in the reader's words, at its line where it has one."""

from __future__ import annotations

from app.catalog.format.model import Problem
from app.kit.i18n import gettext
from app.web.words import language_within

# Values of these names are codes of languages, in every sentence that has them.
_LANGUAGES = frozenset({"lang", "source"})
FENCE = "---"


def said(problem: Problem) -> str:
    """The sentence with its values, beginning with a capital; languages have names there, not codes."""
    values = {name: language_within(value) if name in _LANGUAGES else value for name, value in problem.values}
    words = gettext(problem.template, **values)
    return words[:1].upper() + words[1:]


def of_whole_file(problem: Problem, line: str) -> bool:
    """Whether a problem is one of the file and of no line of it; `line` is the text at which it was told.

    The first line of a file is the fence of its front matter, where nothing can be put right.
    """
    return problem.line == 1 and line.strip() in ("", FENCE)
