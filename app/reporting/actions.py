"""Keeping views under a name, and asking for those whose day it is."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.accounts import queries as people
from app.accounts.models import Person
from app.accounts.rules import SEES_NUMBERS, normal_email, plain
from app.kit import audit, clock, jobs
from app.kit.actor import Actor
from app.kit.errors import Invalid, KitError
from app.kit.i18n import N_
from app.organisations.queries import OrganisationCard
from app.reporting.models import SavedView, ViewRecipient
from app.reporting.queries import views
from app.reporting.queries.views import ViewCard
from app.reporting.rules.views import NAME_MAX, RECIPIENTS_MAX, Cadence


def save_view(
    db: Session, actor: Actor, *, place: OrganisationCard, name: str, filters: Mapping[str, str], shared: bool
) -> str:
    """Keep what a page of figures is narrowed to, under a name. Answers its key."""
    row = SavedView(
        key=secrets.token_hex(10),
        name=_name(name),
        owner_id=actor.id,
        organisation_id=place.id,
        filters=dict(filters),
        columns=[],
        shared=shared,
        cadence=Cadence.NEVER,
        created_at=clock.now(),
    )
    db.add(row)
    db.flush()
    audit.say(db, actor, "view.saved", subject=row.key, organisation_id=place.id, name=row.name, shared=shared)
    return row.key


def _name(text: str) -> str:
    said = plain(text)
    if not said or len(said) > NAME_MAX:
        raise Invalid(name=N_("Write a name of 1 to 100 characters."))
    return said


def change_view(
    db: Session,
    actor: Actor,
    *,
    view: ViewCard,
    name: str,
    shared: bool,
    columns: Sequence[str],
    cadence: Cadence,
    addresses: Sequence[str],
) -> None:
    """Change a view of one's own: its name, whether others see it, its columns, and who gets it when.

    A recipient must see figures of the place already; what they get is what they may see on the day it is sent.
    """
    faults: dict[str, str | KitError] = {}
    found = {} if cadence is Cadence.NEVER else _recipients(db, view, addresses, faults)
    if cadence is not Cadence.NEVER and not addresses:
        faults["recipients"] = N_("Write who is to get it.")
    if faults:
        raise Invalid(**faults)
    db.execute(
        update(SavedView)
        .where(SavedView.id == view.id)
        .values(name=_name(name), shared=shared, columns=list(columns), cadence=cadence)
    )
    had = set(db.scalars(select(ViewRecipient.person_id).where(ViewRecipient.view_id == view.id)))
    gone = had - set(found)
    db.execute(delete(ViewRecipient).where(ViewRecipient.view_id == view.id, ViewRecipient.person_id.in_(sorted(gone))))
    # Whoever is new gets it from the next day on which it is sent, not in between.
    db.add_all(
        ViewRecipient(view_id=view.id, person_id=one, last_sent_on=clock.today()) for one in sorted(set(found) - had)
    )
    db.flush()
    audit.say(
        db,
        actor,
        "view.changed",
        subject=view.key,
        name=_name(name),
        shared=shared,
        cadence=cadence.value,
        people=len(found),
    )


def _recipients(
    db: Session, view: ViewCard, addresses: Sequence[str], faults: dict[str, str | KitError]
) -> dict[int, str]:
    if len(addresses) > RECIPIENTS_MAX:
        faults["recipients"] = KitError(N_("At most %(n)s people can get a view."), n=RECIPIENTS_MAX)
        return {}
    found: dict[int, str] = {}
    for address in addresses:
        email = normal_email(address)
        cards = people.person_cards(db, Person.email == email) if email else ()
        actor = people.actor_of(db, cards[0].id) if cards else None
        if actor is None or not actor.covers(view.path, *SEES_NUMBERS):
            faults["recipients"] = KitError(
                N_("%(address)s is nobody who sees figures of this place."), address=address[:100]
            )
            continue
        found[actor.id] = address
    return found


def end_view(db: Session, actor: Actor, *, view: ViewCard) -> None:
    """Nobody sees or gets it any more."""
    db.execute(update(SavedView).where(SavedView.id == view.id).values(ended_at=clock.now()))
    audit.say(db, actor, "view.ended", subject=view.key, name=view.name)


def ask_for_due_views(db: Session, day: date | None = None) -> int:
    """The daily job `views.due`: one job for each recipient, so that nobody's waits for another's. Answers how many."""
    day = day or clock.today()
    waiting = views.due(db, day)
    for view_id, person_id in waiting:
        jobs.later(
            db,
            "views.send",
            key=f"view:{view_id}:{person_id}:{day}",
            view_id=view_id,
            person_id=person_id,
            day=day.isoformat(),
        )
    return len(waiting)


def mark_sent(db: Session, *, view_id: int, person_id: int, day: date) -> None:
    """Sent or refused: either way this day is done with."""
    db.execute(
        update(ViewRecipient)
        .where(ViewRecipient.view_id == view_id, ViewRecipient.person_id == person_id)
        .values(last_sent_on=day)
    )
