"""Learning that happened before this installation knew of it: runs taken over whole, with the dates they had."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.kit import clock
from app.kit.actor import Actor
from app.learning.models import Enrolment, Evidence
from app.learning.rules import Kind, RunState


@dataclass(frozen=True, slots=True)
class PastEvent:
    """One thing that happened: `data` as `Evidence.data` has it."""

    kind: Kind
    at: datetime
    subject: str = ""
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PastRun:
    """One person's run through a course, with what happened in it, in order of time."""

    person_id: int
    course_id: int
    organisation_id: int
    major: int
    version_id: int
    enrolled_at: datetime
    events: tuple[PastEvent, ...]


def take_over(db: Session, actor: Actor, runs: Iterable[PastRun]) -> int:
    """Write past runs as enrolments and evidence; `rebuild` must follow, since nothing is folded here.

    A person who is in the course already gets the events added to that run. Answers how many runs were written.
    """
    runs = list(runs)
    there = {
        (person_id, course_id): enrolment_id
        for person_id, course_id, enrolment_id in db.execute(
            select(Enrolment.person_id, Enrolment.course_id, Enrolment.id).order_by(Enrolment.period)
        )
    }
    fresh = [run for run in runs if (run.person_id, run.course_id) not in there]
    if fresh:
        db.execute(
            insert(Enrolment),
            [
                {
                    "person_id": run.person_id,
                    "course_id": run.course_id,
                    "period": 1,
                    "major": run.major,
                    "organisation_id": run.organisation_id,
                    "state": RunState.ENROLLED,
                    "required": False,
                    "enrolled_at": run.enrolled_at,
                    "last_page": "",
                    "done": 0,
                }
                for run in fresh
            ],
        )
        there = {
            (person_id, course_id): enrolment_id
            for person_id, course_id, enrolment_id in db.execute(
                select(Enrolment.person_id, Enrolment.course_id, Enrolment.id).order_by(Enrolment.period)
            )
        }
    new = {(run.person_id, run.course_id) for run in fresh}
    rows = [
        row
        for run in runs
        for row in _evidence(actor, run, there[(run.person_id, run.course_id)], (run.person_id, run.course_id) in new)
    ]
    for start in range(0, len(rows), 5000):
        db.execute(insert(Evidence), rows[start : start + 5000])
    return len(runs)


def _evidence(actor: Actor, run: PastRun, enrolment_id: int, new: bool) -> list[dict[str, Any]]:
    now = clock.now()
    enrolled = (PastEvent(Kind.ENROLLED, run.enrolled_at),) if new else ()
    keys = {
        Kind.ENROLLED: "enrolment:{id}",
        Kind.PAGE_FINISHED: "enrolment:{id}:page:{subject}",
        Kind.COURSE_COMPLETED: "enrolment:{id}:completed",
    }
    return [
        {
            "key": keys.get(event.kind, "enrolment:{id}:past:{number}").format(
                id=enrolment_id, subject=event.subject, number=number
            ),
            "person_id": run.person_id,
            "enrolment_id": enrolment_id,
            "kind": event.kind,
            "subject": event.subject,
            "version_id": None if event.kind in (Kind.ENROLLED, Kind.LEFT) else run.version_id,
            "organisation_id": run.organisation_id,
            "actor_id": actor.id or run.person_id,
            "occurred_at": event.at,
            "recorded_at": now,
            "data": event.data,
        }
        for number, event in enumerate((*enrolled, *run.events))
    ]
