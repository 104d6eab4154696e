"""What a reader of numbers sees on several pages together: the figures of a town, the deeper ones, and an audit pack.

All dates are equal, so that the pages are about the same people at the same moment and may be held against each other.
"""

from __future__ import annotations

import itertools
from collections import defaultdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.packs import rules as packs
from app.packs.rules import Column
from app.reporting.rules import Hidden, Tally, closed_figures
from app.reporting.rules.stages import Spent, days_to_complete, in_time, merged

K, MOST = 5, 24
HIDDEN = (Hidden.SMALL, Hidden.WITHHELD)
CELL = st.sampled_from([0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 12])
PLACES = st.lists(st.tuples(CELL, CELL, CELL), min_size=2, max_size=2)  # completed, waiting, excused


def figures(town):  # type: ignore[no-untyped-def]
    """Completed and waiting of each place and of the town, as the page of figures shows them."""
    keys = list(range(len(town)))
    closed = closed_figures({1: [Tally(completed=done, later=waits) for done, waits, _ in town]}, keys)
    shown = [*(closed.row(key) for key in keys), closed.totals[1]]
    return [(one.completed, one.later, one.assigned) for one in shown]


def pack(town):  # type: ignore[no-untyped-def]
    """The same of an audit pack without names: completed, waiting, excused, all."""
    stands = [
        (str(place), column)
        for place, row in enumerate(town)
        for column, number in zip((Column.COMPLETED, Column.WAITING, Column.EXCUSED), row, strict=True)
        for _ in range(number)
    ]
    lines = packs.without_names(packs.counted(stands))
    return [(line.numbers[0], line.numbers[1], line.numbers[3], line.all) for line in lines]


def agrees(figure, number) -> bool:  # type: ignore[no-untyped-def]
    if figure is Hidden.SMALL:
        return number < K
    return number >= K if figure is Hidden.WITHHELD else number == figure


