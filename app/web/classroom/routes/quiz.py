"""Before a quiz: its rules, and the button that starts it."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.assessment import actions as assessment
from app.kit.errors import Conflict
from app.kit.i18n import gettext
from app.learning import access
from app.web.classroom.pages import quiz as pages
from app.web.deps import CurrentActor, Db
from app.web.policy import Policy, allow
from app.web.responses import see_other
from app.web.templating import render

router = APIRouter()


@router.get("/courses/{slug}/quizzes/{quiz}", name="quiz", **allow(Policy.SIGNED_IN))
def before(request: Request, db: Db, actor: CurrentActor, slug: str, quiz: str) -> Response:
    found, outlined = access.quiz_for(db, actor, slug, quiz)
    return render(request, db, actor, "classroom/quiz_start.html", pages.quiz_start_page(db, found, outlined))


@router.post("/courses/{slug}/quizzes/{quiz}/start", **allow(Policy.SIGNED_IN))
def start(request: Request, db: Db, actor: CurrentActor, slug: str, quiz: str) -> Response:
    """Begin an attempt, or go on with the one that is open."""
    found, outlined = access.quiz_for(db, actor, slug, quiz)
    try:
        with db.begin_nested():
            key = assessment.start(db, actor, run=found.run, quiz=outlined.id)
    except Conflict as refusal:  # the page says why there is no button any more
        return see_other(
            request, f"/courses/{slug}/quizzes/{quiz}", gettext(refusal.template, **refusal.values), kind="warning"
        )
    return see_other(request, f"/attempts/{key}/1")
