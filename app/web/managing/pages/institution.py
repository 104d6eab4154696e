"""One institution for those who see names: who needs action, who is on track, who is done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from app.kit import clock
from app.kit.actor import Actor
from app.kit.i18n import day_and_year, iso_date, language, ngettext, number
from app.kit.i18n import gettext as _
from app.learning.rules import RunState, Urgency, urgency
from app.organisations.queries import OrganisationCard
from app.reporting import access as reporting_access
from app.reporting import queries as reporting
from app.reporting.access import View
from app.reporting.queries import CourseName, RunRow
from app.reporting.rules import ALL, Shown, Status
from app.requirements import queries as requirements
from app.requirements.queries import Behind
from app.web.managing.forms import Filter
from app.web.managing.pages import parts
from app.web.managing.pages.parts import Frame, midnight
from app.web.managing.pages.tables import RankRow, by_place, row

PAGE = 25
WAITING = (Status.BEHIND, Status.OVERDUE, Status.DUE_SOON)
TABS = (Status.BEHIND, Status.ON_TRACK, Status.COMPLETED, Status.CHOSEN)


@dataclass(frozen=True, slots=True)
class RunView:
    """One person in one course. `remind_url` is empty where there is nothing to remind of."""

    name: str
    url: str
    job: str
    unit: str
    course: str
    kind: str
    state: str
    due: str
    completed: str
    active: str
    reminded: str
    told: bool
    remind_url: str


@dataclass(frozen=True, slots=True)
class Bulk:
    """What can be done for all who are behind: how many, when they were last reminded. `url` is empty where everybody
    has been reminded today."""

    people: str
    detail: str
    url: str


@dataclass(frozen=True, slots=True)
class Pager:
    first: int
    last: int
    total: int
    previous_url: str | None
    next_url: str | None


@dataclass(frozen=True, slots=True)
class InstitutionPage:
    """The people of one place."""

    frame: Frame
    title: str
    answer: str
    lead_strong: str
    lead: str
    tabs: tuple[tuple[str, str, bool, str, str], ...]
    tab: str
    finished: bool
    status: Status
    runs: tuple[RunView, ...]
    pager: Pager
    bulk: Bulk | None
    units: tuple[RankRow, ...]
    units_total: RankRow | None
    empty: bool
    may_act: bool
    assign_url: str
    nobody: str


def institution_page(db: Session, actor: Actor, view: View, chosen: Filter) -> InstitutionPage:
    today = clock.today()
    place = view.place
    above, children = reporting.around(db, place)
    above = reporting_access.visible_above(actor, above)
    figures = reporting.figures(db, place, children, today=today, wanted=chosen.wanted(None), names=True)
    courses = reporting.course_names(db, [one for one in figures.totals if one != ALL], language())
    course = parts.chosen_course(chosen, courses)
    which = course.id if course else ALL
    total = figures.totals[which]
    status = chosen.status or _first_tab(total)
    counts = _counts(total)
    found = reporting_access.runs_for(
        db,
        actor,
        place,
        today=today,
        status=status,
        wanted=chosen.wanted(course.id if course else None),
        limit=PAGE,
        offset=(chosen.page - 1) * PAGE,
    )
    behind = requirements.behind(db, place.path, today=today, course_id=course.id if course else None)
    others = parts.other_places(db, actor)
    url = parts.place_url(place.code)
    names = {card.id: card for card in children}
    single = parts.subject(course, courses, figures)
    return InstitutionPage(
        frame=_with_summary(parts.frame(actor, view, above, others, chosen, courses), total),
        title=place.name_in(language()),
        answer=_answer(total, single),
        lead_strong=_lead_strong(behind),
        lead=_lead(total, single, found, status),
        tabs=tuple(_tab(one, counts[one], status, chosen, url) for one in TABS),
        tab=_tab_name(status),
        finished=status in (Status.COMPLETED, Status.CHOSEN),
        status=status,
        runs=tuple(_views(found, courses, behind, place, today, view.may_act)),
        pager=_pager(chosen, url, counts[status], len(found)),
        bulk=_bulk(behind, place, chosen, view) if status in WAITING else None,
        units=_units(by_place(actor, place, names, figures, which, replace(chosen, status=None))) if children else (),
        units_total=row(_("All together"), "", figures.totals[which]) if children else None,
        empty=figures.totals[ALL].empty,
        may_act=view.may_act,
        assign_url=f"/managing/assignments/new?organisation={place.code}",
        nobody=_tab_empty(status),
    )


def _units(rows: Sequence[RankRow]) -> tuple[RankRow, ...]:
    return tuple(row for row in rows if not row.shown.empty)


def _int(figure: object) -> int:
    return figure if isinstance(figure, int) else 0


def _counts(total: Shown) -> dict[Status, int]:
    return {
        Status.BEHIND: _int(total.behind),
        Status.OVERDUE: _int(total.overdue),
        Status.DUE_SOON: _int(total.soon),
        Status.ON_TRACK: _int(total.later),
        Status.COMPLETED: _int(total.completed),
        Status.CHOSEN: _int(total.chosen),
    }


def _first_tab(total: Shown) -> Status:
    """The first list that has anybody on it."""
    counts = _counts(total)
    return next((status for status in TABS if counts[status]), Status.BEHIND)


def _tab_name(status: Status) -> str:
    match status:
        case Status.BEHIND:
            return _("Needs action")
        case Status.OVERDUE:
            return _("Overdue")
        case Status.DUE_SOON:
            return _("Due within 14 days")
        case Status.ON_TRACK:
            return _("On track")
        case Status.COMPLETED:
            return _("Completed")
        case Status.CHOSEN:
            return _("By their own choice")


def _tab_empty(status: Status) -> str:
    match status:
        case Status.BEHIND | Status.OVERDUE | Status.DUE_SOON:
            return _("Nobody is overdue or due within 14 days.")
        case Status.ON_TRACK:
            return _("Nobody has a due date farther away.")
        case Status.COMPLETED:
            return _("Nobody has completed an assigned course yet.")
        case Status.CHOSEN:
            return _("Nobody has chosen a course by themselves yet.")


def _tab(status: Status, count: int, now: Status, chosen: Filter, url: str) -> tuple[str, str, bool, str, str]:
    current = now is status or (status is Status.BEHIND and now in (Status.OVERDUE, Status.DUE_SOON))
    kind = "overdue" if status is Status.BEHIND and count else ""
    return (_tab_name(status), chosen.at(url, status=status), current, number(count), kind)


def _answer(total: Shown, single: CourseName | None) -> str:
    late, soon, all_of = _int(total.overdue), _int(total.soon), _int(total.assigned)
    if total.empty:
        return _("Nobody has been assigned a course yet")
    if late and single:
        return _(
            "%(n)s of %(all)s are overdue with “%(title)s”", n=number(late), all=number(all_of), title=single.title
        )
    if late:
        return _("%(n)s of %(all)s assignments are overdue", n=number(late), all=number(all_of))
    if soon and single:
        return _(
            "%(n)s of %(all)s have at most 14 days left for “%(title)s”",
            n=number(soon),
            all=number(all_of),
            title=single.title,
        )
    if soon:
        return _("%(n)s of %(all)s assignments are due within 14 days", n=number(soon), all=number(all_of))
    return _("Nobody is overdue")


def _lead_strong(behind: Sequence[Behind]) -> str:
    mute = len({one.person_id for one in behind if not one.has_email})
    if mute:
        return ngettext("%(num)s person has no e-mail.", "%(num)s people have no e-mail.", mute)
    return ""


def _lead(total: Shown, single: CourseName | None, found: Sequence[RunRow], status: Status) -> str:
    dates = {one.due_on for one in found}
    if single and status is Status.BEHIND and len(dates) == 1 and (due := dates.pop()):
        if _int(total.overdue):
            return _("The due date was %(day)s.", day=day_and_year(due))
        return _("The due date is %(day)s.", day=day_and_year(due))
    if total.empty:
        return _("As soon as a course is assigned or somebody chooses one, figures appear here.")
    return _("Those who have waited longest stand first.") if status in WAITING else ""


def _with_summary(frame: Frame, total: Shown) -> Frame:
    """The moment of the data, and how much of all there is completed by then."""
    if total.empty:
        return frame
    said = _(
        "%(n)s of %(all)s completed (%(share)s)",
        n=parts.text(total.done),
        all=parts.text(total.base),
        share=parts.share(total.rate, total.base),
    )
    return replace(frame, asof=f"{frame.asof} · {said}")


def state_of(run: RunRow, today: date) -> tuple[str, str]:
    """The state of a run as a kind and in words."""
    if run.state is RunState.COMPLETED:
        return "done", _("Completed")
    if run.state in (RunState.EXEMPT, RunState.PAUSED):
        return "off", _("Excused") if run.state is RunState.EXEMPT else _("On leave")
    going = _("Started") if run.state is RunState.STARTED else _("Not started")
    match urgency(run.state, run.due_on, today):
        case Urgency.OVERDUE:
            days = (today - run.due_on).days if run.due_on else 0
            return "overdue", ngettext("%(num)s day overdue", "%(num)s days overdue", days)
        case Urgency.DUE_SOON:
            days = (run.due_on - today).days if run.due_on else 0
            if days == 0:
                return "soon", _("Due today")
            return "soon", ngettext("%(num)s day left", "%(num)s days left", days)
    return ("going" if run.state is RunState.STARTED else "off"), going


def _views(
    found: Sequence[RunRow],
    courses: Sequence[CourseName],
    behind: Sequence[Behind],
    place: OrganisationCard,
    today: date,
    may_act: bool,
) -> list[RunView]:
    titles: Mapping[int, str] = {course.id: course.title for course in courses}
    reminded = {one.enrolment_id: one.reminded_at for one in behind}
    out = []
    for run in found:
        kind, said = state_of(run, today)
        at = reminded.get(run.enrolment_id)
        waits = run.enrolment_id in reminded
        again = waits and (at is None or at < midnight(today))  # nobody is reminded twice on one day
        out.append(
            RunView(
                name=run.listed_name,
                url=f"/managing/people/{run.person_key}",
                job=run.job_title,
                unit="" if run.organisation_id == place.id else run.organisation_name,
                course=titles.get(run.course_id, run.course_slug),
                kind=kind,
                state=said,
                due=iso_date(run.due_on) if run.due_on else "–",
                completed=iso_date(run.completed_at) if run.completed_at else "–",
                active=iso_date(run.active_at) if run.active_at else "–",
                reminded=_reminded(run, at, waits),
                told=at is not None,
                remind_url=f"{parts.place_url(place.code)}/remind?person={run.person_key}" if again and may_act else "",
            )
        )
    return out


def _reminded(run: RunRow, at: datetime | None, waits: bool) -> str:
    if not waits:
        return "–"
    if at is not None:
        return iso_date(at)
    return _("not yet") if run.has_email else _("no e-mail")


def _pager(chosen: Filter, url: str, total: int, here: int) -> Pager:
    first = (chosen.page - 1) * PAGE + 1
    last = first + here - 1
    return Pager(
        first=first if here else 0,
        last=last if here else 0,
        total=total,
        previous_url=chosen.at(url, page=chosen.page - 1) if chosen.page > 1 else None,
        next_url=chosen.at(url, page=chosen.page + 1) if last < total and here else None,
    )


def _bulk(behind: Sequence[Behind], place: OrganisationCard, chosen: Filter, view: View) -> Bulk | None:
    people = {one.person_id for one in behind}
    if not people or not view.may_act:
        return None
    last = max((one.reminded_at for one in behind if one.reminded_at), default=None)
    since = midnight(clock.today())
    fresh = any(one.reminded_at is None or one.reminded_at < since for one in behind)
    detail = (
        _("Last reminded %(day)s.", day=iso_date(last))
        if last
        else _("Nobody has been reminded by hand or by date yet.")
    )
    address = Filter(course=chosen.course).at(f"{parts.place_url(place.code)}/remind")
    return Bulk(
        people=ngettext("%(num)s person is behind.", "%(num)s people are behind.", len(people)),
        detail=detail,
        url=address if fresh else "",
    )
