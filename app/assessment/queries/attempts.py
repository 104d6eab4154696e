"""SELECTs about attempts, as frozen values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, false, func, or_, select
from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.assessment.models import Answer, Attempt, GivenBack
from app.assessment.rules import Asked, AttemptState, QuizRules, is_answered, is_over, repeating
from app.catalog import queries as catalog
from app.catalog.models import Course
from app.catalog.queries import StoredQuiz
from app.kit import clock, uptime
from app.kit.uptime import Outage
from app.learning.models import Enrolment


@dataclass(frozen=True, slots=True)
class Given:
    """What was answered to one question; `revision` counts its saves, `fraction` is there once it was marked.

    `waiting`: handed in, and a person has not marked it yet. `comment` is what that person wrote. `tries` are the
    responses that were checked before handing in.
    """

    response: Mapping[str, Any]
    flagged: bool
    revision: int
    saved_at: datetime
    fraction: float | None
    hints: int = 0
    waiting: bool = False
    comment: str = ""
    tries: tuple[Mapping[str, Any], ...] = ()

    @property
    def answered(self) -> bool:
        return is_answered(self.response)


@dataclass(frozen=True, slots=True)
class AttemptView:
    """One attempt with everything given so far. `state` is finished as soon as time is up, whoever writes it down.

    `score` is there once it was handed in, `passed` once nothing in it waits to be marked by a person. `reached` is
    the question that stands open where there is no way back, else 0; `repeats`: it practises what was wrong before.
    `entered_by` names who entered it from a sheet of paper.
    """

    id: int
    key: str
    enrolment_id: int
    person_id: int
    slug: str
    version_id: int
    quiz: str
    number: int
    lang: str
    state: AttemptState
    asked: tuple[Asked, ...]
    given: Mapping[str, Given]
    started_at: datetime
    deadline_at: datetime | None
    finished_at: datetime | None
    score: float | None
    max_score: float
    passed: bool | None
    corrections: tuple[int, ...] = ()
    course_id: int = 0
    seconds: int | None = None
    reached: int = 0
    repeats: bool = False
    entered_by: str = ""

    @property
    def answered(self) -> int:
        return sum(1 for one in self.asked if one.question in self.given and self.given[one.question].answered)

    @property
    def waiting(self) -> int:
        return sum(1 for one in self.given.values() if one.waiting)

    @property
    def waits(self) -> bool:
        """Handed in, and not yet marked to the end."""
        return self.score is not None and self.passed is None


def asked_of(row: Attempt) -> tuple[Asked, ...]:
    """What an attempt asks, as its row keeps it."""
    return asked_from(row.questions)


def asked_from(questions: Iterable[dict[str, Any]]) -> tuple[Asked, ...]:
    return tuple(
        Asked(one["question"], one["revision"], one["points"], tuple(one["options"]), one.get("section", ""))
        for one in questions
    )


@dataclass(frozen=True, slots=True)
class AttemptLine:
    """An attempt in a list."""

    key: str
    number: int
    state: AttemptState
    started_at: datetime
    finished_at: datetime | None
    score: float | None
    max_score: float
    passed: bool | None

    @property
    def waits(self) -> bool:
        """Handed in, and not yet marked to the end."""
        return self.score is not None and self.passed is None


def quiz_rules(db: Session, version_id: int, quiz: str, *, repeats: bool = False) -> QuizRules:
    """The rules a quiz of one version is taken under, or under which what was wrong in it is repeated."""
    held_to = rules_in(catalog.quiz(db, version_id, quiz))
    return repeating(held_to) if repeats else held_to


def rules_in(stored: StoredQuiz) -> QuizRules:
    return QuizRules(**{name: stored.rules[name] for name in QuizRules.__slots__})


def rules_of(db: Session, view: AttemptView) -> QuizRules:
    """The rules this attempt is taken under."""
    return quiz_rules(db, view.version_id, view.quiz, repeats=view.repeats)


def attempt(db: Session, key: str) -> AttemptView | None:
    found = db.execute(
        select(Attempt, Enrolment.person_id, Course.slug, Course.id, Person.given_name + " " + Person.family_name)
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .join(Course, Course.id == Enrolment.course_id)
        .outerjoin(Person, Person.id == Attempt.entered_by_id)
        .where(Attempt.key == key)
        .execution_options(populate_existing=True)
    ).first()
    if found is None:
        return None
    row, person_id, slug, course_id, entered_by = found
    answers = db.scalars(select(Answer).where(Answer.attempt_id == row.id).execution_options(populate_existing=True))
    given = {
        answer.question: Given(
            answer.response,
            answer.flagged,
            answer.revision,
            answer.saved_at,
            answer.fraction,
            answer.hints,
            answer.waiting,
            tries=tuple(answer.tries),
        )
        for answer in answers
    }
    over = row.state is AttemptState.OPEN and is_over(row.deadline_at, clock.now(), timedelta(seconds=row.grace))
    over = over and uptime.is_answering(db)
    return AttemptView(
        id=row.id,
        key=row.key,
        enrolment_id=row.enrolment_id,
        person_id=person_id,
        slug=slug,
        version_id=row.version_id,
        quiz=row.quiz,
        number=row.number,
        lang=row.lang,
        state=AttemptState.FINISHED if over else row.state,
        asked=asked_of(row),
        given=given,
        started_at=row.started_at,
        deadline_at=row.deadline_at,
        finished_at=row.finished_at or (row.deadline_at if over else None),
        score=row.score,
        max_score=row.max_score,
        passed=row.passed,
        corrections=tuple(row.corrections),
        course_id=course_id,
        seconds=row.seconds,
        reached=row.reached,
        repeats=row.repeats_id is not None,
        entered_by=entered_by or "",
    )


def attempts_at(db: Session, enrolment_id: int, quiz: str) -> tuple[AttemptLine, ...]:
    """Every attempt of one run at one quiz, the first one first; practising what was wrong is none."""
    rows = db.scalars(
        select(Attempt)
        .where(Attempt.enrolment_id == enrolment_id, Attempt.quiz == quiz, Attempt.repeats_id.is_(None))
        .order_by(Attempt.number)
    )
    now = clock.now()
    return tuple(
        AttemptLine(
            row.key,
            row.number,
            AttemptState.FINISHED if is_over(row.deadline_at, now, timedelta(seconds=row.grace)) else row.state,
            row.started_at,
            row.finished_at,
            row.score,
            row.max_score,
            row.passed,
        )
        for row in rows
    )


def expired(db: Session, *, enrolment_id: int | None = None, after: int = 0, limit: int = 100) -> list[tuple[int, str]]:
    """Ids and keys of attempts whose time is up and that nobody has closed yet, from the one after `after`."""
    now = clock.now()
    past = (Attempt.state == AttemptState.OPEN, Attempt.deadline_at < now)
    # A handful of different graces, so that no database has to reckon with moments and seconds.
    graces = db.scalars(select(Attempt.grace).where(*past).distinct()).all()
    over = [and_(Attempt.grace == one, Attempt.deadline_at < now - timedelta(seconds=one)) for one in graces]
    said = select(Attempt.id, Attempt.key).where(*past, or_(false(), *over), Attempt.id > after)
    if enrolment_id is not None:
        said = said.where(Attempt.enrolment_id == enrolment_id)
    return [(row.id, row.key) for row in db.execute(said.order_by(Attempt.id).limit(limit))]


@dataclass(frozen=True, slots=True)
class Returned:
    """Time given back for one outage."""

    began_at: datetime
    ended_at: datetime
    seconds: int


def given_back(db: Session, attempt_id: int) -> tuple[Returned, ...]:
    """What was added to an attempt because the service was away, the first time first."""
    rows = db.execute(
        select(Outage.began_at, Outage.ended_at, GivenBack.seconds)
        .join(Outage, Outage.id == GivenBack.outage_id)
        .where(GivenBack.attempt_id == attempt_id)
        .order_by(Outage.id)
    )
    return tuple(Returned(*row) for row in rows)


def counts_given_back(db: Session, outages: Iterable[int]) -> dict[int, int]:
    """How many attempts each of these outages has lengthened."""
    rows = db.execute(
        select(GivenBack.outage_id, func.count())
        .where(GivenBack.outage_id.in_(list(outages)))
        .group_by(GivenBack.outage_id)
    )
    return {row[0]: row[1] for row in rows}
