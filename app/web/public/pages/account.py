"""One's own account: profile, password, sign-ins, tokens."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.accounts import queries as people
from app.accounts.rules import TOKEN_VALID
from app.assessment import queries as assessment
from app.kit.actor import Actor
from app.kit.i18n import gettext as _
from app.kit.i18n import ngettext, number
from app.web.forms import Form
from app.web.words import role_name

Tab = tuple[str, str, bool]


@dataclass(frozen=True, slots=True)
class AccountPage:
    """`facts`: what is known of the person, as (what, said)."""

    form: Form
    tabs: tuple[Tab, ...]
    facts: tuple[tuple[str, str], ...]
    roles: tuple[tuple[str, str], ...]
    posts: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class PasswordPage:
    form: Form
    tabs: tuple[Tab, ...]
    login: str


@dataclass(frozen=True, slots=True)
class SignInRow:
    id: int
    where: str
    address: str
    began_at: datetime
    seen_at: datetime
    here: bool


@dataclass(frozen=True, slots=True)
class SignInsPage:
    tabs: tuple[Tab, ...]
    rows: tuple[SignInRow, ...]
    others: int


@dataclass(frozen=True, slots=True)
class TokenRow:
    id: int
    name: str
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class TokensPage:
    form: Form
    tabs: tuple[Tab, ...]
    rows: tuple[TokenRow, ...]
    days: int


@dataclass(frozen=True, slots=True)
class NewTokenPage:
    """The only page that ever shows the token."""

    name: str
    token: str
    days: int


def tabs_of(here: str) -> tuple[Tab, ...]:
    """The pages of one's own account."""
    tabs = (
        (_("Profile"), "/account"),
        (_("Password"), "/account/password"),
        (_("Sign-ins"), "/account/sign-ins"),
        (_("API tokens"), "/account/tokens"),
        (_("My data"), "/account/data"),
    )
    return tuple((text, url, url == here) for text, url in tabs)


def account_page(db: Session, actor: Actor, form: Form | None = None) -> AccountPage:
    card = people.person_by_id(db, actor.id)
    facts: list[tuple[str, str]] = [(_("Full name"), actor.name)]
    if card is not None:
        facts.append((_("E-mail"), card.email or _("none")))
        if card.staff_number:
            facts.append((_("Staff number"), card.staff_number))
        facts.append((_("Organisation"), card.organisation_name))
        if card.job_title:
            facts.append((_("Job title"), card.job_title))
    needs = assessment.accommodation(db, actor.id)
    if needs is not None:
        time = (
            _("no limit") if not needs.time_factor else _("%(times)s times the usual", times=number(needs.time_factor))
        )
        facts.append((_("Time in tests"), time))
        if needs.extra_attempts:
            more = ngettext("%(num)s more", "%(num)s more", needs.extra_attempts)
            facts.append((_("Attempts in tests"), more))
    posts = tuple(
        (post.organisation_name, post.title, _("%(start)s – %(end)s", start=post.started_on, end=post.ended_on))
        for post in people.posts_of(db, actor.id)
        if post.ended_on is not None
    )
    return AccountPage(
        form=form or Form(values={"lang": card.lang if card else actor.lang}),
        tabs=tabs_of("/account"),
        facts=tuple(facts),
        roles=tuple((role_name(g.role), g.organisation_name) for g in people.grants_of(db, actor.id)),
        posts=posts,
    )


def password_page(db: Session, actor: Actor, form: Form) -> PasswordPage:
    card = people.person_by_id(db, actor.id)
    return PasswordPage(form=form, tabs=tabs_of("/account/password"), login=(card.email if card else "") or "")


def sign_ins_page(db: Session, actor: Actor) -> SignInsPage:
    rows = tuple(
        SignInRow(s.id, device(s.agent), s.address, s.created_at, s.seen_at, str(s.id) == actor.session)
        for s in people.sign_ins_of(db, actor.id)
    )
    return SignInsPage(tabs=tabs_of("/account/sign-ins"), rows=rows, others=sum(not row.here for row in rows))


def tokens_page(db: Session, actor: Actor, form: Form | None = None) -> TokensPage:
    rows = tuple(TokenRow(t.id, t.name, t.created_at, t.expires_at, t.used_at) for t in people.tokens_of(db, actor.id))
    return TokensPage(form=form or Form(), tabs=tabs_of("/account/tokens"), rows=rows, days=TOKEN_VALID.days)


_BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
_SYSTEMS = (
    ("Windows", "Windows"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)  # fmt: skip


def device(agent: str) -> str:
    """A browser's long name in two words, as far as it can be told."""
    browser = next((name for sign, name in _BROWSERS if re.search(rf"\b{sign}", agent)), "")
    system = next((name for sign, name in _SYSTEMS if sign in agent), "")
    return ", ".join(part for part in (browser, system) if part) or _("Another program")
