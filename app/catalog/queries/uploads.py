"""Courses that were uploaded, with what was found in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.catalog.models import Upload
from app.organisations.models import Organisation


@dataclass(frozen=True, slots=True)
class UploadCard:
    """An upload with what was found in it; `version_id` says that it has been published."""

    key: str
    person_id: int
    person_name: str
    organisation_id: int
    owner_path: str
    filename: str
    blob: str
    slug: str
    summary: Mapping[str, Any]
    problems: tuple[Mapping[str, Any], ...]
    created_at: datetime
    version_id: int | None

    @property
    def errors(self) -> int:
        return self._count("E")

    @property
    def warnings(self) -> int:
        return self._count("W")

    def _count(self, severity: str) -> int:
        return sum(problem["severity"] == severity for problem in self.problems)


def uploads(db: Session, where: ColumnElement[bool]) -> tuple[UploadCard, ...]:
    rows = db.execute(
        select(
            Upload.key,
            Upload.person_id,
            Person.given_name,
            Person.family_name,
            Upload.organisation_id,
            Organisation.path,
            Upload.filename,
            Upload.blob,
            Upload.slug,
            Upload.summary,
            Upload.problems,
            Upload.created_at,
            Upload.published_version_id,
        )
        .join(Person, Person.id == Upload.person_id)
        .join(Organisation, Organisation.id == Upload.organisation_id)
        .where(where)
        .order_by(Upload.created_at.desc(), Upload.id.desc())
    )
    return tuple(
        UploadCard(
            key,
            person_id,
            f"{given} {family}",
            organisation_id,
            path,
            filename,
            blob,
            slug,
            summary,
            tuple(found),
            at,
            done,
        )
        for key, person_id, given, family, organisation_id, path, filename, blob, slug, summary, found, at, done in rows
    )
