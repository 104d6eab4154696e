"""The daily work: the next period of everybody whose window has opened, and the notice of it."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import actions as accounts
from app.accounts import queries as people
from app.accounts.rules import NoticeKind
from app.catalog import queries as catalog
from app.catalog.models import Course
from app.catalog.rules import CourseState
from app.kit import clock
from app.kit.actor import SYSTEM
from app.learning import actions as learning
from app.learning.models import Enrolment
from app.requirements import queries, rules
from app.requirements.actions import periods
from app.requirements.models import Assignment, PeriodRow, Requirement
from app.requirements.rules import Dated, Service, dates
from app.requirements.rules.dates import steps_to_json
from app.requirements.rules.rule import from_json


def renew(db: Session, *, today: date | None = None) -> int:
    """The daily work: begin the next period of everybody whose window has opened. Answers how many."""
    today = today or clock.today()
    waiting = (
        select(PeriodRow)
        .where(
            PeriodRow.latest.is_(True),
            PeriodRow.met_on.is_not(None),
            PeriodRow.dropped_at.is_(None),
            PeriodRow.next_opens_on <= today,
        )
        .order_by(PeriodRow.id)
        .with_for_update()
    )
    return sum(_renew(db, row, today) for row in db.scalars(waiting).all())


def _renew(db: Session, row: PeriodRow, today: date) -> bool:
    """The next period of one person, unless nothing asks for it any more or its course takes nobody."""
    found = [pair for pair in periods.sources(db, row.person_id, row.subject) if pair[1].ended_at is None]
    assert row.met_on is not None
    if not found or not _open_to_all(db, row):
        return False
    away = queries.leaves_of(db, [row.person_id]).get(row.person_id, ())
    country = queries.country_of(db, row.person_id)
    dated: list[tuple[Assignment, Dated]] = []
    for one, requirement in found:
        after = dates.after(
            [from_json(requirement.rule).terms],
            row.met_on,
            held_until=row.held_until,
            written=periods.written_end(row),
            country=country,
        )
        if after.due is not None:
            fair = today + timedelta(days=rules.FAIR_DAYS)
            service = Service(today, not_before=fair, leaves=away, country=country)
            dated.append((one, dates.renewed_due(after.due, service)))
    if not dated:
        return False
    enrolment_id = None
    if row.enrolment_id is not None:
        enrolment_id = learning.next_period(db, SYSTEM, enrolment_id=row.enrolment_id).id
    number = row.number + 1
    for one, due in dated:
        one.number, one.enrolment_id, one.due_on = number, enrolment_id, due.on
        one.steps, one.not_before = steps_to_json(due.steps), today + timedelta(days=rules.FAIR_DAYS)
    due = dates.strictest([due for _, due in dated])
    periods.begin(
        db,
        person_id=row.person_id,
        subject=row.subject,
        enrolment_id=enrolment_id,
        opens_on=today,
        due=due,
        held_until=row.valid_until,
        before=row,
    )
    periods.sync(db, SYSTEM, person_id=row.person_id, subject=row.subject)
    _tell(db, row, found[0][1], due)
    return True


def _tell(db: Session, row: PeriodRow, requirement: Requirement, due: Dated) -> None:
    """A notice that something is to be renewed; mails come by the ladder."""
    contact = people.contacts(db, [row.person_id]).get(row.person_id)
    if contact is None:
        return
    head = catalog.course_by_id(db, requirement.course_id) if requirement.course_id is not None else None
    title = requirement.title
    if head is not None:
        title = catalog.titles(db, [head.id], contact.lang).get(head.id, head.slug)
    accounts.notify(
        db,
        row.person_id,
        NoticeKind.RENEW,
        key=f"renew:{row.id}",
        course=head.slug if head is not None else "",
        title=title,
        due_on=due.on.isoformat(),
    )


def _open_to_all(db: Session, row: PeriodRow) -> bool:
    if row.enrolment_id is None:
        return True
    state = db.scalar(
        select(Course.state).join(Enrolment, Enrolment.course_id == Course.id).where(Enrolment.id == row.enrolment_id)
    )
    return state is CourseState.LIVE
