"""Who is behind a cookie, a token or a pair of name and password."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.accounts.models import DeputyRow, GrantRow, Person, SignIn, Token
from app.accounts.rules import PersonState, sign_in_is_over
from app.kit import clock
from app.kit.actor import Actor, Grant, Role
from app.organisations.models import Organisation
from app.organisations.queries import said_name


@dataclass(frozen=True, slots=True)
class SignInCard:
    """One browser in which somebody is signed in."""

    id: int
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    agent: str
    address: str


@dataclass(frozen=True, slots=True)
class TokenCard:
    id: int
    name: str
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a sign-in is checked against; `person_id` 0 and no password for somebody unknown."""

    person_id: int = 0
    password: str | None = None


def token_digest(token: str) -> str:
    """How secrets that are random anyway are kept: their SHA-256."""
    return hashlib.sha256(token.encode()).hexdigest()


_Held = aliased(Organisation)
_Manager = aliased(Person)
_PERSON: tuple[ColumnElement[Any], ...] = (
    Person.id,
    Person.key,
    Person.given_name,
    Person.family_name,
    Person.lang,
    Person.organisation_id,
    Organisation.path,
    said_name(),
    GrantRow.role,
    GrantRow.organisation_id,
    _Held.path,
    GrantRow.person_id,
    _Manager.given_name + " " + _Manager.family_name,
)  # type: ignore[assignment]


def _with_grants(*more: Any) -> Select[Any]:
    """One row per grant (or one without): person, place and rights in a single statement.

    Among them what a manager holds for whom the person deputises today; where there are several such managers, one's own
    grants come once for each.
    """
    today = clock.today()
    lends = and_(
        DeputyRow.deputy_id == Person.id,
        DeputyRow.until >= today,
        DeputyRow.since <= today,
        DeputyRow.ended_at.is_(None),
    )
    lent = and_(GrantRow.person_id == _Manager.id, GrantRow.role == Role.MANAGER)
    return (
        select(*_PERSON, *more)
        .select_from(Person)
        .outerjoin(Organisation, Organisation.id == Person.organisation_id)
        .outerjoin(DeputyRow, lends)
        .outerjoin(_Manager, and_(_Manager.id == DeputyRow.manager_id, _Manager.state == PersonState.ACTIVE))
        .outerjoin(GrantRow, or_(GrantRow.person_id == Person.id, lent))
        .outerjoin(_Held, _Held.id == GrantRow.organisation_id)
        .where(Person.state == PersonState.ACTIVE)
        .order_by(GrantRow.id)
    )


def _actor(rows: Sequence[Any], session: str = "") -> Actor:
    first = rows[0]
    return Actor(
        id=first[0],
        key=first[1],
        given_name=first[2],
        family_name=first[3],
        lang=first[4],
        organisation_id=first[5],
        organisation_path=first[6] or "",
        organisation_name=first[7] or "",
        grants=_grants(rows),
        session=session,
    )


def _grants(rows: Sequence[Any]) -> tuple[Grant, ...]:
    """One's own first, then those lent; each once."""
    own = [Grant(row[8], row[9], row[10]) for row in rows if row[8] is not None and row[11] == row[0]]
    lent = [Grant(row[8], row[9], row[10], row[12]) for row in rows if row[8] is not None and row[11] != row[0]]
    return tuple(dict.fromkeys((*own, *lent)))


def actor_by_session(db: Session, token_hash: str) -> tuple[Actor, SignInCard] | None:
    """The person signed in with this cookie, unless the sign-in is over or the person disabled."""
    query = _with_grants(
        SignIn.id, SignIn.created_at, SignIn.seen_at, SignIn.expires_at, SignIn.agent, SignIn.address
    ).join(SignIn, SignIn.person_id == Person.id)
    rows = db.execute(query.where(SignIn.token == token_hash)).all()
    if not rows:
        return None
    card = SignInCard(*rows[0][len(_PERSON) :])
    actor = _actor(rows, session=str(card.id))
    over = sign_in_is_over(
        seen_at=card.seen_at, expires_at=card.expires_at, now=clock.now(), holds_grant=bool(actor.grants)
    )
    return None if over else (actor, card)


def actor_by_token(db: Session, token_hash: str) -> tuple[Actor, datetime | None] | None:
    """The person whose API token this is, with the rights they have now, and when it was last used."""
    query = _with_grants(Token.used_at).join(Token, Token.person_id == Person.id)
    rows = db.execute(
        query.where(Token.token == token_hash, Token.ended_at.is_(None), Token.expires_at > clock.now())
    ).all()
    return (_actor(rows), rows[0][len(_PERSON)]) if rows else None


def actor_of(db: Session, person_id: int) -> Actor | None:
    """An active person as an actor: for jobs and the command line, which speak for somebody."""
    rows = db.execute(_with_grants().where(Person.id == person_id)).all()
    return _actor(rows) if rows else None


def credentials(db: Session, login: str) -> Credentials:
    """The active person whom `login` names: an e-mail address, a staff number, or "institution/number".

    A staff number is unique only within its institution, so alone it counts only where nobody else has it.
    """
    query = select(Person.id, Person.password).where(Person.state == PersonState.ACTIVE)
    name = login.strip()
    if "@" in name:
        query = query.where(Person.email == name.lower())
    elif "/" in name:
        code, _, number = name.rpartition("/")
        query = query.join(Organisation, Organisation.id == Person.employer_id).where(
            func.lower(Organisation.code) == code.strip().lower(), Person.staff_number == number.strip()
        )
    else:
        query = query.where(Person.staff_number == name)
    found = db.execute(query.limit(2)).all()
    return Credentials(*found[0]) if len(found) == 1 else Credentials()


def password_of(db: Session, person_id: int) -> str | None:
    """The stored hash, for somebody who is signed in and changes it."""
    return db.scalar(select(Person.password).where(Person.id == person_id, Person.state == PersonState.ACTIVE))


def sign_ins_of(db: Session, person_id: int) -> tuple[SignInCard, ...]:
    """The sign-ins that are not yet over by age, latest first."""
    query = select(SignIn.id, SignIn.created_at, SignIn.seen_at, SignIn.expires_at, SignIn.agent, SignIn.address)
    query = query.where(SignIn.person_id == person_id, SignIn.expires_at > clock.now())
    return tuple(SignInCard(*row) for row in db.execute(query.order_by(SignIn.seen_at.desc(), SignIn.id.desc())))


def tokens_of(db: Session, person_id: int) -> tuple[TokenCard, ...]:
    """The tokens that still work, latest first."""
    query = select(Token.id, Token.name, Token.created_at, Token.expires_at, Token.used_at, Token.ended_at)
    query = query.where(Token.person_id == person_id, Token.ended_at.is_(None), Token.expires_at > clock.now())
    return tuple(TokenCard(*row) for row in db.execute(query.order_by(Token.created_at.desc(), Token.id.desc())))
