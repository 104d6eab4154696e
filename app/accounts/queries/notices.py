"""Reading the notices written to somebody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.models import Notice
from app.accounts.rules import NoticeKind


@dataclass(frozen=True, slots=True)
class NoticeCard:
    """A notice without its words, which are made when it is shown."""

    id: int
    kind: NoticeKind
    data: dict[str, Any]
    created_at: datetime
    read_at: datetime | None


def unread(db: Session, person_id: int) -> int:
    query = select(func.count(Notice.id)).where(Notice.person_id == person_id, Notice.read_at.is_(None))
    return db.scalar(query) or 0


def notices_of(db: Session, person_id: int, *, limit: int = 100) -> tuple[NoticeCard, ...]:
    """The latest notices, newest first."""
    query = select(Notice.id, Notice.kind, Notice.data, Notice.created_at, Notice.read_at)
    query = query.where(Notice.person_id == person_id)
    query = query.order_by(Notice.created_at.desc(), Notice.id.desc()).limit(limit)
    return tuple(NoticeCard(*row) for row in db.execute(query))
