"""Requiring a course of a part of the tree, for those who work there and for those who come later."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.accounts import queries as people
from app.accounts.rules import PersonState, plain
from app.catalog import queries as catalog
from app.kit import audit, clock, jobs
from app.kit.actor import SYSTEM, Actor
from app.kit.errors import Conflict, Invalid, KitError
from app.kit.i18n import N_
from app.learning import actions as learning
from app.organisations.queries import OrganisationCard
from app.requirements import queries, rules
from app.requirements.models import Assignment, Requirement
from app.requirements.queries import RequirementCard

AT_ONCE = 1000  # people assigned in the request itself; the others follow as jobs
BATCH = 100  # people per job


@dataclass(frozen=True, slots=True)
class Required:
    """What came of requiring: how many assignments are new, and how many follow as jobs."""

    key: str
    requirement_id: int
    added: int
    later: int
    new: bool


def require(
    db: Session,
    actor: Actor,
    *,
    course_id: int,
    organisation: OrganisationCard,
    due_on: date,
    reason: str = "",
    legal_basis: str = "",
) -> Required:
    """Require a course of everybody at or below a place by a date. The same again adds nobody twice."""
    _check(due_on, reason, legal_basis, organisation)
    head = catalog.course_by_id(db, course_id)
    if head is None or not head.live:
        raise Invalid(course=N_("This course takes no new learners now."))
    row, new = _find_or_add(db, actor, course_id, organisation, due_on, reason, legal_basis)
    waiting = [one.person_id for one in queries.people_at(db, organisation.path, course_id)]
    had = set(db.scalars(select(Assignment.person_id).where(Assignment.requirement_id == row.id)))
    waiting = [person_id for person_id in waiting if person_id not in had]
    now, rest = waiting[:AT_ONCE], waiting[AT_ONCE:]
    for person_id in now:
        _assign(db, actor, row, person_id, row.due_on)
    db.flush()
    _tell(db, row.id, now)
    for start in range(0, len(rest), BATCH):
        some = rest[start : start + BATCH]
        key = f"reach:{row.id}:{some[0]}-{some[-1]}"
        jobs.later(db, "requirements.reach", key=key, requirement_id=row.id, person_ids=some)
    if new or waiting:
        audit.say(
            db,
            actor,
            "requirement.created" if new else "requirement.repeated",
            subject=row.key,
            organisation_id=organisation.id,
            course=head.slug,
            due_on=due_on.isoformat(),
            people=len(waiting),
        )
    return Required(row.key, row.id, added=len(now), later=len(rest), new=new)


def _check(due_on: date, reason: str, legal_basis: str, organisation: OrganisationCard) -> None:
    faults: dict[str, str | KitError] = {}
    if fault := rules.due_fault(due_on, clock.today()):
        faults["due_on"] = fault
    if len(plain(reason)) > rules.REASON_MAX:
        faults["reason"] = KitError(N_("Use at most %(max)s characters."), max=rules.REASON_MAX)
    if len(plain(legal_basis)) > rules.LEGAL_BASIS_MAX:
        faults["legal_basis"] = KitError(N_("Use at most %(max)s characters."), max=rules.LEGAL_BASIS_MAX)
    if organisation.closed:
        faults["organisation"] = N_("This organisation is closed.")
    if faults:
        raise Invalid(**faults)


def _find_or_add(
    db: Session,
    actor: Actor,
    course_id: int,
    organisation: OrganisationCard,
    due_on: date,
    reason: str,
    legal_basis: str,
) -> tuple[Requirement, bool]:
    found = queries.active_one(db, course_id=course_id, organisation_id=organisation.id, due_on=due_on)
    if found is not None:
        return found, False
    row = Requirement(
        key=secrets.token_hex(10),
        course_id=course_id,
        organisation_id=organisation.id,
        due_on=due_on,
        reason=plain(reason),
        legal_basis=plain(legal_basis),
        created_at=clock.now(),
        created_by_id=actor.id or None,
    )
    try:
        with db.begin_nested():
            db.add(row)
    except IntegrityError:  # somebody required the same a moment ago
        found = queries.active_one(db, course_id=course_id, organisation_id=organisation.id, due_on=due_on)
        if found is None:
            raise Conflict(
                N_("Somebody has just changed the same assignment. Look at the list and try again.")
            ) from None
        return found, False
    return row, True


def _assign(db: Session, actor: Actor, row: Requirement, person_id: int, due_on: date) -> bool:
    """Put the course on one person's list; whether this requirement had not done so before."""
    if db.get(Assignment, (row.id, person_id)) is not None:
        return False
    enrolment, _ = learning.assign(
        db, actor, person_id=person_id, course_id=row.course_id, due_on=due_on, key=f"requirement:{row.id}"
    )
    try:
        with db.begin_nested():
            db.add(
                Assignment(
                    requirement_id=row.id, person_id=person_id, enrolment_id=enrolment.id, assigned_at=clock.now()
                )
            )
    except IntegrityError:  # the same person was reached a moment ago
        return False
    return True


def _tell(db: Session, requirement_id: int, person_ids: Sequence[int]) -> None:
    for start in range(0, len(person_ids), BATCH):
        some = list(person_ids[start : start + BATCH])
        key = f"assigned:{requirement_id}:{some[0]}-{some[-1]}:{len(some)}"
        jobs.later(db, "requirements.notify", key=key, requirement_id=requirement_id, person_ids=some)


def reach_later(db: Session, data: dict[str, Any]) -> None:
    """The job `requirements.reach`: some of the people of a requirement too wide for one request."""
    row = db.get(Requirement, data["requirement_id"])
    if row is None or row.ended_at is not None:
        return
    reached = [person for person in data["person_ids"] if _assign(db, SYSTEM, row, person, row.due_on)]
    _tell(db, row.id, reached)


def reach(db: Session, actor: Actor, *, person_id: int) -> int:
    """Hold somebody who has come, or moved, to the active requirements there. Answers how many were new.

    A newcomer gets a fair time: at least fourteen days, also where the date has passed for the others.
    """
    person = people.person_by_id(db, person_id)
    if person is None or person.state is PersonState.DISABLED or not person.organisation_path:
        return 0
    added = 0
    for row in queries.active_over(db, person.organisation_path):
        # A withdrawn course takes nobody new, however much it is still required of the others.
        if not queries.takes_learners(db, row.course_id):
            continue
        if _assign(db, actor, row, person_id, rules.newcomers_due(row.due_on, clock.today())):
            _tell(db, row.id, [person_id])
            added += 1
    return added


def end(db: Session, actor: Actor, *, requirement: RequirementCard) -> bool:
    """Let a requirement reach nobody new. What it has put on people's lists stays there."""
    done = db.execute(
        update(Requirement)
        .where(Requirement.id == requirement.id, Requirement.ended_at.is_(None))
        .values(ended_at=clock.now())
        .execution_options(synchronize_session="fetch")
    )
    if not done.rowcount:  # type: ignore[attr-defined]
        return False
    audit.say(
        db,
        actor,
        "requirement.ended",
        subject=requirement.key,
        organisation_id=requirement.organisation_id,
        course=requirement.course_slug,
    )
    return True
