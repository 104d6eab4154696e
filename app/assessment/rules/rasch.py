"""The Rasch model: how hard each question is and how able each person, on one scale, by joint maximum likelihood. Pure.

After Wright & Stone, *Best Test Design* (1979), where the procedure is called UCON, and Wright & Masters, *Rating Scale
Analysis* (1982), for fit. Answers are right or wrong; a question that earned part of its points counts as wrong.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import exp, log, sqrt

ROUNDS = 500
CLOSE = 1e-6
STEP = 1.0  # logits a value moves at most in one round, so that a sparse table does not run away

Answer = Mapping[int, bool]  # question → right or wrong, for the questions a person was asked


@dataclass(frozen=True, slots=True)
class RaschItem:
    """A question on the scale. `difficulty` and `error` in logits, the mean question at 0; `infit` and `outfit` are mean
    squares, 1 where answers scatter as the model expects (0.7 to 1.3 is usual for tests; Bond & Fox 2015)."""

    difficulty: float
    error: float
    infit: float
    outfit: float


@dataclass(frozen=True, slots=True)
class Rasch:
    """`items` by question, without those that everybody or nobody got right; `persons` in the order they were given, None
    for people with all or nothing right: their places are beyond the scale. `raw` are the difficulties before they were
    corrected for bias, at which sums equal their expectations."""

    items: Mapping[int, RaschItem]
    persons: tuple[float | None, ...]
    raw: Mapping[int, float]
    converged: bool


@dataclass
class _Group:
    """People with the same number right of the same questions: all that a Rasch ability depends on."""

    asked: tuple[int, ...]
    right: int
    people: list[int]
    able: float = 0.0


def rasch(people: Sequence[Answer]) -> Rasch | None:
    """Difficulties and abilities that make each sum of right answers equal to its expectation; None where nothing is left
    once the extreme people and questions have been set aside (in turns, since one makes the other extreme).

    With L questions joint estimates lie too far out by L ÷ (L − 1), exactly so for two (Andersen 1973, *Conditional
    Inference*); difficulties are corrected by the inverse, as Wright & Stone do (ch. 6).
    """
    kept, asked = _without_extremes(people)
    if len(asked) < 2 or len(kept) < 2:
        return None
    groups = _grouped(people, kept, asked)
    right = {item: sum(people[n].get(item, False) for n in kept) for item in sorted(asked)}
    among = {item: [group for group in groups if item in group.asked] for item in right}
    hard = {item: -_logit(right[item] / sum(len(g.people) for g in among[item])) for item in right}
    converged = False
    for _round in range(ROUNDS):
        moved = max(_move_item(item, right[item], among[item], hard) for item in hard)
        middle = sum(hard.values()) / len(hard)
        for item in hard:
            hard[item] -= middle
        moved = max(moved, *(_move_group(group, hard) for group in groups))
        if moved < CLOSE:
            converged = True
            break
    unbiased = (len(hard) - 1) / len(hard)
    items = {item: _fitted(item, hard[item], among[item], people, unbiased) for item in hard}
    persons: list[float | None] = [None] * len(people)
    for group in groups:
        for n in group.people:
            persons[n] = group.able * unbiased
    return Rasch(items, tuple(persons), dict(hard), converged)


def _grouped(people: Sequence[Answer], kept: Iterable[int], asked: set[int]) -> list[_Group]:
    groups: dict[tuple[tuple[int, ...], int], _Group] = {}
    for n in kept:
        mine = tuple(sorted(item for item in people[n] if item in asked))
        right = sum(people[n][item] for item in mine)
        group = groups.setdefault((mine, right), _Group(mine, right, [], _logit(right / len(mine))))
        group.people.append(n)
    return list(groups.values())


def _without_extremes(people: Sequence[Answer]) -> tuple[list[int], set[int]]:
    kept, asked = list(range(len(people))), {item for one in people for item in one}
    while True:
        seen: dict[int, list[bool]] = {item: [] for item in asked}
        for n in kept:
            for item, right in people[n].items():
                if item in asked:
                    seen[item].append(right)
        fine = {item for item, said in seen.items() if said and 0 < sum(said) < len(said)}
        still = [n for n in kept if 0 < sum(people[n].get(i, False) for i in fine) < sum(i in people[n] for i in fine)]
        if fine == asked and still == kept:
            return kept, asked
        kept, asked = still, fine


def _logit(share: float) -> float:
    return log(share / (1 - share))


def _chance(ability: float, difficulty: float) -> float:
    return 1 / (1 + exp(difficulty - ability))


def _held(step: float) -> float:
    return max(-STEP, min(STEP, step))


def _move_item(item: int, right: int, groups: Sequence[_Group], hard: dict[int, float]) -> float:
    """One Newton step; answers how far."""
    expected = information = 0.0
    for group in groups:
        p = _chance(group.able, hard[item])
        expected += p * len(group.people)
        information += p * (1 - p) * len(group.people)
    step = _held((expected - right) / information)
    hard[item] += step
    return abs(step)


def _move_group(group: _Group, hard: Mapping[int, float]) -> float:
    chances = [_chance(group.able, hard[item]) for item in group.asked]
    step = _held((group.right - sum(chances)) / sum(p * (1 - p) for p in chances))
    group.able += step
    return abs(step)


def _fitted(
    item: int, difficulty: float, groups: Sequence[_Group], people: Sequence[Answer], unbiased: float
) -> RaschItem:
    """Outfit is the mean of squared standardised residuals, infit the same weighted by information (Wright & Masters
    1982, ch. 5): outfit is moved by single surprising answers far off, infit by odd patterns near the question's level."""
    squares = information = outfit = 0.0
    count = 0
    for group in groups:
        p = _chance(group.able, difficulty)
        weight = p * (1 - p)
        for n in group.people:
            residual = float(people[n][item]) - p
            squares += residual**2
            outfit += residual**2 / weight
        information += weight * len(group.people)
        count += len(group.people)
    return RaschItem(difficulty * unbiased, 1 / sqrt(information), squares / information, outfit / count)
