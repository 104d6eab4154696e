"""Writing notices to people, by mail too where they have an address, and noting that they were read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.accounts.models import Notice
from app.accounts.queries import Contact
from app.accounts.rules import NoticeKind
from app.kit import clock, mail
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


def tell(
    db: Session,
    person: Contact,
    kind: NoticeKind,
    letter: str,
    *,
    notice: Mapping[str, Any],
    words: Mapping[str, Any],
    key: str | None = None,
) -> bool:
    """A notice and, for whoever has an address, the mail `letter` with these words, to which the name is added.

    With a `key` that was used before neither is written. Whether it is new.
    """
    if not notify(db, person.id, kind, key=key, **notice):
        return False
    if person.email is not None:
        mail.write(
            db,
            letter,
            address=person.email,
            lang=person.lang,
            person_id=person.id,
            name=f"{person.given_name} {person.family_name}",
            **words,
        )
    return True


def mark_all_read(db: Session, actor: Actor) -> None:
    unread = update(Notice).where(Notice.person_id == actor.id, Notice.read_at.is_(None))
    db.execute(unread.values(read_at=clock.now()))
