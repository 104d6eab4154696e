"""The keys of two revisions of a question side by side: what was right, and what is right now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.kit.i18n import gettext as _
from app.kit.i18n import number
from app.web.differences import paragraphs

Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class KeyLine:
    """One thing whose worth changed."""

    text: str
    came: bool
    said: str


def key_lines(old: Body, new: Body, was: Body, now: Body) -> tuple[KeyLine, ...]:
    """`was` and `now` are the words of both in one language. Lines of the key that are in one of them only."""
    before, after = dict(_key(old, was)), dict(_key(new, now))
    gone = [KeyLine(text, False, _("was right")) for text, worth in before.items() if after.get(text) != worth]
    came = [
        KeyLine(text, True, _("is right now") if worth >= 0.999 else _("earns part of the points now"))
        for text, worth in after.items()
        if before.get(text) != worth
    ]
    return (*gone, *came, *_rules(old, new))


def _key(body: Body, text: Body) -> Iterator[tuple[str, float]]:
    """Everything that earns points, in words, with its share."""
    parts = body.get("parts") or ()
    if body["type"] == "order":
        yield " → ".join(_words(text["options"], option["id"]) for option in body["options"]), 1.0
    elif body["type"] == "match":
        for part in parts:
            left, right = _words(text["parts"], part["id"]), _words(text["options"], part["key"])
            yield f"{left} → {right}", 1.0
    elif parts:
        for place, part in enumerate(parts, 1):
            words = text["parts"][part["id"]]["options"]
            accepted = [o["id"] for o in part["options"] if o["fraction"] > 0]
            yield f"{place}. {' | '.join(_words(words, one) for one in accepted)}", 1.0
    else:
        for option in body["options"]:
            if option["fraction"] > 0:
                yield _words(text["options"], option["id"]), option["fraction"]


def _words(said: Body, name: str) -> str:
    found = said.get(name, {})
    return str(found.get("value") or " ".join(paragraphs([{"html": f"<p>{found.get('text', '')}</p>"}])))


def _rules(old: Body, new: Body) -> Iterator[KeyLine]:
    """How points are reckoned, and what an answer is held to."""
    names = {
        "points": _("points"),
        "scoring": _("scoring"),
        "penalty": _("penalty"),
        "case": _("capital letters"),
        "match": _("comparison"),
        "min_words": _("least words"),
        "max_words": _("most words"),
        "accept": _("kinds of files"),
        "max_mb": _("megabytes"),
    }
    for name, said in names.items():
        was, now = old.get(name), new.get(name)
        if was != now:
            if was:
                yield KeyLine(_shown(was), False, said)
            if now:
                yield KeyLine(_shown(now), True, said)


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(value)
    return number(value) if isinstance(value, int | float) else str(value)
