"""The tables of a dashboard: places in order, and places × courses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from app.kit.actor import Actor
from app.kit.i18n import gettext as _
from app.kit.i18n import language, number, percent, sort_key
from app.organisations.queries import OrganisationCard
from app.reporting.queries import HERE, CourseName
from app.reporting.rules import Figures, Hidden, Order, Shown, Status, step
from app.web.managing.forms import Filter
from app.web.managing.pages import parts

COLUMNS = 8  # courses side by side
SHADES = ((0, 24), (25, 49), (50, 74), (75, 94), (95, 100))  # per cent, from and to


@dataclass(frozen=True, slots=True)
class HeatCell:
    """`shade` q1 to q5, or none where nobody is concerned; `late` is how many are overdue, in digits."""

    shade: str
    text: str
    late: str
    title: str


@dataclass(frozen=True, slots=True)
class HeatRow:
    name: str
    url: str
    cells: tuple[HeatCell, ...]


@dataclass(frozen=True, slots=True)
class Heat:
    """Places × courses. `totals` are share and numbers beneath each course."""

    columns: tuple[tuple[str, str], ...]
    rows: tuple[HeatRow, ...]
    totals: tuple[tuple[str, str], ...]
    shown: str
    previous_url: str
    next_url: str
    shades: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class RankRow:
    """One place (or, where nothing stands below, one course) with its figures in words, and as they are for export."""

    name: str
    url: str
    completed: str
    assigned: str
    bar: tuple[tuple[str, float], ...]
    share: str
    overdue: str
    late: bool
    soon: str
    started: str
    chosen: str
    shown: Shown


def name_of(
    actor: Actor, place: OrganisationCard, names: Mapping[int, OrganisationCard], key: int
) -> tuple[str, str, str]:
    """A row's name, how it sorts, and its address."""
    if key == HERE:
        own = _("%(place)s: its own staff", place=place.name_in(language()))
        return own, sort_key(own), parts.place_url(place.code)
    card = names[key]
    return card.name_in(language()), sort_key(card.name_in(language())), parts.place_url(card.code)


def row(name: str, url: str, shown: Shown) -> RankRow:
    required = shown.assigned != 0
    bar: tuple[tuple[str, float], ...] = ()
    if isinstance(shown.base, int) and shown.base:
        segments = (("done", shown.done), ("soon", shown.soon), ("overdue", shown.overdue))
        bar = tuple((kind, 100 * n / shown.base) for kind, n in segments if isinstance(n, int) and n)
    return RankRow(
        name=name,
        url=url,
        completed=parts.text(shown.done),
        assigned=parts.text(shown.assigned) if required else "–",
        bar=bar,
        share=parts.share(shown.rate, shown.base),
        overdue=parts.text(shown.overdue),
        late=shown.overdue != 0,
        soon=parts.text(shown.soon),
        started="" if shown.started is None else number(shown.started),
        chosen=parts.text(shown.chosen),
        shown=shown,
    )


def by_place(
    actor: Actor,
    place: OrganisationCard,
    names: Mapping[int, OrganisationCard],
    figures: Figures,
    which: int,
    chosen: Filter,
) -> tuple[RankRow, ...]:
    found = [(*name_of(actor, place, names, key), figures.row(key, which)) for key in figures.keys]
    if chosen.status is not None:
        found = [one for one in found if _has(one[3], chosen.status)]
    order = parts.in_order([(sort, shown) for _n, sort, _u, shown in found], chosen.sort)
    kept = replace(chosen, status=None, page=1)
    return tuple(row(found[at][0], kept.at(found[at][2], columns=1), found[at][3]) for at in order)


def _has(shown: Shown, status: Status) -> bool:
    match status:
        case Status.BEHIND:
            return shown.behind != 0
        case Status.OVERDUE:
            return shown.overdue != 0
        case Status.DUE_SOON:
            return shown.soon != 0
        case Status.ON_TRACK:
            return shown.later != 0
        case Status.COMPLETED:
            return shown.completed != 0
        case Status.CHOSEN:
            return shown.chosen != 0


def by_course(courses: Sequence[CourseName], figures: Figures, place: OrganisationCard) -> tuple[RankRow, ...]:
    url = parts.place_url(place.code)
    rows = [row(one.title, Filter(course=one.slug).at(url), figures.totals[one.id]) for one in courses]
    return tuple(rows)


def heat(
    actor: Actor,
    place: OrganisationCard,
    names: Mapping[int, OrganisationCard],
    figures: Figures,
    courses: Sequence[CourseName],
    chosen: Filter,
) -> Heat:
    def size(course: CourseName) -> int:
        figure = figures.totals[course.id].assigned
        return figure if isinstance(figure, int) else 0

    widest = sorted(courses, key=lambda one: -size(one))
    last = max(1, -(-len(widest) // COLUMNS))
    page = min(chosen.columns, last)
    some = widest[(page - 1) * COLUMNS : page * COLUMNS]
    url = parts.place_url(place.code)
    keys = [key for key in figures.keys if not figures.row(key).empty]
    order = parts.in_order([(name_of(actor, place, names, key)[1], figures.row(key)) for key in keys], Order.RATE)
    rows = []
    for at in order:
        name, _sort, link = name_of(actor, place, names, keys[at])
        cells = tuple(_cell(figures.row(keys[at], one.id), one.title) for one in some)
        rows.append(HeatRow(name, link, cells))
    totals = []
    for one in some:
        whole = figures.totals[one.id]
        totals.append(
            (
                parts.share(whole.rate, whole.base),
                _("%(n)s of %(all)s", n=parts.text(whole.done), all=parts.text(whole.base)),
            )
        )
    first = (page - 1) * COLUMNS + 1
    return Heat(
        columns=tuple((one.title, chosen.at(url, course=one.slug, columns=1)) for one in some),
        rows=tuple(rows),
        totals=tuple(totals),
        shown=_("Courses %(first)s–%(last)s of %(total)s", first=first, last=first + len(some) - 1, total=len(widest))
        if last > 1
        else "",
        previous_url=chosen.at(url, columns=page - 1) + "#heat" if page > 1 else "",
        next_url=chosen.at(url, columns=page + 1) + "#heat" if page < last else "",
        shades=shades(),
    )


def shades() -> tuple[tuple[int, str], ...]:
    """What each shade of a heat map stands for."""
    return tuple((n, f"{low}–{percent(high / 100, 0)}") for n, (low, high) in enumerate(SHADES, 1))


def _cell(shown: Shown, title: str) -> HeatCell:
    if shown.base == 0:
        return HeatCell("none", "–", "", title)
    if shown.rate is None:
        return HeatCell("none", parts.text(shown.base if shown.base is Hidden.SMALL else Hidden.WITHHELD), "", title)
    late = "" if shown.overdue == 0 else parts.text(shown.overdue)
    return HeatCell(f"q{step(shown.rate)}", percent(shown.rate, 0), late, title)
