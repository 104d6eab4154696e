"""Telling people that something is now required of them: a notice on their page and a mail."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from app.accounts import actions as accounts
from app.accounts import queries as people
from app.accounts.queries import Contact
from app.accounts.rules import NoticeKind
from app.catalog import queries as catalog
from app.learning.models import Enrolment
from app.learning.rules import RunState
from app.organisations import queries as organisations
from app.requirements.models import Assignment, PeriodRow, Requirement

UNFINISHED = (RunState.ENROLLED, RunState.STARTED)


def notify_assigned(db: Session, data: Mapping[str, Any], *, base_url: str) -> None:
    """The job `requirements.notify`: tell the people in `data` of one requirement, once each.

    Who holds it already is told until when; who is excused, or has left meanwhile, is not written to.
    """
    row = db.get(Requirement, data["requirement_id"])
    if row is None:
        return
    period = and_(
        PeriodRow.person_id == Assignment.person_id,
        PeriodRow.subject == Assignment.subject,
        PeriodRow.number == Assignment.number,
    )
    rows = db.execute(
        select(Assignment.person_id, PeriodRow.due_on, PeriodRow.met_on, PeriodRow.valid_until, Enrolment.state)
        .join(PeriodRow, period)
        .outerjoin(Enrolment, Enrolment.id == Assignment.enrolment_id)
        .where(
            Assignment.requirement_id == row.id,
            Assignment.subject == row.subject,
            Assignment.person_id.in_(data["person_ids"]),
            Assignment.ended_at.is_(None),
        )
        .order_by(Assignment.person_id)
    ).all()
    contacts = people.contacts(db, [one.person_id for one in rows])
    place = organisations.by_id(db, row.organisation_id)
    head = catalog.course_by_id(db, row.course_id) if row.course_id is not None else None
    titles: dict[str, str] = {}
    for person_id, due_on, met_on, valid_until, state in rows:
        contact = contacts.get(person_id)
        if contact is None:
            continue
        if contact.lang not in titles:
            titles[contact.lang] = _title(db, row, contact.lang, head.slug if head else "")
        title, slug = titles[contact.lang], head.slug if head is not None else ""
        if met_on is not None or state is RunState.COMPLETED:
            _held(db, row, person_id, title, slug, valid_until)
        elif row.course_id is None or state in UNFINISHED:
            organisation = place.name_in(contact.lang) if place is not None else ""
            _assigned(db, row, contact, title, slug, due_on, organisation, base_url)


def _title(db: Session, row: Requirement, lang: str, otherwise: str) -> str:
    if row.course_id is None:
        return row.title
    return catalog.titles(db, [row.course_id], lang).get(row.course_id, otherwise)


def _held(db: Session, row: Requirement, person_id: int, title: str, slug: str, until: date | None) -> None:
    accounts.notify(
        db,
        person_id,
        NoticeKind.HELD,
        key=f"assigned:{row.id}:{person_id}",
        course=slug,
        title=title,
        valid_until=until.isoformat() if until else "",
    )


def _assigned(
    db: Session,
    row: Requirement,
    contact: Contact,
    title: str,
    slug: str,
    due_on: date,
    organisation: str,
    base_url: str,
) -> None:
    accounts.tell(
        db,
        contact,
        NoticeKind.ASSIGNED,
        "assigned",
        key=f"assigned:{row.id}:{contact.id}",
        notice={"course": slug, "title": title, "due_on": due_on.isoformat()},
        words={
            "title": title,
            "due_on": due_on,
            "organisation": organisation,
            "reason": row.reason,
            "legal_basis": row.legal_basis,
            "url": f"{base_url.rstrip('/')}" + (f"/courses/{slug}" if slug else "/learning"),
        },
    )
