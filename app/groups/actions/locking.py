"""The lock that everything which changes a session holds first."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.groups.models import GroupSession
from app.groups.queries import GroupCard


def for_update(db: Session, group: GroupCard) -> GroupSession:
    """The locked row: whoever joins, leaves or goes on does so before or after the end, never in the middle."""
    return db.scalars(
        select(GroupSession)
        .where(GroupSession.id == group.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
