"""Everybody at a place and where they stand in every course there: read in batches, so that a country is no heavier
to hold than a school."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.accounts.rules import PersonState
from app.learning.models import Enrolment, SubtreeCount
from app.learning.rules import RunState
from app.organisations.models import Organisation
from app.organisations.queries import OrganisationCard, at_or_below, said_name

BATCH = 1000  # people held at once


@dataclass(frozen=True, slots=True)
class Cell:
    """Where one person stands in one course."""

    state: RunState
    required: bool
    due_on: date | None
    completed_at: datetime | None


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One person; `cells` by course, without those they are not in."""

    family_name: str
    given_name: str
    job_title: str
    place: str
    cells: dict[int, Cell]


def courses_at(db: Session, place: OrganisationCard) -> tuple[int, ...]:
    """The courses somebody at or below a place is in, required ones first, the most people first."""
    places = Organisation.parent_id == place.id if place.parent_id is None else Organisation.id == place.id
    said = (
        select(SubtreeCount.course_id, SubtreeCount.required, SubtreeCount.number)
        .join(Organisation, Organisation.id == SubtreeCount.organisation_id)
        .where(places, SubtreeCount.number > 0)
    )
    weights: dict[int, tuple[int, int]] = {}
    for course_id, required, number in db.execute(said):
        asked, all_of_them = weights.get(course_id, (0, 0))
        weights[course_id] = (asked + number * bool(required), all_of_them + number)
    return tuple(sorted(weights, key=lambda one: (-weights[one][0], -weights[one][1], one)))


def everybody(db: Session, place: OrganisationCard) -> Iterator[MatrixRow]:
    """Everybody who works at or below a place, by name."""
    columns: tuple[Any, ...] = (
        Person.sort_key,
        Person.id,
        Person.family_name,
        Person.given_name,
        Person.job_title,
        said_name(),
    )
    said = (
        select(*columns)
        .join(Organisation, Organisation.id == Person.organisation_id)
        .where(at_or_below(Person.organisation_id, place), Person.state != PersonState.DISABLED)
        .order_by(Person.sort_key, Person.id)
        .limit(BATCH)
    )
    after: tuple[str, int] | None = None
    while True:
        more: Any = said if after is None else said.where(tuple_(Person.sort_key, Person.id) > tuple_(*after))
        people = db.execute(more).all()
        cells = _cells(db, [row[1] for row in people])
        for row in people:
            yield MatrixRow(row[2], row[3], row[4], row[5], cells.get(row[1], {}))
        if len(people) < BATCH:
            return
        after = (people[-1][0], people[-1][1])


def _cells(db: Session, person_ids: list[int]) -> dict[int, dict[int, Cell]]:
    said: Any = select(
        Enrolment.person_id,
        Enrolment.course_id,
        Enrolment.state,
        Enrolment.required,
        Enrolment.due_on,
        Enrolment.completed_at,
    ).where(Enrolment.person_id.in_(person_ids), Enrolment.current.is_(True), Enrolment.state != RunState.LEFT)
    out: dict[int, dict[int, Cell]] = {}
    for person_id, course_id, *rest in db.execute(said):
        out.setdefault(person_id, {})[course_id] = Cell(*rest)
    return out
