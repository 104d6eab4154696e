"""Numbers as they are shown: whole for those who see names, with small groups hidden for those who see numbers. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from app.reporting.rules.suppression import Cell, Figure, Hidden, suppress
from app.reporting.rules.tallies import SMALLEST, Tally, total

ALL = 0  # in place of a course: every course together
REQUIRED, CHOSEN = "required", "chosen"
PARTS = (REQUIRED, CHOSEN)
Forced = Mapping[tuple[int, str], frozenset[int]]  # (course, part) → columns of the total that another page hides
_ROUNDS = 8


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
    _hidden: Mapping[int, Forced] = field(default_factory=dict)

    def row(self, key: int, course_id: int = ALL) -> Shown:
        return self.rows[course_id][self.keys.index(key)]

    def hidden_in(self, key: int) -> Forced:
        """What is hidden in a row: its own page must hide the same in its total."""
        return self._hidden.get(key, {})


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
    """The same with small groups hidden: within each course, over the courses together, and between the two."""
    if not keys:  # nobody is there, and nothing to hide
        return open_figures({}, ())
    forced = forced or {}
    whole = _sum(cube, len(keys))
    everything: dict[int, Sequence[Tally]] = {ALL: whole, **cube}
    hidden = {part: _consistent(everything, part, forced, k) for part in PARTS}
    rows: dict[int, tuple[Shown, ...]] = {}
    totals: dict[int, Shown] = {}
    for course, tallies in everything.items():
        lines = [
            _concealed(tally, hidden[REQUIRED][course][at], hidden[CHOSEN][course][at])
            for at, tally in enumerate([*tallies, total(tallies)])
        ]
        rows[course], totals[course] = tuple(lines[:-1]), lines[-1]
    below = {
        key: {
            (course, part): frozenset(
                c for c, figure in enumerate(hidden[part][course][at]) if isinstance(figure, Hidden)
            )
            for course in everything
            for part in PARTS
        }
        for at, key in enumerate(keys)
    }
    return Figures(tuple(keys), rows, totals, below)


def _sum(cube: Mapping[int, Sequence[Tally]], rows: int) -> tuple[Tally, ...]:
    return tuple(total(tallies[at] for tallies in cube.values()) for at in range(rows))


def _line(tally: Tally, part: str) -> tuple[int, ...]:
    if part == REQUIRED:
        return (tally.completed, tally.overdue, tally.soon, tally.later)
    return (tally.chosen_completed, tally.chosen_going)


Table = tuple[tuple[Figure, ...], ...]


def _consistent(everything: Mapping[int, Sequence[Tally]], part: str, forced: Forced, k: int) -> dict[int, Table]:
    """Suppress each course and all together until neither gives away what the other hides."""
    lines = {course: [_line(tally, part) for tally in tallies] for course, tallies in everything.items()}
    bottom = len(lines[ALL])
    also: dict[int, set[Cell]] = {
        course: {(bottom, column) for column in forced.get((course, part), ())} for course in lines
    }
    tables = {course: suppress(table, k, forced=also[course]) for course, table in lines.items()}
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
        tables.update({course: suppress(lines[course], k, forced=also[course]) for course in stale})
    return tables


def _number(figure: Figure) -> int:
    return 0 if isinstance(figure, Hidden) else figure


def _concealed(tally: Tally, required: tuple[Figure, ...], chosen: tuple[Figure, ...]) -> Shown:
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
