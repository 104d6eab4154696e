"""Item analysis of a quiz and its questions, correcting a question, and one attempt more for who is locked out."""

from __future__ import annotations

from fastapi import APIRouter, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from app.assessment import access as attempts
from app.assessment import actions
from app.assessment.rules import Policy as Regrade
from app.catalog import access
from app.kit.actor import Actor
from app.kit.errors import Conflict, Invalid, KitError, NotFound
from app.kit.i18n import N_, ngettext
from app.kit.i18n import gettext as _
from app.web.deps import CurrentActor, Db, Posted, PostedForm
from app.web.forms import Form
from app.web.policy import Policy, allow
from app.web.responses import see_other
from app.web.teaching.exports import TYPES, as_file
from app.web.teaching.pages.analysis import Analysed, analysed, quiz_page
from app.web.teaching.pages.correction import change_from, correction_page
from app.web.teaching.pages.question_analysis import question_page
from app.web.templating import render

router = APIRouter()
QUIZ = "/teaching/courses/{slug}/quizzes/{quiz}"
QUESTION = f"{QUIZ}/questions/{{question}}"


def _quiz(db: Session, actor: Actor, slug: str, quiz: str) -> Analysed:
    return analysed(db, access.editable_course(db, actor, slug), quiz)


@router.get(QUIZ, **allow(Policy.TEACHES))
def quiz(request: Request, db: Db, actor: CurrentActor, slug: str, quiz: str) -> Response:
    page = quiz_page(db, actor, _quiz(db, actor, slug, quiz))
    return render(request, db, actor, "teaching/quiz.html", page)


@router.get(f"{QUIZ}/analysis.{{kind}}", **allow(Policy.TEACHES))
def export(db: Db, actor: CurrentActor, slug: str, quiz: str, kind: str) -> Response:
    """The table of the page as a file; there are no names in it."""
    if kind not in TYPES:
        raise NotFound(N_("There is no such file."))
    data = as_file(_quiz(db, actor, slug, quiz), kind)
    headers = {
        "Content-Disposition": f'attachment; filename="{slug}-{quiz}.{kind}"',
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(data, media_type=TYPES[kind], headers=headers)


@router.post(f"{QUIZ}/unlock", **allow(Policy.TEACHES))
def unlock(request: Request, db: Db, actor: CurrentActor, posted: Posted, slug: str, quiz: str) -> Response:
    """One attempt more for somebody who has used them all."""
    found = attempts.attempt_to_unlock(db, actor, slug, quiz, posted.text("attempt"))
    url = f"/teaching/courses/{slug}/quizzes/{quiz}"
    try:
        with db.begin_nested():
            given = actions.unlock(db, actor, attempt=found, reason=posted.text("reason"))
    except Invalid as refusal:
        why = next(iter(refusal.fields.values()))
        return see_other(request, url, _(why.template, **why.values), "warning")
    said = (
        _("One attempt more was given. The learner gets a notice.") if given else _("There is an attempt left already.")
    )
    return see_other(request, url, said)


@router.get(QUESTION, **allow(Policy.TEACHES))
def question(request: Request, db: Db, actor: CurrentActor, slug: str, quiz: str, question: str) -> Response:
    page = question_page(db, _quiz(db, actor, slug, quiz), question)
    return render(request, db, actor, "teaching/question.html", page)


@router.get(f"{QUESTION}/correct", **allow(Policy.TEACHES))
def preview(request: Request, db: Db, actor: CurrentActor, slug: str, quiz: str, question: str) -> Response:
    """Choose what is right, and see who would be marked otherwise; nothing is changed."""
    asked = request.query_params
    right, how, value = asked.getlist("right"), asked.get("how", ""), asked.get("value", "")
    form = Form(values={"how": how, "right": right, "value": value, "policy": Regrade.RAISE.value})
    change = change_from(question, how, right, value)
    page = correction_page(db, actor, _quiz(db, actor, slug, quiz), question, change, form)
    return render(request, db, actor, "teaching/correction.html", page, status=422 if page.form.wrong else 200)


@router.post(f"{QUESTION}/correct", **allow(Policy.TEACHES))
def correct(
    request: Request, db: Db, actor: CurrentActor, posted: Posted, slug: str, quiz: str, question: str
) -> Response:
    """Correct the question, and mark anew what the policy says."""
    course = access.editable_course(db, actor, slug)
    change = change_from(question, posted.text("how"), posted.all("right"), posted.text("value"))
    form = Form(values={**posted.values(), "right": posted.all("right")})
    try:
        if change is None:
            raise Invalid(how=KitError(N_("Choose one of the options.")))
        with db.begin_nested():
            made = actions.apply(
                db,
                actor,
                course=course,
                change=change,
                policy=_policy(posted),
                reason=posted.text("reason"),
                known=int(posted.text("known")) if posted.text("known").isdigit() else None,
            )
    except (Invalid, Conflict) as refusal:
        page = correction_page(db, actor, analysed(db, course, quiz), question, change, form.failing(refusal))
        status = 409 if isinstance(refusal, Conflict) else 422
        return render(request, db, actor, "teaching/correction.html", page, status=status)
    return see_other(request, f"/teaching/courses/{slug}/quizzes/{quiz}/questions/{question}", _done(made))


def _policy(posted: PostedForm) -> Regrade:
    said = posted.text("policy")
    if said not in {one.value for one in Regrade}:
        raise Invalid(policy=KitError(N_("Choose one of the options.")))
    return Regrade(said)


def _done(made: actions.Applied) -> str:
    if made.later:
        return _("Corrected. Many attempts are being marked anew: this page shows how far that is.")
    changed = ngettext(
        "%(num)s attempt was marked anew, and its learner gets a notice.",
        "%(num)s attempts were marked anew, and their learners get a notice.",
        made.changed,
    )
    return f"{_('Corrected.')} {changed}"
