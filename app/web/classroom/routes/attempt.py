"""During and after a quiz: answer, look over, hand in, see the result.

The script of a question's page posts the same form as its buttons do, with X-Requested-With: fetch, and gets JSON:
what became of the answer, its revision, the time, how many seconds are left, and where the pressed button leads.
"""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from app.assessment import access
from app.assessment import actions as assessment
from app.assessment.queries import AttemptView
from app.assessment.rules import AttemptState, Outcome, Sent, file_name, file_refusal, media_type, most_bytes
from app.kit.database import reading, writing
from app.kit.errors import Conflict, Invalid, NotFound
from app.kit.i18n import N_, clock_seconds, clock_time, gettext
from app.web import sealed
from app.web.classroom.pages import attempt as pages
from app.web.classroom.pages import result, review
from app.web.deps import BlobsDep, CurrentActor, Db, EarlyActor, Posted, PostedForm, settings_of
from app.web.forms import Form
from app.web.media import private_file
from app.web.policy import Policy, allow
from app.web.responses import see_other
from app.web.templating import render

router = APIRouter()


@router.get("/attempts/{key}/review", **allow(Policy.SIGNED_IN))
def look_over(request: Request, db: Db, actor: CurrentActor, key: str) -> Response:
    view = access.attempt_for(db, actor, key)
    if view.state is AttemptState.FINISHED:
        return RedirectResponse(f"/attempts/{key}", status_code=303)
    shown = review.review_page(db, view, queue_of(request, view))
    return _kept_private(render(request, db, actor, "classroom/review.html", shown))


@router.post("/attempts/{key}/submit", **allow(Policy.SIGNED_IN))
def hand_in(request: Request, db: Db, actor: CurrentActor, key: str) -> Response:
    """Hand in and mark; a second click only shows the result."""
    view = access.attempt_for(db, actor, key)
    assessment.submit(db, actor, attempt=view)
    return see_other(request, f"/attempts/{key}")


@router.post("/attempts/{key}/repeat", **allow(Policy.SIGNED_IN))
def repeat(request: Request, db: Db, actor: CurrentActor, key: str) -> Response:
    """Practise what was wrong in this attempt."""
    view = access.attempt_for(db, actor, key)
    try:
        with db.begin_nested():
            again = assessment.repeat_wrong(db, actor, attempt=view)
    except Conflict as refusal:
        return see_other(request, f"/attempts/{key}", gettext(refusal.template), kind="warning")
    return see_other(request, f"/attempts/{again}/1")


@router.get("/attempts/{key}", name="attempt", **allow(Policy.SIGNED_IN))
def outcome(request: Request, db: Db, actor: CurrentActor, key: str) -> Response:
    view = access.attempt_for(db, actor, key)
    if view.state is AttemptState.OPEN and view.reached:
        where = f"/attempts/{key}/{view.reached}" if view.reached <= len(view.asked) else f"/attempts/{key}/review"
        return RedirectResponse(where, status_code=303)
    if view.state is AttemptState.OPEN:
        steps = pages.steps_of(view)
        waiting = next((step for step in steps if not step.answered), None)
        return RedirectResponse(waiting.url if waiting else f"/attempts/{key}/review", status_code=303)
    if view.score is None:  # time is up and nobody has marked it yet: looking may not write, so a button does
        up = result.time_up_page(db, view, queue_of(request, view))
        return _kept_private(render(request, db, actor, "classroom/time_up.html", up))
    shown = result.result_page(db, view, queue_of(request, view))
    return _kept_private(render(request, db, actor, "classroom/result.html", shown))


@router.get("/attempts/{key}/{place}", **allow(Policy.SIGNED_IN))
def question(request: Request, db: Db, actor: CurrentActor, key: str, place: int) -> Response:
    view = access.attempt_for(db, actor, key)
    if view.state is AttemptState.FINISHED:
        return RedirectResponse(f"/attempts/{key}", status_code=303)
    _check_place(view, place)
    if view.reached and place != view.reached:
        return RedirectResponse(f"/attempts/{key}", status_code=303)
    shown = pages.question_page(db, view, place, queue_of(request, view))
    return _kept_private(render(request, db, actor, "classroom/question.html", shown))


