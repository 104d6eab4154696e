"""What of a place an actor sees: numbers, names, and whether they may act."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from app.accounts.rules import ASSIGNS, SEES_NUMBERS
from app.kit.actor import Actor
from app.kit.errors import NotFound
from app.kit.i18n import N_
from app.organisations import access as organisations
from app.organisations import queries as tree
from app.organisations.queries import OrganisationCard
from app.reporting import queries, rules
from app.reporting.queries import RunRow, Wanted, views
from app.reporting.queries.views import ViewCard
from app.reporting.rules import Status
from app.reporting.rules.views import may_see


@dataclass(frozen=True, slots=True)
class View:
    """A place as one actor sees it. Without `names` every group under five is hidden."""

    place: OrganisationCard
    names: bool
    may_act: bool


def view_of(actor: Actor, place: OrganisationCard) -> View:
    return View(place, rules.sees_names(actor, place.path), actor.covers(place.path, *ASSIGNS))


def place_for(db: Session, actor: Actor, code: str) -> View:
    """The place with this code, if the actor sees figures there."""
    return view_of(actor, organisations.organisation_for(db, actor, code, *SEES_NUMBERS))


def places_of(db: Session, actor: Actor) -> tuple[OrganisationCard, ...]:
    """The highest places where the actor sees figures, the widest first."""
    paths = actor.paths(*SEES_NUMBERS)
    ids = [int(path.strip("/").rpartition("/")[2]) for path in paths]
    found = tree.by_ids(db, ids)
    cards = [found[one] for one in ids if one in found]
    if not cards:
        raise NotFound(N_("There is no such organisation."))
    return tuple(sorted(cards, key=lambda card: (card.depth, card.id)))


def runs_for(
    db: Session,
    actor: Actor,
    place: OrganisationCard,
    *,
    today: date,
    status: Status,
    wanted: Wanted,
    limit: int | None = None,
    offset: int = 0,
) -> tuple[RunRow, ...]:
    """Runs with names, for those who see names at this place; there is no such list for anybody else."""
    if not rules.sees_names(actor, place.path):
        raise NotFound(N_("There is no such list."))
    return queries.runs(db, place, today=today, status=status, wanted=wanted, limit=limit, offset=offset)


def runs_of_person(db: Session, actor: Actor, person_id: int) -> Sequence[RunRow]:
    """One person's runs in the organisations where the actor sees names: what was done elsewhere stays there."""
    return queries.runs_of(db, person_id, organisations.visible_to(actor, *rules.NAMES))


def visible_above(actor: Actor, above: Sequence[OrganisationCard]) -> tuple[OrganisationCard, ...]:
    """Of the places above, those whose figures the actor sees too."""
    return tuple(card for card in above if actor.covers(card.path, *SEES_NUMBERS))


def views_for(db: Session, actor: Actor) -> tuple[ViewCard, ...]:
    """One's own saved views and those shared, of places whose figures the actor sees."""
    return views.views(db, organisations.visible_to(actor, *SEES_NUMBERS), actor.id)


def view_for(db: Session, actor: Actor, key: str) -> ViewCard:
    """A saved view, if the actor sees figures of its place today, and it is theirs or shared."""
    found = views.view_by_key(db, key)
    if found is None or not may_see(
        reader=actor.id, owner=found.owner_id, shared=found.shared, sees_figures=actor.covers(found.path, *SEES_NUMBERS)
    ):
        raise NotFound(N_("There is no such view."))
    return found


def own_view(db: Session, actor: Actor, key: str) -> ViewCard:
    """A saved view of one's own; what others share is not there to change."""
    found = view_for(db, actor, key)
    if found.owner_id != actor.id:
        raise NotFound(N_("There is no such view."))
    return found
