"""Giving and taking roles."""

from __future__ import annotations

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.accounts import rules
from app.accounts.models import GrantRow
from app.accounts.queries import GrantCard, PersonCard
from app.kit import audit, clock
from app.kit.actor import Actor, Role
from app.kit.errors import Conflict, Forbidden
from app.kit.i18n import N_
from app.organisations.queries import OrganisationCard


def give_grant(db: Session, actor: Actor, *, person: PersonCard, role: Role, organisation: OrganisationCard) -> None:
    """Give a role in an organisation and everything below it; giving it twice is the same as once."""
    if not rules.may_administer(actor, organisation.path):
        raise Forbidden(N_("You can give roles only in the organisations you administer."))
    row = GrantRow(
        person_id=person.id,
        role=role,
        organisation_id=organisation.id,
        granted_at=clock.now(),
        granted_by_id=actor.id or None,
    )
    try:
        with db.begin_nested():
            db.add(row)
    except IntegrityError:  # the person holds it already
        return
    audit.say(
        db,
        actor,
        "grant.given",
        subject=person.key,
        organisation_id=organisation.id,
        role=role.value,
        organisation=organisation.code,
    )


def take_grant(db: Session, actor: Actor, *, grant: GrantCard) -> None:
    """Take a role away; it counts no more from the next request on."""
    if grant.person_id == actor.id and grant.role is Role.ADMINISTRATOR:
        raise Conflict(N_("You cannot take your own administrator role away. Ask another administrator."))
    db.execute(delete(GrantRow).where(GrantRow.id == grant.id))
    audit.say(
        db,
        actor,
        "grant.taken",
        subject=grant.person_key,
        organisation_id=grant.organisation_id,
        role=grant.role.value,
        organisation=grant.organisation_code,
    )
