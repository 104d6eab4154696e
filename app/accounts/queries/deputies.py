"""Reading who acts in whose place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, aliased

from app.accounts.models import DeputyRow, Person
from app.accounts.rules import PersonState

_Deputy = aliased(Person)


@dataclass(frozen=True, slots=True)
class DeputyCard:
    """From `since` to `until`, both included, `deputy` acts in the place of `manager`."""

    key: str
    manager_id: int
    manager: str
    deputy_id: int
    deputy: str
    since: date
    until: date


def _read(db: Session, where: ColumnElement[bool]) -> tuple[DeputyCard, ...]:
    rows = db.execute(
        select(
            DeputyRow.key,
            Person.id,
            Person.given_name + " " + Person.family_name,
            _Deputy.id,
            _Deputy.given_name + " " + _Deputy.family_name,
            DeputyRow.since,
            DeputyRow.until,
        )
        .join(Person, Person.id == DeputyRow.manager_id)
        .join(_Deputy, _Deputy.id == DeputyRow.deputy_id)
        .where(where, DeputyRow.ended_at.is_(None))
        .order_by(DeputyRow.since, DeputyRow.id)
    )
    return tuple(DeputyCard(*row) for row in rows)


def deputies_of(db: Session, manager_id: int, today: date) -> tuple[DeputyCard, ...]:
    """Those whom a manager has named, now and for later."""
    return _read(db, (DeputyRow.manager_id == manager_id) & (DeputyRow.until >= today))


def deputy_by_key(db: Session, key: str) -> DeputyCard | None:
    return next(iter(_read(db, DeputyRow.key == key)), None)


def deputising(db: Session, manager_ids: Iterable[int], today: date) -> dict[int, tuple[int, ...]]:
    """Manager → those who act in their place today."""
    rows = db.execute(
        select(DeputyRow.manager_id, DeputyRow.deputy_id)
        .join(_Deputy, _Deputy.id == DeputyRow.deputy_id)
        .where(
            DeputyRow.manager_id.in_(sorted(set(manager_ids))),
            DeputyRow.since <= today,
            DeputyRow.until >= today,
            DeputyRow.ended_at.is_(None),
            _Deputy.state == PersonState.ACTIVE,
        )
        .order_by(DeputyRow.id)
    )
    found: dict[int, tuple[int, ...]] = {}
    for manager_id, deputy_id in rows:
        found[manager_id] = (*found.get(manager_id, ()), deputy_id)
    return found
