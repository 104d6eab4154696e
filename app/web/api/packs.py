"""Audit packs by API: ask for one, see how far it has come, take it away."""

from __future__ import annotations

from datetime import date

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from app.kit import clock
from app.kit.errors import Conflict, Invalid, NotFound
from app.kit.i18n import N_
from app.packs import access
from app.packs import actions as packs
from app.packs.queries import PackCard
from app.packs.rules import STEPS, PackState, read_head
from app.web.api.duties import MISSING, SIGN_IN, WRONG
from app.web.api.schemas import Out
from app.web.deps import BlobsDep, CurrentActor, Db
from app.web.policy import Policy, allow
from app.web.responses import archive

router = APIRouter(prefix="/api")
V1 = "/v1"


class PackBody(BaseModel):
    """`requirement` is the key of one that is set at, below or above the place; without `as_of`: today."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, frozen=True)
    requirement: str
    organisation: str = Field(description="the code of the place, with everything below it")
    as_of: date | None = None


class PackOut(Out):
    key: str
    state: str = Field(description="waiting, working, ready or failed")
    done: int
    steps: int
    organisation: str
    as_of: date
    names: bool = Field(description="false where you see numbers only")
    report_due: date | None = Field(description="by when the training report in it is due, where the law says so")
    locked_until: date | None = Field(description="until when that report is neither changed nor erased")
    file: str = Field(description="the address of the signed archive; empty until it is ready")


@router.post(
    f"{V1}/packs",
    tags=["packs"],
    status_code=202,
    responses={**SIGN_IN, **WRONG},
    **allow(Policy.SEES_NUMBERS),
)
def ask_for_pack(db: Db, actor: CurrentActor, body: PackBody) -> PackOut:
    """Ask for the audit pack of a place, a requirement and a day. It is made within a minute."""
    try:
        unit, named = access.unit_for(db, actor, body.organisation)
    except NotFound:
        raise Invalid(organisation=N_("Choose one of your organisations.")) from None
    try:
        one = access.requirement_at(db, actor, body.requirement, unit)
    except NotFound:
        raise Invalid(requirement=N_("Choose something that is required at this place.")) from None
    key = packs.ask(db, actor, requirement=one, unit=unit, as_of=body.as_of or clock.today(), named=named)
    return _out(access.pack_for(db, actor, key))


@router.get(f"{V1}/packs/{{key}}", tags=["packs"], responses={**SIGN_IN, **MISSING}, **allow(Policy.SEES_NUMBERS))
def pack(db: Db, actor: CurrentActor, key: str) -> PackOut:
    """How far a pack has come."""
    return _out(access.pack_for(db, actor, key))


@router.get(
    f"{V1}/packs/{{key}}/file",
    tags=["packs"],
    responses={**SIGN_IN, **MISSING, 409: {"description": "It is still being made."}},
    **allow(Policy.SEES_NUMBERS),
)
def pack_file(db: Db, actor: CurrentActor, blobs: BlobsDep, key: str) -> Response:
    """The signed archive."""
    card = access.pack_for(db, actor, key)
    if card.state is not PackState.READY:
        raise Conflict(N_("This pack is still being made. Look again in a minute."))
    return archive(f"klasteris-audit-{card.as_of.isoformat()}-{card.id}", blobs.get(card.blob))


def _out(card: PackCard) -> PackOut:
    report = read_head(card.training)
    return PackOut(
        key=card.key,
        state=card.state.value,
        done=card.done,
        steps=STEPS,
        organisation=card.place,
        as_of=card.as_of,
        names=card.named,
        report_due=report.due if report else None,
        locked_until=report.locked_until if report else None,
        file=f"/api/v1/packs/{card.key}/file" if card.state is PackState.READY else "",
    )
