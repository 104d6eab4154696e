"""The tables of attempts and answers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.assessment.rules import AttemptState, How, Outcome, Policy, Second
from app.kit.database import Base, BigId, Id, word


class Attempt(Base):
    """One go at a quiz. `questions` fixes at the start which revisions are asked, in which order, with which
    order of options; `deadline_at` is empty when there is no time limit. Scores are points. A finished attempt has
    its score so far; `passed` stays empty until a person has marked what only a person can. `digest` is the SHA-256 of
    the answers as they were handed in. `corrections` are those its marks take into account: what it was before each is
    in `regradings`.

    `seconds` is the time it was given, `grace` how many seconds what was on its way still counts. `reached` is the
    question that stands open where there is no way back, 0 where there is. `repeats_id` names the attempt whose wrong
    answers are practised here: such a one counts for nothing, and its `number` counts downwards from -1. `entered_by_id` is who has
    entered the answers from a sheet of paper, empty where the learner answered here.
    """

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
    digest: Mapped[str | None] = mapped_column(String(64))
    corrections: Mapped[list[int]] = mapped_column(JSON, default=list)
    seconds: Mapped[int | None]
    grace: Mapped[int] = mapped_column(default=30)
    reached: Mapped[int] = mapped_column(default=0)
    repeats_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("attempts.id"))
    entered_by_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("people.id"))


class Answer(Base):
    """What was answered to one question of an attempt, last. `response` is what `rules.grade` takes.

    `hints` counts those asked for, and tries that were not right; `waiting` says that it was handed in and that a
    person has to mark it. `tries` are the responses that were checked before handing in, the first one first.
    """

    __tablename__ = "answers"
    __table_args__ = (
        Index(
            "ix_answers_waiting",
            "attempt_id",
            sqlite_where=text("waiting = 1"),
            postgresql_where=text("waiting = true"),
        ),
    )
    attempt_id: Mapped[int] = mapped_column(BigId, ForeignKey("attempts.id"), primary_key=True)
    question: Mapped[str] = mapped_column(String(64), primary_key=True)
    response: Mapped[dict[str, Any]] = mapped_column(JSON)
    flagged: Mapped[bool] = mapped_column(default=False)
    revision: Mapped[int] = mapped_column(default=1)
    hints: Mapped[int] = mapped_column(default=0)
    tries: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    waiting: Mapped[bool] = mapped_column(default=False)
    saved_at: Mapped[datetime]
    fraction: Mapped[float | None]


class AnswerSave(Base):
    """One save as it arrived, kept or not, never changed: what explains an answer, and what makes sending twice safe.

    `tab` and `sequence` name the save; `revision` is the answer's as it stood afterwards. Without a `response` only
    the flag was said.
    """

    __tablename__ = "answer_saves"
    __table_args__ = (
        UniqueConstraint("attempt_id", "tab", "sequence"),
        Index("ix_answer_saves_attempt_id_question", "attempt_id", "question"),
    )
    id: Mapped[Id]
    attempt_id: Mapped[int] = mapped_column(BigId, ForeignKey("attempts.id"))
    question: Mapped[str] = mapped_column(String(64))
    tab: Mapped[str] = mapped_column(String(40))
    sequence: Mapped[int]
    base: Mapped[int | None]
    revision: Mapped[int]
    outcome: Mapped[Outcome] = mapped_column(word(Outcome))
    response: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    flagged: Mapped[bool | None]
    saved_at: Mapped[datetime]


class GivenBack(Base):
    """Time added to a running attempt because the service did not answer; `seconds` of it, once for each outage."""

    __tablename__ = "time_given_back"
    attempt_id: Mapped[int] = mapped_column(BigId, ForeignKey("attempts.id"), primary_key=True)
    outage_id: Mapped[int] = mapped_column(BigId, ForeignKey("outages.id"), primary_key=True)
    seconds: Mapped[int]
    was_until: Mapped[datetime]
    given_at: Mapped[datetime]


class Grading(Base):
    """One marking of one answer by a person, never changed: marking it anew is another row, and the last one counts."""

    __tablename__ = "gradings"
    __table_args__ = (UniqueConstraint("attempt_id", "question", "number"), Index("ix_gradings_graded_at", "graded_at"))
    id: Mapped[Id]
    attempt_id: Mapped[int] = mapped_column(BigId, ForeignKey("attempts.id"))
    question: Mapped[str] = mapped_column(String(64))
    number: Mapped[int]
    fraction: Mapped[float]
    comment: Mapped[str] = mapped_column(Text)
    marker_id: Mapped[int] = mapped_column(BigId, ForeignKey("people.id"))
    graded_at: Mapped[datetime]


class MarkingRule(Base):
    """How a course wants answers marked; without a row the marker does not learn whose answer it is."""

    __tablename__ = "marking_rules"
    course_id: Mapped[int] = mapped_column(BigId, ForeignKey("courses.id"), primary_key=True)
    shows_names: Mapped[bool]
    second: Mapped[Second] = mapped_column(word(Second), default=Second.NONE)


class CorrectionRow(Base):
    """One correction of a question after it was asked, never changed; `data` is the change, `revisions` what it holds for.

    `total` and `seen` count the attempts to look at and those looked at, while a job goes through them.
    """

    __tablename__ = "corrections"
    __table_args__ = (UniqueConstraint("course_id", "question", "number"),)
    id: Mapped[Id]
    course_id: Mapped[int] = mapped_column(BigId, ForeignKey("courses.id"))
    question: Mapped[str] = mapped_column(String(64))
    number: Mapped[int]
    how: Mapped[How] = mapped_column(word(How))
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    revisions: Mapped[list[str]] = mapped_column(JSON)
    policy: Mapped[Policy] = mapped_column(word(Policy))
    reason: Mapped[str] = mapped_column(Text)
    actor_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("people.id"))
    corrected_at: Mapped[datetime]
    total: Mapped[int] = mapped_column(default=0)
    seen: Mapped[int] = mapped_column(default=0)


class Regrading(Base):
    """What a correction has changed in one attempt, never changed: the points before and after, and the mark."""

    __tablename__ = "regradings"
    __table_args__ = (
        UniqueConstraint("correction_id", "attempt_id"),
        Index("ix_regradings_attempt_id", "attempt_id"),
    )
    id: Mapped[Id]
    correction_id: Mapped[int] = mapped_column(BigId, ForeignKey("corrections.id"))
    attempt_id: Mapped[int] = mapped_column(BigId, ForeignKey("attempts.id"))
    score_before: Mapped[float]
    max_before: Mapped[float]
    passed_before: Mapped[bool | None]
    score_after: Mapped[float]
    max_after: Mapped[float]
    passed_after: Mapped[bool | None]
    regraded_at: Mapped[datetime]


class ExtraAttempt(Base):
    """One attempt more than the quiz gives, for somebody who had used them all; never taken back."""

    __tablename__ = "extra_attempts"
    __table_args__ = (UniqueConstraint("enrolment_id", "quiz", "number"),)
    id: Mapped[Id]
    enrolment_id: Mapped[int] = mapped_column(BigId, ForeignKey("enrolments.id"))
    quiz: Mapped[str] = mapped_column(String(64))
    number: Mapped[int]
    reason: Mapped[str] = mapped_column(Text)
    actor_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("people.id"))
    granted_at: Mapped[datetime]


class AccommodationRow(Base):
    """What one person needs in every quiz. No reason is kept, nor a note about one: that would be health data."""

    __tablename__ = "accommodations"
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("people.id"), primary_key=True)
    time_factor: Mapped[float]
    extra_attempts: Mapped[int]
    set_at: Mapped[datetime]


class OverrideRow(Base):
    """What is different at one quiz for a person or for an organisation with everything below it."""

    __tablename__ = "quiz_overrides"
    __table_args__ = (
        UniqueConstraint("course_id", "quiz", "person_id", "organisation_id"),
        CheckConstraint("(person_id IS NULL) <> (organisation_id IS NULL)", name="one_of_two"),
    )
    id: Mapped[Id]
    course_id: Mapped[int] = mapped_column(BigId, ForeignKey("courses.id"))
    quiz: Mapped[str] = mapped_column(String(64))
    person_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("people.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("organisations.id"))
    opens_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    seconds: Mapped[int | None]
    attempts: Mapped[int | None]
    set_at: Mapped[datetime]
