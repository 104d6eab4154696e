"""Who did what to whom: rows that are only ever added, each holding the hash of the one before it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ColumnElement, String, column, func, select, table, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.kit import clock
from app.kit.actor import Actor
from app.kit.database import Base, BigId, Id, folded
from app.kit.i18n import fold


class AuditRow(Base):
    """One deed. `actor_id` is empty for the system and for somebody not signed in."""

    __tablename__ = "audit"
    id: Mapped[Id]
    at: Mapped[datetime] = mapped_column(index=True)
    actor_id: Mapped[int | None] = mapped_column(BigId, index=True)
    actor_name: Mapped[str]
    action: Mapped[str] = mapped_column(String(64), index=True)
    subject: Mapped[str]
    organisation_id: Mapped[int | None] = mapped_column(BigId, index=True)
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64), unique=True)


def _digest(row: AuditRow) -> str:
    said = [row.previous, row.at.isoformat(), row.actor_id, row.actor_name, row.action, row.subject]
    said += [row.organisation_id, json.dumps(row.data, sort_keys=True, ensure_ascii=False)]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


# Grants name places by their way down the tree, deeds by their number: this is where the two are found together.
_PLACES = table("organisations", column("id", BigId), column("path", String))


def _deputising(db: Session, actor: Actor, organisation_id: int | None) -> dict[str, Any]:
    """For whom somebody acts who has the right to only as a deputy."""
    if organisation_id is None or not any(grant.lent_by for grant in actor.grants):
        return {}
    path = db.scalar(select(_PLACES.c.path).where(_PLACES.c.id == organisation_id)) or ""
    names = actor.deputising_at(path)
    return {"deputy_for": ", ".join(names)} if names else {}


def say(
    db: Session, actor: Actor, action: str, *, subject: str = "", organisation_id: int | None = None, **data: Any
) -> None:
    """Add one deed to the trail, in the transaction of the deed itself. `data` must not hold secrets.

    Whoever deputises for a manager is named with the manager.
    """
    if db.get_bind().dialect.name == "postgresql":
        # Two writers must not chain to the same row; SQLite has one writer anyway.
        db.execute(text("SELECT pg_advisory_xact_lock(7204)"))
    last = db.scalar(select(AuditRow.hash).order_by(AuditRow.id.desc()).limit(1)) or ""
    row = AuditRow(
        at=clock.now(),
        actor_id=actor.id or None,
        actor_name=actor.name or ("system" if actor.system else ""),
        action=action,
        subject=subject,
        organisation_id=organisation_id,
        data=data | _deputising(db, actor, organisation_id),
        previous=last,
    )
    row.hash = _digest(row)
    db.add(row)
    db.flush()


@dataclass(frozen=True, slots=True)
class AuditCard:
    """One deed as it is read."""

    id: int
    at: datetime
    actor_id: int | None
    actor_name: str
    action: str
    subject: str
    organisation_id: int | None
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """What a reading of the trail is narrowed to. `since` and `until` are moments, `until` not included."""

    who: str = ""
    action: str = ""
    subject: str = ""
    since: datetime | None = None
    until: datetime | None = None


_CARD = (
    AuditRow.id,
    AuditRow.at,
    AuditRow.actor_id,
    AuditRow.actor_name,
    AuditRow.action,
    AuditRow.subject,
    AuditRow.organisation_id,
    AuditRow.data,
)


def entries(
    db: Session, where: ColumnElement[bool], wanted: AuditFilter, *, limit: int = 50, offset: int = 0
) -> tuple[tuple[AuditCard, ...], int]:
    """The latest deeds that `where` and the filter let through, and how many there are."""
    found = where
    for word in fold(wanted.who).split()[:5]:
        found = found & folded(AuditRow.actor_name).contains(word[:60], autoescape=True)
    if wanted.action:
        found = found & (AuditRow.action == wanted.action)
    if wanted.subject:
        found = found & (AuditRow.subject == wanted.subject)
    if wanted.since is not None:
        found = found & (AuditRow.at >= wanted.since)
    if wanted.until is not None:
        found = found & (AuditRow.at < wanted.until)
    rows = db.execute(select(*_CARD).where(found).order_by(AuditRow.id.desc()).limit(limit).offset(offset))
    total = db.scalar(select(func.count(AuditRow.id)).where(found)) or 0
    return tuple(AuditCard(*row) for row in rows), total


def actions_known(db: Session) -> tuple[str, ...]:
    """Every kind of deed there is in the trail."""
    return tuple(db.scalars(select(AuditRow.action).distinct().order_by(AuditRow.action)))


def broken_links(db: Session) -> list[int]:
    """Ids of rows whose hash or chain does not hold; empty when the trail is whole."""
    broken, previous = [], ""
    for row in db.scalars(select(AuditRow).order_by(AuditRow.id)).yield_per(1000):
        if row.previous != previous or row.hash != _digest(row):
            broken.append(row.id)
        previous = row.hash
    return broken


def count(db: Session) -> int:
    return db.scalar(select(func.count()).select_from(AuditRow)) or 0
