"""Reaching people: putting on their lists what a rule asks, unless what they hold already is still good."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.kit import clock, jobs
from app.kit.actor import SYSTEM, Actor
from app.learning import actions as learning
from app.learning.models import Enrolment
from app.requirements import queries, rules
from app.requirements.actions import periods
from app.requirements.models import Assignment, PeriodRow, Requirement
from app.requirements.queries import Member, Standing
from app.requirements.rules import Dated, Rule, What, WhatKind, dates
from app.requirements.rules.dates import steps_to_json
from app.requirements.rules.rule import from_json

BATCH = 100  # people per job


def reach_people(db: Session, actor: Actor, row: Requirement, person_ids: Sequence[int], *, late: bool) -> list[int]:
    """Hold some people to a requirement; those whom it holds already are left as they are. Answers who is new."""
    rule = from_json(row.rule)
    found = queries.members_by_id(db, person_ids)
    had = set(
        db.scalars(
            select(Assignment.person_id).where(
                Assignment.requirement_id == row.id,
                Assignment.subject == row.subject,
                Assignment.ended_at.is_(None),
            )
        )
    )
    fresh = [one for one in found if one.person_id not in had]
    standings = queries.standings(db, rule, fresh, today=clock.today(), late=late, key=row.key)
    known = _known(db, row, row.subject, fresh)
    reached = [one.member.person_id for one in standings if _assign(db, actor, row, rule, row.subject, one, known)]
    for course_id in rules.courses_of(rule) if rule.what.kind is WhatKind.PATH else ():
        # Where there is nothing to choose, every course of the path is required by itself.
        single = _of_course(rule, course_id)
        each = queries.standings(db, single, fresh, today=clock.today(), late=late)
        part = rules.course_subject(course_id)
        known = _known(db, row, part, fresh)
        for one in each:
            _assign(db, actor, row, single, part, one, known)
    return reached


@dataclass(frozen=True, slots=True)
class _Known:
    """What stands about these people before they are reached: asked for all at once, since a rule may mean thousands."""

    sources: dict[int, Assignment]
    periods: dict[int, PeriodRow]


def _known(db: Session, row: Requirement, subject: str, people: Sequence[Member]) -> _Known:
    ids = [one.person_id for one in people]
    sources: dict[int, Assignment] = {}
    found: dict[int, PeriodRow] = {}
    for start in range(0, len(ids), 500):
        some = ids[start : start + 500]
        had = select(Assignment).where(
            Assignment.requirement_id == row.id, Assignment.subject == subject, Assignment.person_id.in_(some)
        )
        sources |= {one.person_id: one for one in db.scalars(had)}
        present = select(PeriodRow).where(
            PeriodRow.subject == subject, PeriodRow.latest.is_(True), PeriodRow.person_id.in_(some)
        )
        rows = db.scalars(present.with_for_update().execution_options(populate_existing=True))
        found |= {one.person_id: one for one in rows}
    return _Known(sources, found)


def _of_course(rule: Rule, course_id: int) -> Rule:
    return Rule(
        what=What(WhatKind.COURSE, course_id),
        organisation_id=rule.organisation_id,
        audience=rule.audience,
        due=rule.due,
        terms=rule.terms,
        proof=rule.proof,
        starts_on=rule.starts_on,
    )


def _assign(
    db: Session, actor: Actor, row: Requirement, rule: Rule, subject: str, one: Standing, known: _Known
) -> bool:
    """Add one source to what is asked of one person; whether this requirement had not done so before."""
    person_id, today = one.member.person_id, clock.today()
    before, period = known.sources.get(person_id), known.periods.get(person_id)
    if before is not None and before.ended_at is None:
        return False
    run = _run(db, actor, rule, one) if rule.what.kind is WhatKind.COURSE else None
    enrolment_id = run.id if run is not None else None
    first = before is None and period is None and one.run is None and one.held is None
    if period is None or (enrolment_id is not None and period.enrolment_id != enrolment_id):
        opens = max(rule.starts_on or today, today)
        held_until = period.valid_until if period is not None else None
        period = periods.begin(
            db,
            person_id=person_id,
            subject=subject,
            enrolment_id=enrolment_id,
            opens_on=opens,
            due=one.due,
            held_until=held_until,
            before=period,
        )
    said = before or Assignment(requirement_id=row.id, person_id=person_id, subject=subject)
    said.enrolment_id, said.number = enrolment_id, period.number
    said.assigned_at, said.ended_at = clock.now(), None
    said.due_on, said.steps = one.due.on, steps_to_json(one.due.steps)
    said.not_before = one.service.not_before
    try:
        with db.begin_nested():
            db.add(said)
    except IntegrityError:  # the same person was reached a moment ago
        return False
    if run is not None:
        learning.assign(
            db,
            actor,
            person_id=person_id,
            course_id=run.course_id,
            enrolment=run,
            due_on=one.due.on,
            key=f"requirement:{row.id}" + (f":{clock.now().timestamp():.0f}" if before is not None else ""),
        )
    if one.held is not None and period.met_on is None:
        _meet(db, period, one)
    elif period.met_on is not None:
        _stricter(db, period, rule)
    if not first:  # of something that nobody had asked for before, the date is this one
        periods.sync(db, actor, person_id=person_id, subject=subject)
    return True


def _run(db: Session, actor: Actor, rule: Rule, one: Standing) -> Enrolment:
    """The run that a source is about: what is held counts; what is not good any more is begun anew."""
    course_id = rule.what.course_id
    assert course_id is not None
    run, person_id = one.run, one.member.person_id
    own = one.held is not None and one.held.course_id == course_id and one.held.enrolment_id is not None
    if run is not None and run.completed_at is not None:
        if own:
            return db.get_one(Enrolment, run.enrolment_id)
        if one.held is not None:
            fresh = learning.next_period(db, actor, enrolment_id=run.enrolment_id)
            periods.recognise(db, actor, one.held, course_id)
            return fresh
        return learning.next_period(db, actor, enrolment_id=run.enrolment_id)
    if one.held is not None:
        return periods.recognise(db, actor, one.held, course_id)
    return learning.open_run(db, actor, person_id=person_id, course_id=course_id)


def _meet(db: Session, period: PeriodRow, one: Standing) -> None:
    held = one.held
    assert held is not None
    if period.enrolment_id is not None and held.enrolment_id != period.enrolment_id:
        periods.settle(db, person_id=one.member.person_id)
        return
    periods.meet(db, period, held)


def _stricter(db: Session, period: PeriodRow, rule: Rule) -> None:
    """One more rule about something that is met: it may have to be renewed sooner; never sooner than is fair."""
    assert period.met_on is not None
    country = queries.country_of(db, period.person_id)
    after = dates.after([rule.terms], period.met_on, held_until=period.held_until, country=country)
    if after.due is None or (period.next_due_on is not None and period.next_due_on <= after.due.on):
        return
    fair = rules.newcomers_due(after.due.on, clock.today())
    due = after.due if fair == after.due.on else Dated(fair, after.due.steps)
    period.valid_until, period.next_opens_on = after.valid_until, after.opens_on
    period.next_due_on, period.next_steps = due.on, steps_to_json(due.steps)
    db.flush()


def waiting_for(db: Session, row: Requirement, *, limit: int | None = None) -> list[int]:
    """Whom a requirement means and does not hold yet."""
    rule = from_json(row.rule)
    held = select(Assignment.person_id).where(
        Assignment.requirement_id == row.id, Assignment.subject == row.subject, Assignment.ended_at.is_(None)
    )
    where = queries.meant(rule.audience) & queries.not_among(held)
    return [one.person_id for one in queries.members(db, where, limit=limit)]


def takes_anybody(db: Session, rule: Rule) -> bool:
    """A withdrawn course takes nobody new, however much it is still required of the others."""
    return all(queries.takes_learners(db, course_id) for course_id in rules.courses_of(rule))


def tell(db: Session, requirement_id: int, person_ids: Sequence[int]) -> None:
    for start in range(0, len(person_ids), BATCH):
        some = list(person_ids[start : start + BATCH])
        key = f"assigned:{requirement_id}:{some[0]}-{some[-1]}:{len(some)}"
        jobs.later(db, "requirements.notify", key=key, requirement_id=requirement_id, person_ids=some)


def reach_later(db: Session, data: dict[str, Any]) -> None:
    """The job `requirements.reach`: some of the people of a requirement too wide for one request."""
    row = db.get(Requirement, data["requirement_id"])
    if row is None or row.ended_at is not None:
        return
    reached = reach_people(db, SYSTEM, row, data["person_ids"], late=False)
    tell(db, row.id, reached)


def reach(db: Session, actor: Actor, *, person_id: int) -> int:
    """Hold somebody who has come, or moved, to the active requirements there. Answers how many were new.

    A newcomer gets a fair time: at least fourteen days, also where the date has passed for the others.
    """
    facts = queries.facts_of(db, person_id)
    if facts is None:
        return 0
    added = 0
    for row in queries.active_over(db, facts.path):
        rule = from_json(row.rule)
        if not rules.reaches(rule.audience, facts) or not takes_anybody(db, rule):
            continue
        if reach_people(db, actor, row, [person_id], late=True):
            tell(db, row.id, [person_id])
            added += 1
    return added


def let_go(db: Session, actor: Actor, *, person_id: int) -> int:
    """End what asks something of somebody whom it does not mean any more. What was done stays.

    Answers how many rules let the person go. A rule that has ended lets nobody go: it only reaches nobody new.
    """
    facts = queries.facts_of(db, person_id)
    if facts is None:
        return 0
    said = (
        select(Assignment, Requirement)
        .join(Requirement, Requirement.id == Assignment.requirement_id)
        .where(Assignment.person_id == person_id, Assignment.ended_at.is_(None), Requirement.ended_at.is_(None))
        .order_by(Assignment.requirement_id, Assignment.subject)
    )
    gone = set()
    for one, requirement in db.execute(said).all():
        if not rules.reaches(from_json(requirement.rule).audience, facts):
            one.ended_at = clock.now()
            gone.add(one.subject)
    db.flush()
    for subject in sorted(gone):
        periods.sync(db, actor, person_id=person_id, subject=subject)
    return len(gone)
