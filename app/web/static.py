"""Bundled files: named by their content, so cached for ever, and sent already compressed."""

from __future__ import annotations

import mimetypes
from pathlib import Path

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

mimetypes.add_type("font/woff2", ".woff2")
mimetypes.add_type("image/svg+xml", ".svg")
mimetypes.add_type("text/javascript", ".js")


class Bundle:
    """An ASGI application over one folder, read into memory once: it is a handful of files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.files: dict[str, bytes] = {}

    def _read(self, name: str) -> bytes | None:
        if name not in self.files:
            path = self.folder / name
            if path.parent != self.folder or name.startswith(".") or not path.is_file():
                return None
            self.files[name] = path.read_bytes()
        return self.files[name]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        name = scope["path"].rpartition("/")[2]
        plain = self._read(name)
        if plain is None or scope["method"] not in ("GET", "HEAD"):
            await PlainTextResponse("Not found", 404)(scope, receive, send)
            return
        accepted = Headers(scope=scope).get("accept-encoding", "")
        headers = {"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding"}
        body = plain
        for coding, ending in (("br", ".br"), ("gzip", ".gz")):
            smaller = self._read(name + ending) if coding in accepted else None
            if smaller is not None:
                body, headers["Content-Encoding"] = smaller, coding
                break
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        await Response(body, media_type=kind, headers=headers)(scope, receive, send)
