"""The tables of requirements, whom they reached, and reminders."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.database import Base, BigId, Id


class Requirement(Base):
    """One course, one organisation with everything below it, one date; and why."""

    __tablename__ = "requirements"
    __table_args__ = (
        # Two managers may press the button at the same moment: one requirement comes of it.
        Index(
            "uq_requirements_active",
            "course_id",
            "organisation_id",
            "due_on",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )
    id: Mapped[Id]
    key: Mapped[str] = mapped_column(String(24), unique=True)
    course_id: Mapped[int] = mapped_column(BigId, ForeignKey("courses.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(BigId, ForeignKey("organisations.id"), index=True)
    due_on: Mapped[date]
    reason: Mapped[str] = mapped_column(String(500), default="")
    legal_basis: Mapped[str] = mapped_column(String(300), default="")
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("people.id"))
    ended_at: Mapped[datetime | None]


class Assignment(Base):
    """One person reached by one requirement; why the course is on their list."""

    __tablename__ = "assignments"
    __table_args__ = (Index("ix_assignments_enrolment_id", "enrolment_id"),)
    requirement_id: Mapped[int] = mapped_column(BigId, ForeignKey("requirements.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("people.id"), primary_key=True, index=True)
    enrolment_id: Mapped[int] = mapped_column(BigId, ForeignKey("enrolments.id"))
    assigned_at: Mapped[datetime]


class Reminder(Base):
    """One reminder sent. `occasion` (a ladder step such as "T-7", or "manual:2026-03-30") is said once per run."""

    __tablename__ = "reminders"
    __table_args__ = (UniqueConstraint("enrolment_id", "occasion"),)
    id: Mapped[Id]
    enrolment_id: Mapped[int] = mapped_column(BigId, ForeignKey("enrolments.id"))
    occasion: Mapped[str] = mapped_column(String(32))
    sent_at: Mapped[datetime] = mapped_column(index=True)
    sent_by_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("people.id"))
    by_mail: Mapped[bool]
