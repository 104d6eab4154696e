"""Numbers as they are shown: whole for those who see names, with small groups hidden for those who see numbers. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from app.reporting.rules.proof import Page, Relation, given_away, tells_of_above, told_of_row
from app.reporting.rules.suppression import Cell, Figure, Hidden, suppress
from app.reporting.rules.tallies import SMALLEST, Tally, total

ALL = 0  # in place of a course: every course together
REQUIRED, CHOSEN = "required", "chosen"
PARTS = (REQUIRED, CHOSEN)
_ROUNDS = 8


@dataclass(frozen=True, slots=True)
class Forced:
    """What the pages above say of a place: which columns of its total they hide, and what they tell of those together."""

    hidden: Mapping[tuple[int, str], frozenset[int]]  # by course and part
    told: Mapping[str, tuple[Relation, ...]]  # by part


@dataclass(frozen=True, slots=True)
class Shown:
    """One tally as this reader may see it. `rate` is None where there is nothing to divide or something to hide."""

    assigned: Figure
    completed: Figure
    overdue: Figure
    soon: Figure
    later: Figure
    chosen: Figure
    chosen_completed: Figure
    started: int | None
    behind: Figure
    done: Figure
    base: Figure
    rate: float | None

    @property
    def empty(self) -> bool:
        return self.assigned == 0 and self.chosen == 0

    @property
    def needs_attention(self) -> bool:
        """Whether anybody is overdue or due soon. Of a group that is hidden as a whole nothing is said, not even this."""
        return self.behind != 0 and self.assigned is not Hidden.SMALL


@dataclass(frozen=True, slots=True)
class Figures:
    """Rows of a table with their total, for every course together (`ALL`) and for each course."""

    keys: tuple[int, ...]
    rows: Mapping[int, tuple[Shown, ...]]
    totals: Mapping[int, Shown]
    _pages: Mapping[str, Page] = field(default_factory=dict)

    def row(self, key: int, course_id: int = ALL) -> Shown:
        return self.rows[course_id][self.keys.index(key)]

    def hidden_in(self, key: int) -> Forced:
        """What is hidden in a row: its own page must hide the same in its total, and no less."""
        at = sorted(self.keys).index(key)
        hidden = {
            (course, part): frozenset(c for c, figure in enumerate(table[at]) if isinstance(figure, Hidden))
            for part, page in self._pages.items()
            for course, table in page.shown.items()
        }
        return Forced(hidden, {part: told_of_row(page, at) for part, page in self._pages.items()})


def _shown(tally: Tally) -> Shown:
    return Shown(
        assigned=tally.assigned,
        completed=tally.completed,
        overdue=tally.overdue,
        soon=tally.soon,
        later=tally.later,
        chosen=tally.chosen,
        chosen_completed=tally.chosen_completed,
        started=tally.started,
        behind=tally.behind,
        done=tally.done,
        base=tally.base,
        rate=tally.rate,
    )


def open_figures(cube: Mapping[int, Sequence[Tally]], keys: Sequence[int]) -> Figures:
    """Every number, for those who may see the people behind it. `cube` is course → tallies in the order of `keys`."""
    everything = {ALL: _sum(cube, len(keys)), **cube}
    return Figures(
        keys=tuple(keys),
        rows={course: tuple(_shown(tally) for tally in tallies) for course, tallies in everything.items()},
        totals={course: _shown(total(tallies)) for course, tallies in everything.items()},
    )


def closed_figures(
    cube: Mapping[int, Sequence[Tally]], keys: Sequence[int], *, forced: Forced | None = None, k: int = SMALLEST
) -> Figures:
    """The same with small groups hidden: within each course, over the courses together, and between the two.

    `forced` is what the page above hides of this place; None where this reader sees no page above.
    """
    if not keys:  # nobody is there, and nothing to hide
        return open_figures({}, ())
    # In one order whoever asks: what is withheld beside a small group depends on it, and what this page withholds is
    # withheld on the pages below, which list these places otherwise.
    order = sorted(range(len(keys)), key=lambda at: keys[at])
    keys, cube = [keys[at] for at in order], {course: [cube[course][at] for at in order] for course in sorted(cube)}
    whole = _sum(cube, len(keys))
    everything: dict[int, Sequence[Tally]] = {ALL: whole, **cube}
    pages = {part: _sound(everything, part, forced, k) for part in PARTS}
    hidden = {part: page.shown for part, page in pages.items()}
    rows: dict[int, tuple[Shown, ...]] = {}
    totals: dict[int, Shown] = {}
    for course, tallies in everything.items():
        lines = [
            _concealed(tally, hidden[REQUIRED][course][at], hidden[CHOSEN][course][at])
            for at, tally in enumerate([*tallies, total(tallies)])
        ]
        rows[course], totals[course] = tuple(lines[:-1]), lines[-1]
    back = [order.index(at) for at in range(len(order))]
    rows = {course: tuple(lines[at] for at in back) for course, lines in rows.items()}
    return Figures(tuple(keys[at] for at in back), rows, totals, pages)


def _sum(cube: Mapping[int, Sequence[Tally]], rows: int) -> tuple[Tally, ...]:
    return tuple(total(tallies[at] for tallies in cube.values()) for at in range(rows))


def _line(tally: Tally, part: str) -> tuple[int, ...]:
    if part == REQUIRED:
        return (tally.completed, tally.overdue, tally.soon, tally.later)
    return (tally.chosen_completed, tally.chosen_going)


Table = tuple[tuple[Figure, ...], ...]


def _sound(everything: Mapping[int, Sequence[Tally]], part: str, forced: Forced | None, k: int) -> Page:
    """Hide until no small number follows from the page and those above it, nor anything from it about those above."""
    lines = {course: [_line(tally, part) for tally in tallies] for course, tallies in everything.items()}
    numbers = {course: _with_totals(table) for course, table in lines.items()}
    rows, columns = len(lines[ALL]), len(lines[ALL][0])
    above = forced.told.get(part, ()) if forced is not None else None
    inner = {(r, c) for r in range(rows) for c in range(columns + 1)}
    outer = {(rows, c) for c in range(columns + 1)}
    more: dict[int, set[Cell]] = {course: set() for course in lines}
    done: dict[tuple[int, frozenset[Cell]], Table] = {}
    together = (1, 2) if part == REQUIRED else ()  # overdue and due soon: who is behind
    page = Page(numbers, _consistent(lines, part, forced, more, done, k), above, together)
    for attempt in range(_ROUNDS):
        wrong = given_away(page, k)
        if not wrong and (forced is None or not tells_of_above(page)):
            break
        if wrong and attempt < _ROUNDS - 2:
            for course, r, c in wrong:
                more[course] |= {cell for cell in inner if cell[0] == r or cell[1] == c}
        else:
            for cells in more.values():
                cells |= inner if forced is not None or attempt < _ROUNDS - 1 else inner | outer
        page = replace(page, shown=_consistent(lines, part, forced, more, done, k))
    return page


def _with_totals(table: Sequence[Sequence[int]]) -> list[list[int]]:
    lines = [[*row, sum(row)] for row in table]
    return [*lines, [sum(column) for column in zip(*lines, strict=True)]]


def _consistent(
    lines: Mapping[int, Sequence[Sequence[int]]],
    part: str,
    forced: Forced | None,
    more: Mapping[int, set[Cell]],
    done: dict[tuple[int, frozenset[Cell]], Table],
    k: int,
) -> dict[int, Table]:
    """Suppress each course and all together until neither gives away what the other hides; `more` is hidden besides."""
    bottom = len(lines[ALL])
    hidden = forced.hidden if forced is not None else {}
    also: dict[int, set[Cell]] = {
        course: {*more[course], *((bottom, column) for column in hidden.get((course, part), ()))} for course in lines
    }
    fixed = forced is not None

    def suppressed(course: int) -> Table:
        """Hiding a little more in one course changes nothing in the others."""
        asked = (course, frozenset(also[course]))
        if asked not in done:
            done[asked] = suppress(lines[course], k, forced=also[course], fixed=fixed)
        return done[asked]

    tables = {course: suppressed(course) for course in lines}
    courses = [course for course in lines if course != ALL]
    for _ in range(_ROUNDS):
        stale: set[int] = set()
        for r, line in enumerate(tables[ALL]):
            for c, together in enumerate(line):
                hiding = [course for course in courses if isinstance(tables[course][r][c], Hidden)]
                if isinstance(together, Hidden) and not hiding:
                    biggest = max(courses, key=lambda course: _number(tables[course][r][c]), default=None)
                    if biggest is not None and _number(tables[biggest][r][c]):
                        also[biggest].add((r, c))
                        stale.add(biggest)
                elif not isinstance(together, Hidden) and len(hiding) == 1:
                    also[ALL].add((r, c))
                    stale.add(ALL)
        if not stale:
            break
        tables.update({course: suppressed(course) for course in stale})
    return tables


def _number(figure: Figure) -> int:
    return 0 if isinstance(figure, Hidden) else figure


def _concealed(tally: Tally, required: Sequence[Figure], chosen: Sequence[Figure]) -> Shown:
    completed, overdue, soon, later, assigned = required
    chosen_completed, _, all_chosen = chosen
    done, base = (completed, assigned) if tally.assigned else (chosen_completed, all_chosen)
    rate = None if isinstance(done, Hidden) or isinstance(base, Hidden) or not base else done / base
    return Shown(
        assigned=assigned,
        completed=completed,
        overdue=overdue,
        soon=soon,
        later=later,
        chosen=all_chosen,
        chosen_completed=chosen_completed,
        started=None,
        behind=_plus(overdue, soon),
        done=done,
        base=base,
        rate=rate,
    )


def _plus(a: Figure, b: Figure) -> Figure:
    """The sum of two figures; with nought it is the other one, whatever that is."""
    if isinstance(a, Hidden) or isinstance(b, Hidden):
        if a == 0:
            return b
        if b == 0:
            return a
        return Hidden.WITHHELD
    return a + b
