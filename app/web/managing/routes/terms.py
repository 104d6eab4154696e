"""Time and attempts of one's own at the tests of a course."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.catalog import access as courses
from app.catalog.queries import CourseHead
from app.kit.errors import Invalid
from app.kit.i18n import gettext as _
from app.web import terms
from app.web.deps import CurrentActor, Db, Posted
from app.web.forms import Form
from app.web.policy import Policy, allow
from app.web.responses import see_other
from app.web.site import NavItem
from app.web.templating import render

router = APIRouter()
ONE = "/managing/courses/{slug}/terms"


@router.get(ONE, **allow(Policy.ASSIGNS))
def own_terms(request: Request, db: Db, actor: CurrentActor, slug: str, whom: str = "") -> Response:
    course = courses.course_for(db, actor, slug)
    return _page(request, db, actor, course, Form(values={"whom": whom}))


def _page(request: Request, db: Db, actor: CurrentActor, course: CourseHead, form: Form, status: int = 200) -> Response:
    crumbs = (NavItem(_("Dashboard"), "/managing"),)
    page = terms.terms_page(db, actor, course, f"/managing/courses/{course.slug}/terms", crumbs, form)
    return render(request, db, actor, "managing/terms.html", page, status=status)


@router.post(ONE, **allow(Policy.ASSIGNS))
def set_terms(request: Request, db: Db, actor: CurrentActor, posted: Posted, slug: str) -> Response:
    course = courses.course_for(db, actor, slug)
    try:
        with db.begin_nested():
            terms.change(db, actor, course, posted)
    except Invalid as refusal:
        return _page(request, db, actor, course, Form(values=posted.values()).failing(refusal), 422)
    said = (
        _("Taken back.")
        if posted.has("take")
        else _("Set. Whoever is in the middle of an attempt has the time at once.")
    )
    return see_other(request, f"/managing/courses/{course.slug}/terms", said)
