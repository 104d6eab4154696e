"""The two cookies that are kept: who is signed in, and in which language to speak."""

from __future__ import annotations

from starlette.responses import Response

from app.settings import Settings
from app.web.deps import SESSION_COOKIES

YEAR = 365 * 24 * 3600


def keep_session(response: Response, settings: Settings, token: str) -> None:
    # Without an age it ends with the browser; the server ends it earlier when it is idle or twelve hours old.
    name = SESSION_COOKIES[0] if settings.secure_cookies else SESSION_COOKIES[1]
    response.set_cookie(name, token, httponly=True, secure=settings.secure_cookies, samesite="lax", path="/")


def forget_session(response: Response, settings: Settings) -> None:
    name = SESSION_COOKIES[0] if settings.secure_cookies else SESSION_COOKIES[1]
    response.delete_cookie(name, path="/", secure=settings.secure_cookies, httponly=True, samesite="lax")


def remember_language(response: Response, settings: Settings, code: str) -> None:
    response.set_cookie(
        "lang", code, max_age=YEAR, httponly=True, secure=settings.secure_cookies, samesite="lax", path="/"
    )
