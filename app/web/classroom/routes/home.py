"""The learner's own front page."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.web.classroom.pages import home
from app.web.deps import CurrentActor, Db
from app.web.policy import Policy, allow
from app.web.templating import render

router = APIRouter()


@router.get("/learning", **allow(Policy.SIGNED_IN))
def my_learning(request: Request, db: Db, actor: CurrentActor) -> Response:
    return render(request, db, actor, "classroom/home.html", home.home_page(db, actor))
