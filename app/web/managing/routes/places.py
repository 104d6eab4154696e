"""Figures of a place, as a page and as a file."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from app.kit import audit, spreadsheet
from app.kit.database import reading, writing
from app.kit.errors import NotFound
from app.kit.i18n import N_
from app.reporting import access
from app.web.deps import CurrentActor, Db, EarlyActor
from app.web.managing.figures import export_of, page_of
from app.web.managing.forms import filter_from
from app.web.managing.pages import (
    DashboardPage,
    analysis_page,
    parts,
)
from app.web.policy import Policy, allow
from app.web.templating import render

router = APIRouter()
TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


@router.get("/managing", **allow(Policy.SEES_NUMBERS))
def top(db: Db, actor: CurrentActor) -> Response:
    """To the widest place this person sees figures of."""
    return RedirectResponse(parts.place_url(access.places_of(db, actor)[0].code), status_code=303)


@router.get("/managing/organisations/{code}", **allow(Policy.SEES_NUMBERS))
def place(request: Request, db: Db, actor: CurrentActor, code: str) -> Response:
    chosen = filter_from(request.query_params)
    page = page_of(db, actor, access.place_for(db, actor, code), chosen)
    template = "managing/dashboard.html" if isinstance(page, DashboardPage) else "managing/institution.html"
    return render(request, db, actor, template, page, status=422 if chosen.form.wrong else 200)


@router.get("/managing/organisations/{code}/analysis", **allow(Policy.SEES_NUMBERS))
def analysis(request: Request, db: Db, actor: CurrentActor, code: str) -> Response:
    chosen = filter_from(request.query_params)
    page = analysis_page(db, actor, access.place_for(db, actor, code), chosen)
    return render(request, db, actor, "managing/analysis.html", page, status=422 if chosen.form.wrong else 200)


@router.post("/managing/organisations/{code}/export.{kind}", **allow(Policy.SEES_NUMBERS, early=True))
def export(request: Request, actor: EarlyActor, code: str, kind: str) -> Response:
    """The rows of the page with the same filter, as a file. Making it writes nothing, so only the trail is written."""
    if kind not in TYPES:
        raise NotFound(N_("There is no such file."))
    chosen = filter_from(request.query_params)
    with reading(request.app.state.sessions) as db:
        view = access.place_for(db, actor, code)
        made = export_of(db, actor, view, chosen)
    data = spreadsheet.as_xlsx(made) if kind == "xlsx" else spreadsheet.as_csv(made)
    with writing(request.app.state.sessions) as db:
        audit.say(
            db,
            actor,
            "figures.exported",
            subject=code,
            organisation_id=view.place.id,
            kind=kind,
            names=view.names,
            rows=len(made.sheets[0].rows),
            filter=chosen.parts(),
        )
    headers = {
        "Content-Disposition": f'attachment; filename="{made.stem}.{kind}"',
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(data, media_type=TYPES[kind], headers=headers)
