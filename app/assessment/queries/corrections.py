"""SELECTs about questions that were corrected after they were asked, and what that has changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import String, cast, func, select
from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.assessment import rules
from app.assessment.models import Answer, Attempt, CorrectionRow, ExtraAttempt, Regrading
from app.assessment.queries.attempts import asked_of
from app.assessment.rules import Asked, AttemptState, Change, Correction, Handed, How, Policy
from app.catalog import queries as catalog
from app.catalog.models import CourseVersion, QuestionRevision
from app.learning.models import Enrolment
from app.organisations.models import Organisation
from app.organisations.queries import said_name

BATCH = 200


@dataclass(frozen=True, slots=True)
class CorrectionLine:
    """A correction in a list; `seen` of `total` attempts have been looked at, `changed` were marked anew."""

    id: int
    number: int
    question: str
    change: Change
    policy: Policy
    reason: str
    who: str
    corrected_at: datetime
    total: int
    seen: int
    changed: int

    @property
    def done(self) -> bool:
        return self.seen >= self.total


@dataclass(frozen=True, slots=True)
class RegradingLine:
    """One attempt marked anew. `title` texts are found by `question`."""

    question: str
    revision: str
    how: How
    reason: str
    score_before: float
    max_before: float
    passed_before: bool | None
    score_after: float
    max_after: float
    passed_after: bool | None
    regraded_at: datetime


@dataclass(frozen=True, slots=True)
class Marked:
    """A finished attempt, ready to be marked again: what was asked, handed in, and came of it."""

    row: Attempt
    person_id: int
    name: str
    place: str
    place_path: str
    asked: tuple[Asked, ...]
    handed: dict[str, Handed]


def change_from(how: How, question: str, data: dict[str, Any]) -> Change:
    return Change(question, how, tuple(data["right"]), data["value"], data["revision"])


def _loaded(db: Session, rows: Iterable[CorrectionRow]) -> tuple[Correction, ...]:
    found = list(rows)
    changes = [change_from(row.how, row.question, row.data) for row in found]
    sources = catalog.revisions(db, {one.revision for one in changes if one.revision})
    return tuple(
        Correction(
            row.id,
            change,
            frozenset(row.revisions),
            sources[change.revision].body if change.revision in sources else None,
        )
        for row, change in zip(found, changes, strict=True)
    )


def corrections_at(db: Session, version_id: int, questions: Iterable[str]) -> tuple[Correction, ...]:
    """The corrections of these questions in the course of a version, in the order in which they were made."""
    rows = db.scalars(
        select(CorrectionRow)
        .join(CourseVersion, CourseVersion.course_id == CorrectionRow.course_id)
        .where(CourseVersion.id == version_id, CorrectionRow.question.in_(sorted(set(questions))))
        .order_by(CorrectionRow.id)
    )
    return _loaded(db, rows)


def corrections_by_id(db: Session, ids: Iterable[int]) -> tuple[Correction, ...]:
    wanted = sorted(set(ids))
    if not wanted:
        return ()
    return _loaded(db, db.scalars(select(CorrectionRow).where(CorrectionRow.id.in_(wanted)).order_by(CorrectionRow.id)))


def corrections_of(db: Session, course_id: int) -> tuple[CorrectionLine, ...]:
    """Every correction of a course, the latest first."""
    changed = (
        select(Regrading.correction_id, func.count().label("n")).group_by(Regrading.correction_id).subquery("changed")
    )
    rows = db.execute(
        select(CorrectionRow, Person.given_name, Person.family_name, changed.c.n)
        .outerjoin(Person, Person.id == CorrectionRow.actor_id)
        .outerjoin(changed, changed.c.correction_id == CorrectionRow.id)
        .where(CorrectionRow.course_id == course_id)
        .order_by(CorrectionRow.id.desc())
    )
    return tuple(
        CorrectionLine(
            row.id,
            row.number,
            row.question,
            change_from(row.how, row.question, row.data),
            row.policy,
            row.reason,
            f"{given or ''} {family or ''}".strip(),
            row.corrected_at,
            row.total,
            row.seen,
            n or 0,
        )
        for row, given, family, n in rows
    )


def how_many_corrections(db: Session, course_id: int, question: str) -> int:
    said = select(func.count()).where(CorrectionRow.course_id == course_id, CorrectionRow.question == question)
    return db.scalar(said) or 0


def revisions_of(db: Session, course_id: int, question: str) -> tuple[str, ...]:
    """Every revision of a question that has ever been published."""
    rows = select(QuestionRevision.revision).where(
        QuestionRevision.course_id == course_id, QuestionRevision.question == question
    )
    return tuple(db.scalars(rows.order_by(QuestionRevision.revision)))


def _asking(course_id: int, question: str) -> Any:
    # Both databases keep JSON as text with the id between quotes; that is checked once more where it matters.
    return (
        select(Attempt.id)
        .join(CourseVersion, CourseVersion.id == Attempt.version_id)
        .where(
            CourseVersion.course_id == course_id,
            Attempt.state == AttemptState.FINISHED,
            Attempt.repeats_id.is_(None),
            Attempt.score.is_not(None),
            cast(Attempt.questions, String).contains(f'"{question}"', autoescape=True),
        )
        .order_by(Attempt.id)
    )


def attempts_with(db: Session, course_id: int, question: str, *, after: int = 0, limit: int | None = None) -> list[int]:
    """The finished attempts that asked a question, over all versions, by number."""
    said = _asking(course_id, question).where(Attempt.id > after)
    return list(db.scalars(said.limit(limit) if limit else said))


def marked(db: Session, ids: Sequence[int], *, lock: bool = False) -> Iterator[Marked]:
    """These attempts with their answers, a batch at a time; `lock` keeps others from changing them meanwhile."""
    for start in range(0, len(ids), BATCH):
        wanted = ids[start : start + BATCH]
        said = (
            select(Attempt, Person.id, Person.given_name, Person.family_name, said_name(), Organisation.path)
            .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
            .join(Person, Person.id == Enrolment.person_id)
            .join(Organisation, Organisation.id == Enrolment.organisation_id)
            .where(Attempt.id.in_(wanted))
            .order_by(Attempt.id)
            .execution_options(populate_existing=True)
        )
        rows = db.execute(said.with_for_update(of=Attempt) if lock else said).all()
        answers: dict[int, list[Answer]] = {}
        given = select(Answer).where(Answer.attempt_id.in_(wanted)).execution_options(populate_existing=True)
        for answer in db.scalars(given):
            answers.setdefault(answer.attempt_id, []).append(answer)
        for row, person_id, given_name, family_name, place, path in rows:
            handed = {
                one.question: Handed(one.response, one.hints, None if one.waiting else one.fraction)
                for one in answers.get(row.id, [])
            }
            yield Marked(row, person_id, f"{given_name} {family_name}", place, path, asked_of(row), handed)


def regradings(db: Session, attempt_id: int) -> tuple[RegradingLine, ...]:
    """How an attempt was marked anew, the first time first."""
    rows = db.execute(
        select(Regrading, CorrectionRow)
        .join(CorrectionRow, CorrectionRow.id == Regrading.correction_id)
        .where(Regrading.attempt_id == attempt_id)
        .order_by(Regrading.id)
    )
    return tuple(
        RegradingLine(
            made.question,
            made.data["revision"],
            made.how,
            made.reason,
            row.score_before,
            row.max_before,
            row.passed_before,
            row.score_after,
            row.max_after,
            row.passed_after,
            row.regraded_at,
        )
        for row, made in rows
    )


def extra_attempts(db: Session, enrolment_id: int, quiz: str) -> int:
    """How many attempts more than the quiz gives a trainer has given this run."""
    said = select(func.count()).where(ExtraAttempt.enrolment_id == enrolment_id, ExtraAttempt.quiz == quiz)
    return db.scalar(said) or 0


def corrected_bodies(
    db: Session, asked: Sequence[Asked], corrections: Iterable[int]
) -> tuple[dict[str, rules.Body], frozenset[str]]:
    """The bodies of what was asked by revision, with the keys that these corrections gave them; and what is void."""
    made = corrections_by_id(db, corrections)
    found = catalog.revisions(db, {one.revision for one in asked})
    bodies = {one.revision: rules.corrected_for(one, found[one.revision].body, made) for one in asked}
    return bodies, frozenset(one.question for one in asked if rules.is_void(one, made))
