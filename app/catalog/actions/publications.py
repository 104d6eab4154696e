"""Publications that wait for their moment: asked for, cancelled, and settled when the moment has come."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.accounts import actions as accounts
from app.accounts.rules import NoticeKind
from app.catalog.models import Publication
from app.catalog.queries import PublicationCard, UploadCard
from app.catalog.rules import ChangeLevel, PublicationState, may_edit
from app.kit import audit, clock, jobs
from app.kit.actor import Actor
from app.kit.errors import Conflict, Forbidden, Invalid, KitError
from app.kit.i18n import N_

FURTHEST = timedelta(days=366)


def schedule(
    db: Session,
    actor: Actor,
    *,
    upload: UploadCard,
    organisation_id: int,
    title: str,
    at: datetime,
    level: ChangeLevel | None = None,
    note: str = "",
    regrade: str = "",
    staff: bool = False,
) -> str:
    """Let an upload be published at a moment to come, as it is now and in the actor's name; answers its key."""
    now = clock.now()
    if at <= now:
        raise Invalid(when=KitError(N_("Choose a moment that is still to come.")))
    if at > now + FURTHEST:
        raise Invalid(when=KitError(N_("Choose a moment within a year.")))
    row = Publication(
        key=secrets.token_urlsafe(12),
        upload_key=upload.key,
        slug=upload.slug,
        title=title[:200],
        organisation_id=organisation_id,
        filename=upload.filename,
        blob=upload.blob,
        level=level.value if level else "",
        note=note[:1000],
        regrade=regrade,
        staff=staff,
        at=at,
        state=PublicationState.WAITING,
        person_id=actor.id,
        created_at=now,
    )
    try:
        with db.begin_nested():
            db.add(row)
    except IntegrityError as taken:
        raise Conflict(N_("A publication of this course is scheduled already. Cancel it first.")) from taken
    jobs.later(db, "catalog.publish", key=f"publication:{row.id}", at=at, publication_id=row.id)
    audit.say(
        db,
        actor,
        "course.scheduled",
        subject=row.slug,
        organisation_id=organisation_id,
        at=at.isoformat(timespec="minutes"),
    )
    return row.key


def cancel_publication(db: Session, actor: Actor, *, publication: PublicationCard) -> None:
    """Nothing is published then. What was made stays where it is."""
    if not may_edit(actor, publication.owner_path):
        raise Forbidden(N_("You may not change this course."))
    if not settle(db, publication_id=publication.id, state=PublicationState.CANCELLED):
        raise Conflict(N_("It is too late: this has been published, or cancelled, a moment ago."))
    audit.say(
        db, actor, "course.schedule-cancelled", subject=publication.slug, organisation_id=publication.organisation_id
    )


def waits(db: Session, publication_id: int) -> bool:
    """Whether a publication still waits; it is held to the end of the transaction."""
    state = db.scalar(select(Publication.state).where(Publication.id == publication_id).with_for_update())
    return state is PublicationState.WAITING


def settle(
    db: Session, *, publication_id: int, state: PublicationState, version_id: int | None = None, error: str = ""
) -> bool:
    """Write down what became of a publication. Whether it was still waiting."""
    done = db.execute(
        update(Publication)
        .where(Publication.id == publication_id, Publication.state == PublicationState.WAITING)
        .values(state=state, version_id=version_id, error=error[:1000], settled_at=clock.now())
        .returning(Publication.id)
    )
    return done.scalar() is not None


def publication_failed(db: Session, actor: Actor, *, publication: PublicationCard, error: str) -> None:
    """Nothing was published, and whoever had asked for it is told why."""
    settle(db, publication_id=publication.id, state=PublicationState.FAILED, error=error)
    audit.say(
        db,
        actor,
        "course.schedule-failed",
        subject=publication.slug,
        organisation_id=publication.organisation_id,
        why=error[:200],
    )
    accounts.notify(
        db,
        publication.person_id,
        NoticeKind.PUBLICATION_FAILED,
        key=f"publication:{publication.id}:failed",
        title=publication.title,
        upload=publication.upload_key,
        question=error,
    )


def let_publications_go(db: Session, *, upload_key: str) -> None:
    """An upload is taken away: it is not published either."""
    db.execute(
        update(Publication)
        .where(Publication.upload_key == upload_key, Publication.state == PublicationState.WAITING)
        .values(state=PublicationState.CANCELLED, settled_at=clock.now())
    )
