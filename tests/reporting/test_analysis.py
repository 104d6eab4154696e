"""Stages, days to complete and the forecast: what they add up to, and what they never give away."""

from __future__ import annotations

import itertools
import random
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.reporting.rules import Hidden
from app.reporting.rules.forecast import WINDOW_DAYS, Pace, forecast
from app.reporting.rules.stages import (
    Group,
    counted,
    days_to_complete,
    funnel,
    median_days,
    merged,
    pace,
    pair,
    waiting,
)

TODAY = date(2026, 3, 1)


@st.composite
def a_group(draw: st.DrawFn) -> Group:
    enrolled = TODAY - timedelta(days=draw(st.integers(0, 200)))
    completed = draw(
        st.none() | st.integers(-40, (TODAY - enrolled).days + 3).map(lambda n: enrolled + timedelta(days=n))
    )
    due = draw(st.none() | st.integers(-60, 60).map(lambda n: TODAY + timedelta(days=n)))
    return Group(enrolled, completed, due, draw(st.booleans()), draw(st.booleans()), draw(st.integers(1, 40)))


@given(st.lists(a_group(), max_size=12))
def test_every_run_is_at_one_stage_and_every_completion_took_some_days(groups: list[Group]) -> None:
    found = counted(groups, TODAY)
    stages = funnel(found)
    assert stages.base + stages.excused == sum(one.number for one in groups)
    late = (one.completed_on is not None and one.due_on is not None and one.completed_on > one.due_on for one in groups)
    assert stages.late == sum(one.number for one, is_late in zip(groups, late, strict=True) if is_late)
    took = days_to_complete(found.spent)
    assert sum(one.number for one in took) == stages.completed
    assert [one.first for one in took] == [0, 2, 8, 15, 31, 61] and took[-1].last is None
    middle = median_days(found.spent)
    assert (middle is None) == (stages.completed == 0)
    ahead = waiting(found, TODAY)
    assert sum(n for _d, n in ahead) <= stages.untouched + stages.started and all(days > 0 for days, _n in ahead)


@given(st.lists(a_group(), max_size=12))
def test_days_spent_unfinished_are_those_of_each_run(groups: list[Group]) -> None:
    began, spent, done = TODAY - timedelta(days=WINDOW_DAYS), 0, 0
    for one in groups:
        if one.excused and one.completed_on is None:
            continue
        end = min(one.completed_on or TODAY, TODAY)
        spent += one.number * max(0, (end - max(one.enrolled_on, began)).days)
        done += one.number if one.completed_on is not None and began < one.completed_on <= TODAY else 0
    assert pace(counted(groups, TODAY), TODAY) == Pace(done, float(spent))


@given(st.lists(a_group(), max_size=12))
def test_days_joined_hold_nobody_small_and_everybody(groups: list[Group]) -> None:
    took = days_to_complete(counted(groups, TODAY).spent)
    joined = merged(took, 5)
    everybody = sum(one.number for one in took)
    assert all(one.number == 0 or one.number >= 5 for one in joined)
    assert sum(one.number for one in joined) in (everybody, 0) and (joined or 0 < everybody < 5)
    for left, right in itertools.pairwise(joined):
        assert left.last is not None and left.last + 1 == right.first


@given(st.integers(0, 60), st.integers(0, 60))
def test_of_two_parts_of_a_known_whole_a_small_one_cannot_be_computed(a: int, b: int) -> None:
    shown = pair(a, b, 5)
    assert isinstance(shown[0], Hidden) == isinstance(shown[1], Hidden)
    if isinstance(shown[0], Hidden) and a + b >= 5:
        # Every table with the same whole that shows the same: the small part could be another one.
        same = [x for x in range(a + b + 1) if pair(x, a + b - x, 5) == shown]
        assert len(same) > 1
    else:
        assert shown == (a, b) or a + b < 5


def test_a_forecast_says_how_sure_it_is() -> None:
    groups = [
        Group(date(2026, 1, 1), date(2026, 2, 20), date(2026, 3, 31), True, False, 40),
        Group(date(2026, 1, 1), None, date(2026, 3, 31), False, False, 50),
        Group(date(2026, 1, 1), None, date(2026, 2, 15), False, False, 10),
        Group(date(2026, 1, 1), None, date(2026, 3, 31), False, True, 7),
    ]
    found = counted(groups, TODAY)
    known = pace(found, TODAY)
    # 28 days began on 1 February: forty people were unfinished in them for 19 days, sixty for all 28.
    assert known == Pace(40, 40 * 19 + 60 * 28)
    ahead = waiting(found, TODAY)
    assert ahead == ((31, 50),)
    made = forecast(40, 100, ahead, known)
    assert made is not None and 40 < made.low < made.expected < made.high <= 90
    assert abs(made.expected - (40 + 50 * (1 - (2440 / (2440 + 31)) ** 40.5))) < 1e-9
    more = forecast(40, 100, ahead, Pace(400, known.days * 10))
    assert more is not None and more.high - more.low < made.high - made.low, "who knows more is surer"
    assert forecast(40, 100, ahead, Pace(3, 12.0)) is None and forecast(0, 0, (), known) is None
    nobody = forecast(40, 100, (), known)
    assert nobody is not None and nobody.low == nobody.expected == nobody.high == 40


def test_four_of_five_intervals_hold_what_happens() -> None:
    """Worlds in which people do complete at a constant rate: the interval is right about as often as it says."""
    chance = random.Random(7)
    held = 0
    for _ in range(400):
        rate = chance.uniform(0.005, 0.05)
        spent, seen = 0.0, 0
        for _person in range(120):
            at = chance.expovariate(rate)
            spent += min(at, 28.0)
            seen += at < 28
        left = 120 - seen
        made = forecast(0, left, ((20, left),), Pace(seen, spent)) if left else None
        if made is None:
            continue
        happened = sum(chance.expovariate(rate) < 20 for _ in range(left))
        held += made.low - 0.5 <= happened <= made.high + 0.5
    assert 0.74 <= held / 400 <= 0.9
