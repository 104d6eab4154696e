"""The tree of organisations."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import APIRouter, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from app.kit.actor import Actor
from app.kit.errors import Conflict, Invalid, KitError
from app.kit.i18n import gettext as _
from app.kit.i18n import language
from app.learning import actions as learning
from app.organisations import actions
from app.organisations.access import organisation_to_administer
from app.organisations.queries import OrganisationCard
from app.organisations.rules import Sector
from app.web.admin import forms
from app.web.admin.pages.organisations import organisation_form_page, organisation_page, organisations_page
from app.web.deps import CurrentActor, Db, Posted
from app.web.forms import Form, check
from app.web.policy import Policy, allow
from app.web.responses import see_other
from app.web.templating import render

router = APIRouter()


def _url(card: OrganisationCard) -> str:
    return f"/admin/organisations/{card.code}"


@router.get("/admin/organisations", **allow(Policy.ADMINISTERS))
def organisations(request: Request, db: Db, actor: CurrentActor, q: str = "") -> Response:
    page = organisations_page(db, actor, q.strip()[:200])
    return render(request, db, actor, "admin/organisations.html", page)


@router.get("/admin/organisations/new", **allow(Policy.ADMINISTERS))
def new_organisation(request: Request, db: Db, actor: CurrentActor, parent: str = "") -> Response:
    above = organisation_to_administer(db, actor, parent)
    form = Form(values={"parent": above.code, "sector": Sector.PUBLIC.value})
    return render(request, db, actor, "admin/organisation_form.html", organisation_form_page(db, actor, above, form))


@router.post("/admin/organisations", **allow(Policy.ADMINISTERS))
def create_organisation(request: Request, db: Db, actor: CurrentActor, posted: Posted) -> Response:
    above = organisation_to_administer(db, actor, posted.text("parent"))
    said = check(forms.OrganisationNew, posted)
    form = said.form
    if said.value is not None:
        value = said.value
        try:
            with db.begin_nested():
                made = actions.create(
                    db,
                    actor,
                    parent=above,
                    code=value.code,
                    name=value.name,
                    name_en=value.name_en,
                    name_nb=value.name_nb,
                    kind=value.kind,
                    sector=value.sector,
                    county=value.county,
                    legal_code=value.legal_code,
                    country=value.country,
                )
            return see_other(request, _url(made), _("%(name)s is added.", name=made.name_in(language())))
        except (Invalid, Conflict) as refusal:
            form = form.failing(refusal)
    page = organisation_form_page(db, actor, above, form)
    return render(request, db, actor, "admin/organisation_form.html", page, status=422)


@router.get("/admin/organisations/{code}", **allow(Policy.ADMINISTERS))
def organisation(request: Request, db: Db, actor: CurrentActor, code: str) -> Response:
    card = organisation_to_administer(db, actor, code)
    return render(request, db, actor, "admin/organisation.html", organisation_page(db, actor, card))


@router.post("/admin/organisations/{code}", **allow(Policy.ADMINISTERS))
def rename_organisation(request: Request, db: Db, actor: CurrentActor, posted: Posted, code: str) -> Response:
    card = organisation_to_administer(db, actor, code)
    said = check(forms.OrganisationEdit, posted)
    if said.value is None:
        page = organisation_page(db, actor, card, form=said.form)
        return render(request, db, actor, "admin/organisation.html", page, status=422)
    value = said.value
    actions.rename(
        db,
        actor,
        organisation=card,
        name=value.name,
        name_en=value.name_en,
        name_nb=value.name_nb,
        county=value.county,
        legal_code=value.legal_code,
        country=value.country,
    )
    return see_other(request, _url(card), _("Saved."))


@router.post("/admin/organisations/{code}/move", **allow(Policy.ADMINISTERS))
def move_organisation(request: Request, db: Db, actor: CurrentActor, posted: Posted, code: str) -> Response:
    """Both ends are checked: what is moved, and where to."""
    card = organisation_to_administer(db, actor, code)
    said = check(forms.Place, posted)
    form = said.form
    if said.value is not None:
        try:
            with db.begin_nested():
                parent = organisation_to_administer(db, actor, said.value.organisation)
                learning.move_place(db, actor, organisation=card, parent=parent)
            return see_other(request, _url(card), _("%(name)s is moved.", name=card.name_in(language())))
        except KitError as refusal:
            form = form.failing(refusal)
    page = organisation_page(db, actor, card, move_form=form)
    return render(request, db, actor, "admin/organisation.html", page, status=422)


@router.post("/admin/organisations/{code}/review", **allow(Policy.ADMINISTERS))
def require_review(request: Request, db: Db, actor: CurrentActor, posted: Posted, code: str) -> Response:
    """Whether what is published here is to be read by a second person first."""
    card = organisation_to_administer(db, actor, code)
    required = posted.text("required") == "yes"
    actions.require_review(db, actor, organisation=card, required=required)
    said = _("Courses are published here only after a second person has read them.")
    return see_other(request, _url(card), said if required else _("Trainers publish here without a review."))


@router.post("/admin/organisations/{code}/close", **allow(Policy.ADMINISTERS))
def close_organisation(request: Request, db: Db, actor: CurrentActor, code: str) -> Response:
    said = _("%(name)s is closed: nothing new can be put there.")
    return _open_or_close(request, db, actor, code, actions.close, said)


@router.post("/admin/organisations/{code}/reopen", **allow(Policy.ADMINISTERS))
def reopen_organisation(request: Request, db: Db, actor: CurrentActor, code: str) -> Response:
    return _open_or_close(request, db, actor, code, actions.reopen, _("%(name)s is open again."))


def _open_or_close(
    request: Request, db: Session, actor: Actor, code: str, verb: Callable[..., OrganisationCard], said: str
) -> Response:
    card = organisation_to_administer(db, actor, code)
    try:
        with db.begin_nested():
            verb(db, actor, organisation=card)
    except Conflict as refusal:
        page = organisation_page(db, actor, card, move_form=Form().failing(refusal))
        return render(request, db, actor, "admin/organisation.html", page, status=409)
    return see_other(request, _url(card), said % {"name": card.name_in(language())})
