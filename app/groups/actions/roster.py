"""Who is expected, who is here, and who has left."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.queries import PersonCard
from app.groups import rules
from app.groups.actions import telling
from app.groups.actions.locking import for_update
from app.groups.models import GroupMember
from app.groups.queries import GroupCard
from app.groups.rules import GroupState, How
from app.kit import clock
from app.kit.actor import Actor
from app.kit.errors import Conflict
from app.kit.i18n import N_
from app.learning import actions as learning

NOT_OPEN = N_("The session is not open, so nobody can come or go.")


def _rows(db: Session, group: GroupCard, person_ids: Iterable[int]) -> dict[int, GroupMember]:
    """The lines of these people on the roster, made where there were none. The session's row is locked: nobody else
    adds any meanwhile."""
    wanted = sorted(set(person_ids))
    said = select(GroupMember).where(GroupMember.session_id == group.id, GroupMember.person_id.in_(wanted))
    found = {row.person_id: row for row in db.scalars(said.execution_options(populate_existing=True))}
    fresh = [GroupMember(session_id=group.id, person_id=one) for one in wanted if one not in found]
    on_it = db.scalar(select(func.count()).where(GroupMember.session_id == group.id)) or 0
    if on_it + len(fresh) > rules.EXPECTED_MAX:
        raise Conflict(N_("A roster holds %(limit)s people, and no more fit."), limit=rules.EXPECTED_MAX)
    db.add_all(fresh)
    db.flush()
    return found | {row.person_id: row for row in fresh}


def expect(db: Session, actor: Actor, *, group: GroupCard, people: Iterable[PersonCard]) -> int:
    """Put people on the roster as expected; who stands on it stays as they are. How many are there now whom this names."""
    row = for_update(db, group)
    if row.state not in (GroupState.PLANNED, GroupState.OPEN):
        raise Conflict(NOT_OPEN)
    rows = _rows(db, group, [one.id for one in people])
    if rows and row.state is GroupState.PLANNED:
        telling.tell_later(db, row)
    return len(rows)


def join(db: Session, actor: Actor, *, group: GroupCard) -> bool:
    """Come in with one's own device: on the roster, in the course, present from now on. Whether that was news."""
    row = for_update(db, group)
    if not rules.is_open(row.state, row.opened_at, clock.now()):
        raise Conflict(NOT_OPEN)
    learning.enrol(db, actor, person_id=actor.id, course_id=group.course_id)
    news = _here(_rows(db, group, [actor.id])[actor.id], How.DEVICE)
    db.flush()
    return news


def mark_present(db: Session, actor: Actor, *, group: GroupCard, people: Iterable[PersonCard]) -> int:
    """Note that people are here who have no device at hand. How many of them were not before."""
    if for_update(db, group).state is not GroupState.OPEN:
        raise Conflict(NOT_OPEN)
    ids = sorted({one.id for one in people})
    for person_id in ids:
        learning.enrol(db, actor, person_id=person_id, course_id=group.course_id)
    rows = _rows(db, group, ids)
    news = sum(_here(rows[person_id], How.NOTED) for person_id in ids)
    db.flush()
    return news


def _here(row: GroupMember, how: How) -> bool:
    if row.joined_at is not None and row.left_at is None:
        return False
    row.how, row.joined_at, row.left_at = row.how or how, row.joined_at or clock.now(), None
    return True


def mark_away(db: Session, actor: Actor, *, group: GroupCard, people: Iterable[PersonCard]) -> int:
    """Note that people have left. What is watched from now on is not theirs. How many of them were here."""
    if for_update(db, group).state is not GroupState.OPEN:
        raise Conflict(NOT_OPEN)
    return sum(_away(db, group, one.id) for one in sorted(people, key=lambda person: person.id))


def leave(db: Session, actor: Actor, *, group: GroupCard) -> bool:
    """Go away by oneself. Whether one was here."""
    for_update(db, group)
    return _away(db, group, actor.id)


def _away(db: Session, group: GroupCard, person_id: int) -> bool:
    row = db.get(GroupMember, (group.id, person_id), populate_existing=True)
    if row is None or row.joined_at is None or row.left_at is not None:
        return False
    row.left_at = clock.now()
    db.flush()
    return True
