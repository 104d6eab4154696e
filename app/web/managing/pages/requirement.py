"""One requirement with its people: how each stands, how the dates came about, and what was said to whom."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from app.accounts.rules import SEES_NAMES
from app.kit import clock
from app.kit.actor import Actor
from app.kit.i18n import gettext as _
from app.kit.i18n import iso_date, language, moment, ngettext, number, percent
from app.organisations import access as places
from app.organisations import queries as tree
from app.requirements import queries as requirements
from app.requirements.queries import ReachedPerson, RequirementCard
from app.requirements.rules import Status, Step, may_assign
from app.web.duties import explained, met_word, occasion_word, rule_facts, status_word
from app.web.forms import Form
from app.web.managing.pages import parts
from app.web.managing.pages.parts import FigureView
from app.web.site import NavItem

LISTED = 500


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One person: `key` ticks them for an act; `why` explains the date."""

    key: str
    name: str
    url: str
    place: str
    kind: str
    state: str
    due: str
    met: str
    how: str
    valid_until: str
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RequirementPage:
    """`mine`: this reader may change, excuse and end; else it is set above them, and they see their own people."""

    title: str
    answer: str
    lead: str
    crumbs: tuple[NavItem, ...]
    asof: str
    active: bool
    mine: bool
    figures: tuple[FigureView, ...]
    facts: tuple[tuple[str, str], ...]
    people: tuple[PersonLine, ...]
    more: str
    form: Form
    edit_url: str
    end_url: str
    exempt_url: str
    pack: dict[str, str]
    slips_url: str
    without_email: str
    log: tuple[tuple[str, str, str, str], ...]


def requirement_page(db: Session, actor: Actor, one: RequirementCard, form: Form | None = None) -> RequirementPage:
    today, mine = clock.today(), may_assign(actor, one.organisation_path)
    reached = [
        person
        for person in requirements.people_of(db, one, today, language())
        if actor.covers(person.path, *SEES_NAMES)
    ]
    stands = Counter(person.card.status for person in reached)
    reached.sort(key=lambda person: ORDER.get(person.card.status, len(ORDER)))  # by name within each
    url = f"/managing/assignments/{one.key}"
    mute = sum(not person.has_email and person.card.period.met_on is None for person in reached)
    return RequirementPage(
        title=one.course_title,
        answer=one.course_title,
        lead=_lead(reached, stands),
        crumbs=(NavItem(_("Assignments"), "/managing/assignments"),),
        asof=_("Data: %(moment)s", moment=moment(clock.now())),
        active=one.active,
        mine=mine and one.active,
        figures=_figures(len(reached), stands),
        facts=rule_facts(db, one, language()),
        people=tuple(_line(person) for person in reached[:LISTED]),
        more=ngettext(
            "%(num)s more person is not listed.", "%(num)s more people are not listed.", len(reached) - LISTED
        )
        if len(reached) > LISTED
        else "",
        form=form or Form(),
        edit_url=f"{url}/edit" if mine and one.active else "",
        end_url=f"{url}/end" if mine and one.active else "",
        exempt_url=f"{url}/exempt",
        pack=_pack(db, actor, one),
        slips_url=f"{url}/slips" if mute else "",
        without_email=ngettext(
            "%(num)s person without e-mail has not completed it.",
            "%(num)s people without e-mail have not completed it.",
            mute,
        )
        if mute
        else "",
        log=_log(db, one, places.visible_to(actor, *SEES_NAMES)),
    )


def _pack(db: Session, actor: Actor, one: RequirementCard) -> dict[str, str]:
    """What one press asks for: today, at the place of the requirement, or the widest of the reader's below it."""
    if actor.covers(one.organisation_path, *SEES_NAMES):
        return {"requirement": one.key, "organisation": one.organisation_code}
    below = [path for path in actor.paths(*SEES_NAMES) if path.startswith(one.organisation_path)]
    place = tree.by_id(db, int(below[0].strip("/").rpartition("/")[2])) if below else None
    return {"requirement": one.key, "organisation": place.code} if place is not None else {}


