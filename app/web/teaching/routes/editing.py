"""Correcting a page in place: through the same door as an upload, with one file changed."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from fastapi import APIRouter, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from app.catalog import access, importer, queries
from app.catalog.format import reader, writer
from app.catalog.format.model import Course
from app.catalog.importer import Plan, apart
from app.catalog.importer.apart import Looked
from app.catalog.importer.examining import Examined
from app.catalog.importer.prepared import Prepared
from app.catalog.queries import CourseHead, Version
from app.kit import clock
from app.kit.actor import Actor
from app.kit.blobs import Blobs
from app.kit.database import reading, writing
from app.kit.errors import Conflict, Forbidden, Invalid, NotFound
from app.kit.i18n import N_
from app.kit.i18n import gettext as _
from app.kit.limits import MARKDOWN_BYTES
from app.kit.worker import TooHeavy
from app.web.deps import BlobsDep, CurrentActor, Db, EarlyActor, Posted
from app.web.forms import Form, check
from app.web.policy import Policy, allow
from app.web.responses import see_other
from app.web.teaching import forms
from app.web.teaching.pages.edit import edit_page, file_of, stale_sentence
from app.web.templating import render

router = APIRouter()
_LANG = re.compile(r"[A-Za-z-]{2,12}")


@dataclass(frozen=True, slots=True)
class Desk:
    """What an editor works on: the newest version of a course, with its files."""

    head: CourseHead
    version: Version
    course: Course
    page: str
    lang: str


def _desk(db: Session, actor: Actor, blobs: Blobs, slug: str, page: str, lang: str) -> Desk:
    head = access.editable_course(db, actor, slug)
    version = queries.latest_version(db, head.id)
    course = reader.read_zip(blobs.get(version.source), "source.zip").course if version else None
    if version is None or course is None:
        raise NotFound(N_("There is no such page."))
    lang = lang if _LANG.fullmatch(lang) else course.lang
    file_of(course, page, lang)
    return Desk(head, version, course, page, lang)


@router.get("/teaching/courses/{slug}/pages/{page}/edit", **allow(Policy.TEACHES))
def edit(
    request: Request, db: Db, actor: CurrentActor, blobs: BlobsDep, slug: str, page: str, lang: str = ""
) -> Response:
    desk = _desk(db, actor, blobs, slug, page, lang)
    shown = edit_page(desk.course, desk.head, desk.version, page, desk.lang)
    return render(request, db, actor, "teaching/edit.html", shown)


@router.post("/teaching/courses/{slug}/pages/{page}/edit", **allow(Policy.TEACHES, early=True))
def save(
    request: Request, actor: EarlyActor, blobs: BlobsDep, posted: Posted, slug: str, page: str, lang: str = ""
) -> Response:
    sessions = request.app.state.sessions
    with reading(sessions) as db:
        desk = _desk(db, actor, blobs, slug, page, lang)
    checked = check(forms.Edit, posted)
    wanted, form = checked.value, checked.form
    if wanted is None:
        return _again(request, actor, desk, form, 422)
    if wanted.base != desk.version.digest:
        newest = desk.course.files[file_of(desk.course, page, desk.lang)]
        return _again(request, actor, desk, replace(form, error=stale_sentence()), 409, newest=newest)
    if len(wanted.text.encode()) > MARKDOWN_BYTES:
        too_large = _("This text is larger than %(limit)s KiB. Split it into pages.", limit=MARKDOWN_BYTES // 1024)
        return _again(request, actor, desk, replace(form, errors={"text": too_large}), 422)
    try:
        looked = _look(desk, wanted.text)
    except TooHeavy as refusal:
        return _again(request, actor, desk, replace(form, errors={"text": _(refusal.template)}), 422)
    examined, prepared = looked.examined, looked.prepared
    if wanted.action != "publish":
        return _again(request, actor, desk, form, 200, examined=examined, prepared=prepared)
    if examined.errors or prepared is None or prepared.slug != desk.head.slug:
        form = replace(form, error=_("There are errors in the text. Correct them, then publish."))
        return _again(request, actor, desk, form, 422, examined=examined, prepared=prepared)
    importer.keep(prepared, blobs)
    try:
        with writing(sessions) as db:
            published = importer.publish(
                db,
                actor,
                prepared,
                blobs=blobs,
                level=wanted.level,
                note=wanted.note,
                owner_id=desk.head.organisation_id,
            )
    except (Conflict, Forbidden, Invalid) as refusal:
        status = 409 if isinstance(refusal, Conflict) else 422
        form = form.failing(refusal)
        return _again(request, actor, desk, form, status, examined=examined, prepared=prepared)
    where = f"/teaching/courses/{slug}"
    if not published.created:
        return see_other(request, where, _("Nothing has changed, so nothing was published."), "info")
    return see_other(request, where, _("Version %(version)s is published.", version=published.label))


def _look(desk: Desk, text: str) -> Looked:
    """The course with one file as it was typed. A form strips the end of a text; a file ends with a line break."""
    path = file_of(desk.course, desk.page, desk.lang)
    files = writer.contents(desk.course)
    typed = text.strip() + "\n"
    if files[path].decode().strip() != typed.strip():
        files[path] = typed.encode()
    return apart.look_at_files(files, today=clock.today())


def _again(
    request: Request,
    actor: Actor,
    desk: Desk,
    form: Form,
    status: int,
    *,
    examined: Examined | None = None,
    prepared: Prepared | None = None,
    newest: str = "",
) -> Response:
    with reading(request.app.state.sessions) as db:
        plan: Plan | None = importer.plan(db, prepared) if prepared is not None else None
        page = edit_page(
            desk.course,
            desk.head,
            desk.version,
            desk.page,
            desk.lang,
            form=form,
            examined=examined,
            prepared=prepared,
            plan=plan,
            newest=newest,
        )
        return render(request, db, actor, "teaching/edit.html", page, status=status)
