"""Who may mark by hand, and who may change what a quiz asks of somebody. Pure."""

from __future__ import annotations

from app.kit.actor import Actor, Role

MARKS = (Role.TRAINER,)
ACCOMMODATES = (Role.ADMINISTRATOR, Role.MANAGER)


def may_mark(actor: Actor, *, owner_path: str, person_id: int) -> bool:
    """A trainer of the organisation that owns the course, and never one's own answer."""
    return actor.covers(owner_path, *MARKS) and actor.id != person_id


def may_name(actor: Actor, place_path: str) -> bool:
    """Whether a trainer learns whose an attempt is: only of people who are counted where the trainer has a grant."""
    return actor.covers(place_path, *MARKS)


def may_accommodate(actor: Actor, *, path: str, person_id: int) -> bool:
    """A manager or administrator where the person works, and nobody for themselves."""
    return actor.covers(path, *ACCOMMODATES) and actor.id != person_id


def may_override(actor: Actor, *, owner_path: str, path: str, person_id: int | None) -> bool:
    """A trainer of the course for anybody in it, a manager for their own people; nobody for themselves."""
    if person_id is not None and actor.id == person_id:
        return False
    return actor.covers(owner_path, *MARKS) or actor.covers(path, *ACCOMMODATES)
