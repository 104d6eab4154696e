"""Saved views: the list, one of them as a table, and the form that changes it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from sqlalchemy.orm import Session

from app.accounts.rules import SEES_NAMES
from app.catalog import queries as catalog
from app.kit import clock
from app.kit.actor import Actor
from app.kit.i18n import gettext as _
from app.kit.i18n import moment, ngettext, number, percent
from app.kit.spreadsheet import Cell, Export, Share
from app.organisations.queries import OrganisationCard
from app.reporting import access
from app.reporting import queries as reporting
from app.reporting.queries.views import ViewCard
from app.reporting.rules.views import Cadence
from app.web.forms import Form
from app.web.managing.forms import Filter
from app.web.managing.pages import parts
from app.web.site import NavItem

LISTED = 200
VIEWS = "/managing/views"


@dataclass(frozen=True, slots=True)
class ViewRow:
    name: str
    url: str
    place: str
    owner: str
    when: str


@dataclass(frozen=True, slots=True)
class ViewsPage:
    """One's own views and those that others share."""

    title: str
    answer: str
    rows: tuple[ViewRow, ...]
    figures_url: str


@dataclass(frozen=True, slots=True)
class ViewPage:
    """One saved view, computed now for whoever looks at it. `heads`: (words, whether numbers stand under them)."""

    title: str
    lead: str
    crumbs: tuple[NavItem, ...]
    asof: str
    filters: tuple[str, ...]
    heads: tuple[tuple[str, bool], ...]
    rows: tuple[tuple[str, ...], ...]
    more: str
    xlsx_url: str
    page_url: str
    edit_url: str
    private: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ViewFormPage:
    """A new view (`key` empty), or one that is changed."""

    title: str
    crumbs: tuple[NavItem, ...]
    form: Form
    action: str
    fields: tuple[tuple[str, str], ...]
    about: str
    changing: bool
    columns: tuple[tuple[str, str], ...]
    cadences: tuple[tuple[str, str], ...]
    delete_url: str
    back_url: str


def cadence_word(cadence: Cadence) -> str:
    match cadence:
        case Cadence.NEVER:
            return _("not sent")
        case Cadence.WEEKLY:
            return _("every Monday")
        case Cadence.MONTHLY:
            return _("on the first day of every month")


def owner_word(actor: Actor, card: ViewCard) -> str:
    """Who saved a view, for those who see names at its place."""
    return card.owner if actor.id == card.owner_id or actor.covers(card.path, *SEES_NAMES) else _("a colleague")


def views_page(db: Session, actor: Actor) -> ViewsPage:
    found = access.views_for(db, actor)
    return ViewsPage(
        title=_("Saved views"),
        answer=ngettext("%(num)s saved view", "%(num)s saved views", len(found))
        if found
        else _("No view is saved yet"),
        rows=tuple(
            ViewRow(
                name=one.name,
                url=f"{VIEWS}/{one.key}",
                place=one.place_name,
                owner=_("yours") if one.owner_id == actor.id else owner_word(actor, one),
                when=cadence_word(one.cadence),
            )
            for one in found
        ),
        figures_url="/managing",
    )


def view_page(actor: Actor, card: ViewCard, export: Export) -> ViewPage:
    sheet = export.sheets[0]
    said = dict(export.about)
    return ViewPage(
        title=card.name,
        lead=_(
            "%(place)s. Saved by %(owner)s; %(when)s.",
            place=card.place_name,
            owner=owner_word(actor, card),
            when=cadence_word(card.cadence),
        ),
        crumbs=(NavItem(_("Saved views"), VIEWS),),
        asof=_("Data: %(moment)s", moment=moment(clock.now())),
        filters=tuple(f"{term}: {value}" for term, value in export.about if term and term in (_("List"), _("Filters"))),
        heads=tuple(
            (head, any(isinstance(row[at], int | Share) for row in sheet.rows))
            for at, (head, _w) in enumerate(sheet.heads)
        ),
        rows=tuple(tuple(_cell(cell) for cell in row) for row in sheet.rows[:LISTED]),
        more=ngettext(
            "%(num)s more row is in the file.", "%(num)s more rows are in the file.", len(sheet.rows) - LISTED
        )
        if len(sheet.rows) > LISTED
        else "",
        xlsx_url=f"{VIEWS}/{card.key}/export.xlsx",
        page_url=f"{parts.place_url(card.place_code)}{_query(card)}",
        edit_url=f"{VIEWS}/{card.key}/edit" if card.owner_id == actor.id else "",
        private=tuple(value for term, value in export.about if not term) if said else (),
    )


def _query(card: ViewCard) -> str:
    return f"?{urlencode(card.filters)}" if card.filters else ""


def _cell(cell: Cell) -> str:
    match cell:
        case None:
            return "–"
        case Share(value):
            return percent(value)
        case date():
            return cell.isoformat()
        case int():
            return number(cell)
        case _:
            return cell


def new_view_page(db: Session, place: OrganisationCard, chosen: Filter, lang: str, form: Form) -> ViewFormPage:
    name = place.name_in(lang)
    head = catalog.course_by_slug(db, chosen.course) if chosen.course else None
    courses = reporting.course_names(db, [head.id], lang) if head is not None else ()
    said = "; ".join(words for words, _url in parts.chips(chosen, VIEWS, courses))
    return ViewFormPage(
        title=_("Save this view"),
        crumbs=(NavItem(_("Saved views"), VIEWS),),
        form=form,
        action=VIEWS,
        fields=(("at", place.code), *chosen.parts().items()),
        about=_("%(place)s, with these filters: %(filters)s.", place=name, filters=said)
        if said
        else _("%(place)s, without filters.", place=name),
        changing=False,
        columns=(),
        cadences=(),
        delete_url="",
        back_url=chosen.at(parts.place_url(place.code)),
    )


def edit_view_page(card: ViewCard, columns: Sequence[tuple[str, str]], form: Form) -> ViewFormPage:
    return ViewFormPage(
        title=_("Change: %(name)s", name=card.name),
        crumbs=(NavItem(_("Saved views"), VIEWS), NavItem(card.name, f"{VIEWS}/{card.key}")),
        form=form,
        action=f"{VIEWS}/{card.key}/edit",
        fields=(),
        about=card.place_name,
        changing=True,
        columns=tuple(columns),
        cadences=tuple((one.value, cadence_word(one)) for one in Cadence),
        delete_url=f"{VIEWS}/{card.key}/delete",
        back_url=f"{VIEWS}/{card.key}",
    )
