"""Where courses and their pages stand for those who teach them: published, waiting, or made and not published."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalog.models import Course, CourseVersion, Draft, Publication, Upload
from app.catalog.queries.publications import PublicationCard, waiting_publications
from app.catalog.rules import DraftState, Stage, page_stage, stage


@dataclass(frozen=True, slots=True)
class Standing:
    """Of one course. `made` is the newest upload that has not been published, by its key, and what is on its pages
    (id → address of its words); `waiting` the publication that is scheduled."""

    stage: Stage
    made: str
    texts: Mapping[str, str]
    waiting: PublicationCard | None

    def of_page(self, page: str, published: str | None, *, staff: bool) -> Stage:
        scheduled = self.waiting is not None and self.waiting.upload_key == self.made
        return page_stage(published, self.texts.get(page), staff=staff, scheduled=scheduled)


def stages(db: Session, slugs: Collection[str]) -> dict[str, Standing]:
    """Of courses that are published. A draft counts as changed once something has been written in it."""
    wanted = sorted(set(slugs))
    states = {
        row.slug: row
        for row in db.execute(
            select(Course.slug, Course.state, CourseVersion.published_at)
            .outerjoin(CourseVersion, CourseVersion.id == Course.current_version_id)
            .where(Course.slug.in_(wanted))
        )
    }
    uploads: dict[str, Any] = {}
    rows = select(Upload.slug, Upload.key, Upload.created_at, Upload.summary).where(
        Upload.slug.in_(wanted), Upload.published_version_id.is_(None)
    )
    for row in db.execute(rows.order_by(Upload.created_at, Upload.id)):
        there = states.get(row.slug)
        if there is not None and there.published_at is not None and row.created_at >= there.published_at:
            uploads[row.slug] = row
    drafts = set(
        db.scalars(
            select(Draft.slug).where(
                Draft.slug.in_(wanted), Draft.state == DraftState.OPEN, Draft.changed_at > Draft.created_at
            )
        )
    )
    waiting = {one.slug: one for one in waiting_publications(db, Publication.slug.in_(wanted))}
    found = {}
    for slug in wanted:
        state = states[slug].state if slug in states else None
        upload = uploads.get(slug)
        found[slug] = Standing(
            stage=stage(state, scheduled=slug in waiting, changed=upload is not None or slug in drafts),
            made=upload.key if upload else "",
            texts=upload.summary.get("texts", {}) if upload else {},
            waiting=waiting.get(slug),
        )
    return found
