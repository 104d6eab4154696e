"""Keeping views under a name, asking for those whose day it is, and counting wide places each night."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, delete, insert, or_, select, update
from sqlalchemy.orm import Session

from app.accounts import queries as people
from app.accounts.models import Person
from app.accounts.rules import SEES_NUMBERS, normal_email, plain
from app.kit import audit, clock, jobs
from app.kit.actor import Actor
from app.kit.errors import Invalid, KitError
from app.kit.i18n import N_
from app.organisations.queries import OrganisationCard
from app.reporting.models import RequirementCount, SavedView, ViewRecipient
from app.reporting.queries import HERE, analysis, views
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


def ask_for_counts(db: Session, day: date | None = None) -> int:
    """The daily job `figures.due`: one job for each wide place, so that none of them is long. Answers how many."""
    places = analysis.wide_places(db)
    ids = [place.id for place in places]
    gone = or_(
        RequirementCount.place_id.not_in(ids),
        and_(RequirementCount.below_id.not_in([HERE, *ids]), RequirementCount.place_id == places[0].id),
    )
    db.execute(delete(RequirementCount).where(gone))
    for place in places:
        jobs.later(db, "figures.count", key=f"figures:{place.id}:{day or clock.today()}", place_id=place.id)
    return len(places)


@dataclass(frozen=True, slots=True)
class Counts:
    """How the required things stand at a wide place, and in one line above it: rows to keep in place of older ones."""

    place_id: int
    root_id: int
    rows: tuple[dict[str, Any], ...]


def count_place(db: Session, *, place: OrganisationCard, root_id: int) -> Counts:
    """Count a wide place person by person. Of the root only its own people: the rest is counted with their places."""
    now = clock.now()
    found = analysis.by_requirement(db, place, today=clock.today(), own=place.id == root_id)
    above: dict[str, list[int]] = {}
    rows = []
    for one in found:
        numbers = (one.reached, one.excused, one.completed, one.overdue)
        rows.append(_row(place.id, one.place_id, one.subject, numbers, now))
        sums = above.setdefault(one.subject, [0, 0, 0, 0])
        for at, value in enumerate(numbers):
            sums[at] += value
    if place.id != root_id:
        rows += [_row(root_id, place.id, subject, sums, now) for subject, sums in sorted(above.items())]
    return Counts(place.id, root_id, tuple(rows))


def _row(place_id: int, below_id: int, subject: str, numbers: Sequence[int], at: datetime) -> dict[str, Any]:
    reached, excused, completed, overdue = numbers
    return {
        "place_id": place_id,
        "below_id": below_id,
        "subject": subject,
        "reached": reached,
        "excused": excused,
        "completed": completed,
        "overdue": overdue,
        "counted_at": at,
    }


def keep_counts(db: Session, counts: Counts) -> None:
    """Keep what was counted in place of what was kept before."""
    row, at_root = RequirementCount, counts.place_id == counts.root_id
    inside = row.place_id == counts.place_id
    in_line = and_(row.place_id == counts.root_id, row.below_id == (HERE if at_root else counts.place_id))
    db.execute(delete(row).where(in_line if at_root else or_(inside, in_line)))
    if counts.rows:
        db.execute(insert(row), list(counts.rows))


def count_now(db: Session) -> None:
    """Count every wide place at once: for a country that has just been built."""
    places = analysis.wide_places(db)
    for place in places:
        keep_counts(db, count_place(db, place=place, root_id=places[0].id))
