"""People and their accounts."""

from __future__ import annotations

from dataclasses import replace

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.accounts import access, actions
from app.accounts.rules import INVITATION_VALID
from app.kit.errors import Conflict, Invalid, KitError, NotFound
from app.kit.i18n import gettext as _
from app.organisations.access import organisation_to_administer
from app.requirements import actions as requirements
from app.web.admin import forms
from app.web.admin.pages import HandOverPage
from app.web.admin.pages.people import people_page, person_form_page, person_page, values_of
from app.web.deps import CurrentActor, Db, Posted, SettingsDep
from app.web.forms import Form, check
from app.web.policy import Policy, allow
from app.web.responses import see_other
from app.web.templating import render

router = APIRouter()
LAST_PAGE = 100_000


@router.get("/admin/people", **allow(Policy.ADMINISTERS))
def people(
    request: Request,
    db: Db,
    actor: CurrentActor,
    q: str = "",
    organisation: str = "",
    state: str = "",
    page: int = 1,
) -> Response:
    number = max(1, min(page, LAST_PAGE))
    shown = people_page(db, actor, search=q.strip()[:200], organisation=organisation, state=state, page=number)
    return render(request, db, actor, "admin/people.html", shown)


@router.get("/admin/people/new", **allow(Policy.ADMINISTERS))
def new_person(request: Request, db: Db, actor: CurrentActor, organisation: str = "") -> Response:
    form = Form(values={"lang": "lt", "invite": "1", "organisation": organisation})
    return render(request, db, actor, "admin/person_form.html", person_form_page(db, actor, form))


@router.post("/admin/people", **allow(Policy.ADMINISTERS))
def create_person(request: Request, db: Db, actor: CurrentActor, posted: Posted, settings: SettingsDep) -> Response:
    said = check(forms.PersonNew, posted)
    form = said.form
    if said.value is not None:
        value = said.value
        try:
            with db.begin_nested():
                made = actions.create(
                    db,
                    actor,
                    organisation=organisation_to_administer(db, actor, value.organisation),
                    given_name=value.given_name,
                    family_name=value.family_name,
                    email=value.email or None,
                    staff_number=value.staff_number or None,
                    job_title=value.job_title,
                    lang=value.lang,
                )
                invited = value.invite and made.email is not None
                if invited:
                    actions.invite(db, actor, person_id=made.id, base_url=settings.base_url)
            told = _("%(name)s is added and invited.") if invited else _("%(name)s is added.")
            return see_other(request, f"/admin/people/{made.key}", told % {"name": made.name})
        except NotFound:
            form = replace(form, errors={**form.errors, "organisation": _("There is no such organisation.")})
        except (Invalid, Conflict) as refusal:
            form = form.failing(refusal)
    return render(request, db, actor, "admin/person_form.html", person_form_page(db, actor, form), status=422)


@router.get("/admin/people/{key}", **allow(Policy.ADMINISTERS))
def person(request: Request, db: Db, actor: CurrentActor, key: str) -> Response:
    card = access.person_to_show(db, actor, key)
    return render(request, db, actor, "admin/person.html", person_page(db, actor, card))


@router.get("/admin/people/{key}/edit", **allow(Policy.ADMINISTERS))
def edit_person(request: Request, db: Db, actor: CurrentActor, key: str) -> Response:
    card = access.person_to_manage(db, actor, key)
    page = person_form_page(db, actor, Form(values=values_of(card)), card)
    return render(request, db, actor, "admin/person_form.html", page)


@router.post("/admin/people/{key}/edit", **allow(Policy.ADMINISTERS))
def update_person(request: Request, db: Db, actor: CurrentActor, posted: Posted, key: str) -> Response:
    card = access.person_to_manage(db, actor, key)
    said = check(forms.PersonEdit, posted)
    form = said.form
    if said.value is not None:
        value = said.value
        try:
            with db.begin_nested():
                actions.update_person(
                    db,
                    actor,
                    person=card,
                    given_name=value.given_name,
                    family_name=value.family_name,
                    email=value.email or None,
                    staff_number=value.staff_number or None,
                    job_title=value.job_title,
                    lang=value.lang,
                )
            return see_other(request, f"/admin/people/{key}", _("Saved."))
        except (Invalid, Conflict) as refusal:
            form = form.failing(refusal)
    page = person_form_page(db, actor, form, card)
    return render(request, db, actor, "admin/person_form.html", page, status=422)


