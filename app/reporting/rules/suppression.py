"""Hiding small groups in a table with totals, so that nothing hidden can be computed from what is shown. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from enum import StrEnum


class Hidden(StrEnum):
    """Why a number is not shown: the group is under five, or showing it would give away one that is."""

    SMALL = "small"
    WITHHELD = "withheld"


Figure = int | Hidden
Cell = tuple[int, int]


def suppress(
    table: Sequence[Sequence[int]], k: int = 5, *, forced: Collection[Cell] = (), fixed: bool = False
) -> tuple[tuple[Figure, ...], ...]:
    """The table with its totals added (a last column and a last row), and every cell of 1 to k−1 hidden.

    As many larger cells are withheld as it takes: for every hidden cell there remains another table that shows
    exactly the same and holds another number there. `forced` cells are hidden too, because another page hides them.
    With `fixed` that page shows all others of the last row, so that withholding one of them here would hide nothing.
    Nought is shown, except in a row whose total is hidden: there it would tell about everybody in it.
    """
    work = _Work(table, k, forced, fixed=fixed)
    work.protect()
    return work.shown()


class _Work:
    """The table as a network: rows and columns are places, cells flow between them, totals flow back.

    Sums hold exactly when flow is conserved, so a hidden number can be another one exactly when one more unit can
    flow around some circle of hidden cells that passes through it.
    """

    def __init__(
        self, table: Sequence[Sequence[int]], k: int, forced: Collection[Cell], *, fixed: bool = False
    ) -> None:
        self.k, self.fixed = k, fixed
        self.rows, self.columns = len(table), len(table[0]) if table else 0
        lines = [[*row, sum(row)] for row in table]
        lines.append([sum(column) for column in zip(*lines, strict=True)] if lines else [0])
        self.values = lines
        self.hidden: dict[Cell, Hidden] = {}
        # By place (row r ≥ 0, column −1−c): the hidden cells that touch it.
        self.touching: dict[int, set[Cell]] = {}
        for r, line in enumerate(lines):
            for c, value in enumerate(line):
                if 0 < value < k:
                    self.hide((r, c), Hidden.SMALL)
                elif (r, c) in forced and value:
                    self.hide((r, c), Hidden.WITHHELD)

    def hide(self, cell: Cell, why: Hidden) -> None:
        self.hidden[cell] = why
        tail, head = self.ends(cell)
        self.touching.setdefault(tail, set()).add(cell)
        self.touching.setdefault(head, set()).add(cell)

    def ends(self, cell: Cell) -> tuple[int, int]:
        """Where a cell flows from and to: inner cells from row to column, totals so that the sums are conserved."""
        r, c = cell
        row, column = r, -1 - c
        return (row, column) if (r < self.rows) == (c < self.columns) else (column, row)

    def bounds(self, cell: Cell) -> tuple[int, int | None]:
        """What a reader knows of a hidden cell."""
        return (1, self.k - 1) if self.hidden[cell] is Hidden.SMALL else (self.k, None)

    def may_change(self, cell: Cell, by: int) -> bool:
        low, high = self.bounds(cell)
        value = self.values[cell[0]][cell[1]] + by
        return value >= low and (high is None or value <= high)

    def protected(self, cell: Cell) -> bool:
        """Whether the cell could as well be one more or one less."""
        return any(self.may_change(cell, by) and self._circle(cell, by) for by in (1, -1))

    def _circle(self, cell: Cell, by: int) -> bool:
        tail, head = self.ends(cell)
        start, goal = (head, tail) if by > 0 else (tail, head)
        seen, waiting = {start}, [start]
        while waiting:
            place = waiting.pop()
            for other in self.touching.get(place, ()):
                if other == cell:
                    continue
                a, b = self.ends(other)
                onward, change = (b, 1) if a == place else (a, -1)
                if onward in seen or not self.may_change(other, change):
                    continue
                if onward == goal:
                    return True
                seen.add(onward)
                waiting.append(onward)
        return False

    def protect(self) -> None:
        for cell in sorted(self.hidden, key=lambda c: (self.values[c[0]][c[1]], c)):
            if not self.protected(cell) and not self._close_a_square(cell):
                self._give_up(cell)

    def _close_a_square(self, cell: Cell) -> bool:
        """Withhold the cheapest cells that make a circle of four with this one."""
        r, c = cell
        found = []
        for r2, line in enumerate(self.values):
            if r2 == r or not line[c]:
                continue
            for c2, value in enumerate(line):
                if c2 != c and value and self.values[r][c2]:
                    corners = [(r, c2), (r2, c2), (r2, c)]
                    if any(self.known(corner) for corner in corners):
                        continue
                    cost = sum(self._cost(corner) for corner in corners if corner not in self.hidden)
                    found.append((cost, r2, c2))
        for _, r2, c2 in sorted(found)[:200]:
            added = [corner for corner in ((r, c2), (r2, c2), (r2, c)) if corner not in self.hidden]
            for corner in added:
                self.hide(corner, Hidden.WITHHELD)
            if self.protected(cell):
                return True
            for corner in added:
                self.show(corner)
        return False

    def known(self, cell: Cell) -> bool:
        """Whether a reader has this number from another page."""
        return self.fixed and cell[0] == self.rows and cell not in self.hidden

    def show(self, cell: Cell) -> None:
        del self.hidden[cell]
        for place in self.ends(cell):
            self.touching[place].discard(cell)

    def _cost(self, cell: Cell) -> int:
        """Totals are what everybody looks for, so they go last."""
        at_edge = (cell[0] == self.rows) + (cell[1] == self.columns)
        return int(self.values[cell[0]][cell[1]] + at_edge * 10**9)

    def _give_up(self, cell: Cell) -> None:
        """No square will do: withhold the whole row and column, and if that is not enough, everything."""
        for wide in (False, True):
            for r, line in enumerate(self.values):
                for c, value in enumerate(line):
                    near = wide or r == cell[0] or c == cell[1]
                    if near and value and (r, c) not in self.hidden and not self.known((r, c)):
                        self.hide((r, c), Hidden.WITHHELD)
            if self.protected(cell):
                return

    def shown(self) -> tuple[tuple[Figure, ...], ...]:
        lines: list[tuple[Figure, ...]] = []
        for r, line in enumerate(self.values):
            small = self.hidden.get((r, self.columns)) is Hidden.SMALL
            lines.append(
                tuple(Hidden.SMALL if small else self.hidden.get((r, c), value) for c, value in enumerate(line))
            )
        return tuple(lines)
