"""The tables of group sessions: the session, its roster, what was watched, and sheets of answers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.groups.rules import GroupState, How
from app.kit.database import Base, BigId, Id, word

_HAS_PIN = text("pin <> ''")


class GroupSession(Base):
    """One meeting at a place about one major version of a course, or about one page of it (`page`).

    `code` and `pin` let people in while it is open, and are empty before and after. `at_page` is what the screen shows.
    """

    __tablename__ = "group_sessions"
    __table_args__ = (
        # Two open sessions never have the same PIN.
        Index("uq_group_sessions_pin", "pin", unique=True, sqlite_where=_HAS_PIN, postgresql_where=_HAS_PIN),
    )
    id: Mapped[Id]
    key: Mapped[str] = mapped_column(String(24), unique=True)
    course_id: Mapped[int] = mapped_column(BigId, ForeignKey("courses.id"), index=True)
    major: Mapped[int]
    page: Mapped[str] = mapped_column(String(64), default="")
    organisation_id: Mapped[int] = mapped_column(BigId, ForeignKey("organisations.id"), index=True)
    room: Mapped[str] = mapped_column(String(200), default="")
    starts_at: Mapped[datetime]
    state: Mapped[GroupState] = mapped_column(word(GroupState), default=GroupState.PLANNED)
    made_by_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("people.id"), index=True)
    made_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    code: Mapped[str] = mapped_column(String(32), default="", index=True)
    pin: Mapped[str] = mapped_column(String(8), default="")
    at_page: Mapped[str] = mapped_column(String(64), default="")


class GroupMember(Base):
    """One person on the roster. Expected until `joined_at`; present from then until `left_at`.

    `told_starts_at` and `told_room` are what the person was last told of the session, at `told_at`; `reminded_of` is the
    moment they were reminded of.
    """

    __tablename__ = "group_members"
    session_id: Mapped[int] = mapped_column(BigId, ForeignKey("group_sessions.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("people.id"), primary_key=True, index=True)
    how: Mapped[How | None] = mapped_column(word(How))
    joined_at: Mapped[datetime | None]
    left_at: Mapped[datetime | None]
    told_at: Mapped[datetime | None]
    told_starts_at: Mapped[datetime | None]
    told_room: Mapped[str] = mapped_column(String(200), default="")
    reminded_of: Mapped[datetime | None]


class GroupStep(Base):
    """One page that was watched together; `present` is how many were there when it was left last."""

    __tablename__ = "group_steps"
    session_id: Mapped[int] = mapped_column(BigId, ForeignKey("group_sessions.id"), primary_key=True)
    page: Mapped[str] = mapped_column(String(64), primary_key=True)
    watched_at: Mapped[datetime]
    present: Mapped[int]


class AnswerSheet(Base):
    """One printed sheet: whose, with which draw of a quiz (`questions`, as an attempt keeps them), and what came of it.

    `number` counts the sheets of one person at one quiz in one session; a new one is printed only after the last was
    entered. `attempt_id` is the attempt it became.
    """

    __tablename__ = "answer_sheets"
    __table_args__ = (
        UniqueConstraint("session_id", "code"),
        UniqueConstraint("session_id", "person_id", "quiz", "number"),
    )
    id: Mapped[Id]
    session_id: Mapped[int] = mapped_column(BigId, ForeignKey("group_sessions.id"))
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("people.id"), index=True)
    quiz: Mapped[str] = mapped_column(String(64))
    number: Mapped[int]
    code: Mapped[str] = mapped_column(String(8))
    version_id: Mapped[int] = mapped_column(BigId, ForeignKey("course_versions.id"))
    lang: Mapped[str] = mapped_column(String(8))
    questions: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    printed_at: Mapped[datetime]
    entered_at: Mapped[datetime | None]
    entered_by_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("people.id"))
    attempt_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("attempts.id"))
