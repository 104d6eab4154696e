"""No number under five is shown, and none that is hidden can be computed from what is shown."""

from __future__ import annotations

import itertools
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from app.reporting.rules import Hidden, suppress

K = 5
SMALL, WITHHELD = Hidden.SMALL, Hidden.WITHHELD


def with_totals(table):  # type: ignore[no-untyped-def]
    lines = [[*row, sum(row)] for row in table]
    return [*lines, [sum(column) for column in zip(*lines, strict=True)]]


def determined(shown):  # type: ignore[no-untyped-def]
    """The hidden cells that sums alone give away: each is fixed in every solution of the linear equations."""
    rows, columns = len(shown) - 1, len(shown[0]) - 1
    unknown = [(r, c) for r in range(rows + 1) for c in range(columns + 1) if isinstance(shown[r][c], Hidden)]
    place = {cell: n for n, cell in enumerate(unknown)}
    equations = []
    for r in range(rows + 1):
        equations.append([((r, c), 1 if c < columns else -1) for c in range(columns + 1)])
    for c in range(columns + 1):
        equations.append([((r, c), 1 if r < rows else -1) for r in range(rows + 1)])
    matrix = []
    for equation in equations:
        line = [Fraction(0)] * len(unknown)
        for cell, sign in equation:
            if cell in place:
                line[place[cell]] += sign
        matrix.append(line)
    pivots: dict[int, list[Fraction]] = {}
    for line in matrix:
        for at, pivot in pivots.items():
            if line[at]:
                line = [a - line[at] * b for a, b in zip(line, pivot, strict=True)]
        at = next((n for n, a in enumerate(line) if a), None)
        if at is None:
            continue
        line = [a / line[at] for a in line]
        pivots = {old: [a - pivot[at] * b for a, b in zip(pivot, line, strict=True)] for old, pivot in pivots.items()}
        pivots[at] = line
    return [unknown[at] for at, line in pivots.items() if sum(a != 0 for a in line) == 1]


TABLES = st.integers(1, 7).flatmap(
    lambda columns: st.lists(
        st.lists(st.sampled_from([0, 0, 1, 2, 3, 4, 5, 6, 9, 20, 140]), min_size=columns, max_size=columns),
        min_size=1,
        max_size=9,
    )
)


@settings(max_examples=400, deadline=None)
@given(TABLES)
def test_no_cell_under_five_is_shown_and_none_is_fixed_by_the_sums(table) -> None:  # type: ignore[no-untyped-def]
    shown, true = suppress(table, K), with_totals(table)
    for line, numbers in zip(shown, true, strict=True):
        for figure, number in zip(line, numbers, strict=True):
            if isinstance(figure, Hidden):
                assert figure is WITHHELD or number < K
            else:
                assert figure == number and not 0 < number < K
    if sum(sum(row) for row in table) >= 2 * K and len(table) > 1 and len(table[0]) > 1:
        known = set(determined(shown))
        small = {(r, c) for r, line in enumerate(true) for c, n in enumerate(line) if 0 < n < K}
        # A table that is hidden as a whole gives nothing to compute from.
        if any(not isinstance(figure, Hidden) and figure for line in shown for figure in line):
            assert not known & small


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(st.sampled_from([0, 1, 2, 3, 5, 6, 8]), min_size=2, max_size=2), min_size=2, max_size=3))
def test_a_reader_who_knows_the_method_cannot_pin_a_small_number_down(table) -> None:  # type: ignore[no-untyped-def]
    """By trying every table: what is marked small is 1–4 (or 0 in a small row), what is withheld is five or more."""
    shown, true = suppress(table, K), with_totals(table)
    cells = [(r, c) for r in range(len(table)) for c in range(2)]
    small = [(r, c) for r, c in cells if 0 < table[r][c] < K and shown[r][c] is SMALL]
    if not small or sum(map(sum, table)) < 3 * K:
        return

    def options(r: int, c: int):  # type: ignore[no-untyped-def]
        figure = shown[r][c]
        if figure is SMALL:
            return range(1, K) if table[r][c] else (0,)
        return range(K, 24) if figure is WITHHELD else (figure,)

    def agrees(figure, number) -> bool:  # type: ignore[no-untyped-def]
        if figure is SMALL:
            return number < K
        return number >= K if figure is WITHHELD else number == figure

    possible: dict[tuple[int, int], set[int]] = {cell: set() for cell in small}
    for numbers in itertools.product(*(options(r, c) for r, c in cells)):
        other = with_totals([numbers[n : n + 2] for n in range(0, len(numbers), 2)])
        if all(agrees(f, n) for line, ns in zip(shown, other, strict=True) for f, n in zip(line, ns, strict=True)):
            for cell in small:
                possible[cell].add(other[cell[0]][cell[1]])
    visible = [f for line in shown for f in line if not isinstance(f, Hidden) and f]
    if visible:
        assert all(len(found) > 1 for found in possible.values()), (table, shown, true)


def test_a_single_small_cell_takes_a_second_with_it() -> None:
    shown = suppress([[91, 29], [27, 19], [17, 3]])
    assert shown[2][1] is SMALL
    row_hides = [isinstance(f, Hidden) for f in shown[2]]
    assert sum(row_hides) >= 2 and shown[3] == (135, 51, 186)


def test_a_group_under_five_shows_nothing_but_that_it_is_small() -> None:
    assert set(suppress([[4, 0, 0], [40, 20, 10], [30, 20, 20]])[0]) == {SMALL}


def test_a_table_without_small_groups_is_shown_whole() -> None:
    assert suppress([[5, 0], [7, 30]]) == ((5, 0, 5), (7, 30, 37), (12, 30, 42))


def test_what_another_page_hides_is_hidden_here_too() -> None:
    shown = suppress([[20, 30], [25, 35]], forced={(2, 0)})
    assert shown[2][0] is WITHHELD
    assert (2, 0) not in determined(shown)
