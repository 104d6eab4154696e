"""Telling people that a course is now required of them: a notice on their page and a mail."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import actions as accounts
from app.accounts import queries as people
from app.accounts.rules import NoticeKind
from app.catalog import queries as catalog
from app.kit import mail
from app.learning.models import Enrolment
from app.learning.rules import RunState
from app.requirements import queries
from app.requirements.models import Assignment, Requirement


def notify_assigned(db: Session, data: Mapping[str, Any], *, base_url: str) -> None:
    """The job `requirements.notify`: tell the people in `data` of one requirement, once each.

    Who has completed the course already, or has left their post meanwhile, is not written to.
    """
    row = db.get(Requirement, data["requirement_id"])
    if row is None:
        return
    rows = db.execute(
        select(Assignment.person_id, Enrolment.id, Enrolment.due_on)
        .join(Enrolment, Enrolment.id == Assignment.enrolment_id)
        .where(
            Assignment.requirement_id == row.id,
            Assignment.person_id.in_(data["person_ids"]),
            Enrolment.state.in_((RunState.ENROLLED, RunState.STARTED)),
        )
        .order_by(Assignment.person_id)
    ).all()
    contacts = people.contacts(db, [one.person_id for one in rows])
    head = catalog.course_by_id(db, row.course_id)
    assert head is not None
    titles: dict[str, str] = {}
    for person_id, enrolment_id, due_on in rows:
        contact = contacts.get(person_id)
        if contact is None or due_on is None:
            continue
        if contact.lang not in titles:
            titles[contact.lang] = catalog.titles(db, [row.course_id], contact.lang).get(row.course_id, head.slug)
        title = titles[contact.lang]
        news = accounts.notify(
            db,
            person_id,
            NoticeKind.ASSIGNED,
            key=f"assigned:{row.id}:{person_id}",
            course=head.slug,
            title=title,
            due_on=due_on.isoformat(),
        )
        if not news or contact.email is None:
            continue
        why = queries.reasons(db, [enrolment_id], contact.lang).get(enrolment_id, ())
        mail.write(
            db,
            "assigned",
            address=contact.email,
            lang=contact.lang,
            person_id=person_id,
            name=f"{contact.given_name} {contact.family_name}",
            title=title,
            due_on=due_on,
            organisation=why[-1].organisation_name if why else "",
            reason=row.reason,
            legal_basis=row.legal_basis,
            url=f"{base_url.rstrip('/')}/courses/{head.slug}",
        )
