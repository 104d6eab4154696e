"""Redirects after a POST, with a sentence to show on the next page."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import Request
from starlette.responses import RedirectResponse, Response

from app.web import sealed
from app.web.deps import settings_of

FLASH = "notice"


@dataclass(frozen=True, slots=True)
class Notice:
    """`kind`: success | info | warning | danger."""

    kind: str
    text: str


def see_other(request: Request, url: str, notice: str = "", kind: str = "success") -> Response:
    """303: the page that shows the result, so that reloading repeats nothing."""
    response = RedirectResponse(url, status_code=303)
    if notice:
        settings = settings_of(request)
        value = sealed.seal(settings, FLASH, [kind, notice[:600]])
        response.set_cookie(FLASH, value, max_age=60, httponly=True, samesite="lax", secure=settings.secure_cookies)
    return response


def pdf(stem: str, data: bytes) -> Response:
    """A PDF that opens in the browser and is saved under this name."""
    headers = {
        "Content-Disposition": f'inline; filename="{stem}.pdf"',
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(data, media_type="application/pdf", headers=headers)


def archive(stem: str, data: bytes) -> Response:
    """A zip that is saved under this name."""
    headers = {
        "Content-Disposition": f'attachment; filename="{stem}.zip"',
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(data, media_type="application/zip", headers=headers)


def notices_of(request: Request) -> tuple[Notice, ...]:
    cookie = request.cookies.get(FLASH)
    if not cookie:
        return ()
    value = sealed.unseal(settings_of(request), FLASH, cookie, max_age=60)
    return (Notice(*value),) if value else ()
