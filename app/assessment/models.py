"""The tables of attempts and answers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.assessment.rules import AttemptState
from app.kit.database import Base, BigId, Id, word


class Attempt(Base):
    """One go at a quiz. `questions` fixes at the start which revisions are asked, in which order, with which
    order of options; `deadline_at` is empty when there is no time limit. Scores are points."""

    __tablename__ = "attempts"
    __table_args__ = (
        UniqueConstraint("enrolment_id", "quiz", "number"),
        Index("ix_attempts_state_deadline_at", "state", "deadline_at"),
    )
    id: Mapped[Id]
    key: Mapped[str] = mapped_column(String(24), unique=True)
    enrolment_id: Mapped[int] = mapped_column(BigId, ForeignKey("enrolments.id"))
    version_id: Mapped[int] = mapped_column(BigId, ForeignKey("course_versions.id"))
    quiz: Mapped[str] = mapped_column(String(64))
    number: Mapped[int]
    lang: Mapped[str] = mapped_column(String(8))
    state: Mapped[AttemptState] = mapped_column(word(AttemptState), default=AttemptState.OPEN)
    questions: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    started_at: Mapped[datetime]
    deadline_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    score: Mapped[float | None]
    max_score: Mapped[float]
    passed: Mapped[bool | None]


class Answer(Base):
    """What was answered to one question of an attempt, last. `response` is what `rules.grade` takes."""

    __tablename__ = "answers"
    attempt_id: Mapped[int] = mapped_column(BigId, ForeignKey("attempts.id"), primary_key=True)
    question: Mapped[str] = mapped_column(String(64), primary_key=True)
    response: Mapped[dict[str, Any]] = mapped_column(JSON)
    flagged: Mapped[bool] = mapped_column(default=False)
    revision: Mapped[int] = mapped_column(default=1)
    saved_at: Mapped[datetime]
    fraction: Mapped[float | None]
