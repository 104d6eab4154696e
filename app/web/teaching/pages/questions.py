"""A question with its key, as its author sees it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from app.catalog.format.gaps import MARKS
from app.kit.i18n import gettext as _
from app.kit.i18n import ngettext, number
from app.kit.markdown import markup

NOTHING = markup("")


@dataclass(frozen=True, slots=True)
class Answer:
    """`mark` is done, wrong, now (part of the points) or none where nothing is marked.

    `label` is the place in an order or the number of a gap, `value` what may be typed, `others` what else may be chosen,
    `to` what a left cell belongs to.
    """

    text: Markup
    mark: str
    said: str
    feedback: Markup = NOTHING
    label: str = ""
    value: str = ""
    others: Markup = NOTHING
    to: Markup = NOTHING


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of the stem, and the number of the gap behind it (empty behind the last one)."""

    html: Markup
    gap: str = ""


@dataclass(frozen=True, slots=True)
class QuestionView:
    """A question with its key: `facts` are what it is held to, `notes` the hints and explanations, each under its name."""

    id: str
    title: str
    stem: tuple[Piece, ...]
    lang: str
    kind: str
    points: str
    facts: tuple[str, ...]
    answers: tuple[Answer, ...]
    notes: tuple[tuple[str, Markup], ...]


def question_view(body: Mapping[str, Any], lang: str) -> QuestionView:
    text = body["texts"].get(lang) or body["texts"][body["lang"]]
    notes = [(_("Hint"), hint) for hint in text["hints"]]
    notes += [
        (_("When right"), text["correct"]),
        (_("When partly right"), text["partial"]),
        (_("When wrong"), text["incorrect"]),
        (_("Explanation"), text["explanation"]),
        (_("How it is marked"), text.get("rubric", "")),
        (_("A good answer"), text.get("sample", "")),
    ]
    return QuestionView(
        id=body["id"],
        title=text["title"],
        stem=_pieces(text["stem"], [part["id"] for part in body.get("parts", ())]),
        lang=text["lang"],
        kind=_kind(body["type"]),
        points=_points(body["points"]) if body.get("graded", True) else _("Not marked"),
        facts=_facts(body),
        answers=_answers(body, text),
        notes=tuple((name, markup(html)) for name, html in notes if html),
    )


def _pieces(stem: str, gaps: Sequence[str]) -> tuple[Piece, ...]:
    """The stem, cut at the marks that stand for gaps: the numbers of gaps count as they are asked."""
    numbers = {name: str(place) for place, name in enumerate(gaps, 1)}
    parts = MARKS.split(stem)
    return tuple(
        Piece(markup(html), numbers.get(gap, gap)) for html, gap in zip(parts[::2], [*parts[1::2], ""], strict=True)
    )


def _answers(body: Mapping[str, Any], text: Mapping[str, Any]) -> tuple[Answer, ...]:
    match body["type"]:
        case "match":
            return _pairs(body, text)
        case "cloze":
            return tuple(_gap(place, part, text["parts"]) for place, part in enumerate(body["parts"], 1))
        case "order":
            return tuple(
                Answer(markup(text["options"][option["id"]]["text"]), "done", _("Right"), label=f"{place}.")
                for place, option in enumerate(body["options"], 1)
            )
        case "scale":
            return tuple(Answer(markup(text["options"][option["id"]]["text"]), "", "") for option in body["options"])
        case _:
            return tuple(_marked(option, text) for option in body["options"])


def _marked(option: Mapping[str, Any], text: Mapping[str, Any]) -> Answer:
    words = text["options"].get(option["id"], {"text": "", "feedback": ""})
    mark, said = _mark(option["fraction"])
    return Answer(markup(words["text"]), mark, said, markup(words["feedback"]))


def _pairs(body: Mapping[str, Any], text: Mapping[str, Any]) -> tuple[Answer, ...]:
    """The pairs, then what belongs to nothing."""
    right = {name: markup(words["text"]) for name, words in text["options"].items()}
    pairs = [
        Answer(markup(text["parts"][part["id"]]["text"]), "done", _("Right"), to=right[part["key"]])
        for part in body["parts"]
    ]
    kept = {part["key"] for part in body["parts"]}
    spare = [option["id"] for option in body["options"] if option["id"] not in kept]
    return (*pairs, *(Answer(right[one], "wrong", _("Belongs to nothing")) for one in spare))


def _gap(place: int, part: Mapping[str, Any], texts: Mapping[str, Any]) -> Answer:
    words = texts[part["id"]]["options"]
    if part["kind"] == "pick":
        others = markup(", ".join(words[o["id"]]["text"] for o in part["options"] if o["id"] != part["key"]))
        return Answer(markup(words[part["key"]]["text"]), "done", _("Right"), label=f"{place}.", others=others)
    return Answer(NOTHING, "done", _("Right"), label=f"{place}.", value=" | ".join(o["value"] for o in part["options"]))


def _facts(body: Mapping[str, Any]) -> tuple[str, ...]:
    facts: list[str] = []
    if body.get("min_words"):
        facts.append(ngettext("At least %(num)s word", "At least %(num)s words", body["min_words"]))
    if body.get("max_words"):
        facts.append(ngettext("At most %(num)s word", "At most %(num)s words", body["max_words"]))
    if body.get("accept"):
        facts.append(_("Files: %(kinds)s", kinds=", ".join(body["accept"])))
    if body.get("max_mb"):
        facts.append(_("Up to %(size)s MB", size=number(body["max_mb"])))
    if body.get("by_hand"):
        facts.append(_("Marked by a person"))
    elif body["type"] in ("match", "order", "cloze"):
        partly = body["scoring"] == "partial"
        facts.append(_("What is partly right earns part of the points") if partly else _("All or nothing"))
    if body["penalty"] and body["texts"][body["lang"]]["hints"]:
        facts.append(_("A hint costs %(percent)s %% of the points", percent=number(round(body["penalty"] * 100, 1))))
    return tuple(facts)


def _mark(fraction: float) -> tuple[str, str]:
    if fraction >= 0.999:
        return "done", _("Right")
    if fraction > 0:
        return "now", _("%(percent)s %% of the points", percent=number(round(fraction * 100, 1)))
    if fraction < 0:
        return "wrong", _("Takes %(percent)s %% away", percent=number(round(-fraction * 100, 1)))
    return "wrong", _("Wrong")


def _points(points: float) -> str:
    if points == int(points):
        return ngettext("%(num)s point", "%(num)s points", int(points))
    return _("%(number)s points", number=number(points))


def _kind(kind: str) -> str:
    return {
        "single": _("One answer"),
        "multiple": _("Several answers"),
        "truefalse": _("True or false"),
        "numeric": _("A number"),
        "text": _("A short text"),
        "match": _("Pairs"),
        "order": _("Order"),
        "cloze": _("A text with gaps"),
        "essay": _("A longer text"),
        "upload": _("A file"),
        "scale": _("An opinion"),
    }[kind]
