"""Reading who holds which role where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, aliased

from app.accounts.models import GrantRow, Person
from app.accounts.rules import PersonState
from app.kit import i18n
from app.kit.actor import Role
from app.organisations.models import Organisation
from app.organisations.queries import said_name

_Giver = aliased(Person)


@dataclass(frozen=True, slots=True)
class GrantCard:
    """A role held by a person in an organisation and everything below it."""

    id: int
    role: Role
    person_id: int
    person_key: str
    given_name: str
    family_name: str
    organisation_id: int
    organisation_code: str
    organisation_name: str
    organisation_path: str
    granted_at: datetime
    granted_by: str


def _cards(where: ColumnElement[bool]) -> Select[Any]:
    columns: tuple[ColumnElement[Any], ...] = (
        GrantRow.id,
        GrantRow.role,
        Person.id,
        Person.key,
        Person.given_name,
        Person.family_name,
        Organisation.id,
        Organisation.code,
        said_name(i18n.language()),
        Organisation.path,
        GrantRow.granted_at,
        func.coalesce(_Giver.given_name + " " + _Giver.family_name, ""),
    )  # type: ignore[assignment]
    return (
        select(*columns)
        .join(Person, Person.id == GrantRow.person_id)
        .join(Organisation, Organisation.id == GrantRow.organisation_id)
        .outerjoin(_Giver, _Giver.id == GrantRow.granted_by_id)
        .where(where)
        .order_by(Organisation.sort_key, GrantRow.role, Person.sort_key, GrantRow.id)
    )


def _read(db: Session, where: ColumnElement[bool]) -> tuple[GrantCard, ...]:
    return tuple(GrantCard(*row) for row in db.execute(_cards(where)))


def grants_of(db: Session, person_id: int) -> tuple[GrantCard, ...]:
    return _read(db, GrantRow.person_id == person_id)


def grants_within(db: Session, where: ColumnElement[bool]) -> tuple[GrantCard, ...]:
    """Grants on organisations that `where` lets through."""
    return _read(db, where)


def grants_at(db: Session, organisation_id: int) -> tuple[GrantCard, ...]:
    """Grants on one organisation itself."""
    return _read(db, GrantRow.organisation_id == organisation_id)


def grant_by_id(db: Session, grant_id: int) -> GrantCard | None:
    found = _read(db, GrantRow.id == grant_id)
    return found[0] if found else None


def grant_paths(db: Session, person_ids: Sequence[int]) -> tuple[tuple[int, str], ...]:
    """Where each of these people holds a role: (person, place)."""
    query = select(GrantRow.person_id, Organisation.path).join(
        Organisation, Organisation.id == GrantRow.organisation_id
    )
    query = query.where(GrantRow.person_id.in_(person_ids)).order_by(GrantRow.id)
    return tuple((row[0], row[1]) for row in db.execute(query))


def holders(db: Session, organisation_id: int, role: Role) -> tuple[int, ...]:
    """Who holds a role at an organisation or above it: active people, those nearest to it first."""
    place = select(Organisation.path).where(Organisation.id == organisation_id).scalar_subquery()
    rows = db.scalars(
        select(GrantRow.person_id)
        .join(Organisation, Organisation.id == GrantRow.organisation_id)
        .join(Person, Person.id == GrantRow.person_id)
        .where(GrantRow.role == role, place.startswith(Organisation.path), Person.state == PersonState.ACTIVE)
        .order_by(func.length(Organisation.path).desc(), GrantRow.person_id)
    )
    return tuple(dict.fromkeys(rows))
