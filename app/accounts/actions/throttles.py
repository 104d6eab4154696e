"""Counting tries, in the database so that many processes count together."""

from __future__ import annotations

import hashlib
import math
from datetime import timedelta

from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.accounts.models import Throttle
from app.accounts.rules import Limit
from app.kit import clock


def throttle_key(kind: str, *parts: str) -> str:
    """What is counted, without keeping addresses: they are personal data, and their digest counts as well."""
    return f"{kind}:{hashlib.sha256('|'.join(parts).casefold().encode()).hexdigest()[:40]}"


def take(db: Session, key: str, limit: Limit) -> int:
    """Count one try. 0: go on. Otherwise the seconds until it is worth trying again."""
    now = clock.now()
    row = db.get(Throttle, key, with_for_update=True)
    if row is None:
        try:
            with db.begin_nested():
                db.add(Throttle(key=key, since=now, tries=1))
            return 0
        except IntegrityError:  # another process counted the first try just now
            row = db.get_one(Throttle, key, with_for_update=True)
    if now - row.since >= limit.window:
        row.since, row.tries = now, 0
    if row.tries >= limit.tries:
        return max(1, math.ceil((row.since + limit.window - now).total_seconds()))
    row.tries += 1
    db.flush()
    return 0


def waits(db: Session, key: str, limit: Limit) -> int:
    """The seconds to wait, without counting a try: for what is counted only when it goes wrong."""
    row = db.get(Throttle, key)
    if row is None or row.tries < limit.tries:
        return 0
    return max(0, math.ceil((row.since + limit.window - clock.now()).total_seconds()))


def give_back(db: Session, key: str) -> None:
    """A try that turned out to be right was none."""
    db.execute(update(Throttle).where(Throttle.key == key, Throttle.tries > 0).values(tries=Throttle.tries - 1))


def clear(db: Session, key: str) -> None:
    db.execute(delete(Throttle).where(Throttle.key == key))


def sweep(db: Session) -> int:
    """Forget counts older than a day: no limit looks further back."""
    gone = db.execute(delete(Throttle).where(Throttle.since < clock.now() - timedelta(days=1)))
    return gone.rowcount or 0  # type: ignore[attr-defined]
