"""Audit packs: ask for one, see how far it has come, take it away."""

from __future__ import annotations

from datetime import date

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.kit import clock
from app.kit.errors import Conflict, Invalid, KitError, NotFound
from app.kit.i18n import N_, language
from app.packs import access
from app.packs import actions as packs
from app.packs.rules import PackState
from app.requirements import queries as required
from app.web.deps import BlobsDep, CurrentActor, Db, Posted
from app.web.forms import Form
from app.web.managing.pages import pack_page, packs_page
from app.web.policy import Policy, allow
from app.web.responses import archive, see_other
from app.web.templating import render

router = APIRouter()
LIST = "/managing/packs"


@router.get(LIST, **allow(Policy.SEES_NUMBERS))
def listed(request: Request, db: Db, actor: CurrentActor, requirement: str = "") -> Response:
    page = packs_page(db, actor, requirement=requirement)
    return render(request, db, actor, "managing/packs.html", page)


@router.post(LIST, **allow(Policy.SEES_NUMBERS))
def ask(request: Request, db: Db, actor: CurrentActor, posted: Posted) -> Response:
    """One for a place, a requirement and a day; with names where the actor sees them, else without."""
    form = Form(values=posted.values())
    try:
        try:
            unit, named = access.unit_for(db, actor, posted.text("organisation"))
        except NotFound:
            raise Invalid(organisation=N_("Choose one of your organisations.")) from None
        try:
            one = access.requirement_at(db, actor, posted.text("requirement"), unit)
        except NotFound:
            raise Invalid(requirement=N_("Choose something that is required at this place.")) from None
        try:
            as_of = date.fromisoformat(posted.text("as_of") or clock.today().isoformat())
        except ValueError:
            raise Invalid(as_of=N_("Write the date as year-month-day, for example 2026-03-31.")) from None
        with db.begin_nested():
            key = packs.ask(db, actor, requirement=one, unit=unit, as_of=as_of, named=named)
    except KitError as refusal:
        page = packs_page(db, actor, form.failing(refusal))
        return render(request, db, actor, "managing/packs.html", page, status=422)
    return see_other(request, f"{LIST}/{key}")


@router.get(f"{LIST}/{{key}}", **allow(Policy.SEES_NUMBERS))
def pack(request: Request, db: Db, actor: CurrentActor, key: str) -> Response:
    card = access.pack_for(db, actor, key)
    one = required.requirement_by_key(db, card.requirement_key, language())
    assert one is not None
    return render(request, db, actor, "managing/pack.html", pack_page(card, one))


@router.get(f"{LIST}/{{key}}/file", **allow(Policy.SEES_NUMBERS))
def file(db: Db, actor: CurrentActor, blobs: BlobsDep, key: str) -> Response:
    card = access.pack_for(db, actor, key)
    if card.state is not PackState.READY:
        raise Conflict(N_("This pack is still being made. Look again in a minute."))
    return archive(f"klasteris-audit-{card.as_of.isoformat()}-{card.id}", blobs.get(card.blob))
