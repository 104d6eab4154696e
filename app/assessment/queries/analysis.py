"""What a quiz's first attempts say about its questions, as tables for the rules of item analysis; no names anywhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.assessment import rules
from app.assessment.models import Answer, Attempt
from app.assessment.queries.attempts import asked_from, quiz_rules
from app.assessment.queries.corrections import corrections_at
from app.assessment.queries.terms import terms_of_many
from app.assessment.rules import Asked, AttemptState, Body
from app.assessment.rules.analysis import Item
from app.catalog import queries as catalog
from app.catalog.models import CourseVersion
from app.learning.models import Enrolment, Progress
from app.organisations.models import Organisation
from app.organisations.queries import said_name

MOST = 2000  # the latest people; their number says enough, and a page must not take long
TYPED = 8  # typed answers that are told apart, the most frequent first
TYPED_BY = 3  # people who must have typed the same before it is shown


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question in its latest revision that was asked, with its key as it stands now. `void`: it counts for nobody."""

    question: str
    revision: str
    body: Body
    points: float
    void: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """Each person's first attempt at a quiz, over all versions: `rows` are people, their cells go with `questions`.

    `people` counts everybody with a first attempt, of whom the latest `MOST` have a row.
    """

    questions: tuple[AskedQuestion, ...]
    items: tuple[Item, ...]
    rows: tuple[tuple[float | None, ...], ...]
    people: int


@dataclass(frozen=True, slots=True)
class Locked:
    """Somebody who has used every attempt without passing; `attempt` is the last one."""

    attempt: str
    name: str
    place: str
    place_path: str
    used: int
    handed_in_at: datetime | None
    best: float


def sheet(db: Session, course_id: int, quiz: str) -> Sheet:
    """The first attempts of a quiz. What waits for a person to mark it has an empty cell."""
    first = (
        CourseVersion.course_id == course_id,
        Attempt.quiz == quiz,
        Attempt.number == 1,
        Attempt.state == AttemptState.FINISHED,
        Attempt.score.is_not(None),
    )
    said = select(Attempt.id, Attempt.questions, Attempt.version_id).join(
        CourseVersion, CourseVersion.id == Attempt.version_id
    )
    found = db.execute(said.where(*first).order_by(Attempt.id.desc()).limit(MOST)).all()
    count = select(func.count(Attempt.id)).join(CourseVersion, CourseVersion.id == Attempt.version_id).where(*first)
    people = len(found) if len(found) < MOST else db.scalar(count) or 0
    asked = {attempt: asked_from(questions) for attempt, questions, _version in found}
    latest: dict[str, Asked] = {}
    for attempt, _questions, _version in found:  # the latest attempt comes first
        for one in asked[attempt]:
            latest.setdefault(one.question, one)
    bodies = {name: one.body for name, one in catalog.revisions(db, _revisions(asked)).items()}
    made = corrections_at(db, found[0].version_id, latest) if found else ()
    keyed = {
        one.revision: rules.corrected_for(one, bodies[one.revision], made) for each in asked.values() for one in each
    }
    kept = [one for one in latest.values() if rules.is_graded(bodies[one.revision])]
    given = _answers(db, list(asked))
    rows, chosen = [], []
    for attempt, each in asked.items():
        mine = {one.question: one for one in each}
        cells: list[float | None] = []
        said_here: list[frozenset[str] | None] = []
        for question in kept:
            own = mine.get(question.question)
            answer = given.get((attempt, question.question))
            cells.append(_share(keyed[own.revision] if own else None, answer))
            said_here.append(None if own is None else _chosen(keyed[own.revision], answer))
        rows.append(tuple(cells))
        chosen.append(said_here)
    questions = tuple(
        AskedQuestion(one.question, one.revision, keyed[one.revision], one.points, rules.is_void(one, made))
        for one in kept
    )
    items = tuple(_item(one, [each[n] for each in chosen]) for n, one in enumerate(questions))
    return Sheet(questions, items, tuple(rows), people)


def _revisions(asked: Mapping[int, Sequence[Asked]]) -> set[str]:
    return {one.revision for each in asked.values() for one in each}


