"""One course: its versions, its source, and taking it out of the catalogue and back."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.catalog import access, actions, importer, queries
from app.catalog.queries import CourseHead, Version
from app.kit.actor import Actor
from app.kit.errors import KitError, NotFound
from app.kit.i18n import N_
from app.kit.i18n import gettext as _
from app.web.deps import BlobsDep, CurrentActor, Db, Posted
from app.web.forms import check
from app.web.policy import Policy, allow
from app.web.responses import see_other
from app.web.teaching import forms
from app.web.teaching.pages.course import course_page
from app.web.templating import render

router = APIRouter()


@router.get("/teaching/courses/{slug}", **allow(Policy.TEACHES))
def course(request: Request, db: Db, actor: CurrentActor, slug: str) -> Response:
    found = access.editable_course(db, actor, slug)
    return render(request, db, actor, "teaching/course.html", course_page(db, found))


@router.get("/teaching/courses/{slug}/source.zip", **allow(Policy.TEACHES))
def source(db: Db, actor: CurrentActor, blobs: BlobsDep, slug: str, version: str = "") -> Response:
    """The files of a version, as they were uploaded: they read back identically."""
    found = access.editable_course(db, actor, slug)
    wanted = _version(db, found, version)
    name = f"{found.slug}-{wanted.label}.zip"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    packed = importer.exported(db, blobs, course=found, version=wanted)
    return Response(packed, media_type="application/zip", headers=headers)


def _version(db: Db, course: CourseHead, label: str) -> Version:
    """The version with this number, or the one that new learners get."""
    versions = queries.versions(db, course.id)
    wanted = [one for one in versions if (one.label == label if label else one.id == course.version_id)]
    if not wanted:
        raise NotFound(N_("There is no such version."))
    return wanted[0]


@router.post("/teaching/courses/{slug}/withdraw", **allow(Policy.TEACHES))
def withdraw(request: Request, db: Db, actor: CurrentActor, slug: str) -> Response:
    actions.withdraw(db, actor, course=access.editable_course(db, actor, slug))
    said = _("The course is out of the catalogue. Whoever has begun goes on to the end.")
    return see_other(request, f"/teaching/courses/{slug}", said)


@router.post("/teaching/courses/{slug}/restore", **allow(Policy.TEACHES))
def restore(request: Request, db: Db, actor: CurrentActor, slug: str) -> Response:
    actions.restore(db, actor, course=access.editable_course(db, actor, slug))
    return see_other(request, f"/teaching/courses/{slug}", _("The course is in the catalogue again."))


@router.post("/teaching/courses/{slug}/staff", **allow(Policy.TEACHES))
def staff(request: Request, db: Db, actor: CurrentActor, slug: str) -> Response:
    actions.show_to_staff(db, actor, course=access.editable_course(db, actor, slug))
    said = _("Only those who teach here see the course now. Whoever has begun goes on to the end.")
    return see_other(request, f"/teaching/courses/{slug}", said)


@router.post("/teaching/courses/{slug}/revert", **allow(Policy.TEACHES))
def revert(request: Request, db: Db, actor: CurrentActor, posted: Posted, slug: str) -> Response:
    found = access.editable_course(db, actor, slug)
    checked = check(forms.Revert, posted)
    if checked.value is None:
        raise NotFound(N_("There is no such version."))
    return _revert(request, db, actor, found, _version(db, found, checked.value.version))


def _revert(request: Request, db: Db, actor: Actor, course: CourseHead, version: Version) -> Response:
    where = f"/teaching/courses/{course.slug}"
    try:
        with db.begin_nested():
            published = importer.revert(db, actor, course=course, version=version)
    except KitError as refusal:
        return see_other(request, where, _(refusal.template, **refusal.values), "warning")
    said = _(
        "The content of version %(old)s is published again as version %(new)s.", old=version.label, new=published.label
    )
    return see_other(request, where, said)
