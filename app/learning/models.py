"""The tables of enrolments, evidence, and what they add up to."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.database import Base, BigId, Id, word
from app.learning.rules import Kind, Mark, RunState


class Enrolment(Base):
    """One person's run through one major version of a course: the fold of its evidence.

    `organisation_id` is where the run is counted. A new period is a new row; nothing is ever reset.
    """

    __tablename__ = "enrolments"
    __table_args__ = (
        UniqueConstraint("person_id", "course_id", "period"),
        Index("ix_enrolments_organisation_id_course_id", "organisation_id", "course_id"),
        Index("ix_enrolments_course_id_state", "course_id", "state"),
        # Who is behind at a place.
        Index("ix_enrolments_behind", "organisation_id", "required", "state", "due_on", "person_id"),
    )
    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("people.id"))
    course_id: Mapped[int] = mapped_column(BigId, ForeignKey("courses.id"))
    period: Mapped[int] = mapped_column(default=1)
    major: Mapped[int]
    organisation_id: Mapped[int] = mapped_column(BigId, ForeignKey("organisations.id"))
    state: Mapped[RunState] = mapped_column(word(RunState))
    required: Mapped[bool] = mapped_column(default=False)
    due_on: Mapped[date | None]
    enrolled_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]
    completed_version_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("course_versions.id"))
    last_page: Mapped[str] = mapped_column(String(64), default="")
    active_at: Mapped[datetime | None]
    done: Mapped[int] = mapped_column(default=0)
    current: Mapped[bool] = mapped_column(default=True)
    declined: Mapped[int] = mapped_column(default=0)


class Evidence(Base):
    """One thing that happened, never changed and never deleted. The same `key` is the same thing said twice."""

    __tablename__ = "evidence"
    __table_args__ = (Index("ix_evidence_enrolment_id_id", "enrolment_id", "id"),)
    id: Mapped[Id]
    key: Mapped[str] = mapped_column(String(128), unique=True)
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("people.id"), index=True)
    enrolment_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("enrolments.id"))
    kind: Mapped[Kind] = mapped_column(word(Kind))
    subject: Mapped[str] = mapped_column(String(64), default="")
    version_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("course_versions.id"))
    organisation_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("organisations.id"))
    actor_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("people.id"))
    occurred_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    data: Mapped[dict[str, Any]] = mapped_column(JSON)


class Progress(Base):
    """Where one enrolment stands in one page or quiz: the fold of its evidence."""

    __tablename__ = "progress"
    enrolment_id: Mapped[int] = mapped_column(BigId, ForeignKey("enrolments.id"), primary_key=True)
    subject: Mapped[str] = mapped_column(String(64), primary_key=True)
    finished_at: Mapped[datetime | None]
    best_score: Mapped[float | None]
    passed_at: Mapped[datetime | None]
    gradings: Mapped[int] = mapped_column(default=0)


class CompletionCount(Base):
    """How many runs stand where: organisation × course × state × required × due date.

    "Overdue" is a sum over due dates, so no nightly job is needed. `due_on` 9999-12-31 means none.
    """

    __tablename__ = "completion_counts"
    __table_args__ = (CheckConstraint("number >= 0", name="not_negative"),)
    organisation_id: Mapped[int] = mapped_column(BigId, ForeignKey("organisations.id"), primary_key=True)
    course_id: Mapped[int] = mapped_column(BigId, ForeignKey("courses.id"), primary_key=True)
    state: Mapped[RunState] = mapped_column(word(RunState), primary_key=True)
    required: Mapped[bool] = mapped_column(primary_key=True)
    due_on: Mapped[date] = mapped_column(primary_key=True)
    number: Mapped[int]


class SubtreeCount(Base):
    """The same counters, of a place and everything below it together: what the pages of wide places are read from."""

    __tablename__ = "subtree_counts"
    __table_args__ = (CheckConstraint("number >= 0", name="not_negative"),)
    organisation_id: Mapped[int] = mapped_column(BigId, ForeignKey("organisations.id"), primary_key=True)
    course_id: Mapped[int] = mapped_column(BigId, ForeignKey("courses.id"), primary_key=True)
    state: Mapped[RunState] = mapped_column(word(RunState), primary_key=True)
    required: Mapped[bool] = mapped_column(primary_key=True)
    due_on: Mapped[date] = mapped_column(primary_key=True)
    number: Mapped[int]


class DayCount(Base):
    """How many began and completed on each day (in UTC): of a place directly below the root with everything under it,
    and of the root's own people. `course_id` 0 is all courses together."""

    __tablename__ = "day_counts"
    # Read in ranges of days, so the rows lie in the order of the key.
    __table_args__ = ({"sqlite_with_rowid": False},)
    organisation_id: Mapped[int] = mapped_column(BigId, ForeignKey("organisations.id"), primary_key=True)
    mark: Mapped[Mark] = mapped_column(word(Mark), primary_key=True)
    required: Mapped[bool] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(BigId, primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    number: Mapped[int]


class TookCount(Base):
    """How many took how many days to complete what is required, by how many days they had (1,000,000: no due date), of
    the same places. Less than 0: it had been done before it was asked for. `course_id` 0 is all courses together."""

    __tablename__ = "took_counts"
    __table_args__ = ({"sqlite_with_rowid": False},)
    organisation_id: Mapped[int] = mapped_column(BigId, ForeignKey("organisations.id"), primary_key=True)
    course_id: Mapped[int] = mapped_column(BigId, primary_key=True)
    allowed: Mapped[int] = mapped_column(primary_key=True)
    took: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int]
