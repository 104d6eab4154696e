"""The media of a draft by API: listed, brought in, replaced, described, taken away and taken out."""

from __future__ import annotations

from typing import Annotated, Any

from anyio.to_thread import run_sync
from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session
from starlette.responses import JSONResponse, Response

from app.catalog import access, actions, queries
from app.catalog.format.library import ending
from app.catalog.importer.places import MEDIA_TYPES
from app.catalog.queries import DraftHead, MediaFile, StoredAsset
from app.kit.actor import Actor
from app.kit.database import reading, writing
from app.kit.errors import Invalid, KitError, NotFound
from app.kit.i18n import N_
from app.kit.limits import ALT_CHARACTERS, NAME_CHARACTERS
from app.web.api.duties import MISSING, SIGN_IN, WRONG, Answer
from app.web.api.schemas import Out
from app.web.deps import BlobsDep, CurrentActor, Db, EarlyActor, blobs_of
from app.web.media import brought, media_response
from app.web.policy import Policy, allow

router = APIRouter(prefix="/api")
LIBRARY = "/v1/drafts/{key}/media"
ONE = f"{LIBRARY}/{{file}}"
USED: Answer = {409: {"description": "A page shows it, or the draft is published or given up."}}
CONTENT: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}


class MediaOut(Out):
    """`text` is what a picture shows; null where nothing has been said of it yet."""

    file: str = Field(description="by which it is called in addresses")
    path: str = Field(description="as pages write it")
    kind: str = Field(description="picture, video, audio, captions, transcript or document")
    size: int = Field(description="bytes")
    used: list[str] = Field(description="paths of the texts that show it")
    text: str | None
    decorative: bool
    missing: list[str] = Field(description="paths of captions and transcript that a recording lacks")


class TextBody(BaseModel):
    """What a picture shows, or that it only decorates."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)
    text: str = Field(default="", max_length=ALT_CHARACTERS)
    decorative: bool = False


class DescribedOut(MediaOut):
    pages: int = Field(description="in how many pages it is said now")


@router.get(LIBRARY, tags=["drafts"], responses={**SIGN_IN, **MISSING}, **allow(Policy.TEACHES))
def library(db: Db, actor: CurrentActor, key: str) -> list[MediaOut]:
    """The files of a draft other than its texts, by path; those that were taken out are not here."""
    draft = access.draft_for(db, actor, key)
    return [_out(one) for one in queries.media_library(db, draft).files if not one.removed]


@router.post(
    LIBRARY,
    tags=["drafts"],
    status_code=201,
    response_model=MediaOut,
    responses={**SIGN_IN, **MISSING, **WRONG, **USED},
    openapi_extra=CONTENT,
    **allow(Policy.TEACHES, early=True),
)
async def add(
    request: Request, actor: EarlyActor, key: str, name: Annotated[str, Query(max_length=NAME_CHARACTERS)]
) -> Response:
    """Add a file, sent as the body, under a free name like `name`. The same content a second time is kept once."""
    return await run_sync(_keep, request, actor, await request.body(), key, "", name)


@router.put(
    ONE,
    tags=["drafts"],
    response_model=MediaOut,
    responses={**SIGN_IN, **MISSING, **WRONG, **USED},
    openapi_extra=CONTENT,
    **allow(Policy.TEACHES, early=True),
)
async def replace(request: Request, actor: EarlyActor, key: str, file: str) -> Response:
    """Put another content, sent as the body, in place of a file of the same kind: every page shows the new one."""
    return await run_sync(_keep, request, actor, await request.body(), key, file, "")


def _keep(request: Request, actor: Actor, data: bytes, key: str, file: str, name: str) -> Response:
    sessions, blobs = request.app.state.sessions, blobs_of(request)
    with reading(sessions) as db:
        draft = access.draft_for(db, actor, key)
        path = _file(db, draft, file).path if file else ""
    # Pictures are read and written anew, so nothing is locked yet.
    one = brought(path.rpartition("/")[2] or name, data)
    if one.why:
        raise Invalid(file=KitError(one.why, **dict(one.values)))
    blob, size = blobs.put(one.data), len(one.data)
    with writing(sessions) as db:
        if file:
            actions.replace_media(db, actor, draft=draft, path=path, name=one.name, blob=blob, size=size)
        else:
            path = actions.bring_in(db, actor, draft=draft, name=one.name, blob=blob, size=size)
        out = _at(db, draft, path)
    return JSONResponse(out.model_dump(mode="json"), status_code=200 if file else 201)


@router.get(ONE, tags=["drafts"], responses={**SIGN_IN, **MISSING}, response_class=Response, **allow(Policy.TEACHES))
def content(request: Request, db: Db, actor: CurrentActor, blobs: BlobsDep, key: str, file: str) -> Response:
    """What is in a file."""
    found = _file(db, access.draft_for(db, actor, key), file)
    kind = MEDIA_TYPES.get(ending(found.path), "application/octet-stream")
    return media_response(StoredAsset(found.path, found.blob, kind, found.size), blobs, request)


@router.put(f"{ONE}/text", tags=["drafts"], responses={**SIGN_IN, **MISSING, **WRONG, **USED}, **allow(Policy.TEACHES))
def describe(db: Db, actor: CurrentActor, key: str, file: str, body: TextBody) -> DescribedOut:
    """Say what a picture shows; it is written into the pages that show it without a word."""
    draft = access.draft_for(db, actor, key)
    path = _file(db, draft, file).path
    pages = actions.describe(db, actor, draft=draft, path=path, text=body.text, decorative=body.decorative)
    return DescribedOut(**_at(db, draft, path).model_dump(), pages=pages)


@router.delete(ONE, tags=["drafts"], responses={**SIGN_IN, **MISSING, **USED}, **allow(Policy.TEACHES))
def remove(db: Db, actor: CurrentActor, key: str, file: str) -> list[MediaOut]:
    """Take a file out that no page shows, with its captions and transcript. It can be put back in the browser."""
    draft = access.draft_for(db, actor, key)
    actions.remove_media(db, actor, draft=draft, path=_file(db, draft, file).path)
    return library(db, actor, key)


def _file(db: Session, draft: DraftHead, file: str) -> MediaFile:
    found = queries.media_library(db, draft).file(file)
    if found is None or found.removed:
        raise NotFound(N_("There is no such file."))
    return found


def _at(db: Session, draft: DraftHead, path: str) -> MediaOut:
    found = queries.media_library(db, draft).at(path)
    assert found is not None
    return _out(found)


def _out(one: MediaFile) -> MediaOut:
    return MediaOut(
        file=one.key,
        path=one.path,
        kind=one.kind.value,
        size=one.size,
        used=list(one.used),
        text=one.said.text if one.said is not None else None,
        decorative=one.said is not None and one.said.decorative,
        missing=list(one.missing),
    )
