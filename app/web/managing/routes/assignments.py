"""Assigning a course to an organisation: the list, the form with its dry run, and ending."""

from __future__ import annotations

from datetime import date

from fastapi import APIRouter, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from app.accounts.rules import ASSIGNS
from app.catalog import queries as catalog
from app.catalog.queries import CourseHead
from app.kit import clock
from app.kit.actor import Actor
from app.kit.errors import Invalid, KitError, NotFound
from app.kit.i18n import N_, ngettext
from app.kit.i18n import gettext as _
from app.organisations import access as organisations
from app.organisations.queries import OrganisationCard
from app.requirements import access, rules
from app.requirements import actions as requirements
from app.requirements import queries as required
from app.requirements.actions import Required
from app.web.deps import CurrentActor, Db, Posted
from app.web.forms import Form, check
from app.web.managing.forms import Assign
from app.web.managing.pages import assignments_page, new_assignment_page
from app.web.policy import Policy, allow
from app.web.responses import see_other
from app.web.templating import render

router = APIRouter()
LIST = "/managing/assignments"


@router.get(LIST, **allow(Policy.ASSIGNS))
def assignments(request: Request, db: Db, actor: CurrentActor) -> Response:
    return render(request, db, actor, "managing/assignments.html", assignments_page(db, actor))


@router.get(f"{LIST}/new", **allow(Policy.ASSIGNS))
def new_assignment(request: Request, db: Db, actor: CurrentActor, course: str = "", organisation: str = "") -> Response:
    form = Form(values={"course": course, "organisation": organisation})
    return _form(request, db, actor, form)


@router.post(f"{LIST}/new", **allow(Policy.ASSIGNS))
def assign(request: Request, db: Db, actor: CurrentActor, posted: Posted) -> Response:
    """`action=check` says whom it would reach; `action=save` does it."""
    said = check(Assign, posted)
    if said.value is None:
        return _form(request, db, actor, said.form, status=422)
    try:
        course, place = _course(db, said.value.course), _place(db, actor, said.value.organisation)
        if fault := rules.due_fault(said.value.due_on, clock.today()):
            raise Invalid(due_on=fault)
        if posted.text("action") != "save":
            return _form(request, db, actor, said.form, plan_for=(course, place, said.value.due_on))
        with db.begin_nested():
            done = requirements.require(
                db,
                actor,
                course_id=course.id,
                organisation=place,
                due_on=said.value.due_on,
                reason=said.value.reason,
                legal_basis=said.value.legal_basis,
            )
    except KitError as refusal:
        return _form(request, db, actor, said.form.failing(refusal), status=422)
    return see_other(request, LIST, _said(done), kind="success" if done.added else "info")


def _course(db: Session, slug: str) -> CourseHead:
    head = catalog.course_by_slug(db, slug)
    if head is None or not head.live:
        raise Invalid(course=N_("Choose one of the courses."))
    return head


def _place(db: Session, actor: Actor, code: str) -> OrganisationCard:
    try:
        return organisations.organisation_for(db, actor, code, *ASSIGNS)
    except NotFound:
        raise Invalid(organisation=N_("Choose one of your organisations.")) from None


def _form(
    request: Request,
    db: Session,
    actor: Actor,
    form: Form,
    *,
    status: int = 200,
    plan_for: tuple[CourseHead, OrganisationCard, date] | None = None,
) -> Response:
    plan = None
    if plan_for is not None:
        course, place, due_on = plan_for
        plan = required.plan(
            db, course_id=course.id, organisation=place, due_on=due_on, today=clock.today(), lang=actor.lang
        )
    page = new_assignment_page(db, actor, form, plan)
    return render(request, db, actor, "managing/new_assignment.html", page, status=status)


def _said(done: Required) -> str:
    if done.added == 0:
        return _("This was assigned already, and everybody there has it. Nothing was changed.")
    said = ngettext("%(num)s person was assigned the course.", "%(num)s people were assigned the course.", done.added)
    if not done.later:
        return said
    rest = ngettext("%(num)s more follows within minutes.", "%(num)s more follow within minutes.", done.later)
    return f"{said} {rest}"


@router.post(f"{LIST}/{{key}}/end", **allow(Policy.ASSIGNS))
def end(request: Request, db: Db, actor: CurrentActor, key: str) -> Response:
    requirement = access.requirement_to_change(db, actor, key)
    if requirements.end(db, actor, requirement=requirement):
        return see_other(request, LIST, _("Ended. Nobody new is reached; those who have the course keep it."))
    return see_other(request, LIST, _("This assignment had ended before."), kind="info")
