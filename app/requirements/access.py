"""Which requirements an actor may see, and which of them end."""

from __future__ import annotations

from sqlalchemy import ColumnElement, true
from sqlalchemy.orm import Session

from app.accounts.rules import ASSIGNS
from app.kit import clock
from app.kit.actor import Actor
from app.kit.errors import Forbidden, NotFound
from app.kit.i18n import N_, language
from app.requirements import queries, rules
from app.requirements.queries import Ask, PeriodCard, RequirementCard


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Requirements in the actor's organisations, and those set above them: they reach the same people."""
    return true() if actor.system else queries.concerning(actor.paths(*ASSIGNS), and_above=True)


def may_see(actor: Actor, path: str) -> bool:
    """The other face of `visible_to`, for a requirement set at `path`."""
    return rules.may_assign(actor, path) or any(own.startswith(path) for own in actor.paths(*ASSIGNS))


def requirement_for(db: Session, actor: Actor, key: str) -> RequirementCard:
    found = queries.requirement_by_key(db, key, language())
    if found is None or not may_see(actor, found.organisation_path):
        raise NotFound(N_("There is no such assignment."))
    return found


def requirement_to_change(db: Session, actor: Actor, key: str) -> RequirementCard:
    """A requirement set within the organisations where the actor assigns."""
    found = requirement_for(db, actor, key)
    if not rules.may_assign(actor, found.organisation_path):
        raise Forbidden(N_("This assignment was made by an organisation above yours, and only it can end it."))
    return found


def ask_to_decide(db: Session, actor: Actor, key: str) -> Ask:
    """A question for more time from somebody at or below a place where the actor assigns."""
    found = queries.ask_by_key(db, key)
    if found is None or not rules.may_assign(actor, found.path):
        raise NotFound(N_("There is no such question."))
    return found


def own_period(db: Session, actor: Actor, period_id: int) -> PeriodCard:
    """One of the actor's own periods that is still the present one."""
    found = queries.period_by_id(db, period_id, clock.today())
    if found is None or found.person_id != actor.id:
        raise NotFound(N_("There is no such requirement."))
    return found
