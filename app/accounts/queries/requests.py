"""Reading what people ask about their own data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, aliased

from app.accounts.models import DataRequest, Person
from app.accounts.rules import Asked
from app.organisations.models import Organisation
from app.organisations.queries import said_name

_Answerer = aliased(Person)


@dataclass(frozen=True, slots=True)
class RequestCard:
    """One request: by whom, what, by when it is to be answered; `because`: why that was put off; `answered_at` is None
    while it waits."""

    id: int
    key: str
    person_id: int
    person_key: str
    person: str
    organisation_path: str
    organisation: str
    asked: Asked
    text: str
    asked_at: datetime
    due_on: date
    because: str
    answer: str
    answered_at: datetime | None
    answered_by: str | None


def requests(db: Session, where: ColumnElement[bool], *, limit: int = 200) -> tuple[RequestCard, ...]:
    """Requests that `where` (over request, person and place) lets through: those that wait by their dates, then those
    answered, the latest first."""
    columns: tuple[Any, ...] = (
        DataRequest.id,
        DataRequest.key,
        DataRequest.person_id,
        Person.key,
        Person.given_name + " " + Person.family_name,
        Organisation.path,
        said_name(),
        DataRequest.asked,
        DataRequest.text,
        DataRequest.asked_at,
        DataRequest.due_on,
        DataRequest.because,
        DataRequest.answer,
        DataRequest.answered_at,
        _Answerer.given_name + " " + _Answerer.family_name,
    )
    rows = db.execute(
        select(*columns)
        .join(Person, Person.id == DataRequest.person_id)
        .join(Organisation, Organisation.id == DataRequest.organisation_id)
        .outerjoin(_Answerer, _Answerer.id == DataRequest.answered_by_id)
        .where(where)
        .order_by(
            DataRequest.answered_at.is_not(None), DataRequest.answered_at.desc(), DataRequest.due_on, DataRequest.id
        )
        .limit(limit)
    )
    return tuple(RequestCard(*row) for row in rows)


def requests_of(db: Session, person_id: int) -> tuple[RequestCard, ...]:
    """What one person has asked."""
    return requests(db, DataRequest.person_id == person_id)


def request_by_key(db: Session, key: str) -> RequestCard | None:
    return next(iter(requests(db, DataRequest.key == key)), None)


def waiting() -> ColumnElement[bool]:
    """Those not answered yet."""
    return DataRequest.answered_at.is_(None)
