"""A forgotten password, and choosing one by a link from a mail."""

from __future__ import annotations

from dataclasses import replace

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.accounts import actions as accounts
from app.accounts import queries as people
from app.accounts.queries import LinkCard
from app.accounts.rules import password_fault
from app.kit.actor import ANONYMOUS, Actor
from app.kit.database import reading, writing
from app.kit.errors import NotFound
from app.kit.i18n import gettext as _
from app.web.deps import CurrentActor, Db, EarlyActor, Posted, PostedForm
from app.web.forms import Form
from app.web.policy import Policy, allow
from app.web.public.pages import ForgotPage, LinkGonePage
from app.web.public.pages.signin import set_password_page
from app.web.public.routes.signin import address_of, waiting_words
from app.web.responses import see_other
from app.web.templating import render

router = APIRouter()


@router.get("/forgot-password", **allow(Policy.PUBLIC))
def forgot_page(request: Request, db: Db, actor: CurrentActor, sent: str = "") -> Response:
    return render(request, db, actor, "public/forgot.html", ForgotPage(Form(), sent=bool(sent)))


@router.post("/forgot-password", **allow(Policy.PUBLIC))
def forgot(request: Request, db: Db, actor: CurrentActor, posted: Posted) -> Response:
    """Answers the same whether there is such a person or not; a refusal is a page, so that its count stays."""
    email = posted.text("email")[:300]
    form = Form(values={"email": email})
    if not email:
        form = replace(form, errors={"email": _("Fill in this field.")})
        return render(request, db, actor, "public/forgot.html", ForgotPage(form, sent=False), status=422)
    if wait := accounts.ask_for_password(db, email=email, address=address_of(request)):
        form = replace(form, error=waiting_words(wait))
        return render(request, db, actor, "public/forgot.html", ForgotPage(form, sent=False), status=429)
    return see_other(request, "/forgot-password?sent=1")


def passwords_in(posted: PostedForm, *, names: tuple[str, ...]) -> tuple[str, Form]:
    """The new password, typed twice, and a form that says what is wrong with it. Nothing secret is shown again."""
    password, again = posted.text("password"), posted.text("again")
    form = Form()
    if fault := password_fault(password, names=names):
        form = replace(form, errors={"password": _(fault)})
    elif password != again:
        form = replace(form, errors={"again": _("The two passwords are not the same.")})
    return password, form


def names_of(link: LinkCard) -> tuple[str, ...]:
    return (link.given_name, link.family_name, *(link.email or "").split("@")[:1])


@router.get("/set-password/{token}", **allow(Policy.PUBLIC))
def set_password_form(request: Request, db: Db, actor: CurrentActor, token: str) -> Response:
    link = people.link_for(db, token)
    if link is None:
        return _gone(request, actor)
    return render(request, db, actor, "public/set_password.html", set_password_page(link, Form()))


@router.post("/set-password/{token}", **allow(Policy.PUBLIC, early=True))
def set_password(request: Request, actor: EarlyActor, posted: Posted, token: str) -> Response:
    """Hashing comes between two transactions; the second spends the link, once."""
    sessions = request.app.state.sessions
    with reading(sessions) as db:
        link = people.link_for(db, token)
    if link is None:
        return _gone(request, actor)
    password, form = passwords_in(posted, names=names_of(link))
    if form.wrong:
        page = set_password_page(link, form)
        return render(request, None, actor, "public/set_password.html", page, status=422)
    stored = accounts.hash_password(password)
    try:
        with writing(sessions) as db:
            accounts.set_password(db, token=token, stored=stored)
    except NotFound:
        return _gone(request, actor)
    return see_other(request, "/sign-in", _("Your password is set. Sign in with it."))


def _gone(request: Request, actor: Actor) -> Response:
    return render(
        request, None, actor or ANONYMOUS, "public/link_gone.html", LinkGonePage("/forgot-password"), status=404
    )
