"""Group sessions by API: which there are, who took part in one, and what each still has to do."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter
from pydantic import Field
from sqlalchemy.orm import Session

from app.groups import access, queries
from app.groups.queries import GroupCard
from app.web.api.duties import MISSING, SIGN_IN
from app.web.api.schemas import Out
from app.web.deps import CurrentActor, Db
from app.web.policy import Policy, allow

router = APIRouter(prefix="/api")
V1 = "/v1"


class GroupOut(Out):
    key: str
    course: str
    version: str = Field(description="the highest minor version of the major one it was planned with")
    page: str = Field(description="the one page it is about; empty where it is the whole course")
    organisation: str = Field(description="the code of the place")
    room: str
    starts_at: datetime
    state: str = Field(description="planned, open, ended or cancelled")
    opened_at: datetime | None
    ended_at: datetime | None
    led_by: str
    expected: int
    came: int


class GroupMemberOut(Out):
    person: str = Field(description="the key of the person")
    name: str
    how: str = Field(description="device or noted; empty for somebody who was not there")
    joined_at: datetime | None
    left_at: datetime | None
    completed: bool
    pages_left: list[str]
    quizzes_left: list[str]


class GroupWithPeopleOut(GroupOut):
    watched: list[str] = Field(description="pages that were watched together")
    people: list[GroupMemberOut]


def _group(db: Session, one: GroupCard) -> dict[str, object]:
    return {
        "key": one.key,
        "course": one.slug,
        "version": queries.version_of(db, one).label,
        "page": one.page,
        "organisation": one.place_code,
        "room": one.room,
        "starts_at": one.starts_at,
        "state": one.state.value,
        "opened_at": one.opened_at,
        "ended_at": one.ended_at,
        "led_by": one.made_by,
        "expected": one.expected,
        "came": one.came,
    }


@router.get(f"{V1}/groups", tags=["group sessions"], responses=SIGN_IN, **allow(Policy.LEADS))
def group_sessions(db: Db, actor: CurrentActor) -> list[GroupOut]:
    """The last hundred group sessions that you may see, the latest first."""
    found = queries.groups(db, access.visible_to(actor), limit=100)
    return [GroupOut.model_validate(_group(db, one)) for one in found]


@router.get(f"{V1}/groups/{{key}}", tags=["group sessions"], responses={**SIGN_IN, **MISSING}, **allow(Policy.LEADS))
def group_session(db: Db, actor: CurrentActor, key: str) -> GroupWithPeopleOut:
    """One group session with its roster: who was there, and what each still has to do for the course."""
    one = access.group_for(db, actor, key)
    roster = queries.members(db, one.id)
    outline = queries.outline_of(db, queries.version_of(db, one))
    far = queries.how_far(db, one, outline, [member.person_id for member in roster])
    people = []
    for member in roster:
        mine = far.get(member.person_id)
        people.append(
            {
                "person": member.key,
                "name": member.name,
                "how": member.how.value if member.how is not None else "",
                "joined_at": member.joined_at,
                "left_at": member.left_at,
                "completed": mine is not None and mine.completed,
                "pages_left": [page.id for page in mine.left.pages] if mine is not None else [],
                "quizzes_left": [quiz.id for quiz in mine.left.quizzes] if mine is not None else [],
            }
        )
    return GroupWithPeopleOut.model_validate(
        {**_group(db, one), "watched": sorted(queries.steps(db, one.id)), "people": people}
    )
