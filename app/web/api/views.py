"""Saved views by API: which there are, and their rows as the asking person may see them now."""

from __future__ import annotations

from datetime import date, datetime

from fastapi import APIRouter, Request
from pydantic import Field

from app.kit import clock
from app.kit.spreadsheet import Cell, Share
from app.reporting import access
from app.reporting.rules.views import Cadence
from app.web.api.duties import MISSING, SIGN_IN
from app.web.api.schemas import Out
from app.web.deps import CurrentActor, Db, EarlyActor
from app.web.managing import figures
from app.web.policy import Policy, allow

router = APIRouter(prefix="/api")


class ViewLine(Out):
    key: str
    name: str
    organisation: str
    mine: bool
    shared: bool
    cadence: Cadence = Field(description="never, weekly or monthly: how often it goes out by mail")


class ColumnOut(Out):
    """`key` is the name that does not change with the language; empty where there is none."""

    key: str
    title: str


class RowsOut(ViewLine):
    """`rows` have a value for each of the columns: a text, a number, a share from 0 to 1, a day, or nothing.

    A number that would tell of a group under five is a word to those who see numbers only.
    """

    as_of: datetime
    columns: list[ColumnOut]
    rows: list[list[str | int | float | date | None]]


@router.get("/v1/views", tags=["views"], responses=SIGN_IN, **allow(Policy.SEES_NUMBERS))
def views(db: Db, actor: CurrentActor) -> list[ViewLine]:
    """My saved views, and those that others share, of the places whose figures I see."""
    return [
        ViewLine(
            key=one.key,
            name=one.name,
            organisation=one.place_code,
            mine=one.owner_id == actor.id,
            shared=one.shared,
            cadence=one.cadence,
        )
        for one in access.views_for(db, actor)
    ]


@router.post(
    "/v1/views/{key}/run", tags=["views"], responses={**SIGN_IN, **MISSING}, **allow(Policy.SEES_NUMBERS, early=True)
)
def run(request: Request, actor: EarlyActor, key: str) -> RowsOut:
    """All rows of a view, computed now with my own rights, whoever saved it. Like every export it is recorded."""
    card, made = figures.taken_out(request.app.state.sessions, actor, key, "api")
    sheet = made.sheets[0]
    keys = sheet.keys or ("",) * len(sheet.heads)
    return RowsOut(
        key=card.key,
        name=card.name,
        organisation=card.place_code,
        mine=card.owner_id == actor.id,
        shared=card.shared,
        cadence=card.cadence,
        as_of=clock.now(),
        columns=[ColumnOut(key=one, title=head) for one, (head, _width) in zip(keys, sheet.heads, strict=True)],
        rows=[[_value(cell) for cell in row] for row in sheet.rows],
    )


def _value(cell: Cell) -> str | int | float | date | None:
    return cell.value if isinstance(cell, Share) else cell
