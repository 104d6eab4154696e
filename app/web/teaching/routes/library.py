"""The media of a draft: brought in, described, put into pages, replaced, taken out."""

from __future__ import annotations

from dataclasses import replace

from fastapi import APIRouter, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from app.catalog import access, actions, queries
from app.catalog.format import library as media
from app.catalog.format.layout import MEDIA
from app.catalog.importer.places import MEDIA_TYPES
from app.catalog.queries import DraftHead, Library, MediaFile, StoredAsset
from app.kit.actor import Actor
from app.kit.blobs import Blobs
from app.kit.database import reading, writing
from app.kit.errors import Conflict, Invalid, KitError, NotFound
from app.kit.i18n import N_, ngettext, number
from app.kit.i18n import gettext as _
from app.kit.limits import ALT_CHARACTERS, MEDIA_FILES, TRANSCRIPT_CHARACTERS, UPLOAD_BYTES
from app.web.deps import BlobsDep, CurrentActor, Db, EarlyActor, Posted, PostedForm
from app.web.forms import Form
from app.web.media import brought, media_response
from app.web.policy import Policy, allow
from app.web.responses import see_other
from app.web.teaching.incoming import let_go, sent_files
from app.web.teaching.pages.library import library_page, media_page
from app.web.templating import render

router = APIRouter()


@router.get("/teaching/drafts/{key}/media", **allow(Policy.TEACHES))
def library(request: Request, db: Db, actor: CurrentActor, key: str) -> Response:
    draft = access.draft_for(db, actor, key)
    return render(request, db, actor, "teaching/library.html", library_page(db, draft))


@router.post("/teaching/drafts/{key}/media", **allow(Policy.TEACHES, early=True))
def add(request: Request, actor: EarlyActor, blobs: BlobsDep, posted: Posted, key: str) -> Response:
    """Files of any kind that a course may hold, several at once; those that are no such files are told one by one."""
    draft = _draft(request, actor, key)
    sent = sent_files(request, actor, blobs, posted, "file", limit=UPLOAD_BYTES)
    if not sent:
        return _again(request, actor, draft, Form(errors={"file": _("Choose a file.")}))
    if len(sent) > MEDIA_FILES:
        return _again(
            request, actor, draft, Form(errors={"file": _("Add at most %(limit)s files at once.", limit=MEDIA_FILES)})
        )
    # Pictures are read and written anew, so nothing is locked yet.
    looked = [brought(one.name, one.data) for one in sent]
    taken = [one for one in looked if not one.why]
    refused = [f"{one.name}: {_(one.why, **dict(one.values))}" for one in looked if one.why]
    kept = [(one, blobs.put(one.data)) for one in taken]
    try:
        with writing(request.app.state.sessions) as db:
            for one, blob in kept:
                actions.bring_in(db, actor, draft=draft, name=one.name, blob=blob, size=len(one.data))
    except (Conflict, Invalid) as refusal:
        return _again(request, actor, draft, Form().failing(refusal))
    let_go(request, blobs, sent)
    if refused:
        said = Form(errors={"file": " ".join(refused)})
        return _again(request, actor, draft, said)
    said_so = ngettext("%(num)s file is in the course.", "%(num)s files are in the course.", len(taken))
    return see_other(request, f"/teaching/drafts/{key}/media", said_so)


@router.post("/teaching/drafts/{key}/media/texts", **allow(Policy.TEACHES))
def describe_all(request: Request, db: Db, actor: CurrentActor, posted: Posted, key: str) -> Response:
    """What several pictures show; those left empty are asked again."""
    draft = access.draft_for(db, actor, key)
    found = queries.media_library(db, draft)
    errors, done = {}, 0
    for file in found.there:
        text, decorative = posted.text(f"text-{file.key}"), bool(posted.text(f"decorative-{file.key}"))
        if not file.untold or not (text or decorative):
            continue
        if len(text) > ALT_CHARACTERS:
            errors[f"text-{file.key}"] = _("Use at most %(max_length)s characters.", max_length=ALT_CHARACTERS)
            continue
        actions.describe(db, actor, draft=draft, path=file.path, text=text, decorative=decorative)
        done += 1
    if errors:
        page = library_page(db, draft, texts=Form(values=posted.values(), errors=errors))
        return render(request, db, actor, "teaching/library.html", page, status=422)
    said = ngettext("%(num)s picture is described.", "%(num)s pictures are described.", done)
    return see_other(request, f"/teaching/drafts/{key}/media", said if done else "")


