"""The front matter of a file, one key at a time: what it says, and the same file saying something else.

Nothing but the keys that change is touched: comments, order and spelling of the rest stay the author's.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.catalog.exchange.proposing import one_line
from app.catalog.format import frontmatter, schemas
from app.catalog.format.layout import to_parse
from app.catalog.format.model import Problem
from app.catalog.format.problems import Notes

_KEY = re.compile(r"([A-Za-z_][\w-]*)[ \t]*:")
_PLAIN = re.compile(r"[a-z0-9][a-z0-9-]*|\d{4}-\d\d-\d\d")
# Words that YAML takes for something else than themselves.
_NOT_WORDS = frozenset({"yes", "no", "true", "false", "null", "on", "off", "y", "n"})


@dataclass(frozen=True, slots=True)
class Pair:
    """A value with keys of its own, written on one line: `{id: …, text: …}`."""

    items: tuple[tuple[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Words:
    """A word that is written as it stands: `yes`, `no`, `all`."""

    said: str


def values(text: str, kind: str) -> dict[str, Any]:
    """What a file of this kind says of itself, by key, as `format.schemas` reads it; what is wrong is left out."""
    problems: list[Problem] = []
    yaml, _start = frontmatter.split(to_parse(text))
    return dict(schemas.read(yaml, kind, Notes("", problems)).values)


def title_of(text: str) -> str:
    """The title, quickly: for outlines of many files. Empty where there is none on a line of its own."""
    yaml, _start = frontmatter.split(to_parse(text))
    return plain(next((line[6:] for line in (yaml or "").split("\n") if line.startswith("title:")), ""))


def plain(value: str) -> str:
    """A YAML scalar on one line as words."""
    value = value.strip()
    if value.startswith('"') and value.endswith('"') and len(value) > 1:
        try:
            return str(json.loads(value))
        except ValueError:
            return value[1:-1]
    if value.startswith("'") and value.endswith("'") and len(value) > 1:
        return value[1:-1].replace("''", "'")
    return value.split(" #")[0].strip()


def changed(text: str, wanted: Mapping[str, Any]) -> str:
    """The file with these keys; a value that is empty (None, "", ()) takes its key away.

    Values are text, whole numbers, `Words`, `Pair`, or a list of any of them. A file without front matter gets one.
    """
    text = to_parse(text)
    yaml, start = frontmatter.split(text)
    lines = (yaml or "").split("\n") if yaml else []
    body = "\n".join(text.split("\n")[start:]) if yaml is not None else text
    for key, value in wanted.items():
        lines = _with(lines, key, None if value in (None, "", ()) else f"{key}: {written(value)}")
    return "\n".join(["---", *lines, "---", body])


def _with(lines: list[str], key: str, line: str | None) -> list[str]:
    first = next((n for n, one in enumerate(lines) if (found := _KEY.match(one)) and found[1] == key), None)
    if first is None:
        while lines and not lines[-1].strip():
            lines = lines[:-1]
        return [*lines, line] if line is not None else lines
    last = first + 1
    # What belongs to a key is indented, or closes a bracket, or is a list that YAML lets stand at the margin.
    while last < len(lines) and (not lines[last].strip() or lines[last][0] in " \t]}-"):
        last += 1
    while last > first + 1 and not lines[last - 1].strip():
        last -= 1
    return [*lines[:first], *([line] if line is not None else []), *lines[last:]]


def written(value: Any) -> str:
    """One value on one line of YAML."""
    match value:
        case Words():
            return value.said
        case Pair():
            return "{" + ", ".join(f"{key}: {written(one)}" for key, one in value.items) + "}"
        case str():
            said = one_line(value)
            return said if _PLAIN.fullmatch(said) and said not in _NOT_WORDS else json.dumps(said, ensure_ascii=False)
        case Sequence():
            return "[" + ", ".join(written(one) for one in value) + "]"
        case _:
            return str(value)
