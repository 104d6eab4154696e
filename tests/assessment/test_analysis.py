"""Item analysis against what was published about well-known tests, and against other ways of computing the same."""

from __future__ import annotations

from itertools import combinations
from math import exp, log, prod

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.assessment.rules import analysis as stats
from app.assessment.rules.analysis import Item, analyse_item, analyse_test
from app.assessment.rules.rasch import rasch
from app.assessment.rules.verdicts import Verdict, judge_item
from tests.assessment.published import KNOX, LSAT6

ROWS = [tuple(float(c) for c in pattern) for pattern, n in LSAT6.items() for _ in range(n)]


def near(*values: float, within: float = 5e-5) -> object:
    return pytest.approx(values, abs=within)


def test_the_law_school_test_comes_out_as_published() -> None:
    """The figures of `descript(LSAT)` in Rizopoulos (2006), "ltm: An R package", Journal of Statistical Software 17(5)."""
    assert len(ROWS) == 1000
    items = [analyse_item(Item(f"q{n}", frozenset(), (), (None,) * 1000), ROWS, n) for n in range(5)]
    assert [one.facility for one in items] == near(0.924, 0.709, 0.553, 0.763, 0.870)
    # "Point biserial correlation with total score, excluded"; the fifth was printed with its digits cut off.
    assert [one.point_biserial for one in items] == near(0.1128, 0.1532, 0.1728, 0.1444, 0.1216)
    assert stats.alpha(ROWS) == pytest.approx(0.2950, abs=5e-5)
    without = [stats.alpha([row[:n] + row[n + 1 :] for row in ROWS]) for n in range(5)]
    assert without == near(0.2754, 0.2376, 0.2168, 0.2459, 0.2663)


def test_kuder_and_richardson_wrote_the_same_formula() -> None:
    """KR-20 = k/(k−1) · (1 − Σpq ÷ var) from the facilities alone (Kuder & Richardson 1937, Psychometrika 2)."""
    p = [sum(row[n] for row in ROWS) / 1000 for n in range(5)]
    sums = [sum(row) for row in ROWS]
    kr20 = 5 / 4 * (1 - sum(x * (1 - x) for x in p) / stats.variance(sums))
    assert stats.alpha(ROWS) == pytest.approx(kr20)


def test_the_error_of_an_intelligence_quotient_is_five_points() -> None:
    """Anastasi & Urbina, Psychological Testing: a deviation IQ (s = 15) with reliability .89 has an error of 5 points."""
    assert stats.standard_error(15, 0.89) == pytest.approx(5, abs=0.03)


def test_the_discrimination_index_compares_the_upper_and_the_lower_27_per_cent() -> None:
    """Kelley's groups of 100 people are 27 each: of the upper 20 are right, of the lower 8, so D = .74 − .30 = .44."""
    results = [n / 100 for n in range(100)]
    shares = [float(n % 27 < 8) if n < 27 else float((n - 73) < 20) if n >= 73 else 0.0 for n in range(100)]
    upper, lower = stats.tails(results)
    assert (sum(upper), sum(lower)) == (27, 27)
    assert stats.discrimination(shares, upper, lower) == pytest.approx(20 / 27 - 8 / 27)
    # Whoever ties at the edge belongs to the group in part: the order of rows changes nothing.
    upper, lower = stats.tails([0.0, 1.0, 1.0, 1.0, 1.0, 0.0])
    assert upper == (0.0, 0.5, 0.5, 0.5, 0.5, 0.0) and lower == (1.0, 0.0, 0.0, 0.0, 0.0, 1.0)


def conditional(patterns: dict[str, int]) -> list[float]:
    """Conditional maximum likelihood by its own equations, the symmetric functions written out: another road to Rasch."""
    k = len(next(iter(patterns)))
    sums = [sum(n for p, n in patterns.items() if p[i] == "1" and 0 < p.count("1") < k) for i in range(k)]
    groups = [sum(n for p, n in patterns.items() if p.count("1") == r) for r in range(k + 1)]
    easy = [1.0] * k

    def gamma(r: int, left_out: int | None = None) -> float:
        mine = [easy[i] for i in range(k) if i != left_out]
        return sum(prod(some) for some in combinations(mine, r)) if r else 1.0

    for _round in range(300):
        easy = [sums[i] / sum(groups[r] * gamma(r - 1, i) / gamma(r) for r in range(1, k)) for i in range(k)]
        scale = prod(easy) ** (1 / k)
        easy = [one / scale for one in easy]
    return [-log(one) for one in easy]


