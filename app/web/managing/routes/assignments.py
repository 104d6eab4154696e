"""Requirements: the list, the form with its dry run, changing, ending, and who asks for more time."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from fastapi import APIRouter, Request
from sqlalchemy.orm import Session
from starlette.datastructures import FormData
from starlette.responses import Response

from app.accounts.rules import ASSIGNS
from app.kit import clock
from app.kit.actor import Actor
from app.kit.errors import Invalid, KitError, NotFound
from app.kit.i18n import N_, iso_date, language, ngettext
from app.kit.i18n import gettext as _
from app.organisations import access as organisations
from app.organisations import queries as tree
from app.requirements import access
from app.requirements import actions as requirements
from app.requirements import queries as required
from app.requirements.actions import Changed, Required
from app.requirements.queries import RequirementCard
from app.requirements.rules import DueKind, Rule, due_fault
from app.requirements.rules.templates import BY_ID
from app.web import ruling
from app.web.deps import CurrentActor, Db, Posted, PostedForm
from app.web.forms import Form, check
from app.web.managing.pages import assignments_page, recognition_page, rule_page
from app.web.policy import Policy, allow
from app.web.responses import see_other
from app.web.templating import render

router = APIRouter()
LIST = "/managing/assignments"
RECOGNITION = "/managing/recognition"


@router.get(LIST, **allow(Policy.ASSIGNS))
def assignments(request: Request, db: Db, actor: CurrentActor) -> Response:
    return render(request, db, actor, "managing/assignments.html", assignments_page(db, actor))


@router.get(f"{LIST}/new", **allow(Policy.ASSIGNS))
def new_assignment(
    request: Request, db: Db, actor: CurrentActor, course: str = "", organisation: str = "", template: str = ""
) -> Response:
    values = {**ruling.blank(), "course": course, "organisation": organisation}
    if (chosen := BY_ID.get(template)) is not None:
        values |= ruling.values_from(chosen, _(chosen.title))
    return _form(request, db, actor, Form(values=values))


@router.post(f"{LIST}/new", **allow(Policy.ASSIGNS))
def assign(request: Request, db: Db, actor: CurrentActor, posted: Posted) -> Response:
    """`action=check` says whom it would reach; `action=save` does it."""
    said = check(ruling.RuleForm, posted, lists=ruling.LISTS)
    form = replace(said.form, values={**ruling.blank(), **said.form.values})
    if said.value is None:
        return _form(request, db, actor, form, status=422)
    try:
        rule, _place = ruling.rule_from(db, actor, said.value)
        _refuse_the_past(rule)
        if posted.text("action") != "save":
            return _form(request, db, actor, form, rule=rule)
        with db.begin_nested():
            done = requirements.set_rule(db, actor, rule=rule)
    except KitError as refusal:
        return _form(request, db, actor, form.failing(refusal), status=422)
    return see_other(request, LIST, _said(done), kind="success" if done.added else "info")


def _refuse_the_past(rule: Rule, old: Rule | None = None) -> None:
    stood = old is not None and old.due.on == rule.due.on
    if rule.due.kind is DueKind.FIXED and rule.due.on is not None and not stood:
        fault = due_fault(rule.due.on, clock.today())
        if fault is not None:
            raise Invalid(due_on=fault)


def _form(
    request: Request,
    db: Session,
    actor: Actor,
    form: Form,
    *,
    status: int = 200,
    rule: Rule | None = None,
    of: RequirementCard | None = None,
) -> Response:
    plan = None
    if rule is not None:
        key = of.key if of is not None else ""
        plan = required.plan_rule(db, rule, today=clock.today(), lang=language(), key=key)
        if of is not None and of.rule.due == rule.due:  # a date that stands already is not asked about again
            plan = replace(plan, past=False, too_near=False)
    page = rule_page(db, actor, form, plan, of=of)
    return render(request, db, actor, "managing/rule.html", page, status=status)


def _said(done: Required) -> str:
    if done.added == 0:
        return _("This was assigned already, and everybody there has it. Nothing was changed.")
    said = ngettext("%(num)s person was assigned the course.", "%(num)s people were assigned the course.", done.added)
    if not done.later:
        return said
    rest = ngettext("%(num)s more follows within minutes.", "%(num)s more follow within minutes.", done.later)
    return f"{said} {rest}"


@router.get(f"{LIST}/{{key}}/edit", **allow(Policy.ASSIGNS))
def edit(request: Request, db: Db, actor: CurrentActor, key: str) -> Response:
    one = access.requirement_to_change(db, actor, key)
    form = Form(values=ruling.values_of(db, one.rule, one.organisation_code))
    return _form(request, db, actor, form, of=one)


@router.post(f"{LIST}/{{key}}/edit", **allow(Policy.ASSIGNS))
def change(request: Request, db: Db, actor: CurrentActor, posted: Posted, key: str) -> Response:
    """The same form and the same dry run for a rule that stands."""
    one = access.requirement_to_change(db, actor, key)
    kept = ruling.values_of(db, one.rule, one.organisation_code)
    fixed = {name: kept[name] for name in ("what", "course", "courses", "path_kind", "least", "title", "organisation")}
    said = check(ruling.RuleForm, _with(posted, fixed), lists=ruling.LISTS)
    form = replace(said.form, values={**ruling.blank(), **said.form.values, **fixed})
    if said.value is None:
        return _form(request, db, actor, form, status=422, of=one)
    try:
        rule, _place = ruling.rule_from(db, actor, said.value)
        _refuse_the_past(rule, one.rule)
        rule = replace(rule, what=one.rule.what, template=one.rule.template)
        if posted.text("action") != "save":
            return _form(request, db, actor, form, rule=rule, of=one)
        with db.begin_nested():
            done = requirements.change_rule(db, actor, requirement=one, rule=rule)
    except KitError as refusal:
        return _form(request, db, actor, form.failing(refusal), status=422, of=one)
    return see_other(request, f"{LIST}/{key}", _changed(done))


def _with(posted: PostedForm, fixed: dict[str, object]) -> PostedForm:
    """A form with some fields as they stand, whatever was sent for them."""
    pairs: list[tuple[str, object]] = [(n, v) for n, v in posted.data.multi_items() if n not in fixed]
    for name, value in fixed.items():
        pairs += [(name, one) for one in value] if isinstance(value, list) else [(name, value)]
    return PostedForm(FormData(pairs))  # type: ignore[arg-type]


def _changed(done: Changed) -> str:
    moved = ngettext("%(num)s date has moved", "%(num)s dates have moved", done.moved)
    added = ngettext("%(num)s person is new", "%(num)s people are new", done.added)
    gone = ngettext("%(num)s was let go", "%(num)s were let go", done.gone)
    return _("Saved: %(moved)s, %(added)s, %(gone)s.", moved=moved, added=added, gone=gone)


@router.post(f"{LIST}/{{key}}/end", **allow(Policy.ASSIGNS))
def end(request: Request, db: Db, actor: CurrentActor, key: str) -> Response:
    requirement = access.requirement_to_change(db, actor, key)
    if requirements.end(db, actor, requirement=requirement):
        return see_other(request, LIST, _("Ended. Nobody new is reached; those who have the course keep it."))
    return see_other(request, LIST, _("This assignment had ended before."), kind="info")


@router.post("/managing/extensions/{key}", **allow(Policy.ASSIGNS))
def answer(request: Request, db: Db, actor: CurrentActor, posted: Posted, key: str) -> Response:
    """Grant or refuse more time: `action` is grant or refuse."""
    asked = access.ask_to_decide(db, actor, key)
    granted = posted.text("action") == "grant"
    until, text = None, posted.text("until")
    try:
        try:
            until = date.fromisoformat(text) if text else None
        except ValueError:
            raise Invalid(until=N_("Write the date as year-month-day, for example 2026-03-31.")) from None
        with db.begin_nested():
            news = requirements.decide(
                db, actor, asked=asked, granted=granted, answer=posted.text("answer"), until=until
            )
    except KitError as refusal:
        form = Form(values=posted.values()).failing(refusal)
        page = assignments_page(db, actor, form, key)
        return render(request, db, actor, "managing/assignments.html", page, status=422)
    if not news:
        return see_other(request, LIST, _("This has been answered before."), kind="info")
    if granted:
        day = iso_date(until or asked.until)
        return see_other(request, LIST, _("%(name)s has time until %(day)s.", name=asked.person_name, day=day))
    return see_other(request, LIST, _("%(name)s is told that the date stays, and why.", name=asked.person_name))


@router.get(RECOGNITION, **allow(Policy.ASSIGNS))
def recognition(request: Request, db: Db, actor: CurrentActor) -> Response:
    return render(request, db, actor, "managing/recognition.html", recognition_page(db, actor))


@router.post(RECOGNITION, **allow(Policy.ASSIGNS))
def recognise(request: Request, db: Db, actor: CurrentActor, posted: Posted) -> Response:
    """Sign for one of one's own institutions, or take the signature back: `action` is sign or withdraw."""
    form = Form(values=posted.values())
    try:
        try:
            place = organisations.organisation_for(db, actor, posted.text("organisation"), *ASSIGNS)
        except NotFound:
            raise Invalid(organisation=N_("Choose one of your organisations.")) from None
        other = tree.by_code(db, posted.text("other"))
        if other is None or other.closed:
            raise Invalid(other=N_("Choose one of the institutions."))
        if posted.text("action") == "withdraw":
            requirements.withdraw(db, actor, place=place, other=other)
            said = _("Your signature is taken back. What has been counted stays.")
        else:
            requirements.sign(db, actor, place=place, other=other)
            said = _("Signed. It holds once the other has signed too.")
    except KitError as refusal:
        page = recognition_page(db, actor, form.failing(refusal))
        return render(request, db, actor, "managing/recognition.html", page, status=422)
    return see_other(request, RECOGNITION, said)
