"""The form of a rule, and its dry run: whom it reaches, what is odd about it, and the next dates of three people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.accounts.rules import ASSIGNS
from app.catalog import queries as catalog
from app.kit.actor import Actor
from app.kit.i18n import gettext as _
from app.kit.i18n import iso_date, language, ngettext, number
from app.organisations import access as places
from app.organisations import queries as organisations
from app.requirements.queries import Plan, RequirementCard, Sample
from app.requirements.rules import FAIR_DAYS
from app.requirements.rules.templates import TEMPLATES
from app.web.duties import again_word, due_word, explained
from app.web.forms import Form
from app.web.site import NavItem


@dataclass(frozen=True, slots=True)
class PlanLine:
    """One kind of people a plan would reach."""

    kind: str
    number: str
    text: str
    detail: str


@dataclass(frozen=True, slots=True)
class CycleView:
    """One period of somebody: by when, until when it is then good, and how the date came about."""

    due: str
    word: str
    valid_until: str
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SampleView:
    """One real person and their next periods."""

    name: str
    place: str
    cycles: tuple[CycleView, ...]


@dataclass(frozen=True, slots=True)
class PlanView:
    """A dry run in words."""

    headline: str
    bar: tuple[tuple[str, float], ...]
    lines: tuple[PlanLine, ...]
    units: tuple[tuple[str, str, str], ...]
    total: tuple[str, str]
    samples: tuple[SampleView, ...]
    warnings: tuple[str, ...]
    possible: bool


@dataclass(frozen=True, slots=True)
class RulePage:
    """The form; with its dry run once it was checked. `fixed`: the rule stands, and what it asks, and where, stay."""

    title: str
    answer: str
    lead: str
    crumbs: tuple[NavItem, ...]
    form: Form
    action: str
    save: str
    fixed: bool
    asks: str
    place: str
    courses: tuple[tuple[str, str], ...]
    organisations: tuple[tuple[str, str], ...]
    templates: tuple[tuple[str, str], ...]
    note: str
    open: frozenset[str]
    plan: PlanView | None
    fair_days: int


SECTIONS = {
    "whom": ("titles", "tags", "people", "but_titles", "but_tags", "but_people"),
    "again": ("grace_days", "equivalents", "no_proof", "starts_on", "renewal"),
    "ladder": ("before", "every", "manager_after", "head_after"),
}


def rule_page(
    db: Session, actor: Actor, form: Form, plan: Plan | None = None, *, of: RequirementCard | None = None
) -> RulePage:
    cards = catalog.cards(db, language())
    options = organisations.options(db, places.visible_to(actor, *ASSIGNS))
    crumbs = [NavItem(_("Assignments"), "/managing/assignments")]
    if of is not None:
        crumbs.append(NavItem(of.course_title, f"/managing/assignments/{of.key}"))
    chosen = next((one for one in TEMPLATES if one.id == form.values.get("template")), None)
    return RulePage(
        title=_("New assignment") if of is None else _("Change the requirement"),
        answer=_("Who must learn what by when") if of is None else of.course_title,
        lead=_("Before you save you see whom the assignment reaches. Nothing is sent until then.")
        if of is None
        else _("What is completed does not change. Dates of people who have not completed move as far as is fair."),
        crumbs=tuple(crumbs),
        form=form,
        action="/managing/assignments/new" if of is None else f"/managing/assignments/{of.key}/edit",
        save=_("Assign") if of is None else _("Save the change"),
        fixed=of is not None,
        asks=of.course_title if of is not None else "",
        place=of.organisation_name if of is not None else "",
        courses=tuple((card.slug, card.title) for card in sorted(cards, key=lambda card: card.title)),
        organisations=tuple(
            (option.card.code, "\u00a0\u00a0\u00a0" * option.depth + option.card.name_in(language()))
            for option in options
        ),
        templates=tuple((one.id, _(one.title)) for one in TEMPLATES) if of is None else (),
        note=_(chosen.note) if chosen is not None else "",
        open=_open(form),
        plan=plan_view(plan) if plan is not None else None,
        fair_days=FAIR_DAYS,
    )


def _open(form: Form) -> frozenset[str]:
    """The folded parts of the form that hold something, or something wrong."""
    usual = {"before": "30, 14, 7, 1", "every": "7", "manager_after": "8", "head_after": "22", "renewal": "completion"}

    def said(name: str) -> bool:
        value = form.values.get(name, "")
        return name in form.errors or (value not in ("", []) and value != usual.get(name))

    return frozenset(section for section, names in SECTIONS.items() if any(said(name) for name in names))


def plan_view(plan: Plan) -> PlanView:
    groups: Sequence[tuple[str, int]] = (
        ("done", plan.completed),
        ("soon", plan.stricter),
        ("going", plan.going + plan.fresh),
    )
    day = iso_date(plan.due_on) if plan.due_on else ""
    fresh = (
        _("will get the course, to complete by %(day)s", day=day) if day else _("will get it, each by their own date")
    )
    lines = [
        PlanLine("going", number(plan.fresh), fresh, ""),
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
            _("It is still good: they are told until when, and not asked again."),
        ),
        PlanLine(
            "soon",
            number(plan.stricter),
            _("have an earlier date from another assignment"),
            _("The earlier date stays."),
        ),
        PlanLine(
            "soon",
            number(plan.near),
            _("have a date that is near"),
            ngettext("Fewer than %(num)s day is left.", "Fewer than %(num)s days are left.", FAIR_DAYS),
        ),
        PlanLine(
            "off",
            number(plan.without_email),
            _("have no e-mail"),
            _("They see a notice when they sign in; print a slip for each of them."),
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
        samples=tuple(_sample(one) for one in plan.samples),
        warnings=tuple(_warnings(plan)),
        possible=plan.reached > 0 and not plan.past and not plan.circle,
    )


def _headline(plan: Plan) -> str:
    return ngettext(
        "%(num)s person; organisations: %(units)s",
        "%(num)s people; organisations: %(units)s",
        plan.reached,
        units=number(len(plan.units)),
    )


def _sample(one: Sample) -> SampleView:
    made = []
    for cycle in one.cycles:
        until = iso_date(cycle.valid_until) if cycle.valid_until else _("for ever")
        made.append(
            CycleView(
                due=iso_date(cycle.due.on),
                word=_("completed") if cycle.held else _("due"),
                valid_until=_("good until %(day)s", day=until) if cycle.valid_until else _("good for ever"),
                why=explained(cycle.due.steps),
            )
        )
    return SampleView(one.name, one.organisation_name, tuple(made))


def _warnings(plan: Plan) -> list[str]:
    said = []
    if plan.reached == 0:
        said.append(_("Nobody works there yet, or nobody fits. Choose another organisation, or other conditions."))
    if plan.past:
        said.append(_("This date has passed. Choose a day from today on."))
    elif plan.too_near:
        said.append(_("There are fewer than %(days)s days left. Choose a later day if you can.", days=FAIR_DAYS))
    if plan.holiday:
        said.append(_("This day is a public holiday: %(name)s.", name=_(plan.holiday)))
    if plan.exists:
        said.append(_("This assignment exists already; saving it again reaches only those who have come since."))
    if plan.everybody:
        said.append(_("It reaches everybody there, without exception. Is that meant?"))
    for one in plan.others:
        said.append(
            _(
                "%(place)s asks the same people for the same: %(due)s, %(again)s. The strictest date holds.",
                place=one.organisation_name,
                due=due_word(one.rule),
                again=again_word(one.rule),
            )
        )
    if plan.circle:
        said.append(
            _("These courses ask for one another, so nobody could begin: %(names)s.", names=" → ".join(plan.circle))
        )
    return said
