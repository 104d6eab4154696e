"""Time and attempts of one's own at the tests of a course."""

from __future__ import annotations

from fastapi import APIRouter, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from app.catalog import access as courses
from app.catalog import queries as catalog
from app.catalog.queries import CourseHead
from app.kit.i18n import gettext as _
from app.kit.i18n import language
from app.web import terms
from app.web.deps import CurrentActor, Db, Posted
from app.web.forms import Form
from app.web.policy import Policy, allow
from app.web.site import NavItem

router = APIRouter()
ONE = "/teaching/courses/{slug}/terms"


@router.get(ONE, **allow(Policy.TEACHES))
def own_terms(request: Request, db: Db, actor: CurrentActor, slug: str, whom: str = "") -> Response:
    course = courses.editable_course(db, actor, slug)
    return terms.show(request, db, actor, course, _crumbs(db, course), Form(values={"whom": whom}))


@router.post(ONE, **allow(Policy.TEACHES))
def set_terms(request: Request, db: Db, actor: CurrentActor, posted: Posted, slug: str) -> Response:
    course = courses.editable_course(db, actor, slug)
    return terms.answer(request, db, actor, course, _crumbs(db, course), posted)


def _crumbs(db: Session, course: CourseHead) -> tuple[NavItem, ...]:
    title = catalog.titles(db, [course.id], language()).get(course.id, course.slug)
    return NavItem(_("My courses"), "/teaching"), NavItem(title, f"/teaching/courses/{course.slug}")
