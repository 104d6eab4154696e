"""Publications that wait for their moment, and what became of them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.catalog.models import Publication
from app.catalog.rules import PublicationState
from app.organisations.models import Organisation


@dataclass(frozen=True, slots=True)
class PublicationCard:
    """`level` "" lets the change say itself how large it is; `regrade` is what becomes of answers given before."""

    id: int
    key: str
    upload_key: str
    slug: str
    title: str
    organisation_id: int
    owner_path: str
    filename: str
    blob: str
    level: str
    note: str
    regrade: str
    staff: bool
    at: datetime
    state: PublicationState
    error: str
    person_id: int
    person: str


def publications(db: Session, where: ColumnElement[bool]) -> tuple[PublicationCard, ...]:
    """Those that come first, first."""
    rows = db.execute(
        select(Publication, Organisation.path, Person.given_name, Person.family_name)
        .join(Organisation, Organisation.id == Publication.organisation_id)
        .join(Person, Person.id == Publication.person_id)
        .where(where)
        .order_by(Publication.at, Publication.id)
    )
    return tuple(
        PublicationCard(
            id=row.id,
            key=row.key,
            upload_key=row.upload_key,
            slug=row.slug,
            title=row.title,
            organisation_id=row.organisation_id,
            owner_path=path,
            filename=row.filename,
            blob=row.blob,
            level=row.level,
            note=row.note,
            regrade=row.regrade,
            staff=row.staff,
            at=row.at,
            state=row.state,
            error=row.error,
            person_id=row.person_id,
            person=f"{given} {family}",
        )
        for row, path, given, family in rows
    )


def publication(db: Session, publication_id: int) -> PublicationCard | None:
    return next(iter(publications(db, Publication.id == publication_id)), None)


def waiting_publications(db: Session, where: ColumnElement[bool]) -> tuple[PublicationCard, ...]:
    return publications(db, where & (Publication.state == PublicationState.WAITING))


def scheduled_for(db: Session, slug: str) -> PublicationCard | None:
    """What waits to be published of a course; there is one at most."""
    found = waiting_publications(db, Publication.slug == slug) if slug else ()
    return found[0] if found else None


def scheduled_uploads(db: Session, keys: Collection[str]) -> dict[str, datetime]:
    """Which uploads wait to be published, and until when."""
    if not keys:
        return {}
    rows = db.execute(
        select(Publication.upload_key, Publication.at).where(
            Publication.upload_key.in_(sorted(keys)), Publication.state == PublicationState.WAITING
        )
    )
    return {row.upload_key: row.at for row in rows}