@router.head("/teaching/drafts/{key}/files/{blob}/{name}", **allow(Policy.TEACHES))
@router.get("/teaching/drafts/{key}/files/{blob}/{name}", **allow(Policy.TEACHES))
def content(request: Request, db: Db, actor: CurrentActor, blobs: BlobsDep, key: str, blob: str, name: str) -> Response:
    """A file of a draft by its content: what its pages and previews show."""
    draft = access.draft_for(db, actor, key)
    files = (one for one in queries.draft_blobs(db, draft.id) if one.path.startswith(MEDIA))
    found = next((one for one in files if len(blob) >= 16 and one.blob.startswith(blob)), None)
    if found is None:
        raise NotFound(N_("There is no such file."))
    media_type = MEDIA_TYPES.get(media.ending(found.path), "application/octet-stream")
    return media_response(StoredAsset(found.path, found.blob, media_type, found.size), blobs, request)


@router.get("/teaching/drafts/{key}/media/{file}", **allow(Policy.TEACHES))
def one_file(request: Request, db: Db, actor: CurrentActor, blobs: BlobsDep, key: str, file: str) -> Response:
    draft, found, chosen = _file(db, actor, key, file)
    return _page(request, db, actor, blobs, draft, found, chosen)


@router.post("/teaching/drafts/{key}/media/{file}/text", **allow(Policy.TEACHES))
def describe(
    request: Request, db: Db, actor: CurrentActor, blobs: BlobsDep, posted: Posted, key: str, file: str
) -> Response:
    draft, found, chosen = _file(db, actor, key, file)
    text, decorative = posted.text("text"), bool(posted.text("decorative"))
    try:
        with db.begin_nested():
            changed = actions.describe(db, actor, draft=draft, path=chosen.path, text=text, decorative=decorative)
    except (Conflict, Invalid) as refusal:
        form = Form(values=posted.values()).failing(refusal)
        return _page(request, db, actor, blobs, draft, found, chosen, form=form)
    said = _("It is described.")
    if changed:
        said = ngettext(
            "It is described, and so it is in %(num)s page.", "It is described, and so it is in %(num)s pages.", changed
        )
    return see_other(request, f"/teaching/drafts/{key}/media/{file}", said)


@router.post("/teaching/drafts/{key}/media/{file}/put", **allow(Policy.TEACHES))
def put(request: Request, db: Db, actor: CurrentActor, posted: Posted, key: str, file: str) -> Response:
    draft, found, chosen = _file(db, actor, key, file)
    page = posted.text("page")
    said, kind = "", "success"
    try:
        with db.begin_nested():
            actions.put_into(db, actor, draft=draft, path=chosen.path, page=page)
    except KitError as refusal:
        said, kind = _(refusal.template, **refusal.values), "warning"
    else:
        title = media.title_of(page, found.texts[page].text)
        said = _("It stands at the end of %(page)s.", page=title)
    return see_other(request, f"/teaching/drafts/{key}/media/{file}", said, kind)


@router.post("/teaching/drafts/{key}/media/{file}/replace", **allow(Policy.TEACHES, early=True))
def replace_one(request: Request, actor: EarlyActor, blobs: BlobsDep, posted: Posted, key: str, file: str) -> Response:
    return _sent_for(request, actor, blobs, posted, key, file, field="file")


@router.post("/teaching/drafts/{key}/media/{file}/captions", **allow(Policy.TEACHES, early=True))
def captions(request: Request, actor: EarlyActor, blobs: BlobsDep, posted: Posted, key: str, file: str) -> Response:
    return _sent_for(request, actor, blobs, posted, key, file, field="captions")


def _sent_for(
    request: Request, actor: Actor, blobs: Blobs, posted: PostedForm, key: str, file: str, *, field: str
) -> Response:
    """One file that takes another's place, or stands beside it as its captions."""
    sessions = request.app.state.sessions
    with reading(sessions) as db:
        draft, found, chosen = _file(db, actor, key, file)
    sent = sent_files(request, actor, blobs, posted, field, limit=UPLOAD_BYTES)
    taken = brought(sent[0].name, sent[0].data) if sent else None
    wrong: Form | None = None
    if taken is None:
        wrong = Form(errors={field: _("Choose a file.")})
    elif taken.why:
        wrong = Form(errors={field: _(taken.why, **dict(taken.values))})
    elif field == "captions" and media.kind_of(taken.name) is not media.MediaKind.CAPTIONS:
        wrong = Form(errors={field: _("Captions are a file that ends in .vtt or .srt.")})
    else:
        blob = blobs.put(taken.data)
        size = len(taken.data)
        try:
            with writing(sessions) as db:
                if field == "captions":
                    if not media.recorded(chosen.path):
                        raise NotFound(N_("There is no such file."))
                    path = media.captions_of(chosen.path)
                    actions.set_content(db, actor, draft=draft, path=path, blob=blob, size=size)
                else:
                    path, name = chosen.path, taken.name
                    actions.replace_media(db, actor, draft=draft, path=path, name=name, blob=blob, size=size)
        except (Conflict, Invalid) as refusal:
            wrong = Form().failing(refusal)
    if wrong is not None:
        with reading(sessions) as db:
            return _page(request, db, actor, blobs, draft, found, chosen, form=wrong)
    let_go(request, blobs, sent)
    said = _("The captions are there.") if field == "captions" else _("It is replaced; every page shows the new one.")
    return see_other(request, f"/teaching/drafts/{key}/media/{file}", said)


