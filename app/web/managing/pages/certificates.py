"""Certificates as a manager sees them: the list, one of them, and what would be issued for earlier completions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from sqlalchemy.orm import Session

from app.accounts.rules import ASSIGNS
from app.catalog import queries as catalog
from app.certificates import access
from app.certificates import queries as certificates
from app.certificates.queries import CertificateCard, Lacking
from app.kit.actor import Actor
from app.kit.i18n import gettext as _
from app.kit.i18n import iso_date, language, ngettext
from app.organisations import access as places
from app.organisations import queries as organisations
from app.web.forms import Form
from app.web.proofs import state_word
from app.web.site import NavItem

LIST = "/managing/certificates"
PER_PAGE = 50
NAMED = 20  # people named in a preview


@dataclass(frozen=True, slots=True)
class CertificateRow:
    number: str
    url: str
    holder: str
    place: str
    course: str
    completed: str
    valid_until: str
    kind: str
    state: str


@dataclass(frozen=True, slots=True)
class Pages:
    """Which rows of how many are shown, and the addresses of the pages beside this one."""

    first: int
    last: int
    total: int
    previous_url: str
    next_url: str


@dataclass(frozen=True, slots=True)
class CertificatesPage:
    title: str
    answer: str
    search: str
    rows: tuple[CertificateRow, ...]
    pager: Pages
    lacking: str
    issue_url: str


def certificates_page(db: Session, actor: Actor, *, search: str = "", page: int = 1) -> CertificatesPage:
    first = (page - 1) * PER_PAGE
    found, total = certificates.listed(db, access.visible_to(actor), search=search, limit=PER_PAGE, offset=first)
    without = certificates.count_lacking(db, access.visible_to(actor))
    return CertificatesPage(
        title=_("Certificates"),
        answer=ngettext("%(num)s certificate", "%(num)s certificates", total),
        search=search,
        rows=tuple(_row(card) for card in found),
        pager=Pages(
            first=first + 1 if found else 0,
            last=first + len(found),
            total=total,
            previous_url=_at(search, page - 1) if page > 1 else "",
            next_url=_at(search, page + 1) if first + len(found) < total else "",
        ),
        lacking=ngettext(
            "%(num)s completion has no certificate yet.", "%(num)s completions have no certificate yet.", without
        )
        if without
        else "",
        issue_url=f"{LIST}/issue" if without else "",
    )


def _at(search: str, page: int) -> str:
    query = {name: said for name, said in (("q", search), ("page", str(page) if page > 1 else "")) if said}
    return f"{LIST}?{urlencode(query)}" if query else LIST


def _row(card: CertificateCard) -> CertificateRow:
    kind, word = state_word(card.state)
    paper = card.paper
    return CertificateRow(
        number=paper.number,
        url=f"{LIST}/{paper.key}",
        holder=paper.holder,
        place=paper.institution,
        course=paper.course,
        completed=iso_date(paper.completed_on),
        valid_until=iso_date(paper.valid_until) if paper.valid_until else "–",
        kind=kind,
        state=word,
    )


@dataclass(frozen=True, slots=True)
class CertificatePage:
    """`revoke_url` is empty where it is revoked already."""

    title: str
    answer: str
    crumbs: tuple[NavItem, ...]
    kind: str
    state: str
    facts: tuple[tuple[str, str], ...]
    pdf_url: str
    check_url: str
    person_url: str
    revoke_url: str
    form: Form


def certificate_page(actor: Actor, card: CertificateCard, form: Form | None = None) -> CertificatePage:
    kind, word = state_word(card.state)
    paper = card.paper
    facts = [
        (_("Certificate number"), paper.number),
        (_("Holder"), paper.holder),
        (_("Course"), _("%(title)s, version %(version)s", title=paper.course, version=paper.version)),
        (_("Completed on"), iso_date(paper.completed_on)),
        (_("Issued on"), iso_date(paper.issued_on)),
        (_("Valid until"), iso_date(paper.valid_until) if paper.valid_until else _("for ever")),
        (_("Issued by"), paper.institution),
    ]
    if card.revoked_at is not None:
        facts += [(_("Revoked on"), iso_date(card.revoked_at)), (_("Why"), card.reason)]
    if card.superseded_by:
        facts.append((_("Superseded by"), card.superseded_by))
    url = f"{LIST}/{paper.key}"
    return CertificatePage(
        title=paper.number,
        answer=paper.holder,
        crumbs=(NavItem(_("Certificates"), LIST),),
        kind=kind,
        state=word,
        facts=tuple(facts),
        pdf_url=f"{url}/file",
        check_url=f"/verify/{paper.key}",
        person_url=f"/managing/people/{card.person_key}",
        revoke_url=f"{url}/revoke" if card.revoked_at is None and card.person_id != actor.id else "",
        form=form or Form(),
    )


@dataclass(frozen=True, slots=True)
class IssueLine:
    """How many would be issued at one place for one course."""

    place: str
    course: str
    number: int
    days: str


@dataclass(frozen=True, slots=True)
class IssuePage:
    """What issuing for earlier completions would do. Nothing has been done."""

    title: str
    answer: str
    crumbs: tuple[NavItem, ...]
    form: Form
    organisations: tuple[tuple[str, str], ...]
    courses: tuple[tuple[str, str], ...]
    lines: tuple[IssueLine, ...]
    people: tuple[str, ...]
    more: str
    button: str


def issue_page(db: Session, actor: Actor, found: Sequence[Lacking], form: Form) -> IssuePage:
    everything = certificates.lacking(db, where=access.visible_to(actor))
    titles = catalog.titles(db, {one.course_id for one in everything}, language())
    slugs = {head.id: head.slug for head in catalog.courses(db) if head.id in titles}
    options = organisations.options(db, places.visible_to(actor, *ASSIGNS))
    counted = Counter((one.organisation_name, one.course_id) for one in found)
    return IssuePage(
        title=_("Certificates for earlier completions"),
        answer=ngettext("%(num)s certificate would be issued", "%(num)s certificates would be issued", len(found)),
        crumbs=(NavItem(_("Certificates"), LIST),),
        form=form,
        organisations=tuple(
            (option.card.code, "\u00a0\u00a0\u00a0" * option.depth + option.card.name_in(language()))
            for option in options
        ),
        courses=tuple(sorted(((slugs[one], titles[one]) for one in titles if one in slugs), key=lambda one: one[1])),
        lines=tuple(
            IssueLine(place, titles[course], number, _days(found, place, course))
            for (place, course), number in sorted(counted.items(), key=lambda one: (one[0][0], titles[one[0][1]]))
        ),
        people=tuple(f"{one.family_name}, {one.given_name}" for one in found[:NAMED]),
        more=ngettext("and %(num)s more", "and %(num)s more", len(found) - NAMED) if len(found) > NAMED else "",
        button=ngettext("Issue %(num)s certificate", "Issue %(num)s certificates", len(found)) if found else "",
    )


def _days(found: Sequence[Lacking], place: str, course: int) -> str:
    days = [one.completed_on for one in found if (one.organisation_name, one.course_id) == (place, course)]
    first, last = iso_date(min(days)), iso_date(max(days))
    return first if first == last else _("%(since)s – %(until)s", since=first, until=last)
