"""A look at an upload as learners would see it."""

from __future__ import annotations

import re
from dataclasses import replace

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.catalog import access, queries
from app.catalog.importer import Prepared
from app.catalog.importer.places import SHORT
from app.catalog.queries import UploadCard
from app.kit.actor import Actor
from app.kit.blobs import Blobs
from app.kit.errors import NotFound
from app.kit.i18n import N_
from app.kit.i18n import gettext as _
from app.web.deps import BlobsDep, CurrentActor, Db
from app.web.media import bytes_response
from app.web.policy import Policy, allow
from app.web.teaching.pages.preview import PreviewPage, Seen, front_page, preview_page
from app.web.teaching.previews import preview_of
from app.web.templating import render

router = APIRouter()
_LANG = re.compile(r"[A-Za-z-]{2,12}")


def _prepared(db: Db, actor: Actor, key: str, blobs: Blobs) -> tuple[UploadCard, Prepared]:
    upload = access.readable_upload(db, actor, key)
    prepared = preview_of(upload, blobs)
    if prepared is None:
        raise NotFound(N_("There is nothing to show: no course could be made out in this file."))
    return upload, prepared


def _for(db: Db, actor: Actor, upload: UploadCard, page: PreviewPage) -> PreviewPage:
    """Who reads it for a review goes back there: the upload itself is its author's."""
    review = queries.review_of(db, upload.key) if actor.id != upload.person_id else None
    if review is None:
        return page
    return replace(page, report_url=f"/teaching/reviews/{review.key}", back=_("Review"), reviewing=True)


def _seen(request: Request, upload: UploadCard) -> Seen:
    asked = request.query_params
    lang = asked.get("lang", "")
    return Seen.of_upload(upload, lang if _LANG.fullmatch(lang) else "", asked.get("width", ""), asked.get("time", ""))


@router.get("/teaching/uploads/{key}/preview", **allow(Policy.REVIEWS))
def preview(request: Request, db: Db, actor: CurrentActor, blobs: BlobsDep, key: str) -> Response:
    upload, prepared = _prepared(db, actor, key, blobs)
    shown = _for(db, actor, upload, front_page(prepared, _seen(request, upload)))
    return render(request, db, actor, "teaching/preview.html", shown)


@router.get("/teaching/uploads/{key}/preview/pages/{page}", **allow(Policy.REVIEWS))
def preview_one(request: Request, db: Db, actor: CurrentActor, blobs: BlobsDep, key: str, page: str) -> Response:
    upload, prepared = _prepared(db, actor, key, blobs)
    shown = _for(db, actor, upload, preview_page(prepared, _seen(request, upload), page))
    return render(request, db, actor, "teaching/preview.html", shown)


@router.get("/teaching/uploads/{key}/media/{blob}/{name}", **allow(Policy.REVIEWS))
def preview_media(db: Db, actor: CurrentActor, blobs: BlobsDep, key: str, blob: str, name: str) -> Response:
    _upload, prepared = _prepared(db, actor, key, blobs)
    found = next((asset for asset in prepared.assets if asset.blob[:SHORT] == blob), None)
    if found is None:
        raise NotFound(N_("There is no such file."))
    return bytes_response(found.path.rpartition("/")[2], found.media_type, found.data)
