"""The key of a question as it is stored: what each answer is worth, and everything else that decides about points.

How an answer to each type is marked:

* single, multiple, truefalse, numeric, text: by the fractions of `options`.
* match: each of `parts` is a left-hand cell, its `key` the id of one of `options`, the right-hand cells.
* cloze: each of `parts` is a gap with `options` of its own. Each part is worth 1/n; with scoring=partial the points of
  the parts add up, else all must be right.
* order: `options` stand in the right order. With scoring=partial an answer earns the share of neighbours that are right:
  pairs that follow one another as they should, of n - 1. One item out of place then costs no more than the places it
  was taken from and put into, where counting right positions would lose everything behind it.
* essay, upload: marked by hand. scale: an opinion, never marked and worth nothing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from app.catalog.format.model import Option, Part, PartKind, Question, QuestionType

Options = tuple[Option, ...]


def spellings(said: Mapping[str, Options], lang: str) -> list[tuple[str, Option]]:
    """Every accepted text under its id: those of the source first, then what other languages accept besides.

    An answer may be typed in any language of the course: which one somebody reads is no part of the marking.
    """
    found = [(option.id, option) for option in said[lang]]
    values = {option.value for _, option in found}
    for other in sorted(set(said) - {lang}):
        for option in said[other]:
            if option.value not in values:
                values.add(option.value)
                found.append((f"{option.id}-{other}", option))
    return found


def accepted(question: Question, lang: str) -> list[tuple[str, Option]]:
    return spellings({one: text.options for one, text in question.texts.items()}, lang)


def accepted_in(question: Question, part: Part, lang: str) -> list[tuple[str, Option]]:
    """The same for one gap."""
    said = {
        one: next((own.options for own in text.parts if own.id == part.id), ()) for one, text in question.texts.items()
    }
    return spellings(said, lang)


def _rows(options: Iterable[tuple[str, Option]]) -> list[dict[str, Any]]:
    return [{"id": name, "fraction": o.fraction, "low": o.low, "high": o.high, "value": o.value} for name, o in options]


def marks(question: Question, lang: str) -> tuple[list[dict[str, Any]], str]:
    """Each answer line with what it is worth, and how they are added up.

    The course language gives each of n right answers of a multiple question 1/n; marking wants to know which
    those are, so they are stored as 1. Where all have a percentage of their own, there is only partial credit.
    """
    said = [(option.id, option) for option in question.texts[lang].options]
    if question.type is QuestionType.TEXT:
        said = accepted(question, lang)
    scoring = question.scoring
    if question.type is QuestionType.MULTIPLE and said:
        fractions = [option.fraction for _, option in said]
        best = max(fractions)
        if best > 0 and fractions.count(best) * best >= 0.999:
            said = [(name, replace(o, fraction=1.0) if o.fraction == best else o) for name, o in said]
        else:
            scoring = "partial"
    return _rows(said), scoring


def parts(question: Question, lang: str) -> list[dict[str, Any]]:
    return [
        {
            "id": part.id,
            "kind": part.kind.value,
            "options": _rows(
                accepted_in(question, part, lang)
                if part.kind is PartKind.TEXT
                else [(option.id, option) for option in part.options]
            ),
            "key": part.key,
        }
        for part in question.texts[lang].parts
    ]


def limits(question: Question) -> dict[str, Any]:
    """What an essay or an upload is held to."""
    if question.type is QuestionType.ESSAY:
        return {"min_words": question.min_words, "max_words": question.max_words}
    if question.type is QuestionType.UPLOAD:
        return {"accept": list(question.accept), "max_mb": question.max_mb}
    return {}


def complete(body: Mapping[str, Any]) -> dict[str, Any]:
    """A body stored before questions had parts, as one stored today: that it lacks them is no change of the question."""
    texts = {lang: {"parts": {}, "rubric": "", "sample": ""} | dict(text) for lang, text in body["texts"].items()}
    return {"parts": [], "graded": True, "by_hand": False} | dict(body) | {"texts": texts}


_MORE = ("min_words", "max_words", "accept", "max_mb")


def key_of(body: Mapping[str, Any]) -> str:
    """ "type:digest" of everything that decides what an answer earns."""
    marked = [body["options"], body["scoring"], body["case"], body["match"], body["points"], body["penalty"]]
    # Only where there is something of it: what was published before these came keeps its key.
    if body.get("parts"):
        marked.append(body["parts"])
    if any(name in body for name in _MORE):
        marked.append({name: body[name] for name in _MORE if name in body})
    said = json.dumps(marked, ensure_ascii=False, sort_keys=True)
    return f"{body['type']}:{hashlib.sha256(said.encode()).hexdigest()[:16]}"
