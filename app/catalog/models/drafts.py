"""The tables of what is being written: drafts, their files, and words that were kept from being lost."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.catalog.rules import DraftState
from app.kit.database import Base, BigId, Id, word


class Draft(Base):
    """A course while it is being written: from nothing (no `base_version_id`), or from a version of a course.

    `slug` is the id the course has or will have. A course has one open draft, which its trainers share.
    """

    __tablename__ = "drafts"
    __table_args__ = (
        Index(
            "uq_drafts_open",
            "slug",
            "organisation_id",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
    )
    id: Mapped[Id]
    key: Mapped[str] = mapped_column(String(24), unique=True)
    slug: Mapped[str] = mapped_column(String(64), index=True)
    course_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("courses.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(BigId, ForeignKey("organisations.id"), index=True)
    base_version_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("course_versions.id"))
    title: Mapped[str] = mapped_column(String(200))
    state: Mapped[DraftState] = mapped_column(word(DraftState))
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("people.id"))
    changed_at: Mapped[datetime]
    upload_key: Mapped[str] = mapped_column(String(24), default="", index=True)
    published_version_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("course_versions.id"))


class DraftFile(Base):
    """One file of a draft: a text, or a blob by its hash. `revision` counts its savings; a removed one can come back."""

    __tablename__ = "draft_files"
    __table_args__ = (
        UniqueConstraint("draft_id", "path"),
        CheckConstraint("(text IS NULL) <> (blob IS NULL)", name="text_or_blob"),
        Index("ix_draft_files_blob", "blob"),
    )
    id: Mapped[Id]
    draft_id: Mapped[int] = mapped_column(BigId, ForeignKey("drafts.id"))
    path: Mapped[str] = mapped_column(String(520))
    text: Mapped[str | None] = mapped_column(Text)
    blob: Mapped[str | None] = mapped_column(String(64))
    size: Mapped[int]
    revision: Mapped[int]
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("people.id"))
    removed_at: Mapped[datetime | None]


class DraftCopy(Base):
    """What somebody wrote to a file that had changed meanwhile: kept beside it until its author has settled it."""

    __tablename__ = "draft_copies"
    __table_args__ = (Index("ix_draft_copies_draft_id_path", "draft_id", "path"),)
    id: Mapped[Id]
    draft_id: Mapped[int] = mapped_column(BigId, ForeignKey("drafts.id"))
    path: Mapped[str] = mapped_column(String(520))
    text: Mapped[str] = mapped_column(Text)
    base_revision: Mapped[int]
    kept_at: Mapped[datetime]
    kept_by_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("people.id"))
    settled_at: Mapped[datetime | None]
