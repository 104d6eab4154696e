"""What waits to be marked by a person, and how it was marked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.assessment.models import Answer, Attempt, Grading, MarkingRule
from app.assessment.queries.attempts import asked_of
from app.assessment.rules import Asked, Second, Settled, settle
from app.catalog.models import Course, CourseVersion
from app.learning.models import Enrolment
from app.organisations.models import Organisation


@dataclass(frozen=True, slots=True)
class Paper:
    """One answer that a person marks. `name` is empty where the marker is not to know whose it is.

    `marks` are (marker, share) of every marking so far, the first one first.
    """

    attempt: str
    attempt_id: int
    question: str
    course_id: int
    slug: str
    owner_id: int
    owner_path: str
    version_id: int
    digest: str
    quiz: str
    lang: str
    asked: Asked
    person_id: int
    name: str
    shows_names: bool
    response: Mapping[str, Any]
    fraction: float | None
    waiting: bool
    handed_in_at: datetime
    second: Second = Second.NONE
    marks: tuple[tuple[int, float], ...] = ()

    @property
    def settled(self) -> Settled:
        return settle(self.marks, self.asked.points, self.second)

    def is_for(self, marker_id: int) -> bool:
        """Whether this person may still mark it: nobody is the second or third marker of one answer after having been
        the first."""
        return all(marker != marker_id for marker, _share in self.marks)


@dataclass(frozen=True, slots=True)
class GradingLine:
    """One marking: the points as a share, what was written, who and when."""

    number: int
    fraction: float
    comment: str
    marker: str
    graded_at: datetime


def _papers(*where: ColumnElement[bool]) -> Any:
    return (
        select(
            Attempt,
            Answer,
            Course.id,
            Course.slug,
            Organisation.id,
            Organisation.path,
            CourseVersion.digest,
            Person.id,
            Person.given_name,
            Person.family_name,
            func.coalesce(MarkingRule.shows_names, False),
            MarkingRule.second,
        )
        .join(Answer, Answer.attempt_id == Attempt.id)
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .join(Course, Course.id == Enrolment.course_id)
        .join(Organisation, Organisation.id == Course.organisation_id)
        .join(CourseVersion, CourseVersion.id == Attempt.version_id)
        .outerjoin(MarkingRule, MarkingRule.course_id == Course.id)
        .where(Attempt.score.is_not(None), *where)
        .execution_options(populate_existing=True)
    )


def _paper(row: Any) -> Paper:
    attempt, answer, course_id, slug, owner_id, owner_path, digest, person_id, given, family, names, second = row
    asked = next(one for one in asked_of(attempt) if one.question == answer.question)
    return Paper(
        attempt=attempt.key,
        attempt_id=attempt.id,
        question=answer.question,
        course_id=course_id,
        slug=slug,
        owner_id=owner_id,
        owner_path=owner_path,
        version_id=attempt.version_id,
        digest=digest,
        quiz=attempt.quiz,
        lang=attempt.lang,
        asked=asked,
        person_id=person_id,
        name=f"{given} {family}" if names else "",
        shows_names=bool(names),
        response=answer.response,
        fraction=answer.fraction,
        waiting=answer.waiting,
        handed_in_at=attempt.finished_at,
        second=second or Second.NONE,
    )


def _with_marks(db: Session, papers: Sequence[Paper]) -> tuple[Paper, ...]:
    found: dict[tuple[int, str], list[tuple[int, float]]] = {}
    wanted = sorted({one.attempt_id for one in papers})
    columns = (Grading.attempt_id, Grading.question, Grading.marker_id, Grading.fraction)
    if wanted:
        for row in db.execute(select(*columns).where(Grading.attempt_id.in_(wanted)).order_by(Grading.number)):
            found.setdefault((row[0], row[1]), []).append((row[2], row[3]))
    return tuple(replace(one, marks=tuple(found.get((one.attempt_id, one.question), ()))) for one in papers)


def waiting_papers(db: Session, where: ColumnElement[bool], *, limit: int = 500) -> tuple[Paper, ...]:
    """Answers that wait, those that have waited longest first."""
    said = _papers(Answer.waiting.is_(True), where)
    said = said.order_by(Attempt.finished_at, Attempt.id, Answer.question).limit(limit)
    return _with_marks(db, [_paper(row) for row in db.execute(said)])


def marked_papers(db: Session, where: ColumnElement[bool], *, limit: int = 20) -> tuple[Paper, ...]:
    """Answers that were marked, the latest first."""
    last = (
        select(Grading.attempt_id, Grading.question, func.max(Grading.graded_at).label("at"))
        .group_by(Grading.attempt_id, Grading.question)
        .subquery()
    )
    said = _papers(Answer.waiting.is_(False), where).join(
        last, (last.c.attempt_id == Answer.attempt_id) & (last.c.question == Answer.question)
    )
    said = said.order_by(last.c.at.desc(), Attempt.id.desc(), Answer.question).limit(limit)
    return _with_marks(db, [_paper(row) for row in db.execute(said)])


def count_waiting(db: Session, where: ColumnElement[bool]) -> int:
    said = _papers(Answer.waiting.is_(True), where).with_only_columns(func.count())
    return int(db.scalar(said) or 0)


def paper(db: Session, key: str, question: str) -> Paper | None:
    """One answer that waits or was marked by a person; others are nobody's business here."""
    was_marked = select(Grading.id).where(Grading.attempt_id == Answer.attempt_id, Grading.question == Answer.question)
    said = _papers(Attempt.key == key, Answer.question == question, Answer.waiting.is_(True) | was_marked.exists())
    row = db.execute(said).first()
    return _with_marks(db, [_paper(row)])[0] if row is not None else None


def gradings(db: Session, attempt_id: int, question: str) -> tuple[GradingLine, ...]:
    """Every marking of one answer, the first one first."""
    rows = db.execute(
        select(
            Grading.number,
            Grading.fraction,
            Grading.comment,
            Person.given_name,
            Person.family_name,
            Grading.graded_at,
        )
        .join(Person, Person.id == Grading.marker_id)
        .where(Grading.attempt_id == attempt_id, Grading.question == question)
        .order_by(Grading.number)
    )
    return tuple(GradingLine(n, share, said, f"{given} {family}", at) for n, share, said, given, family, at in rows)


def comments(db: Session, attempt_id: int) -> dict[str, str]:
    """What markers wrote on each question that is marked to the end: the latest words, or those of all who had a say."""
    rows = db.execute(
        select(Grading.question, Grading.marker_id, Grading.comment, MarkingRule.second)
        .join(Answer, (Answer.attempt_id == Grading.attempt_id) & (Answer.question == Grading.question))
        .join(Attempt, Attempt.id == Grading.attempt_id)
        .join(CourseVersion, CourseVersion.id == Attempt.version_id)
        .outerjoin(MarkingRule, MarkingRule.course_id == CourseVersion.course_id)
        .where(Grading.attempt_id == attempt_id, Answer.waiting.is_(False))
        .order_by(Grading.question, Grading.number)
    )
    said: dict[str, dict[int, str]] = {}
    for question, marker, comment, second in rows:
        own = said.setdefault(question, {})
        if (second or Second.NONE) is Second.NONE:
            own.clear()
        own[marker] = comment
    return {question: "\n\n".join(one for one in own.values() if one) for question, own in said.items()}


def needed_blobs(db: Session) -> frozenset[str]:
    """Every file the store must hold because somebody handed it in."""
    found = db.scalars(select(Answer.response).where(Answer.response["file"]["blob"].as_string().is_not(None)))
    return frozenset(str(response["file"]["blob"]) for response in found)
