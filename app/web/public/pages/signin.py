"""The doors: signing in, a forgotten password, a link from a mail."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.accounts import queries as people
from app.accounts.queries import LinkCard
from app.accounts.rules import LinkKind, PersonState
from app.kit.i18n import gettext as _
from app.web.forms import Form

DEMO_DOMAIN = "demo.klasteris.example"
DEMO_KEYS = ("rasa", "jolanta", "daiva", "ausra", "vytautas", "admin", "ingrid", "magnus")


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Somebody whom anybody may be, in the demonstration only."""

    key: str
    initials: str
    name: str
    what: str


@dataclass(frozen=True, slots=True)
class SignInPage:
    """`next` is where to go on to; `kept` a form that waits for this sign-in, sealed; `demo` empty outside the demo."""

    form: Form
    next: str
    kept: str
    demo: tuple[DemoPerson, ...]


@dataclass(frozen=True, slots=True)
class ForgotPage:
    """`sent`: the request has been taken, whoever it was about."""

    form: Form
    sent: bool


@dataclass(frozen=True, slots=True)
class SetPasswordPage:
    """A link that works: whose it is, and whether it invites."""

    form: Form
    name: str
    login: str
    invitation: bool


@dataclass(frozen=True, slots=True)
class LinkGonePage:
    """A link that no longer works."""

    forgot_url: str


def demo_people(db: Session) -> tuple[DemoPerson, ...]:
    whats = {
        "rasa": _("learns, Utena"),
        "jolanta": _("teaches, Druskininkai"),
        "daiva": _("manager, Utena district"),
        "ausra": _("manager of a library"),
        "vytautas": _("numbers only"),
        "admin": _("the whole system"),
        "ingrid": _("manager, Norway"),
        "magnus": _("learns, Norway"),
    }
    there = {p.email: p for p in people.person_cards(db, people.with_address_at(DEMO_DOMAIN))}
    out = []
    for key in DEMO_KEYS:
        card = there.get(f"{key}@{DEMO_DOMAIN}")
        if card is not None and card.state is PersonState.ACTIVE:
            initials = f"{card.given_name[:1]}{card.family_name[:1]}"
            out.append(DemoPerson(key, initials, card.given_name, whats[key]))
    return tuple(out)


def set_password_page(link: LinkCard, form: Form) -> SetPasswordPage:
    return SetPasswordPage(
        form=form,
        name=f"{link.given_name} {link.family_name}",
        login=link.email or "",
        invitation=link.kind is LinkKind.INVITATION,
    )
