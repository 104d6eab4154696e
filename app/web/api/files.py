"""A file sent as an answer: looked at before it is stored, stored before the answer names it."""

from __future__ import annotations

from anyio.to_thread import run_sync
from fastapi import Request
from starlette.responses import JSONResponse, Response

from app.assessment import access, rules
from app.assessment import actions as assessment
from app.catalog import queries as catalog
from app.kit.actor import Actor
from app.kit.database import reading, writing
from app.kit.errors import Invalid, NotFound
from app.kit.i18n import N_
from app.web.api.attempts import attempt_out
from app.web.deps import blobs_of


async def keep(request: Request, actor: Actor, data: bytes, key: str, question: str, name: str) -> Response:
    return await run_sync(_keep, request, actor, data, key, question, name)


def _keep(request: Request, actor: Actor, data: bytes, key: str, question: str, name: str) -> Response:
    sessions = request.app.state.sessions
    name = rules.file_name(name)
    with reading(sessions) as db:
        view = access.attempt_for(db, actor, key)
        asked = next((one for one in view.asked if one.question == question), None)
        if asked is None:
            raise NotFound(N_("There is no such question in this attempt."))
        body = catalog.revisions(db, [asked.revision])[asked.revision].body
    if (refusal := rules.file_refusal(body, name, data)) is not None:
        raise Invalid(file=refusal)
    with writing(sessions) as db:
        assessment.count_file(db, actor)
    blob = blobs_of(request).put(data)
    with writing(sessions) as db:
        view = access.attempt_for(db, actor, key)
        assessment.attach(db, actor, attempt=view, question=question, name=name, blob=blob, size=len(data))
        out = attempt_out(db, access.attempt_for(db, actor, key))
    return JSONResponse(out.model_dump(mode="json"), headers={"Cache-Control": "no-store"})