@router.post("/teaching/drafts/{key}/media/{file}/transcript", **allow(Policy.TEACHES, early=True))
def transcript(request: Request, actor: EarlyActor, blobs: BlobsDep, posted: Posted, key: str, file: str) -> Response:
    sessions = request.app.state.sessions
    with reading(sessions) as db:
        draft, found, chosen = _file(db, actor, key, file)
    if not media.recorded(chosen.path):
        raise NotFound(N_("There is no such file."))
    text, error = posted.text("transcript"), ""
    if not text:
        error = _("Fill in this field.")
    elif len(text) > TRANSCRIPT_CHARACTERS:
        error = _("Use at most %(max_length)s characters.", max_length=number(TRANSCRIPT_CHARACTERS))
    form = Form(values=posted.values(), errors={"transcript": error} if error else {})
    if not error:
        data = f"{text}\n".encode()
        blob, path = blobs.put(data), media.transcript_of(chosen.path)
        try:
            with writing(sessions) as db:
                actions.set_content(db, actor, draft=draft, path=path, blob=blob, size=len(data))
        except Conflict as refusal:
            form = form.failing(refusal)
    if form.wrong:
        with reading(sessions) as db:
            return _page(request, db, actor, blobs, draft, found, chosen, form=form)
    return see_other(request, f"/teaching/drafts/{key}/media/{file}", _("The transcript is there."))


@router.post("/teaching/drafts/{key}/media/{file}/remove", **allow(Policy.TEACHES))
def remove(request: Request, db: Db, actor: CurrentActor, key: str, file: str) -> Response:
    draft, _found, chosen = _file(db, actor, key, file)
    try:
        with db.begin_nested():
            actions.remove_media(db, actor, draft=draft, path=chosen.path)
    except Conflict as refusal:
        said = _(refusal.template, **refusal.values)
        return see_other(request, f"/teaching/drafts/{key}/media/{file}", said, "warning")
    said = _("%(name)s is out of the course. Below the list you can put it back.", name=chosen.name)
    return see_other(request, f"/teaching/drafts/{key}/media", said)


@router.post("/teaching/drafts/{key}/media/{file}/back", **allow(Policy.TEACHES))
def put_back(request: Request, db: Db, actor: CurrentActor, key: str, file: str) -> Response:
    draft, _found, chosen = _file(db, actor, key, file)
    where, said, kind = f"/teaching/drafts/{key}/media", _("%(name)s is back.", name=chosen.name), "success"
    try:
        with db.begin_nested():
            actions.put_back(db, actor, draft=draft, path=chosen.path)
    except Conflict as refusal:
        said, kind = _(refusal.template, **refusal.values), "warning"
    return see_other(request, where, said, kind)


def _draft(request: Request, actor: Actor, key: str) -> DraftHead:
    with reading(request.app.state.sessions) as db:
        return access.draft_for(db, actor, key)


def _file(db: Session, actor: Actor, key: str, file: str) -> tuple[DraftHead, Library, MediaFile]:
    draft = access.draft_for(db, actor, key)
    found = queries.media_library(db, draft)
    chosen = found.file(file)
    if chosen is None:
        raise NotFound(N_("There is no such file."))
    return draft, found, chosen


def _page(
    request: Request,
    db: Session,
    actor: Actor,
    blobs: Blobs,
    draft: DraftHead,
    found: Library,
    chosen: MediaFile,
    *,
    form: Form | None = None,
) -> Response:
    words = found.at(media.transcript_of(chosen.path)) if media.recorded(chosen.path) else None
    transcript = blobs.get(words.blob).decode("utf-8", "replace") if words is not None and blobs.has(words.blob) else ""
    page = media_page(db, draft, found, chosen, transcript=transcript)
    if form is not None:
        page = replace(page, form=replace(form, values={**page.form.values, **form.values}))
    return render(request, db, actor, "teaching/media.html", page, status=422 if form is not None else 200)


def _again(request: Request, actor: Actor, draft: DraftHead, form: Form) -> Response:
    with reading(request.app.state.sessions) as db:
        page = library_page(db, draft, form=form)
        return render(request, db, actor, "teaching/library.html", page, status=422)
