"""Refusals and mishaps become pages (JSON under /api/), in the reader's language."""

from __future__ import annotations

import logging
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, RedirectResponse, Response

from app.kit.actor import ANONYMOUS, Actor
from app.kit.errors import Conflict, Forbidden, Invalid, KitError, NotFound, TooMany
from app.kit.i18n import gettext
from app.web import resume
from app.web.deps import settings_of
from app.web.forms import Form
from app.web.pages import ErrorPage, SignedOutPage
from app.web.resume import SignedOut
from app.web.site import NavItem
from app.web.templating import render

log = logging.getLogger("klasteris.web")
STATUS: dict[type[KitError], int] = {NotFound: 404, Forbidden: 403, Conflict: 409, Invalid: 422, TooMany: 429}


def _title(status: int) -> str:
    match status:
        case 403:
            return gettext("You cannot do this")
        case 404:
            return gettext("There is no such page")
        case 405:
            return gettext("This cannot be done here")
        case 409:
            return gettext("Things have changed meanwhile")
        case 413:
            return gettext("This is too large")
        case 422 | 400:
            return gettext("Something is missing or wrong")
        case 429:
            return gettext("Too many tries")
        case 507:
            return gettext("There is no room left to save this")
        case _:
            return gettext("Something went wrong on our side")


def _text(status: int) -> str:
    match status:
        case 404:
            return gettext("The address may be mistyped, or what was here is not for you to see.")
        case 413:
            return gettext("Send a smaller file, or split it into parts.")
        case 422 | 400:
            return gettext("Go back, check what you filled in, and send it again.")
        case 405:
            return gettext("Go back and use the buttons on the page.")
        case 507:
            return gettext(
                "What you had saved before is safe. Tell your administrator that the disk is full, then try again."
            )
        case _:
            return gettext(
                "Nothing you had saved is lost. Try again in a minute; if it happens again, tell us the number below."
            )


def error_response(request: Request, status: int, text: str = "", headers: dict[str, str] | None = None) -> Response:
    actor: Actor = getattr(request.state, "actor", ANONYMOUS)
    if request.url.path.startswith("/api/"):
        return JSONResponse({"detail": text or _text(status)}, status_code=status, headers=headers)
    links = [NavItem(gettext("My learning"), "/learning") if actor.signed_in else NavItem(gettext("Front page"), "/")]
    links += [NavItem(gettext("Course catalogue"), "/catalogue"), NavItem(gettext("Help"), "/help")]
    page = ErrorPage(
        title=_title(status),
        text=text or _text(status),
        status=status,
        request_id=getattr(request.state, "request_id", ""),
        links=tuple(links),
    )
    response = render(request, None, actor, "errors/error.html", page, status=status)
    response.headers.update(headers or {})
    return response


async def on_refusal(request: Request, refusal: Exception) -> Response:
    assert isinstance(refusal, KitError)
    status = next(code for kind, code in STATUS.items() if isinstance(refusal, kind))
    headers = {"Retry-After": str(refusal.retry_seconds)} if isinstance(refusal, TooMany) else None
    if isinstance(refusal, Invalid) and request.url.path.startswith("/api/"):
        fields = {name: gettext(why.template, **why.values) for name, why in refusal.fields.items()}
        return JSONResponse({"detail": gettext(refusal.template), "fields": fields}, status_code=422)
    if status in (403, 404):
        log.info("denied", extra={"path": request.url.path, "status": status})
    return error_response(request, status, gettext(refusal.template, **refusal.values), headers)


async def on_signed_out(request: Request, refusal: Exception) -> Response:
    """Off to the sign-in page and back; a form that was on its way is kept beside the sign-in fields."""
    assert isinstance(refusal, SignedOut)
    if request.url.path.startswith("/api/"):
        return JSONResponse(
            {"detail": gettext("Sign in with a personal token: Authorization: Bearer …")},
            status_code=401,
            headers={"WWW-Authenticate": "Bearer"},
        )
    kept = refusal.kept
    if not kept.posted:
        return RedirectResponse(f"/sign-in?next={quote(kept.path, safe='')}", status_code=303)
    page = SignedOutPage(
        form=Form(), next=kept.path, kept=resume.seal(settings_of(request), kept) if kept.fields else ""
    )
    return render(request, None, ANONYMOUS, "errors/signed_out.html", page, status=401)


async def on_http(request: Request, refusal: Exception) -> Response:
    assert isinstance(refusal, HTTPException)
    return error_response(request, refusal.status_code, headers=dict(refusal.headers or {}))


async def on_malformed(request: Request, refusal: Exception) -> Response:
    assert isinstance(refusal, RequestValidationError)
    if request.url.path.startswith("/api/"):
        return JSONResponse({"detail": [{"loc": e["loc"], "msg": e["msg"]} for e in refusal.errors()]}, status_code=422)
    # A path or query that does not parse names nothing there is.
    where = {str(e["loc"][0]) for e in refusal.errors()}
    return error_response(request, 404 if "path" in where else 422)


async def on_mishap(request: Request, mishap: Exception) -> Response:
    log.error("unhandled", exc_info=mishap, extra={"path": request.url.path})
    return error_response(request, 507 if _for_want_of_room(mishap) else 500)


def _for_want_of_room(mishap: BaseException | None) -> bool:
    """Whether a full disk began it. SQLite undoes a transaction by itself then, and what asks it to do so again fails too."""
    seen: set[int] = set()
    asked = [mishap]
    while asked:
        one = asked.pop()
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        if "disk is full" in str(one) or "No space left" in str(one):
            return True
        asked += [one.__cause__, one.__context__]
    return False


def install(app: FastAPI) -> None:
    app.add_exception_handler(KitError, on_refusal)
    app.add_exception_handler(SignedOut, on_signed_out)
    app.add_exception_handler(HTTPException, on_http)
    app.add_exception_handler(RequestValidationError, on_malformed)
    app.add_exception_handler(Exception, on_mishap)
