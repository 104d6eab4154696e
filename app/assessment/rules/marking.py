"""How an answer is marked: which share of a question's points it earns. Pure.

`body` is a question revision's, as the catalogue stores it; a response is one of

    choice, scale        {"options": [id, …]}
    order                {"options": [id, …]}, in the learner's order
    numeric, text, essay {"text": "…"}
    match, cloze         {"parts": {part id: option id or typed text}}
    upload               {"file": {"blob": …, "name": …, "size": …}}

Ids are the same in every language of a course, so what was answered in one counts in all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from app.assessment.rules.typed import read_number, text_matches

Response = Mapping[str, Any]
Body = Mapping[str, Any]
BY_HAND = ("essay", "upload")


def is_answered(response: Response | None) -> bool:
    if not response:
        return False
    return bool(
        response.get("options")
        or str(response.get("text") or "").strip()
        or any(str(value).strip() for value in (response.get("parts") or {}).values())
        or response.get("file")
    )


def is_graded(body: Body) -> bool:
    """False for the labels of a scale: they tell what somebody thinks, and nobody thinks wrongly."""
    return bool(body.get("graded", body["type"] != "scale"))


def is_by_hand(body: Body) -> bool:
    return bool(body.get("by_hand", body["type"] in BY_HAND))


def grade(body: Body, response: Response | None, hints: int = 0) -> float | None:
    """The share of a question's points an answer earns, 0 to 1; None where no rule can say: what a person
    marks, and what nobody does.

    A multiple-choice answer earns 1/n for each of n right options and loses what wrong ones take; with
    `scoring=all-or-nothing` exactly the right set earns everything. The first matching line of a text or number wins.
    Each pair and each gap is worth 1/n. Things in order earn the share of neighbours that stand right: of n things
    there are n-1 pairs "this, then that", and one thing in the wrong place costs no more than the pairs it breaks,
    while counting right places would give nothing to a row that is right but begins one too late.
    Each hint that was taken costs `penalty` of the points.
    """
    if not is_graded(body) or is_by_hand(body):
        return None
    if not is_answered(response):
        return 0.0
    assert response is not None
    return _held(_share(body, response) - hints * float(body.get("penalty") or 0))


def _share(body: Body, response: Response) -> float:
    options = body["options"]
    match body["type"]:
        case "single" | "truefalse":
            chosen = response.get("options", [])
            marks = {o["id"]: o["fraction"] for o in options}
            return _held(marks.get(chosen[0], 0.0)) if len(chosen) == 1 else 0.0
        case "multiple":
            return _several(body, set(response.get("options", [])))
        case "numeric":
            return _number(options, str(response.get("text", "")))
        case "text":
            return _text(body, options, str(response.get("text", "")))
        case "order":
            return _in_order(body, list(dict.fromkeys(response.get("options", []))))
        case "match" | "cloze":
            marks = part_marks(body, response)
            if body["scoring"] != "partial":
                return 1.0 if all(mark >= 1 for mark in marks.values()) else 0.0
            return _held(sum(marks.values()) / len(marks)) if marks else 0.0
        case unknown:
            raise ValueError(f"no marking for question type {unknown}")


def _several(body: Body, chosen: set[str]) -> float:
    # An option that a correction has freed may be chosen or not.
    free = {o["id"] for o in body["options"] if o.get("free")}
    options = [o for o in body["options"] if o["id"] not in free]
    chosen = chosen - free
    full = {o["id"] for o in options if o["fraction"] == 1}
    if body["scoring"] != "partial":
        return 1.0 if chosen == full else 0.0
    marks = {o["id"]: 1 / len(full) if o["fraction"] == 1 else o["fraction"] for o in options}
    return _held(sum(marks.get(one, 0.0) for one in chosen))


def _number(options: Sequence[Mapping[str, Any]], said: str) -> float:
    value = read_number(said)
    if value is None:
        return 0.0
    hits = (o["fraction"] for o in options if o["low"] - 1e-9 <= value <= o["high"] + 1e-9)
    return _held(next(hits, 0.0))


def _text(body: Body, options: Sequence[Mapping[str, Any]], said: str) -> float:
    how = {"case": body["case"], "match": body["match"]}
    hits = (o["fraction"] for o in options if text_matches(o["value"], said, **how))
    return _held(next(hits, 0.0))


def _in_order(body: Body, said: list[str]) -> float:
    right: list[str] = [o["id"] for o in body["options"]]
    if body["scoring"] != "partial" or len(right) < 2:
        return 1.0 if said == right else 0.0
    after = dict(pairwise(said))
    return sum(after.get(one) == other for one, other in pairwise(right)) / float(len(right) - 1)


def right_neighbours(body: Body, said: Sequence[str]) -> frozenset[str]:
    """The things that stand right behind the one that should precede them (the first: at the beginning)."""
    right = [o["id"] for o in body["options"]]
    before = dict(zip(right, ["", *right], strict=False))
    here = dict(zip(said, ["", *said], strict=False))
    return frozenset(one for one in said if one in before and before[one] == here[one])


def part_marks(body: Body, response: Response | None) -> dict[str, float]:
    """What each pair or gap earns, 0 to 1."""
    given = (response or {}).get("parts") or {}
    return {part["id"]: _part(body, part, str(given.get(part["id"], ""))) for part in body.get("parts", ())}


def _part(body: Body, part: Mapping[str, Any], said: str) -> float:
    if not said.strip():
        return 0.0
    match part["kind"]:
        case "pick":
            return 1.0 if said == part["key"] else 0.0
        case "number":
            return _number(part["options"], said)
        case _:
            return _text(body, part["options"], said)


def _held(fraction: float) -> float:
    """Between nothing and everything. Six sixths are everything, though they add up to a hair less in binary."""
    return 1.0 if fraction > 1 - 1e-9 else max(0.0, fraction)


def option_hit(body: Body, response: Response | None) -> str | None:
    """Which answer line a typed answer matched, so that its feedback can be shown."""
    if not is_answered(response) or body["type"] not in ("numeric", "text"):
        return None
    assert response is not None
    return _hit(body, body["type"], body["options"], str(response.get("text", "")))


def part_hit(body: Body, part: Mapping[str, Any], said: str) -> str | None:
    """Which option of a gap was chosen, or which line a typed one matched."""
    if part["kind"] == "pick":
        return said or None
    return _hit(body, "numeric" if part["kind"] == "number" else "text", part["options"], said)


def _hit(body: Body, kind: str, options: Sequence[Mapping[str, Any]], said: str) -> str | None:
    for option in options:
        one = [{**option, "fraction": 1.0}]
        if (_number(one, said) if kind == "numeric" else _text(body, one, said)) > 0:
            return str(option["id"])
    return None


def full_answer(body: Body) -> dict[str, Any]:
    """An answer that earns everything; an empty one where a person marks, and any for a scale."""
    options = body["options"]
    match body["type"]:
        case "numeric":
            return {"text": _typed(_best(options))}
        case "text":
            return {"text": _best(options)["value"]}
        case "order":
            return {"options": [o["id"] for o in options]}
        case "match" | "cloze":
            return {"parts": {part["id"]: _filled(part) for part in body["parts"]}}
        case "scale":
            return {"options": [options[0]["id"]]}
        case "essay" | "upload":
            return {}
        case _:
            return {"options": [o["id"] for o in options if o["fraction"] == 1]}


def _best(options: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    return max(options, key=lambda option: float(option["fraction"]))


def _typed(option: Mapping[str, Any]) -> str:
    return f"{option['low']:.15g}"


def _filled(part: Mapping[str, Any]) -> str:
    if part["kind"] == "pick":
        return str(part["key"])
    best = _best(part["options"])
    return _typed(best) if part["kind"] == "number" else str(best["value"])
