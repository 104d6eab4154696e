"""Naming who acts in a manager's place while the manager is away."""

from __future__ import annotations

import secrets
from datetime import date

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.accounts import queries, rules
from app.accounts.models import DeputyRow, Person
from app.accounts.queries import DeputyCard, PersonCard
from app.accounts.rules import PersonState
from app.kit import audit, clock, mail
from app.kit.actor import Actor
from app.kit.errors import Conflict, Invalid, NotFound
from app.kit.i18n import N_


def name_deputy(db: Session, actor: Actor, *, email: str, since: date, until: date) -> DeputyCard:
    """Let somebody of the same municipality act in the actor's place, from the first day to the last.

    The deputy gets the manager's role and nothing more, as it is on each of those days: a role that is taken away is
    gone for both. What was lent cannot be lent on. Saying the same twice changes nothing.
    """
    faults = rules.deputy_faults(since, until, clock.today())
    person = _colleague(db, actor, email)
    if person is None:
        faults["email"] = N_("There is nobody with this address in your municipality who can sign in.")
    if not rules.may_name_deputy(actor):
        raise Conflict(N_("Only a manager names a deputy, and only for what is their own."))
    if person is not None and person.id == actor.id:
        faults["email"] = N_("Nobody deputises for themselves.")
    if faults:
        raise Invalid(**faults)
    assert person is not None  # else there was a fault
    same = select(DeputyRow.key).where(
        DeputyRow.manager_id == actor.id,
        DeputyRow.deputy_id == person.id,
        DeputyRow.since == since,
        DeputyRow.until == until,
        DeputyRow.ended_at.is_(None),
    )
    key = db.scalar(same)
    if key is None:
        key = secrets.token_hex(10)
        db.add(
            DeputyRow(key=key, manager_id=actor.id, deputy_id=person.id, since=since, until=until, named_at=clock.now())
        )
        db.flush()
        _tell(db, actor, person, since, until)
        audit.say(
            db,
            actor,
            "deputy.named",
            subject=person.key,
            organisation_id=actor.organisation_id,
            since=since.isoformat(),
            until=until.isoformat(),
        )
    found = queries.deputy_by_key(db, key)
    assert found is not None  # it has just been written
    return found


def _colleague(db: Session, actor: Actor, email: str) -> PersonCard | None:
    address = rules.normal_email(email)
    found = queries.person_cards(db, Person.email == address) if address else ()
    if not found or found[0].state is not PersonState.ACTIVE:
        return None
    return found[0] if found[0].organisation_path.startswith(rules.municipality_path(actor.organisation_path)) else None


def _tell(db: Session, actor: Actor, person: PersonCard, since: date, until: date) -> None:
    if person.email is not None:
        mail.write(
            db,
            "deputy",
            address=person.email,
            lang=person.lang,
            person_id=person.id,
            name=person.name,
            manager=actor.name,
            since=since,
            until=until,
        )


def end_deputy(db: Session, actor: Actor, *, key: str) -> None:
    """The deputy's rights end with this moment. A past day stays in the record as it was."""
    found = queries.deputy_by_key(db, key)
    if found is None or found.manager_id != actor.id:
        raise NotFound(N_("There is no such deputy."))
    db.execute(update(DeputyRow).where(DeputyRow.key == key).values(ended_at=clock.now()))
    person = queries.person_by_id(db, found.deputy_id)
    audit.say(db, actor, "deputy.ended", subject=person.key if person else "", organisation_id=actor.organisation_id)
