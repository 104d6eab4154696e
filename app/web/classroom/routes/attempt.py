"""During and after a quiz: answer, look over, hand in, see the result."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from app.assessment import access
from app.assessment import actions as assessment
from app.assessment.queries import AttemptView
from app.assessment.rules import AttemptState
from app.kit import clock
from app.kit.errors import Conflict, Invalid, NotFound
from app.kit.i18n import N_, clock_time, gettext
from app.web.classroom.pages import attempt as pages
from app.web.classroom.pages import result
from app.web.deps import CurrentActor, Db, Posted
from app.web.forms import Form
from app.web.policy import Policy, allow
from app.web.responses import see_other
from app.web.templating import render

router = APIRouter()


@router.get("/attempts/{key}/review", **allow(Policy.SIGNED_IN))
def look_over(request: Request, db: Db, actor: CurrentActor, key: str) -> Response:
    view = access.attempt_for(db, actor, key)
    if view.state is AttemptState.FINISHED:
        return RedirectResponse(f"/attempts/{key}", status_code=303)
    return _kept_private(render(request, db, actor, "classroom/review.html", pages.review_page(db, view)))


@router.post("/attempts/{key}/submit", **allow(Policy.SIGNED_IN))
def hand_in(request: Request, db: Db, actor: CurrentActor, key: str) -> Response:
    """Hand in and mark; a second click only shows the result."""
    view = access.attempt_for(db, actor, key)
    assessment.submit(db, actor, attempt=view)
    return see_other(request, f"/attempts/{key}")


@router.get("/attempts/{key}", name="attempt", **allow(Policy.SIGNED_IN))
def outcome(request: Request, db: Db, actor: CurrentActor, key: str) -> Response:
    view = access.attempt_for(db, actor, key)
    if view.state is AttemptState.OPEN:
        steps = pages.steps_of(view)
        waiting = next((step for step in steps if not step.answered), None)
        return RedirectResponse(waiting.url if waiting else f"/attempts/{key}/review", status_code=303)
    if view.score is None:  # time is up and nobody has marked it yet: looking may not write, so a button does
        return _kept_private(render(request, db, actor, "classroom/time_up.html", result.time_up_page(db, view)))
    return _kept_private(render(request, db, actor, "classroom/result.html", result.result_page(db, view)))


@router.get("/attempts/{key}/{place}", **allow(Policy.SIGNED_IN))
def question(request: Request, db: Db, actor: CurrentActor, key: str, place: int) -> Response:
    view = access.attempt_for(db, actor, key)
    if view.state is AttemptState.FINISHED:
        return RedirectResponse(f"/attempts/{key}", status_code=303)
    _check_place(view, place)
    return _kept_private(render(request, db, actor, "classroom/question.html", pages.question_page(db, view, place)))


def _check_place(view: AttemptView, place: int) -> None:
    if not 1 <= place <= len(view.asked):
        raise NotFound(N_("There is no such question in this attempt."))


def _kept_private(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response


@router.post("/attempts/{key}/{place}", **allow(Policy.SIGNED_IN))
def answer(request: Request, db: Db, actor: CurrentActor, posted: Posted, key: str, place: int) -> Response:
    """Save what is on the page, then go where the pressed button says. By script: save and say when."""
    view = access.attempt_for(db, actor, key)
    _check_place(view, place)
    by_script = request.headers.get("x-requested-with") == "fetch"
    asked = view.asked[place - 1]
    typed = {"options": posted.all("answer")} if asked.options else {"text": posted.text("answer")}
    try:
        with db.begin_nested():
            assessment.save(
                db, actor, attempt=view, question=asked.question, response=typed, flagged=posted.has("flag")
            )
    except Invalid as refusal:
        if by_script:
            return JSONResponse({"detail": str(refusal)}, status_code=422)
        form = Form(values=posted.values()).failing(refusal)
        shown = pages.question_page(db, view, place, form=form, typed=typed)
        return _kept_private(render(request, db, actor, "classroom/question.html", shown, status=422))
    except Conflict as refusal:
        if by_script:
            return JSONResponse({"detail": gettext(refusal.template)}, status_code=409)
        return see_other(request, f"/attempts/{key}", gettext(refusal.template), kind="warning")
    saved = clock_time(clock.now())
    if by_script:
        return JSONResponse({"saved_at": saved}, headers={"X-Saved-At": saved})
    return see_other(request, _where_to(view, place, posted.text("go", "next")))


def _where_to(view: AttemptView, place: int, go: str) -> str:
    if go.isdigit() and 1 <= int(go) <= len(view.asked):
        return f"/attempts/{view.key}/{go}"
    match go:
        case "back":
            return f"/attempts/{view.key}/{max(1, place - 1)}"
        case "stay":
            return f"/attempts/{view.key}/{place}"
        case "next" if place < len(view.asked):
            return f"/attempts/{view.key}/{place + 1}"
        case _:
            return f"/attempts/{view.key}/review"
