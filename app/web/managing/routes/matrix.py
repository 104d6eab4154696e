"""Everybody at a place and all their courses, as a file."""

from __future__ import annotations

from collections.abc import Iterator

from fastapi import APIRouter, Request
from starlette.responses import Response, StreamingResponse

from app.kit import audit, clock
from app.kit.database import Sessions, reading, writing
from app.kit.errors import NotFound
from app.kit.i18n import N_
from app.organisations.queries import OrganisationCard
from app.reporting import access
from app.web.deps import EarlyActor
from app.web.managing import matrix
from app.web.managing.routes.places import TYPES
from app.web.policy import Policy, allow

router = APIRouter()


@router.post("/managing/organisations/{code}/everybody.{kind}", **allow(Policy.SEES_NAMES, early=True))
def everybody(request: Request, actor: EarlyActor, code: str, kind: str) -> Response:
    """Sent while it is being read, so that the first line is there at once and nothing is held whole."""
    if kind not in TYPES:
        raise NotFound(N_("There is no such file."))
    sessions: Sessions = request.app.state.sessions
    with writing(sessions) as db:
        view = access.place_for(db, actor, code)
        if not view.names:
            raise NotFound(N_("There is no such list."))
        place = view.place
        audit.say(db, actor, "people.exported", subject=place.code, organisation_id=place.id, kind=kind)
    headers = {
        "Content-Disposition": f'attachment; filename="klasteris-{place.code}-{clock.today().isoformat()}.{kind}"',
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    parts = _csv(sessions, place) if kind == "csv" else _xlsx(sessions, place)
    return StreamingResponse(parts, media_type=TYPES[kind], headers=headers)


def _csv(sessions: Sessions, place: OrganisationCard) -> Iterator[bytes]:
    with reading(sessions) as db:
        yield from matrix.csv_parts(db, place)


def _xlsx(sessions: Sessions, place: OrganisationCard) -> Iterator[bytes]:
    with reading(sessions) as db, matrix.xlsx_file(db, place) as file:
        while part := file.read(64 * 1024):
            yield part
