"""Writing in a draft: one file at a time, saved as it is typed, and never over somebody else's words."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from app.catalog import access, actions
from app.catalog.actions import Saved
from app.catalog.importer import Glanced
from app.kit import clock
from app.kit.actor import Actor
from app.kit.database import reading, writing
from app.kit.errors import Conflict, Invalid
from app.kit.i18n import clock_time
from app.kit.i18n import gettext as _
from app.kit.limits import MARKDOWN_BYTES
from app.kit.worker import TooHeavy
from app.web.deps import CurrentActor, Db, EarlyActor, Posted, PostedForm
from app.web.forms import Form
from app.web.policy import Policy, allow
from app.web.responses import see_other
from app.web.teaching.desk import Desk, glance, open_desk
from app.web.teaching.pages.write import block_text, look_of, write_page
from app.web.templating import render

router = APIRouter()


@router.get("/teaching/drafts/{key}/edit", **allow(Policy.TEACHES, early=True))
def write(request: Request, actor: EarlyActor, key: str, file: str = "", line: int = 0) -> Response:
    return _page(request, actor, key, file, line=line)


def _page(
    request: Request,
    actor: Actor,
    key: str,
    path: str,
    *,
    form: Form | None = None,
    base: int = 0,
    line: int = 0,
    status: int = 200,
) -> Response:
    """The editor. Rendering the preview takes a process of its own, so no session waits for it."""
    sessions = request.app.state.sessions
    with reading(sessions) as db:
        desk = open_desk(db, actor, key)
        stored = desk.file(path)[2]
    glanced = _glanced(desk, path, str(form.values["text"]) if form else stored.text)
    with reading(sessions) as db:
        page = write_page(db, desk, path, glanced, form=form, base=base, line=line)
        return render(request, db, actor, "teaching/write.html", page, status=status)


def _glanced(desk: Desk, path: str, text: str) -> Glanced:
    """What cannot be rendered can still be written: then there is no preview."""
    if len(text.encode()) > MARKDOWN_BYTES:
        return Glanced(None, None, ())
    try:
        return glance(desk, path, text)
    except TooHeavy:
        return Glanced(None, None, ())


def text_of(posted: PostedForm) -> tuple[str, int]:
    """The text as it was typed, down to its spaces, and the revision it was typed over."""
    said = posted.values().get("text", "")
    text = (said if isinstance(said, str) else said[-1]).replace("\r", "\n").replace("\x00", "")
    base = posted.text("base")
    # What form encoding cannot carry comes as a lone half of a sign, which no database takes.
    text = text.encode("utf-8", "replace").decode()
    return (text if text.endswith("\n") or not text else text + "\n"), int(base) if base.isdigit() else 0


@router.post("/teaching/drafts/{key}/edit", **allow(Policy.TEACHES, early=True))
def save(request: Request, actor: EarlyActor, posted: Posted, key: str, file: str = "") -> Response:
    """Save, or set a block in at the end: what the buttons do without script."""
    text, base = text_of(posted)
    sessions = request.app.state.sessions
    with reading(sessions) as db:
        desk = open_desk(db, actor, key)
        desk.file(file)
    if posted.has("insert"):
        block = block_text(desk, posted.text("insert"))
        if block is not None:
            text = f"{text.rstrip()}\n\n{block}".lstrip("\n")
    try:
        with writing(sessions) as db:
            saved = actions.save_file(db, actor, draft=desk.draft, path=file, text=text, base=base)
    except Invalid as refusal:
        form = Form(values={"text": text}).failing(refusal)
        return _page(request, actor, key, file, form=form, base=base, status=422)
    where = desk.write_url(file)
    if saved.lost_race:
        return see_other(request, f"{where}#copy_{saved.copy_id}", lost_sentence(), "warning")
    return see_other(request, f"{where}#the_text" if posted.has("insert") else where, _("Saved in the draft."))


def lost_sentence() -> str:
    return _(
        "Somebody has changed this page while you were writing. Nothing is lost: your words are kept as a copy, shown below."
    )


@router.post("/teaching/drafts/{key}/save", **allow(Policy.TEACHES))
def autosave(db: Db, actor: CurrentActor, posted: Posted, key: str, file: str = "") -> Response:
    """The same for the script: what it hears as saved has been committed when it hears it."""
    text, base = text_of(posted)
    draft = access.draft_for(db, actor, key)
    try:
        with db.begin_nested():
            saved = actions.save_file(db, actor, draft=draft, path=file, text=text, base=base)
    except Invalid as refusal:
        [why] = refusal.fields.values()
        return _told(422, {"said": _(why.template, **why.values)})
    # A copy is safe as well: a refusal would be tried again and again.
    return _told(200, _said(saved))


def _said(saved: Saved) -> dict[str, object]:
    told: dict[str, object] = {"revision": saved.revision, "at": clock_time(clock.now())}
    if saved.lost_race:
        told |= {"copy": saved.copy_id, "said": lost_sentence()}
    return told


def _told(status: int, said: dict[str, object]) -> Response:
    return JSONResponse(said, status_code=status, headers={"Cache-Control": "no-store"})


@router.post("/teaching/drafts/{key}/look", **allow(Policy.TEACHES, early=True))
def look(request: Request, actor: EarlyActor, posted: Posted, key: str, file: str = "") -> Response:
    """How a text that is being typed looks. Nothing is kept."""
    text, _base = text_of(posted)
    sessions = request.app.state.sessions
    with reading(sessions) as db:
        desk = open_desk(db, actor, key)
        desk.file(file)
    glanced = _glanced(desk, file, text)
    with reading(sessions) as db:
        return render(request, db, actor, "teaching/look.html", look_of(desk, file, text, glanced))


@router.post("/teaching/drafts/{key}/copies/{copy_id}", **allow(Policy.TEACHES))
def settle(request: Request, db: Db, actor: CurrentActor, posted: Posted, key: str, copy_id: int) -> Response:
    """Take a copy over, or put it away."""
    desk = open_desk(db, actor, key)
    take = posted.text("action") == "take"
    try:
        with db.begin_nested():
            if take:
                path = actions.take_copy(db, actor, draft=desk.draft, copy_id=copy_id)
            else:
                path = actions.settle_copy(db, actor, draft=desk.draft, copy_id=copy_id)
    except Conflict as refusal:
        return see_other(request, desk.url, _(refusal.template, **refusal.values), "warning")
    where = desk.write_url(path) if path in desk.texts else desk.url
    said = (
        _("The copy stands in its place; what stood there is kept as a copy.") if take else _("The copy is put away.")
    )
    return see_other(request, where, said)
