"""Audit packs: asking for one, how far it has come, and what is in it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.accounts.rules import SEES_NAMES, SEES_NUMBERS
from app.kit import clock, signing
from app.kit.actor import Actor
from app.kit.i18n import gettext as _
from app.kit.i18n import iso_date, language, moment, number
from app.organisations import access as places
from app.organisations import queries as organisations
from app.packs import access, queries, rules
from app.packs.queries import PackCard
from app.packs.rules import STEPS, PackState
from app.requirements.queries import RequirementCard
from app.web.forms import Form
from app.web.packing.pack import report_of
from app.web.site import NavItem

LIST = "/managing/packs"


@dataclass(frozen=True, slots=True)
class PackRow:
    title: str
    url: str
    place: str
    as_of: str
    names: str
    kind: str
    state: str
    asked: str


@dataclass(frozen=True, slots=True)
class PacksPage:
    """`names`: some of what this reader asks for has names in it."""

    title: str
    answer: str
    form: Form
    names: bool
    requirements: tuple[tuple[str, str], ...]
    organisations: tuple[tuple[str, str], ...]
    rows: tuple[PackRow, ...]


def packs_page(db: Session, actor: Actor, form: Form | None = None, *, requirement: str = "") -> PacksPage:
    known = access.requirements_of(db, actor)
    titles = {one.id: one.course_title for one in known}
    options = organisations.options(db, places.visible_to(actor, *SEES_NUMBERS))
    found = queries.packs(db, access.visible_to(actor), language(), limit=50)
    values = {"requirement": requirement, "as_of": clock.today().isoformat()}
    return PacksPage(
        title=_("Audit packs"),
        answer=_("Audit packs"),
        form=form or Form(values=values),
        names=actor.holds(*SEES_NAMES),
        requirements=tuple((one.key, _named(one)) for one in known),
        organisations=tuple(
            (option.card.code, "\u00a0\u00a0\u00a0" * option.depth + option.card.name_in(language()))
            for option in options
            if access.may_ask(actor, option.card.path)
        ),
        rows=tuple(_row(card, titles.get(card.requirement_id, "")) for card in found),
    )


def _named(one: RequirementCard) -> str:
    when = iso_date(one.due_on) if one.due_on else iso_date(one.created_at)
    return _("%(title)s – %(place)s, %(day)s", title=one.course_title, place=one.organisation_name, day=when)


def _row(card: PackCard, title: str) -> PackRow:
    kind, word = _state(card)
    return PackRow(
        title=title or _("Audit pack"),
        url=f"{LIST}/{card.key}",
        place=card.place,
        as_of=iso_date(card.as_of),
        names=_("with names") if card.named else _("without names"),
        kind=kind,
        state=word,
        asked=moment(card.asked_at),
    )


def _state(card: PackCard) -> tuple[str, str]:
    match card.state:
        case PackState.WAITING | PackState.WORKING:
            return "going", _("Being made")
        case PackState.READY:
            return "done", _("Ready")
        case PackState.FAILED:
            return "overdue", _("Could not be made")


@dataclass(frozen=True, slots=True)
class PackPage:
    """`done` of `steps` are behind it; `file_url` is empty until it is ready. `report`: the head of the training report in it;
    `locked` says until when that stays as it is."""

    title: str
    answer: str
    lead: str
    crumbs: tuple[NavItem, ...]
    kind: str
    state: str
    going: bool
    done: int
    steps: tuple[tuple[str, str], ...]
    error: str
    url: str
    file_url: str
    file_size: str
    facts: tuple[tuple[str, str], ...]
    report: tuple[tuple[str, str], ...]
    locked: str


def pack_page(card: PackCard, one: RequirementCard) -> PackPage:
    kind, word = _state(card)
    going = card.state in (PackState.WAITING, PackState.WORKING)
    names = (
        _("Gathering who was meant and how they stood"),
        _("Writing the tables"),
        _("Setting the document"),
        _("Signing"),
    )
    assert len(names) == STEPS
    facts = [(_("Place"), card.place), (_("As of the end of"), iso_date(card.as_of))]
    facts.append((_("Names"), _("with names") if card.named else _("without names, groups under five hidden")))
    facts.append((_("Asked for"), moment(card.asked_at)))
    if card.public_key:
        facts.append((_("Signed with the key"), signing.fingerprint(bytes.fromhex(card.public_key))))
    head = rules.read_head(card.training)
    return PackPage(
        title=_("Audit pack"),
        answer=one.course_title,
        lead=_("PDF, spreadsheet and data in one signed archive.")
        if not going
        else _("It is being made. You may leave."),
        crumbs=(NavItem(_("Audit packs"), LIST),),
        kind=kind,
        state=word,
        going=going,
        done=card.done,
        steps=tuple(
            ("done" if at < card.done else "now" if at == card.done else "todo", name) for at, name in enumerate(names)
        ),
        error=_(card.error) if card.error else "",
        url=f"{LIST}/{card.key}",
        file_url=f"{LIST}/{card.key}/file" if card.state is PackState.READY else "",
        file_size=_("%(size)s KB", size=number(max(1, card.size // 1024))),
        facts=tuple(facts),
        report=tuple(report_of(one.course_title, head)) if head else (),
        locked=_(
            "Locked until %(day)s: until then it is neither changed nor erased here.", day=iso_date(head.locked_until)
        )
        if head and head.locked_until
        else "",
    )