@router.post("/admin/people/{key}/move", **allow(Policy.ADMINISTERS))
def move_person(request: Request, db: Db, actor: CurrentActor, posted: Posted, key: str) -> Response:
    """Both ends are checked; the person's learning goes along."""
    card = access.person_to_manage(db, actor, key)
    said = check(forms.Place, posted)
    form = said.form
    if said.value is not None:
        try:
            with db.begin_nested():
                place = organisation_to_administer(db, actor, said.value.organisation)
                requirements.move_person(db, actor, person_id=card.id, organisation_id=place.id)
            return see_other(request, f"/admin/people/{key}", _("%(name)s is moved.", name=card.name))
        except KitError as refusal:
            form = form.failing(refusal)
    page = person_page(db, actor, card, move_form=form)
    return render(request, db, actor, "admin/person.html", page, status=422)


@router.post("/admin/people/{key}/disable", **allow(Policy.ADMINISTERS))
def disable_person(request: Request, db: Db, actor: CurrentActor, key: str) -> Response:
    card = access.person_to_manage(db, actor, key)
    actions.disable(db, actor, person=card)
    return see_other(request, f"/admin/people/{key}", _("The account is disabled and all its sign-ins are ended."))


@router.post("/admin/people/{key}/leave", **allow(Policy.ADMINISTERS))
def person_leaves(request: Request, db: Db, actor: CurrentActor, key: str) -> Response:
    """Works here no longer: unlike a disabled account this one loses its name when the time of its record is over."""
    card = access.person_to_manage(db, actor, key)
    requirements.leave_person(db, actor, person_id=card.id)
    return see_other(request, f"/admin/people/{key}", _("%(name)s has left: the account is closed.", name=card.name))


@router.post("/admin/people/{key}/enable", **allow(Policy.ADMINISTERS))
def enable_person(request: Request, db: Db, actor: CurrentActor, key: str) -> Response:
    card = access.person_to_manage(db, actor, key)
    actions.enable(db, actor, person=card)
    return see_other(request, f"/admin/people/{key}", _("The account is enabled."))


@router.post("/admin/people/{key}/invite", **allow(Policy.ADMINISTERS))
def invite_person(request: Request, db: Db, actor: CurrentActor, settings: SettingsDep, key: str) -> Response:
    card = access.person_to_manage(db, actor, key)
    actions.invite(db, actor, person_id=card.id, base_url=settings.base_url)
    return see_other(request, f"/admin/people/{key}", _("An invitation is on its way to %(email)s.", email=card.email))


@router.post("/admin/people/{key}/link", **allow(Policy.ADMINISTERS))
def hand_over_link(request: Request, db: Db, actor: CurrentActor, settings: SettingsDep, key: str) -> Response:
    """For somebody without an e-mail address. Answers with the page, because the link is shown here and never again."""
    card = access.person_to_manage(db, actor, key)
    token = actions.hand_over_link(db, actor, person=card)
    url = f"{settings.base_url.rstrip('/')}/set-password/{token}"
    page = HandOverPage(card.key, card.name, url, INVITATION_VALID.days)
    return render(request, db, actor, "admin/hand_over.html", page, status=201)


@router.post("/admin/people/{key}/grants", **allow(Policy.ADMINISTERS))
def give_role(request: Request, db: Db, actor: CurrentActor, posted: Posted, key: str) -> Response:
    card = access.person_to_show(db, actor, key)
    said = check(forms.GrantNew, posted)
    form = said.form
    if said.value is not None:
        try:
            with db.begin_nested():
                place = organisation_to_administer(db, actor, said.value.organisation)
                actions.give_grant(db, actor, person=card, role=said.value.role, organisation=place)
            return see_other(request, f"/admin/people/{key}", _("The role is given."))
        except NotFound:
            form = replace(form, errors={**form.errors, "organisation": _("There is no such organisation.")})
        except KitError as refusal:
            form = form.failing(refusal)
    page = person_page(db, actor, card, form=form)
    return render(request, db, actor, "admin/person.html", page, status=422)
