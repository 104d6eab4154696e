"""The tables of requirements, whom they reached, their periods, what changes a date, and reminders."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.database import Base, BigId, Id, word
from app.requirements.rules import WhatKind


class Requirement(Base):
    """One rule. `rule` holds all of it; the columns beside it are what is searched by.

    `subject` names what its periods are about: rules about the same course share them.
    """

    __tablename__ = "requirements"
    __table_args__ = (
        # Two managers may press the button at the same moment: one requirement comes of it.
        Index(
            "uq_requirements_active",
            "fingerprint",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )
    id: Mapped[Id]
    key: Mapped[str] = mapped_column(String(24), unique=True)
    kind: Mapped[WhatKind] = mapped_column(word(WhatKind))
    course_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("courses.id"), index=True)
    title: Mapped[str] = mapped_column(String(120), default="")
    subject: Mapped[str] = mapped_column(String(64), index=True)
    organisation_id: Mapped[int] = mapped_column(BigId, ForeignKey("organisations.id"), index=True)
    due_on: Mapped[date | None]
    rule: Mapped[dict[str, Any]] = mapped_column(JSON)
    fingerprint: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(String(500), default="")
    legal_basis: Mapped[str] = mapped_column(String(300), default="")
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("people.id"))
    changed_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class Assignment(Base):
    """One person reached by one requirement, for one thing: why it is on their list, and by when for this reason alone.

    `number` is the period that the date is about; `not_before` what was fair when it began. `ended_at`: the rule does not mean this person any more.
    """

    __tablename__ = "assignments"
    __table_args__ = (
        Index("ix_assignments_enrolment_id", "enrolment_id"),
        Index("ix_assignments_person_id_subject", "person_id", "subject"),
    )
    requirement_id: Mapped[int] = mapped_column(BigId, ForeignKey("requirements.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("people.id"), primary_key=True)
    subject: Mapped[str] = mapped_column(String(64), primary_key=True)
    enrolment_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("enrolments.id"))
    number: Mapped[int] = mapped_column(default=1)
    assigned_at: Mapped[datetime]
    due_on: Mapped[date]
    not_before: Mapped[date | None]
    steps: Mapped[list[Any]] = mapped_column(JSON)
    ended_at: Mapped[datetime | None]


class PeriodRow(Base):
    """One cycle of one person in one thing; a new cycle is a new row, and a row that is met does not change any more.

    `organisation_id` is where the person works now. `steps` tell how the date came about. The `next` columns are filled in when the period is met.
    """

    __tablename__ = "periods"
    __table_args__ = (
        UniqueConstraint("person_id", "subject", "number"),
        Index("ix_periods_subject_due_on", "subject", "due_on"),
        Index("ix_periods_enrolment_id", "enrolment_id"),
        Index("ix_periods_next_opens_on", "next_opens_on"),
        # What a manager's week is counted from without reading the rows.
        Index("ix_periods_week", "organisation_id", "latest", "dropped_at", "met_on", "valid_until", "person_id"),
    )
    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("people.id"))
    organisation_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("organisations.id"))
    subject: Mapped[str] = mapped_column(String(64))
    number: Mapped[int]
    enrolment_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("enrolments.id"))
    opens_on: Mapped[date]
    due_on: Mapped[date]
    steps: Mapped[list[Any]] = mapped_column(JSON)
    extended_until: Mapped[date | None]
    held_until: Mapped[date | None]
    met_on: Mapped[date | None]
    met_by: Mapped[str] = mapped_column(String(32), default="")
    evidence_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("evidence.id"))
    valid_until: Mapped[date | None]
    next_opens_on: Mapped[date | None]
    next_due_on: Mapped[date | None]
    next_steps: Mapped[list[Any]] = mapped_column(JSON, default=list)
    latest: Mapped[bool] = mapped_column(default=True)
    dropped_at: Mapped[datetime | None]


class Exemption(Base):
    """Somebody need not do something (`subject` empty: anything) for a reason that is kept."""

    __tablename__ = "exemptions"
    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("people.id"), index=True)
    subject: Mapped[str] = mapped_column(String(64), default="")
    since: Mapped[date]
    until: Mapped[date | None]
    reason: Mapped[str] = mapped_column(String(500))
    granted_at: Mapped[datetime]
    granted_by_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("people.id"))
    ended_at: Mapped[datetime | None]


class LeaveRow(Base):
    """Somebody is away from work. Why is nobody's business here; only that dates wait."""

    __tablename__ = "leaves"
    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("people.id"), index=True)
    since: Mapped[date]
    until: Mapped[date | None]
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("people.id"))
    ended_at: Mapped[datetime | None]


class ExtensionState(StrEnum):
    ASKED = "asked"
    GRANTED = "granted"
    REFUSED = "refused"


class Extension(Base):
    """More time for one period: asked for by the learner, granted or refused by a manager, each with a reason."""

    __tablename__ = "extensions"
    __table_args__ = (
        # Of several questions about the same period one waits.
        Index(
            "uq_extensions_asked",
            "period_id",
            unique=True,
            sqlite_where=text("state = 'asked'"),
            postgresql_where=text("state = 'asked'"),
        ),
    )
    id: Mapped[Id]
    key: Mapped[str] = mapped_column(String(24), unique=True)
    period_id: Mapped[int] = mapped_column(BigId, ForeignKey("periods.id"), index=True)
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("people.id"), index=True)
    state: Mapped[ExtensionState] = mapped_column(word(ExtensionState), default=ExtensionState.ASKED)
    was_on: Mapped[date]
    until: Mapped[date]
    reason: Mapped[str] = mapped_column(String(500))
    asked_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("people.id"))
    answer: Mapped[str] = mapped_column(String(500), default="")


class Recognition(Base):
    """One institution's signature that it accepts what people have completed at another. It holds when both have signed."""

    __tablename__ = "recognitions"
    __table_args__ = (
        Index(
            "uq_recognitions_active",
            "signer_id",
            "other_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )
    id: Mapped[Id]
    signer_id: Mapped[int] = mapped_column(BigId, ForeignKey("organisations.id"), index=True)
    other_id: Mapped[int] = mapped_column(BigId, ForeignKey("organisations.id"), index=True)
    signed_at: Mapped[datetime]
    signed_by_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("people.id"))
    ended_at: Mapped[datetime | None]


class PersonTag(Base):
    """A word by which rules find people: "drivers", "cyber"."""

    __tablename__ = "person_tags"
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("people.id"), primary_key=True)
    tag: Mapped[str] = mapped_column(String(40), primary_key=True, index=True)


class Reminder(Base):
    """One reminder sent. `occasion` (a ladder step such as "T-7", "manual:2026-03-30", or "manager") is said once per
    period. `person_id` is who heard, where that was not the learner."""

    __tablename__ = "reminders"
    __table_args__ = (UniqueConstraint("enrolment_id", "occasion"), UniqueConstraint("period_id", "occasion"))
    id: Mapped[Id]
    enrolment_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("enrolments.id"))
    period_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("periods.id"))
    occasion: Mapped[str] = mapped_column(String(64))
    sent_at: Mapped[datetime] = mapped_column(index=True)
    sent_by_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("people.id"))
    person_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("people.id"))
    by_mail: Mapped[bool]
