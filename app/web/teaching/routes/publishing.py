"""From an upload to a version: what it would change, and doing it."""

from __future__ import annotations

from fastapi import APIRouter, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from app.assessment import actions as assessment
from app.assessment.rules import Policy
from app.catalog import access, actions, importer, queries
from app.catalog.importer.apart import Looked
from app.catalog.queries import UploadCard
from app.kit.actor import Actor
from app.kit.blobs import Blobs
from app.kit.database import reading, writing
from app.kit.errors import Conflict, Forbidden, Invalid, KitError
from app.kit.i18n import N_, ngettext
from app.kit.i18n import gettext as _
from app.web.deps import BlobsDep, CurrentActor, Db, EarlyActor, Posted
from app.web.forms import Form, check
from app.web.policy import Policy as Admits
from app.web.policy import allow
from app.web.responses import see_other
from app.web.teaching import forms
from app.web.teaching.pages.publish import publish_page
from app.web.teaching.pages.report import title_of
from app.web.teaching.previews import look_at
from app.web.templating import render

router = APIRouter()


@router.get("/teaching/uploads/{key}/publish", **allow(Admits.TEACHES))
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
    page = publish_page(db, actor, upload, looked, plan, form=form, blocked=blocked)
    return render(request, db, actor, "teaching/publish.html", page, status=status)


@router.post("/teaching/uploads/{key}/publish", **allow(Admits.TEACHES, early=True))
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
                where, said, kind = _publish_or_schedule(db, actor, upload, looked, checked.value, blobs)
        except (Conflict, Forbidden, Invalid) as failed:
            refusal = failed
        else:
            return see_other(request, where, said, kind)
    form = checked.form.failing(refusal) if refusal is not None else checked.form
    with reading(sessions) as db:
        return _page(request, db, actor, upload, looked, form, 409 if isinstance(refusal, Conflict) else 422)


def _publish_or_schedule(
    db: Session, actor: Actor, upload: UploadCard, looked: Looked, wanted: forms.Publish, blobs: Blobs
) -> tuple[str, str, str]:
    """Where to go then, what to say there, and how."""
    assert looked.prepared is not None
    keys = importer.keys_changed(db, looked)
    if keys and wanted.regrade is not Policy.NOTHING and not wanted.note:
        raise Invalid(note=KitError(N_("Write why, in a sentence: those whose marks change read it.")))
    if wanted.action == "later":
        at = wanted.moment()
        if at is None:
            raise Invalid(day=KitError(N_("Choose the day on which it is to be published.")))
        owner = importer.owner_for(db, actor, looked.prepared, upload.organisation_id)
        if importer.review_wanted(db, owner) and queries.approval(db, looked.prepared.digest) is None:
            raise Conflict(
                N_("This organisation publishes only what a second person has read. Ask for a review, then publish.")
            )
        try:
            actions.schedule(
                db,
                actor,
                upload=upload,
                organisation_id=owner,
                title=title_of(upload),
                at=at,
                level=wanted.level,
                note=wanted.note,
                regrade=wanted.regrade.value if keys else "",
                staff=bool(wanted.staff),
            )
        except Invalid as refusal:  # the moment stands in two fields
            raise Invalid(day=refusal.fields["when"]) from refusal
        return (
            f"/teaching/uploads/{upload.key}/publish",
            _("It will be published then. Until then nothing changes."),
            "success",
        )
    published = importer.publish(
        db,
        actor,
        looked.prepared,
        blobs=blobs,
        level=wanted.level,
        note=wanted.note,
        owner_id=upload.organisation_id,
        staff=bool(wanted.staff),
    )
    actions.mark_published(db, upload=upload, version_id=published.version_id)
    where = f"/teaching/courses/{published.slug}"
    if not published.created:
        return where, _("This content was published before as version %(version)s.", version=published.label), "info"
    said = _("Version %(version)s is published.", version=published.label)
    course = queries.course_by_slug(db, published.slug)
    changed = 0
    if course is not None and keys:
        reason = wanted.note or f"v{published.label}"
        changed = assessment.regrade_by_version(
            db, actor, course=course, keys=keys, policy=wanted.regrade, reason=reason
        )
    if keys and wanted.regrade is not Policy.NOTHING:
        said += " " + ngettext("%(num)s attempt is marked anew.", "%(num)s attempts are marked anew.", changed)
    return where, said, "success"


@router.post("/teaching/publications/{key}/cancel", **allow(Admits.TEACHES))
def cancel(request: Request, db: Db, actor: CurrentActor, key: str) -> Response:
    found = access.publication_for(db, actor, key)
    where = f"/teaching/uploads/{found.upload_key}/publish"
    try:
        with db.begin_nested():
            actions.cancel_publication(db, actor, publication=found)
    except Conflict as refusal:
        return see_other(request, where, _(refusal.template, **refusal.values), "warning")
    return see_other(request, where, _("Nothing is published then."))
