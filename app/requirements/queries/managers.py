"""Who manages people at a place, and who stands above them."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.models import GrantRow, Person
from app.accounts.rules import PersonState
from app.kit.actor import Role
from app.organisations.models import Organisation


def managers_of(db: Session, path: str) -> tuple[tuple[int, ...], ...]:
    """The managers at a place or above it, the nearest level first. Levels without a manager are left out."""
    ids = [int(part) for part in path.strip("/").split("/") if part]
    rows = db.execute(
        select(func.length(Organisation.path), GrantRow.person_id)
        .join(Organisation, Organisation.id == GrantRow.organisation_id)
        .join(Person, Person.id == GrantRow.person_id)
        .where(GrantRow.role == Role.MANAGER, Organisation.id.in_(ids), Person.state != PersonState.DISABLED)
        .order_by(func.length(Organisation.path).desc(), GrantRow.person_id)
    )
    levels: dict[int, list[int]] = {}
    for depth, person_id in rows:
        levels.setdefault(depth, []).append(person_id)
    return tuple(tuple(people) for people in levels.values())
