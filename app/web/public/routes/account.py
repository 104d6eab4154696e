"""One's own account: nothing here can be done to anybody else's."""

from __future__ import annotations

from dataclasses import replace

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from app.accounts import actions as accounts
from app.accounts import queries as people
from app.accounts.rules import TOKEN_VALID
from app.kit import audit, i18n
from app.kit.actor import Actor
from app.kit.database import reading, writing
from app.kit.errors import KitError
from app.kit.i18n import gettext as _
from app.web.deps import CurrentActor, Db, EarlyActor, Posted, SettingsDep
from app.web.forms import Form, check
from app.web.policy import Policy, allow
from app.web.public import forms
from app.web.public.cookies import remember_language
from app.web.public.pages import NewTokenPage
from app.web.public.pages.account import account_page, password_page, sign_ins_page, tokens_page
from app.web.public.pages.data import as_json, data_page, sections
from app.web.public.routes.passwords import passwords_in
from app.web.public.routes.signin import address_of, waiting_words
from app.web.responses import see_other
from app.web.templating import render

router = APIRouter()


@router.get("/account", **allow(Policy.SIGNED_IN))
def account(request: Request, db: Db, actor: CurrentActor) -> Response:
    return render(request, db, actor, "public/account.html", account_page(db, actor))


@router.post("/account", **allow(Policy.SIGNED_IN))
def change_language(request: Request, db: Db, actor: CurrentActor, posted: Posted, settings: SettingsDep) -> Response:
    said = check(forms.Language, posted)
    if said.value is None:
        return render(request, db, actor, "public/account.html", account_page(db, actor, said.form), status=422)
    accounts.choose_language(db, actor, lang=said.value.lang)
    i18n.speak(said.value.lang)
    response = see_other(request, "/account", _("Saved."))
    remember_language(response, settings, said.value.lang)
    return response


@router.get("/account/data", **allow(Policy.SIGNED_IN))
def data(request: Request, db: Db, actor: CurrentActor) -> Response:
    return render(request, db, actor, "public/data.html", data_page(db, actor))


@router.post("/account/data.json", **allow(Policy.SIGNED_IN, early=True))
def data_file(request: Request, actor: EarlyActor) -> Response:
    """The same as a file. That it was taken is noted, for whoever asks later who has seen what."""
    with reading(request.app.state.sessions) as db:
        said = as_json(sections(db, actor))
    with writing(request.app.state.sessions) as db:
        audit.say(db, actor, "person.data-taken", subject=actor.key, organisation_id=actor.organisation_id)
    headers = {
        "Content-Disposition": 'attachment; filename="klasteris-my-data.json"',
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return JSONResponse(said, headers=headers)


@router.post("/account/data", **allow(Policy.SIGNED_IN))
def ask_about_data(request: Request, db: Db, actor: CurrentActor, posted: Posted, settings: SettingsDep) -> Response:
    """A question about one's own data; the answer has a date from the moment it is asked."""
    said = check(forms.DataQuestion, posted)
    form = said.form
    if said.value is not None:
        try:
            with db.begin_nested():
                value = said.value
                accounts.ask_about_data(db, actor, asked=value.asked, text=value.text, base_url=settings.base_url)
            return see_other(request, "/account/data", _("It is sent. You get the answer as a notice."))
        except KitError as refusal:
            form = form.failing(refusal)
    return render(request, db, actor, "public/data.html", data_page(db, actor, form), status=422)


@router.get("/account/password", **allow(Policy.SIGNED_IN))
def password_form(request: Request, db: Db, actor: CurrentActor) -> Response:
    return render(request, db, actor, "public/password.html", password_page(db, actor, Form()))


@router.post("/account/password", **allow(Policy.SIGNED_IN, early=True))
def change_password(request: Request, actor: EarlyActor, posted: Posted) -> Response:
    """The old password is checked as at the door: counted, outside any transaction."""
    sessions = request.app.state.sessions
    with reading(sessions) as db:
        card = people.person_by_id(db, actor.id)
    login = (card.email or card.key) if card else actor.key
    names = (actor.given_name, actor.family_name, login.split("@")[0])
    password, form = passwords_in(posted, names=names)
    if not posted.text("old"):
        form = replace(form, errors={"old": _("Fill in this field."), **form.errors})
    if form.wrong:
        return _password_again(request, actor, form, 422)
    with writing(sessions) as db:
        wait, stored = accounts.admit_change(db, actor, login=login, address=address_of(request))
    if wait:
        return _password_again(request, actor, Form(error=waiting_words(wait)), 429)
    if not accounts.verify(stored, posted.text("old")).right:
        return _password_again(request, actor, Form(errors={"old": _("This is not your present password.")}), 422)
    hashed = accounts.hash_password(password)
    with writing(sessions) as db:
        accounts.change_password(db, actor, stored=hashed)
    return see_other(request, "/account/password", _("Your password is changed, and all other sign-ins are ended."))


def _password_again(request: Request, actor: Actor, form: Form, status: int) -> Response:
    with reading(request.app.state.sessions) as db:
        page = password_page(db, actor, form)
        return render(request, db, actor, "public/password.html", page, status=status)


@router.get("/account/sign-ins", **allow(Policy.SIGNED_IN))
def sign_ins(request: Request, db: Db, actor: CurrentActor) -> Response:
    return render(request, db, actor, "public/sign_ins.html", sign_ins_page(db, actor))


@router.post("/account/sign-ins/others", **allow(Policy.SIGNED_IN))
def end_other_sign_ins(request: Request, db: Db, actor: CurrentActor) -> Response:
    accounts.end_other_sign_ins(db, actor)
    return see_other(request, "/account/sign-ins", _("All other sign-ins are ended."))


@router.post("/account/sign-ins/{sign_in_id}/end", **allow(Policy.SIGNED_IN))
def end_sign_in(request: Request, db: Db, actor: CurrentActor, sign_in_id: int) -> Response:
    accounts.end_sign_in(db, actor, sign_in_id=sign_in_id)
    return see_other(request, "/account/sign-ins", _("The sign-in is ended."))


@router.get("/account/tokens", **allow(Policy.SIGNED_IN))
def tokens(request: Request, db: Db, actor: CurrentActor) -> Response:
    return render(request, db, actor, "public/tokens.html", tokens_page(db, actor))


@router.post("/account/tokens", **allow(Policy.SIGNED_IN))
def make_token(request: Request, db: Db, actor: CurrentActor, posted: Posted) -> Response:
    """The one answer to a POST that is not a redirect: the token is shown here and never again."""
    said = check(forms.TokenName, posted)
    form = said.form
    if said.value is not None:
        try:
            with db.begin_nested():
                token = accounts.create_token(db, actor, name=said.value.name)
            page = NewTokenPage(said.value.name, token, TOKEN_VALID.days)
            return render(request, db, actor, "public/new_token.html", page, status=201)
        except KitError as refusal:
            form = form.failing(refusal)
    return render(request, db, actor, "public/tokens.html", tokens_page(db, actor, form), status=422)


@router.post("/account/tokens/{token_id}/end", **allow(Policy.SIGNED_IN))
def end_token(request: Request, db: Db, actor: CurrentActor, token_id: int) -> Response:
    accounts.end_token(db, actor, token_id=token_id)
    return see_other(request, "/account/tokens", _("The token is ended."))
