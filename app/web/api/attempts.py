"""Attempts as JSON: what is asked and answered, and nothing of the key before it may be seen."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session
from starlette.responses import JSONResponse, Response

from app.assessment import queries as attempts
from app.assessment import rules as marking
from app.assessment.actions import Saved
from app.assessment.queries import AttemptView, Given
from app.assessment.rules import Asked, AttemptState, Shown
from app.kit.i18n import N_, gettext, language
from app.web.api.schemas import AnswerBody, AnswerOut, AttemptOut, FileOut, NotKeptOut, OptionOut, PartOut, QuestionOut

_GAP = re.compile("\ue000([^\ue001]*)\ue001")
Body = Mapping[str, Any]


def attempt_out(db: Session, view: AttemptView) -> AttemptOut:
    """An attempt without its key; marks, feedback and right answers as the quiz's rules show them afterwards."""
    bodies, _void = attempts.corrected_bodies(db, view.asked, view.corrections)
    shown, comments = Shown(), {}
    if view.state is AttemptState.FINISHED and view.score is not None:
        shown, _left = attempts.shown_of(db, view, attempts.rules_of(db, view))
        comments = attempts.comments(db, view.id)
    return AttemptOut(
        key=view.key,
        course=view.slug,
        quiz=view.quiz,
        number=view.number,
        state=view.state.value,
        started_at=view.started_at,
        deadline_at=view.deadline_at,
        finished_at=view.finished_at,
        score=view.score,
        max_score=view.max_score,
        passed=view.passed,
        questions=[_question(view, one, bodies[one.revision], shown, comments) for one in view.asked],
    )


def _question(view: AttemptView, one: Asked, body: Body, shown: Shown, comments: Mapping[str, str]) -> QuestionOut:
    texts = body["texts"]
    words = texts.get(language()) or texts.get(view.lang) or next(iter(texts.values()))
    given = view.given.get(one.question)
    marked = given is not None and given.fraction is not None
    nothing = None if marking.is_by_hand(body) or not marking.is_graded(body) else 0.0
    tells = shown.key and marking.is_graded(body)
    return QuestionOut(
        id=one.question,
        type=body["type"],
        points=one.points,
        graded=marking.is_graded(body),
        by_hand=marking.is_by_hand(body),
        title=words["title"],
        stem_html=_GAP.sub(r'<span data-gap="\1"></span>', words["stem"]),
        unit=str(words.get("unit") or body["unit"]),
        options=[OptionOut(id=option, text=words["options"][option]["text"]) for option in one.options],
        parts=[_part(part, words) for part in body.get("parts", ())],
        min_words=body.get("min_words"),
        max_words=body.get("max_words"),
        accept=body.get("accept"),
        max_mb=body.get("max_mb"),
        hints_html=list(words["hints"][: given.hints if given is not None else 0]),
        answer=_answer(given) if given is not None and given.answered else None,
        waiting=given is not None and given.waiting,
        share=(given.fraction if given is not None and marked else nothing)
        if shown.marks or shown.correctness
        else None,
        comment=comments.get(one.question) if shown.feedback else None,
        explanation_html=words["explanation"] if shown.key else None,
        sample_html=words.get("sample") or None if tells and marking.is_by_hand(body) and marked else None,
        right=_right(body) if tells and one.options and body["type"] != "match" else None,
        right_parts=marking.full_answer(body)["parts"] if tells and body.get("parts") else None,
    )


def _part(part: Mapping[str, Any], words: Mapping[str, Any]) -> PartOut:
    own = words["parts"].get(part["id"]) or {"text": "", "options": {}}
    # The spellings and numbers of a gap are its key: only what is chosen from is said.
    options = part["options"] if part["kind"] == "pick" else ()
    return PartOut(
        id=part["id"],
        kind=part["kind"],
        text=own["text"],
        options=[OptionOut(id=one["id"], text=own["options"][one["id"]]["text"]) for one in options],
    )


def _answer(given: Given) -> AnswerOut:
    said = given.response
    file = said.get("file")
    return AnswerOut(
        options=said.get("options"),
        text=said.get("text"),
        parts=said.get("parts"),
        file=FileOut(name=file["name"], size=file["size"]) if file else None,
    )


def _right(body: Body) -> list[str]:
    if body["type"] == "order":
        return [option["id"] for option in body["options"]]
    return [option["id"] for option in body["options"] if option["fraction"] == 1]


def response_from(body: AnswerBody) -> dict[str, Any]:
    """What was sent, in the shape that is marked; saving keeps of it what belongs to the question."""
    said = {"options": body.options or [], "parts": body.parts or {}, "text": body.text or ""}
    return {**said, "certainty": body.certainty} if body.certainty else said


def not_kept(saved: Saved) -> Response:
    """409: told, and not raised, since the save that was not kept is listed all the same."""
    said = saved.why or N_("This question has been answered elsewhere meanwhile.")
    out = NotKeptOut(
        detail=gettext(said), outcome=saved.outcome.value, revision=saved.revision, saved_at=saved.saved_at
    )
    return JSONResponse(out.model_dump(mode="json"), status_code=409)
