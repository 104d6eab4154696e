"""What an act on several rows of the week would do, before it is done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from app.kit import clock
from app.kit.actor import Actor
from app.kit.i18n import gettext as _
from app.kit.i18n import iso_date, language, ngettext
from app.organisations.queries import OrganisationCard
from app.reporting import access as reporting_access
from app.requirements.actions import OFFERED_DAYS
from app.requirements.queries import WeekLine
from app.web.duties import subject_names
from app.web.forms import Form
from app.web.managing.pages import parts
from app.web.managing.pages.parts import midnight
from app.web.managing.pages.week import WEEK, week_state, week_url
from app.web.site import NavItem

ACTS = ("remind", "extend", "excuse")


@dataclass(frozen=True, slots=True)
class ActRow:
    """One row that an act is about: what becomes of it."""

    name: str
    url: str
    what: str
    kind: str
    state: str
    becomes: str


@dataclass(frozen=True, slots=True)
class WeekActPage:
    """What one press would do to the rows chosen. `act` is remind, extend or excuse; `keys` come back with the form."""

    title: str
    answer: str
    lead: str
    crumbs: tuple[NavItem, ...]
    act: str
    rows: tuple[ActRow, ...]
    keys: tuple[str, ...]
    at: str
    action: str
    button: str
    icon: str
    form: Form
    back_url: str
    private: tuple[str, ...]


def week_act_page(
    db: Session, actor: Actor, place: OrganisationCard, act: str, lines: Sequence[WeekLine], form: Form
) -> WeekActPage:
    today = clock.today()
    titles = subject_names(db, {line.subject for line in lines}, language())
    until = _day(form.values.get("until"))
    name = place.name_in(language())
    return WeekActPage(
        title=_("Review: %(place)s", place=name),
        answer=_act_answer(act, lines, today),
        lead=_("Nothing has been done yet."),
        crumbs=(NavItem(_("This week"), week_url(place.code)),),
        act=act,
        rows=tuple(_act_row(act, line, titles, today, until) for line in lines),
        keys=tuple(str(line.period_id) for line in lines),
        at=place.code,
        action=f"{WEEK}/act",
        button=_act_button(act, lines, today),
        icon={"remind": "bell", "extend": "extend", "excuse": "excuse"}[act],
        form=form,
        back_url=week_url(place.code),
        private=parts.private(reporting_access.view_of(actor, place))[1:],
    )


def offered(lines: Sequence[WeekLine], today: date) -> date:
    """The day that is proposed for more time: what was asked for, else three weeks from the latest date."""
    asked = [line.asked_until for line in lines if line.asked_until is not None]
    if asked:
        return max(asked)
    return max([today, *(line.due_on for line in lines)]) + timedelta(days=OFFERED_DAYS)


def _day(text: object) -> date | None:
    try:
        return date.fromisoformat(str(text)) if text else None
    except ValueError:
        return None


def _fresh(lines: Sequence[WeekLine], today: date) -> list[WeekLine]:
    return [line for line in lines if line.reminded_at is None or line.reminded_at < midnight(today)]


def _persons(lines: Sequence[WeekLine]) -> int:
    return len({line.person_id for line in lines})


def _act_answer(act: str, lines: Sequence[WeekLine], today: date) -> str:
    if not lines:
        return _("Nothing of this waits any more")
    match act:
        case "remind":
            count = _persons(_fresh(lines, today))
            if not count:
                return _("Everybody chosen has been reminded today")
            return ngettext("%(num)s person will be reminded", "%(num)s people will be reminded", count)
        case "extend":
            return ngettext("%(num)s due date will move", "%(num)s due dates will move", len(lines))
        case _:
            return ngettext("%(num)s duty will be excused", "%(num)s duties will be excused", len(lines))


def _act_button(act: str, lines: Sequence[WeekLine], today: date) -> str:
    match act:
        case "remind":
            count = _persons(_fresh(lines, today))
            return ngettext("Remind %(num)s person", "Remind %(num)s people", count) if count else ""
        case "extend":
            return ngettext("Move %(num)s date", "Move %(num)s dates", len(lines)) if lines else ""
        case _:
            return ngettext("Excuse from %(num)s duty", "Excuse from %(num)s duties", len(lines)) if lines else ""


def _act_row(act: str, line: WeekLine, titles: dict[str, str], today: date, until: date | None) -> ActRow:
    kind, state = week_state(line, today)
    match act:
        case "remind":
            if line.reminded_at is not None and line.reminded_at >= midnight(today):
                becomes = _("Reminded today already; not written to again")
            else:
                how = _("Mail and notice") if line.has_email else _("Notice only: no e-mail")
                last = iso_date(line.reminded_at) if line.reminded_at else _("not yet")
                becomes = _("%(how)s. Last reminded: %(last)s", how=how, last=last)
        case "extend":
            if until is not None and until <= line.due_on:
                becomes = _("Stays: due %(day)s", day=iso_date(line.due_on))
            else:
                day = iso_date(until) if until else _("the day below")
                becomes = _("Due %(was)s, then %(now)s", was=iso_date(line.due_on), now=day)
        case _:
            becomes = _("Not counted, not reminded")
    return ActRow(
        name=line.listed_name,
        url=f"/managing/people/{line.person_key}",
        what=titles.get(line.subject, line.subject),
        kind=kind,
        state=state,
        becomes=becomes,
    )
