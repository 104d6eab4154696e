"""Writing notices to people, and noting that they were read."""

from __future__ import annotations

from typing import Any

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.accounts.models import Notice
from app.accounts.rules import NoticeKind
from app.kit import clock
from app.kit.actor import Actor


def notify(db: Session, person_id: int, kind: NoticeKind, *, key: str | None = None, **data: Any) -> bool:
    """Write a notice; with a `key` that was used before nothing is written. Whether it is new."""
    row = Notice(person_id=person_id, kind=kind, data=data, key=key, created_at=clock.now())
    if key is None:
        db.add(row)
        db.flush()
        return True
    try:
        with db.begin_nested():
            db.add(row)
    except IntegrityError:  # already said
        return False
    return True


def mark_all_read(db: Session, actor: Actor) -> None:
    unread = update(Notice).where(Notice.person_id == actor.id, Notice.read_at.is_(None))
    db.execute(unread.values(read_at=clock.now()))
