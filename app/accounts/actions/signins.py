"""Signing in and out: counted, checked outside any transaction, and begun with a new secret each time."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from app.accounts import queries, rules
from app.accounts.actions import throttles
from app.accounts.actions.passwords import Verdict
from app.accounts.models import Person, SignIn, Token
from app.accounts.queries import Credentials
from app.accounts.queries.signins import token_digest
from app.kit import audit, clock
from app.kit.actor import Actor


@dataclass(frozen=True, slots=True)
class Admission:
    """Whether a try may be made now, and what it is checked against."""

    credentials: Credentials
    retry_seconds: int = 0


def admit(db: Session, *, login: str, address: str) -> Admission:
    """Count a try before it is checked, so that a hundred at once are a hundred. Refusing writes too: commit it.

    The order is 1. `admit` in a transaction, 2. `passwords.verify` outside any, 3. `begin` in another.
    """
    waits = [throttles.take(db, key, limit) for key, limit in _limits(login, address)]
    if wait := max(waits):
        return Admission(Credentials(), retry_seconds=wait)
    return Admission(queries.credentials(db, login))


def admit_change(db: Session, actor: Actor, *, login: str, address: str) -> tuple[int, str | None]:
    """Count a try at the actor's own present password: the seconds to wait, and what it is checked against."""
    waits = [throttles.take(db, key, limit) for key, limit in _limits(login, address)]
    if wait := max(waits):
        return wait, None
    return 0, queries.password_of(db, actor.id)


def _limits(login: str, address: str) -> tuple[tuple[str, rules.Limit], ...]:
    return (
        (throttles.throttle_key("sign-in-pair", login.strip(), address), rules.SIGN_IN_PAIR),
        (throttles.throttle_key("sign-in-account", login.strip()), rules.SIGN_IN_ACCOUNT),
        (throttles.throttle_key("sign-in-address", address), rules.SIGN_IN_ADDRESS),
    )


def begin(
    db: Session, *, person_id: int, address: str, agent: str, login: str = "", verdict: Verdict | None = None
) -> str | None:
    """Begin a sign-in and answer its secret, which goes into the cookie and is kept nowhere.

    None when the person was disabled while the password was being checked.
    """
    actor = queries.actor_of(db, person_id)
    if actor is None:
        return None
    if verdict is not None and verdict.newer is not None:
        db.execute(update(Person).where(Person.id == person_id).values(password=verdict.newer))
    if login:
        pair, *wider = (key for key, _limit in _limits(login, address))
        throttles.clear(db, pair)
        for key in wider:
            throttles.give_back(db, key)
    token, now = secrets.token_urlsafe(32), clock.now()
    db.add(
        SignIn(
            token=token_digest(token),
            person_id=person_id,
            created_at=now,
            seen_at=now,
            expires_at=now + rules.SESSION_ABSOLUTE,
            agent=agent[:200],
            address=address[:64],
        )
    )
    db.execute(update(Person).where(Person.id == person_id).values(seen_at=now))
    db.execute(delete(SignIn).where(SignIn.person_id == person_id, SignIn.expires_at <= now))
    audit.say(db, actor, "person.signed-in", subject=actor.key, organisation_id=actor.organisation_id)
    return token


def sign_out(db: Session, actor: Actor, *, token: str) -> None:
    """End the sign-in behind a cookie, whoever's it is; ending it twice is the same."""
    db.execute(delete(SignIn).where(SignIn.token == token_digest(token)))
    if actor.signed_in:
        audit.say(db, actor, "person.signed-out", subject=actor.key, organisation_id=actor.organisation_id)


def end_sign_in(db: Session, actor: Actor, *, sign_in_id: int) -> None:
    """End one of the actor's own sign-ins, here or in another browser."""
    own = delete(SignIn).where(SignIn.id == sign_in_id, SignIn.person_id == actor.id)
    if db.scalar(own.returning(SignIn.id)) is not None:
        audit.say(db, actor, "person.sign-in-ended", subject=actor.key, organisation_id=actor.organisation_id)


def end_other_sign_ins(db: Session, actor: Actor) -> None:
    """End the actor's own sign-ins except the present one."""
    end_all(db, actor.id, but=actor.session)
    audit.say(db, actor, "person.other-sign-ins-ended", subject=actor.key, organisation_id=actor.organisation_id)


def end_all(db: Session, person_id: int, *, but: str = "") -> None:
    query = delete(SignIn).where(SignIn.person_id == person_id)
    db.execute(query.where(SignIn.id != int(but)) if but else query)


def touch(db: Session, sign_in_id: int) -> None:
    """Note that a sign-in is still in use. Called at most every few minutes, in a short transaction of its own."""
    now = clock.now()
    owner = db.scalar(update(SignIn).where(SignIn.id == sign_in_id).values(seen_at=now).returning(SignIn.person_id))
    if owner is not None:
        db.execute(update(Person).where(Person.id == owner).values(seen_at=now))


def touch_token(db: Session, token_hash: str) -> None:
    """Note that an API token was used."""
    db.execute(update(Token).where(Token.token == token_hash).values(used_at=clock.now()))
