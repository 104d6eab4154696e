"""Which courses and uploads an actor may see: one at a time, or all of them as a condition."""

from __future__ import annotations

from sqlalchemy import ColumnElement, false, or_, select, true
from sqlalchemy.orm import Session

from app.catalog import queries, rules
from app.catalog.models import Course, Draft, Publication, Review, Upload
from app.catalog.queries import CourseHead, DraftHead, PublicationCard, ReviewCard, UploadCard
from app.catalog.rules import REVIEWS, TEACHES, CourseState, DraftState, ReviewState
from app.kit.actor import Actor, Role
from app.kit.errors import Forbidden, NotFound
from app.kit.i18n import N_
from app.organisations import queries as organisations
from app.organisations.models import Organisation


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """The courses that `rules.may_see` lets through."""
    return or_(Course.state == CourseState.LIVE, editable_by(actor))


def editable_by(actor: Actor) -> ColumnElement[bool]:
    """The courses that `rules.may_edit` lets through."""
    if actor.system:
        return true()
    paths = actor.paths(*TEACHES)
    if not paths:
        return false()
    return Course.organisation_id.in_(select(Organisation.id).where(organisations.within(paths)))


def course_for(db: Session, actor: Actor, slug: str) -> CourseHead:
    """A course that is live, or that the actor's own people made."""
    found = queries.course_by_slug(db, slug)
    if found is None or not rules.may_see(actor, found.state, found.owner_path):
        raise NotFound(N_("There is no such course."))
    return found


def editable_course(db: Session, actor: Actor, slug: str) -> CourseHead:
    """A course the actor may change; one that everybody sees answers differently from one that nobody else does."""
    found = course_for(db, actor, slug)
    if not rules.may_edit(actor, found.owner_path):
        raise Forbidden(N_("Only trainers of %(owner)s may change this course."), owner=found.owner_name)
    return found


def uploads_visible_to(actor: Actor) -> ColumnElement[bool]:
    """One's own uploads; an administrator sees those of the organisations below."""
    if actor.system:
        return true()
    own = Upload.person_id == actor.id
    paths = actor.paths(Role.ADMINISTRATOR)
    if not paths:
        return own
    return or_(own, Upload.organisation_id.in_(select(Organisation.id).where(organisations.within(paths))))


def upload_for(db: Session, actor: Actor, key: str) -> UploadCard:
    found = queries.uploads(db, (Upload.key == key) & uploads_visible_to(actor))
    if not found:
        raise NotFound(N_("There is no such upload."))
    return found[0]


def uploads_of(db: Session, actor: Actor) -> tuple[UploadCard, ...]:
    """The actor's own uploads that have not been published, the newest first."""
    return queries.uploads(db, (Upload.person_id == actor.id) & Upload.published_version_id.is_(None))


def drafts_visible_to(actor: Actor) -> ColumnElement[bool]:
    """The drafts of the organisations one teaches for; whoever may edit the course shares its draft."""
    if actor.system:
        return true()
    paths = actor.paths(*TEACHES)
    if not paths:
        return false()
    return Draft.organisation_id.in_(select(Organisation.id).where(organisations.within(paths)))


def draft_for(db: Session, actor: Actor, key: str) -> DraftHead:
    """A draft that was not given up; one that has been published can be looked at, not changed."""
    found = queries.draft_by_key(db, key)
    if found is None or found.state is DraftState.DISCARDED or not rules.may_edit(actor, found.owner_path):
        raise NotFound(N_("There is no such draft."))
    return found


def drafts_of(db: Session, actor: Actor) -> tuple[DraftHead, ...]:
    """The open drafts that the actor may work on, the newest work first."""
    return queries.drafts(db, (Draft.state == DraftState.OPEN) & drafts_visible_to(actor))


def reviews_visible_to(actor: Actor) -> ColumnElement[bool]:
    """The reviews one has asked for, and those of the organisations for which one reviews."""
    if actor.system:
        return true()
    own = Review.author_id == actor.id
    paths = actor.paths(*REVIEWS)
    if not paths:
        return own
    return or_(own, Review.organisation_id.in_(select(Organisation.id).where(organisations.within(paths))))


def review_for(db: Session, actor: Actor, key: str) -> ReviewCard:
    found = queries.reviews(db, (Review.key == key) & reviews_visible_to(actor))
    if not found:
        raise NotFound(N_("There is no such review."))
    return found[0]


def reviews_of(db: Session, actor: Actor) -> tuple[ReviewCard, ...]:
    return queries.reviews(db, reviews_visible_to(actor) & (Review.state != ReviewState.WITHDRAWN))


def readable_upload(db: Session, actor: Actor, key: str) -> UploadCard:
    """An upload to look at: one's own, or one whose review the actor may see. Reading it is all a reviewer may do."""
    asked = select(Review.upload_key).where(reviews_visible_to(actor), Review.state != ReviewState.WITHDRAWN)
    found = queries.uploads(db, (Upload.key == key) & or_(uploads_visible_to(actor), Upload.key.in_(asked)))
    if not found:
        raise NotFound(N_("There is no such upload."))
    return found[0]


def publication_for(db: Session, actor: Actor, key: str) -> PublicationCard:
    """A publication that waits, of a course the actor may change."""
    for found in queries.waiting_publications(db, Publication.key == key):
        if rules.may_edit(actor, found.owner_path):
            return found
    raise NotFound(N_("There is no such publication."))
