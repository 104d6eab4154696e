"""What every request passes on its way in and every response on its way out: origin, size, language, headers."""

from __future__ import annotations

import re
import secrets
from http.cookies import CookieError, SimpleCookie

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.kit import i18n, limits
from app.settings import Settings
from app.web.errors import error_response

CSP = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "media-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
    )
)
HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
SAFE = {"GET", "HEAD", "OPTIONS"}
LARGE = {
    "/teaching/uploads": limits.UPLOAD_BYTES,
    "/api/v1/courses": limits.UPLOAD_BYTES,
    "/admin/import": limits.IMPORT_BYTES,
    "/verify/pack": limits.PACK_BYTES,
}


class Gate:
    """Pure ASGI, since it stands before everything: refuses what came from another site or is too large."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        request_id = secrets.token_hex(6)
        scope.setdefault("state", {})["request_id"] = request_id
        i18n.speak(_language(headers))

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                out = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    out.setdefault(name, value)
                out["X-Request-Id"] = request_id
                if self.settings.secure_cookies:
                    out.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
            await send(message)

        limit = limit_for(scope["path"])
        length = headers.get("content-length", "0")
        if scope["method"] not in SAFE and not self._from_here(scope, headers):
            said = i18n.gettext(
                "This form did not come from a page of this site. Open the page again and send it from there."
            )
            await error_response(Request(scope), 403, said)(scope, receive, with_headers)
        elif not length.isdigit() or int(length) > limit:
            await error_response(Request(scope), 413)(scope, receive, with_headers)
        elif scope["method"] in SAFE or limit > limits.FORM_BYTES:
            await self.app(scope, _counted(receive, limit), with_headers)
        elif (whole := await _whole(receive, limit)) is None:
            await error_response(Request(scope), 413)(scope, receive, with_headers)
        else:
            await self.app(scope, whole, with_headers)

    def _from_here(self, scope: Scope, headers: Headers) -> bool:
        """An unsafe request must say that it comes from our own pages; one that says nothing is refused.

        A request with a bearer token and no cookie cannot be forged by another site, so the API takes it.
        """
        if scope["path"].startswith("/api/") and "authorization" in headers and "cookie" not in headers:
            return True
        site = headers.get("sec-fetch-site")
        if site is not None:
            return site == "same-origin"
        origin = headers.get("origin")
        if origin is None:
            return False
        return origin in (f"{scope['scheme']}://{headers.get('host', '')}", self.settings.base_url.rstrip("/"))


# A file handed in as an answer, with the form around it.
ANSWER_FILE = re.compile(r"/attempts/[\w-]+/\d+/file|/api/v1/attempts/[\w-]+/answers/[\w-]+/file")

# A file sent in pieces, one of which may be the whole of it; and files for a draft, sent with their form.
FILES = re.compile(
    r"/teaching/files/[\w-]+|/teaching/drafts/[\w-]+/media(?:/[0-9a-f]+/(?:replace|captions))?"
    r"|/api/v1/drafts/[\w-]+/media(?:/[0-9a-f]+)?"
)
QUESTIONS = re.compile(r"/api/v1/drafts/[\w-]+/questions")


def limit_for(path: str) -> int:
    if FILES.fullmatch(path):
        return limits.UPLOAD_BYTES
    if QUESTIONS.fullmatch(path):
        return limits.EXCHANGE_BYTES
    if ANSWER_FILE.fullmatch(path):
        return limits.ANSWER_FILE_BYTES + limits.MIB
    return LARGE.get(path, limits.FORM_BYTES)


async def _whole(receive: Receive, limit: int) -> Receive | None:
    """The body, read to its end before anything else is done with the request; None when it is too large.

    A route opens its transaction before it reads the form: one slow sender would hold SQLite's only writer.
    """
    body = bytearray()
    message: Message = {"type": "http.request", "more_body": True}
    while message["type"] == "http.request" and message.get("more_body", False):
        message = await receive()
        body += message.get("body", b"")
        if len(body) > limit:
            return None
    waiting = [message if message["type"] != "http.request" else {"type": "http.request", "body": bytes(body)}]

    async def again() -> Message:
        return waiting.pop() if waiting else await receive()

    return again


def _counted(receive: Receive, limit: int) -> Receive:
    seen = 0

    async def counted() -> Message:
        nonlocal seen
        message = await receive()
        if message["type"] == "http.request":
            seen += len(message.get("body", b""))
            if seen > limit:
                raise HTTPException(413)
        return message

    return counted


def _language(headers: Headers) -> str:
    try:
        cookie = SimpleCookie(headers.get("cookie", "")).get("lang")
    except CookieError:
        cookie = None
    if cookie is not None and cookie.value in i18n.LANGUAGES:
        return cookie.value
    for part in headers.get("accept-language", "").split(","):
        wanted = part.split(";")[0].strip().lower().split("-")[0]
        wanted = "nb" if wanted in ("no", "nn") else wanted
        if wanted in i18n.LANGUAGES:
            return wanted
    return i18n.DEFAULT
