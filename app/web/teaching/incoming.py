"""What came with a form: the file in it, or the one that was sent in pieces before and is named in it."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import Request

from app.kit import incoming
from app.kit.actor import Actor
from app.kit.blobs import Blobs
from app.kit.database import reading, writing
from app.kit.errors import NotFound
from app.web.deps import PostedForm


@dataclass(frozen=True, slots=True)
class Sent:
    """A file by its name. `key`: under which it was sent in pieces; empty for one that came with the form."""

    name: str
    data: bytes
    key: str = ""


def sent_files(
    request: Request, actor: Actor, blobs: Blobs, posted: PostedForm, field: str, *, limit: int
) -> tuple[Sent, ...]:
    """The files of a form. Of one that is larger than `limit` bytes one byte more than that is read."""
    found = []
    for key in posted.all("incoming"):
        if key and (one := _arrived(request, actor, blobs, key)) is not None:
            found.append(one)
    for file in posted.files(field):
        found.append(Sent(_plain(file.filename or ""), file.file.read(limit + 1)))
    return tuple(found)


def _arrived(request: Request, actor: Actor, blobs: Blobs, key: str) -> Sent | None:
    try:
        with reading(request.app.state.sessions) as db:
            known = incoming.found(db, actor, key)
    except NotFound:
        return None
    path = incoming.place(blobs.folder, known.key)
    if not known.whole or not path.exists():
        return None
    with path.open("rb") as file:
        return Sent(known.name, file.read(known.size), known.key)


def let_go(request: Request, blobs: Blobs, sent: tuple[Sent, ...]) -> None:
    """What was sent in pieces has been taken over, or will never be."""
    keys = [one.key for one in sent if one.key]
    if keys:
        with writing(request.app.state.sessions) as db:
            for key in keys:
                incoming.forget(db, blobs.folder, key)


def _plain(name: str) -> str:
    """A browser may send a whole path; only what the file is called counts."""
    return name.replace("\\", "/").rpartition("/")[2][-200:]
