"""Item analysis and corrections as JSON, for the trainers of a course."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from app.assessment import actions, queries
from app.assessment.rules import Change, How
from app.assessment.rules import Policy as Regrade
from app.assessment.rules.analysis import FEWEST
from app.catalog import access
from app.kit.limits import CORRECTION_REASON
from app.web.api.schemas import Out
from app.web.deps import CurrentActor, Db
from app.web.policy import Policy, allow

router = APIRouter(prefix="/api")
COURSE = "/v1/courses/{slug}"
ANSWERS: dict[int | str, dict[str, Any]] = {
    401: {"description": "Send a personal token: Authorization: Bearer …"},
    403: {"description": "Only trainers of its owner may work on a course."},
    404: {"description": "There is no such thing, or none that you may see."},
}


class OptionCountOut(Out):
    option: str
    key: bool
    people: int
    share: float
    strongest: float | None = Field(description="of the strongest 27 %; null where they are fewer than five")
    weakest: float | None


class ItemOut(Out):
    """Numbers are null where fewer than five people answered, or where they mean nothing."""

    question: str
    void: bool = Field(description="left out of the count")
    verdict: str = Field(description="few, key, backwards, hard, weak, easy, idle or fine")
    people: int
    facility: float | None
    discrimination: float | None
    point_biserial: float | None
    difficulty: float | None = Field(description="Rasch, in logits")
    difficulty_error: float | None
    infit: float | None
    outfit: float | None
    options: list[OptionCountOut]


class AnalysisOut(Out):
    """A quiz over everybody's first attempt; `mean`, `deviation` and `error` are shares."""

    quiz: str
    people: int
    mean: float | None
    deviation: float | None
    alpha: float | None
    error: float | None
    questions: list[ItemOut]


class CorrectionBody(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    how: How
    right: list[str] = Field(default=[], max_length=50, description="ids of options, for key and accept")
    value: str = Field(default="", max_length=300, description="a text or number that is accepted too")
    revision: str = Field(default="", max_length=64, description="whose key is taken, for revision")
    policy: Regrade = Regrade.RAISE
    reason: str = Field(default="", max_length=CORRECTION_REASON)
    known: int | None = Field(default=None, ge=0, description="`known` of the preview: two at once correct once")


class CorrectionOut(Out):
    """What a correction would do, or has done; `later`: a job goes on with it."""

    attempts: int
    changed: int
    gains: int | None = None
    loses: int | None = None
    newly_passed: int | None = None
    below: int | None = Field(default=None, description="passed, though their points would no longer do")
    known: int | None = None
    later: bool = False


@router.get(f"{COURSE}/quizzes/{{quiz}}/analysis", tags=["teaching"], responses=ANSWERS, **allow(Policy.TEACHES))
def analysis(db: Db, actor: CurrentActor, slug: str, quiz: str) -> AnalysisOut:
    """How each question of a quiz works. Nothing is told of fewer than five people, and nothing of anybody by name."""
    course = access.editable_course(db, actor, slug)
    return _analysis(db, course.id, quiz)


def _analysis(db: Session, course_id: int, quiz: str) -> AnalysisOut:
    made = queries.analysis(db, course_id, quiz)
    questions = []
    for n, (asked, item, found) in enumerate(zip(made.sheet.questions, made.items, made.findings, strict=True)):
        enough, grouped = item.people >= FEWEST, item.group >= FEWEST
        fit = made.rasch.items.get(n) if made.rasch and enough else None
        options = [
            OptionCountOut(
                option=one.option,
                key=one.key,
                people=one.n,
                share=one.share,
                strongest=one.upper if grouped else None,
                weakest=one.lower if grouped else None,
            )
            for one in item.options
        ]
        questions.append(
            ItemOut(
                question=asked.question,
                void=asked.void,
                verdict=found.verdict.value,
                people=item.people,
                facility=item.facility if enough else None,
                discrimination=item.discrimination if enough else None,
                point_biserial=item.point_biserial if enough else None,
                difficulty=fit.difficulty if fit else None,
                difficulty_error=fit.error if fit else None,
                infit=fit.infit if fit else None,
                outfit=fit.outfit if fit else None,
                options=options if enough else [],
            )
        )
    test = made.test
    return AnalysisOut(
        quiz=quiz,
        people=made.sheet.people,
        mean=test.mean if test else None,
        deviation=test.deviation if test else None,
        alpha=test.alpha if test else None,
        error=test.error if test else None,
        questions=questions,
    )


@router.post(
    f"{COURSE}/questions/{{question}}/corrections",
    tags=["teaching"],
    responses={
        **ANSWERS,
        409: {"description": "Such a correction makes no sense, or somebody has just made one."},
        422: {"description": "A field is wrong."},
    },
    **allow(Policy.TEACHES),
)
def correct(
    db: Db,
    actor: CurrentActor,
    slug: str,
    question: str,
    body: CorrectionBody,
    dry_run: Annotated[bool, Query(description="only say who would change")] = False,
) -> CorrectionOut:
    """Correct a question after it was asked, over all versions of the course, and mark earlier attempts anew by `policy`.

    What was passed stays passed and what was completed stays completed. Whose marks change is told why.
    """
    course = access.editable_course(db, actor, slug)
    change = Change(question, body.how, tuple(body.right), body.value, body.revision)
    if dry_run:
        seen = actions.preview(db, actor, course=course, change=change)
        return CorrectionOut(
            attempts=seen.attempts,
            changed=seen.changed,
            gains=seen.gains,
            loses=seen.loses,
            newly_passed=seen.newly_passed,
            below=seen.below,
            known=seen.known,
        )
    made = actions.apply(
        db, actor, course=course, change=change, policy=body.policy, reason=body.reason, known=body.known
    )
    return CorrectionOut(attempts=made.attempts, changed=made.changed, later=made.later)
