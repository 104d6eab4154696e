"""Classical item analysis: how hard a question is, whether it tells the strong from the weak, and how far a test can be
trusted. Pure.

A table of marks holds one row for each person and one share (0 to 1) for each question, None where the person was not
asked it. Every statistic is None where it would mean nothing: too few people, or nobody differs from anybody.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

Row = Sequence[float | None]
FEWEST = 5  # people below which nothing is shown
TAIL = 0.27


def facility(shares: Sequence[float]) -> float | None:
    """The mean share of its points that a question earned, 0 to 1: for right-or-wrong questions the share of people who
    were right, the "p value" of item analysis (Crocker & Algina 1986, ch. 14)."""
    return sum(shares) / len(shares) if shares else None


def variance(values: Sequence[float]) -> float:
    """The population variance, Σ(x − mean)² ÷ n."""
    mean = sum(values) / len(values)
    return sum((one - mean) ** 2 for one in values) / len(values)


def correlation(one: Sequence[float], other: Sequence[float]) -> float | None:
    """Pearson's r; None where one side does not vary."""
    n = len(one)
    if n < 2:
        return None
    a, b = sum(one) / n, sum(other) / n
    over = sum((x - a) * (y - b) for x, y in zip(one, other, strict=True))
    under = sqrt(sum((x - a) ** 2 for x in one) * sum((y - b) ** 2 for y in other))
    return max(-1.0, min(1.0, over / under)) if under > 1e-12 else None


def point_biserial(shares: Sequence[float], rests: Sequence[float]) -> float | None:
    """The correlation of a question with the rest of the test, so that it does not correlate with itself: the corrected
    item-total correlation (Henrysson 1963, Psychometrika 28). `rests` are the people's results without this question."""
    return correlation(shares, rests)


def tails(results: Sequence[float], share: float = TAIL) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """How far each person belongs to the strongest and to the weakest 27 % (Kelley 1939, J. Educ. Psych. 30), 0 to 1.

    People with the same result belong to a group alike: of those at its edge each one belongs to it in part.
    """
    size = max(1, round(share * len(results)))
    return _edge(results, size), _edge([-one for one in results], size)


def _edge(results: Sequence[float], size: int) -> tuple[float, ...]:
    cut = sorted(results, reverse=True)[size - 1]
    above = sum(1 for one in results if one > cut + 1e-9)
    at = sum(1 for one in results if abs(one - cut) <= 1e-9)
    part = (size - above) / at
    return tuple(1.0 if one > cut + 1e-9 else part if abs(one - cut) <= 1e-9 else 0.0 for one in results)


def discrimination(shares: Sequence[float], upper: Sequence[float], lower: Sequence[float]) -> float | None:
    """The discrimination index D = p(upper) − p(lower) over the strongest and weakest 27 %, −1 to 1 (Johnson 1951;
    Ebel & Frisbie 1991: 0.40 and up very good, below 0.20 poor). `upper` and `lower` are what `tails` answers."""
    if sum(upper) <= 0 or sum(lower) <= 0:
        return None
    return weighted(shares, upper) - weighted(shares, lower)


def weighted(shares: Sequence[float], weights: Sequence[float]) -> float:
    """The mean share of a group of people."""
    return sum(x * w for x, w in zip(shares, weights, strict=True)) / sum(weights)


def complete(rows: Sequence[Row]) -> list[int]:
    """The questions that everybody was asked, by place."""
    return [n for n in range(len(rows[0]) if rows else 0) if all(row[n] is not None for row in rows)]


def alpha(rows: Sequence[Row]) -> float | None:
    """Cronbach's α = k/(k−1) · (1 − Σ var(question) ÷ var(sum)) (Cronbach 1951, Psychometrika 16); where every answer is
    right or wrong this is Kuder and Richardson's formula 20 (1937). Over the questions that everybody was asked."""
    asked = complete(rows)
    k = len(asked)
    if k < 2 or len(rows) < 2:
        return None
    table = [[float(row[n] or 0.0) for n in asked] for row in rows]
    whole = variance([sum(row) for row in table])
    if whole <= 1e-12:
        return None
    parts = sum(variance([row[n] for row in table]) for n in range(k))
    return k / (k - 1) * (1 - parts / whole)


