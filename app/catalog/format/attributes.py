"""What stands in the comment under a heading: its kind, its keys and their values."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from app.catalog.format.frontmatter import BAD_ID, is_id
from app.catalog.format.problems import nearest
from app.catalog.format.source import KINDS, Source
from app.catalog.format.terms import SPAN, moment, shown_parts, span
from app.kit.i18n import N_
from app.kit.limits import MIB, UPLOAD_BYTES

_COMMENT = re.compile(r"\s*<!--\s*(?P<kind>[^\s>]*)(?P<rest>.*?)\s*-->\s*")
_ATTRIBUTE = re.compile(r"""([a-z][a-z0-9-]*)=("[^"]*"|[^\s"]+)(?=\s|$)|(\S+)""")
_DURATION = re.compile(r"PT(?=\d)(?:(\d{1,3})H)?(?:(\d{1,4})M)?(?:(\d{1,5})S)?")
_ENDING = re.compile(r"\.[a-z0-9]{1,10}")

# A value reader says what it read, or None when the value is wrong; WANTED says what it takes.
Reader = Callable[[str], Any]


@dataclass(frozen=True, slots=True)
class Value:
    """How a key is read, and in words what it may be."""

    read: Reader
    wanted: str


@dataclass(slots=True)
class Comment:
    """`given` holds the values as written, `values` as read. `line` counts from 0."""

    kind: str
    line: int
    given: dict[str, str]
    values: dict[str, Any]
    columns: dict[str, int]

    @property
    def id(self) -> str:
        return str(self.values.get("id", ""))

    def get(self, key: str, default: Any = None) -> Any:
        return self.values.get(key, default)


def _one_of(*words: str) -> Value:
    return Value(lambda value: value if value in words else None, ", ".join(words))


def _whole(least: int, most: int = 100_000) -> Value:
    def read(value: str) -> int | None:
        return int(value) if re.fullmatch(r"\d{1,6}", value) and least <= int(value) <= most else None

    return Value(read, f"{least}–{most}")


def _number(least: float, most: float) -> Value:
    def read(value: str) -> float | None:
        if not re.fullmatch(r"\d{1,6}(?:\.\d{1,6})?", value):
            return None
        number = float(value)
        return number if math.isfinite(number) and least <= number <= most else None

    return Value(read, f"{least:g}–{most:g}")


def _duration(value: str) -> int | None:
    found = _DURATION.fullmatch(value)
    if found is None:
        return None
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return hours * 3600 + minutes * 60 + seconds or None


def _list(value: str) -> tuple[str, ...] | None:
    items = tuple(item.strip() for item in value.split(","))
    return items if all(items) else None


def _endings(value: str) -> tuple[str, ...] | None:
    endings = tuple(ending.lower() for ending in _list(value) or ())
    return endings if endings and all(_ENDING.fullmatch(ending) for ending in endings) else None


def _ids(value: str) -> tuple[str, ...] | None:
    items = _list(value)
    return items if items and all(is_id(item, 1) for item in items) else None


def _id(value: str) -> str | None:
    return value if is_id(value, 1) else None


def _see(value: str) -> str | None:
    page, _, heading = value.partition("#")
    return value if is_id(page) and (heading != "" or "#" not in value) else None


_ID = Value(_id, "id")
_IDS = Value(_ids, "id, id")
_LIST = Value(_list, "a, b")
_TEXT = Value(lambda value: value.strip() or None, "text")
_SPAN = Value(span, SPAN)
_MOMENT = Value(moment, "2026-12-01T09:00")
_SHOWN = Value(shown_parts, "correctness, marks, feedback, answer; all; none")
_YES_NO = Value(lambda value: {"yes": True, "no": False}.get(value), "yes, no")
_POINTS = _number(0, 1000)

KEYS: dict[str, dict[str, Value]] = {
    "quiz": {
        "id": _ID,
        "mode": _one_of("practice", "check", "exam", "survey"),
        "pass": _number(0, 100),
        "attempts": _whole(0, 1000),
        "time": Value(_duration, "PT30M"),
        "shuffle": _one_of("none", "questions", "options", "all"),
        "feedback": _one_of("after-each", "after-quiz", "none"),
        "grading": _one_of("best", "last", "first", "average"),
        "tries": _whole(0, 20),
        "delay": _SPAN,
        "open": _MOMENT,
        "close": _MOMENT,
        "grace": _SPAN,
        "navigation": _one_of("free", "sequential"),
        "certainty": _YES_NO,
        "repeat": _YES_NO,
        "show-during": _SHOWN,
        "show-after": _SHOWN,
        "show-later": _SHOWN,
        "show-closed": _SHOWN,
        "was": _IDS,
    },
    "section": {"id": _ID, "shuffle": _one_of("none", "questions", "options", "all")},
    "question": {
        "id": _ID,
        "type": _TEXT,
        "points": _POINTS,
        "scoring": _one_of("all-or-nothing", "partial"),
        "shuffle": _YES_NO,
        "case": _one_of("ignore", "exact"),
        "match": _one_of("exact", "wildcard", "regex"),
        "unit": _TEXT,
        "min-words": _whole(0),
        "max-words": _whole(1),
        "accept": Value(_endings, ".pdf,.odt"),
        "max-mb": _whole(1, UPLOAD_BYTES // MIB),
        "penalty": _number(0, 1),
        "outcomes": _IDS,
        "see": Value(_see, "page-id#heading"),
        "tags": _LIST,
        "was": _IDS,
        "retired": _YES_NO,
    },
    "pool": {"id": _ID, "draw": _whole(1), "points": _POINTS},
    "draw": {"id": _ID, "bank": _ID, "count": _whole(1), "tags": _LIST, "points": _POINTS},
}


def read(source: Source, line: int, html: str) -> Comment | None:
    """The comment on one line directly under a heading; None when it cannot be made out, which has then been said."""
    raw = html.strip("\n")
    found = _COMMENT.fullmatch(raw)
    if found is None or "-->" in found["rest"]:
        if "-->" in raw and (raw.count("<!--") > 1 or "\n" in raw):
            source.note(line, "E101", N_("a comment is written and closed on one line, one to a line"))
        # Anything else wrong with it was said when the file was read as Markdown.
        return None
    kind = found["kind"]
    if kind not in KINDS:
        guess = nearest(kind, KINDS)
        if guess:
            source.note(line, "E100", N_('unknown word "%(word)s" in the comment under a heading, did you mean "%(guess)s"?'),
                        needle=kind, word=kind, guess=guess)  # fmt: skip
        else:
            source.note(line, "E100", N_('unknown word "%(word)s" in the comment under a heading: quiz, section, question, pool or draw'),
                        needle=kind, word=kind)  # fmt: skip
        return None
    comment = Comment(kind, line, {}, {}, {})
    _attributes(source, comment, found["rest"], source.lines[line].find(found["rest"], found.end("kind")))
    if "id" not in comment.given:
        source.note(line, "E110", N_("%(kind)s has no id"), kind=kind)
    return comment


def _attributes(source: Source, comment: Comment, text: str, offset: int) -> None:
    known = KEYS[comment.kind]
    for found in _ATTRIBUTE.finditer(text):
        key, value, stray = found.groups()
        column = offset + found.start() + 1
        at = (comment.line + 1, column)
        if stray is not None:
            source.notes.note(*at, "E102", N_('expected key=value, found "%(text)s"'), text=stray)
        elif key not in known:
            guess = nearest(key, known)
            if guess:
                source.notes.note(*at, "E103", N_('unknown attribute "%(name)s" on %(kind)s, did you mean "%(guess)s"?'),
                                  name=key, kind=comment.kind, guess=guess)  # fmt: skip
            else:
                source.notes.note(
                    *at, "E103", N_('unknown attribute "%(name)s" on %(kind)s'), name=key, kind=comment.kind
                )
        elif key in comment.given:
            source.notes.note(*at, "E108", N_('attribute "%(name)s" is given twice'), name=key)
        else:
            comment.given[key] = value.strip('"')
            comment.columns[key] = column
            _value(source, comment, key, value.strip('"'), at)


def _value(source: Source, comment: Comment, key: str, value: str, at: tuple[int, int]) -> None:
    wanted = KEYS[comment.kind][key]
    read = wanted.read(value)
    if read is not None:
        comment.values[key] = read
    elif wanted is _ID:
        source.notes.note(*at, "E111", BAD_ID, id=value)
    else:
        source.notes.note(*at, "E104", N_('"%(key)s" cannot be "%(value)s", expected: %(wanted)s'),
                          key=key, value=value, wanted=wanted.wanted)  # fmt: skip
