"""Periods: the first one, its date as its sources have it, what meets it, and the one after it. Nothing is ever reset."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.kit import clock
from app.kit.actor import SYSTEM, Actor
from app.learning import actions as learning
from app.learning.models import Enrolment
from app.learning.rules import Kind
from app.requirements import queries
from app.requirements.models import Assignment, PeriodRow, Requirement
from app.requirements.queries.history import Held
from app.requirements.rules import Dated, Rule, Service, dates
from app.requirements.rules.dates import steps_from_json, steps_to_json
from app.requirements.rules.rule import from_json

AT_ONCE = 500


def midday(day: date) -> datetime:
    """A moment that is this day wherever the people are."""
    return datetime.combine(day, time(12), clock.LOCAL)


def sources(db: Session, person_id: int, subject: str) -> list[tuple[Assignment, Requirement]]:
    """What asks something of somebody now, the strictest first."""
    said = (
        select(Assignment, Requirement)
        .join(Requirement, Requirement.id == Assignment.requirement_id)
        .where(Assignment.person_id == person_id, Assignment.subject == subject, Assignment.ended_at.is_(None))
        .order_by(Assignment.due_on, Assignment.requirement_id)
    )
    return [(row[0], row[1]) for row in db.execute(said)]


def latest(db: Session, person_id: int, subject: str) -> PeriodRow | None:
    return db.scalar(
        select(PeriodRow)
        .where(PeriodRow.person_id == person_id, PeriodRow.subject == subject, PeriodRow.latest.is_(True))
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def rules_of(found: Sequence[tuple[Assignment, Requirement]]) -> list[Rule]:
    return [from_json(requirement.rule) for _, requirement in found]


def begin(
    db: Session,
    *,
    person_id: int,
    subject: str,
    enrolment_id: int | None,
    opens_on: date,
    due: Dated,
    held_until: date | None = None,
    before: PeriodRow | None = None,
) -> PeriodRow:
    """A new period; the one `before` it, if there was one, is not the latest any more."""
    if before is not None:
        before.latest = False
    row = PeriodRow(
        person_id=person_id,
        organisation_id=select(Person.organisation_id).where(Person.id == person_id).scalar_subquery(),
        subject=subject,
        number=before.number + 1 if before is not None else 1,
        enrolment_id=enrolment_id,
        opens_on=opens_on,
        due_on=due.on,
        steps=steps_to_json(due.steps),
        held_until=held_until,
        next_steps=[],
    )
    db.add(row)
    db.flush()
    return row


def date_of(row: PeriodRow, found: Sequence[Assignment]) -> Dated | None:
    """The date of a period: the strictest of its sources, with more time where that was granted."""
    own = [one for one in found if one.number == row.number]
    if not own:
        return None
    made = dates.strictest([Dated(one.due_on, steps_from_json(one.steps)) for one in own])
    return dates.extended(made, row.extended_until)


def sync(db: Session, actor: Actor, *, person_id: int, subject: str) -> None:
    """Bring the date of the present period up to date with what asks for it. A period that is met keeps its date."""
    row = latest(db, person_id, subject)
    if row is None:
        return
    found = sources(db, person_id, subject)
    if not found:
        if row.dropped_at is None:
            row.dropped_at = clock.now()
            if row.enrolment_id is not None:
                learning.set_due(
                    db, actor, enrolment_id=row.enrolment_id, due_on=None, required=False, why="nobody asks for it"
                )
        return
    row.dropped_at = None
    made = date_of(row, [one for one, _ in found])
    if made is None:
        return
    if row.met_on is None:
        row.due_on, row.steps = made.on, steps_to_json(made.steps)
    if row.enrolment_id is not None:
        learning.set_due(db, actor, enrolment_id=row.enrolment_id, due_on=row.due_on, why="sources")
    db.flush()


def meet(db: Session, row: PeriodRow, held: Held) -> None:
    """Say that a period is met, and what follows: until when it is good, and when it is to be renewed."""
    found = sources(db, row.person_id, row.subject)
    terms = [rule.terms for rule in rules_of([pair for pair in found if pair[1].ended_at is None])]
    country = queries.country_of(db, row.person_id)
    after = dates.after(terms, held.met_on, held_until=row.held_until, written=held.until, country=country)
    row.met_on, row.met_by, row.evidence_id = held.met_on, held.kind.value, held.evidence_id
    row.valid_until, row.next_opens_on = after.valid_until, after.opens_on
    row.next_due_on = after.due.on if after.due else None
    row.next_steps = steps_to_json(after.due.steps) if after.due else []
    db.flush()


def unmeet(db: Session, row: PeriodRow) -> None:
    """What met a period was taken back: it waits again, by the date it had."""
    row.met_on, row.met_by, row.evidence_id, row.valid_until = None, "", None, None
    row.next_opens_on, row.next_due_on, row.next_steps = None, None, []
    db.flush()


def evidence_for(db: Session, row: PeriodRow) -> Held | None:
    """What has met a period: in its run, or for a path or a certificate since it began."""
    if row.enrolment_id is not None:
        course_id = db.scalar(select(Enrolment.course_id).where(Enrolment.id == row.enrolment_id))
        assert course_id is not None
        had = queries.evidence(db, [row.person_id], course_ids=[course_id]).get(row.person_id, ())
        return next((held for held in had if held.enrolment_id == row.enrolment_id), None)
    found = sources(db, row.person_id, row.subject)
    if not found:
        return None
    member = next(iter(queries.members_by_id(db, [row.person_id])), None)
    rule = rules_of(found)[0]
    if member is None:
        return None
    one = queries.standings(db, rule, [member], today=clock.today(), late=False, key=found[0][1].key)[0]
    before = db.scalar(
        select(PeriodRow.evidence_id).where(
            PeriodRow.person_id == row.person_id,
            PeriodRow.subject == row.subject,
            PeriodRow.number == row.number - 1,
        )
    )
    return None if one.held is None or one.held.evidence_id == before else one.held


def settle(db: Session, *, person_id: int | None = None) -> int:
    """Say of every period whose run is completed that it is met. Answers how many there were."""
    said = (
        select(PeriodRow)
        .join(Enrolment, Enrolment.id == PeriodRow.enrolment_id)
        .where(PeriodRow.met_on.is_(None), Enrolment.completed_at.is_not(None))
        .order_by(PeriodRow.id)
        .limit(AT_ONCE)
        .with_for_update(of=PeriodRow)
    )
    if person_id is not None:
        said = said.where(PeriodRow.person_id == person_id)
    done = 0
    while rows := db.scalars(said).all():
        before = done
        for row in rows:
            held = evidence_for(db, row)
            if held is not None:
                meet(db, row, held)
                done += 1
        if done == before:
            break
    return done


def completed(db: Session, *, enrolment_id: int) -> None:
    """What follows the completion of a run: its own period is met, and perhaps that of a path, or of another course
    that counts this one as its own."""
    run = db.get(Enrolment, enrolment_id)
    if run is None or run.completed_at is None:
        return
    settle(db, person_id=run.person_id)
    open_ones = db.scalars(
        select(PeriodRow)
        .where(
            PeriodRow.person_id == run.person_id,
            PeriodRow.latest.is_(True),
            PeriodRow.met_on.is_(None),
            PeriodRow.dropped_at.is_(None),
        )
        .order_by(PeriodRow.id)
    ).all()
    for row in open_ones:
        if row.enrolment_id is None:
            if (held := evidence_for(db, row)) is not None:
                meet(db, row, held)
        else:
            _by_equivalent(db, row, run)


def _by_equivalent(db: Session, row: PeriodRow, run: Enrolment) -> None:
    """Credit a period with the completion of a course that its rule counts as the same."""
    found = [pair for pair in sources(db, row.person_id, row.subject) if run.course_id in _equivalents(pair[1])]
    member = next(iter(queries.members_by_id(db, [row.person_id])), None)
    if not found or member is None:
        return
    rule = rules_of(found)[0]
    had = queries.evidence(db, [row.person_id], course_ids=[run.course_id]).get(row.person_id, ())
    mine = [held for held in had if held.enrolment_id == run.id]
    held = queries.best(rule, mine, member.path, queries.recognised(db), clock.today())
    if held is not None and rule.what.course_id is not None:
        recognise(db, SYSTEM, held, rule.what.course_id)
        settle(db, person_id=row.person_id)


def _equivalents(requirement: Requirement) -> list[int]:
    return list(requirement.rule["equivalents"])


def recognise(db: Session, actor: Actor, held: Held, course_id: int) -> Enrolment:
    """Complete a run by what was done elsewhere, on the day it was done. Answers the run."""
    return learning.credit(
        db,
        actor,
        person_id=held.person_id,
        course_id=course_id,
        kind=Kind.RECOGNISED,
        at=held.at,
        key=f"recognised:{held.evidence_id}:{course_id}",
        evidence=held.evidence_id,
        course=held.course_id,
        valid_until=held.until.isoformat() if held.until else None,
    )


def written_end(row: PeriodRow) -> date | None:
    """The end that stood on a certificate: the one thing about the past that no rule counts out."""
    return row.valid_until if row.met_by == "proof.accepted" else None


def recount(db: Session, actor: Actor, *, person_id: int, subject: str, rule_id: int | None = None) -> bool:
    """Count the dates of a present period again: after leave, or where a rule (`rule_id`) was edited.

    Whether the date moved. What has passed does not change, and nobody gets an unfair date by an edit.
    """
    row = latest(db, person_id, subject)
    if row is None or row.met_on is not None:
        return False
    was = row.due_on
    member = next(iter(queries.members_by_id(db, [person_id])), None)
    if member is None:
        return False
    away = queries.leaves_of(db, [person_id]).get(person_id, ())
    for one, requirement in sources(db, person_id, subject):
        if one.number != row.number or (rule_id is not None and requirement.id != rule_id):
            continue
        rule = from_json(requirement.rule)
        began = row.opens_on if row.held_until else one.assigned_at.astimezone(clock.LOCAL).date()
        service = Service(began, member.hired_on, member.post_on, one.not_before, away, member.country)
        made = _counted_again(db, rule, row, service)
        if rule_id is not None:
            fair = dates.edited(one.due_on, made.on, clock.today())
            if fair != made.on:
                one.not_before = fair
                made = _counted_again(db, rule, row, replace(service, not_before=fair))
        one.due_on, one.steps = made.on, steps_to_json(made.steps)
    db.flush()
    sync(db, actor, person_id=person_id, subject=subject)
    return row.due_on != was


def _counted_again(db: Session, rule: Rule, row: PeriodRow, service: Service) -> Dated:
    before = db.scalar(
        select(PeriodRow).where(
            PeriodRow.person_id == row.person_id, PeriodRow.subject == row.subject, PeriodRow.number == row.number - 1
        )
    )
    if row.held_until is not None and before is not None and before.met_on is not None:
        after = dates.after(
            [rule.terms],
            before.met_on,
            held_until=before.held_until,
            written=written_end(before),
            country=service.country,
        )
        if after.due is not None:
            return dates.renewed_due(after.due, service)
        return Dated(row.due_on, steps_from_json(row.steps))
    return dates.first_due(rule.due, service)


def date_of_next(row: PeriodRow) -> Dated:
    """The date by which a period that is met would have had to be renewed."""
    day = row.next_due_on or row.valid_until or row.due_on
    return Dated(day, steps_from_json(row.next_steps))


def met_by(db: Session, evidence_id: int) -> list[PeriodRow]:
    """The present periods that this piece of evidence has met."""
    said = select(PeriodRow).where(PeriodRow.evidence_id == evidence_id, PeriodRow.latest.is_(True))
    return list(db.scalars(said.order_by(PeriodRow.id).with_for_update()))
