"""Overview, audit trail, state of the system: pages that only show."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.web.admin.pages.overview import overview_page
from app.web.admin.pages.system import health_page
from app.web.admin.pages.trail import audit_page
from app.web.deps import CurrentActor, Db, SettingsDep
from app.web.policy import Policy, allow
from app.web.templating import render

router = APIRouter()
LAST_PAGE = 100_000


@router.get("/admin", **allow(Policy.ADMINISTERS))
def overview(request: Request, db: Db, actor: CurrentActor) -> Response:
    return render(request, db, actor, "admin/overview.html", overview_page(db, actor))


@router.get("/admin/audit", **allow(Policy.ADMINISTERS))
def audit_trail(
    request: Request,
    db: Db,
    actor: CurrentActor,
    who: str = "",
    action: str = "",
    since: str = "",
    until: str = "",
    page: int = 1,
    check: str = "",
) -> Response:
    shown = audit_page(
        db,
        actor,
        who=who.strip()[:200],
        action=action[:64],
        since=since.strip(),
        until=until.strip(),
        page=max(1, min(page, LAST_PAGE)),
        check=bool(check),
    )
    return render(request, db, actor, "admin/audit.html", shown)


@router.get("/admin/health", **allow(Policy.ADMINISTERS))
def system_health(request: Request, db: Db, actor: CurrentActor, settings: SettingsDep) -> Response:
    try:
        running = version("klasteris")
    except PackageNotFoundError:  # run from a folder that was never installed
        running = "0"
    return render(request, db, actor, "admin/health.html", health_page(db, actor, settings, running))
