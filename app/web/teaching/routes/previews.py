"""A look at an upload as learners would see it."""

from __future__ import annotations

import re

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.catalog import access
from app.catalog.importer import Prepared
from app.catalog.importer.places import SHORT
from app.catalog.queries import UploadCard
from app.kit.actor import Actor
from app.kit.blobs import Blobs
from app.kit.errors import NotFound
from app.kit.i18n import N_
from app.web.deps import BlobsDep, CurrentActor, Db
from app.web.media import bytes_response
from app.web.policy import Policy, allow
from app.web.teaching.pages.preview import Seen, front_page, preview_page
from app.web.teaching.previews import preview_of
from app.web.templating import render

router = APIRouter()
_LANG = re.compile(r"[A-Za-z-]{2,12}")


def _prepared(db: Db, actor: Actor, key: str, blobs: Blobs) -> tuple[UploadCard, Prepared]:
    upload = access.upload_for(db, actor, key)
    prepared = preview_of(upload, blobs)
    if prepared is None:
        raise NotFound(N_("There is nothing to show: no course could be made out in this file."))
    return upload, prepared


def _seen(request: Request, upload: UploadCard) -> Seen:
    asked = request.query_params
    lang = asked.get("lang", "")
    return Seen.of_upload(upload, lang if _LANG.fullmatch(lang) else "", asked.get("width", ""), asked.get("time", ""))


@router.get("/teaching/uploads/{key}/preview", **allow(Policy.TEACHES))
def preview(request: Request, db: Db, actor: CurrentActor, blobs: BlobsDep, key: str) -> Response:
    upload, prepared = _prepared(db, actor, key, blobs)
    return render(request, db, actor, "teaching/preview.html", front_page(prepared, _seen(request, upload)))


@router.get("/teaching/uploads/{key}/preview/pages/{page}", **allow(Policy.TEACHES))
def preview_one(request: Request, db: Db, actor: CurrentActor, blobs: BlobsDep, key: str, page: str) -> Response:
    upload, prepared = _prepared(db, actor, key, blobs)
    shown = preview_page(prepared, _seen(request, upload), page)
    return render(request, db, actor, "teaching/preview.html", shown)


@router.get("/teaching/uploads/{key}/media/{blob}/{name}", **allow(Policy.TEACHES))
def preview_media(db: Db, actor: CurrentActor, blobs: BlobsDep, key: str, blob: str, name: str) -> Response:
    _upload, prepared = _prepared(db, actor, key, blobs)
    found = next((asset for asset in prepared.assets if asset.blob[:SHORT] == blob), None)
    if found is None:
        raise NotFound(N_("There is no such file."))
    return bytes_response(found.path.rpartition("/")[2], found.media_type, found.data)
