"""Telling people that they are expected at a session: when it is planned, when it changes or is called off, and the day
before."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import actions as accounts
from app.accounts import queries as people
from app.accounts.queries import Contact
from app.accounts.rules import NoticeKind
from app.catalog import queries as catalog
from app.groups import queries, rules
from app.groups.actions.locking import for_update
from app.groups.models import GroupMember, GroupSession
from app.groups.queries import GroupCard
from app.groups.rules import GroupState, News, Told
from app.kit import clock, jobs
from app.organisations import queries as places
from app.organisations.queries import OrganisationCard
from app.requirements.rules.ladder import loud

BATCH = 50  # people per job: a job holds SQLite's one writer for as long as it writes
KINDS = {
    News.PLANNED: NoticeKind.GROUP_PLANNED,
    News.CHANGED: NoticeKind.GROUP_CHANGED,
    News.CANCELLED: NoticeKind.GROUP_CANCELLED,
}


def tell_later(db: Session, row: GroupSession) -> None:
    """Ask for whatever is new to be told, outside the quiet hours of the place. What is new is looked up then."""
    country = places.country_of_place(db, row.organisation_id)
    at = loud(clock.now().astimezone(clock.LOCAL), asked=True, country=country)
    jobs.later(db, "groups.tell", at=at, session_id=row.id)


def tell_news(db: Session, data: Mapping[str, Any], *, base_url: str) -> None:
    """The job `groups.tell`: everybody expected, but for whoever leads, hears what they were not told yet, once.

    Whoever has left the organisation is not written to.
    """
    group = queries.group_by_id(db, data["session_id"])
    if group is None:
        return
    for_update(db, group)
    group = queries.group_by_id(db, group.id) or group  # as it is now that nobody changes it
    now, after = clock.now(), int(data.get("after", 0))
    rows = _roster(db, group, after=after)
    fresh: dict[int, tuple[GroupMember, News]] = {}
    for row in rows:
        told = Told(row.told_starts_at, row.told_room) if row.told_starts_at is not None else None
        new = rules.news(told, state=group.state, starts_at=group.starts_at, room=group.room, now=now)
        if new is not None:
            fresh[row.person_id] = (row, new)
    contacts, where = people.contacts(db, fresh), _Where(db, group)
    for person_id, (row, new) in fresh.items():
        was = row.told_starts_at
        row.told_at = now
        row.told_starts_at = None if new is News.CANCELLED else group.starts_at
        row.told_room = "" if new is News.CANCELLED else group.room
        if (contact := contacts.get(person_id)) is not None:
            where.tell(contact, KINDS[new], base_url, was=was if was != group.starts_at else None)
    db.flush()
    if len(rows) == BATCH:
        jobs.later(db, "groups.tell", session_id=group.id, after=rows[-1].person_id)


def _roster(db: Session, group: GroupCard, *, after: int) -> list[GroupMember]:
    said = (
        select(GroupMember)
        .where(
            GroupMember.session_id == group.id,
            GroupMember.person_id > after,
            GroupMember.person_id != (group.made_by_id or 0),
            GroupMember.joined_at.is_(None),
        )
        .order_by(GroupMember.person_id)
        .limit(BATCH)
    )
    return list(db.scalars(said.execution_options(populate_existing=True)))


def ask_for_reminders(db: Session) -> None:
    """The daily job `groups.due`: sessions of the next working day, each people some at a time, outside the quiet hours."""
    today = clock.today()
    begin = datetime.combine(today + timedelta(days=1), time(), clock.LOCAL)
    end = begin + timedelta(days=14)  # no country has so many days off at a stretch
    found = queries.groups(
        db,
        (GroupSession.state == GroupState.PLANNED) & (GroupSession.starts_at >= begin) & (GroupSession.starts_at < end),
    )
    for group in found:
        country = places.country_at(db, group.path)
        until = rules.remind_until(today, country)
        if until is None or group.starts_at.astimezone(clock.LOCAL).date() > until:
            continue
        at = loud(clock.now().astimezone(clock.LOCAL), country=country)
        jobs.later(db, "groups.remind", key=f"group:{group.id}:{today}", at=at, session_id=group.id)


def remind(db: Session, data: Mapping[str, Any], *, base_url: str) -> None:
    """The job `groups.remind`: everybody expected is reminded once of the moment it begins, but not on the day on which
    they were told of it."""
    group = queries.group_by_id(db, data["session_id"])
    now = clock.now()
    if group is None or group.state is not GroupState.PLANNED or group.starts_at <= now:
        return
    for_update(db, group)
    rows = _roster(db, group, after=int(data.get("after", 0)))
    due = [row for row in rows if row.reminded_of != group.starts_at and not _told_today(row)]
    contacts, where = people.contacts(db, [row.person_id for row in due]), _Where(db, group)
    for row in due:
        row.reminded_of = group.starts_at
        if (contact := contacts.get(row.person_id)) is not None:
            where.tell(contact, NoticeKind.GROUP_SOON, base_url)
    db.flush()
    if len(rows) == BATCH:
        jobs.later(db, "groups.remind", session_id=group.id, after=rows[-1].person_id)


def _told_today(row: GroupMember) -> bool:
    return row.told_at is not None and row.told_at.astimezone(clock.LOCAL).date() == clock.today()


class _Where:
    """The words about one session, found once for each language."""

    def __init__(self, db: Session, group: GroupCard) -> None:
        self.db, self.group = db, group
        self.place: OrganisationCard | None = places.by_id(db, group.organisation_id)
        self.titles: dict[str, str] = {}

    def tell(self, person: Contact, kind: NoticeKind, base_url: str, *, was: datetime | None = None) -> None:
        group, lang = self.group, person.lang
        if lang not in self.titles:
            self.titles[lang] = catalog.titles(self.db, [group.course_id], lang).get(group.course_id, group.slug)
        place = self.place.name_in(lang) if self.place is not None else ""
        accounts.tell(
            self.db,
            person,
            kind,
            "group",
            notice={
                "group": group.key,
                "title": self.titles[lang],
                "starts_at": group.starts_at.isoformat(),
                "where": _joined(place, group.room),
            },
            words={
                "kind": kind.value,
                "title": self.titles[lang],
                "starts_at": group.starts_at,
                "was": was,
                "place": place,
                "room": group.room,
                "leader": group.made_by,
                "url": f"{base_url.rstrip('/')}/joined/{group.key}",
                "course_url": f"{base_url.rstrip('/')}/courses/{group.slug}",
            },
        )


def _joined(*parts: str) -> str:
    return ", ".join(part for part in parts if part)
