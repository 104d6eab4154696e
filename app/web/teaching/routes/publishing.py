"""From an upload to a version: what it would change, and doing it."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.catalog import access, actions, importer
from app.catalog.importer.apart import Looked
from app.catalog.queries import UploadCard
from app.kit.actor import Actor
from app.kit.database import reading, writing
from app.kit.errors import Conflict, Forbidden, Invalid, KitError
from app.kit.i18n import N_
from app.kit.i18n import gettext as _
from app.web.deps import BlobsDep, CurrentActor, Db, EarlyActor, Posted
from app.web.forms import Form, check
from app.web.policy import Policy, allow
from app.web.responses import see_other
from app.web.teaching import forms
from app.web.teaching.pages.publish import publish_page
from app.web.teaching.previews import look_at
from app.web.templating import render

router = APIRouter()


@router.get("/teaching/uploads/{key}/publish", **allow(Policy.TEACHES))
def plan_publishing(request: Request, db: Db, actor: CurrentActor, blobs: BlobsDep, key: str) -> Response:
    upload = access.upload_for(db, actor, key)
    looked = look_at(upload, blobs)
    if upload.version_id or looked.prepared is None:
        return see_other(request, f"/teaching/uploads/{key}")
    return _page(request, db, actor, upload, looked)


def _page(
    request: Request,
    db: Db,
    actor: Actor,
    upload: UploadCard,
    looked: Looked,
    form: Form | None = None,
    status: int = 200,
) -> Response:
    assert looked.prepared is not None
    plan = importer.plan(db, looked.prepared)
    blocked = ""
    try:
        importer.owner_for(db, actor, looked.prepared, upload.organisation_id)
    except Invalid as refusal:
        blocked = " ".join(_(why.template, **why.values) for why in refusal.fields.values())
    except Forbidden as refusal:
        blocked = _(refusal.template, **refusal.values)
    page = publish_page(db, upload, looked, plan, form=form, blocked=blocked)
    return render(request, db, actor, "teaching/publish.html", page, status=status)


@router.post("/teaching/uploads/{key}/publish", **allow(Policy.TEACHES, early=True))
def publish(request: Request, actor: EarlyActor, blobs: BlobsDep, posted: Posted, key: str) -> Response:
    sessions = request.app.state.sessions
    with reading(sessions) as db:
        upload = access.upload_for(db, actor, key)
    if upload.version_id:  # a second click
        return see_other(request, f"/teaching/uploads/{key}")
    looked = look_at(upload, blobs)
    if looked.prepared is None:
        return see_other(request, f"/teaching/uploads/{key}")
    checked = check(forms.Publish, posted)
    refusal: KitError | None = None
    if looked.examined.errors:
        refusal = Conflict(N_("There are errors in this upload. Correct them first."))
    elif checked.value is not None:
        importer.keep(looked.prepared, blobs)
        try:
            with writing(sessions) as db:
                published = importer.publish(
                    db,
                    actor,
                    looked.prepared,
                    blobs=blobs,
                    level=checked.value.level,
                    note=checked.value.note,
                    owner_id=upload.organisation_id,
                )
                actions.mark_published(db, upload=upload, version_id=published.version_id)
        except (Conflict, Forbidden, Invalid) as said:
            refusal = said
        else:
            where = f"/teaching/courses/{published.slug}"
            if not published.created:
                already = _("This content was published before as version %(version)s.", version=published.label)
                return see_other(request, where, already, "info")
            done = _("Version %(version)s is published.", version=published.label)
            return see_other(request, where, done)
    form = checked.form.failing(refusal) if refusal is not None else checked.form
    with reading(sessions) as db:
        return _page(request, db, actor, upload, looked, form, 409 if isinstance(refusal, Conflict) else 422)
