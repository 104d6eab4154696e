"""Whose audit packs an actor may ask for and open."""

from __future__ import annotations

from sqlalchemy import ColumnElement, true
from sqlalchemy.orm import Session

from app.accounts.rules import SEES_NAMES, SEES_NUMBERS
from app.kit.actor import Actor
from app.kit.errors import NotFound
from app.kit.i18n import N_, language
from app.organisations import access as organisations
from app.organisations.queries import OrganisationCard
from app.packs import queries
from app.packs.queries import PackCard
from app.requirements import queries as requirements
from app.requirements.queries import RequirementCard

ABSENT = N_("There is no such audit pack.")


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Packs with names for those who see names there; packs without them for those who see numbers."""
    return true() if actor.system else queries.about(actor.paths(*SEES_NAMES), actor.paths(*SEES_NUMBERS))


def may_see(actor: Actor, path: str, *, named: bool) -> bool:
    """The other face of `visible_to`, for a pack about the place at `path`."""
    return actor.covers(path, *(SEES_NAMES if named else SEES_NUMBERS))


def pack_for(db: Session, actor: Actor, key: str) -> PackCard:
    found = queries.by_key(db, key, language())
    if found is None or not may_see(actor, found.path, named=found.named):
        raise NotFound(ABSENT)
    return found


def unit_for(db: Session, actor: Actor, code: str) -> tuple[OrganisationCard, bool]:
    """A place whose figures the actor sees, and whether with names. Without names only the highest places: a pack about
    a part of one would show what the figures of the whole hide."""
    unit = organisations.organisation_for(db, actor, code, *SEES_NUMBERS)
    if not may_ask(actor, unit.path):
        raise NotFound(N_("There is no such organisation."))
    return unit, actor.covers(unit.path, *SEES_NAMES)


def may_ask(actor: Actor, path: str) -> bool:
    """Whether there is a pack for this actor about the place at `path`."""
    return actor.system or actor.covers(path, *SEES_NAMES) or path in actor.paths(*SEES_NUMBERS)


def requirements_of(db: Session, actor: Actor) -> tuple[RequirementCard, ...]:
    """What is required at, below or above the places where the actor sees figures."""
    where = true() if actor.system else requirements.concerning(actor.paths(*SEES_NUMBERS), and_above=True)
    return requirements.requirements(db, where, language(), counted=False)


def requirement_at(db: Session, actor: Actor, key: str, unit: OrganisationCard) -> RequirementCard:
    """A requirement that was set at, below or above a place."""
    found = requirements.requirement_by_key(db, key, language())
    if found is None or not _meet(found.organisation_path, unit.path):
        raise NotFound(N_("There is no such assignment."))
    return found


def _meet(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)
