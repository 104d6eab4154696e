"""What several pages of figures share: numbers in words, filters, the way up, and the line on what is not seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy.orm import Session

from app.accounts.rules import SEES_NUMBERS
from app.kit import clock
from app.kit.actor import Actor
from app.kit.i18n import gettext as _
from app.kit.i18n import iso_date, language, moment, ngettext, number, percent
from app.organisations.queries import OrganisationCard
from app.organisations.rules import Kind as PlaceKind
from app.reporting import access as reporting_access
from app.reporting.access import View
from app.reporting.queries import CourseName
from app.reporting.rules import Figure, Figures, Hidden, Kind, Order, Shown, Status
from app.web.forms import Form
from app.web.managing.forms import Filter
from app.web.site import NavItem


def place_url(code: str) -> str:
    return f"/managing/organisations/{code}"


def midnight(today: date) -> datetime:
    """When the people's day began: who has been reminded since then is not reminded again."""
    return datetime.combine(today, time(), clock.LOCAL)


def text(figure: Figure) -> str:
    """A number as the language writes it, or why it is not shown."""
    if figure is Hidden.SMALL:
        return _("<5")
    return _("hidden") if isinstance(figure, Hidden) else number(figure)


def share(rate: float | None, base: Figure) -> str:
    """A rate in per cent; a dash where there is nobody, a word where the parts are hidden."""
    if rate is not None:
        return percent(rate)
    return "–" if base == 0 else _("hidden")


def of(figure: Figure) -> str:
    """The denominator beside a number."""
    return _("of %(n)s", n=text(figure))


@dataclass(frozen=True, slots=True)
class FigureView:
    """One big number: term, value, denominator, meaning."""

    term: str
    value: str
    of: str
    note: str
    kind: str
    icon: str


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around the figures of one place."""

    name: str
    url: str
    crumbs: tuple[NavItem, ...]
    others: tuple[NavItem, ...]
    asof: str
    names: bool
    form: Form
    courses: tuple[tuple[str, str], ...]
    kinds: tuple[tuple[str, str], ...]
    chips: tuple[tuple[str, str], ...]
    clear_url: str
    sort: str
    xlsx_url: str
    csv_url: str
    everybody_url: str
    private: tuple[str, ...]
    week_url: str
    analysis_url: str
    save_url: str


def frame(
    actor: Actor,
    view: View,
    above: Sequence[OrganisationCard],
    others: Sequence[OrganisationCard],
    chosen: Filter,
    courses: Sequence[CourseName],
    *,
    now: datetime | None = None,
) -> Frame:
    place, url = view.place, place_url(view.place.code)
    return Frame(
        name=place.name_in(language()),
        url=url,
        crumbs=crumbs(actor, above),
        others=tuple(NavItem(card.name_in(language()), place_url(card.code)) for card in others if card.id != place.id),
        asof=_("Data: %(moment)s", moment=moment(now or clock.now())),
        names=view.names,
        form=chosen.form,
        courses=tuple((course.slug, course.title) for course in courses),
        kinds=((Kind.REQUIRED.value, _("Required")), (Kind.CHOSEN.value, _("By their own choice"))),
        chips=chips(chosen, url, courses),
        clear_url=url,
        sort=chosen.sort.value,
        xlsx_url=chosen.at(f"{url}/export.xlsx", page=1),
        csv_url=chosen.at(f"{url}/export.csv", page=1),
        everybody_url=f"{url}/everybody" if view.names else "",
        private=private(view),
        save_url=_save_url(chosen, place.code),
        week_url=f"/managing/week?at={place.code}" if view.may_act else "",
        analysis_url=Filter(course=chosen.course).at(f"{url}/analysis")
        if view.names or place.path in actor.paths(*SEES_NUMBERS)
        else "",
    )


def _save_url(chosen: Filter, code: str) -> str:
    """Where this page's filters are kept under a name."""
    at = chosen.at("/managing/views/new", page=1)
    return f"{at}{'&' if '?' in at else '?'}at={code}"


def other_places(db: Session, actor: Actor) -> tuple[OrganisationCard, ...]:
    """The highest places of somebody who has several; nothing to look up for everybody else."""
    return reporting_access.places_of(db, actor) if len(actor.paths(*SEES_NUMBERS)) > 1 else ()


def crumbs(actor: Actor, above: Sequence[OrganisationCard]) -> tuple[NavItem, ...]:
    """The way up, as far as this reader sees figures."""
    return tuple(NavItem(card.name_in(language()), place_url(card.code)) for card in above)


