"""Files of courses on their way to a browser: never run, cached for ever, films in the pieces that a player asks for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol
from urllib.parse import quote

from fastapi import Request
from starlette.responses import FileResponse, Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from app.catalog.format.library import ending
from app.catalog.importer import apart
from app.catalog.importer.bringing import Brought
from app.kit.blobs import Blobs
from app.kit.errors import NotFound
from app.kit.i18n import N_, number
from app.kit.limits import MIB, UPLOAD_BYTES
from app.kit.worker import TooHeavy

# Whatever stands in such a file, it is alone: no script, no origin, nothing fetched (an SVG brings its own styles).
HEADERS = {
    "Content-Security-Policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, max-age=31536000, immutable",
    "Accept-Ranges": "bytes",
}
SHOWN = ("image/", "video/", "audio/", "text/")
PIECE = 256 * 1024
_RANGE = re.compile(r"bytes=(\d*)-(\d*)")


class Whole(FileResponse):
    """A file from beginning to end, whatever range was asked for: which ones are answered is decided below."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        heads = [pair for pair in scope["headers"] if pair[0] != b"range"]
        await super().__call__({**scope, "headers": heads}, receive, send)


class File(Protocol):
    """What `catalog.queries.asset` answers: a name to save it under, where it lies, what it is."""

    @property
    def name(self) -> str: ...
    @property
    def blob(self) -> str: ...
    @property
    def media_type(self) -> str: ...


def brought(name: str, data: bytes) -> Brought:
    """A file sent for a draft, looked at and made fit to be kept; `why` says what is wrong. Takes its time."""
    if len(data) > UPLOAD_BYTES:
        limit = number(UPLOAD_BYTES // MIB)
        return Brought(name, b"", N_("This file is larger than %(limit)s MB."), (("limit", limit),))
    if ending(name) == "md" or not data:
        return Brought(name, b"", N_("This file is empty, or text that belongs into a page."))
    try:
        return apart.bring(name, data)
    except TooHeavy as refusal:
        return Brought(name, b"", refusal.template)


def media_response(asset: File, blobs: Blobs, request: Request) -> Response:
    """One file of a course; of several ranges asked for at once the whole is sent instead.

    `If-Range` with anything but this very content also gets the whole: the rest of another file is of no use.
    """
    if not blobs.has(asset.blob):
        raise NotFound(N_("There is no such file."))
    path = blobs.path(asset.blob)
    headers = headers_for(asset.name, asset.media_type) | {"ETag": f'"{asset.blob}"'}
    if _names(request.headers.get("if-none-match", ""), headers["ETag"]):
        return Response(status_code=304, headers=headers)
    size = path.stat().st_size
    same = request.headers.get("if-range", headers["ETag"]) == headers["ETag"]
    asked = _range(request.headers.get("range", ""), size) if same and request.method == "GET" else None
    if asked is None:
        return Whole(path, headers=headers, media_type=_type(asset.media_type))
    first, last = asked
    if first > last:
        return Response(status_code=416, headers=headers | {"Content-Range": f"bytes */{size}"})
    headers |= {"Content-Range": f"bytes {first}-{last}/{size}", "Content-Length": str(last - first + 1)}
    return StreamingResponse(_piece(path, first, last), 206, headers, _type(asset.media_type))


def bytes_response(name: str, media_type: str, data: bytes) -> Response:
    """The same for a file that is not kept yet: what a preview shows of an upload."""
    headers = headers_for(name, media_type) | {"Cache-Control": "private, max-age=600"}
    del headers["Accept-Ranges"]
    return Response(data, headers=headers, media_type=_type(media_type))


def private_file(blobs: Blobs, *, blob: str, name: str, media_type: str) -> Response:
    """A file that one person handed in: to be saved and never shown, and kept by no cache."""
    if not blobs.has(blob):
        raise NotFound(N_("There is no such file."))
    headers = HEADERS | {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}",
        "Cache-Control": "no-store",
    }
    del headers["Accept-Ranges"]
    return FileResponse(blobs.path(blob), headers=headers, media_type=_type(media_type))


def headers_for(name: str, media_type: str) -> dict[str, str]:
    how = "inline" if media_type.startswith(SHOWN) else "attachment"
    return HEADERS | {"Content-Disposition": f"{how}; filename*=UTF-8''{quote(name)}"}


def _type(media_type: str) -> str:
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type


def _names(said: str, tag: str) -> bool:
    """Whether a list of entity tags names this one; a proxy may have called it weak on its way."""
    return said.strip() == "*" or tag in (one.strip().removeprefix("W/") for one in said.split(","))


def _range(asked: str, size: int) -> tuple[int, int] | None:
    """The first and last byte of the one range asked for; None when there is none that can be understood."""
    found = _RANGE.fullmatch(asked.strip())
    if found is None or found[0] == "bytes=-" or len(asked) > 60:
        return None
    first, last = found.groups()
    if first and last and int(last) < int(first):
        return None
    if not first:
        return max(0, size - int(last)), size - 1
    return int(first), min(int(last), size - 1) if last else size - 1


def _piece(path: Path, first: int, last: int) -> Iterator[bytes]:
    with path.open("rb") as file:
        file.seek(first)
        left = last - first + 1
        while left > 0 and (data := file.read(min(PIECE, left))):
            left -= len(data)
            yield data
