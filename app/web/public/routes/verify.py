"""Checking a certificate by its code: for whoever holds the paper, signed in or not."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.accounts import actions as accounts
from app.accounts.rules import CERTIFICATE_MISSES
from app.certificates import queries as certificates
from app.certificates.rules import KEY_CHARACTERS, normal_key
from app.kit import clock
from app.kit.database import writing
from app.kit.errors import TooMany
from app.kit.i18n import N_
from app.kit.i18n import gettext as _
from app.web.deps import CurrentActor, Db, Posted
from app.web.forms import Form
from app.web.policy import Policy, allow
from app.web.public.pages.verify import VerifyPage, checked_page
from app.web.public.routes.signin import address_of
from app.web.responses import see_other
from app.web.templating import render

router = APIRouter()
TRIED = N_("Too many codes that do not exist were asked for from your address. Try again in a few minutes.")


@router.get("/verify", **allow(Policy.PUBLIC))
def verify(request: Request, db: Db, actor: CurrentActor) -> Response:
    return render(request, db, actor, "public/verify.html", VerifyPage(Form()))


@router.post("/verify", **allow(Policy.PUBLIC))
def by_code(request: Request, db: Db, actor: CurrentActor, posted: Posted) -> Response:
    """A code typed from paper, with or without its dashes."""
    typed = posted.text("code")
    key = normal_key(typed.rpartition("/verify/")[2])
    if len(key) == KEY_CHARACTERS:
        return see_other(request, f"/verify/{key}")
    said = _("The code has %(num)s letters and digits. Check it against the paper.", num=KEY_CHARACTERS)
    form = Form(values={"code": typed}, errors={"code": said if typed else _("Fill in this field.")})
    return render(request, db, actor, "public/verify.html", VerifyPage(form), status=422)


@router.get("/verify/{key}", **allow(Policy.PUBLIC))
def checked(request: Request, db: Db, actor: CurrentActor, key: str) -> Response:
    """How the certificate with this code stands. Only codes that lead nowhere are counted: a whole town hall may check
    its own."""
    counted = accounts.throttle_key("certificate", address_of(request))
    if wait := accounts.waits(db, counted, CERTIFICATE_MISSES):
        raise TooMany(TRIED, retry_seconds=wait)
    found = certificates.by_key(db, normal_key(key))
    if found is None:
        with writing(request.app.state.sessions) as other:
            accounts.take(other, counted, CERTIFICATE_MISSES)
        form = Form(values={"code": key[:80]}, errors={"code": _("There is no certificate with this code.")})
        return render(request, db, actor, "public/verify.html", VerifyPage(form), status=404)
    response = render(request, db, actor, "public/checked.html", checked_page(found, clock.now()))
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Cache-Control"] = "no-store"
    return response
