"""Whether a hidden number follows from what is shown, on a page and on all pages above it together. Pure.

Every number that is shown is a sum of cells; a hidden one can be computed exactly when its own sum is a combination of
those. That is asked of the whole page at once: every course, all of them together, and what the pages above say of the
place. Noughts count as known, which the reader may not even be told.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.reporting.rules.suppression import Cell, Figure, Hidden

# Combinations are reckoned modulo a prime: exact for sums of this kind, and as fast as whole numbers are.
_PRIME = (1 << 61) - 1
Vector = dict[int, int]
Relation = Mapping[tuple[int, int], int]  # (course, column) of a place's own numbers → factor: their sum is known


class Span:
    """Sums that are known, and everything that follows from them.

    `rows` is in reduced form: a row's first cell stands in no other row, so one pass over a sum is enough. What involves
    only later cells follows from the rows that begin with one of them.
    """

    def __init__(self) -> None:
        self.rows: dict[int, Vector] = {}
        self._within: dict[int, set[int]] = {}  # cell → first cells of the rows it stands in

    def rest(self, vector: Vector) -> Vector:
        """What of a sum does not follow; nothing where all of it does."""
        left = dict(vector)
        for first in vector:
            if first in self.rows:
                _subtract(left, self.rows[first], left[first])
        return left

    def add(self, vector: Vector) -> None:
        left = self.rest(vector)
        if not left:
            return
        first = min(left)
        if left[first] != 1:
            inverse = pow(left[first], _PRIME - 2, _PRIME)
            left = {at: number * inverse % _PRIME for at, number in left.items()}
        for other in self._within.pop(first, set()):
            row = self.rows[other]
            before = set(row)
            _subtract(row, left, row[first])
            for at in before ^ set(row):
                if at in row:
                    self._within.setdefault(at, set()).add(other)
                elif at != first:
                    self._within[at].discard(other)
        self.rows[first] = left
        for at in left:
            if at != first:
                self._within.setdefault(at, set()).add(first)


def _subtract(vector: Vector, row: Vector, factor: int) -> None:
    for at, number in row.items():
        value = (vector.get(at, 0) - factor * number) % _PRIME
        if value:
            vector[at] = value
        else:
            vector.pop(at, None)


@dataclass(frozen=True, slots=True)
class Page:
    """One part of a page: for each course, and 0 for all of them, the numbers as they are and as they are shown.

    Both have the totals in their last row and column. `above` is what the pages above tell of the last row.
    """

    numbers: Mapping[int, Sequence[Sequence[int]]]
    shown: Mapping[int, Sequence[Sequence[Figure]]]
    above: tuple[Relation, ...] | None
    together: tuple[int, ...] = ()  # columns whose sum is a group as well

    @property
    def courses(self) -> list[int]:
        return [course for course in self.numbers if course]

    @property
    def size(self) -> tuple[int, int]:
        table = self.numbers[0]
        return len(table) - 1, len(table[0]) - 1


def _cells(page: Page, course: int, r: int, c: int) -> Iterable[tuple[int, int, int]]:
    """The cells of which a number is the sum."""
    rows, columns = page.size
    for one in [course] if course else page.courses:
        for at in range(rows) if r == rows else (r,):
            for column in range(columns) if c == columns else (c,):
                yield one, at, column


def _numbered(page: Page, last: int | None = None) -> dict[tuple[int, int, int], int]:
    """The unknown cells: those hidden that are not nought, those of row `last` behind all others."""
    rows, columns = page.size
    found = [
        (course, r, c)
        for course in page.courses
        for r in range(rows)
        for c in range(columns)
        if page.numbers[course][r][c] and isinstance(page.shown[course][r][c], Hidden)
    ]
    found.sort(key=lambda cell: (cell[1] == last, cell))
    return {cell: at for at, cell in enumerate(found)}


def _vector(page: Page, unknown: Mapping[tuple[int, int, int], int], course: int, r: int, c: int) -> Vector:
    return {unknown[cell]: 1 for cell in _cells(page, course, r, c) if cell in unknown}


def _known(page: Page, unknown: Mapping[tuple[int, int, int], int], *, bottom: Mapping[tuple[int, int], int]) -> Span:
    """All that page tells. `bottom` are variables for the place's own numbers, behind all others."""
    span, rows = Span(), page.size[0]
    for (course, c), at in bottom.items():
        span.add({**_vector(page, unknown, course, rows, c), at: _PRIME - 1})
    told = {}
    for course, table in page.shown.items():
        for r, line in enumerate(table):
            for c, figure in enumerate(line):
                if not isinstance(figure, Hidden) and (vector := _vector(page, unknown, course, r, c)):
                    told[tuple(vector)] = vector
    for vector in sorted(told.values(), key=len):  # short ones first, which keeps the others short
        span.add(vector)
    for relation in page.above or ():
        vector = {}
        for (course, c), factor in relation.items():
            for at, one in _vector(page, unknown, course, rows, c).items():
                vector[at] = (vector.get(at, 0) + one * factor) % _PRIME
        span.add({at: number for at, number in vector.items() if number})
    return span


