"""Files of other platforms by API: a foreign file as a proposed course, and a course as a foreign file."""

from __future__ import annotations

import base64

from anyio.to_thread import run_sync
from fastapi import Request
from starlette.responses import Response

from app.catalog import access, actions, exchange, importer
from app.catalog.exchange import Note
from app.kit import clock
from app.kit.actor import Actor
from app.kit.blobs import Blobs
from app.kit.database import reading
from app.kit.errors import NotFound
from app.kit.i18n import N_
from app.organisations import queries as organisations
from app.web.api.publishing import problem_out
from app.web.api.schemas import ConversionOut, NoteOut
from app.web.deps import Db


def download(db: Db, actor: Actor, blobs: Blobs, slug: str, key: str) -> Response:
    found = access.editable_course(db, actor, slug)
    wanted = next((one for one in exchange.writable() if one.key == key), None)
    if wanted is None:
        raise NotFound(N_("There is no such format."))
    written = importer.written(blobs, importer.version_to_write(db, found), wanted.key)
    return Response(written.data, media_type=wanted.media_type)


async def convert(request: Request, actor: Actor, data: bytes, name: str, lang: str) -> ConversionOut:
    # Reading takes seconds for a large file: in a thread, and outside of any transaction.
    return await run_sync(_convert, request, actor, data, name, lang)


def _convert(request: Request, actor: Actor, data: bytes, name: str, lang: str) -> ConversionOut:
    with reading(request.app.state.sessions) as db:
        owner = organisations.by_id(db, actions.home_of(actor))
    taken = importer.apart.take(name, data, lang=lang, owner=owner.code if owner else "")
    examined = importer.apart.examine(name, taken.data, today=clock.today(), author=actor.name) if taken.data else None
    return ConversionOut(
        format=taken.foreign,
        notes=[note_out(note) for note in taken.notes],
        problems=[problem_out(problem) for problem in (examined.problems if examined else ())],
        course=base64.b64encode(taken.data).decode(),
    )


def note_out(note: Note) -> NoteOut:
    return NoteOut(outcome=note.outcome.value, item=note.item, line=note.line, message=note.said())
