"""Letting others adopt a course, adopting one, copying one's own, and following an original."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from app.catalog import access, actions, queries
from app.catalog.actions import Contents
from app.catalog.drafting import adopting
from app.catalog.drafting.adopting import Split
from app.catalog.format.frontmatter import is_id
from app.catalog.queries import Adopted, CourseHead, DraftHead, Version
from app.kit.actor import Actor
from app.kit.blobs import Blobs
from app.kit.database import reading, writing
from app.kit.errors import Conflict, Invalid, NotFound
from app.kit.i18n import N_
from app.kit.i18n import gettext as _
from app.organisations import queries as organisations
from app.web.deps import BlobsDep, CurrentActor, Db, EarlyActor, Posted, PostedForm
from app.web.forms import Form, check
from app.web.policy import Policy, allow
from app.web.responses import see_other
from app.web.teaching import forms
from app.web.teaching.pages.sharing import choice_field, copy_page, made_ready, original_page, shared_page
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
    head, version, licence = _shared(db, actor, slug)
    page = copy_page(db, head, version, licence=licence, form=Form(values={"id": f"{slug}-2"[:64]}))
    return render(request, db, actor, "teaching/copy.html", page)


@router.post("/teaching/shared/{slug}", **allow(Policy.TEACHES, early=True))
def adopt(request: Request, actor: EarlyActor, blobs: BlobsDep, posted: Posted, slug: str) -> Response:
    with reading(request.app.state.sessions) as db:
        head, version, licence = _shared(db, actor, slug)
    return _copy(request, actor, blobs, posted, head, version, licence)


@router.get("/teaching/courses/{slug}/copy", **allow(Policy.TEACHES))
def ask_copy(request: Request, db: Db, actor: CurrentActor, slug: str) -> Response:
    head = access.editable_course(db, actor, slug)
    page = copy_page(db, head, _newest(db, head), form=Form(values={"id": f"{slug}-2"[:64]}))
    return render(request, db, actor, "teaching/copy.html", page)


@router.post("/teaching/courses/{slug}/copy", **allow(Policy.TEACHES, early=True))
def copy(request: Request, actor: EarlyActor, blobs: BlobsDep, posted: Posted, slug: str) -> Response:
    with reading(request.app.state.sessions) as db:
        head = access.editable_course(db, actor, slug)
        version = _newest(db, head)
    return _copy(request, actor, blobs, posted, head, version, "")


def _shared(db: Session, actor: Actor, slug: str) -> tuple[CourseHead, Version, str]:
    """A course that others may adopt, the version that is learned from now, and its licence."""
    head = access.course_for(db, actor, slug)
    licence = queries.sharing(db, head.id)
    version = queries.version(db, head.version_id or 0)
    if not licence or not head.live or version is None:
        raise NotFound(N_("There is no such course."))
    return head, version, licence


def _newest(db: Session, head: CourseHead) -> Version:
    version = queries.latest_version(db, head.id)
    if version is None:
        raise NotFound(N_("There is no such version."))
    return version


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
    if said is not None and not is_id(said.id):
        sentence = _("Small letters a–z, digits and hyphens only, at least two: for example fire-safety.")
        said, form = None, Form(values=form.values, errors={"id": sentence})
    if said is not None:
        contents = actions.contents_of(blobs, version)  # takes its time, so nothing is locked yet
        with reading(sessions) as db:
            own = organisations.by_id(db, actions.home_of(actor))
            source = _source(db, head, version, licence) if licence else ""
            title = (
                said.title or queries.content_of(db, version.id, head.slug, version.digest).words(version.lang).title
            )
        owner = own.code if own is not None else ""
        ready = made_ready(contents, slug=said.id, owner=owner, title=said.title, source=source)
        try:
            with writing(sessions) as db:
                key = actions.copy_course(
                    db,
                    actor,
                    slug=said.id,
                    title=title,
                    contents=ready,
                    original=head if licence else None,
                    version=version,
                    licence=licence,
                )
        except (Conflict, Invalid) as refusal:
            form = form.failing(refusal)
        else:
            done = _("The copy is a draft now. Correct whom to ask and what is your own, then publish it.")
            return see_other(request, f"/teaching/drafts/{key}", done)
    with reading(sessions) as db:
        page = copy_page(db, head, version, licence=licence, form=form)
        return render(request, db, actor, "teaching/copy.html", page, status=422)


def _source(db: Session, original: CourseHead, version: Version, licence: str) -> str:
    """Where a course comes from, in its own language."""
    words = queries.content_of(db, version.id, original.slug, version.digest).words(version.lang)
    return adopting.credit(words.title, original.owner_name, licence, version.lang)


@dataclass(frozen=True, slots=True)
class Sides:
    """An adopted course beside its original; `draft` is the open one, if there is one."""

    head: CourseHead
    adopted: Adopted
    base: Version
    newest: Version | None
    draft: DraftHead | None
    own: Version
    source: str


def _sides(db: Session, actor: Actor, slug: str) -> Sides:
    head = access.editable_course(db, actor, slug)
    adopted = queries.adoption(db, head.organisation_id, slug)
    if adopted is None:
        raise NotFound(N_("This course was not made from another."))
    base, newest = queries.original_versions(db, adopted)
    original = queries.course_by_id(db, adopted.original_id)
    assert base is not None and original is not None
    open_ones = (one for one in access.drafts_of(db, actor) if one.course_id == head.id)
    source = _source(db, original, base, adopted.licence)
    return Sides(head, adopted, base, newest, next(open_ones, None), _newest(db, head), source)


def _theirs(blobs: Blobs, sides: Sides, version: Version) -> adopting.Pieces:
    """A version of the original as it would be if it were adopted now."""
    head, contents = sides.head, actions.contents_of(blobs, version)
    ready = made_ready(contents, slug=head.slug, owner=head.owner_code, source=sides.source)
    return adopting.pieces(ready.texts, ready.blobs)


def _ours(db: Session, blobs: Blobs, sides: Sides, draft: DraftHead | None) -> adopting.Pieces:
    if draft is None:
        contents = actions.contents_of(blobs, sides.own)
    else:
        texts = {one.path: one.text for one in queries.draft_texts(db, draft.id) if not one.removed}
        there = (one for one in queries.draft_blobs(db, draft.id) if not one.removed)
        contents = Contents(texts, {one.path: (one.blob, one.size) for one in there})
    return adopting.pieces(contents.texts, contents.blobs)


def _splits(db: Session, blobs: Blobs, sides: Sides) -> tuple[Split, ...]:
    if sides.newest is None or sides.newest.id == sides.base.id:
        return ()
    base, theirs = (_theirs(blobs, sides, version) for version in (sides.base, sides.newest))
    return adopting.held_against(base, theirs, _ours(db, blobs, sides, sides.draft))


@router.get("/teaching/courses/{slug}/original", **allow(Policy.TEACHES))
def original(request: Request, db: Db, actor: CurrentActor, blobs: BlobsDep, slug: str) -> Response:
    """What the original has changed since ours was made from it, file by file."""
    sides = _sides(db, actor, slug)
    page = original_page(db, sides.own, sides.adopted, sides.base, sides.newest, _splits(db, blobs, sides))
    return render(request, db, actor, "teaching/original.html", page)


@router.post("/teaching/courses/{slug}/original", **allow(Policy.TEACHES, early=True))
def follow(request: Request, actor: EarlyActor, blobs: BlobsDep, posted: Posted, slug: str) -> Response:
    """Take what was chosen into the draft; what was not chosen is left, and not offered again."""
    sessions, where = request.app.state.sessions, f"/teaching/courses/{slug}/original"
    with reading(sessions) as db:
        sides = _sides(db, actor, slug)
        splits = _splits(db, blobs, sides)
        title = queries.content_of(db, sides.own.id, slug, sides.own.digest).words(sides.own.lang).title
    newest = sides.newest
    if newest is None or newest.id == sides.base.id:  # a second click
        return see_other(request, where)
    if newest.label != posted.text("version"):
        return see_other(request, where, _("The original has been published anew. Look at it again."), "warning")
    taken = [split.key for split in splits if posted.text(choice_field(split)) == "take"]
    beside = [split.key for split in splits if posted.text(choice_field(split)) == "beside"]
    if not taken and not beside:
        with writing(sessions) as db:
            actions.leave_changes(db, actor, adopted=sides.adopted, version=newest)
        return see_other(request, f"/teaching/courses/{slug}", _("Everything is left as it is."))
    contents = actions.contents_of(blobs, sides.own)
    try:
        with writing(sessions) as db:
            key = actions.start_draft(
                db, actor, slug=slug, title=title, contents=contents, course=sides.head, version=sides.own
            )
            draft = access.draft_for(db, actor, key)
            actions.bring_changes(
                db,
                actor,
                draft=draft,
                adopted=sides.adopted,
                version=newest,
                splits=splits,
                taken=taken,
                beside=beside,
            )
    except Conflict as refusal:
        return see_other(request, where, _(refusal.template, **refusal.values), "warning")
    said = _("What you took stands in the draft. Look at it, then publish it.")
    return see_other(request, f"/teaching/drafts/{key}", said)
