"""The deeper figures of one place: how far people have come, how long it takes, what share the due date will see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from app.accounts.rules import SEES_NUMBERS
from app.kit import clock
from app.kit.actor import Actor
from app.kit.errors import NotFound
from app.kit.i18n import N_, language, moment, ngettext, number, percent
from app.kit.i18n import gettext as _
from app.organisations.queries import OrganisationCard
from app.reporting import access as reporting_access
from app.reporting import queries as reporting
from app.reporting.access import View
from app.reporting.queries import HERE, analysis
from app.reporting.queries.analysis import ByRequirement
from app.reporting.rules import ALL, SMALLEST, Figure, Hidden, step
from app.reporting.rules import forecast as forecasting
from app.reporting.rules import stages as staging
from app.reporting.rules.stages import Counted, Funnel, Took
from app.web.duties import subject_names
from app.web.managing.forms import Filter
from app.web.managing.pages import parts
from app.web.managing.pages.parts import Frame
from app.web.managing.pages.tables import Heat, HeatCell, HeatRow, name_of, shades
from app.web.managing.pages.trend import WIDE
from app.web.site import NavItem


@dataclass(frozen=True, slots=True)
class Stage:
    """One row of a chart that is a table: the words, the number, its share of the base, and a bar in per cent."""

    name: str
    number: str
    share: str
    bar: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Outlook:
    """What share will be reached in time. `bar`: expected, and the interval, in per cent of the base."""

    answer: str
    detail: str
    rows: tuple[tuple[str, str, str], ...]
    bar: tuple[tuple[str, float], ...]
    method: str


@dataclass(frozen=True, slots=True)
class AnalysisPage:
    """`empty`: nothing is required here, or too little for a reader of numbers (`why`)."""

    frame: Frame
    title: str
    answer: str
    lead: str
    empty: bool
    why: str
    base: str
    excused: str
    funnel: tuple[Stage, ...]
    took: tuple[Stage, ...]
    took_note: str
    outlook: Outlook | None
    outlook_none: str
    heat: Heat | None
    heat_note: str
    back_url: str
    crumbs: tuple[NavItem, ...]


def analysis_page(db: Session, actor: Actor, view: View, chosen: Filter) -> AnalysisPage:
    """For a reader of numbers: only their highest places and all courses together, since figures of two places, or of
    one course and of all, could be subtracted from each other."""
    today, place = clock.today(), view.place
    if not view.names:
        if place.path not in actor.paths(*SEES_NUMBERS):
            raise NotFound(N_("There is no such organisation."))
        chosen = Filter()
    chosen = Filter(course=chosen.course)  # the only thing that this page is narrowed by
    above, children = reporting.around(db, place)
    above = reporting_access.visible_above(actor, above)
    figures = reporting.figures(db, place, children, today=today, names=view.names, above=above)
    courses = reporting.course_names(db, [one for one in figures.totals if one != ALL], language())
    course = parts.chosen_course(chosen, courses)
    found = analysis.counted(db, place, course_id=course.id if course else None, today=today)
    stages = staging.funnel(found)
    why = _why(view, figures.totals[ALL], stages)
    heat, note = None, ""
    if view.names and children and course is None:
        heat, note = _heat(db, actor, place, children, today, wide=stages.base >= WIDE)
    outlook, none = _outlook(view, found, stages, today)
    return AnalysisPage(
        frame=parts.frame(actor, view, above, (), chosen, courses),
        title=_("Deeper figures: %(place)s", place=place.name_in(language())),
        answer=_answer(stages) if not why else _("There is nothing to show yet"),
        lead=_("Required courses only. Each run is counted once, in its present period."),
        empty=bool(why),
        why=why,
        base=number(stages.base),
        excused=ngettext(
            "%(num)s is excused or on leave and counts nowhere.",
            "%(num)s are excused or on leave and count nowhere.",
            stages.excused,
        )
        if stages.excused and view.names  # a pack tells readers of numbers by place; the sum would give small ones away
        else "",
        funnel=() if why else _funnel(view, found, stages),
        took=() if why else _took(view, found, stages),
        took_note=_took_note(view, found) if not why else "",
        outlook=None if why else outlook,
        outlook_none=none,
        heat=heat,
        heat_note=note,
        back_url=chosen.at(parts.place_url(place.code)),
        crumbs=(*parts.crumbs(actor, above), NavItem(place.name_in(language()), parts.place_url(place.code))),
    )


def _why(view: View, total: object, stages: Funnel) -> str:
    if not stages.base:
        return _("Nothing is required of anybody here.")
    if view.names:
        return ""
    shown = (getattr(total, name) for name in ("assigned", "completed", "overdue", "soon", "later"))
    if any(isinstance(one, Hidden) for one in shown):
        return _("Some figures of this place are hidden, and these would give them away.")
    return ""


def _answer(stages: Funnel) -> str:
    return _(
        "%(n)s of %(all)s have completed what is required (%(share)s)",
        n=number(stages.completed),
        all=number(stages.base),
        share=percent(stages.completed / stages.base),
    )


def _stage(name: str, figure: Figure, base: int, kind: str) -> Stage:
    if isinstance(figure, Hidden):
        return Stage(name, parts.text(figure), _("hidden"), ())
    share = figure / base if base else 0.0
    return Stage(name, number(figure), percent(share), ((kind, 100 * share),) if figure else ())


def _funnel(view: View, found: Counted, stages: Funnel) -> tuple[Stage, ...]:
    """From all who must, step by step; each step holds the ones below it. Parts that are small are hidden in pairs."""
    in_time: Figure = stages.in_time
    begun: Figure = stages.started + stages.completed
    if not view.names:
        joined = staging.merged(staging.days_to_complete(found.spent), SMALLEST)
        _late, in_time = staging.in_time(found.spent, found.allowed, joined, SMALLEST)
        untouched, _started = staging.pair(stages.untouched, stages.started, SMALLEST)
        begun = untouched if isinstance(untouched, Hidden) else begun
        begun = Hidden.WITHHELD if isinstance(begun, Hidden) else begun
    return (
        _stage(_("Have to"), stages.base, stages.base, "off"),
        _stage(_("Begun"), begun, stages.base, "going"),
        _stage(_("Have completed"), stages.completed, stages.base, "done"),
        _stage(_("Completed in time"), in_time, stages.base, "done"),
    )


def _took(view: View, found: Counted, stages: Funnel) -> tuple[Stage, ...]:
    took: Sequence[Took] = staging.days_to_complete(found.spent)
    if not view.names:
        took = staging.merged(took, SMALLEST)
    return tuple(_stage(_days(one), one.number, stages.completed, "done") for one in took) if stages.completed else ()


def _days(one: Took) -> str:
    if one.last is None:
        return _("%(n)s days or more", n=number(one.first))
    return _("%(first)s–%(last)s days", first=number(one.first), last=number(one.last))


def _took_note(view: View, found: Counted) -> str:
    middle = staging.median_days(found.spent)
    if middle is None:
        return _("Nobody has completed anything yet.")
    if not view.names:
        return _("Groups of days are joined until none holds fewer than five people.")
    return ngettext("Half of them took %(num)s day or less.", "Half of them took %(num)s days or less.", middle)


def _outlook(view: View, found: Counted, stages: Funnel, today: date) -> tuple[Outlook | None, str]:
    waiting = staging.waiting(found, today)
    if not waiting:
        return None, _("No due date lies ahead: nothing is left to forecast.")
    pace = staging.pace(found, today)
    made = forecasting.forecast(stages.completed, stages.base, waiting, pace)
    if made is None or (not view.names and (pace.completions < SMALLEST or sum(n for _d, n in waiting) < SMALLEST)):
        return None, _("Too little has happened in the last four weeks for a forecast.")
    low, high = made.interval
    people = sum(n for _d, n in waiting)
    return Outlook(
        answer=_("About %(share)s by the due dates", share=percent(made.share)),
        detail=_(
            "Between %(low)s and %(high)s, in four cases of five, if people go on as in the last four weeks.",
            low=percent(low),
            high=percent(high),
        ),
        rows=(
            (_("Completed now"), number(stages.completed), percent(stages.completed / stages.base)),
            (_("Expected by the due dates"), number(round(made.expected)), percent(made.share)),
            (_("Low end of the interval"), number(round(made.low)), percent(low)),
            (_("High end of the interval"), number(round(made.high)), percent(high)),
            (_("Unfinished with a date ahead"), number(people), percent(people / stages.base)),
        ),
        bar=(
            ("done", 100 * stages.completed / stages.base),
            ("going", 100 * (low - stages.completed / stages.base)),
            ("soon", 100 * (high - low)),
        ),
        method=_(
            "Method: constant hazard with a gamma prior, 80 % interval; who is overdue already is not counted on."
        ),
    ), ""


COLUMNS = 8  # things side by side; those asked of most people come first


def _heat(
    db: Session,
    actor: Actor,
    place: OrganisationCard,
    children: Sequence[OrganisationCard],
    today: date,
    *,
    wide: bool,
) -> tuple[Heat | None, str]:
    """Places × what is required, with paths and certificates from elsewhere. Of a wide place as of the night."""
    note, shown = "", {HERE, *(card.id for card in children)}
    if wide and reporting.has_totals(place):
        kept = analysis.by_requirement_kept(db, place)
        if kept is None:
            return None, _("So many people are counted each night. The table will be here tomorrow.")
        found, at = kept
        note = _("Counted at %(moment)s.", moment=moment(at))
    else:
        found = analysis.by_requirement(db, place, today=today)
    return _heat_of(db, actor, place, children, [one for one in found if one.place_id in shown]), note


def _heat_of(
    db: Session,
    actor: Actor,
    place: OrganisationCard,
    children: Sequence[OrganisationCard],
    found: Sequence[ByRequirement],
) -> Heat | None:
    cells = {(one.place_id, one.subject): one for one in found}
    people: dict[str, int] = {}
    for (_key, subject), one in cells.items():
        people[subject] = people.get(subject, 0) + one.base
    subjects = sorted(people, key=lambda subject: (-people[subject], subject))[:COLUMNS]
    if not subjects:
        return None
    titles = subject_names(db, set(subjects), language())
    keys = [card.id for card in children if any(key == card.id for key, _s in cells)]
    keys += [HERE] if any(key == HERE for key, _s in cells) else []
    cards = {card.id: card for card in children}

    def cell(key: int, subject: str) -> HeatCell:
        one = cells.get((key, subject))
        if one is None or not one.base:
            return HeatCell("none", "–", "", "")
        share = one.completed / one.base
        late = number(one.overdue) if one.overdue else ""
        return HeatCell(f"q{step(share)}", percent(share), late, f"{number(one.completed)} / {number(one.base)}")

    def total(subject: str) -> tuple[str, str]:
        column = [one for (_key, which), one in cells.items() if which == subject]
        base, done = sum(one.base for one in column), sum(one.completed for one in column)
        said = _("%(done)s of %(all)s", done=number(done), all=number(base))
        return (percent(done / base) if base else "–", said)

    rows = []
    for key in keys:
        name, _sort, url = name_of(actor, place, cards, key)
        rows.append(HeatRow(name, url, tuple(cell(key, one) for one in subjects)))
    return Heat(
        columns=tuple((titles.get(one) or one, "/managing/assignments") for one in subjects),
        rows=tuple(rows),
        totals=tuple(total(one) for one in subjects),
        shown=_("The %(n)s asked of most people", n=number(COLUMNS)) if len(people) > COLUMNS else "",
        previous_url="",
        next_url="",
        shades=shades(),
    )
