"""A draft as a whole: what is wrong in it, and how learners would see it."""

from __future__ import annotations

import re

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.catalog.importer import Prepared
from app.kit.actor import Actor
from app.kit.blobs import Blobs
from app.kit.database import reading
from app.kit.errors import NotFound
from app.kit.i18n import N_
from app.web.deps import BlobsDep, CurrentActor, Db, EarlyActor
from app.web.policy import Policy, allow
from app.web.teaching.desk import Desk, look, open_desk
from app.web.teaching.pages.checks import checks_page
from app.web.teaching.pages.preview import Seen, front_page, preview_page
from app.web.templating import render

router = APIRouter()
_LANG = re.compile(r"[A-Za-z-]{2,12}")


@router.get("/teaching/drafts/{key}/checks", **allow(Policy.TEACHES, early=True))
def checks(request: Request, actor: EarlyActor, blobs: BlobsDep, key: str) -> Response:
    with reading(request.app.state.sessions) as db:
        desk = open_desk(db, actor, key)
        looked = look(db, blobs, desk, actor.name)
        return render(request, db, actor, "teaching/checks.html", checks_page(db, desk, looked))


def _prepared(db: Db, actor: Actor, blobs: Blobs, key: str) -> tuple[Desk, Prepared]:
    desk = open_desk(db, actor, key)
    looked = look(db, blobs, desk, actor.name)
    if looked.prepared is None:
        raise NotFound(N_("There is nothing to show: no course could be made out in this draft."))
    return desk, looked.prepared


def _seen(request: Request, desk: Desk) -> Seen:
    asked = request.query_params
    lang = asked.get("lang", "")
    return Seen.of_draft(
        desk.url,
        lang=lang if _LANG.fullmatch(lang) else "",
        width=asked.get("width", ""),
        time=asked.get("time", ""),
    )


@router.get("/teaching/drafts/{key}/preview", **allow(Policy.TEACHES))
def preview(request: Request, db: Db, actor: CurrentActor, blobs: BlobsDep, key: str) -> Response:
    desk, prepared = _prepared(db, actor, blobs, key)
    return render(request, db, actor, "teaching/preview.html", front_page(prepared, _seen(request, desk)))


@router.get("/teaching/drafts/{key}/preview/pages/{page}", **allow(Policy.TEACHES))
def preview_one(request: Request, db: Db, actor: CurrentActor, blobs: BlobsDep, key: str, page: str) -> Response:
    desk, prepared = _prepared(db, actor, blobs, key)
    return render(request, db, actor, "teaching/preview.html", preview_page(prepared, _seen(request, desk), page))
