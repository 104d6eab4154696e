"""What a route may ask for: a session in the right mode, who is asking, and what was submitted."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy.orm import Session
from starlette.datastructures import FormData, UploadFile

from app.accounts import actions as accounts
from app.accounts import queries as people
from app.accounts.rules import SEEN_EVERY
from app.kit import clock
from app.kit.actor import ANONYMOUS, Actor
from app.kit.blobs import Blobs
from app.kit.database import POOL_SIZE, reading, writing
from app.settings import Settings

SESSION_COOKIES = ("__Host-klasteris", "klasteris")  # the first needs https


def open_session(request: Request) -> Iterator[Session]:
    mode = reading if request.method in {"GET", "HEAD"} else writing
    with mode(request.app.state.sessions) as session:
        yield session


# Bounded before it takes a thread: 200 POSTs at once would otherwise fill every thread with waiters.
Db = Annotated[Session, Depends(open_session, scope="function", max_concurrency=POOL_SIZE)]


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def session_token(request: Request) -> str:
    return next((request.cookies[name] for name in SESSION_COOKIES if name in request.cookies), "")


def bearer_token(request: Request) -> str:
    """The API token sent along; nothing outside /api/, where only a cookie signs in."""
    said = request.headers.get("authorization", "")
    is_one = request.url.path.startswith("/api/") and said.lower().startswith("bearer ")
    return said[7:].strip() if is_one else ""


def _asking(request: Request, db: Session, *, write: bool) -> Actor:
    """The person behind the session cookie, or behind an API token under /api/; rights are read afresh.

    `write`: `db` may be written to; else what there is to note is noted in a short transaction of its own.
    """

    def note(verb: Callable[..., None], what: object, last: datetime | None) -> None:
        if last is not None and clock.now() - last < SEEN_EVERY:
            return
        if write:
            verb(db, what)
            return
        with writing(request.app.state.sessions) as other:
            verb(other, what)

    if bearer := bearer_token(request):
        digest = token_hash(bearer)
        if (found := people.actor_by_token(db, digest)) is not None:
            note(accounts.touch_token, digest, found[1])
            return found[0]
        return ANONYMOUS
    token = session_token(request)
    if token and (signed_in := people.actor_by_session(db, token_hash(token))) is not None:
        note(accounts.touch, signed_in[1].id, signed_in[1].seen_at)
        return signed_in[0]
    return ANONYMOUS


def current_actor(request: Request, db: Db) -> Actor:
    actor = _asking(request, db, write=request.method not in {"GET", "HEAD"})
    request.state.actor = actor
    return actor


CurrentActor = Annotated[Actor, Depends(current_actor)]


def early_actor(request: Request) -> Actor:
    """Who is asking, looked up in a short transaction of its own, which is over before the route's slow work begins.

    For routes that hash, parse or render before they write: they must not take `Db`, which would hold SQLite's one
    writer meanwhile, and open `writing(request.app.state.sessions)` themselves when they are ready.
    """
    actor = ANONYMOUS
    if bearer_token(request) or session_token(request):  # nothing is looked up for nobody: /health must not need it
        with reading(request.app.state.sessions) as db:
            actor = _asking(request, db, write=False)
    request.state.actor = actor
    return actor


EarlyActor = Annotated[Actor, Depends(early_actor)]


@dataclass(frozen=True, slots=True)
class PostedForm:
    """The fields of a submitted form; texts are trimmed and their line ends made one."""

    data: FormData

    def text(self, name: str, default: str = "") -> str:
        value = self.data.get(name, default)
        return _clean(value) if isinstance(value, str) else default

    def all(self, name: str) -> list[str]:
        return [_clean(value) for value in self.data.getlist(name) if isinstance(value, str)]

    def file(self, name: str) -> UploadFile | None:
        value = self.data.get(name)
        return value if isinstance(value, UploadFile) and value.filename else None

    def files(self, name: str) -> list[UploadFile]:
        return [value for value in self.data.getlist(name) if isinstance(value, UploadFile) and value.filename]

    def has(self, name: str) -> bool:
        return name in self.data

    def names(self) -> list[str]:
        return list(dict.fromkeys(self.data.keys()))

    def values(self) -> dict[str, str | list[str]]:
        """Every text field as it was typed: one value, or a list where a name came more than once."""
        out: dict[str, str | list[str]] = {}
        for name in self.names():
            texts = [v.replace("\r\n", "\n") for v in self.data.getlist(name) if isinstance(v, str)]
            if texts:
                out[name] = texts[0] if len(texts) == 1 else texts
        return out


def _clean(value: str) -> str:
    return value.replace("\r\n", "\n").replace("\x00", "").strip()


async def posted_form(request: Request) -> AsyncIterator[PostedForm]:
    # Closed with the request, so that the files that came with it leave the disk.
    async with request.form(max_files=20, max_fields=2000) as data:
        yield PostedForm(data)


Posted = Annotated[PostedForm, Depends(posted_form)]


def settings_of(request: Request) -> Settings:
    settings: Settings = request.app.state.settings
    return settings


def blobs_of(request: Request) -> Blobs:
    blobs: Blobs = request.app.state.blobs
    return blobs


async def _settings(request: Request) -> Settings:
    return settings_of(request)


async def _blobs(request: Request) -> Blobs:
    return blobs_of(request)


SettingsDep = Annotated[Settings, Depends(_settings)]
BlobsDep = Annotated[Blobs, Depends(_blobs)]
