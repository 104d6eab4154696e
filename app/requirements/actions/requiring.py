"""Setting a rule, changing it, ending it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.accounts.rules import plain
from app.catalog import queries as catalog
from app.kit import audit, clock, jobs
from app.kit.actor import Actor
from app.kit.errors import Conflict, Invalid, KitError
from app.kit.i18n import N_
from app.organisations import queries as organisations
from app.organisations.queries import OrganisationCard
from app.requirements import queries, rules
from app.requirements.actions import periods, reaching
from app.requirements.models import Assignment, Requirement
from app.requirements.queries import RequirementCard
from app.requirements.rules import Rule
from app.requirements.rules.rule import faults, to_json

AT_ONCE = 500  # people assigned in the request itself; the others follow as jobs
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
    rule = queries.simple(course_id, organisation.id, due_on, reason=reason, legal_basis=legal_basis)
    return set_rule(db, actor, rule=rule)


def set_rule(db: Session, actor: Actor, *, rule: Rule) -> Required:
    """Set a rule and reach the people it means. The same what, whom and when again adds nobody twice."""
    rule = _tidy(rule)
    place = _check(db, rule)
    row, new = _find_or_add(db, actor, rule)
    waiting = reaching.waiting_for(db, row)
    now, rest = waiting[:AT_ONCE], waiting[AT_ONCE:]
    added = reaching.reach_people(db, actor, row, now, late=False)
    db.flush()
    reaching.tell(db, row.id, added)
    for start in range(0, len(rest), BATCH):
        some = rest[start : start + BATCH]
        key = f"reach:{row.id}:{some[0]}-{some[-1]}"
        jobs.later(db, "requirements.reach", key=key, requirement_id=row.id, person_ids=some)
    if new or waiting:
        _say(db, actor, "requirement.created" if new else "requirement.repeated", row, place.id, people=len(waiting))
    return Required(row.key, row.id, added=len(added), later=len(rest), new=new)


def _tidy(rule: Rule) -> Rule:
    """One line for what is one line, and nobody outside the place."""
    return replace(
        rule,
        what=replace(rule.what, title=plain(rule.what.title)),
        audience=rules.within(rule.organisation_id, rule.audience),
        equivalents=tuple(sorted({one for one in rule.equivalents if one != rule.what.course_id})),
        reason=plain(rule.reason),
        legal_basis=plain(rule.legal_basis),
    )


def _check(db: Session, rule: Rule, old: Rule | None = None) -> OrganisationCard:
    found: dict[str, str | KitError] = {**faults(rule, clock.today(), old=old)}
    place = organisations.by_id(db, rule.organisation_id)
    if place is None or place.closed:
        found["organisation"] = N_("This organisation is closed.")
    if "course" not in found and "courses" not in found:
        asked = rules.courses_of(rule) if rule.what.path is None else [one.course_id for one in rule.what.path.items]
        if not all(queries.takes_learners(db, course_id) for course_id in asked):
            found["course" if rule.what.path is None else "courses"] = N_("This course takes no new learners now.")
    if not found and (circle := queries.circle(db, rule)):
        found["courses"] = KitError(
            N_("These courses ask for one another, so nobody could begin: %(names)s."), names=" → ".join(circle)
        )
    if found:
        raise Invalid(**found)
    assert place is not None
    return place


def _say(db: Session, actor: Actor, action: str, row: Requirement, place_id: int, **more: object) -> None:
    head = catalog.course_by_id(db, row.course_id) if row.course_id is not None else None
    audit.say(
        db,
        actor,
        action,
        subject=row.key,
        organisation_id=place_id,
        course=head.slug if head is not None else row.title,
        due_on=row.due_on.isoformat() if row.due_on else "",
        **more,
    )


def _columns(rule: Rule, key: str) -> dict[str, object]:
    return {
        "kind": rule.what.kind,
        "course_id": rule.what.course_id,
        "title": rule.what.title,
        "subject": rules.subject(rule, key),
        "organisation_id": rule.organisation_id,
        "due_on": rule.due.on if rule.due.kind is rules.DueKind.FIXED else None,
        "rule": to_json(rule),
        "fingerprint": rules.fingerprint(rule),
        "reason": rule.reason,
        "legal_basis": rule.legal_basis,
    }


def _find_or_add(db: Session, actor: Actor, rule: Rule) -> tuple[Requirement, bool]:
    found = queries.active_one(db, rules.fingerprint(rule))
    if found is not None:
        return found, False
    key = secrets.token_hex(10)
    row = Requirement(key=key, created_at=clock.now(), created_by_id=actor.id or None, **_columns(rule, key))
    try:
        with db.begin_nested():
            db.add(row)
    except IntegrityError:  # somebody required the same a moment ago
        found = queries.active_one(db, rules.fingerprint(rule))
        if found is None:
            raise Conflict(
                N_("Somebody has just changed the same assignment. Look at the list and try again.")
            ) from None
        return found, False
    return row, True


@dataclass(frozen=True, slots=True)
class Changed:
    """What came of an edit: how many dates moved, how many people are new, how many were let go."""

    moved: int
    added: int
    gone: int


def change_rule(db: Session, actor: Actor, *, requirement: RequirementCard, rule: Rule) -> Changed:
    """Edit a rule. What is completed does not change; dates of present periods move as far as is fair.

    What a rule asks for stays what it is: for something else, this one is ended and another set.
    """
    rule, old = _tidy(rule), requirement.rule
    if rule.what != old.what or rule.organisation_id != old.organisation_id:
        raise Conflict(N_("What is asked, and where, cannot be changed. End this requirement and set another."))
    place = _check(db, rule, old)
    row = db.get_one(Requirement, requirement.id)
    if row.ended_at is not None:
        raise Conflict(N_("This assignment had ended before."))
    same = queries.active_one(db, rules.fingerprint(rule))
    if same is not None and same.id != row.id:
        raise Conflict(N_("There is the same requirement already."))
    was = {name: value for name, value in to_json(old).items() if value != to_json(rule)[name]}
    if not was:
        return Changed(0, 0, 0)
    for name, value in _columns(rule, row.key).items():
        setattr(row, name, value)
    row.changed_at = clock.now()
    db.flush()
    gone = _let_go(db, actor, row)
    moved = 0
    if rule.due != old.due or rule.terms != old.terms:
        held = db.execute(
            select(Assignment.person_id, Assignment.subject)
            .where(Assignment.requirement_id == row.id, Assignment.ended_at.is_(None))
            .order_by(Assignment.person_id, Assignment.subject)
        ).all()
        for person_id, subject in held:
            moved += periods.recount(db, actor, person_id=person_id, subject=subject, rule_id=row.id)
    added = reaching.reach_people(db, actor, row, reaching.waiting_for(db, row), late=True)
    reaching.tell(db, row.id, added)
    _say(db, actor, "requirement.changed", row, place.id, changed=sorted(was), moved=moved, people=len(added))
    return Changed(moved, len(added), gone)


def _let_go(db: Session, actor: Actor, row: Requirement) -> int:
    held = db.scalars(
        select(Assignment.person_id)
        .where(Assignment.requirement_id == row.id, Assignment.ended_at.is_(None))
        .distinct()
        .order_by(Assignment.person_id)
    ).all()
    rule = queries.rule_of(row)
    meant = {one.person_id for one in queries.members(db, queries.meant(rule.audience))}
    gone = [person_id for person_id in held if person_id not in meant]
    return sum(bool(reaching.let_go(db, actor, person_id=person_id)) for person_id in gone)


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
        course=requirement.course_slug or requirement.course_title,
    )
    return True
