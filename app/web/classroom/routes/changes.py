"""A newer version of a course one is in: see what changed, take it, or stay."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.kit.errors import Conflict
from app.kit.i18n import gettext as _
from app.learning import access
from app.learning import actions as learning
from app.web.classroom.pages.changes import changes_page
from app.web.deps import CurrentActor, Db, Posted
from app.web.policy import Policy, allow
from app.web.responses import see_other
from app.web.templating import render

router = APIRouter()


@router.get("/courses/{slug}/changes", **allow(Policy.SIGNED_IN))
def changes(request: Request, db: Db, actor: CurrentActor, slug: str) -> Response:
    return render(request, db, actor, "classroom/changes.html", changes_page(db, access.run_for(db, actor, slug)))


@router.post("/courses/{slug}/changes/take", **allow(Policy.SIGNED_IN))
def take(request: Request, db: Db, actor: CurrentActor, posted: Posted, slug: str) -> Response:
    run = access.run_for(db, actor, slug)
    try:
        with db.begin_nested():
            said = learning.take_version(db, actor, run=run, label=posted.text("version"))
    except Conflict as refusal:  # another tab has answered, or a version has come out meanwhile
        return see_other(request, f"/courses/{slug}", _(refusal.template, **refusal.values), "warning")
    if said.completed_now:
        return see_other(request, f"/courses/{slug}/finish")
    done = _("You learn from version %(version)s now. What you had done counts.", version=posted.text("version"))
    return see_other(request, f"/courses/{slug}", done)


@router.post("/courses/{slug}/changes/keep", **allow(Policy.SIGNED_IN))
def keep(request: Request, db: Db, actor: CurrentActor, posted: Posted, slug: str) -> Response:
    run = access.run_for(db, actor, slug)
    try:
        with db.begin_nested():
            learning.decline_version(db, actor, run=run, label=posted.text("version"))
    except Conflict as refusal:
        return see_other(request, f"/courses/{slug}", _(refusal.template, **refusal.values), "warning")
    said = _("You stay on version %(version)s. You can take the new one later, from this page.", version=run.label)
    return see_other(request, f"/courses/{slug}", said)
