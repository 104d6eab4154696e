"""The YAML at the head of a file: split off, read into plain values, and wrong to the column when it is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from app.catalog.format.problems import Notes, nearest
from app.kit.i18n import N_
from app.kit.limits import FRONT_MATTER_BYTES

ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
BAD_ID = N_('bad id "%(id)s": small letters, digits and single hyphens, 2 to 64 characters')
LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Z][a-z]{3})?(?:-(?:[A-Z]{2}|[0-9]{3}))?(?:-[a-z0-9]{5,8})*")
_FENCE = re.compile(r"---[ \t]*\n(.*?)(?:^|\n)---[ \t]*(?:\n|\Z)", re.S)

Reader = Callable[["FrontMatter", str, Node], Any]


@dataclass(slots=True)
class FrontMatter:
    """What a file says about itself: values by key, and where each key stands."""

    notes: Notes
    values: dict[str, Any] = field(default_factory=dict)
    places: dict[str, tuple[int, int]] = field(default_factory=dict)

    def __contains__(self, key: str) -> bool:
        return key in self.values

    def get(self, key: str, default: Any = None) -> Any:
        return self.values.get(key, default)

    def at(self, key: str) -> tuple[int, int]:
        return self.places.get(key, (1, 1))

    def wrong(self, node: Node, template: str, /, **values: object) -> None:
        self.notes.note(*place(node), "E104", template, **values)


def place(node: Node) -> tuple[int, int]:
    """The text given to the YAML reader starts on the second line of its file."""
    return node.start_mark.line + 2, node.start_mark.column + 1


def split(text: str) -> tuple[str | None, int]:
    """The YAML text, or None without front matter, and the number of lines that are not body."""
    found = _FENCE.match(text)
    if found is None:
        return None, 0
    return found[1], found[0].count("\n") if found[0].endswith("\n") else found[0].count("\n") + 1


def parse(yaml: str, known: dict[str, Reader], kind: str, notes: Notes) -> FrontMatter:
    """Read the keys that are known; everything else is a problem, and the rest of the file is still read."""
    front = FrontMatter(notes)
    node = _compose(yaml, notes)
    if node is None:
        return front
    if not isinstance(node, MappingNode):
        notes.note(*place(node), "E106", N_('front matter is a list of "key: value" lines'))
        return front
    for key, value in pairs(front, "", node):
        front.places[key] = place(value)
        reader = known.get(key)
        if reader is None:
            _unknown(front, node, key, set(known), kind)
            continue
        read = reader(front, key, value)
        if read is not None:
            front.values[key] = read
    return front


def _compose(yaml: str, notes: Notes) -> Node | None:
    if len(yaml.encode()) > FRONT_MATTER_BYTES:
        notes.note(1, 1, "E106", N_("front matter is larger than %(limit)s bytes"), limit=FRONT_MATTER_BYTES)
        return None
    try:
        node: Node | None = YAML(typ="rt").compose(yaml)
    except MarkedYAMLError as error:
        mark = error.problem_mark
        line, column = (mark.line + 2, mark.column + 1) if mark else (1, 1)
        notes.note(line, column, "E106", N_("front matter is not YAML: %(why)s"), why=str(error.problem).strip())
        return None
    except (YAMLError, RecursionError, ValueError):
        notes.note(1, 1, "E106", N_("front matter is not YAML"))
        return None
    if node is None:
        return None
    anchored = _anchored(node)
    if anchored is not None:
        # A handful of aliases can stand for more values than a machine has memory.
        notes.note(*place(anchored), "E106", N_("front matter may not use anchors (&) and aliases (*)"))
        return None
    return node


def _anchored(root: Node) -> Node | None:
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node.anchor:
            return node
        if isinstance(node, MappingNode):
            waiting += [part for pair in node.value for part in pair]
        elif isinstance(node, SequenceNode):
            waiting += node.value
    return None


def pairs(front: FrontMatter, inside: str, node: MappingNode) -> list[tuple[str, Node]]:
    seen: dict[str, Node] = {}
    for key, value in node.value:
        if not isinstance(key, ScalarNode):
            front.wrong(key, N_("a key is one word"))
        elif key.value in seen:
            name = f"{inside}.{key.value}" if inside else key.value
            front.notes.note(*place(key), "E108", N_('key "%(name)s" is given twice'), name=name)
        else:
            seen[key.value] = value
    return list(seen.items())


def _unknown(front: FrontMatter, node: MappingNode, key: str, known: set[str], kind: str) -> None:
    where = next(place(k) for k, _ in node.value if isinstance(k, ScalarNode) and k.value == key)
    guess = nearest(key, known)
    if guess:
        front.notes.note(
            *where, "E103", N_('unknown key "%(name)s" on %(kind)s, did you mean "%(guess)s"?'),
            name=key, kind=kind, guess=guess,
        )  # fmt: skip
    else:
        front.notes.note(*where, "E103", N_('unknown key "%(name)s" on %(kind)s'), name=key, kind=kind)


def text(front: FrontMatter, key: str, node: Node) -> str | None:
    """One value as it was written, so that `article: 33` and `title: 2026` need no quotes."""
    if not isinstance(node, ScalarNode):
        front.wrong(node, N_('"%(key)s" is text'), key=key)
        return None
    value = str(node.value).strip()
    if not value or (node.style is None and value in ("~", "null")):
        front.wrong(node, N_('"%(key)s" is empty'), key=key)
        return None
    return value


def texts(front: FrontMatter, key: str, node: Node) -> tuple[str, ...] | None:
    if not isinstance(node, SequenceNode):
        front.wrong(node, N_('"%(key)s" is a list: [one, two]'), key=key)
        return None
    read = [text(front, key, item) for item in node.value]
    return tuple(value for value in read if value is not None)


def identifier(front: FrontMatter, key: str, node: Node) -> str | None:
    value = text(front, key, node)
    if value is None:
        return None
    if not is_id(value):
        _bad_id(front, node, value)
        return None
    return value


def _bad_id(front: FrontMatter, node: Node, value: str) -> None:
    front.notes.note(*place(node), "E111", BAD_ID, id=value)


def is_id(value: str, least: int = 2) -> bool:
    """Ids in comments may be a single letter; those of files, which become addresses, are longer."""
    return least <= len(value) <= 64 and ID.fullmatch(value) is not None


def ids(front: FrontMatter, key: str, node: Node) -> tuple[str, ...] | None:
    if not isinstance(node, SequenceNode):
        front.wrong(node, N_('"%(key)s" is a list: [one, two]'), key=key)
        return None
    read = [text(front, key, item) for item in node.value]
    for item, value in zip(node.value, read, strict=True):
        if value is not None and not is_id(value, 1):
            _bad_id(front, item, value)
    return tuple(value for value in read if value is not None and is_id(value, 1))


def everything_or_ids(front: FrontMatter, key: str, node: Node) -> str | tuple[str, ...] | None:
    if isinstance(node, ScalarNode) and node.value == "all":
        return "all"
    if isinstance(node, SequenceNode):
        return ids(front, key, node)
    front.wrong(node, N_('"%(key)s" is "all" or a list of ids'), key=key)
    return None


def language(front: FrontMatter, key: str, node: Node) -> str | None:
    value = text(front, key, node)
    if value is None:
        return None
    if value == "no":
        front.wrong(node, N_('language "no" is written "nb" (bokmål) or "nn" (nynorsk)'))
        return None
    if not LANGUAGE.fullmatch(value):
        front.wrong(node, N_('"%(value)s" is not a language code such as lt, en, nb'), value=value)
        return None
    return value


def whole(least: int) -> Reader:
    def read(front: FrontMatter, key: str, node: Node) -> int | None:
        if isinstance(node, ScalarNode) and re.fullmatch(r"[0-9]{1,6}", node.value) and int(node.value) >= least:
            return int(node.value)
        front.wrong(node, N_('"%(key)s" is a whole number, at least %(least)s'), key=key, least=least)
        return None

    return read


def yes_or_no(front: FrontMatter, key: str, node: Node) -> bool | None:
    words = {"yes": True, "true": True, "no": False, "false": False}
    if isinstance(node, ScalarNode) and node.value in words:
        return words[node.value]
    front.wrong(node, N_('"%(key)s" is yes or no'), key=key)
    return None


def day(front: FrontMatter, key: str, node: Node) -> date | None:
    if isinstance(node, ScalarNode) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", node.value):
        try:
            return date.fromisoformat(node.value)
        except ValueError:
            pass
    front.wrong(node, N_('"%(key)s" is a date such as 2026-11-01'), key=key)
    return None


def one_of(*words: str) -> Reader:
    def read(front: FrontMatter, key: str, node: Node) -> str | None:
        value = text(front, key, node)
        if value is not None and value not in words:
            front.wrong(node, N_('"%(key)s" is one of: %(words)s'), key=key, words=", ".join(words))
            return None
        return value

    return read


def record(known: dict[str, Reader], *required: str) -> Reader:
    """A value with keys of its own: `{id: …, text: …}`."""

    def read(front: FrontMatter, key: str, node: Node) -> dict[str, Any] | None:
        if not isinstance(node, MappingNode):
            front.wrong(node, N_('"%(key)s" has keys of its own: %(words)s'), key=key, words=", ".join(known))
            return None
        found: dict[str, Any] = {}
        for name, value in pairs(front, key, node):
            reader = known.get(name)
            if reader is None:
                _unknown(front, node, name, set(known), key)
                continue
            got = reader(front, f"{key}.{name}", value)
            if got is not None:
                found[name] = got
        given = {k.value for k, _ in node.value if isinstance(k, ScalarNode)}
        for name in required:
            if name not in given:
                front.notes.note(*place(node), "E107", N_('"%(key)s" is missing'), key=f"{key}.{name}")
        return found if all(name in found for name in required) else None

    return read


def records(known: dict[str, Reader], *required: str) -> Reader:
    one = record(known, *required)

    def read(front: FrontMatter, key: str, node: Node) -> tuple[dict[str, Any], ...] | None:
        if not isinstance(node, SequenceNode):
            front.wrong(node, N_('"%(key)s" is a list'), key=key)
            return None
        return tuple(item for item in (one(front, key, part) for part in node.value) if item is not None)

    return read
