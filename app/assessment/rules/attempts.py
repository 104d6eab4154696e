"""What an attempt asks, how long it may take, what passes, and what is shown when. Pure."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from app.assessment.rules.marking import is_graded

GRACE = timedelta(seconds=30)  # for packets sent before zero
AS_WRITTEN = ("truefalse", "scale")  # whose options mean something by their place
CHOICES = ("single", "multiple", "truefalse", "scale")
ALWAYS_SHUFFLED = ("match", "order")  # as written they would show their key


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

    @property
    def hints(self) -> bool:
        """Whether hints may be asked for: where one practises, and where each question is explained at once."""
        return not self.counts or self.feedback == "after-each"


@dataclass(frozen=True, slots=True)
class Asked:
    """One question as one attempt asks it: which revision, worth how much, its options in this order."""

    question: str
    revision: str
    points: float
    options: tuple[str, ...] = ()


def passes(score: float, max_score: float, pass_percent: float) -> bool:
    """Whether the points reach the pass mark; a rounding error must not cost anybody the last point.

    A quiz that has no points at all (a survey) is passed by handing it in.
    """
    return max_score <= 0 or score * 100 + 1e-9 >= pass_percent * max_score


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
        worth = body["points"] if points is None else points
        order = options_of(body, rng, shuffle=shuffle in ("options", "all"))
        out.append(Asked(body["id"], revision, worth if is_graded(body) else 0.0, order))
    return tuple(out)


def options_of(body: Mapping[str, Any], rng: random.Random, *, shuffle: bool) -> tuple[str, ...]:
    """The ids of what can be chosen or moved, in the order in which it is shown.

    What is to be matched or put in order is always shuffled, and never happens to be shown in its right order:
    who changes nothing has not answered.
    """
    if body["type"] not in (*CHOICES, *ALWAYS_SHUFFLED):
        return ()
    right = [option["id"] for option in body["options"]]
    order = list(right)
    if body["type"] in ALWAYS_SHUFFLED:
        rng.shuffle(order)
        if order == right:
            order = order[1:] + order[:1]
    elif shuffle and body["shuffle"] and body["type"] not in AS_WRITTEN:
        rng.shuffle(order)
    return tuple(order)


def attempts_left(rules: QuizRules, used: int, extra: int = 0) -> int | None:
    """How many attempts may still be begun, `extra` ones that a trainer gave included; None when there is no limit."""
    return None if rules.attempts == 0 else max(0, rules.attempts + extra - used)


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
