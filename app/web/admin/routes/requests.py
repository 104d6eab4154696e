"""What people ask about their data: read it, answer it, or say why that takes longer."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.accounts import access, actions
from app.kit.errors import KitError
from app.kit.i18n import gettext as _
from app.web.admin import forms
from app.web.admin.pages.requests import LIST, request_page, requests_page
from app.web.deps import CurrentActor, Db, Posted, SettingsDep
from app.web.forms import check
from app.web.policy import Policy, allow
from app.web.responses import see_other
from app.web.templating import render

router = APIRouter()
ONE = f"{LIST}/{{key}}"


@router.get(LIST, **allow(Policy.ADMINISTERS))
def requests(request: Request, db: Db, actor: CurrentActor) -> Response:
    return render(request, db, actor, "admin/requests.html", requests_page(db, actor))


@router.get(ONE, **allow(Policy.ADMINISTERS))
def one_request(request: Request, db: Db, actor: CurrentActor, key: str) -> Response:
    found = access.request_to_answer(db, actor, key)
    return render(request, db, actor, "admin/request.html", request_page(found))


@router.post(f"{ONE}/answer", **allow(Policy.ADMINISTERS))
def answer(request: Request, db: Db, actor: CurrentActor, posted: Posted, settings: SettingsDep, key: str) -> Response:
    found = access.request_to_answer(db, actor, key)
    said = check(forms.DataAnswer, posted)
    form = said.form
    if said.value is not None:
        try:
            with db.begin_nested():
                actions.answer_request(db, actor, request=found, answer=said.value.answer, base_url=settings.base_url)
            return see_other(request, LIST, _("The answer is sent to %(name)s.", name=found.person))
        except KitError as refusal:
            form = form.failing(refusal)
    return render(request, db, actor, "admin/request.html", request_page(found, form), status=422)


@router.post(f"{ONE}/put-off", **allow(Policy.ADMINISTERS))
def put_off(request: Request, db: Db, actor: CurrentActor, posted: Posted, settings: SettingsDep, key: str) -> Response:
    found = access.request_to_answer(db, actor, key)
    said = check(forms.DataPutOff, posted)
    form = said.form
    if said.value is not None:
        try:
            with db.begin_nested():
                actions.take_longer(db, actor, request=found, because=said.value.because, base_url=settings.base_url)
            return see_other(request, f"{LIST}/{key}", _("%(name)s is told why it takes longer.", name=found.person))
        except KitError as refusal:
            form = form.failing(refusal)
    return render(request, db, actor, "admin/request.html", request_page(found, form), status=422)
