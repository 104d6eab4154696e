"""Letting others adopt a course, adopting one, copying one's own, and following an original."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.catalog import access, actions
from app.catalog.queries import CourseHead, Version
from app.kit.actor import Actor
from app.kit.blobs import Blobs
from app.kit.database import reading
from app.kit.errors import Conflict, Invalid
from app.kit.i18n import gettext as _
from app.web import adopting
from app.web.deps import BlobsDep, CurrentActor, Db, EarlyActor, Posted, PostedForm
from app.web.forms import Form, check
from app.web.policy import Policy, allow
from app.web.responses import see_other
from app.web.teaching import forms
from app.web.teaching.pages.sharing import choice_field, copy_page, original_page, shared_page
from app.web.templating import render

router = APIRouter()


@router.post("/teaching/courses/{slug}/sharing", **allow(Policy.TEACHES))
def share(request: Request, db: Db, actor: CurrentActor, posted: Posted, slug: str) -> Response:
    """Whether others may adopt the course, and under which licence."""
    course = access.editable_course(db, actor, slug)
    where = f"/teaching/courses/{slug}"
    try:
        with db.begin_nested():
            actions.share(db, actor, course=course, licence=posted.text("licence"))
    except Invalid:
        return see_other(request, where, _("Choose one of the options."), "warning")
    if posted.text("licence"):
        return see_other(request, where, _("Other organisations may adopt the course now."))
    return see_other(
        request, where, _("Nobody else can adopt the course any more. What was adopted before stays with them.")
    )


@router.get("/teaching/shared", **allow(Policy.TEACHES))
def shared(request: Request, db: Db, actor: CurrentActor) -> Response:
    return render(request, db, actor, "teaching/shared.html", shared_page(db, actor))


@router.get("/teaching/shared/{slug}", **allow(Policy.TEACHES))
def look(request: Request, db: Db, actor: CurrentActor, slug: str) -> Response:
    head, version, licence = adopting.shared(db, actor, slug)
    page = copy_page(db, head, version, licence=licence, form=Form(values={"id": f"{slug}-2"[:64]}))
    return render(request, db, actor, "teaching/copy.html", page)


@router.post("/teaching/shared/{slug}", **allow(Policy.TEACHES, early=True))
def adopt(request: Request, actor: EarlyActor, blobs: BlobsDep, posted: Posted, slug: str) -> Response:
    with reading(request.app.state.sessions) as db:
        head, version, licence = adopting.shared(db, actor, slug)
    return _copy(request, actor, blobs, posted, head, version, licence)


@router.get("/teaching/courses/{slug}/copy", **allow(Policy.TEACHES))
def ask_copy(request: Request, db: Db, actor: CurrentActor, slug: str) -> Response:
    head = access.editable_course(db, actor, slug)
    page = copy_page(db, head, adopting.newest(db, head), form=Form(values={"id": f"{slug}-2"[:64]}))
    return render(request, db, actor, "teaching/copy.html", page)


@router.post("/teaching/courses/{slug}/copy", **allow(Policy.TEACHES, early=True))
def copy(request: Request, actor: EarlyActor, blobs: BlobsDep, posted: Posted, slug: str) -> Response:
    with reading(request.app.state.sessions) as db:
        head = access.editable_course(db, actor, slug)
        version = adopting.newest(db, head)
    return _copy(request, actor, blobs, posted, head, version, "")


def _copy(
    request: Request,
    actor: Actor,
    blobs: Blobs,
    posted: PostedForm,
    head: CourseHead,
    version: Version,
    licence: str,
) -> Response:
    sessions = request.app.state.sessions
    checked = check(forms.Copy, posted)
    form, said = checked.form, checked.value
    if said is not None:
        try:
            key = adopting.copy(
                sessions, actor, blobs, head=head, version=version, licence=licence, slug=said.id, title=said.title
            )
        except (Conflict, Invalid) as refusal:
            form = form.failing(refusal)
        else:
            done = _("The copy is a draft now. Correct whom to ask and what is your own, then publish it.")
            return see_other(request, f"/teaching/drafts/{key}", done)
    with reading(sessions) as db:
        page = copy_page(db, head, version, licence=licence, form=form)
        return render(request, db, actor, "teaching/copy.html", page, status=422)


@router.get("/teaching/courses/{slug}/original", **allow(Policy.TEACHES))
def original(request: Request, db: Db, actor: CurrentActor, blobs: BlobsDep, slug: str) -> Response:
    """What the original has changed since ours was made from it, file by file."""
    both = adopting.sides(db, actor, slug)
    page = original_page(db, both.own, both.adopted, both.base, both.newest, adopting.splits(db, blobs, both))
    return render(request, db, actor, "teaching/original.html", page)


@router.post("/teaching/courses/{slug}/original", **allow(Policy.TEACHES, early=True))
def follow(request: Request, actor: EarlyActor, blobs: BlobsDep, posted: Posted, slug: str) -> Response:
    """Take what was chosen into the draft; what was not chosen is left, and not offered again."""
    sessions, where = request.app.state.sessions, f"/teaching/courses/{slug}/original"
    with reading(sessions) as db:
        both = adopting.sides(db, actor, slug)
        found = adopting.splits(db, blobs, both)
    if both.offered is None:  # a second click
        return see_other(request, where)
    if both.offered.label != posted.text("version"):
        return see_other(request, where, _("The original has been published anew. Look at it again."), "warning")
    taken = [split.key for split in found if posted.text(choice_field(split)) == "take"]
    beside = [split.key for split in found if posted.text(choice_field(split)) == "beside"]
    try:
        key = adopting.follow(sessions, actor, blobs, both, found=found, taken=taken, beside=beside)
    except Conflict as refusal:
        return see_other(request, where, _(refusal.template, **refusal.values), "warning")
    if not key:
        return see_other(request, f"/teaching/courses/{slug}", _("Everything is left as it is."))
    said = _("What you took stands in the draft. Look at it, then publish it.")
    return see_other(request, f"/teaching/drafts/{key}", said)
