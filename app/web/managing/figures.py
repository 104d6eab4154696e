"""The figures of a place as one reader sees them: the page, the same rows as tables, and both as a saved view has them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from app.accounts import queries as people
from app.accounts.rules import SEES_NUMBERS
from app.kit import audit, clock, i18n, jobs, mail
from app.kit.actor import SYSTEM, Actor
from app.kit.blobs import Blobs
from app.kit.database import Sessions, reading, writing
from app.kit.spreadsheet import Export, as_xlsx
from app.organisations.rules import Kind
from app.reporting import access
from app.reporting import actions as reporting
from app.reporting.access import View
from app.reporting.queries import views
from app.reporting.queries.views import ViewCard
from app.settings import Settings
from app.web.managing import exports
from app.web.managing.forms import Filter, filter_from
from app.web.managing.pages.dashboard import DashboardPage, dashboard_page
from app.web.managing.pages.institution import InstitutionPage, institution_page
from app.web.managing.pages.views import owner_word

OVERVIEWS = (Kind.COUNTRY, Kind.MUNICIPALITY, Kind.PARTNER)


def page_of(db: Session, actor: Actor, view: View, chosen: Filter) -> DashboardPage | InstitutionPage:
    """People where there are names to see and few enough to read; figures everywhere else."""
    if view.names and view.place.kind not in OVERVIEWS:
        return institution_page(db, actor, view, chosen)
    return dashboard_page(db, actor, view, chosen)


def export_of(db: Session, actor: Actor, view: View, chosen: Filter) -> Export:
    """The rows of that page, typed."""
    page = page_of(db, actor, view, chosen)
    if isinstance(page, DashboardPage):
        return exports.of_dashboard(page, actor, view)
    return exports.of_people(db, actor, view, chosen, page)


def of_view(db: Session, actor: Actor, card: ViewCard) -> Export:
    """What a saved view shows this reader now: their rights, their language, its filters and columns."""
    view = access.place_for(db, actor, card.place_code)
    return narrowed(export_of(db, actor, view, filter_from(card.filters)), card.columns)


def narrowed(export: Export, columns: Sequence[str]) -> Export:
    """The first table with only some of its columns; the first column always stays, for it says what a row is about."""
    sheet = export.sheets[0]
    kept = [at for at, key in enumerate(sheet.keys) if at == 0 or key in columns]
    if not columns or len(kept) == 1:
        return export
    first = replace(
        sheet,
        heads=tuple(sheet.heads[at] for at in kept),
        keys=tuple(sheet.keys[at] for at in kept),
        rows=tuple(tuple(row[at] for at in kept) for row in sheet.rows),
    )
    return replace(export, sheets=(first, *export.sheets[1:]))


def send_view(db: Session, settings: Settings, data: Mapping[str, Any]) -> None:
    """The job `views.send`: one view for one recipient, with the rights they have at this moment.

    Whoever has lost them gets nothing, and the owner is told. A view whose owner has left is sent to nobody.
    """
    card, day = views.view_by_id(db, data["view_id"]), date.fromisoformat(data["day"])
    owner = people.contacts(db, [card.owner_id]).get(card.owner_id) if card is not None else None
    if card is None or owner is None or not card.owner_active:
        return
    reporting.mark_sent(db, view_id=card.id, person_id=data["person_id"], day=day)
    actor = people.actor_of(db, data["person_id"])
    contact = people.contacts(db, [data["person_id"]]).get(data["person_id"])
    mine = actor is not None and (card.shared or card.owner_id == actor.id or _named(db, card, actor.id))
    if (
        actor is None
        or contact is None
        or contact.email is None
        or not mine
        or not actor.covers(card.path, *SEES_NUMBERS)
    ):
        _tell_owner(db, settings, card, owner, data["person_id"])
        return
    with i18n.speaking(contact.lang):
        export = of_view(db, actor, card)
        owner_said = owner_word(actor, card)
        blob = Blobs(settings.files).put(as_xlsx(export))
    # A list of people is not to lie about: the file goes after some days, sent or not.
    jobs.later(
        db,
        "accounts.forget-upload",
        key=f"forget:{blob}:{card.id}:{actor.id}:{day}",
        at=clock.now() + exports.KEPT,
        blob=blob,
    )
    mail.write(
        db,
        "view",
        address=contact.email,
        lang=contact.lang,
        person_id=actor.id,
        attach=(blob, f"{export.stem}.xlsx"),
        name=f"{contact.given_name} {contact.family_name}",
        view=card.name,
        owner=owner_said,
        url=f"{settings.base_url.rstrip('/')}/managing/views/{card.key}",
    )
    audit.say(db, SYSTEM, "view.sent", subject=card.key, name=card.name, to=actor.key, rows=len(export.sheets[0].rows))


def _named(db: Session, card: ViewCard, person_id: int) -> bool:
    return any(one == person_id for one, _address in views.recipients(db, card.id))


def _tell_owner(db: Session, settings: Settings, card: ViewCard, owner: people.Contact, person_id: int) -> None:
    whose = people.person_by_id(db, person_id)
    audit.say(db, SYSTEM, "view.refused", subject=card.key, name=card.name, to=whose.key if whose else "")
    if owner.email is not None:
        mail.write(
            db,
            "view_refused",
            address=owner.email,
            lang=owner.lang,
            person_id=owner.id,
            name=f"{owner.given_name} {owner.family_name}",
            view=card.name,
            recipient=whose.email or whose.name if whose else "–",
            url=f"{settings.base_url.rstrip('/')}/managing/views/{card.key}/edit",
        )


def taken_out(sessions: Sessions, actor: Actor, key: str, kind: str) -> tuple[ViewCard, Export]:
    """All rows of a view with the rights of whoever asks; that they were taken out, and as what, is recorded."""
    with reading(sessions) as db:
        card = access.view_for(db, actor, key)
        made = of_view(db, actor, card)
        place = access.place_for(db, actor, card.place_code)
    with writing(sessions) as db:
        audit.say(
            db,
            actor,
            "figures.exported",
            subject=card.place_code,
            organisation_id=place.place.id,
            kind=kind,
            names=place.names,
            rows=len(made.sheets[0].rows),
            filter=card.filters,
        )
    return card, made
