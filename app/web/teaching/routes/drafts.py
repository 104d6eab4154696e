"""A draft and its outline: begun, put in order, brought up to date, sent to be published, given up."""

from __future__ import annotations

from urllib.parse import quote

from fastapi import APIRouter, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from app.catalog import access, actions, queries
from app.catalog.actions import Contents
from app.catalog.drafting import moving, starting
from app.catalog.drafting.outline import Part
from app.catalog.exchange.proposing import Names
from app.catalog.format import writer
from app.catalog.queries import DraftHead, UploadCard
from app.kit.actor import Actor
from app.kit.database import reading, writing
from app.kit.errors import Conflict, Invalid, KitError, NotFound
from app.kit.i18n import LANGUAGES, N_, ngettext
from app.kit.i18n import gettext as _
from app.kit.slugs import slug as slugged
from app.kit.worker import TooHeavy
from app.organisations import queries as organisations
from app.web.deps import BlobsDep, CurrentActor, Db, EarlyActor, Posted, PostedForm
from app.web.forms import Form, check
from app.web.policy import Policy, allow
from app.web.responses import see_other
from app.web.teaching import forms
from app.web.teaching.desk import Desk, open_desk
from app.web.teaching.pages.draft import NewPage, draft_page
from app.web.teaching.uploading import Looked, examined
from app.web.templating import render

router = APIRouter()


@router.get("/teaching/drafts/new", **allow(Policy.TEACHES))
def new_draft(request: Request, db: Db, actor: CurrentActor) -> Response:
    form = Form(values={"lang": "lt"})
    return render(request, db, actor, "teaching/draft_new.html", NewPage(form))


@router.post("/teaching/drafts", **allow(Policy.TEACHES))
def begin(request: Request, db: Db, actor: CurrentActor, posted: Posted) -> Response:
    """A course from nothing: title, language and one sentence; the rest can wait."""
    checked = check(forms.NewCourse, posted)
    said = checked.value
    if said is None:
        return render(request, db, actor, "teaching/draft_new.html", NewPage(checked.form), status=422)
    owner = organisations.by_id(db, actions.home_of(actor))
    names = Names()
    base = slugged(said.title)
    while (name := names.of("", base)) and queries.course_by_slug(db, name) is not None:
        continue
    texts = starting.course(
        slug=name,
        title=said.title,
        summary=said.summary,
        lang=said.lang,
        owner=owner.code if owner else "",
        contact=actor.name,
    )
    key = actions.start_draft(db, actor, slug=name, title=said.title, contents=Contents(texts))
    return see_other(request, f"/teaching/drafts/{key}", _("Your course has a first page. Write in it."))


@router.post("/teaching/courses/{slug}/draft", **allow(Policy.TEACHES, early=True))
def begin_from_course(request: Request, actor: EarlyActor, blobs: BlobsDep, slug: str) -> Response:
    """The draft of a course: the open one, or a new one made of the newest version."""
    sessions = request.app.state.sessions
    with reading(sessions) as db:
        head = access.editable_course(db, actor, slug)
        version = queries.latest_version(db, head.id)
        content = queries.content_of(db, version.id, slug, version.digest) if version else None
    if version is None or content is None:
        raise NotFound(N_("There is no such version."))
    contents = actions.contents_of(blobs, version)  # takes its time, so nothing is locked yet
    title = content.words(content.outline.lang).title
    with writing(sessions) as db:
        key = actions.start_draft(db, actor, slug=slug, title=title, contents=contents, course=head, version=version)
    return see_other(request, f"/teaching/drafts/{key}")


@router.get("/teaching/drafts/{key}", **allow(Policy.TEACHES))
def draft(request: Request, db: Db, actor: CurrentActor, key: str, moved: str = "") -> Response:
    page = draft_page(db, open_desk(db, actor, key), moved=moved)
    return render(request, db, actor, "teaching/draft.html", page)


@router.post("/teaching/drafts/{key}/outline", **allow(Policy.TEACHES))
def change_outline(request: Request, db: Db, actor: CurrentActor, posted: Posted, key: str) -> Response:
    """Add, move, remove or bring back a part of the course."""
    desk = open_desk(db, actor, key)
    try:
        with db.begin_nested():
            where, said = _change(db, actor, desk, posted)
    except (Conflict, Invalid) as refusal:
        form = Form(values=posted.values()).failing(refusal)
        status = 409 if isinstance(refusal, Conflict) else 422
        page = draft_page(db, open_desk(db, actor, key), form=form)
        return render(request, db, actor, "teaching/draft.html", page, status=status)
    return see_other(request, where, said)


