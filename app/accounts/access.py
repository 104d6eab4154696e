"""Which people an actor may see or manage: one at a time, or all of them as a condition."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, exists, or_, select, true
from sqlalchemy.orm import Session

from app.accounts import queries, rules
from app.accounts.models import DataRequest, Person
from app.accounts.queries import GrantCard, LinkCard, PersonCard, RequestCard
from app.kit.actor import Actor, Role
from app.kit.audit import AuditRow
from app.kit.errors import Forbidden, Invalid, NotFound
from app.kit.i18n import N_
from app.organisations import access as organisations
from app.organisations import queries as organisation_queries
from app.organisations.models import Organisation
from app.organisations.queries import within

IMPORT_TRIED = "people.import-tried"


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """The people whom the actor may see by name; over people joined with the organisation of their primary post."""
    if actor.system:
        return true()
    return or_(within(actor.paths(*rules.SEES_NAMES)), Person.id == actor.id) if actor.signed_in else Person.id == 0


def managed_by(actor: Actor) -> ColumnElement[bool]:
    """The people in the organisations that the actor administers."""
    return organisations.visible_to(actor, Role.ADMINISTRATOR)


def person_for(db: Session, actor: Actor, key: str) -> PersonCard:
    """Somebody whom the actor may see by name: themselves, or by a grant."""
    found = queries.person_by_key(db, key)
    if found is None or not rules.may_see_person(actor, person_id=found.id, path=found.organisation_path):
        raise NotFound(N_("There is no such person."))
    return found


def person_to_show(db: Session, actor: Actor, key: str) -> PersonCard:
    """Somebody in an organisation that the actor administers."""
    found = queries.person_by_key(db, key)
    if found is None or not rules.may_administer(actor, found.organisation_path):
        raise NotFound(N_("There is no such person."))
    return found


def requests_visible_to(actor: Actor) -> ColumnElement[bool]:
    """What people ask about their data: their own, and of those who worked where the actor administers."""
    if actor.system:
        return true()
    return or_(organisations.visible_to(actor, Role.ADMINISTRATOR), DataRequest.person_id == actor.id)


def request_to_answer(db: Session, actor: Actor, key: str) -> RequestCard:
    """A request from a place that the actor administers."""
    found = queries.request_by_key(db, key)
    if found is None or not rules.may_administer(actor, found.organisation_path):
        raise NotFound(N_("There is no such question."))
    return found


def may_manage(db: Session, actor: Actor, person: PersonCard) -> bool:
    held = tuple(grant.organisation_path for grant in queries.grants_of(db, person.id))
    return rules.may_manage_person(actor, path=person.organisation_path, grant_paths=held)


def person_to_manage(db: Session, actor: Actor, key: str) -> PersonCard:
    """Somebody whose account the actor may change."""
    found = person_to_show(db, actor, key)
    if not may_manage(db, actor, found):
        raise Forbidden(
            N_("This person holds a role above the organisations you administer. Ask an administrator there.")
        )
    return found


def grant_to_take(db: Session, actor: Actor, grant_id: int) -> GrantCard:
    """A grant within the organisations that the actor administers."""
    found = queries.grant_by_id(db, grant_id)
    if found is None or not rules.may_administer(actor, found.organisation_path):
        raise NotFound(N_("There is no such role to take away."))
    return found


def link_by_token(db: Session, token: str) -> LinkCard:
    """The link somebody holds; knowing it is what admits them."""
    found = queries.link_for(db, token)
    if found is None:
        raise NotFound(N_("This link no longer works. Ask for a new one below."))
    return found


def person_by_address(db: Session, actor: Actor, address: str) -> PersonCard:
    """Somebody in an organisation that the actor administers, by e-mail address."""
    email = rules.normal_email(address)
    found = queries.person_cards(db, (Person.email == email) & managed_by(actor)) if email else ()
    if not found:
        raise Invalid(email=N_("There is no person with this address in the organisations you administer."))
    return found[0]


def own_people_file(db: Session, actor: Actor, blob: str) -> str:
    """A file of people that this actor sent for an import: it may name people of places that others must not see."""
    tried = (AuditRow.actor_id == actor.id, AuditRow.action == IMPORT_TRIED, AuditRow.subject == blob[:16])
    if db.scalar(select(AuditRow.id).where(*tried).limit(1)) is None:
        raise NotFound(N_("This file is no longer kept. Choose it again."))
    return blob


def trail_visible_to(actor: Actor, *, by_name: bool = False) -> ColumnElement[bool]:
    """The deeds in organisations that the actor administers; those that belong to none, for whoever administers all.

    `by_name`: without those of people whose account has lost its name, which are not to be found by it.
    """
    if by_name:
        nameless = select(Person.id).where(Person.nameless_at.is_not(None))
        unknown = AuditRow.actor_id.is_(None) | AuditRow.actor_id.not_in(nameless)
        return trail_visible_to(actor) & unknown
    places = select(Organisation.id).where(managed_by(actor))
    everywhere = exists(select(Organisation.id).where(managed_by(actor), Organisation.parent_id.is_(None)))
    return or_(AuditRow.organisation_id.in_(places), and_(AuditRow.organisation_id.is_(None), everywhere))


def administers_all(db: Session, actor: Actor) -> bool:
    """Whether the actor administers the whole tree, and with it the installation."""
    top = organisation_queries.root(db)
    return top is not None and rules.may_administer(actor, top.path)
