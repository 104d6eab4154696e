"""Who leads a group session, who may join it, and how it goes on. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from app.accounts.rules import ASSIGNS
from app.kit import limits
from app.kit.actor import Actor, Role

TEACHES = (Role.TRAINER,)
LEADS = (*ASSIGNS, *TEACHES)
OPEN_FOR = timedelta(hours=12)  # a session that nobody has ended takes nobody in the next day
PIN_DIGITS = 6
ROOM_MAX = 200
EXPECTED_MAX = limits.GROUP_PEOPLE


class GroupState(StrEnum):
    PLANNED = "planned"
    OPEN = "open"
    ENDED = "ended"
    CANCELLED = "cancelled"


class How(StrEnum):
    """How somebody came to be present: by their own device, or noted by whoever leads."""

    DEVICE = "device"
    NOTED = "noted"


_STEPS = {
    (GroupState.PLANNED, GroupState.OPEN),
    (GroupState.PLANNED, GroupState.CANCELLED),
    (GroupState.OPEN, GroupState.ENDED),
}


def may_follow(old: GroupState, new: GroupState) -> bool:
    """Whether a session may go from one state to another. What has ended stays as it was."""
    return (old, new) in _STEPS


def may_lead(actor: Actor, *, place_path: str, owner_path: str) -> bool:
    """Whether the actor may hold a session at a place, about a course of the owner at `owner_path`: whoever manages the
    people there, about any course; whoever teaches there, about a course of their own organisations."""
    if actor.covers(place_path, *ASSIGNS):
        return True
    return actor.covers(place_path, *TEACHES) and actor.covers(owner_path, *TEACHES)


def may_see(actor: Actor, *, place_path: str, owner_path: str, made_by: int) -> bool:
    """Who manages the people sees every session there; who only teaches sees their own, for it holds names."""
    if actor.covers(place_path, *ASSIGNS):
        return True
    return actor.id == made_by and may_lead(actor, place_path=place_path, owner_path=owner_path)


def may_join(*, person_path: str, place_path: str, enrolled: bool, expected: bool) -> bool:
    """People of the place, those who are in the course already, and those who are expected; nobody else."""
    here = bool(person_path) and person_path.startswith(place_path)
    return here or enrolled or expected


def is_open(state: GroupState, opened_at: datetime | None, now: datetime) -> bool:
    """Whether codes work and people come in: while it is open, and never longer than half a day."""
    return state is GroupState.OPEN and opened_at is not None and now - opened_at < OPEN_FOR