Given = tuple[Mapping[str, Any], int, bool, float | None]


def _answers(db: Session, attempts: list[int]) -> dict[tuple[int, str], Given]:
    out: dict[tuple[int, str], Given] = {}
    for start in range(0, len(attempts), 500):
        columns = (Answer.attempt_id, Answer.question, Answer.response, Answer.hints, Answer.waiting, Answer.fraction)
        for row in db.execute(select(*columns).where(Answer.attempt_id.in_(attempts[start : start + 500]))):
            out[row[0], row[1]] = (row[2], row[3], row[4], row[5])
    return out


def _share(body: Body | None, answer: Given | None) -> float | None:
    """By the key as it stands now, so that a question that was put right is seen as it is now."""
    if body is None:
        return None
    if answer is None:
        return 0.0
    response, hints, waiting, fraction = answer
    if rules.is_by_hand(body):
        return None if waiting else fraction or 0.0
    return rules.grade(body, response, hints) or 0.0


def _chosen(body: Body, answer: Given | None) -> frozenset[str]:
    response = answer[0] if answer else {}
    if body["type"] in rules.CHOSEN:
        return frozenset(response.get("options") or ())
    if body["type"] in rules.TYPED:
        text = " ".join(str(response.get("text") or "").split()).casefold()
        return frozenset((text,)) if text else frozenset()
    return frozenset()


def _item(one: AskedQuestion, chosen: Sequence[frozenset[str] | None]) -> Item:
    body = one.body
    if body["type"] in rules.CHOSEN:
        key = frozenset(option["id"] for option in body["options"] if option["fraction"] > 0)
        return Item(one.question, key, tuple(option["id"] for option in body["options"]), tuple(chosen))
    if body["type"] in rules.TYPED:
        counts = Counter(text for each in chosen if each for text in each)
        often = tuple(text for text, n in counts.most_common(TYPED) if n >= TYPED_BY)
        key = frozenset(text for text in often if (rules.grade(body, {"text": text}) or 0.0) > 0)
        return Item(one.question, key, often, tuple(chosen))
    return Item(one.question, frozenset(), (), tuple(chosen))


def locked(db: Session, course_id: int, quiz: str, *, limit: int = 200) -> tuple[Locked, ...]:
    """Who has used every attempt at a quiz without passing, those who have waited longest first."""
    rows = db.execute(
        select(
            Attempt,
            said_name(),
            Organisation.path,
            Person.given_name,
            Person.family_name,
        )
        .join(CourseVersion, CourseVersion.id == Attempt.version_id)
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .join(Organisation, Organisation.id == Enrolment.organisation_id)
        .join(Person, Person.id == Enrolment.person_id)
        .outerjoin(Progress, (Progress.enrolment_id == Enrolment.id) & (Progress.subject == quiz))
        .where(
            CourseVersion.course_id == course_id,
            Attempt.quiz == quiz,
            Attempt.passed.is_(False),
            Progress.passed_at.is_(None),
            Enrolment.current.is_(True),
            Attempt.number == _last_number(),
        )
        .order_by(Attempt.finished_at, Attempt.id)
    ).all()
    held = {version: quiz_rules(db, version, quiz) for version in {row[0].version_id for row in rows}}
    runs = {row[0].enrolment_id: held[row[0].version_id] for row in rows}
    terms = terms_of_many(db, runs, course_id=course_id, quiz=quiz)
    out = []
    for attempt, place, path, given, family in rows:
        if terms[attempt.enrolment_id].left(attempt.number) == 0:
            share = (attempt.score or 0.0) / attempt.max_score if attempt.max_score else 0.0
            name = f"{given} {family}"
            out.append(Locked(attempt.key, name, place, path, attempt.number, attempt.finished_at, share))
    return tuple(out[:limit])


def _last_number() -> Any:
    other = Attempt.__table__.alias("other")
    return (
        select(func.max(other.c.number))
        .where(other.c.enrolment_id == Attempt.enrolment_id, other.c.quiz == Attempt.quiz)
        .scalar_subquery()
    )
