"""A file of questions, taken into a bank or a quiz of a draft."""

from __future__ import annotations

from fastapi import APIRouter, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from app.catalog import actions
from app.catalog.drafting import finding, importing, starting
from app.catalog.exchange.model import Given
from app.catalog.importer import apart
from app.catalog.importer.questions import Gathered
from app.kit.actor import Actor
from app.kit.database import reading, writing
from app.kit.errors import Conflict, Invalid, KitError
from app.kit.i18n import N_, ngettext, number
from app.kit.limits import EXCHANGE_BYTES, MIB
from app.web.deps import BlobsDep, EarlyActor, Posted, PostedForm
from app.web.forms import Form
from app.web.policy import Policy, allow
from app.web.responses import see_other
from app.web.teaching import forms
from app.web.teaching.desk import Desk, open_desk
from app.web.teaching.incoming import Sent, let_go, sent_files
from app.web.teaching.pages.asking import IMPORTED, NEW_BANK, questions_page
from app.web.templating import render

router = APIRouter()


@router.post("/teaching/drafts/{key}/questions/import", **allow(Policy.TEACHES, early=True))
def take_questions(request: Request, actor: EarlyActor, blobs: BlobsDep, posted: Posted, key: str) -> Response:
    """Sending the same file again sets in nothing twice, so a page that tells what became of it may be loaded anew."""
    sessions = request.app.state.sessions
    with reading(sessions) as db:
        desk = open_desk(db, actor, key)
    sent = sent_files(request, actor, blobs, posted, "file", limit=EXCHANGE_BYTES)
    gathered: Gathered | None = None
    form, said = Form(values=posted.values()), ""
    try:
        _check(sent)
        # Reading takes its time, so nothing is locked yet.
        gathered = apart.gather(sent[0].name, sent[0].data, lang=desk.shape.lang)
        if not gathered.questions:
            raise Invalid(file=N_("There is no question in this file that we can read."))
        kept = [(path, blobs.put(data), len(data)) for path, data in gathered.media]
        with writing(sessions) as db:
            count = _set_in(db, actor, open_desk(db, actor, key), posted, sent[0].name, gathered, kept)
    except (Conflict, Invalid) as refusal:
        form = form.failing(_on_a_field(refusal))
    else:
        said = ngettext("%(num)s question is set in.", "%(num)s questions are set in.", count)
        if count < len(gathered.questions):
            rest = len(gathered.questions) - count
            said += " " + ngettext("%(num)s stands there already.", "%(num)s stand there already.", rest)
    let_go(request, blobs, sent)
    if said and gathered is not None and not gathered.notes:
        return see_other(request, f"{desk.url}/questions", said)
    with reading(sessions) as db:
        page = questions_page(open_desk(db, actor, key), "", "", "", form, gathered=gathered, imported=said)
        return render(request, db, actor, "teaching/questions.html", page, status=422 if form.wrong else 200)


def _check(sent: tuple[Sent, ...]) -> None:
    if not sent or not sent[0].data:
        raise Invalid(file=N_("Choose a file."))
    if not sent[0].name.lower().endswith(IMPORTED):
        kinds = ", ".join(IMPORTED)
        raise Invalid(
            file=KitError(N_("%(name)s is of no kind that we read: %(kinds)s."), name=sent[0].name, kinds=kinds)
        )
    if len(sent[0].data) > EXCHANGE_BYTES:
        raise Invalid(file=KitError(N_("This file is larger than %(limit)s MB."), limit=number(EXCHANGE_BYTES // MIB)))


def _on_a_field(refusal: KitError) -> KitError:
    """A text that grows too large is told at the file that made it so."""
    if isinstance(refusal, Invalid) and "text" in refusal.fields:
        return Invalid(
            file=N_("These are too many questions for one place. Split the file, or import into a new bank.")
        )
    return refusal


def _set_in(
    db: Session,
    actor: Actor,
    desk: Desk,
    posted: PostedForm,
    name: str,
    gathered: Gathered,
    kept: list[tuple[str, str, int]],
) -> int:
    """How many are new where they stand now."""
    into = posted.text("into")
    quiz, _at, path = into.partition("@")
    taken, text = desk.ids(), ""
    new: starting.New | None = None
    if into == NEW_BANK and not desk.shape.single:
        title = posted.text("bank_name") or Given(name, b"").title
        if len(title) > forms.TITLE:
            raise Invalid(bank_name=KitError(N_("Use at most %(max_length)s characters."), max_length=forms.TITLE))
        new = starting.bank(desk.shape, title, taken)
        path, text, quiz = new.path, new.text, ""
        taken |= finding.ids_in([new.text])
    elif path in desk.texts:
        text = desk.texts[path].text
    else:
        raise Invalid(into=N_("Choose one of the options."))
    moved = {
        old: actions.bring_in(db, actor, draft=desk.draft, name=old.rpartition("/")[2], blob=blob, size=size)
        for old, blob, size in kept
    }
    whole, count = importing.set_in(text, quiz, gathered.questions, lang=desk.shape.lang, taken=taken, moved=moved)
    if new is not None:
        actions.add_file(db, actor, draft=desk.draft, path=path, text=whole)
    elif count:
        saved = actions.save_file(db, actor, draft=desk.draft, path=path, text=whole, base=desk.texts[path].revision)
        if saved.lost_race:
            raise Conflict(N_("The draft has changed meanwhile. Look at it again."))
    return count
