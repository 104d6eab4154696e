"""Who may mark by hand. Pure."""

from __future__ import annotations

from app.kit.actor import Actor, Role

MARKS = (Role.TRAINER,)


def may_mark(actor: Actor, *, owner_path: str, person_id: int) -> bool:
    """A trainer of the organisation that owns the course, and never one's own answer."""
    return actor.covers(owner_path, *MARKS) and actor.id != person_id
