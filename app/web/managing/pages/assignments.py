"""What is required of whom by when, and a new assignment with its dry run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from app.accounts.rules import ASSIGNS
from app.catalog import queries as catalog
from app.kit import clock
from app.kit.actor import Actor
from app.kit.i18n import gettext as _
from app.kit.i18n import iso_date, ngettext, number, percent
from app.organisations import access as places
from app.organisations import queries as organisations
from app.requirements import access
from app.requirements import queries as requirements
from app.requirements.queries import Plan, RequirementCard
from app.requirements.rules import FAIR_DAYS, may_assign
from app.web.forms import Form
from app.web.managing.pages import parts
from app.web.site import NavItem


@dataclass(frozen=True, slots=True)
class AssignmentRow:
    """One assignment. `end_url` is empty where this reader cannot end it, or it has ended."""

    course: str
    place: str
    place_url: str
    due: str
    kind: str
    state: str
    completed: str
    reason: str
    legal_basis: str
    made: str
    end_url: str


@dataclass(frozen=True, slots=True)
class AssignmentsPage:
    """Assignments in force and those that have ended."""

    title: str
    answer: str
    lead: str
    active: tuple[AssignmentRow, ...]
    ended: tuple[AssignmentRow, ...]
    new_url: str


@dataclass(frozen=True, slots=True)
class PlanLine:
    """One kind of people a plan would reach."""

    kind: str
    number: str
    text: str
    detail: str


@dataclass(frozen=True, slots=True)
class PlanView:
    """A dry run in words."""

    headline: str
    bar: tuple[tuple[str, float], ...]
    lines: tuple[PlanLine, ...]
    units: tuple[tuple[str, str, str], ...]
    total: tuple[str, str]
    warnings: tuple[str, ...]
    possible: bool


@dataclass(frozen=True, slots=True)
class NewAssignmentPage:
    """The form; with its dry run once it was checked."""

    title: str
    crumbs: tuple[NavItem, ...]
    form: Form
    courses: tuple[tuple[str, str], ...]
    organisations: tuple[tuple[str, str], ...]
    plan: PlanView | None
    fair_days: int


def assignments_page(db: Session, actor: Actor) -> AssignmentsPage:
    found = requirements.requirements(db, access.visible_to(actor), actor.lang)
    today = clock.today()
    rows = [(one, _row(actor, one, late=_late(one, today))) for one in found]
    active = tuple(row for one, row in rows if one.active)
    late = sum(one.active and _late(one, today) and one.completed < one.base for one in found)
    return AssignmentsPage(
        title=_("Assignments"),
        answer=_answer(len(active), late),
        lead=_("Who comes later is reached too, and gets at least %(days)s days.", days=FAIR_DAYS),
        active=active,
        ended=tuple(row for one, row in rows if not one.active),
        new_url="/managing/assignments/new",
    )


def _late(one: RequirementCard, today: date) -> bool:
    return one.due_on is not None and one.due_on < today


def _answer(active: int, late: int) -> str:
    if not active:
        return _("No course is assigned yet")
    if late:
        return ngettext(
            "%(late)s of %(num)s assignment is past its date",
            "%(late)s of %(num)s assignments are past their date",
            active,
            late=number(late),
        )
    return ngettext("%(num)s assignment is in force", "%(num)s assignments are in force", active)


def _row(actor: Actor, one: RequirementCard, *, late: bool) -> AssignmentRow:
    mine = may_assign(actor, one.organisation_path)
    open_runs = one.reached - one.completed
    if not one.active:
        kind, state = "off", _("Ended %(day)s", day=iso_date(one.ended_at)) if one.ended_at else ""
    elif not open_runs and one.reached:
        kind, state = "done", _("All have completed")
    elif late:
        kind, state = "overdue", _("%(n)s not completed", n=number(open_runs))
    else:
        kind, state = "going", _("%(n)s to complete", n=number(open_runs))
    share = f" ({percent(one.completed / one.reached)})" if one.reached else ""
    made = iso_date(one.created_at)
    return AssignmentRow(
        course=one.course_title,
        place=one.organisation_name,
        place_url=parts.place_url(one.organisation_code) if mine else "",
        due=iso_date(one.due_on) if one.due_on else "–",
        kind=kind,
        state=state,
        completed=_("%(n)s of %(all)s", n=number(one.completed), all=number(one.reached)) + share,
        reason=one.reason,
        legal_basis=one.legal_basis,
        made=_("%(day)s, %(name)s", day=made, name=one.created_by) if one.created_by else made,
        end_url=f"/managing/assignments/{one.key}/end" if mine and one.active else "",
    )


def new_assignment_page(db: Session, actor: Actor, form: Form, plan: Plan | None = None) -> NewAssignmentPage:
    cards = catalog.cards(db, actor.lang)
    options = organisations.options(db, places.visible_to(actor, *ASSIGNS))
    return NewAssignmentPage(
        title=_("New assignment"),
        crumbs=(NavItem(_("Assignments"), "/managing/assignments"),),
        form=form,
        courses=tuple((card.slug, card.title) for card in sorted(cards, key=lambda card: card.title)),
        organisations=tuple(
            (option.card.code, "\u00a0\u00a0\u00a0" * option.depth + option.card.name_in(actor.lang))
            for option in options
        ),
        plan=_plan(plan) if plan is not None else None,
        fair_days=FAIR_DAYS,
    )


def _plan(plan: Plan) -> PlanView:
    groups: Sequence[tuple[str, int]] = (
        ("done", plan.completed),
        ("soon", plan.stricter),
        ("going", plan.going + plan.fresh),
    )
    day = iso_date(plan.due_on) if plan.due_on else ""
    lines = [
        PlanLine("going", number(plan.fresh), _("will get the course, to complete by %(day)s", day=day), ""),
        PlanLine(
            "going",
            number(plan.going),
            _("are in the course already"),
            _("They get a date, or an earlier one; what they have done stays."),
        ),
        PlanLine(
            "done",
            number(plan.completed),
            _("have completed it already"),
            _("They count as completed and are not written to."),
        ),
        PlanLine(
            "soon",
            number(plan.stricter),
            _("have an earlier date from another assignment"),
            _("The earlier date stays."),
        ),
        PlanLine(
            "off",
            number(plan.without_email),
            _("have no e-mail"),
            _("They see a notice when they sign in; tell them in another way too."),
        ),
    ]
    # A line of nought is left out, except the one that says who gets the course.
    kept = tuple(line for n, line in enumerate(lines) if n == 0 or line.number != number(0))
    return PlanView(
        headline=_headline(plan),
        bar=tuple((kind, 100 * n / plan.reached) for kind, n in groups if n) if plan.reached else (),
        lines=kept,
        units=tuple((unit.name, number(unit.reached), number(unit.completed)) for unit in plan.units),
        total=(number(plan.reached), number(plan.completed)),
        warnings=tuple(_warnings(plan)),
        possible=plan.reached > 0 and not plan.past,
    )


def _headline(plan: Plan) -> str:
    return ngettext(
        "%(num)s person; organisations: %(units)s",
        "%(num)s people; organisations: %(units)s",
        plan.reached,
        units=number(len(plan.units)),
    )


def _warnings(plan: Plan) -> list[str]:
    said = []
    if plan.reached == 0:
        said.append(_("Nobody works there yet. Choose another organisation."))
    if plan.past:
        said.append(_("This date has passed. Choose a day from today on."))
    elif plan.too_near:
        said.append(_("There are fewer than %(days)s days left. Choose a later day if you can.", days=FAIR_DAYS))
    if plan.exists:
        said.append(_("This assignment exists already; saving it again reaches only those who have come since."))
    return said


__all__ = ["AssignmentsPage", "NewAssignmentPage", "assignments_page", "new_assignment_page"]