def test_rasch_difficulties_of_the_law_school_test_agree_with_conditional_ones() -> None:
    """Conditional estimates of these data as Thissen (1982, Psychometrika 47) reports them."""
    published = (-1.256, 0.475, 1.236, 0.168, -0.624)
    assert conditional(LSAT6) == near(*published, within=0.002)
    found = rasch([{n: bool(x) for n, x in enumerate(row)} for row in ROWS])
    assert found is not None and found.converged
    # Five questions are few for joint estimates: corrected for bias they come within a twelfth of a logit.
    assert [found.items[n].difficulty for n in range(5)] == near(*published, within=0.08)
    assert all(0.9 < one.infit < 1.1 and 0.9 < one.outfit < 1.1 for one in found.items.values())


def test_the_knox_cubes_are_ordered_as_in_best_test_design() -> None:
    """Wright & Stone (1979): taps 1-3 (all right), 18 (nobody) and one child say nothing; sums are what counts."""
    people = [{n: c == "1" for n, c in enumerate(row, 1)} for row in KNOX]
    found = rasch(people)
    assert found is not None and found.converged
    assert sorted(found.items) == list(range(4, 18)), "extreme questions have no place on the scale"
    assert [n for n, one in enumerate(found.persons, 1) if one is None] == [35]
    hard = {n: one.difficulty for n, one in found.items.items()}
    assert hard[5] == pytest.approx(hard[7]) and hard[15] == pytest.approx(hard[16]) == pytest.approx(hard[17])
    order = [4, 5, 6, 8, 10, 11, 13, 12, 14, 15]
    assert sorted(order, key=lambda n: hard[n]) == order
    for n in found.items:  # the likelihood equations themselves: what was right equals what is expected
        able = [(person, row) for person, row in zip(found.persons, people, strict=True) if person is not None]
        unbiased = 13 / 14
        expected = sum(1 / (1 + exp(found.raw[n] - person / unbiased)) for person, _row in able)
        assert expected == pytest.approx(sum(row[n] for _person, row in able), abs=1e-3)


@given(st.integers(1, 400), st.integers(1, 400), st.integers(0, 50))
def test_of_two_questions_the_corrected_estimate_is_exact(first: int, second: int, extreme: int) -> None:
    """Andersen (1973): with two questions joint estimates are twice the conditional ln(n₁₀ ÷ n₀₁)."""
    people = [{0: True, 1: False}] * first + [{0: False, 1: True}] * second + [{0: True, 1: True}] * extreme
    found = rasch(people)
    assert found is not None
    apart = found.items[1].difficulty - found.items[0].difficulty
    assert apart == pytest.approx(log(first / second), abs=1e-4)


@given(st.lists(st.lists(st.sampled_from([0.0, 0.5, 1.0, None]), min_size=4, max_size=4), min_size=2, max_size=40))
def test_every_statistic_stays_in_its_bounds(rows: list[list[float | None]]) -> None:
    points = [1.0, 2.0, 1.0, 0.5]
    whole = analyse_test(rows, points)
    assert whole is not None and 0 <= whole.mean <= 1 and 0 <= whole.median <= 1
    assert whole.alpha is None or whole.alpha <= 1 + 1e-9
    for n in range(4):
        item = Item("q", frozenset("a"), ("a", "b"), tuple(frozenset("ab"[: len(row) % 3]) for row in rows))
        one = analyse_item(item, rows, n)
        assert one.facility is None or 0 <= one.facility <= 1
        assert one.discrimination is None or -1 - 1e-9 <= one.discrimination <= 1 + 1e-9
        assert one.point_biserial is None or -1 <= one.point_biserial <= 1
        judge_item(one)
    rasch([{n: x == 1 for n, x in enumerate(row) if x is not None} for row in rows])


def test_a_key_that_the_strong_contradict_is_found_and_a_common_mistake_is_not() -> None:
    def judged(strong: str, weak: str) -> tuple[Verdict, list[str]]:
        """Sixty people, whose other three answers say how strong they are; the key is A."""
        rows, chosen = [], []
        for n in range(60):
            said = (strong if n < 30 else weak)[n % 5]
            rest = [float(n < 30 - 2 * k or n % 7 == k) for k in range(3)]
            rows.append([float(said == "A"), *rest])
            chosen.append(frozenset(said))
        one = analyse_item(Item("q", frozenset("A"), ("A", "B", "C"), tuple(chosen)), rows, 0)
        found = judge_item(one)
        return found.verdict, [o.option for o in found.options]

    assert judged("BBBBA", "BACCA") == (Verdict.KEY, ["B"])
    assert judged("AAAAB", "BBBCA")[0] is Verdict.FINE
    assert judged("AAABB", "BBBBB")[0] in (Verdict.FINE, Verdict.IDLE, Verdict.HARD)
    assert judged("AAAAA", "AAAAA")[0] is Verdict.EASY
    few = analyse_item(Item("q", frozenset("A"), ("A",), (frozenset("A"),) * 4), [[1.0, 0.0]] * 4, 0)
    assert judge_item(few).verdict is Verdict.FEW
