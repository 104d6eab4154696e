"""The tables of what courses share: texts for their pictures, leave to adopt them, and what was adopted from whom."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.database import Base, BigId, Id


class MediaText(Base):
    """What a picture of a course shows, said once for every place it is put. Of one that only decorates it is empty."""

    __tablename__ = "media_texts"
    organisation_id: Mapped[int] = mapped_column(BigId, ForeignKey("organisations.id"), primary_key=True)
    slug: Mapped[str] = mapped_column(String(64), primary_key=True)
    path: Mapped[str] = mapped_column(String(520), primary_key=True)
    text: Mapped[str] = mapped_column(String(300))
    decorative: Mapped[bool]


class Sharing(Base):
    """That a course may be adopted by other organisations, and under which licence. No row: it may not."""

    __tablename__ = "sharings"
    course_id: Mapped[int] = mapped_column(BigId, ForeignKey("courses.id"), primary_key=True)
    licence: Mapped[str] = mapped_column(String(32))
    since: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("people.id"))


class Adoption(Base):
    """That the course `slug` of an organisation was made from another's.

    `base_version_id` is the version of the original that ours was last held against; `taken_version_id` the one whose
    changes were brought into the draft `draft_id`, which counts once that draft was not given up.
    """

    __tablename__ = "adoptions"
    __table_args__ = (UniqueConstraint("organisation_id", "slug"),)
    id: Mapped[Id]
    organisation_id: Mapped[int] = mapped_column(BigId, ForeignKey("organisations.id"))
    slug: Mapped[str] = mapped_column(String(64))
    original_id: Mapped[int] = mapped_column(BigId, ForeignKey("courses.id"), index=True)
    base_version_id: Mapped[int] = mapped_column(BigId, ForeignKey("course_versions.id"))
    taken_version_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("course_versions.id"))
    draft_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("drafts.id"))
    licence: Mapped[str] = mapped_column(String(32))
    adopted_at: Mapped[datetime]
    adopted_by_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("people.id"))
