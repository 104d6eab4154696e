"""Courses while they are being written: drafts, their files, and copies that wait for their author."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, aliased

from app.accounts.models import Person
from app.catalog.models import CourseVersion, Draft, DraftCopy, DraftFile
from app.catalog.rules import DraftState
from app.kit.blobs import Blobs
from app.organisations.models import Organisation
from app.organisations.queries import said_name


@dataclass(frozen=True, slots=True)
class DraftHead:
    """A draft as such, with whose it is. `base` is the number of the version it was begun from, "" for none."""

    id: int
    key: str
    slug: str
    course_id: int | None
    organisation_id: int
    owner_path: str
    owner_code: str
    owner_name: str
    base_version_id: int | None
    base: str
    title: str
    state: DraftState
    created_at: datetime
    created_by: str
    changed_at: datetime
    upload_key: str
    published_version_id: int | None

    @property
    def open(self) -> bool:
        return self.state is DraftState.OPEN


@dataclass(frozen=True, slots=True)
class DraftText:
    """A text of a draft, as it stands."""

    path: str
    text: str
    revision: int
    changed_at: datetime
    changed_by: str
    removed: bool


@dataclass(frozen=True, slots=True)
class DraftBlob:
    """A file of a draft by its content. `size` is bytes."""

    path: str
    blob: str
    size: int
    revision: int
    removed: bool


@dataclass(frozen=True, slots=True)
class Copy:
    """Words that were kept because their file had changed: see `models.DraftCopy`."""

    id: int
    path: str
    text: str
    kept_at: datetime
    kept_by_id: int | None
    kept_by: str


def drafts(db: Session, where: ColumnElement[bool]) -> tuple[DraftHead, ...]:
    """The newest work first."""
    rows = db.execute(
        select(
            Draft,
            Organisation.path,
            Organisation.code,
            said_name(),
            CourseVersion.major,
            CourseVersion.minor,
            Person.given_name,
            Person.family_name,
        )
        .join(Organisation, Organisation.id == Draft.organisation_id)
        .outerjoin(CourseVersion, CourseVersion.id == Draft.base_version_id)
        .outerjoin(Person, Person.id == Draft.created_by_id)
        .where(where)
        .order_by(Draft.changed_at.desc(), Draft.id.desc())
    )
    return tuple(
        DraftHead(
            id=row.id,
            key=row.key,
            slug=row.slug,
            course_id=row.course_id,
            organisation_id=row.organisation_id,
            owner_path=path,
            owner_code=code,
            owner_name=name,
            base_version_id=row.base_version_id,
            base=_label(major, minor),
            title=row.title,
            state=row.state,
            created_at=row.created_at,
            created_by=_name(given, family),
            changed_at=row.changed_at,
            upload_key=row.upload_key,
            published_version_id=row.published_version_id,
        )
        for row, path, code, name, major, minor, given, family in rows
    )


def _label(major: int | None, minor: int | None) -> str:
    return f"{major}.{minor}" if major is not None else ""


def _name(given: str | None, family: str | None) -> str:
    return f"{given} {family}" if given is not None else ""


def draft_by_key(db: Session, key: str) -> DraftHead | None:
    return next(iter(drafts(db, Draft.key == key)), None)


def draft_of_upload(db: Session, upload_key: str) -> str:
    """The key of the draft that an upload was made of; "" for none."""
    where = (Draft.upload_key == upload_key) & (Draft.state == DraftState.OPEN)
    return db.scalars(select(Draft.key).where(where)).first() or ""


def draft_texts(db: Session, draft_id: int, path: str | None = None) -> tuple[DraftText, ...]:
    """Every text of a draft by path, those that were removed too; of one `path` only where it is given."""
    where = (DraftFile.draft_id == draft_id) & DraftFile.text.is_not(None)
    if path is not None:
        where &= DraftFile.path == path
    author = aliased(Person)
    rows = db.execute(
        select(
            DraftFile.path,
            DraftFile.text,
            DraftFile.revision,
            DraftFile.changed_at,
            author.given_name,
            author.family_name,
            DraftFile.removed_at,
        )
        .outerjoin(author, author.id == DraftFile.changed_by_id)
        .where(where)
        .order_by(DraftFile.path)
    )
    return tuple(
        DraftText(path, text or "", revision, at, _name(given, family), removed is not None)
        for path, text, revision, at, given, family, removed in rows
    )


def draft_blobs(db: Session, draft_id: int) -> tuple[DraftBlob, ...]:
    """Every other file of a draft by path, those that were removed too."""
    rows = db.execute(
        select(DraftFile.path, DraftFile.blob, DraftFile.size, DraftFile.revision, DraftFile.removed_at)
        .where(DraftFile.draft_id == draft_id, DraftFile.blob.is_not(None))
        .order_by(DraftFile.path)
    )
    return tuple(
        DraftBlob(path, blob or "", size, revision, removed is not None) for path, blob, size, revision, removed in rows
    )


def draft_copies(db: Session, draft_id: int, path: str | None = None) -> tuple[Copy, ...]:
    """What waits to be settled, the newest first; of one `path` only where it is given."""
    where = (DraftCopy.draft_id == draft_id) & DraftCopy.settled_at.is_(None)
    if path is not None:
        where &= DraftCopy.path == path
    rows = db.execute(
        select(
            DraftCopy.id,
            DraftCopy.path,
            DraftCopy.text,
            DraftCopy.kept_at,
            DraftCopy.kept_by_id,
            Person.given_name,
            Person.family_name,
        )
        .outerjoin(Person, Person.id == DraftCopy.kept_by_id)
        .where(where)
        .order_by(DraftCopy.id.desc())
    )
    return tuple(
        Copy(number, path, text, at, who, _name(given, family)) for number, path, text, at, who, given, family in rows
    )


def draft_source(db: Session, blobs: Blobs, draft: DraftHead) -> dict[str, bytes]:
    """The files of a draft by path: what `format.reader.read_files` and `importer.apart.look_at_files` take."""
    files = {one.path: one.text.encode() for one in draft_texts(db, draft.id) if not one.removed}
    files |= {one.path: blobs.get(one.blob) for one in draft_blobs(db, draft.id) if not one.removed}
    return dict(sorted(files.items()))
