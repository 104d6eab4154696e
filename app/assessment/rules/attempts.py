"""What an attempt asks, when its time is up, what passes, and which of several counts. Pure."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import groupby
from typing import Any

from app.assessment.rules.marking import grade, is_graded

GRACE = timedelta(seconds=30)  # for packets sent before zero
AS_WRITTEN = ("truefalse", "scale")  # whose options mean something by their place
CHOICES = ("single", "multiple", "truefalse", "scale")
ALWAYS_SHUFFLED = ("match", "order")  # as written they would show their key


class AttemptState(StrEnum):
    OPEN = "open"
    FINISHED = "finished"


@dataclass(frozen=True, slots=True)
class Asked:
    """One question as one attempt asks it: which revision, worth how much, its options in this order.

    `section` is the part of the quiz it stands in, empty where there are none.
    """

    question: str
    revision: str
    points: float
    options: tuple[str, ...] = ()
    section: str = ""


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
    items: Sequence[Mapping[str, Any]],
    revisions: Mapping[str, Mapping[str, Any]],
    *,
    shuffle: str,
    seed: int,
    sections: Sequence[Mapping[str, Any]] = (),
    marked: bool = True,
) -> tuple[Asked, ...]:
    """Which questions an attempt asks, drawn and ordered by `seed` alone, so that it can be told again.

    Sections keep their order; what is shuffled is shuffled within each. Where nothing is `marked` nothing is worth
    anything.
    """
    rng = random.Random(seed)  # noqa: S311 - fairness, not secrecy
    own = {one["id"]: one["shuffle"] for one in sections}
    out: list[Asked] = []
    for section, members in groupby(items, key=lambda item: str(item.get("section", ""))):
        how = own.get(section) or shuffle
        asked: list[tuple[str, float | None]] = []
        for item in members:
            match item["kind"]:
                case "question":
                    asked.append((item["revision"], None))
                case "pool" | "draw":
                    drawn = sorted(item["members"])
                    asked += [(one, item["points"]) for one in rng.sample(drawn, min(item["count"], len(drawn)))]
        if how in ("questions", "all"):
            rng.shuffle(asked)
        for revision, points in asked:
            body = revisions[revision]
            worth = body["points"] if points is None else points
            order = options_of(body, rng, shuffle=how in ("options", "all"))
            worth = worth if marked and is_graded(body) else 0.0
            out.append(Asked(body["id"], revision, worth, order, section))
    return tuple(out)


def again(
    asked: Sequence[Asked], bodies: Mapping[str, Mapping[str, Any]], wrong: Iterable[str], *, seed: int
) -> tuple[Asked, ...]:
    """The questions of an attempt that were not right, asked once more, in another order with other orders of options."""
    rng = random.Random(seed)  # noqa: S311 - variety, not secrecy
    wanted = set(wrong)
    chosen = [one for one in asked if one.question in wanted]
    rng.shuffle(chosen)
    return tuple(
        Asked(one.question, one.revision, one.points, options_of(bodies[one.revision], rng, shuffle=True))
        for one in chosen
    )


def is_settled(tries: Sequence[Mapping[str, Any]], body: Mapping[str, Any], allowed: int) -> bool:
    """Whether an answer that was checked stays as it is: it was right, or the last try is used. `allowed` 0: never."""
    return bool(allowed and tries) and (len(tries) >= allowed or (grade(body, tries[-1]) or 0.0) >= 1)


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


def is_over(deadline_at: datetime | None, now: datetime, grace: timedelta = GRACE) -> bool:
    """Whether time is up, packets under way included."""
    return deadline_at is not None and now > deadline_at + grace


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
