"""The list of people, one person, and the forms about them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from app.accounts import access, queries
from app.accounts.queries import PersonCard, PersonFilter
from app.accounts.rules import SEES_NAMES, Keeping, PersonState, kept_until, may_be_handed_a_link
from app.kit import audit, i18n
from app.kit.actor import Actor, Role
from app.kit.i18n import gettext as _
from app.kit.i18n import ngettext
from app.organisations import access as organisation_access
from app.organisations import queries as organisations
from app.web.admin.pages.lists import PER_PAGE, Pager, pager, places
from app.web.admin.pages.roles import GrantRow, grant_row, roles
from app.web.admin.pages.trail import AuditRow, audit_rows
from app.web.forms import Form
from app.web.words import language_name, state_name

# How an account stands, in the signs that lists use.
SIGNS = {PersonState.ACTIVE: "done", PersonState.INVITED: "soon", PersonState.DISABLED: "off"}
LATEST = 10


@dataclass(frozen=True, slots=True)
class PersonRow:
    url: str
    name: str
    contact: str
    place: str
    job_title: str
    sign: str
    state: str
    seen_at: datetime | None


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """`states`: the tabs over the list, as (text, address, current, number)."""

    search: str
    organisation: str
    organisation_name: str
    state: str
    places: tuple[tuple[str, str], ...]
    states: tuple[tuple[str, str], ...]
    found: str
    rows: tuple[PersonRow, ...]
    pager: Pager


@dataclass(frozen=True, slots=True)
class PersonPage:
    """One person. What is not `manageable` holds a role above the reader's places: shown, not changed."""

    form: Form
    move_form: Form
    key: str
    name: str
    sign: str
    state: str
    facts: tuple[tuple[str, str], ...]
    manageable: bool
    left: str
    can_leave: bool
    can_disable: bool
    can_enable: bool
    can_invite: bool
    can_link: bool
    posts: tuple[tuple[str, str, str], ...]
    grants: tuple[GrantRow, ...]
    roles: tuple[tuple[str, str], ...]
    places: tuple[tuple[str, str], ...]
    latest: tuple[AuditRow, ...]
    record_url: str


@dataclass(frozen=True, slots=True)
class PersonFormPage:
    """Adding somebody (`key` empty) or changing what is known of them."""

    form: Form
    key: str
    name: str
    places: tuple[tuple[str, str], ...]
    languages: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class HandOverPage:
    """A link for somebody without an e-mail address; the only page that shows it."""

    key: str
    name: str
    url: str
    days: int


def _places(db: Session, actor: Actor) -> tuple[tuple[str, str], ...]:
    options = organisations.options(db, organisation_access.visible_to(actor, Role.ADMINISTRATOR))
    return places(options, i18n.language())


def people_page(db: Session, actor: Actor, *, search: str, organisation: str, state: str, page: int) -> PeoplePage:
    place = organisation_access.organisation_to_administer(db, actor, organisation) if organisation else None
    known = PersonState(state) if state in set(PersonState) else None
    wanted = PersonFilter(search=search, path=place.path if place else "", state=known)
    people, total = queries.people_page(db, access.managed_by(actor), wanted, page=page, size=PER_PAGE)
    query = {"q": search, "organisation": organisation, "state": known.value if known else ""}
    return PeoplePage(
        search=search,
        organisation=organisation,
        organisation_name=place.name_in(i18n.language()) if place else "",
        state=known.value if known else "",
        places=_places(db, actor),
        states=tuple((s.value, state_name(s)) for s in PersonState),
        found=_("More than %(n)s people: search, or choose a place", n=i18n.number(queries.MOST))
        if total > queries.MOST
        else ngettext("%(num)s person", "%(num)s people", total),
        rows=tuple(_row(card) for card in people),
        pager=pager("/admin/people", query, page=page, shown=len(people), total=min(total, queries.MOST)),
    )


def _row(card: PersonCard) -> PersonRow:
    return PersonRow(
        url=f"/admin/people/{card.key}",
        name=card.listed_name,
        contact=card.email or (_("No. %(number)s", number=card.staff_number) if card.staff_number else ""),
        place=card.organisation_name,
        job_title=card.job_title,
        sign=SIGNS[card.state],
        state=state_name(card.state),
        seen_at=card.seen_at,
    )


def person_page(
    db: Session, actor: Actor, card: PersonCard, *, form: Form | None = None, move_form: Form | None = None
) -> PersonPage:
    manageable = access.may_manage(db, actor, card)
    waiting = card.state is PersonState.INVITED
    left_on, nameless = queries.leaving_of(db, card.id)
    entries, _total = audit.entries(
        db, access.trail_visible_to(actor), audit.AuditFilter(subject=card.key), limit=LATEST
    )
    return PersonPage(
        form=form or Form(),
        move_form=move_form or Form(),
        key=card.key,
        name=card.name,
        sign=SIGNS[card.state],
        state=state_name(card.state),
        facts=_facts(card),
        manageable=manageable,
        left=_left(left_on, nameless),
        can_leave=manageable and left_on is None and card.id != actor.id,
        can_disable=manageable and card.state is not PersonState.DISABLED and card.id != actor.id,
        can_enable=manageable and card.state is PersonState.DISABLED and not nameless,
        can_invite=manageable and waiting and card.email is not None,
        can_link=manageable and may_be_handed_a_link(card.state, has_email=card.email is not None),
        posts=tuple(
            (p.organisation_name, p.title, f"{p.started_on} – {p.ended_on or ''}".strip())
            for p in queries.posts_of(db, card.id)
        ),
        grants=tuple(grant_row(g, actor) for g in queries.grants_of(db, card.id)),
        roles=roles(),
        places=_places(db, actor),
        latest=audit_rows(db, entries),
        record_url=f"/managing/people/{card.key}" if actor.covers(card.organisation_path, *SEES_NAMES) else "",
    )


def _left(left_on: date | None, nameless: bool) -> str:
    if left_on is None:
        return ""
    day = i18n.iso_date(left_on)
    if nameless:
        return _("Left on %(day)s. The time of the record is over, and the name is erased.", day=day)
    until = i18n.iso_date(kept_until(left_on, Keeping.DUTY))
    return _("Left on %(day)s. The record keeps the name until %(until)s at the latest.", day=day, until=until)


def _facts(card: PersonCard) -> tuple[tuple[str, str], ...]:
    never = _("never")
    return (
        (_("E-mail"), card.email or _("none")),
        (_("Staff number"), card.staff_number or _("none")),
        (_("Organisation"), card.organisation_name),
        (_("Job title"), card.job_title or _("none")),
        (_("Language"), language_name(card.lang)),
        (_("Account since"), i18n.iso_date(card.created_at)),
        (_("Last seen"), i18n.iso_date(card.seen_at) if card.seen_at else never),
    )


def person_form_page(db: Session, actor: Actor, form: Form, card: PersonCard | None = None) -> PersonFormPage:
    return PersonFormPage(
        form=form,
        key=card.key if card else "",
        name=card.name if card else "",
        places=() if card else _places(db, actor),
        languages=(("lt", "Lietuvių"), ("en", "English"), ("nb", "Norsk")),
    )


def values_of(card: PersonCard) -> dict[str, str]:
    return {
        "given_name": card.given_name,
        "family_name": card.family_name,
        "email": card.email or "",
        "staff_number": card.staff_number or "",
        "job_title": card.job_title,
        "lang": card.lang,
    }
