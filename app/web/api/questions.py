"""A file of questions by API, taken into a bank or a quiz of a draft."""

from __future__ import annotations

from typing import Annotated

from anyio.to_thread import run_sync
from fastapi import APIRouter, Query, Request
from pydantic import Field

from app.catalog import access, actions
from app.catalog.drafting.outline import shape
from app.catalog.importer import apart
from app.catalog.importer.questions import refuse_unreadable
from app.catalog.queries import draft_texts
from app.kit.actor import Actor
from app.kit.database import reading, writing
from app.kit.errors import Invalid
from app.kit.i18n import N_
from app.web.api.duties import MISSING, SIGN_IN, WRONG
from app.web.api.formats import note_out
from app.web.api.library import CONTENT
from app.web.api.schemas import NoteOut, Out
from app.web.deps import EarlyActor, blobs_of
from app.web.policy import Policy, allow

router = APIRouter(prefix="/api")


class ImportedOut(Out):
    """The same file a second time brings nothing new."""

    format: str = Field(description="what the file was made out to be")
    new: int
    there: int = Field(description="that stood there already")
    notes: list[NoteOut] = Field(description="what is not as it was in the file, the worst first")


@router.post(
    "/v1/drafts/{key}/questions",
    tags=["drafts"],
    responses={
        **SIGN_IN,
        **MISSING,
        **WRONG,
        409: {"description": "The draft has changed meanwhile, or is published or given up."},
    },
    openapi_extra=CONTENT,
    **allow(Policy.TEACHES, early=True),
)
async def take_questions(
    request: Request,
    actor: EarlyActor,
    key: str,
    name: Annotated[str, Query(max_length=200, description="What the file is called; its ending counts.")],
    into: Annotated[
        str, Query(max_length=600, description="new: a new bank; the path of a bank; or quiz@path of a page")
    ] = actions.NEW_BANK,
    bank_name: Annotated[str, Query(max_length=actions.BANK_TITLE, description="What the new bank is called.")] = "",
) -> ImportedOut:
    """Take the questions of a file, sent as the body, into a draft: Moodle XML, GIFT, QTI, Word … or Markdown of ours."""
    return await run_sync(_take, request, actor, await request.body(), key, name, into, bank_name)


def _take(request: Request, actor: Actor, data: bytes, key: str, name: str, into: str, bank_name: str) -> ImportedOut:
    sessions, blobs = request.app.state.sessions, blobs_of(request)
    with reading(sessions) as db:
        draft = access.draft_for(db, actor, key)
        texts = {one.path: one.text for one in draft_texts(db, draft.id) if not one.removed}
    refuse_unreadable(name, data)
    # Reading takes its time, so nothing is locked yet.
    found = apart.gather(name, data, lang=shape(texts).lang)
    if not found.questions:
        raise Invalid(file=N_("There is no question in this file that we can read."))
    kept = [(path, blobs.put(content), len(content)) for path, content in found.media]
    with writing(sessions) as db:
        new = actions.set_in_questions(
            db,
            actor,
            draft=access.draft_for(db, actor, key),
            into=into,
            bank_name=bank_name,
            name=name,
            questions=found.questions,
            media=kept,
        )
    notes = [note_out(note) for note in found.notes]
    return ImportedOut(format=found.format, new=new, there=len(found.questions) - new, notes=notes)
