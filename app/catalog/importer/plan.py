"""What publishing something would do, told before it is done."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.catalog import queries
from app.catalog.format.model import Problem
from app.catalog.importer import ledger
from app.catalog.importer.changes import Changes, Snapshot, compare, snapshot_of, stored_snapshot
from app.catalog.importer.prepared import Prepared
from app.catalog.queries import CourseHead, Version
from app.catalog.rules import ChangeLevel, next_number


@dataclass(frozen=True, slots=True)
class Plan:
    """`course` and `latest` are None for a course that is new; `same_as` is a version with this very content."""

    course: CourseHead | None
    latest: Version | None
    same_as: Version | None
    changes: Changes
    problems: tuple[Problem, ...]
    before: Snapshot | None
    after: Snapshot

    @property
    def number_if(self) -> dict[ChangeLevel, str]:
        """The number each level would give."""
        latest = self.latest.number if self.latest else None
        return {level: "{}.{}".format(*next_number(latest, level)) for level in ChangeLevel}


def plan(db: Session, prepared: Prepared) -> Plan:
    course = queries.course_by_slug(db, prepared.slug)
    after = snapshot_of(prepared)
    if course is None:
        return Plan(None, None, None, Changes(), (), None, after)
    latest = queries.latest_version(db, course.id)
    same_as = queries.version_with(db, course.id, prepared.digest)
    if latest is None:
        return Plan(course, None, same_as, Changes(), (), None, after)
    before = stored_snapshot(db, latest.id)
    changes = compare(before, after, latest.label)
    return Plan(course, latest, same_as, changes, ledger.problems(db, prepared.course), before, after)