def given_away(page: Page, k: int) -> set[tuple[int, int, int]]:
    """The (course, row, column) of numbers under `k` that can be computed after all, alone or several in a line at once:
    on a page below they may be all there is, and a group of their own."""
    unknown = _numbered(page)
    span = _known(page, unknown, bottom={})
    found: set[tuple[int, int, int]] = set()
    for course, table in page.numbers.items():
        for cells in _small(table, page.together, k):
            vector: Vector = {}
            for r, c in cells:
                vector |= _vector(page, unknown, course, r, c)
            if not vector or not span.rest(vector):
                found |= {(course, r, c) for r, c in cells}
    return found


def _small(table: Sequence[Sequence[int]], together: Sequence[int], k: int) -> Iterable[list[Cell]]:
    """Cells that are a group under `k`: each, some in a row or a column, and in each row those of `together`."""
    inner = [line[:-1] for line in table[:-1]]
    yield from ([(r, c)] for r, line in enumerate(table) for c, number in enumerate(line) if 0 < number < k)
    for r, line in enumerate(table):
        columns = [c for c, number in enumerate(line[:-1]) if 0 < number < k]
        for some in (columns, [c for c in together if line[c]]):
            if len(some) > 1 and sum(line[c] for c in some) < k:
                yield [(r, c) for c in some]
    for c in range(len(inner[0]) if inner else 0):
        rows = [r for r, line in enumerate(inner) if 0 < line[c] < k]
        if len(rows) > 1 and sum(inner[r][c] for r in rows) < k:
            yield [(r, c) for r in rows]


def tells_of_above(page: Page) -> bool:
    """Whether a page says more of its place than the pages above do: that would be a key to what they hide elsewhere."""
    rows, columns = page.size
    unknown = _numbered(page)
    hidden = [(course, c) for course in page.courses for c in range(columns) if _is_hidden(page, course, rows, c)]
    bottom = {cell: len(unknown) + at for at, cell in enumerate(hidden)}
    alone = Span()
    for course, table in page.shown.items():
        for c, figure in enumerate(table[rows]):
            if not isinstance(figure, Hidden):
                alone.add({bottom[one, at]: 1 for one, _r, at in _cells(page, course, 0, c) if (one, at) in bottom})
    for relation in page.above or ():
        alone.add({bottom[cell]: factor for cell, factor in relation.items() if cell in bottom})
    span = _known(page, unknown, bottom=bottom)
    return any(first >= len(unknown) and alone.rest(row) for first, row in span.rows.items())


def _is_hidden(page: Page, course: int, r: int, c: int) -> bool:
    return bool(page.numbers[course][r][c]) and isinstance(page.shown[course][r][c], Hidden)


def told_of_row(page: Page, r: int) -> tuple[Relation, ...]:
    """What follows from a page, and those above it, about the hidden numbers of one of its rows."""
    unknown = _numbered(page, last=r)
    span = _known(page, unknown, bottom={})
    names = {at: cell for cell, at in unknown.items()}
    mine: Collection[int] = {at for at, cell in names.items() if cell[1] == r}
    return tuple(
        {(names[at][0], names[at][2]): number for at, number in row.items()}
        for first, row in span.rows.items()
        if first in mine
    )