def _change(db: Session, actor: Actor, desk: Desk, posted: PostedForm) -> tuple[str, str]:
    """Answers where to go on, and what to say there."""
    action = posted.text("action")
    if action.startswith("add-"):
        return _add(db, actor, desk, action, posted)
    if action == "remove":
        file = posted.text("file")
        actions.remove_files(db, actor, draft=desk.draft, paths=_paths_of(desk, file))
        return f"{desk.url}#removed", _("Removed. It stands at the end of this page, to be brought back.")
    if action == "put-back":
        actions.put_back(db, actor, draft=desk.draft, path=posted.text("file"))
        return desk.url, _("It is back.")
    if posted.has("move") or posted.has("order"):
        moved = _reorder(db, actor, desk, posted)
        return f"{desk.url}?moved={quote(moved)}", ""
    raise Invalid(action=N_("Choose one of the options."))


def _title(posted: PostedForm, name: str) -> str:
    title = " ".join(posted.text(name).split())
    if not title:
        raise Invalid(**{name: N_("Fill in this field.")})
    if len(title) > forms.TITLE:
        raise Invalid(**{name: KitError(N_("Use at most %(max_length)s characters."), max_length=forms.TITLE)})
    return title


def _add(db: Session, actor: Actor, desk: Desk, action: str, posted: PostedForm) -> tuple[str, str]:
    shape, taken = desk.shape, desk.ids()
    if action == "add-lang":
        file = desk.file(posted.text("file"))[0]
        lang = posted.text("lang")
        if lang not in LANGUAGES or lang in file.variants or lang == shape.lang:
            raise Invalid(lang=N_("Choose one of the options."))
        made: tuple[starting.New, ...] = (starting.variant(file.path, lang, file.title),)
        course = shape.course
        if course is not None and file is not course and lang not in course.variants:
            # A language that the course itself does not have would never be offered to anybody.
            made = (starting.variant(course.path, lang, course.title), *made)
    elif shape.single:
        raise Conflict(N_("This course is one file. Write in it, or begin a new course to have modules and pages."))
    elif action == "add-module":
        made = starting.module(shape, _title(posted, "module_title"), taken)
    elif action == "add-bank":
        made = (starting.bank(shape, _title(posted, "bank_title"), taken),)
    else:
        anchor = posted.text("module")
        part = next((one for one in shape.modules if one.anchor == anchor and one.folder), None)
        if part is None:
            raise Conflict(N_("The draft has changed meanwhile: %(name)s is not where it was."), name=anchor)
        title = _title(posted, f"title-{shape.modules.index(part)}")
        made = (starting.page(shape, part, title, taken, quiz=action == "add-quiz"),)
    for new in made:
        actions.add_file(db, actor, draft=desk.draft, path=new.path, text=new.text)
    return desk.write_url(made[-1].path), _("Added. Write in it.")


def _paths_of(desk: Desk, path: str) -> list[str]:
    """A file in every language; a module with all its pages."""
    part = next((one for one in desk.shape.modules if one.anchor == path), None)
    if part is not None:
        files = [*([part.file] if part.file else []), *(page for page in part.pages if page is not part.file)]
    else:
        files = [desk.file(path)[0]]
    if any(file.kind == "course" for file in files):
        raise Conflict(N_("The course itself cannot be removed. Give the draft up instead."))
    if path in {variant for file in files for variant in file.variants.values()}:
        return [path]
    return [one for file in files for one in (file.path, *file.variants.values())]


def _reorder(db: Session, actor: Actor, desk: Desk, posted: PostedForm) -> str:
    """Put modules, or the pages of one, in another order; links to them follow. Answers the new path of what moved."""
    anchor = posted.text("module")
    part = next((one for one in desk.shape.modules if one.anchor == anchor and one.folder), None)
    known = [page.path for page in part.pages] if part else [one.anchor for one in desk.shape.modules]
    order = posted.all("order")
    if sorted(order) != sorted(known) or (anchor and part is None):
        raise Conflict(N_("The draft has changed meanwhile. Look at it again."))
    moved = posted.text("moved")
    if posted.has("move"):
        way, _dash, place = posted.text("move").partition("-")
        at = int(place) if place.isdigit() else -1
        to = at + (-1 if way == "up" else 1)
        if not (0 <= at < len(order) and 0 <= to < len(order)):
            raise Conflict(N_("The draft has changed meanwhile. Look at it again."))
        moved = order[at]
        order[at], order[to] = order[to], order[at]
    moves = moving.pages_in(part, order) if part else moving.modules_in(desk.shape, order)
    move(db, actor, desk, moves)
    if part is None and moved in order:
        return next((p.anchor for p in _parts(desk, moves) if p.anchor.endswith(moved.partition("-")[2])), moved)
    return moves.get(moved, moved)


