"""Time and attempts of one's own at the tests of a course."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.catalog import access as courses
from app.kit.i18n import gettext as _
from app.web import terms
from app.web.deps import CurrentActor, Db, Posted
from app.web.forms import Form
from app.web.policy import Policy, allow
from app.web.site import NavItem

router = APIRouter()
ONE = "/managing/courses/{slug}/terms"


@router.get(ONE, **allow(Policy.ASSIGNS))
def own_terms(request: Request, db: Db, actor: CurrentActor, slug: str, whom: str = "") -> Response:
    course = courses.course_for(db, actor, slug)
    return terms.show(request, db, actor, course, _crumbs(), Form(values={"whom": whom}))


@router.post(ONE, **allow(Policy.ASSIGNS))
def set_terms(request: Request, db: Db, actor: CurrentActor, posted: Posted, slug: str) -> Response:
    course = courses.course_for(db, actor, slug)
    return terms.answer(request, db, actor, course, _crumbs(), posted)


def _crumbs() -> tuple[NavItem, ...]:
    return (NavItem(_("Dashboard"), "/managing"),)