# Who needs somebody stands first: a long list is cut at its end.
ORDER = {
    status: n
    for n, status in enumerate(
        (Status.OVERDUE, Status.EXPIRED, Status.DUE_SOON, Status.EXPIRING, Status.OPEN, Status.FUTURE)
    )
}
DONE = (Status.COMPLETED, Status.EXPIRING)
EXCUSED = (Status.EXEMPT, Status.PAUSED)


def done_of(reached: list[ReachedPerson]) -> int:
    """Those whose period is met, or whose last one still holds."""
    return sum(person.card.status in DONE for person in reached)


def _lead(reached: list[ReachedPerson], stands: Counter[Status]) -> str:
    excused = sum(stands[one] for one in EXCUSED)
    base, done = len(reached) - excused, done_of(reached)
    if not reached:
        return _("Nobody of yours is reached.")
    said = _("%(done)s of %(base)s have completed it", done=number(done), base=number(base))
    if base:
        said += f" ({percent(done / base)})"
    if excused:
        more = ngettext("%(num)s person is excused", "%(num)s people are excused", excused)
        return _("%(said)s; %(more)s.", said=said, more=more)
    return _("%(said)s.", said=said)


def _figures(reached: int, stands: Counter[Status]) -> tuple[FigureView, ...]:
    excused = sum(stands[one] for one in EXCUSED)
    done = sum(stands[one] for one in DONE)
    late = stands[Status.OVERDUE] + stands[Status.EXPIRED]
    base = reached - excused
    all_of = parts.of(base)
    share = percent(done / base) if base else "–"
    return (
        FigureView(_("Completed"), number(done), all_of, _("%(share)s of those who must", share=share), "done", "done"),
        FigureView(
            _("Overdue"), number(late), all_of, _("The due date has passed"), "overdue" if late else "", "alert"
        ),
        FigureView(
            _("To be renewed"),
            number(stands[Status.EXPIRING]),
            all_of,
            _("Still good, and the time to renew it has come"),
            "soon" if stands[Status.EXPIRING] else "",
            "clock",
        ),
        FigureView(
            _("Excused"), number(excused), parts.of(reached), _("Not counted among those who must"), "off", "off"
        ),
    )


def _line(person: ReachedPerson) -> PersonLine:
    kind, word = status_word(person.card.status)
    period = person.card.period
    steps: tuple[Step, ...] = person.card.steps
    return PersonLine(
        key=person.key,
        name=person.name,
        url=f"/managing/people/{person.key}",
        place=person.organisation_name,
        kind=kind,
        state=word,
        due=iso_date(period.due_on),
        met=iso_date(period.met_on) if period.met_on else "–",
        how=met_word(person.card.met_by) if period.met_on else "",
        valid_until=iso_date(period.valid_until) if period.valid_until else "–",
        why=explained(steps),
    )


def _log(db: Session, one: RequirementCard, visible: ColumnElement[bool]) -> tuple[tuple[str, str, str, str], ...]:
    rows = requirements.said_about(db, requirements.about_requirement(one.id) & visible)
    return tuple(
        (
            moment(row.sent_at),
            row.about,
            occasion_word(row.occasion, row.to),
            _("by mail") if row.by_mail else _("a notice on their page"),
        )
        for row in rows
    )


@dataclass(frozen=True, slots=True)
class Slip:
    """A sheet for somebody without e-mail: what is required, by when, and a code that opens their account once."""

    name: str
    place: str
    due: str
    code: str


@dataclass(frozen=True, slots=True)
class SlipsPage:
    """Slips to print and hand over; the codes are shown here and never again."""

    title: str
    answer: str
    course: str
    back_url: str
    address: str
    days: int
    slips: tuple[Slip, ...]
    without: tuple[str, ...]


def slips_page(
    one: RequirementCard, people: list[tuple[ReachedPerson, str]], address: str, days: int, without: list[str]
) -> SlipsPage:
    return SlipsPage(
        title=_("Slips for people without e-mail"),
        answer=ngettext("%(num)s slip to print", "%(num)s slips to print", len(people))
        if people
        else _("Nobody needs a slip"),
        course=one.course_title,
        back_url=f"/managing/assignments/{one.key}",
        address=address,
        days=days,
        slips=tuple(
            Slip(person.name, person.organisation_name, iso_date(person.card.period.due_on), code)
            for person, code in people
        ),
        without=tuple(without),
    )
