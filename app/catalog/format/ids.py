"""Which ids a course uses, and where: an id belongs to one thing only."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.catalog.format.problems import Notes
from app.kit.i18n import N_


@dataclass(frozen=True, slots=True)
class Place:
    path: str
    line: int
    kind: str


@dataclass(slots=True)
class Ids:
    """Pages, modules, quizzes, questions, pools, draws and banks share one set of ids. Lines count from 1."""

    taken: dict[str, Place] = field(default_factory=dict)

    def claim(self, name: str, kind: str, notes: Notes, line: int, column: int = 1) -> None:
        if not name:
            return
        first = self.taken.setdefault(name, Place(notes.path, line, kind))
        if first == Place(notes.path, line, kind):
            return
        if first.path == notes.path:
            notes.note(line, column, "E112", N_('id "%(id)s" already used on line %(line)s'), id=name, line=first.line)
        else:
            notes.note(
                line, column, "E112", N_('id "%(id)s" already used in %(file)s on line %(line)s'),
                id=name, file=first.path, line=first.line,
            )  # fmt: skip

    def of(self, *kinds: str) -> set[str]:
        return {name for name, place in self.taken.items() if place.kind in kinds}
