"""Reading saved views."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.accounts.rules import PersonState
from app.organisations.models import Organisation
from app.organisations.queries import said_name
from app.reporting.models import SavedView, ViewRecipient
from app.reporting.rules.views import Cadence, is_due


@dataclass(frozen=True, slots=True)
class ViewCard:
    """One saved view. `filters` as an address says them; `columns` by their keys, none for all."""

    id: int
    key: str
    name: str
    owner_id: int
    owner: str
    owner_active: bool
    place_code: str
    place_name: str
    path: str
    filters: dict[str, str]
    columns: tuple[str, ...]
    shared: bool
    cadence: Cadence


def _read(db: Session, where: ColumnElement[bool]) -> tuple[ViewCard, ...]:
    said: Any = (
        select(
            SavedView.id,
            SavedView.key,
            SavedView.name,
            Person.id,
            Person.given_name + " " + Person.family_name,
            Person.state == PersonState.ACTIVE,
            Organisation.code,
            said_name(),
            Organisation.path,
            SavedView.filters,
            SavedView.columns,
            SavedView.shared,
            SavedView.cadence,
        )
        .join(Person, Person.id == SavedView.owner_id)
        .join(Organisation, Organisation.id == SavedView.organisation_id)
        .where(where, SavedView.ended_at.is_(None))
        .order_by(SavedView.name, SavedView.id)
    )
    return tuple(_card(row) for row in db.execute(said))


def _card(row: Any) -> ViewCard:
    values = [*row]
    values[10] = tuple(values[10])
    return ViewCard(*values)


def views(db: Session, places: ColumnElement[bool], person_id: int) -> tuple[ViewCard, ...]:
    """One's own views and those shared, of the places that a condition over organisations lets through."""
    return _read(db, places & or_(SavedView.owner_id == person_id, SavedView.shared.is_(True)))


def view_by_key(db: Session, key: str) -> ViewCard | None:
    return next(iter(_read(db, SavedView.key == key)), None)


def view_by_id(db: Session, view_id: int) -> ViewCard | None:
    return next(iter(_read(db, SavedView.id == view_id)), None)


def recipients(db: Session, view_id: int) -> tuple[tuple[int, str], ...]:
    """(person, address) of those who get a view by mail."""
    rows = db.execute(
        select(Person.id, Person.email)
        .join(ViewRecipient, ViewRecipient.person_id == Person.id)
        .where(ViewRecipient.view_id == view_id)
        .order_by(Person.sort_key, Person.id)
    )
    return tuple((row[0], row[1] or "") for row in rows)


def due(db: Session, day: date) -> tuple[tuple[int, int], ...]:
    """(view, person) of what is to be sent on a day."""
    rows = db.execute(
        select(SavedView.id, ViewRecipient.person_id, SavedView.cadence, ViewRecipient.last_sent_on)
        .join(ViewRecipient, ViewRecipient.view_id == SavedView.id)
        .where(SavedView.ended_at.is_(None), SavedView.cadence != Cadence.NEVER)
        .order_by(SavedView.id, ViewRecipient.person_id)
    )
    return tuple((row[0], row[1]) for row in rows if is_due(row[2], day, row[3]))
