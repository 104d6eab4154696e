"""The manager's week: one sentence, three lists, one action a row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from sqlalchemy.orm import Session

from app.accounts import queries as people
from app.accounts import rules as accounts
from app.kit import clock
from app.kit.actor import Actor
from app.kit.i18n import gettext as _
from app.kit.i18n import iso_date, language, moment, ngettext, number
from app.organisations.queries import OrganisationCard
from app.reporting import access as reporting_access
from app.requirements import queries as requirements
from app.requirements.queries import Need, WeekCounts, WeekLine
from app.web.duties import subject_names
from app.web.forms import Form
from app.web.managing.pages import parts
from app.web.managing.pages.deputies import deputy_words
from app.web.managing.pages.institution import Pager
from app.web.managing.pages.parts import midnight
from app.web.site import NavItem

PAGE = 25
WEEK = "/managing/week"


@dataclass(frozen=True, slots=True)
class WeekRow:
    """One thing that is required of one person. `action` is empty where there is nothing to do."""

    key: str
    name: str
    url: str
    sub: str
    what: str
    kind: str
    state: str
    detail: str
    due: str
    active: str
    reminded: str
    action: str
    action_icon: str
    action_url: str
    told: bool


@dataclass(frozen=True, slots=True)
class WeekPage:
    """A manager's people. `bulk`: rows may be ticked and acted on together."""

    title: str
    eyebrow: str
    answer: str
    lead: str
    standing_in: str
    others: tuple[NavItem, ...]
    tabs: tuple[tuple[str, str, bool, str, str], ...]
    tab: str
    rows: tuple[WeekRow, ...]
    nobody: str
    pager: Pager
    bulk: bool
    at: str
    deputies: tuple[tuple[str, str], ...]
    may_name: bool
    people_url: str
    form: Form
    private: tuple[str, ...]


def week_page(
    db: Session,
    actor: Actor,
    place: OrganisationCard,
    *,
    need: Need | None,
    page: int = 1,
    others: Sequence[OrganisationCard] = (),
    form: Form | None = None,
) -> WeekPage:
    today = clock.today()
    counts = requirements.week_counts(db, place.path, today=today, without=actor.id)
    chosen = need or next((one for one in Need if counts.rows[one]), Need.ACTION)
    lines = requirements.week_lines(
        db, place.path, today=today, need=chosen, without=actor.id, limit=PAGE, offset=(page - 1) * PAGE
    )
    titles = subject_names(db, {line.subject for line in lines}, language())
    named = people.deputies_of(db, actor.id, today)
    name = place.name_in(language())
    standing_in = actor.deputising_at(place.path)
    return WeekPage(
        title=_("This week: %(place)s", place=name),
        eyebrow=_("%(place)s · data: %(moment)s", place=name, moment=moment(clock.now())),
        answer=_answer(counts),
        lead=_lead(counts),
        standing_in=_("You act here in the place of %(name)s.", name=", ".join(standing_in)) if standing_in else "",
        others=tuple(NavItem(one.name_in(language()), week_url(one.code)) for one in others if one.id != place.id),
        tabs=tuple(_tab(one, counts, chosen, place.code) for one in Need),
        tab=_tab_name(chosen),
        rows=tuple(_row(line, titles, place, today) for line in lines),
        nobody=_nobody(chosen),
        pager=_pager(place.code, chosen, page, counts.rows[chosen], len(lines)),
        bulk=chosen is Need.ACTION and bool(lines),
        at=place.code,
        deputies=tuple(deputy_words(one, today) for one in named),
        may_name=accounts.may_name_deputy(actor),
        people_url=parts.place_url(place.code),
        form=form or Form(),
        private=(
            *parts.private(reporting_access.view_of(actor, place))[1:],
            _("People who work elsewhere are not listed: your role ends where your organisation does."),
            _("You yourself are not on the list: another manager minds what is required of you."),
        ),
    )


def week_url(code: str, **more: object) -> str:
    said = {"at": code, **{name: value for name, value in more.items() if value not in ("", None)}}
    return f"{WEEK}?{urlencode(said)}"


def _answer(counts: WeekCounts) -> str:
    needing = counts.needing
    if not counts.people:
        return _("Nobody works here yet")
    if not needing:
        return ngettext(
            "Your %(num)s person does not need you this week", "None of your %(num)s people needs you", counts.people
        )
    return ngettext(
        "%(n)s of %(num)s person needs you this week",
        "%(n)s of %(num)s need you this week",
        counts.people,
        n=number(needing),
    )


def _lead(counts: WeekCounts) -> str:
    needing = counts.needing
    calm = counts.people - needing
    if not needing:
        return _("Nothing is overdue, expired or due within 14 days, and nobody asks for more time.")
    if not calm:
        return _("Those who have waited longest stand first.")
    return ngettext(
        "With %(num)s more everything is in order. Those who have waited longest stand first.",
        "With the other %(num)s everything is in order. Those who have waited longest stand first.",
        calm,
    )


