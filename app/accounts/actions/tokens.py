"""Personal tokens for the API: shown once, kept as a digest, ended by their owner."""

from __future__ import annotations

import secrets

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.accounts import rules
from app.accounts.models import Token
from app.accounts.queries.signins import token_digest
from app.kit import audit, clock
from app.kit.actor import Actor
from app.kit.errors import Conflict, Invalid
from app.kit.i18n import N_

MOST_TOKENS = 20


def create_token(db: Session, actor: Actor, *, name: str) -> str:
    """A new token's secret; it has the person's own rights, as they are whenever it is used."""
    called = rules.plain(name)
    if not called or len(called) > 100:
        raise Invalid(name=N_("Give the token a name of 1 to 100 characters, so that you know it again."))
    now = clock.now()
    live = select(func.count(Token.id)).where(
        Token.person_id == actor.id, Token.ended_at.is_(None), Token.expires_at > now
    )
    if (db.scalar(live) or 0) >= MOST_TOKENS:
        raise Conflict(N_("You have 20 tokens. End one before you make another."))
    token = f"klasteris_{secrets.token_urlsafe(32)}"
    db.add(
        Token(
            token=token_digest(token),
            person_id=actor.id,
            name=called,
            created_at=now,
            expires_at=now + rules.TOKEN_VALID,
        )
    )
    db.flush()
    audit.say(db, actor, "token.created", subject=actor.key, organisation_id=actor.organisation_id, name=called)
    return token


def end_token(db: Session, actor: Actor, *, token_id: int) -> None:
    """End one of the actor's own tokens."""
    own = update(Token).where(Token.id == token_id, Token.person_id == actor.id, Token.ended_at.is_(None))
    if db.scalar(own.values(ended_at=clock.now()).returning(Token.id)) is not None:
        audit.say(db, actor, "token.ended", subject=actor.key, organisation_id=actor.organisation_id)


def end_all_tokens(db: Session, person_id: int) -> None:
    live = update(Token).where(Token.person_id == person_id, Token.ended_at.is_(None))
    db.execute(live.values(ended_at=clock.now()))
