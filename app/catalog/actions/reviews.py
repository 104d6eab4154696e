"""Asking a second person to read a course before it is published, and answering."""

from __future__ import annotations

import secrets
from collections.abc import Collection

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.accounts import actions as accounts
from app.accounts import queries as people
from app.accounts.rules import NoticeKind
from app.catalog.models import Review, ReviewComment, Upload
from app.catalog.queries import ReviewCard, UploadCard
from app.catalog.rules import CHECKLIST, ReviewState, may_review
from app.kit import audit, clock
from app.kit.actor import Actor, Role
from app.kit.errors import Conflict, Forbidden, Invalid, KitError
from app.kit.i18n import N_
from app.kit.limits import REVIEW_CHARACTERS, REVIEW_COMMENTS


def ask_review(
    db: Session,
    actor: Actor,
    *,
    upload: UploadCard,
    organisation_id: int,
    digest: str,
    title: str,
    note: str = "",
) -> str:
    """Ask for a review of an upload as it is now; answers its key. The same content asked about again is one review.

    `digest` is that of the course in it, and `organisation_id` whose course it is: who reviews for it is told.
    """
    db.execute(select(Upload.id).where(Upload.key == upload.key).with_for_update())
    open_ones = (Review.upload_key == upload.key) & (Review.state == ReviewState.ASKED)
    for row in db.scalars(select(Review).where(open_ones).order_by(Review.id)):
        if row.digest == digest:
            return row.key
        row.state = ReviewState.WITHDRAWN  # what was asked about is not what is to be published any more
    row = Review(
        key=secrets.token_urlsafe(12),
        upload_key=upload.key,
        slug=upload.slug,
        title=title[:200],
        organisation_id=organisation_id,
        filename=upload.filename,
        blob=upload.blob,
        digest=digest,
        state=ReviewState.ASKED,
        author_id=upload.person_id,
        note=note[:1000],
        asked_at=clock.now(),
        checklist=[],
    )
    db.add(row)
    db.flush()
    audit.say(db, actor, "review.asked", subject=row.slug, organisation_id=organisation_id, review=row.key)
    reviewers = people.holders(db, organisation_id, Role.REVIEWER) or people.holders(db, organisation_id, Role.TRAINER)
    for person_id in reviewers:
        if person_id != upload.person_id:
            accounts.notify(
                db,
                person_id,
                NoticeKind.REVIEW_ASKED,
                key=f"review:{row.id}:asked",
                title=row.title,
                person=actor.name,
                review=row.key,
            )
    return row.key


def _for_update(db: Session, review: ReviewCard) -> Review:
    row = db.scalar(
        select(Review).where(Review.id == review.id).with_for_update().execution_options(populate_existing=True)
    )
    assert row is not None
    return row


def _still_asked(row: Review) -> None:
    if row.state is not ReviewState.ASKED:
        raise Conflict(N_("This review is over: somebody has decided, or the author has taken it back."))


def comment_on(db: Session, actor: Actor, *, review: ReviewCard, path: str, line: int, text: str) -> None:
    """Say something about a line; the author may answer there, too."""
    if actor.id != review.author_id and not may_review(actor, review.owner_path, review.author_id):
        raise Forbidden(N_("You do not review courses of %(owner)s."), owner=review.owner_name)
    if len(text) > REVIEW_CHARACTERS:
        raise Invalid(text=KitError(N_("Use at most %(limit)s characters."), limit=REVIEW_CHARACTERS))
    _still_asked(_for_update(db, review))
    if review.comments >= REVIEW_COMMENTS:
        raise Conflict(N_("There are very many comments already. Ask for changes, and let the author answer."))
    db.add(
        ReviewComment(
            review_id=review.id, path=path[:255], line=line, text=text, person_id=actor.id, created_at=clock.now()
        )
    )
    db.flush()


def decide_review(
    db: Session, actor: Actor, *, review: ReviewCard, approve: bool, checklist: Collection[str], answer: str
) -> None:
    """Approve, with every point of the checklist seen to; or ask for changes, saying which. Whoever made it cannot."""
    if actor.id == review.author_id:
        raise Forbidden(N_("You have made this course yourself. Somebody else has to read it."))
    if not may_review(actor, review.owner_path, review.author_id):
        raise Forbidden(N_("You do not review courses of %(owner)s."), owner=review.owner_name)
    if len(answer) > REVIEW_CHARACTERS:
        raise Invalid(answer=KitError(N_("Use at most %(limit)s characters."), limit=REVIEW_CHARACTERS))
    ticked = [one for one in CHECKLIST if one in checklist]
    if approve and len(ticked) < len(CHECKLIST):
        raise Invalid(checklist=KitError(N_("Tick every point you have looked at; approving takes all of them.")))
    if not approve and not answer and not review.comments:
        raise Invalid(answer=KitError(N_("Say what is to be changed, here or at a line.")))
    row = _for_update(db, review)
    _still_asked(row)
    row.state = ReviewState.APPROVED if approve else ReviewState.CHANGES
    row.reviewer_id, row.decided_at, row.answer, row.checklist = actor.id, clock.now(), answer, ticked
    db.flush()
    audit.say(
        db,
        actor,
        "review.decided",
        subject=row.slug,
        organisation_id=row.organisation_id,
        review=row.key,
        decision=row.state.value,
        digest=row.digest,
    )
    accounts.notify(
        db,
        row.author_id,
        NoticeKind.REVIEW_DECIDED,
        key=f"review:{row.id}:decided",
        title=row.title,
        person=actor.name,
        review=row.key,
        approved=approve,
    )


def withdraw_review(db: Session, actor: Actor, *, review: ReviewCard) -> None:
    """The author takes the question back."""
    if actor.id != review.author_id:
        raise Forbidden(N_("Only whoever asked for a review takes it back."))
    row = _for_update(db, review)
    _still_asked(row)
    row.state = ReviewState.WITHDRAWN
    db.flush()
    audit.say(db, actor, "review.withdrawn", subject=row.slug, organisation_id=row.organisation_id, review=row.key)


def let_reviews_go(db: Session, *, upload_key: str) -> None:
    """An upload is taken away: nobody is to read it any more."""
    db.execute(
        update(Review)
        .where(Review.upload_key == upload_key, Review.state == ReviewState.ASKED)
        .values(state=ReviewState.WITHDRAWN)
    )