def _tab_name(need: Need) -> str:
    match need:
        case Need.ACTION:
            return _("Needs action")
        case Need.TRACK:
            return _("On track")
        case Need.EXCUSED:
            return _("Excused")


def _nobody(need: Need) -> str:
    match need:
        case Need.ACTION:
            return _("Nothing waits for you.")
        case Need.TRACK:
            return _("Nobody has completed anything, or has a due date farther away.")
        case Need.EXCUSED:
            return _("Nobody is excused or on leave.")


def _tab(need: Need, counts: WeekCounts, chosen: Need, code: str) -> tuple[str, str, bool, str, str]:
    rows = counts.rows[need]
    kind = "overdue" if need is Need.ACTION and rows else ""
    return (_tab_name(need), week_url(code, tab=need.value), need is chosen, number(rows), kind)


def _pager(code: str, need: Need, page: int, total: int, here: int) -> Pager:
    first = (page - 1) * PAGE + 1
    last = first + here - 1

    def at(number: int) -> str:
        return week_url(code, tab=need.value, page=number if number > 1 else None)

    return Pager(
        first=first if here else 0,
        last=last if here else 0,
        total=total,
        previous_url=at(page - 1) if page > 1 else None,
        next_url=at(page + 1) if here and last < total else None,
    )


def _row(line: WeekLine, titles: dict[str, str], place: OrganisationCard, today: date) -> WeekRow:
    kind, state = week_state(line, today)
    action, icon, url = _action(line, place.code, today)
    unit = "" if line.organisation_id == place.id else line.organisation_name
    expired = line.expired_on
    return WeekRow(
        key=str(line.period_id),
        name=line.listed_name,
        url=f"/managing/people/{line.person_key}",
        sub=" · ".join(part for part in (line.job_title, unit) if part),
        what=titles.get(line.subject, line.subject),
        kind=kind,
        state=state,
        detail=_detail(line),
        due=_("expired %(day)s", day=iso_date(expired))
        if line.need is Need.ACTION and expired and expired < today
        else iso_date(line.due_on)
        if line.met_on is None
        else "–",
        active=iso_date(line.active_at) if line.active_at else "–",
        reminded=_reminded(line),
        action=action,
        action_icon=icon,
        action_url=url,
        told=line.reminded_at is not None,
    )


def week_state(line: WeekLine, today: date) -> tuple[str, str]:
    """How one row stands, as a kind and in words."""
    if line.need is Need.EXCUSED:
        return "off", _("On leave") if line.away and not line.excused_reason else _("Excused")
    if line.need is Need.TRACK:
        if line.met_on is not None:
            until = line.valid_until
            return "done", _("Valid until %(day)s", day=iso_date(until)) if until else _("Completed")
        return ("going", _("Started")) if line.started else ("off", _("Not started"))
    expired, days = line.expired_on, (line.due_on - today).days
    if expired is not None and expired < today:
        return "overdue", ngettext("expired %(num)s day ago", "expired %(num)s days ago", (today - expired).days)
    if days < 0:
        return "overdue", ngettext("%(num)s day overdue", "%(num)s days overdue", -days)
    if days == 0:
        return "soon", _("Due today")
    return "soon", ngettext("%(num)s day left", "%(num)s days left", days)


def _detail(line: WeekLine) -> str:
    if line.asked_until is not None:
        return _("Asks for time until %(day)s: “%(reason)s”", day=iso_date(line.asked_until), reason=line.asked_reason)
    if line.need is Need.EXCUSED:
        until = (
            _("until %(day)s", day=iso_date(line.excused_until)) if line.excused_until else _("until further notice")
        )
        return f"{line.excused_reason}, {until}" if line.excused_reason else until
    return ""


def _reminded(line: WeekLine) -> str:
    if line.reminded_at is not None:
        return iso_date(line.reminded_at)
    if line.need is not Need.ACTION:
        return "–"
    return _("not yet") if line.has_email else _("no e-mail")


def _action(line: WeekLine, code: str, today: date) -> tuple[str, str, str]:
    """The one thing to do: answer a question, else remind; whoever has been reminded today gets more time instead."""
    if line.need is Need.EXCUSED:
        return _("Change"), "pencil", f"/managing/people/{line.person_key}"
    if line.need is Need.TRACK:
        return "", "", ""
    act = f"{WEEK}/act?"
    said: dict[str, object] = {"at": code, "period": line.period_id}
    if line.asked_until is not None:
        day = line.asked_until
        said |= {"do": "extend", "until": day.isoformat()}
        return _("Extend to %(day)s", day=f"{day:%m-%d}"), "extend", act + urlencode(said)
    if line.reminded_at is not None and line.reminded_at >= midnight(today):
        return _("More time"), "extend", act + urlencode(said | {"do": "extend"})
    return _("Remind"), "bell", act + urlencode(said | {"do": "remind"})
