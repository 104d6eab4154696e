"""Question bodies for tests: written by hand in the shape the catalogue stores, and generated ones."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st


def option(
    name: str, fraction: float = 0.0, *, value: str = "", at: tuple[float, float] | None = None
) -> dict[str, Any]:
    low, high = at or (None, None)
    return {"id": name, "fraction": fraction, "low": low, "high": high, "value": value}


def body(kind: str, **own: Any) -> dict[str, Any]:
    base = {
        "id": "q",
        "type": kind,
        "points": 1.0,
        "scoring": "all-or-nothing",
        "shuffle": True,
        "case": "ignore",
        "match": "exact",
        "unit": "",
        "penalty": 0.0,
        "options": [],
        "parts": [],
        "graded": kind != "scale",
        "by_hand": kind in ("essay", "upload"),
        "texts": {"en": {"hints": ["One.", "Two."]}},
    }
    return base | own


def pick(name: str, key: str, options: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    return {"id": name, "kind": "pick", "options": options or [], "key": key}


def text_gap(name: str, *values: str) -> dict[str, Any]:
    options = [option(f"{name}-{n}", 1.0, value=value) for n, value in enumerate(values)]
    return {"id": name, "kind": "text", "options": options, "key": ""}


def number_gap(name: str, low: float, high: float) -> dict[str, Any]:
    return {"id": name, "kind": "number", "options": [option(f"{name}-0", 1.0, at=(low, high))], "key": ""}


NAMES = st.lists(st.from_regex(r"[a-z][a-z0-9]{0,5}", fullmatch=True), min_size=2, max_size=7, unique=True)
WORDS = st.text(alphabet="abcčėžæøå ABC*-", min_size=1, max_size=20).filter(lambda text: text.strip(" *") != "")
SCORING = st.sampled_from(["partial", "all-or-nothing"])


@st.composite
def choices(draw: st.DrawFn) -> dict[str, Any]:
    kind, names = draw(st.sampled_from(["single", "multiple", "truefalse"])), draw(NAMES)
    if kind != "multiple":
        right = draw(st.integers(0, len(names) - 1))
        return body(kind, options=[option(name, float(n == right)) for n, name in enumerate(names)])
    marks = [1.0, *(draw(st.sampled_from([1.0, 0.0, -0.5, -1.0])) for _ in names[1:])]
    options = [option(name, mark) for name, mark in zip(names, marks, strict=True)]
    return body(kind, options=options, scoring=draw(SCORING))


@st.composite
def typed(draw: st.DrawFn) -> dict[str, Any]:
    if draw(st.booleans()):
        low = draw(st.floats(-1e6, 1e6))
        return body("numeric", options=[option("a", 1.0, at=(low, low + draw(st.floats(0, 100))))])
    values = draw(st.lists(WORDS, min_size=1, max_size=3))
    return body("text", case=draw(st.sampled_from(["ignore", "exact"])), options=[option("a", 1.0, value=values[0])])


@st.composite
def in_parts(draw: st.DrawFn) -> dict[str, Any]:
    names, rights = draw(NAMES), draw(NAMES)
    if draw(st.booleans()):
        parts = [pick(name, draw(st.sampled_from(rights))) for name in names]
        return body("match", parts=parts, options=[option(f"{name}") for name in rights], scoring=draw(SCORING))
    made = []
    for name in names:
        match draw(st.sampled_from(["pick", "text", "number"])):
            case "pick":
                made.append(pick(name, rights[0], [option(one, float(one == rights[0])) for one in rights]))
            case "text":
                made.append(text_gap(name, *draw(st.lists(WORDS, min_size=1, max_size=3))))
            case _:
                low = draw(st.floats(-1e6, 1e6))
                made.append(number_gap(name, low, low + 1))
    return body("cloze", parts=made, scoring=draw(SCORING))


@st.composite
def ordered(draw: st.DrawFn) -> dict[str, Any]:
    return body("order", options=[option(name) for name in draw(NAMES)], scoring=draw(SCORING))


MARKED = st.one_of(choices(), typed(), in_parts(), ordered())


@st.composite
def answered(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, Any]]:
    """A question and some answer to it, sensible or not."""
    asked = draw(MARKED)
    names = st.sampled_from([o["id"] for o in asked["options"]] or ["none"]) | st.just("no-such-option")
    match asked["type"]:
        case "numeric" | "text":
            return asked, {"text": draw(st.text(max_size=30) | st.floats(allow_nan=False).map(str) | WORDS)}
        case "match" | "cloze":
            values = st.text(max_size=20) | names | st.floats(allow_nan=False).map(str)
            ids = st.sampled_from([*(part["id"] for part in asked["parts"]), "no-such-part"])
            return asked, {"parts": draw(st.dictionaries(ids, values))}
        case _:
            return asked, {"options": draw(st.lists(names, max_size=8))}
