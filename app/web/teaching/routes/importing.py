"""A file of questions, taken into a bank or a quiz of a draft."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.catalog import access, actions
from app.catalog.importer import apart, questions
from app.catalog.importer.questions import Gathered
from app.kit.database import reading, writing
from app.kit.errors import Conflict, Invalid
from app.kit.i18n import N_, ngettext
from app.kit.limits import EXCHANGE_BYTES
from app.web.deps import BlobsDep, EarlyActor, Posted
from app.web.forms import Form
from app.web.policy import Policy, allow
from app.web.responses import see_other
from app.web.teaching.desk import open_desk
from app.web.teaching.incoming import let_go, sent_files
from app.web.teaching.pages.asking import questions_page
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
        name, data = (sent[0].name, sent[0].data) if sent else ("", b"")
        questions.refuse_unreadable(name, data)
        # Reading takes its time, so nothing is locked yet.
        gathered = apart.gather(name, data, lang=desk.shape.lang)
        if not gathered.questions:
            raise Invalid(file=N_("There is no question in this file that we can read."))
        kept = [(path, blobs.put(data), len(data)) for path, data in gathered.media]
        with writing(sessions) as db:
            count = actions.set_in_questions(
                db,
                actor,
                draft=access.draft_for(db, actor, key),
                into=posted.text("into"),
                bank_name=posted.text("bank_name"),
                name=name,
                questions=gathered.questions,
                media=kept,
            )
    except (Conflict, Invalid) as refusal:
        form = form.failing(refusal)
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
