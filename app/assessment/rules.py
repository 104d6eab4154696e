"""How answers are marked, what an attempt may still do, and what is shown when. Pure."""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

GRACE = timedelta(seconds=30)  # for packets sent before zero


class AttemptState(StrEnum):
    OPEN = "open"
    FINISHED = "finished"


@dataclass(frozen=True, slots=True)
class QuizRules:
    """The rules a quiz is taken under. `seconds` and `attempts` 0 mean no limit; `pass_percent` 0–100."""

    mode: str
    pass_percent: float
    attempts: int
    seconds: int
    shuffle: str
    feedback: str
    grading: str
    show_key: bool

    @property
    def counts(self) -> bool:
        return self.mode != "practice"


@dataclass(frozen=True, slots=True)
class Asked:
    """One question as one attempt asks it: which revision, worth how much, its options in this order."""

    question: str
    revision: str
    points: float
    options: tuple[str, ...] = ()


Response = Mapping[str, Any]


def is_answered(response: Response | None) -> bool:
    if not response:
        return False
    return bool(response.get("options")) or bool(str(response.get("text", "")).strip())


_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")


def read_number(text: str) -> float | None:
    """What a learner typed, as a number: "3,14", "3.14", "1 000", "−5"; None when it is not one."""
    plain = text.strip().replace("−", "-")
    plain = re.sub(r"(?<=\d)[\s\u00a0\u202f](?=\d{3}(?!\d))", "", plain)
    if plain.count(",") == 1 and "." not in plain:
        plain = plain.replace(",", ".")
    return float(plain) if _NUMBER.fullmatch(plain) else None


def _plain(text: str, *, ignore_case: bool) -> str:
    folded = re.sub(r"\s+", " ", unicodedata.normalize("NFC", text)).strip()
    return folded.casefold() if ignore_case else folded


def _text_matches(pattern: str, said: str, *, case: str, match: str) -> bool:
    ignore = case == "ignore"
    pattern, said = _plain(pattern, ignore_case=ignore), _plain(said, ignore_case=ignore)
    if match == "wildcard":
        return re.fullmatch(".*".join(re.escape(part) for part in pattern.split("*")), said) is not None
    return pattern == said


def grade(body: Mapping[str, Any], response: Response | None) -> float:
    """The share of a question's points an answer earns, 0 to 1. `body` is a question revision's.

    A multiple-choice answer earns 1/n for each of n right options and loses what wrong ones take; with
    `scoring=all-or-nothing` exactly the right set earns everything. The first matching line of a text or number wins.
    """
    if not is_answered(response):
        return 0.0
    assert response is not None
    options = body["options"]
    match body["type"]:
        case "single" | "truefalse":
            chosen = response.get("options", [])
            marks = {o["id"]: o["fraction"] for o in options}
            return _held(marks.get(chosen[0], 0.0)) if len(chosen) == 1 else 0.0
        case "multiple":
            chosen = set(response.get("options", []))
            full = {o["id"] for o in options if o["fraction"] == 1}
            if body["scoring"] != "partial":
                return 1.0 if chosen == full else 0.0
            marks = {o["id"]: 1 / len(full) if o["fraction"] == 1 else o["fraction"] for o in options}
            return _held(sum(marks.get(one, 0.0) for one in chosen))
        case "numeric":
            value = read_number(str(response.get("text", "")))
            if value is None:
                return 0.0
            hits = (o["fraction"] for o in options if o["low"] - 1e-9 <= value <= o["high"] + 1e-9)
            return _held(next(hits, 0.0))
        case "text":
            said = str(response.get("text", ""))
            hits = (
                o["fraction"]
                for o in options
                if _text_matches(o["value"], said, case=body["case"], match=body["match"])
            )
            return _held(next(hits, 0.0))
        case unknown:
            raise ValueError(f"no marking for question type {unknown}")


def _held(fraction: float) -> float:
    return min(1.0, max(0.0, fraction))


def option_hit(body: Mapping[str, Any], response: Response | None) -> str | None:
    """Which answer line a typed answer matched, so that its feedback can be shown."""
    if not is_answered(response) or body["type"] not in ("numeric", "text"):
        return None
    for option in body["options"]:
        if grade({**body, "options": [{**option, "fraction": 1.0}]}, response) > 0:
            return str(option["id"])
    return None


def passes(score: float, max_score: float, pass_percent: float) -> bool:
    """Whether the points reach the pass mark; a rounding error must not cost anybody the last point."""
    return max_score > 0 and score * 100 + 1e-9 >= pass_percent * max_score


def points_to_pass(max_score: float, pass_percent: float) -> float:
    """The fewest whole points that pass: 80 % of 12 is 10."""
    exact = pass_percent * max_score / 100
    return float(-int(-(exact - 1e-9) // 1)) if exact > 0 else 0.0


def lay_out(
    items: Sequence[Mapping[str, Any]], revisions: Mapping[str, Mapping[str, Any]], *, shuffle: str, seed: int
) -> tuple[Asked, ...]:
    """Which questions an attempt asks, drawn and ordered by `seed` alone, so that it can be told again."""
    rng = random.Random(seed)  # noqa: S311 - fairness, not secrecy
    asked: list[tuple[str, float | None]] = []
    for item in items:
        match item["kind"]:
            case "question":
                asked.append((item["revision"], None))
            case "pool" | "draw":
                members = sorted(item["members"])
                asked += [(one, item["points"]) for one in rng.sample(members, min(item["count"], len(members)))]
    if shuffle in ("questions", "all"):
        rng.shuffle(asked)
    out = []
    for revision, points in asked:
        body = revisions[revision]
        order = [o["id"] for o in body["options"]] if body["type"] in ("single", "multiple", "truefalse") else []
        if shuffle in ("options", "all") and body["shuffle"] and body["type"] != "truefalse":
            rng.shuffle(order)
        out.append(Asked(body["id"], revision, body["points"] if points is None else points, tuple(order)))
    return tuple(out)


def attempts_left(rules: QuizRules, used: int) -> int | None:
    """How many attempts may still be begun; None when there is no limit."""
    return None if rules.attempts == 0 else max(0, rules.attempts - used)


def is_over(deadline_at: datetime | None, now: datetime) -> bool:
    """Whether time is up, packets under way included."""
    return deadline_at is not None and now > deadline_at + GRACE


@dataclass(frozen=True, slots=True)
class Shown:
    """What a learner may see of a finished attempt."""

    feedback: bool
    key: bool


def shown(rules: QuizRules, *, passed: bool, left: int | None) -> Shown:
    """An exam gives feedback on one's own answers at once, the right answers only when passed or used up."""
    feedback = rules.feedback != "none"
    return Shown(feedback=feedback, key=feedback and (rules.show_key or passed or left == 0))


def final_score(scores: Iterable[float], grading: str) -> float | None:
    """Which of several attempts counts, as a share."""
    all_scores = list(scores)
    if not all_scores:
        return None
    match grading:
        case "last":
            return all_scores[-1]
        case "first":
            return all_scores[0]
        case "average":
            return sum(all_scores) / len(all_scores)
        case _:
            return max(all_scores)
