"""What people thought of a course."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.catalog import access
from app.web.deps import CurrentActor, Db
from app.web.policy import Policy, allow
from app.web.teaching.pages.surveys import survey_page
from app.web.templating import render

router = APIRouter()


@router.get("/teaching/courses/{slug}/survey", **allow(Policy.TEACHES))
def survey(request: Request, db: Db, actor: CurrentActor, slug: str) -> Response:
    found = access.editable_course(db, actor, slug)
    return render(request, db, actor, "teaching/survey.html", survey_page(db, found))
