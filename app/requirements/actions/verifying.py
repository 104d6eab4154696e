"""Holding the periods against the evidence: what each says must be what its sources and its evidence add up to."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.kit import clock
from app.kit.jobs import Job, JobState
from app.learning.actions import Difference
from app.learning.models import Enrolment
from app.learning.rules import RunState
from app.requirements.actions import periods
from app.requirements.models import Assignment, PeriodRow

BATCH = 500


def verify(db: Session) -> list[Difference]:
    """Every difference between periods and what they are made of; none is the aim.

    A completion whose job still waits is not a difference: the period will hear of it.
    """
    found: list[Difference] = []
    waiting = {
        key.removeprefix("completed:")
        for key in db.scalars(select(Job.key).where(Job.kind == "learning.completed", Job.state == JobState.READY))
        if key is not None
    }
    for period_id, kept, place in db.execute(
        select(PeriodRow.id, PeriodRow.organisation_id, Person.organisation_id)
        .join(Person, Person.id == PeriodRow.person_id)
        .where(PeriodRow.organisation_id.is_distinct_from(Person.organisation_id))
        .order_by(PeriodRow.id)
    ):
        found.append(Difference(f"period {period_id}: place", str(kept), str(place)))
    last = 0
    numbers: dict[tuple[int, str], list[tuple[int, bool]]] = {}
    while rows := db.scalars(select(PeriodRow).where(PeriodRow.id > last).order_by(PeriodRow.id).limit(BATCH)).all():
        runs = {
            run.id: run
            for run in db.scalars(
                select(Enrolment).where(Enrolment.id.in_([row.enrolment_id for row in rows if row.enrolment_id]))
            )
        }
        asked: dict[tuple[int, str], list[Assignment]] = {}
        for one in db.scalars(
            select(Assignment)
            .where(Assignment.person_id.in_({row.person_id for row in rows}), Assignment.ended_at.is_(None))
            .order_by(Assignment.due_on, Assignment.requirement_id)
        ):
            asked.setdefault((one.person_id, one.subject), []).append(one)
        for row in rows:
            numbers.setdefault((row.person_id, row.subject), []).append((row.number, row.latest))
            run = runs.get(row.enrolment_id) if row.enrolment_id is not None else None
            found += _of_row(row, run, asked.get((row.person_id, row.subject), []), waiting)
        last = rows[-1].id
        db.expunge_all()
    for (person_id, subject), said in sorted(numbers.items()):
        wanted = [(n, n == len(said)) for n in range(1, len(said) + 1)]
        if sorted(said) != wanted:
            found.append(Difference(f"periods of {person_id} in {subject}", str(sorted(said)), str(wanted)))
    return found


def _of_row(row: PeriodRow, run: Enrolment | None, asked: list[Assignment], waiting: set[str]) -> list[Difference]:
    found = []
    name = f"period {row.id}"
    made = periods.date_of(row, asked) if row.latest else None
    if made is not None and row.met_on is None and row.due_on != made.on:
        found.append(Difference(f"{name}: due", str(row.due_on), str(made.on)))
    if run is None:
        return found
    done = run.completed_at.astimezone(clock.LOCAL).date() if run.completed_at is not None else None
    if row.met_on != done and str(run.id) not in waiting:
        found.append(Difference(f"{name}: met", str(row.met_on), str(done)))
    unfinished = run.state in (RunState.ENROLLED, RunState.STARTED)
    if row.latest and row.dropped_at is None and unfinished and (run.due_on, run.required) != (row.due_on, True):
        found.append(Difference(f"{name}: run", f"{run.due_on} {run.required}", f"{row.due_on} True"))
    if row.latest and not run.current:
        found.append(Difference(f"{name}: run", "followed by another", "the present one"))
    return found