def standard_error(deviation: float, reliability: float) -> float:
    """The standard error of measurement, s · √(1 − r), in the unit of `deviation` (Lord & Novick 1968, ch. 3): within so
    many points of a result somebody's next one would lie two times in three."""
    return deviation * sqrt(max(0.0, 1 - reliability))


@dataclass(frozen=True, slots=True)
class OptionCount:
    """Who chose an option: how many, which share of all, and of the strongest and the weakest."""

    option: str
    key: bool
    n: int
    share: float
    upper: float
    lower: float


@dataclass(frozen=True, slots=True)
class ItemAnalysis:
    """One question over the people who were asked it; `group` is how many make the strongest 27 %.

    `people` are all that were asked, unanswered included; `options` is empty where nothing was chosen from a list.
    """

    question: str
    people: int
    facility: float | None
    deviation: float | None
    discrimination: float | None
    point_biserial: float | None
    options: tuple[OptionCount, ...]
    unanswered: int
    group: int


@dataclass(frozen=True, slots=True)
class TestAnalysis:
    """A quiz over all its first attempts. `mean`, `median`, `deviation` are shares, `error` is a share too."""

    people: int
    mean: float
    median: float
    deviation: float
    alpha: float | None
    error: float | None
    compared: int  # the questions that α is about


@dataclass(frozen=True, slots=True)
class Item:
    """What is known of a question: the options of its key, all its options, and what each person chose of them (None
    where the person was not asked; an empty set is no answer)."""

    question: str
    key: frozenset[str]
    options: tuple[str, ...]
    chosen: tuple[frozenset[str] | None, ...]


def analyse_item(item: Item, rows: Sequence[Row], place: int) -> ItemAnalysis:
    """One question; people are strong by what they earned in all the other questions they were asked."""
    here = [n for n, row in enumerate(rows) if row[place] is not None]
    shares = [float(rows[n][place] or 0.0) for n in here]
    rests = [_rest(rows[n], place) for n in here]
    known = [n for n, rest in enumerate(rests) if rest is not None]
    mine, others = [shares[n] for n in known], [float(rests[n] or 0.0) for n in known]
    upper, lower = tails(others) if others else ((), ())
    said = [item.chosen[here[n]] or frozenset() for n in known]
    counts = tuple(_count(one, item, said, upper, lower) for one in item.options) if said else ()
    return ItemAnalysis(
        question=item.question,
        people=len(here),
        facility=facility(shares),
        deviation=sqrt(variance(shares)) if shares else None,
        discrimination=discrimination(mine, upper, lower),
        point_biserial=point_biserial(mine, others),
        options=counts,
        unanswered=sum(1 for one in said if not one) if item.options else 0,
        group=max(1, round(TAIL * len(others))) if others else 0,
    )


def _rest(row: Row, place: int) -> float | None:
    others = [one for n, one in enumerate(row) if n != place and one is not None]
    return sum(others) / len(others) if others else None


def _count(
    option: str, item: Item, said: Sequence[frozenset[str]], upper: Sequence[float], lower: Sequence[float]
) -> OptionCount:
    chose = [float(option in one) for one in said]
    n = int(sum(chose))
    return OptionCount(option, option in item.key, n, n / len(chose), weighted(chose, upper), weighted(chose, lower))


def analyse_test(rows: Sequence[Row], points: Sequence[float]) -> TestAnalysis | None:
    """A whole quiz; `points` is what each question is worth. None under two people."""
    if len(rows) < 2:
        return None
    results = sorted(_result(row, points) for row in rows)
    middle = len(results) // 2
    median = results[middle] if len(results) % 2 else (results[middle - 1] + results[middle]) / 2
    deviation = sqrt(variance(results))
    weighted_rows = [[None if x is None else x * p for x, p in zip(row, points, strict=True)] for row in rows]
    trust = alpha(weighted_rows)
    return TestAnalysis(
        people=len(rows),
        mean=sum(results) / len(results),
        median=median,
        deviation=deviation,
        alpha=trust,
        error=standard_error(deviation, trust) if trust is not None and trust >= 0 else None,
        compared=len(complete(rows)),
    )


def _result(row: Row, points: Sequence[float]) -> float:
    most = sum(p for x, p in zip(row, points, strict=True) if x is not None)
    return sum((x or 0.0) * p for x, p in zip(row, points, strict=True)) / most if most else 0.0
