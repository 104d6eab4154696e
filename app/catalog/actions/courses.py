"""What trainers do with courses that are published, and with uploads."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from app.catalog.actions import publications, reviews
from app.catalog.models import Course, Draft, Upload
from app.catalog.queries import CourseHead, UploadCard
from app.catalog.rules import TEACHES, CourseState, DraftState, may_edit
from app.kit import audit, clock
from app.kit.actor import Actor
from app.kit.errors import Conflict, Forbidden
from app.kit.i18n import N_


def home_of(actor: Actor) -> int:
    """The organisation in whose name an actor uploads: where they hold the right to teach, their own place if it may be."""
    for grant in actor.grants:
        if grant.role in TEACHES and grant.organisation_id == actor.organisation_id:
            return grant.organisation_id
    teaching = [grant for grant in actor.grants if grant.role in TEACHES]
    if not teaching:
        raise Forbidden(N_("You need to be a trainer to upload courses."))
    return min(teaching, key=lambda grant: (grant.role, grant.path)).organisation_id


def keep_upload(
    db: Session,
    actor: Actor,
    *,
    filename: str,
    blob: str,
    slug: str,
    summary: Mapping[str, Any],
    problems: Sequence[Mapping[str, Any]],
    organisation_id: int | None = None,
) -> str:
    """Keep what was uploaded with what was found in it; answers its key. Without an organisation it is the actor's own."""
    row = Upload(
        key=secrets.token_urlsafe(12),
        person_id=actor.id,
        organisation_id=organisation_id or home_of(actor),
        filename=filename[:200],
        blob=blob,
        slug=slug[:64],
        summary=dict(summary),
        problems=[dict(one) for one in problems],
        created_at=clock.now(),
    )
    db.add(row)
    db.flush()
    audit.say(
        db,
        actor,
        "course.uploaded",
        subject=row.slug or row.filename,
        organisation_id=row.organisation_id,
        file=row.filename,
        blob=blob,
    )
    return row.key


def complete_upload(
    db: Session,
    actor: Actor,
    *,
    upload: UploadCard,
    blob: str,
    slug: str,
    summary: Mapping[str, Any],
    problems: Sequence[Mapping[str, Any]],
) -> None:
    """Put what a trainer has added to a proposed course in the place of what was uploaded; a published one stays as it is."""
    changed = db.execute(
        update(Upload)
        .where(Upload.key == upload.key, Upload.published_version_id.is_(None))
        .values(blob=blob, slug=slug[:64], summary=dict(summary), problems=[dict(one) for one in problems])
        .returning(Upload.id)
    )
    if changed.scalar() is None:
        raise Conflict(N_("This upload has been published already."))
    audit.say(
        db,
        actor,
        "course.upload-completed",
        subject=slug or upload.filename,
        organisation_id=upload.organisation_id,
        blob=blob,
    )


def mark_published(db: Session, *, upload: UploadCard, version_id: int) -> None:
    """Of an upload that was made from a draft, the draft is published with it; one that was to wait waits no more."""
    publications.let_publications_go(db, upload_key=upload.key)
    db.execute(update(Upload).where(Upload.key == upload.key).values(published_version_id=version_id))
    db.execute(
        update(Draft)
        .where(Draft.upload_key == upload.key, Draft.state == DraftState.OPEN)
        .values(state=DraftState.PUBLISHED, published_version_id=version_id)
    )


def discard(db: Session, actor: Actor, *, upload: UploadCard) -> None:
    """Take an upload off the list. What has been published from it stays."""
    reviews.let_reviews_go(db, upload_key=upload.key)
    publications.let_publications_go(db, upload_key=upload.key)
    db.execute(delete(Upload).where(Upload.key == upload.key))
    audit.say(
        db,
        actor,
        "course.upload-discarded",
        subject=upload.slug or upload.filename,
        organisation_id=upload.organisation_id,
    )


def withdraw(db: Session, actor: Actor, *, course: CourseHead) -> None:
    """Offer a course to nobody new; whoever has started goes on to the end."""
    _turn(db, actor, course, CourseState.WITHDRAWN)


def show_to_staff(db: Session, actor: Actor, *, course: CourseHead) -> None:
    """Show a course to those who teach it only, until it is put into the catalogue."""
    _turn(db, actor, course, CourseState.STAFF)


def restore(db: Session, actor: Actor, *, course: CourseHead) -> None:
    _turn(db, actor, course, CourseState.LIVE)


def _turn(db: Session, actor: Actor, course: CourseHead, state: CourseState) -> None:
    if not may_edit(actor, course.owner_path):
        raise Forbidden(N_("You may not change this course."))
    row = db.get_one(Course, course.id)
    if row.state is state:  # a second click
        return
    row.state = state
    db.flush()
    actions = {
        CourseState.WITHDRAWN: "course.withdrawn",
        CourseState.LIVE: "course.restored",
        CourseState.STAFF: "course.for-staff",
    }
    audit.say(db, actor, actions[state], subject=course.slug, organisation_id=course.organisation_id)
