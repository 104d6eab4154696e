"""The tables of what happens between an upload and its publication: reviews by a second person, and waiting."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.catalog.rules import PublicationState, ReviewState
from app.kit.database import Base, BigId, Id, word


class Review(Base):
    """A content that a second person is asked to read, and what that person decided.

    `digest` is that of the content: what is published is what was read, or it was not reviewed. `checklist` holds the
    ids of `rules.CHECKLIST` that the reviewer has ticked.
    """

    __tablename__ = "reviews"
    __table_args__ = (Index("ix_reviews_organisation_id_state", "organisation_id", "state"),)
    id: Mapped[Id]
    key: Mapped[str] = mapped_column(String(24), unique=True)
    upload_key: Mapped[str] = mapped_column(String(24))
    slug: Mapped[str] = mapped_column(String(64), index=True)
    title: Mapped[str] = mapped_column(String(200))
    organisation_id: Mapped[int] = mapped_column(BigId, ForeignKey("organisations.id"))
    filename: Mapped[str] = mapped_column(String(200))
    blob: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64), index=True)
    state: Mapped[ReviewState] = mapped_column(word(ReviewState))
    author_id: Mapped[int] = mapped_column(BigId, ForeignKey("people.id"))
    note: Mapped[str] = mapped_column(String(1000), default="")
    asked_at: Mapped[datetime]
    reviewer_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("people.id"))
    decided_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(String(2000), default="")
    checklist: Mapped[list[str]] = mapped_column(JSON)


class ReviewComment(Base):
    """What somebody says about one line of a file under review (line 0: about the whole file), never changed."""

    __tablename__ = "review_comments"
    id: Mapped[Id]
    review_id: Mapped[int] = mapped_column(BigId, ForeignKey("reviews.id"), index=True)
    path: Mapped[str] = mapped_column(String(255))
    line: Mapped[int]
    text: Mapped[str] = mapped_column(String(2000))
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("people.id"))
    created_at: Mapped[datetime]


class Publication(Base):
    """A publication that waits for its moment: what, how, by whom; `error` is the sentence why it could not be."""

    __tablename__ = "publications"
    __table_args__ = (
        Index("ix_publications_slug_state", "slug", "state"),
        # Two publications of a course that wait would have to know of each other: there is one.
        Index(
            "uq_publications_waiting",
            "slug",
            unique=True,
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
    )
    id: Mapped[Id]
    key: Mapped[str] = mapped_column(String(24), unique=True)
    upload_key: Mapped[str] = mapped_column(String(24))
    slug: Mapped[str] = mapped_column(String(64))
    title: Mapped[str] = mapped_column(String(200))
    organisation_id: Mapped[int] = mapped_column(BigId, ForeignKey("organisations.id"))
    filename: Mapped[str] = mapped_column(String(200))
    blob: Mapped[str] = mapped_column(String(64))
    level: Mapped[str] = mapped_column(String(16), default="")
    note: Mapped[str] = mapped_column(String(1000), default="")
    regrade: Mapped[str] = mapped_column(String(16), default="")
    staff: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime]
    state: Mapped[PublicationState] = mapped_column(word(PublicationState))
    error: Mapped[str] = mapped_column(String(1000), default="")
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("people.id"))
    created_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    version_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("course_versions.id"))