def queue_of(request: Request, view: AttemptView) -> pages.Queue:
    """What the script needs to keep answers in the browser until they are saved: nothing there can be read without it."""
    subject = f"{view.key}:{view.person_id}"
    return pages.Queue(view.key, sealed.secret_for(settings_of(request), "answers", subject))


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
    asked, go = view.asked[place - 1], posted.text("go", "next")
    typed, sent = pages.typed_response(db, view, place, posted), _sent(posted)
    try:
        with db.begin_nested():
            saved = assessment.save(
                db,
                actor,
                attempt=view,
                question=asked.question,
                response=typed,
                flagged=posted.has("flag"),
                sent=sent,
            )
            if go == "hint" and saved.outcome.stands:
                assessment.take_hint(db, actor, attempt=view, question=asked.question)
            elif go == "check" and saved.outcome.stands:
                assessment.check_answer(db, actor, attempt=view, question=asked.question)
            elif go in ("next", "review") and saved.outcome.stands and not posted.has("move"):
                assessment.go_on(db, actor, attempt=view, place=place)
    except Invalid as refusal:
        if by_script:
            return JSONResponse({"outcome": "refused", "detail": str(refusal)}, status_code=422)
        form = Form(values=posted.values()).failing(refusal)
        shown = pages.question_page(db, view, place, queue_of(request, view), form=form, typed=typed, base=sent.base)
        return _kept_private(render(request, db, actor, "classroom/question.html", shown, status=422))
    except Conflict as refusal:  # a question that lies behind
        if by_script:
            behind = {"outcome": "refused", "detail": gettext(refusal.template)}
            return JSONResponse(behind, status_code=409)
        return see_other(request, f"/attempts/{key}", gettext(refusal.template), kind="warning")
    if by_script:
        return _told(view, saved, _where_to(view, place, go))
    match saved.outcome:
        case Outcome.LATE:
            return see_other(request, f"/attempts/{key}", gettext(saved.why), kind="warning")
        case Outcome.ELSEWHERE:
            view = access.attempt_for(db, actor, key)
            shown = pages.question_page(
                db, view, place, queue_of(request, view), typed=typed, base=saved.revision, flagged=posted.has("flag")
            )
            return _kept_private(render(request, db, actor, "classroom/question.html", shown, status=409))
    if move := posted.text("move"):
        which = move.partition("-")[2]
        said = pages.moved_text(db, access.attempt_for(db, actor, key), place, which)
        return see_other(
            request, f"/attempts/{key}/{place}#answer-{which}" if said else f"/attempts/{key}/{place}", said
        )
    return see_other(request, _where_to(view, place, go))


def _sent(posted: PostedForm) -> Sent:
    """How the form says it was sent; a page without script only says which revision it has shown."""
    numbers = [posted.text(name) for name in ("sequence", "base")]
    sequence, base = (int(said) if said.isdecimal() and len(said) < 10 else None for said in numbers)
    return Sent(posted.text("tab") if sequence else "", sequence or 0, base)


def _told(view: AttemptView, saved: assessment.Saved, next_url: str) -> Response:
    until = None
    if view.deadline_at is not None and saved.seconds_left is not None:
        until = clock_time(view.deadline_at)
    said = {
        "outcome": saved.outcome.value,
        "revision": saved.revision,
        "saved_at": clock_seconds(saved.saved_at),
        "seconds_left": saved.seconds_left,
        "until": until,
        "detail": gettext(saved.why) if saved.why else "",
        "next": next_url,
    }
    return JSONResponse(said, status_code=200 if saved.outcome.stands else 409)


@router.post("/attempts/{key}/{place}/file", **allow(Policy.SIGNED_IN, early=True))
def send_file(request: Request, actor: EarlyActor, posted: Posted, blobs: BlobsDep, key: str, place: int) -> Response:
    """Hand in a file. It is looked at before it is stored, and stored before the answer names it."""
    with reading(request.app.state.sessions) as db:
        view = access.attempt_for(db, actor, key)
        _check_place(view, place)
        body = pages.body_at(db, view, place)
    file = posted.file("file")
    name = file_name(file.filename or "") if file is not None else ""
    data = file.file.read(most_bytes(body.get("max_mb") or 0) + 1) if file is not None else b""
    refusal = file_refusal(body, name, data)
    if refusal is not None:
        form = Form(errors={"answer": gettext(refusal.template, **refusal.values)})
        with reading(request.app.state.sessions) as db:
            shown = pages.question_page(db, view, place, queue_of(request, view), form=form)
            return _kept_private(render(request, db, actor, "classroom/question.html", shown, status=422))
    with writing(request.app.state.sessions) as db:
        assessment.count_file(db, actor)
    blob = blobs.put(data)
    try:
        with writing(request.app.state.sessions) as db:
            view = access.attempt_for(db, actor, key)
            question = view.asked[place - 1].question
            assessment.attach(db, actor, attempt=view, question=question, name=name, blob=blob, size=len(data))
    except Conflict as refused:
        return see_other(request, f"/attempts/{key}", gettext(refused.template), kind="warning")
    return see_other(request, f"/attempts/{key}/{place}", gettext("The file “%(name)s” is kept.", name=name))


@router.get("/attempts/{key}/{place}/file", **allow(Policy.SIGNED_IN))
def own_file(request: Request, db: Db, actor: CurrentActor, blobs: BlobsDep, key: str, place: int) -> Response:
    """The file one handed in oneself."""
    view = access.attempt_for(db, actor, key)
    _check_place(view, place)
    given = view.given.get(view.asked[place - 1].question)
    file = given.response.get("file") if given is not None else None
    if not file:
        raise NotFound(N_("There is no such file."))
    return private_file(blobs, blob=file["blob"], name=file["name"], media_type=media_type(file["name"]))


def _where_to(view: AttemptView, place: int, go: str) -> str:
    if go.isdigit() and 1 <= int(go) <= len(view.asked):
        return f"/attempts/{view.key}/{go}"
    match go:
        case "back":
            return f"/attempts/{view.key}/{max(1, place - 1)}"
        case "check":
            return f"/attempts/{view.key}/{place}#told"
        case "stay":
            return f"/attempts/{view.key}/{place}"
        case "hint":
            return f"/attempts/{view.key}/{place}#hints"
        case "next" if place < len(view.asked):
            return f"/attempts/{view.key}/{place + 1}"
        case _:
            return f"/attempts/{view.key}/review"
