"""How the steps of a course were taken: alone, watched in a group, or answered on paper and entered by somebody."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, aliased

from app.accounts.models import Person
from app.assessment.models import Attempt
from app.assessment.rules import AttemptState
from app.catalog import queries as catalog
from app.catalog.rules import in_lang
from app.groups.models import AnswerSheet, GroupSession
from app.kit import clock
from app.learning.models import Evidence, Progress
from app.learning.rules import Kind
from app.organisations.models import Organisation
from app.organisations.queries import said_name
from app.packs.queries.behind import some_at_once
from app.packs.rules import How, Step, Way, ways

_Who = aliased(Person)
_NAME = func.coalesce(_Who.given_name + " " + _Who.family_name, "")


def ways_of(db: Session, enrolment_ids: Iterable[int], end: datetime, lang: str) -> dict[int, tuple[Way, ...]]:
    """Enrolment → how its steps were taken that were done before `end`; places by their names in a language."""
    found: dict[int, tuple[Way, ...]] = {}
    for some in some_at_once(enrolment_ids):
        done = _done(db, some, end)
        apart = _watched(db, some, end, lang)
        for enrolment_id, step in _on_paper(db, some, end, lang):
            apart[enrolment_id].append(step)
        for enrolment_id, step in _finished_by_paper(db, some, end, apart):
            apart[enrolment_id].append(step)
        found |= {one: ways(done.get(one, 0), apart.get(one, ())) for one in some}
    return found


def titles(db: Session, course_id: int | None, lang: str) -> dict[str, str]:
    """What the steps of a course are called, by id; nothing where no course is asked for."""
    course = catalog.course_by_id(db, course_id) if course_id is not None else None
    if course is None or course.version_id is None:
        return {}
    outline = catalog.outline(db, course.version_id)
    steps: list[Any] = [*outline.pages, *outline.quizzes]
    named = {one.id: in_lang(one.titles, lang, outline.lang) for one in steps}
    return named | {was: named[now] for was, now in outline.was.items() if now in named}


def _day(at: datetime) -> date:
    return at.astimezone(clock.LOCAL).date()


def _done(db: Session, some: list[int], end: datetime) -> dict[int, int]:
    """Enrolment → how many pages were finished and tests passed."""
    rows = db.execute(
        select(Progress.enrolment_id, func.count())
        .where(Progress.enrolment_id.in_(some), or_(Progress.finished_at < end, Progress.passed_at < end))
        .group_by(Progress.enrolment_id)
    )
    return {row[0]: row[1] for row in rows}


def _watched(db: Session, some: list[int], end: datetime, lang: str) -> dict[int, list[Step]]:
    session = Evidence.data["group"].as_string()
    rows = db.execute(
        select(
            Evidence.enrolment_id,
            Evidence.subject,
            Evidence.occurred_at,
            session,
            func.coalesce(said_name(lang), ""),
            _NAME,
        )
        .outerjoin(GroupSession, GroupSession.key == session)
        .outerjoin(Organisation, Organisation.id == GroupSession.organisation_id)
        .outerjoin(_Who, _Who.id == Evidence.actor_id)
        .where(
            Evidence.enrolment_id.in_(some),
            Evidence.kind == Kind.PAGE_FINISHED,
            Evidence.occurred_at < end,
            session.is_not(None),
        )
        .order_by(Evidence.occurred_at, Evidence.id)
    )
    found: dict[int, list[Step]] = defaultdict(list)
    for enrolment_id, page, at, key, place, who in rows:
        found[enrolment_id].append(Step(page, How.GROUP, _day(at), key, place, who))
    return found


def _on_paper(db: Session, some: list[int], end: datetime, lang: str) -> Iterator[tuple[int, Step]]:
    """Tests that were passed with a sheet of paper."""
    rows = db.execute(
        select(
            Attempt.enrolment_id,
            Attempt.quiz,
            Attempt.finished_at,
            func.coalesce(GroupSession.key, ""),
            func.coalesce(said_name(lang), ""),
            _NAME,
        )
        .outerjoin(AnswerSheet, AnswerSheet.attempt_id == Attempt.id)
        .outerjoin(GroupSession, GroupSession.id == AnswerSheet.session_id)
        .outerjoin(Organisation, Organisation.id == GroupSession.organisation_id)
        .outerjoin(_Who, _Who.id == Attempt.entered_by_id)
        .where(
            Attempt.enrolment_id.in_(some),
            Attempt.entered_by_id.is_not(None),
            Attempt.state == AttemptState.FINISHED,
            Attempt.passed.is_(True),
            Attempt.finished_at < end,
        )
        .order_by(Attempt.id)
    )
    for enrolment_id, quiz, at, key, place, who in rows:
        assert at is not None
        yield enrolment_id, Step(quiz, How.PAPER, _day(at), key, place, who)


def _finished_by_paper(
    db: Session, some: list[int], end: datetime, apart: dict[int, list[Step]]
) -> list[tuple[int, Step]]:
    """The pages that these tests finished by being passed: in the same way as the test."""
    tests = {(one, step.id): step for one, steps in apart.items() for step in steps if step.how is How.PAPER}
    if not tests:
        return []
    graded, page = aliased(Evidence), Evidence.subject
    rows = db.execute(
        select(Evidence.enrolment_id, page, graded.subject)
        .join(graded, graded.enrolment_id == Evidence.enrolment_id)
        .where(
            Evidence.enrolment_id.in_({one for one, _quiz in tests}),
            Evidence.enrolment_id.in_(some),
            Evidence.kind == Kind.PAGE_FINISHED,
            Evidence.occurred_at < end,
            graded.kind == Kind.QUIZ_GRADED,
            graded.data["page"].as_string() == page,
            # Nobody enters their own sheet, so whoever did has finished this page for them by it.
            graded.actor_id == Evidence.actor_id,
            Evidence.data["group"].as_string().is_(None),
        )
        .order_by(Evidence.id)
    )
    found: list[tuple[int, Step]] = []
    for enrolment_id, finished, quiz in rows:
        if enrolment_id is not None and (step := tests.get((enrolment_id, quiz))) is not None:
            found.append((enrolment_id, Step(finished, step.how, step.on, step.session, step.place, step.who)))
    return found
