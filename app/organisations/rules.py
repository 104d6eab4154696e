"""What an organisation can be, and which places in the tree it may take."""

from __future__ import annotations

import re
from enum import StrEnum

from app.kit.actor import Actor, Role
from app.kit.i18n import N_


class Sector(StrEnum):
    PUBLIC = "public"
    NGO = "ngo"
    COMMUNITY = "community"
    PRIVATE = "private"
    ACADEMIC = "academic"


class Kind(StrEnum):
    """The kinds that the dashboards tell apart; what exactly an institution is stands in its name."""

    COUNTRY = "country"
    MUNICIPALITY = "municipality"
    ADMINISTRATION = "administration"
    INSTITUTION = "institution"
    UNIT = "unit"
    NGO = "ngo"
    PARTNER = "partner"


# The countries whose public holidays are known; the first where no place says anything.
COUNTRIES = ("LT", "NO")


def may_stand_under(kind: Kind, parent: Kind | None) -> bool:
    """A country is the root; municipalities and partners stand under it, institutions under those, units under these."""
    match kind:
        case Kind.COUNTRY:
            return parent is None
        case Kind.MUNICIPALITY | Kind.PARTNER:
            return parent is Kind.COUNTRY
        case Kind.ADMINISTRATION | Kind.INSTITUTION | Kind.NGO:
            return parent in (Kind.MUNICIPALITY, Kind.PARTNER)
        case Kind.UNIT:
            return parent in (Kind.ADMINISTRATION, Kind.INSTITUTION, Kind.NGO, Kind.PARTNER, Kind.UNIT)


# Who may see that an organisation has figures at all; names and deeds need a narrower role.
SEES = (Role.ADMINISTRATOR, Role.MANAGER, Role.ANALYST)
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,63}")


def may_see(actor: Actor, path: str, *roles: Role) -> bool:
    """Whether one of the roles (by default any that sees figures) is held here or above."""
    return actor.covers(path, *(roles or SEES))


def code_fault(code: str) -> str | None:
    """Why a code cannot stand in an address and in an import file (an English sentence, marked), or None."""
    if _CODE.fullmatch(code):
        return None
    return N_("Use 2 to 64 Latin letters, digits, dots and hyphens, for example utena-biblioteka.")


def kinds_under(parent: Kind) -> tuple[Kind, ...]:
    return tuple(kind for kind in Kind if may_stand_under(kind, parent))
