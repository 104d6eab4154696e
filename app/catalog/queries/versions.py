"""The versions of a course, and every id it has ever published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session, aliased

from app.accounts.models import Person
from app.catalog.models import Course, CourseVersion, KnownId


@dataclass(frozen=True, slots=True)
class Version:
    """One published state of a course, without its contents. `source` is the blob of its files, zipped."""

    id: int
    course_id: int
    slug: str
    major: int
    minor: int
    digest: str
    lang: str
    note: str
    source: str
    changes: Mapping[str, Any]
    published_at: datetime
    published_by: str
    reviewed_by: str = ""
    reviewed_at: datetime | None = None

    @property
    def number(self) -> tuple[int, int]:
        return (self.major, self.minor)

    @property
    def label(self) -> str:
        return f"{self.major}.{self.minor}"


_Reviewer = aliased(Person)


def _versions(db: Session, where: ColumnElement[bool]) -> tuple[Version, ...]:
    rows: Select[Any] = (
        select(
            CourseVersion.id,
            CourseVersion.course_id,
            Course.slug,
            CourseVersion.major,
            CourseVersion.minor,
            CourseVersion.digest,
            CourseVersion.lang,
            CourseVersion.note,
            CourseVersion.source,
            CourseVersion.changes,
            CourseVersion.published_at,
            Person.given_name,
            Person.family_name,
            _Reviewer.given_name,
            _Reviewer.family_name,
            CourseVersion.reviewed_at,
        )
        .join(Course, Course.id == CourseVersion.course_id)
        .outerjoin(Person, Person.id == CourseVersion.published_by_id)
        .outerjoin(_Reviewer, _Reviewer.id == CourseVersion.reviewed_by_id)
        .where(where)
        .order_by(CourseVersion.major.desc(), CourseVersion.minor.desc())
    )
    found = []
    for *row, given, family, read_by, read_by_family, read_at in db.execute(rows):
        reviewer = f"{read_by or ''} {read_by_family or ''}".strip()
        said: list[Any] = [*row, f"{given or ''} {family or ''}".strip(), reviewer, read_at]
        found.append(Version(*said))
    return tuple(found)


def version(db: Session, version_id: int) -> Version | None:
    return next(iter(_versions(db, CourseVersion.id == version_id)), None)


def versions(db: Session, course_id: int) -> tuple[Version, ...]:
    """Every version of a course, the newest first."""
    return _versions(db, CourseVersion.course_id == course_id)


def latest_version(db: Session, course_id: int) -> Version | None:
    """The one with the highest number, whatever new learners get."""
    return next(iter(versions(db, course_id)), None)


def effective_version(db: Session, course_id: int, major: int) -> Version | None:
    """What somebody pinned to a major version reads: its highest minor one."""
    found = _versions(db, (CourseVersion.course_id == course_id) & (CourseVersion.major == major))
    return next(iter(found), None)


def version_with(db: Session, course_id: int, digest: str) -> Version | None:
    same = (CourseVersion.course_id == course_id) & (CourseVersion.digest == digest)
    return next(iter(_versions(db, same)), None)


def version_of(db: Session, digest: str) -> Version | None:
    """The version with a content, whatever the course: its id is part of the content."""
    return next(iter(_versions(db, CourseVersion.digest == digest)), None)


@dataclass(frozen=True, slots=True)
class Known:
    """An id of the ledger. `now_called` is its new name, "" when it was retired, None while it is in use."""

    key: str
    kind: str
    type: str
    now_called: str | None


def known_ids(db: Session, course_id: int) -> dict[str, Known]:
    rows = db.execute(
        select(KnownId.key, KnownId.kind, KnownId.type, KnownId.now_called).where(KnownId.course_id == course_id)
    )
    return {row.key: Known(*row) for row in rows}
