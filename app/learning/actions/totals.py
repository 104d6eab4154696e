"""Keeping the totals of whole subtrees equal to the counters below them, and holding them against each other.

The root has no totals: every learner's step in the country would have to wait for that one row. What stands there is
the sum of the places directly below it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from app.kit.actor import Actor
from app.learning.actions import days
from app.learning.models import CompletionCount, SubtreeCount
from app.learning.rules import RunState
from app.organisations import actions as organisations
from app.organisations.models import Organisation
from app.organisations.queries import OrganisationCard

Cell = tuple[int, int, RunState, bool, date]
CELL = ("organisation_id", "course_id", "state", "required", "due_on")
AT_ONCE = 5000


def above(db: Session, organisation_ids: Iterable[int]) -> dict[int, tuple[int, ...]]:
    """Each place → itself and the places above it in whose totals it is counted, the widest first."""
    said = select(Organisation.id, Organisation.path).where(Organisation.id.in_(sorted(set(organisation_ids))))
    return {row[0]: tuple(int(part) for part in row[1].strip("/").split("/")[1:]) for row in db.execute(said)}


def _added_up(db: Session) -> Counter[Cell]:
    everywhere = {row[0]: row[1] for row in db.execute(select(Organisation.id, Organisation.path))}
    holds = {place: [int(part) for part in path.strip("/").split("/")[1:]] for place, path in everywhere.items()}
    columns: list[Any] = [getattr(CompletionCount, name) for name in CELL]
    totals: Counter[Cell] = Counter()
    said: Any = db.execute(select(*columns, CompletionCount.number))
    for place, course, state, required, due_on, number in said:
        if number:
            for one in holds[place]:
                totals[(one, course, state, required, due_on)] += number
    return totals


def retotal(db: Session) -> None:
    """Write every total anew from the counters: after a place was moved, or counters were filled in bulk."""
    totals = _added_up(db)
    db.execute(delete(SubtreeCount))
    rows = [dict(zip((*CELL, "number"), (*cell, number), strict=True)) for cell, number in totals.items()]
    for start in range(0, len(rows), AT_ONCE):
        db.execute(insert(SubtreeCount), rows[start : start + AT_ONCE])


def wrong_totals(db: Session) -> list[tuple[Cell, int, int]]:
    """Where a total is not what the counters below it add up to: (cell, stored, added up)."""
    wanted = _added_up(db)
    columns = [getattr(SubtreeCount, name) for name in CELL]
    kept: dict[Cell, int] = {
        tuple(row[:-1]): row[-1] for row in db.execute(select(*columns, SubtreeCount.number)) if row[-1]
    }
    cells = sorted(set(wanted) | set(kept))
    return [(cell, kept.get(cell, 0), wanted[cell]) for cell in cells if kept.get(cell, 0) != wanted[cell]]


def summed(db: Session, changes: Mapping[Cell, int]) -> list[tuple[Cell, int]]:
    """What changes in counters mean to the totals: (cell, by), in the one order in which everybody writes them."""
    holds = above(db, {cell[0] for cell in changes})
    totals: Counter[Cell] = Counter()
    for (place, course, state, required, due_on), by in changes.items():
        for one in holds[place]:
            totals[(one, course, state, required, due_on)] += by
    return [(cell, by) for cell, by in sorted(totals.items()) if by]


def move_place(
    db: Session, actor: Actor, *, organisation: OrganisationCard, parent: OrganisationCard
) -> OrganisationCard:
    """Take an organisation to another place in the tree; the totals of the places above follow."""
    moved = organisations.move(db, actor, organisation=organisation, parent=parent)
    retotal(db)
    days.moved(db, before=organisation.path, after=moved.path)
    return moved
