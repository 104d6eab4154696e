"""Requirements by API: one's own duties, the rules in force with their people, trying a rule and setting it."""

from __future__ import annotations

from datetime import date
from typing import Any

from fastapi import APIRouter
from pydantic import ConfigDict, Field
from sqlalchemy.orm import Session

from app.accounts.rules import SEES_NAMES
from app.kit import clock
from app.kit.actor import Actor
from app.requirements import access
from app.requirements import actions as requirements
from app.requirements import queries as required
from app.requirements.queries import Plan, RequirementCard
from app.requirements.rules.rule import to_json
from app.web.api.schemas import Out
from app.web.deps import CurrentActor, Db
from app.web.duties import explained, subject_names
from app.web.policy import Policy, allow
from app.web.ruling import RuleForm, rule_from

router = APIRouter(prefix="/api")
V1 = "/v1"
Answer = dict[int | str, dict[str, Any]]
MISSING: Answer = {404: {"description": "There is no such thing, or none that you may see."}}
SIGN_IN: Answer = {401: {"description": "Send a personal token: Authorization: Bearer …"}}
WRONG: Answer = {422: {"description": "The rule cannot be taken as it is; the answer says which field and why."}}


class DutyOut(Out):
    """One thing that is required of me, in its present period."""

    subject: str = Field(description="course:…, path:… or external:…")
    title: str
    period: int
    status: str = Field(
        description="future, open, due-soon, overdue, completed, expiring, expired, exempt or paused; of today"
    )
    opens_on: date
    due_on: date
    completed_on: date | None
    valid_until: date | None
    explained: list[str] = Field(description="how the due date came about, step by step")


class RequirementLine(Out):
    key: str
    title: str
    organisation: str
    due_on: date | None
    reached: int
    excused: int
    completed: int
    active: bool


class ReachedOut(Out):
    """`person` is the key in the addresses of pages."""

    person: str
    name: str
    organisation: str
    status: str
    period: int
    due_on: date
    completed_on: date | None
    valid_until: date | None


class RequirementOut(RequirementLine):
    """`rule` is all that was decided; `people` are those whom you may see."""

    rule: dict[str, Any]
    people: list[ReachedOut]


class CycleOut(Out):
    due_on: date
    valid_until: date | None
    explained: list[str]


class SampleOut(Out):
    name: str
    organisation: str
    cycles: list[CycleOut]


class PlanOut(Out):
    """What a rule would do; nothing has been done."""

    reached: int
    units: int
    already_valid: int
    stricter_date_holds: int
    in_progress: int
    new: int
    date_too_near: int
    without_email: int
    exists: bool
    samples: list[SampleOut]


class RequiredOut(Out):
    """What came of setting a rule. The same rule again adds nobody."""

    key: str
    created: bool
    added: int
    later: int


class RuleBody(RuleForm):
    """A rule with the same fields as the form of the page; lists of people, posts and tags go on lines of one text."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, frozen=True)


@router.get(f"{V1}/me/requirements", tags=["me"], responses=SIGN_IN, **allow(Policy.SIGNED_IN))
def my_requirements(db: Db, actor: CurrentActor, lang: str = "") -> list[DutyOut]:
    """What is required of me, and how I stand today. `lang`: the words; by default those of my account."""
    cards = required.periods_of(db, actor.id, clock.today())
    names = subject_names(db, {card.subject for card in cards}, lang or actor.lang)
    return [
        DutyOut(
            subject=card.subject,
            title=names.get(card.subject, ""),
            period=card.period.number,
            status=card.status.value,
            opens_on=card.period.opens_on,
            due_on=card.period.due_on,
            completed_on=card.period.met_on,
            valid_until=card.period.valid_until or card.period.held_until,
            explained=list(explained(card.steps)),
        )
        for card in cards
    ]


@router.get(f"{V1}/requirements", tags=["requirements"], responses=SIGN_IN, **allow(Policy.ASSIGNS))
def rules(db: Db, actor: CurrentActor) -> list[RequirementLine]:
    """The requirements of my organisations and of those above them, the nearest date first."""
    found = required.requirements(db, access.visible_to(actor), actor.lang)
    return [RequirementLine(**_line(one)) for one in found]


@router.post(
    f"{V1}/requirements/dry-run", tags=["requirements"], responses={**SIGN_IN, **WRONG}, **allow(Policy.ASSIGNS)
)
def dry_run(db: Db, actor: CurrentActor, body: RuleBody) -> PlanOut:
    """Whom a rule would reach, and the next dates of some of them. Nothing is changed."""
    rule, _place = rule_from(db, actor, body)
    return _plan(required.plan_rule(db, rule, today=clock.today(), lang=actor.lang))


@router.post(
    f"{V1}/requirements",
    tags=["requirements"],
    status_code=201,
    responses={**SIGN_IN, **WRONG},
    **allow(Policy.ASSIGNS),
)
def require(db: Db, actor: CurrentActor, body: RuleBody) -> RequiredOut:
    """Set a rule. The same what, whom and when again adds only those who have come since."""
    rule, _place = rule_from(db, actor, body)
    done = requirements.set_rule(db, actor, rule=rule)
    return RequiredOut(key=done.key, created=done.new, added=done.added, later=done.later)


@router.get(
    f"{V1}/requirements/{{key}}", tags=["requirements"], responses={**SIGN_IN, **MISSING}, **allow(Policy.ASSIGNS)
)
def one_rule(db: Db, actor: CurrentActor, key: str) -> RequirementOut:
    """One requirement, its rule, and its people as far as I may see them."""
    one = access.requirement_for(db, actor, key)
    return RequirementOut(**_line(one), rule=to_json(one.rule), people=_people(db, actor, one))


def _people(db: Session, actor: Actor, one: RequirementCard) -> list[ReachedOut]:
    return [
        ReachedOut(
            person=person.key,
            name=person.name,
            organisation=person.organisation_name,
            status=person.card.status.value,
            period=person.card.period.number,
            due_on=person.card.period.due_on,
            completed_on=person.card.period.met_on,
            valid_until=person.card.period.valid_until,
        )
        for person in required.people_of(db, one, clock.today(), actor.lang)
        if actor.covers(person.path, *SEES_NAMES)
    ]


def _line(one: RequirementCard) -> dict[str, Any]:
    return {
        "key": one.key,
        "title": one.course_title,
        "organisation": one.organisation_code,
        "due_on": one.due_on,
        "reached": one.reached,
        "excused": one.excused,
        "completed": one.completed,
        "active": one.active,
    }


def _plan(plan: Plan) -> PlanOut:
    return PlanOut(
        reached=plan.reached,
        units=len(plan.units),
        already_valid=plan.completed,
        stricter_date_holds=plan.stricter,
        in_progress=plan.going,
        new=plan.fresh,
        date_too_near=plan.near,
        without_email=plan.without_email,
        exists=plan.exists,
        samples=[
            SampleOut(
                name=one.name,
                organisation=one.organisation_name,
                cycles=[
                    CycleOut(
                        due_on=cycle.due.on,
                        valid_until=cycle.valid_until,
                        explained=list(explained(cycle.due.steps)),
                    )
                    for cycle in one.cycles
                ],
            )
            for one in plan.samples
        ],
    )
