"""Institutions that recognise one another: who has signed, whose signature is missing."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.accounts.rules import ASSIGNS
from app.kit.actor import Actor
from app.kit.i18n import gettext as _
from app.kit.i18n import iso_date, language, ngettext
from app.organisations import access as places
from app.organisations import queries as organisations
from app.organisations.rules import Kind
from app.requirements import queries as requirements
from app.requirements.rules import may_assign
from app.web.forms import Form
from app.web.site import NavItem


@dataclass(frozen=True, slots=True)
class PairRow:
    """Two institutions. `kind` done: both have signed."""

    ours: str
    theirs: str
    kind: str
    state: str
    signed: str
    sign: bool
    withdraw: bool
    fields: dict[str, str]


@dataclass(frozen=True, slots=True)
class RecognitionPage:
    title: str
    answer: str
    crumbs: tuple[NavItem, ...]
    pairs: tuple[PairRow, ...]
    form: Form
    ours: tuple[tuple[str, str], ...]
    others: tuple[tuple[str, str], ...]


SIGNERS = (Kind.MUNICIPALITY, Kind.ADMINISTRATION, Kind.INSTITUTION, Kind.PARTNER, Kind.NGO)


def recognition_page(db: Session, actor: Actor, form: Form | None = None) -> RecognitionPage:
    visible = {card.id: card for card in organisations.matching(db, places.visible_to(actor, *ASSIGNS))}
    signed = requirements.signatures(db)
    about = organisations.by_ids(db, {one for row in signed for one in (row.signer_id, row.other_id)})
    pairs: dict[tuple[int, int], PairRow] = {}
    dates = {(row.signer_id, row.other_id): row.signed_at for row in signed}
    for row in signed:
        ours, theirs = (row.signer_id, row.other_id) if row.signer_id in visible else (row.other_id, row.signer_id)
        if ours not in visible or (ours, theirs) in pairs or (theirs, ours) in pairs:
            continue
        we, they = dates.get((ours, theirs)), dates.get((theirs, ours))
        both = we is not None and they is not None
        said = (
            _("Both have signed") if both else _("The other has not signed yet") if we else _("You have not signed yet")
        )
        mine = may_assign(actor, about[ours].path)
        pairs[(ours, theirs)] = PairRow(
            ours=about[ours].name_in(language()),
            theirs=about[theirs].name_in(language()),
            kind="done" if both else "soon",
            state=said,
            signed=" · ".join(iso_date(day) for day in (we, they) if day),
            sign=mine and we is None,
            withdraw=mine and we is not None,
            fields={"organisation": about[ours].code, "other": about[theirs].code},
        )
    done = sum(pair.kind == "done" for pair in pairs.values())
    own = [card for card in visible.values() if card.kind in SIGNERS and not card.closed]
    everybody = [card for card in organisations.matching(db) if card.kind in SIGNERS and not card.closed]
    return RecognitionPage(
        title=_("Recognition"),
        answer=ngettext(
            "%(num)s institution recognises yours, and yours it",
            "%(num)s institutions recognise yours, and yours them",
            done,
        )
        if done
        else _("No institution has signed with yours yet"),
        crumbs=(NavItem(_("Assignments"), "/managing/assignments"),),
        pairs=tuple(pairs.values()),
        form=form or Form(),
        ours=tuple((card.code, card.name_in(language())) for card in own),
        others=tuple((card.code, card.name_in(language())) for card in everybody),
    )
