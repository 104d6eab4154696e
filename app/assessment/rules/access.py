"""Who may mark by hand. Pure."""

from __future__ import annotations

from app.kit.actor import Actor, Role

MARKS = (Role.TRAINER,)


def may_mark(actor: Actor, *, owner_path: str, person_id: int) -> bool:
    """A trainer of the organisation that owns the course, and never one's own answer."""
    return actor.covers(owner_path, *MARKS) and actor.id != person_id


def may_name(actor: Actor, place_path: str) -> bool:
    """Whether a trainer learns whose an attempt is: only of people who are counted where the trainer has a grant."""
    return actor.covers(place_path, *MARKS)
