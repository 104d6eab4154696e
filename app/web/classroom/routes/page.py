"""Reading a page, finishing it, trying a self-check."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from app.kit.errors import NotFound
from app.kit.i18n import N_
from app.learning import access
from app.learning import actions as learning
from app.web.classroom.pages import page as pages
from app.web.classroom.pages import parts
from app.web.deps import CurrentActor, Db, Posted
from app.web.policy import Policy, allow
from app.web.responses import see_other
from app.web.templating import render

router = APIRouter()


@router.get("/courses/{slug}/pages/{page}", name="page", **allow(Policy.SIGNED_IN))
def read(request: Request, db: Db, actor: CurrentActor, slug: str, page: str) -> Response:
    try:
        found = access.page_for(db, actor, slug, page)
    except access.NotEnrolled:  # a link from a colleague: the first page says what this is and how to come in
        return RedirectResponse(f"/courses/{slug}", status_code=303)
    return render(request, db, actor, "classroom/page.html", pages.reading_page(db, found))


@router.post("/courses/{slug}/pages/{page}/done", **allow(Policy.SIGNED_IN))
def done(request: Request, db: Db, actor: CurrentActor, slug: str, page: str) -> Response:
    """Next or Finish was pressed: note it and go on."""
    found = access.page_for(db, actor, slug, page)
    said = learning.finish_page(db, actor, found.run, found.page.id)
    every = found.run.outline.pages
    place = every.index(found.page)
    if said.completed_now or place + 1 == len(every):
        return see_other(request, f"/courses/{slug}/finish")
    return see_other(request, parts.page_url(slug, every[place + 1].id))


@router.post("/courses/{slug}/pages/{page}/questions/{question}", **allow(Policy.SIGNED_IN))
def self_check(
    request: Request, db: Db, actor: CurrentActor, posted: Posted, slug: str, page: str, question: str
) -> Response:
    """Answer a self-check: the page comes again with what is right and why. Nothing is kept."""
    found = access.page_for(db, actor, slug, page)
    shown = pages.reading_page(db, found, tried=pages.Tried(question, posted))
    if not any(block.check is not None and block.check.id == question for block in shown.blocks):
        raise NotFound(N_("There is no such question on this page."))
    return render(request, db, actor, "classroom/page.html", shown)