def _parts(desk: Desk, moves: dict[str, str]) -> tuple[Part, ...]:
    folders = {old.partition("/")[0]: new.partition("/")[0] for old, new in moves.items()}
    return tuple(Part(folders.get(one.anchor, one.anchor), one.file, one.pages) for one in desk.shape.modules)


def move(db: Session, actor: Actor, desk: Desk, moves: dict[str, str]) -> None:
    """Rename files, and let every link in the draft follow them."""
    if not moves:
        return
    actions.move_files(db, actor, draft=desk.draft, moves=moves)
    changed = moving.relinked(desk.words(), moves)
    actions.save_files(
        db, actor, draft=desk.draft, texts={moves.get(path, path): text for path, text in changed.items()}
    )


@router.post("/teaching/drafts/{key}/catch-up", **allow(Policy.TEACHES, early=True))
def catch_up(request: Request, actor: EarlyActor, blobs: BlobsDep, key: str) -> Response:
    """Bring in what was published since the draft began."""
    sessions = request.app.state.sessions
    with reading(sessions) as db:
        found = access.draft_for(db, actor, key)
        newest = queries.latest_version(db, found.course_id) if found.course_id else None
        base = queries.version(db, found.base_version_id) if found.base_version_id else None
    where = f"/teaching/drafts/{key}"
    if newest is None or (base is not None and base.id == newest.id):
        return see_other(request, where)
    old = actions.contents_of(blobs, base) if base is not None else Contents({})
    new = actions.contents_of(blobs, newest)
    with writing(sessions) as db:
        clashes = actions.catch_up(db, actor, draft=found, version=newest, old=old, new=new)
    if clashes:
        said = ngettext(
            "%(num)s file was changed here and there. Your words stand; the published ones are kept beside them.",
            "%(num)s files were changed here and there. Your words stand; the published ones are kept beside them.",
            clashes,
        )
        return see_other(request, where, said, "warning")
    return see_other(request, where, _("The draft has everything that version %(version)s has.", version=newest.label))


@router.post("/teaching/drafts/{key}/publish", **allow(Policy.TEACHES, early=True))
def send(request: Request, actor: EarlyActor, blobs: BlobsDep, key: str) -> Response:
    """Make an upload of the draft: from there on it goes the way of every upload, by report and preview."""
    sessions = request.app.state.sessions
    with reading(sessions) as db:
        found = access.draft_for(db, actor, key)
        data = writer.pack(queries.draft_source(db, blobs, found))
        previous = _previous(db, actor, found.upload_key)
    where = f"/teaching/drafts/{key}"
    try:
        looked = examined(request, actor, f"{found.slug}.zip", data)
    except TooHeavy as refusal:
        return see_other(request, where, _(refusal.template), "danger")
    blob = blobs.put(data)
    try:
        with writing(sessions) as db:
            upload = _upload(db, actor, found, previous, blob, looked)
            actions.send_draft(db, actor, draft=found, upload_key=upload)
    except Conflict as refusal:
        return see_other(request, where, _(refusal.template, **refusal.values), "warning")
    return see_other(request, f"/teaching/uploads/{upload}")


def _previous(db: Session, actor: Actor, key: str) -> UploadCard | None:
    """The upload that this draft was sent as before, while it can still be used."""
    if not key:
        return None
    try:
        found = access.upload_for(db, actor, key)
    except NotFound:
        return None
    return found if found.version_id is None else None


def _upload(
    db: Session,
    actor: Actor,
    found: DraftHead,
    previous: UploadCard | None,
    blob: str,
    looked: Looked,
) -> str:
    """What a draft is published through: the upload it was sent as before, or a new one."""
    if previous is not None:
        actions.complete_upload(
            db,
            actor,
            upload=previous,
            blob=blob,
            slug=looked.slug,
            summary=looked.summary,
            problems=looked.problems,
        )
        return previous.key
    return actions.keep_upload(
        db,
        actor,
        filename=f"{found.slug}.zip",
        blob=blob,
        slug=looked.slug,
        summary=looked.summary,
        problems=looked.problems,
        organisation_id=found.organisation_id,
    )


@router.post("/teaching/drafts/{key}/discard", **allow(Policy.TEACHES))
def discard(request: Request, db: Db, actor: CurrentActor, key: str) -> Response:
    actions.discard_draft(db, actor, draft=access.draft_for(db, actor, key))
    return see_other(request, "/teaching", _("The draft is given up. What was published is as it was."))
