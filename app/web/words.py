"""Names that every area says alike: roles, languages, kinds of organisations, states of accounts."""

from __future__ import annotations

from collections.abc import Iterable

from app.accounts.rules import Asked, PersonState
from app.kit.actor import Role
from app.kit.i18n import gettext as _
from app.kit.i18n import language
from app.organisations.rules import Kind, Sector


def asked_name(asked: Asked) -> str:
    """What somebody asks about their own data, in words."""
    match asked:
        case Asked.CORRECTION:
            return _("Correct something that is wrong or missing")
        case Asked.ERASURE:
            return _("Erase something")
        case Asked.RESTRICTION:
            return _("Stop using something for now")
        case Asked.OBJECTION:
            return _("Object to how something is used")
        case Asked.OTHER:
            return _("Something else")


def role_name(role: Role) -> str:
    match role:
        case Role.ADMINISTRATOR:
            return _("Administrator")
        case Role.MANAGER:
            return _("Manager")
        case Role.ANALYST:
            return _("Analyst (numbers only)")
        case Role.TRAINER:
            return _("Trainer")
        case Role.REVIEWER:
            return _("Reviewer")


def language_name(code: str) -> str:
    names = {"lt": _("Lithuanian"), "en": _("English"), "nb": _("Norwegian")}
    return names.get(code, code)


def language_within(code: str) -> str:
    """The name inside a sentence: without its capital, except in English, where names of languages keep theirs."""
    name = language_name(code)
    return name if language() == "en" else name.lower()


def language_list(codes: Iterable[str]) -> str:
    """ "Lietuvių, anglų": capitals at the start only, as a sentence has them."""
    first, *rest = list(codes) or [""]
    return ", ".join((language_name(first), *map(language_within, rest)))


def kind_name(kind: Kind) -> str:
    match kind:
        case Kind.COUNTRY:
            return _("Country")
        case Kind.MUNICIPALITY:
            return _("Municipality")
        case Kind.ADMINISTRATION:
            return _("Municipal administration")
        case Kind.INSTITUTION:
            return _("Institution")
        case Kind.UNIT:
            return _("Unit")
        case Kind.NGO:
            return _("Non-governmental organisation")
        case Kind.PARTNER:
            return _("Partner")


def sector_name(sector: Sector) -> str:
    match sector:
        case Sector.PUBLIC:
            return _("Public sector")
        case Sector.NGO:
            return _("Non-governmental sector")
        case Sector.COMMUNITY:
            return _("Community")
        case Sector.PRIVATE:
            return _("Private sector")
        case Sector.ACADEMIC:
            return _("Academic sector")


def state_name(state: PersonState) -> str:
    match state:
        case PersonState.INVITED:
            return _("Waiting for a password")
        case PersonState.ACTIVE:
            return _("Active")
        case PersonState.DISABLED:
            return _("Disabled")
