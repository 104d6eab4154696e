"""Watching together: what the screen shows, and that everybody present has seen it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.groups import queries, rules
from app.groups.actions.locking import for_update
from app.groups.models import GroupMember, GroupStep
from app.groups.queries import GroupCard
from app.kit import clock
from app.kit.actor import Actor
from app.kit.errors import Conflict, NotFound
from app.kit.i18n import N_
from app.learning import actions as learning
from app.learning import queries as learners
from app.learning.rules import RunState

NOT_OPEN = N_("Open the session first: what is watched before is nobody's evidence.")


@dataclass(frozen=True, slots=True)
class Watched:
    """How many were present, and for how many of them the page counts now or did before."""

    present: int
    counted: int


def show(db: Session, actor: Actor, *, group: GroupCard, page: str) -> None:
    """Say which page the screen shows, so that phones can follow."""
    row = for_update(db, group)
    if rules.is_open(row.state, row.opened_at, clock.now()):
        row.at_page = page
        db.flush()


def watch(db: Session, actor: Actor, *, group: GroupCard, page: str) -> Watched:
    """A page has been watched to its end: it is finished for everybody present, each with a piece of evidence that names
    the session and who led it. A second time adds only those who have come since.

    Somebody who reads another version of the course, or has not finished a page that this one follows, gets nothing:
    alone they could not have come here either.
    """
    row = for_update(db, group)
    now = clock.now()
    if not rules.is_open(row.state, row.opened_at, now):
        raise Conflict(NOT_OPEN)
    outline = queries.outline_of(db, queries.version_of(db, group))
    if not any(one.id == page for one in queries.pages_of(outline, group)):
        raise NotFound(N_("There is no such page."))
    here = db.scalars(
        select(GroupMember.person_id)
        .where(GroupMember.session_id == row.id, GroupMember.joined_at.is_not(None), GroupMember.left_at.is_(None))
        .order_by(GroupMember.person_id)
    ).all()
    counted = sum(_finished(db, actor, group, person_id, page) for person_id in here)
    step = db.get(GroupStep, (row.id, page))
    if step is None:
        db.add(GroupStep(session_id=row.id, page=page, watched_at=now, present=len(here)))
    else:
        step.watched_at, step.present = now, len(here)
    db.flush()
    return Watched(len(here), counted)


def _finished(db: Session, actor: Actor, group: GroupCard, person_id: int, page: str) -> bool:
    run = learners.run_for(db, person_id, group.slug)
    if run is None or run.enrolment_id is None or run.state is RunState.LEFT:
        return False
    own = run.outline.page(run.outline.was.get(page, page))
    if own is None:
        return False
    standings = learners.standings(db, run.enrolment_id, run.outline.was)
    for needed in own.requires:
        if needed not in standings or standings[needed].finished_at is None:
            return False
    learning.finish_page(db, actor, run, own.id, group=group.key)
    return True
