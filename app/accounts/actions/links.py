"""Invitations and forgotten passwords: links sent by mail that work once."""

from __future__ import annotations

import secrets
from collections.abc import Iterable

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.accounts import queries, rules
from app.accounts.actions import signins, throttles
from app.accounts.models import Link, Person
from app.accounts.queries import Contact, PersonCard
from app.accounts.queries.signins import token_digest
from app.accounts.rules import LinkKind, PersonState
from app.kit import audit, clock, jobs, mail
from app.kit.actor import SYSTEM, Actor
from app.kit.errors import Conflict, NotFound
from app.kit.i18n import N_

_VALID = {LinkKind.INVITATION: rules.INVITATION_VALID, LinkKind.PASSWORD: rules.RESET_VALID}
_INVITED_AT_ONCE = 50


def make_link(db: Session, person_id: int, kind: LinkKind, token: str = "") -> str:
    """A new link's secret; the earlier ones of its person stop working."""
    spend_links(db, person_id)
    token, now = token or secrets.token_urlsafe(32), clock.now()
    row = Link(token=token_digest(token), kind=kind, person_id=person_id, created_at=now, expires_at=now + _VALID[kind])
    db.add(row)
    db.flush()
    return token


def spend_links(db: Session, person_id: int) -> None:
    unused = update(Link).where(Link.person_id == person_id, Link.used_at.is_(None))
    db.execute(unused.values(used_at=clock.now()))


def hand_over_link(db: Session, actor: Actor, *, person: PersonCard) -> str:
    """A link to be given in person, shown once. Not for an account in use that mail reaches: its password is its own."""
    if not rules.may_be_handed_a_link(person.state, has_email=person.email is not None):
        raise Conflict(N_("This person can ask for a new password by mail."))
    token = make_link(db, person.id, LinkKind.INVITATION)
    audit.say(db, actor, "person.link-made", subject=person.key, organisation_id=person.organisation_id)
    return token


_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that is taken for another on paper


def hand_over_code(db: Session, actor: Actor, *, person: PersonCard) -> str | None:
    """A code on paper by which somebody without e-mail opens their account for the first time; None for anybody else.

    Whoever has a password already keeps it, and whoever holds a role gets their link from an administrator: a sheet of
    paper passes through many hands.
    """
    holds = bool(queries.grants_of(db, person.id))
    if person.email is not None or person.state is not PersonState.INVITED or holds:
        return None
    code = "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))
    make_link(db, person.id, LinkKind.INVITATION, code)
    audit.say(db, actor, "person.link-made", subject=person.key, organisation_id=person.organisation_id)
    return code


def invite(db: Session, actor: Actor, *, person_id: int, base_url: str) -> None:
    """Write an invitation, again if need be; the earlier link stops working."""
    person = queries.contacts(db, [person_id]).get(person_id)
    if person is None or person.email is None:
        raise Conflict(N_("This person has no e-mail address. Make a link and hand it over instead."))
    if person.state is PersonState.ACTIVE:
        raise Conflict(N_("This person has already chosen a password."))
    _write_invitation(db, person, base_url)
    card = queries.person_by_id(db, person_id)
    if card is not None:
        audit.say(db, actor, "person.invited", subject=card.key, organisation_id=card.organisation_id)


def _write_invitation(db: Session, person: Contact, base_url: str) -> None:
    token = make_link(db, person.id, LinkKind.INVITATION)
    mail.write(
        db,
        "invitation",
        address=str(person.email),
        lang=person.lang,
        person_id=person.id,
        name=f"{person.given_name} {person.family_name}",
        url=_address(base_url, token),
        days=rules.INVITATION_VALID.days,
    )


def _address(base_url: str, token: str) -> str:
    return f"{base_url.rstrip('/')}/set-password/{token}"


def invite_later(db: Session, person_ids: Iterable[int]) -> None:
    """Ask for invitations to be written after commit, a few dozen to a job."""
    ids = sorted(person_ids)
    for start in range(0, len(ids), _INVITED_AT_ONCE):
        some = ids[start : start + _INVITED_AT_ONCE]
        jobs.later(db, "accounts.invite", key=f"invite:{some[0]}-{some[-1]}", person_ids=some)


def invite_now(db: Session, *, person_ids: list[int], base_url: str) -> None:
    """The job `accounts.invite`: write to those who are still waiting for an invitation."""
    for person in queries.contacts(db, person_ids).values():
        if person.email is not None and person.state is PersonState.INVITED:
            _write_invitation(db, person, base_url)


def ask_for_password(db: Session, *, email: str, address: str) -> int:
    """Somebody forgot a password. Known or unknown, the same happens here: a count and a job. Seconds to wait, or 0.

    Whether there is such a person is found out by the job, so neither answer nor time can tell.
    """
    wait = throttles.take(db, throttles.throttle_key("reset-address", address), rules.RESET_ADDRESS)
    if wait:
        return wait
    if throttles.take(db, throttles.throttle_key("reset-account", email.strip()), rules.RESET_ACCOUNT) == 0:
        jobs.later(db, "accounts.password-link", email=email.strip().lower())
    return 0


def send_password_link(db: Session, *, email: str, base_url: str) -> None:
    """The job `accounts.password-link`: write to the person with this address, if there is one."""
    row = db.execute(
        select(Person.id, Person.lang, Person.given_name, Person.family_name, Person.state).where(Person.email == email)
    ).first()
    if row is None or row.state is PersonState.DISABLED:
        return
    token = make_link(db, row.id, LinkKind.PASSWORD)
    mail.write(
        db,
        "password",
        address=email,
        lang=row.lang,
        person_id=row.id,
        name=f"{row.given_name} {row.family_name}",
        url=_address(base_url, token),
        minutes=int(rules.RESET_VALID.total_seconds() // 60),
    )


def set_password(db: Session, *, token: str, stored: str) -> int:
    """Spend a link on a new password (already hashed) and answer whose it is. All sign-ins of the person end.

    Spending is one conditional update: of two browsers with the same link, one gets it.
    """
    now = clock.now()
    spent = (
        update(Link)
        .where(Link.token == token_digest(token), Link.used_at.is_(None), Link.expires_at > now)
        .values(used_at=now)
        .returning(Link.person_id)
    )
    person_id = db.scalar(spent)
    card = queries.person_by_id(db, person_id) if person_id is not None else None
    if card is None or card.state is PersonState.DISABLED:
        raise NotFound(N_("This link no longer works. Ask for a new one below."))
    db.execute(update(Person).where(Person.id == card.id).values(password=stored, state=PersonState.ACTIVE))
    spend_links(db, card.id)
    signins.end_all(db, card.id)
    who = queries.actor_of(db, card.id) or SYSTEM
    audit.say(db, who, "person.password-set", subject=card.key, organisation_id=card.organisation_id)
    return card.id


def change_password(db: Session, actor: Actor, *, stored: str) -> None:
    """Keep a new password (hashed, the old one checked). Every other sign-in ends, and the person is told."""
    person = queries.contacts(db, [actor.id]).get(actor.id)
    if person is None:
        raise NotFound(N_("There is no such person."))
    db.execute(update(Person).where(Person.id == actor.id).values(password=stored))
    signins.end_all(db, actor.id, but=actor.session)
    spend_links(db, actor.id)
    if person.email is not None:
        mail.write(
            db,
            "password_changed",
            address=person.email,
            lang=person.lang,
            person_id=person.id,
            name=f"{person.given_name} {person.family_name}",
        )
    audit.say(db, actor, "person.password-changed", subject=actor.key, organisation_id=actor.organisation_id)
