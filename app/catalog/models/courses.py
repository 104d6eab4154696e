"""The tables of courses and their immutable versions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.catalog.rules import CourseState
from app.kit.database import Base, BigId, Id, word


class Course(Base):
    """A course as such. What it contains stands in its versions; `current_version_id` is what new learners get."""

    __tablename__ = "courses"
    id: Mapped[Id]
    slug: Mapped[str] = mapped_column(String(64), unique=True)
    organisation_id: Mapped[int] = mapped_column(BigId, ForeignKey("organisations.id"), index=True)
    state: Mapped[CourseState] = mapped_column(word(CourseState))
    current_version_id: Mapped[int | None] = mapped_column(
        BigId, ForeignKey("course_versions.id", use_alter=True, name="fk_courses_current_version_id_course_versions")
    )
    created_at: Mapped[datetime]


class CourseVersion(Base):
    """One published state of a course, never changed. `digest` is the SHA-256 of its files.

    `outline` and `texts` are the course as JSON: see `rules.Outline` and `rules.CourseWords`, which read them.
    """

    __tablename__ = "course_versions"
    __table_args__ = (UniqueConstraint("course_id", "major", "minor"), UniqueConstraint("course_id", "digest"))
    id: Mapped[Id]
    course_id: Mapped[int] = mapped_column(BigId, ForeignKey("courses.id"))
    major: Mapped[int]
    minor: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    lang: Mapped[str] = mapped_column(String(8))
    outline: Mapped[dict[str, Any]] = mapped_column(JSON)
    texts: Mapped[dict[str, Any]] = mapped_column(JSON)
    changes: Mapped[dict[str, Any]] = mapped_column(JSON)
    search: Mapped[str] = mapped_column(Text)
    note: Mapped[str] = mapped_column(String(1000), default="")
    source: Mapped[str] = mapped_column(String(64))
    published_at: Mapped[datetime]
    published_by_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("people.id"))
    reviewed_by_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("people.id"))
    reviewed_at: Mapped[datetime | None]


class PageText(Base):
    """One page of one version in one language, rendered once. `blocks` are HTML, questions and quizzes in order."""

    __tablename__ = "page_texts"
    version_id: Mapped[int] = mapped_column(BigId, ForeignKey("course_versions.id"), primary_key=True)
    page: Mapped[str] = mapped_column(String(64), primary_key=True)
    lang: Mapped[str] = mapped_column(String(8), primary_key=True)
    title: Mapped[str]
    text_lang: Mapped[str] = mapped_column(String(8))
    blocks: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    sources: Mapped[list[dict[str, Any]]] = mapped_column(JSON)


class QuizRow(Base):
    """One quiz of one version: its rules, and which question revisions it asks or draws from."""

    __tablename__ = "quizzes"
    version_id: Mapped[int] = mapped_column(BigId, ForeignKey("course_versions.id"), primary_key=True)
    quiz: Mapped[str] = mapped_column(String(64), primary_key=True)
    page: Mapped[str] = mapped_column(String(64))
    rules: Mapped[dict[str, Any]] = mapped_column(JSON)
    items: Mapped[list[dict[str, Any]]] = mapped_column(JSON)


class QuestionRevision(Base):
    """A question as it once stood, in every language, with its key; what an old attempt is shown and marked by.

    `revision` is the SHA-256 of course, question and content, so the same words are stored once.
    """

    __tablename__ = "question_revisions"
    revision: Mapped[str] = mapped_column(String(64), primary_key=True)
    course_id: Mapped[int] = mapped_column(BigId, ForeignKey("courses.id"), index=True)
    question: Mapped[str] = mapped_column(String(64))
    type: Mapped[str] = mapped_column(String(16))
    body: Mapped[dict[str, Any]] = mapped_column(JSON)


class KnownId(Base):
    """Every id a course has ever published: the lock that keeps learners' progress through every edit."""

    __tablename__ = "known_ids"
    course_id: Mapped[int] = mapped_column(BigId, ForeignKey("courses.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    type: Mapped[str] = mapped_column(String(16), default="")
    first_version_id: Mapped[int] = mapped_column(BigId, ForeignKey("course_versions.id"))
    now_called: Mapped[str | None] = mapped_column(String(64))


class Asset(Base):
    """A media file of a version, by its content."""

    __tablename__ = "assets"
    __table_args__ = (Index("ix_assets_blob", "blob"),)
    version_id: Mapped[int] = mapped_column(BigId, ForeignKey("course_versions.id"), primary_key=True)
    path: Mapped[str] = mapped_column(String(255), primary_key=True)
    blob: Mapped[str] = mapped_column(String(64))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]


class Upload(Base):
    """A course somebody has uploaded and not (yet) published; its problems and a preview are made from the blob."""

    __tablename__ = "uploads"
    id: Mapped[Id]
    key: Mapped[str] = mapped_column(String(24), unique=True)
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("people.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(BigId, ForeignKey("organisations.id"), index=True)
    filename: Mapped[str] = mapped_column(String(200))
    blob: Mapped[str] = mapped_column(String(64))
    slug: Mapped[str] = mapped_column(String(64), default="", index=True)
    summary: Mapped[dict[str, Any]] = mapped_column(JSON)
    problems: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    created_at: Mapped[datetime]
    published_version_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("course_versions.id"))
