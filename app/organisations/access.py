"""Which organisations an actor may see: one at a time, or all of them as a condition."""

from __future__ import annotations

from sqlalchemy import ColumnElement, true
from sqlalchemy.orm import Session

from app.kit.actor import Actor, Role
from app.kit.errors import NotFound
from app.kit.i18n import N_
from app.organisations import queries, rules
from app.organisations.queries import OrganisationCard


def visible_to(actor: Actor, *roles: Role) -> ColumnElement[bool]:
    """The organisations at or below a grant of one of the roles (by default any that sees figures)."""
    if actor.system:
        return true()
    return queries.within(actor.paths(*(roles or rules.SEES)))


def organisation_for(db: Session, actor: Actor, code: str, *roles: Role) -> OrganisationCard:
    """The organisation with this code, if one of the roles is held there or above."""
    found = queries.by_code(db, code)
    if found is None or not rules.may_see(actor, found.path, *roles):
        raise NotFound(N_("There is no such organisation."))
    return found


def organisation_to_administer(db: Session, actor: Actor, code: str) -> OrganisationCard:
    return organisation_for(db, actor, code, Role.ADMINISTRATOR)
