"""What people ask about their data: the list, and one of them with its answer."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.accounts import queries as people
from app.accounts import rules
from app.accounts.queries import RequestCard
from app.kit import clock
from app.kit.actor import Actor, Role
from app.kit.i18n import gettext as _
from app.kit.i18n import iso_date, ngettext
from app.kit.limits import DATA_REQUEST_CHARACTERS
from app.organisations import access as places
from app.web.forms import Form
from app.web.site import NavItem
from app.web.words import asked_name

LIST = "/admin/data-requests"


@dataclass(frozen=True, slots=True)
class RequestRow:
    person: str
    url: str
    place: str
    asked: str
    asked_on: str
    due: str
    kind: str
    state: str


@dataclass(frozen=True, slots=True)
class RequestsPage:
    answer: str
    rows: tuple[RequestRow, ...]


@dataclass(frozen=True, slots=True)
class RequestPage:
    """`longer_until` is empty where the answer cannot be put off; `waits`: it is not answered yet."""

    title: str
    answer: str
    crumbs: tuple[NavItem, ...]
    kind: str
    state: str
    text: str
    facts: tuple[tuple[str, str], ...]
    person_url: str
    because: str
    said: str
    waits: bool
    form: Form
    url: str
    most: int
    longer_until: str


def requests_page(db: Session, actor: Actor) -> RequestsPage:
    found = people.requests(db, places.visible_to(actor, Role.ADMINISTRATOR))
    waiting = sum(one.answered_at is None for one in found)
    return RequestsPage(
        answer=ngettext("%(num)s question waits for an answer", "%(num)s questions wait for an answer", waiting)
        if waiting
        else _("No question waits for an answer"),
        rows=tuple(_row(one) for one in found),
    )


def _row(one: RequestCard) -> RequestRow:
    kind, state = _state(one)
    return RequestRow(
        person=one.person,
        url=f"{LIST}/{one.key}",
        place=one.organisation,
        asked=asked_name(one.asked),
        asked_on=iso_date(one.asked_at),
        due=iso_date(one.due_on),
        kind=kind,
        state=state,
    )


def _state(one: RequestCard) -> tuple[str, str]:
    if one.answered_at is not None:
        return "done", _("Answered")
    days = (one.due_on - clock.today()).days
    if days < 0:
        return "overdue", ngettext("%(num)s day overdue", "%(num)s days overdue", -days)
    if days == 0:
        return "soon", _("Due today")
    return ("soon" if days <= 7 else "going"), ngettext("%(num)s day left", "%(num)s days left", days)


def request_page(one: RequestCard, form: Form | None = None) -> RequestPage:
    kind, state = _state(one)
    asked_on = one.asked_at.astimezone(clock.LOCAL).date()
    longer = rules.may_take_longer(
        one.due_on, clock.today(), longer=bool(one.because), answered=one.answered_at is not None
    )
    facts = [
        (_("Person"), one.person),
        (_("Organisation"), one.organisation),
        (_("Asked"), iso_date(one.asked_at)),
        (_("The answer is due by"), iso_date(one.due_on)),
    ]
    if one.answered_at is not None:
        by = one.answered_by or _("the system")
        facts.append((_("Answered"), _("%(day)s, %(who)s", day=iso_date(one.answered_at), who=by)))
    return RequestPage(
        title=_("Question about data"),
        answer=asked_name(one.asked),
        crumbs=(NavItem(_("Questions about data"), LIST),),
        kind=kind,
        state=state,
        text=one.text,
        facts=tuple(facts),
        person_url=f"/admin/people/{one.person_key}",
        because=one.because,
        said=one.answer,
        waits=one.answered_at is None,
        form=form or Form(),
        url=f"{LIST}/{one.key}",
        most=DATA_REQUEST_CHARACTERS,
        longer_until=iso_date(rules.answer_due_at_last(asked_on)) if longer else "",
    )