def chips(chosen: Filter, url: str, courses: Sequence[CourseName]) -> tuple[tuple[str, str], ...]:
    """The filters in force, each with the address without it."""
    found: list[tuple[str, str]] = []
    title = next((course.title for course in courses if course.slug == chosen.course), "")
    if title:
        found.append((_("Course: %(title)s", title=title), chosen.at(url, course="")))
    if chosen.kind is not None:
        word = _("required") if chosen.kind is Kind.REQUIRED else _("by their own choice")
        found.append((_("Kind: %(kind)s", kind=word), chosen.at(url, kind=None)))
    if chosen.due_from is not None:
        found.append((_("Due from %(day)s", day=iso_date(chosen.due_from)), chosen.at(url, due_from=None)))
    if chosen.due_to is not None:
        found.append((_("Due by %(day)s", day=iso_date(chosen.due_to)), chosen.at(url, due_to=None)))
    if chosen.status is not None:
        found.append((_("Status: %(status)s", status=status_name(chosen.status)), chosen.at(url, status=None)))
    return tuple(found)


def status_name(status: Status) -> str:
    match status:
        case Status.BEHIND:
            return _("needs action")
        case Status.OVERDUE:
            return _("overdue")
        case Status.DUE_SOON:
            return _("due within 14 days")
        case Status.ON_TRACK:
            return _("on track")
        case Status.COMPLETED:
            return _("completed")
        case Status.CHOSEN:
            return _("by their own choice")


def private(view: View) -> tuple[str, ...]:
    """What is seen here and what is not, in sentences."""
    rate = _("Share = completed ÷ assigned; where nothing is assigned, completed ÷ enrolled.")
    if view.names:
        return (
            rate,
            _("You see status, due date and completion date: what the duty needs."),
            _("No manager sees answers, the number of attempts, scores or the hours of signing in."),
        )
    return (
        rate,
        _("You see numbers without names."),
        _("Groups under five are shown as “<5”; “hidden” is a number from which such a group could be computed."),
    )


def chosen_course(chosen: Filter, courses: Sequence[CourseName]) -> CourseName | None:
    return next((course for course in courses if course.slug == chosen.course), None)


def subject(course: CourseName | None, courses: Sequence[CourseName], figures: Figures) -> CourseName | None:
    """The one course the figures speak of: the one chosen, or the only one that is required of anybody."""
    if course is not None:
        return course
    required = [one for one in courses if figures.totals[one.id].assigned != 0]
    return required[0] if len(required) == 1 and len(courses) == 1 else None


def how_many_places(kind: PlaceKind, num: int) -> str:
    """“17 institutions”, by what stands below a place of this kind."""
    if kind is PlaceKind.COUNTRY:
        return ngettext("%(num)s municipality", "%(num)s municipalities", num)
    if kind in (PlaceKind.MUNICIPALITY, PlaceKind.PARTNER):
        return ngettext("%(num)s institution", "%(num)s institutions", num)
    return ngettext("%(num)s unit", "%(num)s units", num)


def figures_of(shown: Shown, *, people: bool) -> list[FigureView]:
    """Completed, overdue and due soon, each with its denominator. `people`: one course, so a run is a person."""
    if shown.assigned == 0:
        note = _("%(share)s of those enrolled", share=share(shown.rate, shown.base))
        return [FigureView(_("Completed"), text(shown.chosen_completed), of(shown.chosen), note, "done", "done")]
    all_of = of(shown.assigned)
    said = share(shown.rate, shown.base)
    done = _("%(share)s of those who must", share=said) if people else _("%(share)s of all assignments", share=said)
    return [
        FigureView(_("Completed"), text(shown.completed), all_of, done, "done", "done"),
        FigureView(
            _("Overdue"),
            text(shown.overdue),
            all_of,
            _("The due date has passed"),
            "overdue" if shown.overdue != 0 else "",
            "alert",
        ),
        FigureView(
            _("Due within 14 days"),
            text(shown.soon),
            all_of,
            _("Not completed yet"),
            "soon" if shown.soon else "",
            "clock",
        ),
    ]


def in_order(figures: Sequence[tuple[str, Shown]], order: Order) -> list[int]:
    """The places of rows (sort key of the name, figures) in the order asked for; what is hidden stands last, by name.

    Ordering goes by what is shown, so that it says nothing more.
    """

    def size(figure: Figure) -> int:
        return -1 if isinstance(figure, Hidden) else figure

    def key(at: int) -> tuple[object, ...]:
        name, shown = figures[at]
        match order:
            case Order.NAME:
                return (name,)
            case Order.SIZE:
                return (shown.empty, -size(shown.base), name)
            case Order.OVERDUE:
                return (shown.empty, -size(shown.overdue), -size(shown.soon), name)
            case Order.RATE:
                return (shown.empty, shown.rate is None, shown.rate or 0.0, -size(shown.overdue), name)

    return sorted(range(len(figures)), key=key)
