"""Signing in and out."""

from __future__ import annotations

from dataclasses import replace

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.accounts import actions as accounts
from app.accounts import queries as people
from app.kit import i18n
from app.kit.actor import ANONYMOUS, Actor
from app.kit.database import reading, writing
from app.kit.errors import NotFound
from app.kit.i18n import N_, ngettext
from app.kit.i18n import gettext as _
from app.settings import Settings
from app.web import resume
from app.web.deps import CurrentActor, Db, EarlyActor, Posted, PostedForm, SettingsDep, session_token
from app.web.forms import Form
from app.web.pages import ResumePage
from app.web.policy import Policy, allow
from app.web.public.cookies import forget_session, keep_session, remember_language
from app.web.public.pages import SignInPage
from app.web.public.pages.signin import DEMO_DOMAIN, DEMO_KEYS, demo_people
from app.web.responses import see_other
from app.web.resume import own_path
from app.web.templating import render

router = APIRouter()


def address_of(request: Request) -> str:
    return request.client.host if request.client else ""


def waiting_words(seconds: int) -> str:
    minutes = max(1, -(-seconds // 60))
    return ngettext(
        "Too many tries. Try again in %(num)s minute.", "Too many tries. Try again in %(num)s minutes.", minutes
    )


@router.get("/sign-in", **allow(Policy.PUBLIC))
def sign_in_page(request: Request, db: Db, actor: CurrentActor, settings: SettingsDep, next: str = "") -> Response:
    target = own_path(next) if next else ""
    if actor.signed_in:
        return see_other(request, target or "/learning")
    demo = demo_people(db) if settings.demo else ()
    return render(request, db, actor, "public/sign_in.html", SignInPage(Form(), target, "", demo))


@router.post("/sign-in", **allow(Policy.PUBLIC, early=True))
def sign_in(request: Request, _before: EarlyActor, posted: Posted, settings: SettingsDep) -> Response:
    """Count in one transaction, check the password in none, begin in another; a refusal is a page, so its count stays."""
    login, password = posted.text("login"), posted.text("password")
    form = Form(values={"login": login})
    if not login or not password:
        errors = {
            name: _("Fill in this field.") for name, said in (("login", login), ("password", password)) if not said
        }
        return _again(request, settings, posted, replace(form, errors=errors), 422)
    address = address_of(request)
    sessions = request.app.state.sessions
    with writing(sessions) as db:
        admission = accounts.admit(db, login=login, address=address)
    if admission.retry_seconds:
        response = _again(request, settings, posted, replace(form, error=waiting_words(admission.retry_seconds)), 429)
        response.headers["Retry-After"] = str(admission.retry_seconds)
        return response
    verdict = accounts.verify(admission.credentials.password, password)
    token, actor = None, None
    if verdict.right:
        with writing(sessions) as db:
            accounts.sign_out(db, ANONYMOUS, token=session_token(request))
            token = accounts.begin(
                db,
                person_id=admission.credentials.person_id,
                address=address,
                agent=request.headers.get("user-agent", ""),
                login=login,
                verdict=verdict,
            )
            actor = people.actor_of(db, admission.credentials.person_id)
    if token is None or actor is None:
        said = _("The name and the password do not fit together. Check both, or ask for a new password.")
        return _again(request, settings, posted, replace(form, error=said), 422)
    return _go_on(request, settings, actor, token, posted)


@router.post("/sign-in/demo", **allow(Policy.PUBLIC))
def sign_in_as_demo(request: Request, db: Db, _before: CurrentActor, posted: Posted, settings: SettingsDep) -> Response:
    key = posted.text("demo")
    found = people.credentials(db, f"{key}@{DEMO_DOMAIN}") if settings.demo and key in DEMO_KEYS else None
    if found is None or not found.person_id:
        raise NotFound(N_("There is no such person in the demonstration."))
    accounts.sign_out(db, ANONYMOUS, token=session_token(request))
    agent = request.headers.get("user-agent", "")
    token = accounts.begin(db, person_id=found.person_id, address=address_of(request), agent=agent)
    actor = people.actor_of(db, found.person_id)
    assert token is not None and actor is not None  # credentials name active people only
    return _go_on(request, settings, actor, token, posted, keep_language=True)


@router.post("/sign-out", **allow(Policy.PUBLIC))
def sign_out(request: Request, db: Db, actor: CurrentActor, settings: SettingsDep) -> Response:
    accounts.sign_out(db, actor, token=session_token(request))
    response = see_other(request, "/", _("You are signed out."))
    forget_session(response, settings)
    return response


def _go_on(
    request: Request,
    settings: Settings,
    actor: Actor,
    token: str,
    posted: PostedForm,
    *,
    keep_language: bool = False,
) -> Response:
    """On to the page asked for, in the person's language; or to the form that was waiting for this sign-in."""
    kept = resume.unseal(settings, posted.text("kept")) if posted.text("kept") else None
    if not keep_language:
        i18n.speak(actor.lang)
    if kept is not None and kept.fields:
        page = ResumePage(path=kept.path, fields=kept.fields)
        response = render(request, None, actor, "errors/resume.html", page)
    else:
        target = own_path(posted.text("next")) if posted.text("next") else "/learning"
        response = see_other(request, "/learning" if target == "/" else target)
    keep_session(response, settings, token)
    if not keep_language:
        remember_language(response, settings, actor.lang)
    return response


def _again(request: Request, settings: Settings, posted: PostedForm, form: Form, status: int) -> Response:
    target = own_path(posted.text("next")) if posted.text("next") else ""
    with reading(request.app.state.sessions) as db:
        demo = demo_people(db) if settings.demo else ()
        page = SignInPage(form, target, posted.text("kept"), demo)
        return render(request, db, ANONYMOUS, "public/sign_in.html", page, status=status)
