"""Files sent in pieces, and gone on with where the line broke: tus 1.0.0 (core, creation, expiration, termination)."""

from __future__ import annotations

import base64
import binascii
import errno
from email.utils import format_datetime

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect
from starlette.responses import PlainTextResponse, Response

from app.kit import incoming
from app.kit.actor import Actor
from app.kit.blobs import Blobs
from app.kit.database import reading, writing
from app.kit.errors import Conflict
from app.kit.i18n import gettext as _
from app.kit.i18n import number
from app.kit.incoming import Incoming
from app.kit.limits import MIB, UPLOAD_BYTES
from app.web.deps import BlobsDep, EarlyActor
from app.web.policy import Policy, allow

router = APIRouter()
VERSION = "1.0.0"
PIECE_TYPE = "application/offset+octet-stream"
# A long piece is acknowledged to ourselves every so often, so that a killed process does not lose all of it.
SETTLED_EVERY = 16 * MIB
WRITTEN_AT_ONCE = 1 * MIB


@router.options("/teaching/files", **allow(Policy.TEACHES, early=True))
async def abilities() -> Response:
    headers = {
        "Tus-Version": VERSION,
        "Tus-Extension": "creation,expiration,termination",
        "Tus-Max-Size": str(UPLOAD_BYTES),
    }
    return _answer(204, **headers)


@router.post("/teaching/files", **allow(Policy.TEACHES, early=True))
def begin(request: Request, actor: EarlyActor, blobs: BlobsDep) -> Response:
    """Announce a file. Too large, or no room for it: said before anything of it is sent."""
    if request.headers.get("tus-resumable") != VERSION:
        return _other_version()
    length = request.headers.get("upload-length", "")
    name = _name(request.headers.get("upload-metadata", ""))
    if not length.isdecimal() or len(length) > 15 or int(length) == 0 or not name:
        return _answer(400, _("Say how large the file is (Upload-Length) and what it is called (Upload-Metadata)."))
    size = int(length)
    if size > UPLOAD_BYTES:
        return _answer(413, _("This file is larger than %(limit)s MB.", limit=number(UPLOAD_BYTES // MIB)))
    if size > incoming.room(blobs.folder):
        return _full()
    try:
        with writing(request.app.state.sessions) as db:
            begun = incoming.begin(db, actor, name=name, size=size)
    except Conflict as refusal:
        return _answer(409, _(refusal.template))
    return _answer(201, Location=f"/teaching/files/{begun.key}", **_until(begun))


@router.head("/teaching/files/{key}", **allow(Policy.TEACHES, early=True))
def how_far(request: Request, actor: EarlyActor, key: str) -> Response:
    with reading(request.app.state.sessions) as db:
        found = incoming.found(db, actor, key)
    return _answer(200, **{"Upload-Offset": str(found.received), "Upload-Length": str(found.size)}, **_until(found))


@router.delete("/teaching/files/{key}", **allow(Policy.TEACHES, early=True))
def give_up(request: Request, actor: EarlyActor, blobs: BlobsDep, key: str) -> Response:
    with writing(request.app.state.sessions) as db:
        incoming.forget(db, blobs.folder, incoming.found(db, actor, key).key)
    return _answer(204)


@router.patch("/teaching/files/{key}", **allow(Policy.TEACHES, early=True))
async def go_on(request: Request, actor: EarlyActor, blobs: BlobsDep, key: str) -> Response:
    """Take the next piece. What has arrived when the line breaks is kept."""
    found = await run_in_threadpool(_found, request, actor, key)
    said = request.headers.get("upload-offset", "")
    if request.headers.get("tus-resumable") != VERSION:
        return _other_version()
    if request.headers.get("content-type", "") != PIECE_TYPE:
        return _answer(415)
    if not said.isdecimal() or len(said) > 15 or int(said) != found.received:
        return _answer(409, **{"Upload-Offset": str(found.received)})
    if int(request.headers.get("content-length", "0")) > found.size - found.received:
        return _answer(413, _("More was sent than was announced."))
    try:
        return await _take(request, blobs, found)
    except OSError as broken:
        if broken.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise
        return _full()


async def _take(request: Request, blobs: Blobs, found: Incoming) -> Response:
    kept, waiting = found.received, bytearray()
    with incoming.at(incoming.place(blobs.folder, found.key), kept) as file:
        written = kept

        async def down(*, settled: bool) -> bool:
            nonlocal kept, written
            if waiting:
                await run_in_threadpool(incoming.write, file, bytes(waiting))
                written += len(waiting)
                waiting.clear()
            if not settled or written == kept:
                return True
            await run_in_threadpool(incoming.settle, file)
            went = await run_in_threadpool(_advance, request, found.key, kept, written)
            kept = written
            return went

        too_much = went = False
        try:
            async for data in request.stream():
                too_much = written + len(waiting) + len(data) > found.size
                if too_much:
                    break
                waiting += data
                if len(waiting) >= WRITTEN_AT_ONCE and not await down(settled=written - kept >= SETTLED_EVERY):
                    return _answer(409)
        except ClientDisconnect:
            await down(settled=True)
            return _answer(204)  # to nobody
        went = await down(settled=True)
    if too_much:
        return _answer(413, _("More was sent than was announced."))
    if not went:  # the same piece came twice at once, or the file was given up meanwhile
        return _answer(409)
    return _answer(204, **{"Upload-Offset": str(kept)}, **_until(found))


def _found(request: Request, actor: Actor, key: str) -> Incoming:
    with reading(request.app.state.sessions) as db:
        return incoming.found(db, actor, key)


def _advance(request: Request, key: str, known: int, received: int) -> bool:
    with writing(request.app.state.sessions) as db:
        return incoming.advance(db, key=key, known=known, received=received)


def _name(metadata: str) -> str:
    """What the file is called, of pairs "name base64,…"; empty when it is not said."""
    for pair in metadata[:4000].split(","):
        name, _between, value = pair.strip().partition(" ")
        if name == "filename":
            try:
                said = base64.b64decode(value, validate=True).decode("utf-8")
            except (binascii.Error, UnicodeDecodeError):
                return ""
            # A browser may send a whole path; only what the file is called counts.
            return said.replace("\\", "/").rpartition("/")[2].replace("\x00", "")[-200:]
    return ""


def _until(found: Incoming) -> dict[str, str]:
    return {"Upload-Expires": format_datetime(found.until, usegmt=True)}


def _full() -> Response:
    sentence = _("There is no room left for this file. Tell your administrator that the disk is full, then try again.")
    return _answer(507, sentence)


def _other_version() -> Response:
    return _answer(412, **{"Tus-Version": VERSION})


def _answer(status: int, sentence: str = "", **headers: str) -> Response:
    """`sentence` is for the person; the script shows it."""
    said = {"Tus-Resumable": VERSION, "Cache-Control": "no-store", **headers}
    if status == 204:
        return Response(status_code=204, headers=said)
    return PlainTextResponse(sentence, status_code=status, headers=said)
