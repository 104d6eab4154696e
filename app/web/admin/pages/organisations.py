"""The tree, one organisation, and the form for a new one."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.accounts import access as people_access
from app.accounts import queries as people
from app.accounts.rules import SEES_NUMBERS
from app.kit import i18n
from app.kit.actor import Actor, Role
from app.kit.i18n import gettext as _
from app.kit.i18n import ngettext
from app.organisations import access, queries
from app.organisations.queries import OrganisationCard
from app.organisations.rules import COUNTRIES, Sector, kinds_under, may_stand_under
from app.web.admin.pages.lists import places
from app.web.admin.pages.roles import GrantRow, grant_row
from app.web.forms import Form
from app.web.words import kind_name, sector_name

SHOWN = 400


@dataclass(frozen=True, slots=True)
class TreeRow:
    """A line of the indented list; `level` counts from 1."""

    url: str
    name: str
    code: str
    kind: str
    level: int
    closed: bool


@dataclass(frozen=True, slots=True)
class OrganisationsPage:
    """`more`: lines that did not fit on the page; a search brings them up."""

    search: str
    found: str
    rows: tuple[TreeRow, ...]
    more: int


@dataclass(frozen=True, slots=True)
class OrganisationPage:
    """One organisation. `parents`: where it may be moved. `country_above`: the choice of having the
    calendar of the place above; empty where there is none."""

    form: Form
    move_form: Form
    code: str
    name: str
    kind: str
    sector: str
    county: str
    closed: bool
    crumbs: tuple[tuple[str, str], ...]
    children: tuple[TreeRow, ...]
    people: int
    people_url: str
    grants: tuple[GrantRow, ...]
    new_url: str
    parents: tuple[tuple[str, str], ...]
    can_close: bool
    review_required: bool
    review_above: bool
    dashboard_url: str
    countries: tuple[tuple[str, str], ...]
    country_above: str


@dataclass(frozen=True, slots=True)
class OrganisationFormPage:
    """Adding an organisation under `parent_name`. `country_above`: the choice of having the same calendar as that."""

    form: Form
    parent: str
    parent_name: str
    crumbs: tuple[tuple[str, str], ...]
    kinds: tuple[tuple[str, str], ...]
    sectors: tuple[tuple[str, str], ...]
    countries: tuple[tuple[str, str], ...]
    country_above: str


def _countries() -> tuple[tuple[str, str], ...]:
    """Whose public holidays are known."""
    names = {"LT": _("Lithuania"), "NO": _("Norway")}
    return tuple((code, names[code]) for code in COUNTRIES)


def _as_above(db: Session, path: str) -> str:
    return _("As the organisation above: %(country)s", country=dict(_countries())[queries.country_at(db, path)])


def _parent_path(path: str) -> str:
    return path[: path.rstrip("/").rindex("/") + 1]


def _row(card: OrganisationCard, depth: int) -> TreeRow:
    return TreeRow(
        url=f"/admin/organisations/{card.code}",
        name=card.name_in(i18n.language()),
        code=card.code,
        kind=kind_name(card.kind),
        level=depth + 1,
        closed=card.closed,
    )


def organisations_page(db: Session, actor: Actor, search: str) -> OrganisationsPage:
    tree = queries.tree(db, access.visible_to(actor, Role.ADMINISTRATOR))
    lines = queries.found_in(tree, search)
    return OrganisationsPage(
        search=search,
        found=ngettext("%(num)s organisation", "%(num)s organisations", len(lines)),
        rows=tuple(_row(line.card, line.depth) for line in lines[:SHOWN]),
        more=max(0, len(lines) - SHOWN),
    )


def crumbs_of(db: Session, actor: Actor, card: OrganisationCard) -> tuple[tuple[str, str], ...]:
    """The way to an organisation, as far up as the actor administers."""
    above = [c for c in queries.ancestors(db, card.path) if actor.covers(c.path, Role.ADMINISTRATOR)]
    lang = i18n.language()
    return (
        (_("Organisations"), "/admin/organisations"),
        *((c.name_in(lang), f"/admin/organisations/{c.code}") for c in above),
    )


def organisation_page(
    db: Session,
    actor: Actor,
    card: OrganisationCard,
    *,
    form: Form | None = None,
    move_form: Form | None = None,
) -> OrganisationPage:
    lang = i18n.language()
    total = people.count_people(db, people_access.managed_by(actor) & queries.below(card.path))
    shown = {"name": card.name, "name_en": card.name_en, "county": card.county, "legal_code": card.legal_code}
    shown |= {"name_nb": card.name_nb, "country": card.country}
    options = queries.options(db, access.visible_to(actor, Role.ADMINISTRATOR))
    parents = [
        line
        for line in options
        if may_stand_under(card.kind, line.card.kind)
        and not line.card.path.startswith(card.path)
        and line.card.id != card.parent_id
    ]
    return OrganisationPage(
        form=form or Form(values=shown),
        move_form=move_form or Form(),
        code=card.code,
        name=card.name_in(lang),
        kind=kind_name(card.kind),
        sector=sector_name(card.sector),
        county=card.county,
        closed=card.closed,
        crumbs=crumbs_of(db, actor, card),
        children=tuple(_row(child, 0) for child in queries.children(db, card.id)),
        people=total,
        people_url=f"/admin/people?organisation={card.code}",
        grants=tuple(grant_row(g, actor) for g in people.grants_at(db, card.id)),
        new_url=f"/admin/organisations/new?parent={card.code}" if kinds_under(card.kind) and not card.closed else "",
        parents=places(parents, lang) if card.parent_id else (),
        can_close=card.parent_id is not None,
        review_required=card.review_required,
        review_above=not card.review_required and queries.review_required(db, card.path),
        dashboard_url=f"/managing/organisations/{card.code}" if actor.covers(card.path, *SEES_NUMBERS) else "",
        countries=_countries(),
        country_above=_as_above(db, _parent_path(card.path)) if card.parent_id else "",
    )


def organisation_form_page(db: Session, actor: Actor, parent: OrganisationCard, form: Form) -> OrganisationFormPage:
    name = parent.name_in(i18n.language())
    return OrganisationFormPage(
        form=form,
        parent=parent.code,
        parent_name=name,
        crumbs=(*crumbs_of(db, actor, parent), (name, f"/admin/organisations/{parent.code}")),
        kinds=tuple((kind.value, kind_name(kind)) for kind in kinds_under(parent.kind)),
        sectors=tuple((sector.value, sector_name(sector)) for sector in Sector),
        countries=_countries(),
        country_above=_as_above(db, parent.path),
    )
