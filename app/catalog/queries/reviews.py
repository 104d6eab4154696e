"""Reviews by a second person: what waits to be read, what was decided, and what was said about which line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, aliased

from app.accounts.models import Person
from app.catalog.models import Review, ReviewComment
from app.catalog.rules import REVIEW_DAYS, ReviewState
from app.kit import clock
from app.organisations.models import Organisation
from app.organisations.queries import said_name


@dataclass(frozen=True, slots=True)
class ReviewCard:
    """One review. `digest` is that of the content which was read; `comments` how many lines have been spoken of."""

    id: int
    key: str
    upload_key: str
    slug: str
    title: str
    organisation_id: int
    owner_path: str
    owner_name: str
    filename: str
    digest: str
    state: ReviewState
    author_id: int
    author: str
    note: str
    asked_at: datetime
    reviewer_id: int | None
    reviewer: str
    decided_at: datetime | None
    answer: str
    checklist: tuple[str, ...]
    comments: int


@dataclass(frozen=True, slots=True)
class CommentLine:
    """`line` 0 is about the whole file."""

    path: str
    line: int
    text: str
    person: str
    created_at: datetime


def reviews(db: Session, where: ColumnElement[bool], *, limit: int = 200) -> tuple[ReviewCard, ...]:
    """The newest first."""
    author, reviewer = aliased(Person), aliased(Person)
    said = select(func.count()).select_from(ReviewComment).where(ReviewComment.review_id == Review.id).scalar_subquery()
    rows = db.execute(
        select(Review, Organisation.path, said_name(), author, reviewer, said)
        .join(Organisation, Organisation.id == Review.organisation_id)
        .join(author, author.id == Review.author_id)
        .outerjoin(reviewer, reviewer.id == Review.reviewer_id)
        .where(where)
        .order_by(Review.asked_at.desc(), Review.id.desc())
        .limit(limit)
    )
    return tuple(
        ReviewCard(
            id=row.id,
            key=row.key,
            upload_key=row.upload_key,
            slug=row.slug,
            title=row.title,
            organisation_id=row.organisation_id,
            owner_path=path,
            owner_name=name,
            filename=row.filename,
            digest=row.digest,
            state=row.state,
            author_id=row.author_id,
            author=f"{by.given_name} {by.family_name}",
            note=row.note,
            asked_at=row.asked_at,
            reviewer_id=row.reviewer_id,
            reviewer=f"{read_by.given_name} {read_by.family_name}" if read_by else "",
            decided_at=row.decided_at,
            answer=row.answer,
            checklist=tuple(row.checklist),
            comments=comments,
        )
        for row, path, name, by, read_by, comments in rows
    )


def review_comments(db: Session, review_id: int) -> tuple[CommentLine, ...]:
    """In the order of the text: by file, line and time."""
    rows = db.execute(
        select(
            ReviewComment.path,
            ReviewComment.line,
            ReviewComment.text,
            Person.given_name,
            Person.family_name,
            ReviewComment.created_at,
        )
        .join(Person, Person.id == ReviewComment.person_id)
        .where(ReviewComment.review_id == review_id)
        .order_by(ReviewComment.path, ReviewComment.line, ReviewComment.id)
    )
    return tuple(CommentLine(path, line, text, f"{given} {family}", at) for path, line, text, given, family, at in rows)


def approval(db: Session, digest: str) -> ReviewCard | None:
    """The latest review that approved this very content, if it is not too old to count."""
    since = clock.now() - timedelta(days=REVIEW_DAYS)
    found = reviews(
        db, (Review.digest == digest) & (Review.state == ReviewState.APPROVED) & (Review.decided_at >= since), limit=1
    )
    return found[0] if found else None


def review_of(db: Session, upload_key: str) -> ReviewCard | None:
    """The latest review that was asked for of an upload."""
    found = reviews(db, (Review.upload_key == upload_key) & (Review.state != ReviewState.WITHDRAWN), limit=1)
    return found[0] if found else None
