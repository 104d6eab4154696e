"""The life of a group session: planned, opened, ended or called off."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from datetime import UTC, datetime

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.accounts.queries import PersonCard
from app.catalog import queries as catalog
from app.catalog.queries import CourseHead
from app.groups import rules
from app.groups.actions import telling
from app.groups.actions.locking import for_update
from app.groups.actions.roster import expect
from app.groups.models import GroupMember, GroupSession
from app.groups.queries import GroupCard, group_by_key
from app.groups.rules import GroupState
from app.kit import audit, clock
from app.kit.actor import Actor
from app.kit.errors import Conflict, Invalid
from app.kit.i18n import N_
from app.organisations.queries import OrganisationCard

_TRIES = 20


def plan(
    db: Session,
    actor: Actor,
    *,
    course: CourseHead,
    place: OrganisationCard,
    starts_at: datetime,
    room: str = "",
    page: str = "",
    expected: Iterable[PersonCard] = (),
    key: str = "",
) -> GroupCard:
    """Write down a session, pinned to the version of the course that new learners get now."""
    assert course.version_id is not None
    version = catalog.version(db, course.version_id)
    assert version is not None
    if page:
        outline = catalog.content_of(db, version.id, version.slug, version.digest).outline
        if outline.page(page) is None:
            raise Invalid(page=N_("Choose one of the pages of this course."))
    row = GroupSession(
        key=key or secrets.token_urlsafe(12),
        course_id=course.id,
        major=version.major,
        page=page,
        organisation_id=place.id,
        room=room,
        starts_at=starts_at,
        state=GroupState.PLANNED,
        made_by_id=actor.id or None,
        made_at=clock.now(),
    )
    db.add(row)
    db.flush()
    audit.say(db, actor, "group.planned", subject=row.key, organisation_id=place.id, course=course.slug)
    card = group_by_key(db, row.key)
    assert card is not None
    expect(db, actor, group=card, people=expected)
    return card


def change(db: Session, actor: Actor, *, group: GroupCard, starts_at: datetime, room: str) -> bool:
    """Move a session that has not begun to another time or room; those who know of it are told. Whether it differs."""
    row = for_update(db, group)
    if row.state is not GroupState.PLANNED:
        raise Conflict(N_("Only a session that has not begun can be moved."))
    if (row.starts_at, row.room) == (starts_at, room):
        return False
    was = {"starts_at": row.starts_at.isoformat(), "room": row.room}
    row.starts_at, row.room = starts_at.astimezone(UTC), room
    now = {"starts_at": row.starts_at.isoformat(), "room": room}
    db.flush()
    audit.say(
        db, actor, "group.changed", subject=row.key, organisation_id=row.organisation_id, was=was, now=now
    )  # fmt: skip
    telling.tell_later(db, row)
    return True


def open_session(db: Session, actor: Actor, *, group: GroupCard, code: Callable[[], str] | None = None) -> None:
    """Let people in. A second time changes nothing."""
    row = for_update(db, group)
    if row.state is GroupState.OPEN:
        return
    _go(row, GroupState.OPEN)
    row.opened_at = clock.now()
    _new_codes(db, row, code)
    audit.say(db, actor, "group.opened", subject=row.key, organisation_id=row.organisation_id)


def renew_codes(db: Session, actor: Actor, *, group: GroupCard) -> None:
    """Another code and PIN, because somebody took the old ones along. Who is in stays in."""
    row = for_update(db, group)
    if row.state is not GroupState.OPEN:
        raise Conflict(N_("Codes are given while the session is open."))
    _new_codes(db, row, None)


def _new_codes(db: Session, row: GroupSession, code: Callable[[], str] | None) -> None:
    row.code = code() if code else secrets.token_urlsafe(12)
    for _try in range(_TRIES):
        pin = f"{secrets.randbelow(10**rules.PIN_DIGITS):0{rules.PIN_DIGITS}d}"
        try:
            with db.begin_nested():
                db.execute(
                    update(GroupSession)
                    .where(GroupSession.id == row.id)
                    .values(pin=pin)
                    .execution_options(synchronize_session=False)
                )
        except IntegrityError:  # another open session has it
            continue
        db.refresh(row, ["pin"])
        db.flush()
        return
    raise Conflict(N_("Too many sessions are open at this moment. Try again."))


def end(db: Session, actor: Actor, *, group: GroupCard) -> None:
    """Close the session: codes stop working, whoever is present leaves. A second time changes nothing."""
    row = for_update(db, group)
    if row.state is GroupState.ENDED:
        return
    _go(row, GroupState.ENDED)
    now = clock.now()
    row.ended_at, row.code, row.pin, row.at_page = now, "", "", ""
    db.execute(
        update(GroupMember)
        .where(GroupMember.session_id == row.id, GroupMember.joined_at.is_not(None), GroupMember.left_at.is_(None))
        .values(left_at=now)
        .execution_options(synchronize_session=False)
    )
    db.flush()
    audit.say(db, actor, "group.ended", subject=row.key, organisation_id=row.organisation_id)


def cancel(db: Session, actor: Actor, *, group: GroupCard) -> None:
    """Call off a session that has not begun. A second time changes nothing."""
    row = for_update(db, group)
    if row.state is GroupState.CANCELLED:
        return
    _go(row, GroupState.CANCELLED)
    db.flush()
    telling.tell_later(db, row)
    audit.say(db, actor, "group.cancelled", subject=row.key, organisation_id=row.organisation_id)


def _go(row: GroupSession, new: GroupState) -> None:
    if not rules.may_follow(row.state, new):
        match row.state:
            case GroupState.PLANNED:
                raise Conflict(N_("This session has not begun yet."))
            case GroupState.CANCELLED:
                raise Conflict(N_("This session was called off."))
            case _:
                raise Conflict(N_("This session is over, or going on already."))
    row.state = new
