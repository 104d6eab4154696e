"""Who acts in a manager's place, and naming them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from app.accounts import queries as people
from app.accounts import rules as accounts
from app.accounts.queries import DeputyCard
from app.kit import clock
from app.kit.actor import Actor
from app.kit.i18n import gettext as _
from app.kit.i18n import iso_date, ngettext
from app.web.forms import Form
from app.web.site import NavItem


def deputy_words(one: DeputyCard, today: date) -> tuple[str, str]:
    """Name and days."""
    when = _("%(since)s to %(until)s", since=iso_date(one.since), until=iso_date(one.until))
    return one.deputy, _("%(when)s, in force now", when=when) if one.since <= today else when


@dataclass(frozen=True, slots=True)
class DeputiesPage:
    """Naming a deputy. `named` are (name, days, address that ends it)."""

    title: str
    answer: str
    crumbs: tuple[NavItem, ...]
    named: tuple[tuple[str, str, str], ...]
    may_name: bool
    standing_in: tuple[str, ...]
    form: Form


def deputies_page(db: Session, actor: Actor, form: Form | None = None) -> DeputiesPage:
    today = clock.today()
    named = people.deputies_of(db, actor.id, today)
    return DeputiesPage(
        title=_("Deputies"),
        answer=ngettext("%(num)s deputy is named", "%(num)s deputies are named", len(named))
        if named
        else _("Nobody deputises for you"),
        crumbs=(NavItem(_("This week"), "/managing/week"),),
        named=tuple((*deputy_words(one, today), f"/managing/deputies/{one.key}/end") for one in named),
        may_name=accounts.may_name_deputy(actor),
        standing_in=tuple(sorted({grant.lent_by for grant in actor.grants if grant.lent_by})),
        form=form or Form(),
    )
