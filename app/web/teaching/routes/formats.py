"""A course in the formats of other platforms."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.catalog import access, exchange, importer
from app.kit.errors import NotFound
from app.kit.i18n import N_
from app.web.deps import BlobsDep, CurrentActor, Db
from app.web.policy import Policy, allow
from app.web.teaching.pages.formats import formats_page
from app.web.templating import render

router = APIRouter()


@router.get("/teaching/courses/{slug}/formats", **allow(Policy.TEACHES))
def formats(request: Request, db: Db, actor: CurrentActor, blobs: BlobsDep, slug: str, see: str = "") -> Response:
    """Which formats there are; and what one of them (`see`) loses of this very course, which is written for that."""
    found = access.editable_course(db, actor, slug)
    return render(request, db, actor, "teaching/formats.html", formats_page(db, blobs, found, see))


@router.get("/teaching/courses/{slug}/formats/{key}", **allow(Policy.TEACHES))
def download(db: Db, actor: CurrentActor, blobs: BlobsDep, slug: str, key: str) -> Response:
    found = access.editable_course(db, actor, slug)
    wanted = next((one for one in exchange.writable() if one.key == key), None)
    if wanted is None:
        raise NotFound(N_("There is no such format."))
    written = importer.written(blobs, importer.version_to_write(db, found), wanted.key)
    headers = {
        "Content-Disposition": f'attachment; filename="{found.slug}{wanted.ending}"',
        "Cache-Control": "no-store",
    }
    return Response(written.data, media_type=wanted.media_type, headers=headers)
