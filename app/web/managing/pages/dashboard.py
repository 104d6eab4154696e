"""A municipality, a country, or any place for a reader of numbers: the answer first, then who waits, then the tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.kit import clock
from app.kit.actor import Actor
from app.kit.i18n import gettext as _
from app.kit.i18n import iso_date, language, ngettext, number
from app.organisations.queries import OrganisationCard
from app.organisations.rules import Kind as PlaceKind
from app.reporting import access as reporting_access
from app.reporting import queries as reporting
from app.reporting.access import View
from app.reporting.queries import HERE, CourseName
from app.reporting.rules import ALL, Figure, Figures, Hidden, Order, Shown, Status
from app.requirements import queries as requirements
from app.requirements.queries import Waiting
from app.web.managing.forms import Filter
from app.web.managing.pages import parts, tables
from app.web.managing.pages.parts import FigureView, Frame, midnight
from app.web.managing.pages.tables import Heat, RankRow
from app.web.managing.pages.trend import Trend, trend
from app.web.site import NavItem

LISTED = 8  # places on the list of those who wait
REMINDED_AT_ONCE = 2000  # runs behind; where there are more, one goes there and looks first


@dataclass(frozen=True, slots=True)
class WorkItem:
    """A place that waits for somebody: what is late there, when it was reminded, and the way to remind it. `fresh`:
    nobody there has been reminded today."""

    name: str
    url: str
    kind: str
    text: str
    detail: str
    remind_url: str
    remind: str
    fresh: bool = True


@dataclass(frozen=True, slots=True)
class Sorting:
    """A column head that sorts; `direction` is empty where it does not sort now."""

    label: str
    url: str
    direction: str


@dataclass(frozen=True, slots=True)
class DashboardPage:
    """The figures of one place."""

    frame: Frame
    title: str
    answer: str
    lead_strong: str
    lead: str
    figures: tuple[FigureView, ...]
    work: tuple[WorkItem, ...]
    work_more: str
    trend: Trend | None
    heat: Heat | None
    rank_title: str
    rank_first: str
    rank: tuple[RankRow, ...]
    rank_total: RankRow
    idle_title: str
    idle: tuple[NavItem, ...]
    sorts: Mapping[str, Sorting] | None
    statuses: tuple[tuple[str, str], ...]
    empty: bool
    may_act: bool
    assign_url: str


def dashboard_page(db: Session, actor: Actor, view: View, chosen: Filter) -> DashboardPage:
    today = clock.today()
    place = view.place
    if not view.names:
        chosen = chosen.without_names()
    above, children = reporting.around(db, place)
    above = reporting_access.visible_above(actor, above)
    figures = reporting.figures(
        db, place, children, today=today, wanted=chosen.wanted(None), names=view.names, above=above
    )
    courses = reporting.course_names(db, [one for one in figures.totals if one != ALL], language())
    course = parts.chosen_course(chosen, courses)
    which = course.id if course else ALL
    single = parts.subject(course, courses, figures)
    total = figures.totals[which]
    names = {card.id: card for card in children}
    others = parts.other_places(db, actor)
    by_course = not children
    late = [] if by_course else _latest(actor, place, names, figures, which)
    near = [key for key, row in late if view.names and isinstance(row.behind, int) and row.behind <= REMINDED_AT_ONCE]
    waiting: Mapping[int, Waiting] = {}
    if near:
        cards, single_id = [names[key] for key in near if key in names], course.id if course else None
        here = HERE in near
        waiting = requirements.waiting_at(db, place, cards, here=here, today=today, course_id=single_id)
    rank = (
        tables.by_course(courses, figures, place)
        if by_course
        else tables.by_place(actor, place, names, figures, which, chosen)
    )
    idle = tuple(NavItem(row.name, row.url) for row in rank if row.shown.empty)
    return DashboardPage(
        frame=parts.frame(actor, view, above, others, chosen, courses),
        title=_("Dashboard: %(place)s", place=place.name_in(language())),
        answer=_answer(view, figures, which, children, single),
        lead_strong=_lead_strong(total, single),
        lead=_lead(total, single),
        figures=tuple(_figures(view, figures, which, children, people=single is not None)),
        work=tuple(_work_item(actor, view, names, key, row, waiting.get(key), chosen) for key, row in late),
        work_more=_work_more(figures, which, by_course),
        trend=trend(db, view, total, chosen, course, single, today),
        heat=tables.heat(actor, place, names, figures, courses, chosen) if not by_course and len(courses) > 1 else None,
        rank_title=_rank_title(course, by_course),
        rank_first=_("Course") if by_course else _("Place"),
        rank=tuple(row for row in rank if not row.shown.empty),
        rank_total=tables.row(_("All together"), "", figures.totals[ALL if by_course else which]),
        idle_title=ngettext("%(num)s organisation without courses", "%(num)s organisations without courses", len(idle)),
        idle=idle,
        sorts=None if by_course else _sorts(chosen, parts.place_url(place.code)),
        statuses=_statuses() if view.names and not by_course else (),
        empty=figures.totals[ALL].empty,
        may_act=view.may_act,
        assign_url=f"/managing/assignments/new?organisation={place.code}",
    )


def _concerned(figures: Figures, which: int, keys: Sequence[int]) -> list[Shown]:
    return [row for key in keys if not (row := figures.row(key, which)).empty]


def _answer(
    view: View, figures: Figures, which: int, children: Sequence[OrganisationCard], single: CourseName | None
) -> str:
    total = figures.totals[which]
    if total.empty:
        return _("Nobody has been assigned a course yet")
    concerned = _concerned(figures, which, [card.id for card in children])
    if concerned:
        waiting = sum(row.needs_attention for row in concerned)
        return _places_answer(view, waiting, len(concerned))
    if total.assigned == 0:
        return _(
            "%(n)s of %(all)s have completed what they chose", n=parts.text(total.done), all=parts.text(total.base)
        )
    return _("%(n)s of %(all)s have completed what is required", n=parts.text(total.done), all=parts.text(total.base))


def _places_answer(view: View, n: int, num: int) -> str:
    kind = view.place.kind
    if kind is PlaceKind.COUNTRY:
        if n == 0:
            return ngettext(
                "Not one of %(num)s municipality needs you now", "Not one of %(num)s municipalities needs you now", num
            )
        return ngettext(
            "%(n)s of %(num)s municipality needs you", "%(n)s of %(num)s municipalities need you", num, n=number(n)
        )
    if kind in (PlaceKind.MUNICIPALITY, PlaceKind.PARTNER):
        if n == 0:
            return ngettext(
                "Not one of %(num)s institution needs you now", "Not one of %(num)s institutions needs you now", num
            )
        return ngettext(
            "%(n)s of %(num)s institution needs you", "%(n)s of %(num)s institutions need you", num, n=number(n)
        )
    if n == 0:
        return ngettext("Not one of %(num)s unit needs you now", "Not one of %(num)s units needs you now", num)
    return ngettext("%(n)s of %(num)s unit needs you", "%(n)s of %(num)s units need you", num, n=number(n))


def _lead_strong(total: Shown, single: CourseName | None) -> str:
    late, soon = total.overdue, total.soon
    if isinstance(late, Hidden) or isinstance(soon, Hidden):
        return ""
    if late:
        if single:
            return ngettext("%(num)s person is overdue", "%(num)s people are overdue", late)
        return ngettext("%(num)s assignment is overdue", "%(num)s assignments are overdue", late)
    if soon:
        if single:
            return ngettext("%(num)s person has at most 14 days left", "%(num)s people have at most 14 days left", soon)
        return ngettext("%(num)s assignment is due within 14 days", "%(num)s assignments are due within 14 days", soon)
    return ""


def _lead(total: Shown, single: CourseName | None) -> str:
    if total.empty:
        return _("As soon as a course is assigned or somebody chooses one, figures appear here.")
    if single:
        return _("The course is “%(title)s”.", title=single.title)
    return _("Every assigned course is counted; a filter narrows the figures to one.")


def _figures(
    view: View, figures: Figures, which: int, children: Sequence[OrganisationCard], *, people: bool
) -> list[FigureView]:
    total = figures.totals[which]
    found = [] if total.empty else parts.figures_of(total, people=people)
    concerned = _concerned(figures, which, [card.id for card in children])
    if view.names and concerned and total.assigned != 0:
        calm = sum(row.overdue == 0 for row in concerned)
        found.append(
            FigureView(
                _("Without anybody overdue"),
                number(calm),
                _("of %(n)s", n=number(len(concerned))),
                parts.how_many_places(view.place.kind, len(concerned)),
                "",
                "house",
            )
        )
    if total.started is not None and total.started and len(found) < 4:
        found.append(
            FigureView(_("In progress"), number(total.started), "", _("Started and not completed"), "going", "half")
        )
    return found


def _latest(
    actor: Actor, place: OrganisationCard, names: Mapping[int, OrganisationCard], figures: Figures, which: int
) -> list[tuple[int, Shown]]:
    """The places that wait for somebody, the most overdue first, as many as the list has room for."""
    rows = [(key, figures.row(key, which)) for key in figures.keys]
    late = [(key, row) for key, row in rows if row.needs_attention]
    order = parts.in_order([(tables.name_of(actor, place, names, key)[1], row) for key, row in late], Order.OVERDUE)
    return [late[at] for at in order[:LISTED]]


def _work_item(
    actor: Actor,
    view: View,
    names: Mapping[int, OrganisationCard],
    key: int,
    row: Shown,
    waiting: Waiting | None,
    chosen: Filter,
) -> WorkItem:
    name, _sort, url = tables.name_of(actor, view.place, names, key)
    overdue = row.overdue != 0
    figure = row.overdue if overdue else row.soon
    said = _late(overdue, figure, row)
    detail = []
    if overdue and row.soon != 0:
        detail.append(_("%(n)s more due within 14 days", n=parts.text(row.soon)))
    remind_url, remind, fresh = "", "", True
    if waiting is not None and view.may_act:
        reminded = waiting.reminded_at
        fresh = reminded is None or reminded < midnight(clock.today())
        detail.append(_("Reminded %(day)s", day=iso_date(reminded)) if reminded else _("Not reminded yet"))
        if waiting.without_email:
            detail.append(_("%(n)s without e-mail", n=number(waiting.without_email)))
        remind_url = chosen.at(f"{url}/remind", status=None, page=1, columns=1, sort=Order.RATE)
        remind = _("Remind %(n)s", n=number(waiting.people)) if fresh else _("Review the reminder")
    return WorkItem(
        name,
        chosen.at(url, columns=1, status=None),
        "overdue" if overdue else "soon",
        said,
        " · ".join(detail),
        remind_url,
        remind,
        fresh,
    )


def _late(overdue: bool, figure: Figure, row: Shown) -> str:
    if figure is Hidden.WITHHELD:
        return _("Somebody is overdue; the number is hidden") if overdue else _("Somebody is due within 14 days")
    n, all_of = parts.text(figure), parts.text(row.assigned)
    if overdue:
        return _("%(n)s of %(all)s overdue", n=n, all=all_of)
    return _("%(n)s of %(all)s due within 14 days", n=n, all=all_of)


def _work_more(figures: Figures, which: int, by_course: bool) -> str:
    late = sum(row.needs_attention for row in figures.rows[which])
    if by_course or late <= LISTED:
        return ""
    return ngettext("%(num)s more in the table below", "%(num)s more in the table below", late - LISTED)


def _rank_title(course: CourseName | None, by_course: bool) -> str:
    if by_course:
        return _("Courses")
    return _("Places by course: %(title)s", title=course.title) if course else _("Places, all courses together")


def _sorts(chosen: Filter, url: str) -> dict[str, Sorting]:
    heads = {
        Order.NAME: _("Place"),
        Order.RATE: _("Share"),
        Order.OVERDUE: _("Overdue"),
        Order.SIZE: _("Assigned"),
    }
    down = {Order.OVERDUE: "descending", Order.SIZE: "descending"}
    return {
        order.value: Sorting(
            label, chosen.at(url, sort=order), down.get(order, "ascending") if chosen.sort is order else ""
        )
        for order, label in heads.items()
    }


def _statuses() -> tuple[tuple[str, str], ...]:
    """Places that have anybody of this status."""
    words = {
        Status.BEHIND: _("Needs action"),
        Status.OVERDUE: _("Overdue"),
        Status.DUE_SOON: _("Due within 14 days"),
        Status.ON_TRACK: _("On track"),
        Status.COMPLETED: _("Completed"),
        Status.CHOSEN: _("By their own choice"),
    }
    return tuple((status.value, word) for status, word in words.items())
