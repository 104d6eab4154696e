"""The only way to an attempt: one's own, or none."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.assessment import queries
from app.assessment.queries import AttemptView
from app.kit.actor import Actor
from app.kit.errors import NotFound
from app.kit.i18n import N_


def attempt_for(db: Session, actor: Actor, key: str) -> AttemptView:
    found = queries.attempt(db, key)
    if found is None or found.person_id != actor.id:
        raise NotFound(N_("There is no such attempt."))
    return found
