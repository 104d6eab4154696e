"""Time and attempts of one's own by API: what a person needs everywhere, and what is different at one quiz."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from app.assessment import access, actions, queries
from app.assessment.actions import MOST_ATTEMPTS, MOST_SECONDS
from app.assessment.queries import OverrideLine
from app.assessment.rules import MAX_EXTRA, Accommodation, may_override
from app.web import terms
from app.web.api.duties import MISSING, SIGN_IN, WRONG
from app.web.api.schemas import Out
from app.web.deps import CurrentActor, Db
from app.web.policy import Policy, allow

router = APIRouter(prefix="/api")
NEEDS = "/v1/people/{key}/accommodation"
AT_COURSE = "/v1/courses/{slug}/overrides"


class NeedsOut(Out):
    """`time_factor` 1 and no extra attempt: nothing is set. No reason is kept."""

    time_factor: float = Field(description="how often the usual time: 1, 1.25, 1.5, 2, 2.5 or 3; 0: no limit")
    extra_attempts: int


class NeedsBody(BaseModel):
    """What is left out is the usual, so that an empty body takes back what was set."""

    model_config = ConfigDict(extra="forbid")
    time_factor: float = 1.0
    extra_attempts: int = Field(default=0, ge=0, le=MAX_EXTRA)


class OverrideOut(Out):
    """Null leaves a thing as the quiz says it; 0 lifts the limit."""

    id: int
    quiz: str
    whom: str = Field(description="the name of the person or the organisation")
    personal: bool
    minutes: int | None
    attempts: int | None
    opens_at: datetime | None
    closes_at: datetime | None


class OverrideBody(BaseModel):
    """The same fields as the form of the page."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)
    quiz: str = Field(max_length=64)
    whom: str = Field(max_length=254, description="an e-mail address, or the code of an organisation")
    minutes: int | None = Field(default=None, ge=0, le=MOST_SECONDS // 60, description="0: no limit")
    attempts: int | None = Field(default=None, ge=0, le=MOST_ATTEMPTS, description="0: as many as they like")
    opens: str = Field(default="", max_length=16, description="a day, or a day and a time: 2026-03-31T12:00")
    closes: str = Field(default="", max_length=16, description="the same; a day alone is its end")


class TakenOut(Out):
    taken: bool


@router.get(NEEDS, tags=["accommodations"], responses={**SIGN_IN, **MISSING}, **allow(Policy.ASSIGNS))
def needs(db: Db, actor: CurrentActor, key: str) -> NeedsOut:
    """What somebody needs in every quiz, for those who may set it."""
    person = access.needs_for(db, actor, key)
    return _needs(queries.accommodation(db, person.id))


@router.put(NEEDS, tags=["accommodations"], responses={**SIGN_IN, **MISSING, **WRONG}, **allow(Policy.ASSIGNS))
def set_needs(db: Db, actor: CurrentActor, key: str, body: NeedsBody) -> NeedsOut:
    """Set what somebody needs in every quiz. Attempts that are open have their time at once."""
    person = access.needs_for(db, actor, key)
    wanted = Accommodation(body.time_factor, body.extra_attempts)
    actions.accommodate(db, actor, person=person, needs=wanted)
    return _needs(wanted)


def _needs(found: Accommodation | None) -> NeedsOut:
    said = found or Accommodation()
    return NeedsOut(time_factor=said.time_factor, extra_attempts=said.extra_attempts)


@router.get(AT_COURSE, tags=["accommodations"], responses={**SIGN_IN, **MISSING}, **allow(Policy.SETS_TERMS))
def overrides(db: Db, actor: CurrentActor, slug: str) -> list[OverrideOut]:
    """What is different at the quizzes of a course, of those people and organisations for whom I may set it."""
    course = access.course_with_terms(db, actor, slug)
    return [
        _override(one)
        for one in queries.overrides(db, course.id)
        if may_override(actor, owner_path=course.owner_path, path=one.path, person_id=one.person_id)
    ]


@router.put(AT_COURSE, tags=["accommodations"], responses={**SIGN_IN, **MISSING, **WRONG}, **allow(Policy.SETS_TERMS))
def set_override(db: Db, actor: CurrentActor, slug: str, body: OverrideBody) -> list[OverrideOut]:
    """Set what is different at one quiz for a person or an organisation, in place of what was set for them before."""
    course = access.course_with_terms(db, actor, slug)
    terms.put(
        db,
        actor,
        course,
        quiz=body.quiz,
        whom=body.whom,
        opens=body.opens,
        closes=body.closes,
        minutes=body.minutes,
        attempts=body.attempts,
    )
    return overrides(db, actor, slug)


@router.delete(
    "/v1/overrides/{override_id}",
    tags=["accommodations"],
    responses={**SIGN_IN, **MISSING},
    **allow(Policy.SETS_TERMS),
)
def take_override(db: Db, actor: CurrentActor, override_id: int) -> TakenOut:
    """Take an override back. Attempts that are open keep the time they were given."""
    line = access.override_for(db, actor, override_id)
    actions.take_back(db, actor, course_id=line.course_id, line=line)
    return TakenOut(taken=True)


def _override(line: OverrideLine) -> OverrideOut:
    said = line.terms
    return OverrideOut(
        id=line.id,
        quiz=line.quiz,
        whom=line.name,
        personal=said.personal,
        minutes=None if said.seconds is None else said.seconds // 60,
        attempts=said.attempts,
        opens_at=said.opens_at,
        closes_at=said.closes_at,
    )
