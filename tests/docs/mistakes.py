"""docs/course-errors.md as it is written: mistakes, each with its files and the lines printed for them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import takewhile

from app.settings import ROOT

MANUAL = ROOT / "docs" / "course-errors.md"
_FENCE = re.compile(r"```(\w+)(?: (\S+))?")


@dataclass(frozen=True, slots=True)
class Mistake:
    title: str
    files: dict[str, str] = field(default_factory=dict)
    printed: list[str] = field(default_factory=list)


def _pieces() -> Iterator[tuple[str, str, str, str]]:
    """Every fenced block: the heading above it, its kind, its name and its content."""
    title = ""
    lines = iter(MANUAL.read_text("utf-8").splitlines())
    for line in lines:
        fence = _FENCE.fullmatch(line)
        if fence is not None:
            content = "".join(f"{one}\n" for one in takewhile(lambda one: one != "```", lines))
            yield title, fence[1], fence[2] or "", content
        elif line.startswith("#"):
            title = line.lstrip("# ")


def mistakes() -> list[Mistake]:
    found: dict[str, Mistake] = {}
    head = ""
    for title, kind, name, content in _pieces():
        one = found.setdefault(title, Mistake(title))
        if kind == "yaml":
            head = content
            del found[title]
        elif kind == "text":
            one.printed.extend(content.splitlines())
        else:
            bare = name.endswith(".md") and not content.startswith("---")
            one.files[name] = f"{head}\n{content}" if bare else content
    return list(found.values())