def rounds_to(shown, number) -> bool:  # type: ignore[no-untyped-def]
    """A number that is shown was not a small one; one that is not shown may be any."""
    return shown is None or ((number + 2) // K * K == shown and not 0 < number < K)


def possible(figure, rounded):  # type: ignore[no-untyped-def]
    return [n for n in range(MOST) if agrees(figure, n) and rounds_to(rounded, n)]


@settings(max_examples=80, deadline=None)
@given(PLACES)
def test_figures_and_a_pack_together_pin_nobody_down(town) -> None:  # type: ignore[no-untyped-def]
    """By trying every town that shows the same on both: each small number could be another one in one of them."""
    if any(not sum(row) for row in town):
        return
    page, rounded = figures(town), pack(town)
    small = [(place, c) for place in range(2) for c in range(2) if 0 < town[place][c] < K]
    if not small or all(one in HIDDEN for row in page for one in row):
        return
    options = [possible(page[place][c], rounded[place][c]) for place in range(2) for c in range(2)]
    found: dict[tuple[int, int], set[int]] = defaultdict(set)
    for done, waits, done_there, waits_there in itertools.product(*options):
        table = [(done, waits), (done_there, waits_there), (done + done_there, waits + waits_there)]
        fits = all(
            agrees(page[place][0], a) and agrees(page[place][1], b) and agrees(page[place][2], a + b)
            and rounds_to(rounded[place][0], a) and rounds_to(rounded[place][1], b)
            for place, (a, b) in enumerate(table)
        )  # fmt: skip
        if fits:
            for place, c in small:
                found[place, c].add(table[place][c])
    assert all(len(found[one]) > 1 for one in small), (town, page, rounded, dict(found))


@settings(max_examples=80, deadline=None)
@given(PLACES)
def test_who_is_excused_is_not_told_by_the_sum_of_a_line(town) -> None:  # type: ignore[no-untyped-def]
    """Whatever the figures say of the others in it. The deeper page says nothing of them to a reader of numbers."""
    if any(not sum(row) for row in town):
        return
    page, rounded = figures(town), pack(town)
    for place, (done, waits, excused) in enumerate(town):
        shown = rounded[place]
        if not 0 < excused < K:
            continue
        assert shown[2] is None
        base = page[place][2]
        others = [
            n
            for n in range(1, K)
            if shown[3] is None or isinstance(base, Hidden) or (done + waits + n + 2) // K * K == shown[3]
        ]
        assert len(others) > 1


DAYS = (1, 5, 10, 20)  # each in another group of days


@pytest.mark.parametrize("had", [1, 5, 7, 14, 25])
def test_the_deeper_figures_of_a_town_pin_no_small_part(had: int) -> None:
    """Every way in which up to twelve people can have taken their days, all of whom had `had` days. The reader knows
    how groups are joined, when a pair is hidden, and when everybody began and should have been ready."""
    worlds = [one for one in itertools.product(range(13), repeat=4) if sum(one) <= 12 and not 0 < sum(one) < K]
    by_page = defaultdict(list)
    for world in worlds:
        found = [Spent(days, days > had, number) for days, number in zip(DAYS, world, strict=True) if number]
        joined = merged(days_to_complete(found), K)
        assert all(one.number == 0 or one.number >= K for one in joined)
        by_page[joined, in_time(found, had, joined, K)].append(world)
    for page, alike in by_page.items():
        for group in range(4):
            values = {world[group] for world in alike}
            assert len(values) > 1 or not 0 < next(iter(values)) < K, (page, alike)
        late = {sum(n for n, days in zip(world, DAYS, strict=True) if days > had) for world in alike}
        assert len(late) > 1 or not 0 < next(iter(late)) < K, (page, alike)


MOVES = st.tuples(st.sampled_from([0, 0, 1, 2, 3, 4, 5, 6, 7, 8]), st.sampled_from([0, 1, 3, 4, 6, 9]), CELL)


def two_packs(town):  # type: ignore[no-untyped-def]
    """Completed, waiting and overdue of two packs a day apart: some who waited are overdue, and nobody has come or gone."""
    made = []
    for late in (0, 1):
        stands = [
            (str(place), column)
            for place, (done, waits, overdue, moved) in enumerate(town)
            for column, number in zip(
                (Column.COMPLETED, Column.WAITING, Column.OVERDUE),
                (done, waits - moved * late, overdue + moved * late),
                strict=True,
            )
            for _ in range(number)
        ]
        lines = packs.without_names(packs.counted(stands))
        made.append([(*line.numbers[:3], line.all) for line in lines])
    return made


def on_the_days(place):  # type: ignore[no-untyped-def]
    done, waits, overdue, moved = place
    return (done, waits, overdue), (done, waits - moved, overdue + moved)


def fits_line(shown, numbers) -> bool:  # type: ignore[no-untyped-def]
    return all(rounds_to(one, n) for one, n in zip(shown, (*numbers, sum(numbers)), strict=True))


@settings(max_examples=40, deadline=None)
@given(st.lists(MOVES, min_size=2, max_size=2), st.lists(st.sampled_from([0, 1, 9]), min_size=2, max_size=2))
def test_two_packs_a_day_apart_pin_nobody_down(found, moves) -> None:  # type: ignore[no-untyped-def]
    """By trying every town that shows the same on both days, and whose people are the same ones on both."""
    town = [(*row, min(move, row[1])) for row, move in zip(found, moves, strict=True)]
    if any(not sum(row[:3]) for row in town):
        return
    shown = two_packs(town)
    most = 13
    alike = [
        [
            one
            for done, waits, overdue in itertools.product(range(most), repeat=3)
            if fits_line(shown[0][place], (done, waits, overdue))
            for moved in range(waits + 1)
            for one in [(done, waits, overdue, moved)]
            if fits_line(shown[1][place], on_the_days(one)[1])
        ]
        for place in range(2)
    ]
    small = {
        (day, place, c)
        for place in range(2)
        for day, numbers in enumerate(on_the_days(town[place]))
        for c, number in enumerate(numbers)
        if 0 < number < K
    }
    if len(alike[0]) * len(alike[1]) > 100_000:  # so much is hidden that trying it all would take minutes
        return
    left, seen = set(small), defaultdict(set)
    for pair in itertools.product(*alike):
        days = [on_the_days(one) for one in pair]
        if not all(
            fits_line(shown[day][2], [a + b for a, b in zip(days[0][day], days[1][day], strict=True)]) for day in (0, 1)
        ):
            continue
        for day, place, c in tuple(left):
            seen[day, place, c].add(days[place][day][c])
            if len(seen[day, place, c]) > 1:
                left.discard((day, place, c))
        if not left:
            return
    assert not left, (town, shown, {one: seen[one] for one in left})
