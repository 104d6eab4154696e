"""Who manages people at a place, and who stands above them."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.models import GrantRow, Person
from app.accounts.queries import deputising
from app.accounts.rules import PersonState
from app.kit import clock
from app.kit.actor import Role
from app.organisations.models import Organisation


def managers_of(db: Session, path: str) -> tuple[tuple[int, ...], ...]:
    """The managers at a place or above it, and who deputises for them today, the nearest level first.

    Levels without a manager are left out.
    """
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
    standing_in = deputising(db, [one for level in levels.values() for one in level], clock.today()) if levels else {}
    return tuple(
        tuple(dict.fromkeys((*level, *(deputy for one in level for deputy in standing_in.get(one, ())))))
        for level in levels.values()
    )
