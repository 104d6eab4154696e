"""Reading the links that were sent by mail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Link, Person
from app.accounts.queries.signins import token_digest
from app.accounts.rules import LinkKind, PersonState
from app.kit import clock


@dataclass(frozen=True, slots=True)
class LinkCard:
    """A link that still works, and for whom."""

    id: int
    kind: LinkKind
    person_id: int
    given_name: str
    family_name: str
    email: str | None
    lang: str
    expires_at: datetime


def link_for(db: Session, token: str) -> LinkCard | None:
    """The link behind a token, if it has been neither used nor outlived, and its person not been disabled."""
    query = (
        select(
            Link.id,
            Link.kind,
            Person.id,
            Person.given_name,
            Person.family_name,
            Person.email,
            Person.lang,
            Link.expires_at,
        )
        .join(Person, Person.id == Link.person_id)
        .where(
            Link.token == token_digest(token),
            Link.used_at.is_(None),
            Link.expires_at > clock.now(),
            Person.state != PersonState.DISABLED,
        )
    )
    row = db.execute(query).first()
    return LinkCard(*row) if row else None
