"""A course's first page: read the contract, register, leave, write to its contact."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.catalog import queries as catalog
from app.kit.errors import Conflict, NotFound, TooMany
from app.kit.i18n import N_
from app.kit.i18n import gettext as _
from app.learning import access
from app.learning import actions as learning
from app.learning import queries as learners
from app.web.classroom.forms import ContactForm
from app.web.classroom.pages import course, finish, page, parts
from app.web.deps import BlobsDep, CurrentActor, Db, Posted, SettingsDep
from app.web.forms import check
from app.web.media import media_response
from app.web.policy import Policy, allow
from app.web.responses import see_other
from app.web.templating import render

router = APIRouter()


@router.get("/courses/{slug}", name="course", **allow(Policy.PUBLIC))
def first_page(request: Request, db: Db, actor: CurrentActor, slug: str) -> Response:
    run = access.course_for(db, actor, slug)
    return render(request, db, actor, "classroom/course.html", course.course_first_page(db, actor, run))


@router.post("/courses/{slug}/enrol", **allow(Policy.SIGNED_IN))
def enrol(request: Request, db: Db, actor: CurrentActor, slug: str) -> Response:
    run = access.course_for(db, actor, slug)
    had = learners.completed_slugs(db, actor.id) if run.outline.requires else frozenset()
    if not run.enrolled and not set(run.outline.requires) <= had:
        raise Conflict(N_("This course asks you to complete another one first; its first page says which."))
    learning.enrol(db, actor, person_id=actor.id, course_id=run.course_id)
    mine = access.run_for(db, actor, slug)
    assert mine.enrolment_id is not None
    standings = learners.standings(db, mine.enrolment_id, mine.outline.was)
    first = parts.next_page(mine.outline, standings, mine.last_page)
    return see_other(request, parts.page_url(slug, first.id), _("You are registered. Everything you do is saved."))


@router.post("/courses/{slug}/leave", **allow(Policy.SIGNED_IN))
def leave(request: Request, db: Db, actor: CurrentActor, slug: str) -> Response:
    learning.leave(db, actor, access.run_for(db, actor, slug))
    said = _("You have left the course. What you did is kept; register again and you go on from there.")
    return see_other(request, f"/courses/{slug}", said)


@router.post("/courses/{slug}/contact", **allow(Policy.SIGNED_IN))
def contact(
    request: Request, db: Db, actor: CurrentActor, posted: Posted, settings: SettingsDep, slug: str
) -> Response:
    """Write to those who answer for the course; nobody else sees it."""
    run = access.course_for(db, actor, slug)
    given = check(ContactForm, posted)
    page_id = posted.text("page")
    if given.value is None:
        if run.enrolled and run.outline.page(page_id) is not None:
            found = access.page_for(db, actor, slug, page_id)
            shown = page.reading_page(db, found, contact_form=given.form)
            return render(request, db, actor, "classroom/page.html", shown, status=422)
        first = course.course_first_page(db, actor, run, given.form)
        return render(request, db, actor, "classroom/course.html", first, status=422)
    wait = learning.ask_contact(
        db, actor, run=run, page=page_id, question=given.value.question, base_url=settings.base_url
    )
    if wait:
        raise TooMany(N_("You have written a lot in a short time. Try again in an hour."), retry_seconds=wait)
    back = parts.page_url(slug, page_id) if run.enrolled and run.outline.page(page_id) else f"/courses/{slug}"
    return see_other(request, back, _("Your question is sent. The answer comes to your e-mail."))


@router.get("/courses/{slug}/finish", **allow(Policy.SIGNED_IN))
def finished(request: Request, db: Db, actor: CurrentActor, slug: str) -> Response:
    run = access.run_for(db, actor, slug)
    return render(request, db, actor, "classroom/finish.html", finish.finish_page(db, actor, run))


@router.head("/courses/{slug}/media/{blob}/{name}", **allow(Policy.SIGNED_IN))
@router.get("/courses/{slug}/media/{blob}/{name}", **allow(Policy.SIGNED_IN))
def media(request: Request, db: Db, actor: CurrentActor, blobs: BlobsDep, slug: str, blob: str, name: str) -> Response:
    """A picture, film or document of a course, for those who may see the course."""
    access.course_for(db, actor, slug)
    asset = catalog.asset(db, slug, blob)
    if asset is None:
        raise NotFound(N_("There is no such file."))
    return media_response(asset, blobs, request)
