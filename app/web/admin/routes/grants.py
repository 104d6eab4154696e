"""Roles: who holds which, where."""

from __future__ import annotations

from dataclasses import replace

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.accounts import access, actions
from app.kit.actor import Role
from app.kit.errors import Conflict, KitError, NotFound
from app.kit.i18n import gettext as _
from app.organisations.access import organisation_to_administer
from app.web.admin import forms
from app.web.admin.pages.roles import grants_page
from app.web.deps import CurrentActor, Db, Posted
from app.web.forms import Form, check
from app.web.policy import Policy, allow
from app.web.responses import see_other
from app.web.resume import own_path
from app.web.templating import render

router = APIRouter()


@router.get("/admin/grants", **allow(Policy.ADMINISTERS))
def grants(request: Request, db: Db, actor: CurrentActor, role: str = "") -> Response:
    known = role if role in set(Role) else ""
    page = grants_page(db, actor, role=known, form=Form())
    return render(request, db, actor, "admin/grants.html", page)


@router.post("/admin/grants", **allow(Policy.ADMINISTERS))
def give_role_by_address(request: Request, db: Db, actor: CurrentActor, posted: Posted) -> Response:
    said = check(forms.GrantByAddress, posted)
    form = said.form
    if said.value is not None:
        value = said.value
        try:
            with db.begin_nested():
                person = access.person_by_address(db, actor, value.email)
                place = organisation_to_administer(db, actor, value.organisation)
                actions.give_grant(db, actor, person=person, role=value.role, organisation=place)
            return see_other(request, "/admin/grants", _("The role is given to %(name)s.", name=person.name))
        except NotFound:
            form = replace(form, errors={**form.errors, "organisation": _("There is no such organisation.")})
        except KitError as refusal:
            form = form.failing(refusal)
    page = grants_page(db, actor, role="", form=form)
    return render(request, db, actor, "admin/grants.html", page, status=422)


@router.post("/admin/grants/{grant_id}/take", **allow(Policy.ADMINISTERS))
def take_role(request: Request, db: Db, actor: CurrentActor, posted: Posted, grant_id: int) -> Response:
    grant = access.grant_to_take(db, actor, grant_id)
    back = own_path(posted.text("back")) if posted.text("back") else "/admin/grants"
    try:
        with db.begin_nested():
            actions.take_grant(db, actor, grant=grant)
    except Conflict as refusal:
        return see_other(request, back, _(refusal.template), kind="warning")
    return see_other(request, back, _("The role is taken away."))
