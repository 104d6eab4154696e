"""Who acts in a manager's place, and naming them."""

from __future__ import annotations

from collections.abc import Sequence
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
    may_name = accounts.may_name_deputy(actor)
    standing_in = tuple(sorted({grant.lent_by for grant in actor.grants if grant.lent_by}))
    return DeputiesPage(
        title=_("Deputies"),
        answer=_answer(len(named), standing_in if not may_name else ()),
        crumbs=(NavItem(_("This week"), "/managing/week"),),
        named=tuple((*deputy_words(one, today), f"/managing/deputies/{one.key}/end") for one in named),
        may_name=may_name,
        standing_in=standing_in if may_name else (),
        form=form or Form(),
    )


def _answer(named: int, standing_in: Sequence[str]) -> str:
    """For whoever only deputises, that they do; else who is named."""
    if standing_in:
        return _("You deputise for: %(names)s", names=", ".join(standing_in))
    if named:
        return ngettext("%(num)s deputy is named", "%(num)s deputies are named", named)
    return _("Nobody deputises for you")
