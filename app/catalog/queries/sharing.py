"""Which courses may be adopted, and what was adopted from whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, aliased

from app.catalog.models import Adoption, Course, Draft, Sharing
from app.catalog.queries.versions import Version, version
from app.catalog.rules import CourseState, DraftState
from app.organisations.models import Organisation
from app.organisations.queries import said_name


@dataclass(frozen=True, slots=True)
class Adopted:
    """A course that was made from another's. `base_id` is the version that ours was last held against.

    `shared` is false once the owner no longer lets it be adopted: then nothing newer is offered.
    """

    id: int
    organisation_id: int
    slug: str
    original_id: int
    original_slug: str
    original_owner: str
    base_id: int
    licence: str
    newest_id: int | None
    shared: bool
    adopted_at: datetime

    @property
    def update(self) -> bool:
        """Whether the original has been published anew."""
        return self.shared and self.newest_id is not None and self.newest_id != self.base_id


def sharing(db: Session, course_id: int) -> str:
    """The licence under which a course may be adopted; empty where it may not."""
    return db.scalar(select(Sharing.licence).where(Sharing.course_id == course_id)) or ""


def shared_courses(db: Session) -> Mapping[int, str]:
    """Courses that may be adopted now: course id → licence."""
    rows = select(Sharing.course_id, Sharing.licence).join(Course, Course.id == Sharing.course_id)
    return {row[0]: row[1] for row in db.execute(rows.where(Course.state == CourseState.LIVE))}


def adoption(db: Session, organisation_id: int, slug: str) -> Adopted | None:
    where = (Adoption.organisation_id == organisation_id) & (Adoption.slug == slug)
    return next(iter(_adoptions(db, where)), None)


def adoptions(db: Session, organisation_ids: frozenset[int]) -> dict[str, Adopted]:
    """What organisations have adopted, by the id of their own course."""
    return {one.slug: one for one in _adoptions(db, Adoption.organisation_id.in_(sorted(organisation_ids)))}


def _adoptions(db: Session, where: ColumnElement[bool]) -> list[Adopted]:
    original, owner = aliased(Course), aliased(Organisation)
    rows = db.execute(
        select(
            Adoption,
            original.slug,
            original.state,
            original.current_version_id,
            said_name(of=owner),
            Sharing.licence,
            Draft.state.label("draft_state"),
        )
        .join(original, original.id == Adoption.original_id)
        .join(owner, owner.id == original.organisation_id)
        .outerjoin(Sharing, Sharing.course_id == original.id)
        .outerjoin(Draft, Draft.id == Adoption.draft_id)
        .where(where)
        .order_by(Adoption.slug, Adoption.id)
    )
    return [
        Adopted(
            id=row.id,
            organisation_id=row.organisation_id,
            slug=row.slug,
            original_id=row.original_id,
            original_slug=slug,
            original_owner=owner_name,
            # What was brought into a draft that was given up has not been brought in.
            base_id=row.taken_version_id
            if row.taken_version_id and draft is not DraftState.DISCARDED
            else row.base_version_id,
            licence=row.licence,
            newest_id=newest,
            shared=bool(licence) and state is CourseState.LIVE,
            adopted_at=row.adopted_at,
        )
        for row, slug, state, newest, owner_name, licence, draft in rows
    ]


def original_versions(db: Session, adopted: Adopted) -> tuple[Version | None, Version | None]:
    """The version ours was last held against, and the one that the original offers now."""
    newest = version(db, adopted.newest_id) if adopted.newest_id is not None and adopted.shared else None
    return version(db, adopted.base_id), newest
