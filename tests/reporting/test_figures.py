"""Figures for readers of numbers: what one table hides no other table gives away."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from app.kit.actor import Actor, Grant, Role
from app.reporting import rules
from app.reporting.rules import ALL, Hidden, Tally, Week, closed_figures, open_figures

NUMBERS = st.sampled_from([0, 0, 0, 1, 2, 4, 5, 7, 12, 60])
TALLIES = st.builds(Tally, *([NUMBERS] * 6))
CUBES = st.integers(1, 5).flatmap(
    lambda places: st.dictionaries(
        st.integers(1, 6), st.lists(TALLIES, min_size=places, max_size=places), min_size=1, max_size=4
    )
)
FIGURES = ("assigned", "completed", "overdue", "soon", "later", "chosen", "chosen_completed")


@settings(max_examples=200, deadline=None)
@given(CUBES)
def test_no_figure_is_small_and_no_course_is_the_only_one_that_hides(cube) -> None:  # type: ignore[no-untyped-def]
    keys = list(range(101, 101 + len(next(iter(cube.values())))))
    open_, closed = open_figures(cube, keys), closed_figures(cube, keys)
    for key in keys:
        for name in FIGURES:
            seen = {course: getattr(closed.row(key, course), name) for course in (ALL, *cube)}
            true = {course: getattr(open_.row(key, course), name) for course in (ALL, *cube)}
            for course, figure in seen.items():
                assert isinstance(figure, Hidden) or (figure == true[course] and not 0 < figure < 5)
            hidden = [course for course, figure in seen.items() if isinstance(figure, Hidden)]
            # The sum over the courses must not give the one hidden number away.
            assert len(hidden) != 1 or not true[hidden[0]], (name, seen, true)


@settings(max_examples=150, deadline=None)
@given(CUBES)
def test_a_rate_is_shown_only_with_both_of_its_parts(cube) -> None:  # type: ignore[no-untyped-def]
    keys = list(range(len(next(iter(cube.values())))))
    closed = closed_figures(cube, keys)
    for shown in [*closed.totals.values(), *(row for rows in closed.rows.values() for row in rows)]:
        if shown.rate is not None:
            assert isinstance(shown.done, int) and isinstance(shown.base, int) and shown.started is None


def test_a_places_own_page_hides_in_its_total_what_the_page_above_hides_in_its_row() -> None:
    town = {1: [Tally(completed=17, overdue=3), Tally(completed=40, overdue=9), Tally(completed=30, overdue=20)]}
    above = closed_figures(town, [10, 20, 30])
    row = above.row(20)
    hidden = [name for name in ("completed", "overdue", "assigned") if isinstance(getattr(row, name), Hidden)]
    assert hidden, "this town hides something of its second place"
    inside = {1: [Tally(completed=25, overdue=6), Tally(completed=15, overdue=3)]}
    own = closed_figures(inside, [201, 202], forced=above.hidden_in(20))
    for name in hidden:
        assert isinstance(getattr(own.totals[1], name), Hidden)
        assert isinstance(getattr(own.totals[ALL], name), Hidden)


def test_the_rate_divides_by_those_assigned_and_without_them_by_those_enrolled() -> None:
    assert Tally(completed=3, overdue=1, chosen_completed=9).rate == 0.75
    assert Tally(chosen_completed=1, chosen_going=3).rate == 0.25
    assert Tally().rate is None


def test_weeks_end_today_and_run_on() -> None:
    today = date(2026, 4, 1)
    days = [(date(2026, 3, 10), 4), (date(2026, 3, 26), 6)]
    weeks = rules.weekly(days, today)
    assert weeks[-1] == Week(today, 10) and weeks[0] == Week(today - timedelta(weeks=4), 0)
    assert [week.completed for week in weeks] == [0, 4, 4, 4, 10]


def test_a_coarse_series_takes_no_small_step() -> None:
    series = [Week(date(2026, 3, n), done) for n, done in enumerate([0, 2, 6, 7, 9, 15, 15], 1)]
    assert [week.completed for week in rules.coarse(series)] == [0, 9, 15, 15]


def test_names_are_for_managers_and_administrators_within_their_places() -> None:
    def holding(role: Role) -> Actor:
        return Actor(id=1, grants=(Grant(role, 5, "/1/5/"),))

    assert rules.sees_names(holding(Role.MANAGER), "/1/5/22/")
    assert rules.sees_names(holding(Role.ADMINISTRATOR), "/1/5/")
    assert not rules.sees_names(holding(Role.MANAGER), "/1/6/")
    assert not rules.sees_names(holding(Role.ANALYST), "/1/5/")
    assert not rules.sees_names(holding(Role.TRAINER), "/1/5/")
