"""What the styles and the numbering of a Word document make of a paragraph: a heading, an item of a list, or plain words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_HEADING = re.compile(r"heading (\d)")
# Styles that are lists by themselves, each with a depth in its name and a list of its own.
_LISTED = re.compile(r"list (?:bullet|number) ([2-5])")
_DEEPEST_BASE = 20
_OFF = ("0", "false", "off", "none")


def local(element: Any) -> str:
    """The name of an element without its namespace; comments and instructions have none."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def child(element: Any, *path: str) -> Any | None:
    """The element at the end of a path of local names, or None."""
    for name in path:
        element = next((one for one in element if local(one) == name), None) if element is not None else None
    return element


def inside(element: Any, *path: str) -> list[Any]:
    """What is in the element at the end of a path; nothing where it does not lead anywhere."""
    found = child(element, *path)
    return list(found) if found is not None else []


def value(element: Any | None, name: str = "val") -> str:
    return str(element.get(W + name, "")) if element is not None else ""


def whole(text: str, otherwise: int = 0) -> int:
    return int(text) if re.fullmatch(r"-?\d{1,9}", text) else otherwise


def is_on(element: Any | None) -> bool:
    """A property that is there is on, unless it says otherwise."""
    return element is not None and value(element).lower() not in _OFF


@dataclass(frozen=True, slots=True)
class Style:
    """`level` is that of a heading, 0 for none; `number` the list it belongs to, "" for none."""

    name: str
    based: str
    level: int = 0
    number: str = ""
    depth: int = 0
    bold: bool = False
    italic: bool = False


@dataclass(slots=True)
class Styles:
    known: dict[str, Style] = field(default_factory=dict)

    def chain(self, style: str) -> Iterator[Style]:
        """A style and those it is based on; a circle of them is left after a while."""
        for _step in range(_DEEPEST_BASE):
            found = self.known.get(style)
            if found is None:
                return
            yield found
            style = found.based

    def name(self, style: str) -> str:
        return next((one.name for one in self.chain(style)), "")

    def level(self, style: str) -> int:
        return next((one.level for one in self.chain(style) if one.level), 0)

    def number(self, style: str) -> tuple[str, int]:
        return next(((one.number, one.depth) for one in self.chain(style) if one.number), ("", 0))


def styles(root: Any | None) -> Styles:
    found = Styles()
    for element in root if root is not None else ():
        if local(element) != "style":
            continue
        name = value(child(element, "name")).lower()
        properties = child(element, "pPr")
        outline = value(child(properties, "outlineLvl")) if properties is not None else ""
        heading, listed = _HEADING.fullmatch(name), _LISTED.fullmatch(name)
        level = int(heading[1]) if heading else whole(outline, 9) + 1 if outline else 0
        runs = child(element, "rPr")
        found.known.setdefault(
            value(element, "styleId"),
            Style(
                name,
                value(child(element, "basedOn")),
                level if 1 <= level <= 9 else 0,
                value(child(element, "pPr", "numPr", "numId")),
                int(listed[1]) - 1 if listed else whole(value(child(element, "pPr", "numPr", "ilvl"))),
                runs is not None and is_on(child(runs, "b")),
                runs is not None and is_on(child(runs, "i")),
            ),
        )
    return found


@dataclass(slots=True)
class Numbering:
    """`levels` has (list, depth) → (how it is numbered, where it starts); `counted` where each list has come to."""

    levels: dict[tuple[str, int], tuple[str, int]] = field(default_factory=dict)
    counted: dict[str, dict[int, int]] = field(default_factory=dict)

    def form(self, number: str, depth: int) -> str:
        return self.levels.get((number, depth), ("bullet", 1))[0]

    def next(self, number: str, depth: int) -> int:
        """The number of the next item: a list goes on where it was, and a deeper one begins anew under each item."""
        counts = self.counted.setdefault(number, {})
        start = self.levels.get((number, depth), ("", 1))[1]
        counts[depth] = counts.get(depth, start - 1) + 1
        for deeper in [one for one in counts if one > depth]:
            del counts[deeper]
        return counts[depth]


def numbering(root: Any | None) -> Numbering:
    found = Numbering()
    elements = list(root) if root is not None else []
    abstract = {value(one, "abstractNumId"): one for one in elements if local(one) == "abstractNum"}
    for one in elements:
        if local(one) != "num":
            continue
        name = value(one, "numId")
        for level in abstract.get(value(child(one, "abstractNumId")), ()):
            if local(level) == "lvl":
                form = value(child(level, "numFmt")) or "decimal"
                found.levels[name, whole(value(level, "ilvl"))] = (form, whole(value(child(level, "start")), 1))
        for override in (part for part in one if local(part) == "lvlOverride"):
            depth = whole(value(override, "ilvl"))
            start = child(override, "startOverride")
            if start is not None:
                found.levels[name, depth] = (found.form(name, depth), whole(value(start), 1))
    return found
