"""Files of people that wait for their import."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from app.accounts.access import IMPORT_TRIED
from app.kit import audit, clock, jobs
from app.kit.actor import Actor

KEPT = timedelta(days=1)


def keep_upload(db: Session, actor: Actor, *, blob: str) -> None:
    """Note that a file of people lies in the file store, and ask for it to be forgotten after a day."""
    now = clock.now()
    jobs.later(db, "accounts.forget-upload", key=f"forget:{blob}:{now:%Y-%m-%d}", at=now + KEPT, blob=blob)
    audit.say(db, actor, IMPORT_TRIED, subject=blob[:16], organisation_id=actor.organisation_id)
