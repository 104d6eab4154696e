"""Who holds which role where."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.accounts import access, queries, rules
from app.accounts.queries import GrantCard
from app.kit import i18n
from app.kit.actor import Actor, Role
from app.kit.i18n import gettext as _
from app.kit.i18n import ngettext
from app.organisations import access as organisation_access
from app.organisations import queries as organisations
from app.web.admin.pages.lists import places
from app.web.forms import Form
from app.web.words import role_name


@dataclass(frozen=True, slots=True)
class GrantRow:
    """`take_url` is empty where the reader may not take the role away."""

    role: str
    person: str
    person_url: str
    place: str
    place_url: str
    granted_at: datetime
    granted_by: str
    take_url: str


@dataclass(frozen=True, slots=True)
class GrantsPage:
    form: Form
    role: str
    roles: tuple[tuple[str, str], ...]
    places: tuple[tuple[str, str], ...]
    found: str
    rows: tuple[GrantRow, ...]


def roles() -> tuple[tuple[str, str], ...]:
    return tuple((role.value, role_name(role)) for role in Role)


def grant_row(grant: GrantCard, actor: Actor) -> GrantRow:
    own_chair = grant.person_id == actor.id and grant.role is Role.ADMINISTRATOR
    may_take = rules.may_administer(actor, grant.organisation_path) and not own_chair
    return GrantRow(
        role=role_name(grant.role),
        person=f"{grant.family_name}, {grant.given_name}",
        person_url=f"/admin/people/{grant.person_key}",
        place=grant.organisation_name,
        place_url=f"/admin/organisations/{grant.organisation_code}",
        granted_at=grant.granted_at,
        granted_by=grant.granted_by or _("the system"),
        take_url=f"/admin/grants/{grant.id}/take" if may_take else "",
    )


def grants_page(db: Session, actor: Actor, *, role: str, form: Form) -> GrantsPage:
    grants = queries.grants_within(db, access.managed_by(actor))
    shown = [grant for grant in grants if not role or grant.role.value == role]
    options = organisations.options(db, organisation_access.visible_to(actor, Role.ADMINISTRATOR))
    return GrantsPage(
        form=form,
        role=role,
        roles=roles(),
        places=places(options, i18n.language()),
        found=ngettext("%(num)s role given", "%(num)s roles given", len(shown)),
        rows=tuple(grant_row(grant, actor) for grant in shown),
    )
