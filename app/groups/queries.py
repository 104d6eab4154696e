"""SELECTs about group sessions, as frozen values."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, aliased

from app.accounts import queries as people
from app.accounts.models import Person
from app.accounts.queries import PersonCard
from app.assessment.queries import asked_from
from app.assessment.rules import Asked
from app.catalog import queries as catalog
from app.catalog.models import Course
from app.catalog.queries import Version
from app.catalog.rules import Outline, OutlinePage
from app.groups.models import AnswerSheet, GroupMember, GroupSession, GroupStep
from app.groups.rules import GroupState, How, Left, left_of
from app.kit import i18n
from app.learning import queries as learners
from app.learning.models import Enrolment
from app.learning.rules import RunState
from app.organisations.models import Organisation
from app.organisations.queries import below, said_name

Owner = aliased(Organisation)
_Maker = aliased(Person)


@dataclass(frozen=True, slots=True)
class GroupCard:
    """A session as such. `path` is where in the tree it is held, `owner_path` where its course belongs.

    `expected` counts everybody on the roster, `came` those who were there at some time.
    """

    id: int
    key: str
    course_id: int
    slug: str
    owner_path: str
    major: int
    page: str
    organisation_id: int
    path: str
    place_code: str
    place_name: str
    room: str
    starts_at: datetime
    state: GroupState
    made_by_id: int | None
    made_by: str
    opened_at: datetime | None
    ended_at: datetime | None
    code: str
    pin: str
    at_page: str
    expected: int
    came: int


def _count(*where: ColumnElement[bool]) -> ColumnElement[int]:
    return select(func.count()).where(GroupMember.session_id == GroupSession.id, *where).scalar_subquery()


def groups(db: Session, where: ColumnElement[bool], *, limit: int | None = None) -> tuple[GroupCard, ...]:
    """Sessions that `where` lets through, over the session, its place, its course and the course's owner (`Owner`); the
    latest first."""
    rows = (
        select(
            GroupSession.id,
            GroupSession.key,
            GroupSession.course_id,
            Course.slug,
            Owner.path,
            GroupSession.major,
            GroupSession.page,
            GroupSession.organisation_id,
            Organisation.path,
            Organisation.code,
            said_name(i18n.language()),
            GroupSession.room,
            GroupSession.starts_at,
            GroupSession.state,
            GroupSession.made_by_id,
            func.coalesce(_Maker.given_name + " " + _Maker.family_name, ""),
            GroupSession.opened_at,
            GroupSession.ended_at,
            GroupSession.code,
            GroupSession.pin,
            GroupSession.at_page,
            _count(),
            _count(GroupMember.joined_at.is_not(None)),
        )
        .join(Organisation, Organisation.id == GroupSession.organisation_id)
        .join(Course, Course.id == GroupSession.course_id)
        .join(Owner, Owner.id == Course.organisation_id)
        .outerjoin(_Maker, _Maker.id == GroupSession.made_by_id)
        .where(where)
        .order_by(GroupSession.starts_at.desc(), GroupSession.id.desc())
        .limit(limit)
    )
    found: list[Any] = list(db.execute(rows))
    return tuple(GroupCard(*row) for row in found)


def group_by_key(db: Session, key: str) -> GroupCard | None:
    return next(iter(groups(db, GroupSession.key == key)), None)


def group_by_id(db: Session, group_id: int) -> GroupCard | None:
    return next(iter(groups(db, GroupSession.id == group_id)), None)


def group_by_code(db: Session, code: str) -> GroupCard | None:
    return next(iter(groups(db, GroupSession.code == code)), None) if code else None


def group_by_pin(db: Session, pin: str) -> GroupCard | None:
    return next(iter(groups(db, GroupSession.pin == pin)), None) if pin else None


def version_of(db: Session, group: GroupCard) -> Version:
    """What is shown: the highest minor version of the major one the session was planned with."""
    found = catalog.effective_version(db, group.course_id, group.major)
    assert found is not None
    return found


def outline_of(db: Session, version: Version) -> Outline:
    return catalog.content_of(db, version.id, version.slug, version.digest).outline


def pages_of(outline: Outline, group: GroupCard) -> tuple[OutlinePage, ...]:
    """What is walked through, in order: the whole course, or the one page the session is about."""
    only = outline.was.get(group.page, group.page)
    return tuple(page for page in outline.pages if not only or page.id == only)


@dataclass(frozen=True, slots=True)
class MemberCard:
    """Somebody on the roster."""

    person_id: int
    key: str
    given_name: str
    family_name: str
    job_title: str
    place: str
    lang: str
    by_mail: bool
    how: How | None
    joined_at: datetime | None
    left_at: datetime | None

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}"

    @property
    def listed_name(self) -> str:
        return f"{self.family_name}, {self.given_name}"

    @property
    def came(self) -> bool:
        return self.joined_at is not None

    @property
    def present(self) -> bool:
        return self.joined_at is not None and self.left_at is None


def members(db: Session, group_id: int) -> tuple[MemberCard, ...]:
    """The roster, by family name."""
    rows = (
        select(
            Person.id,
            Person.key,
            Person.given_name,
            Person.family_name,
            Person.job_title,
            func.coalesce(said_name(i18n.language()), ""),
            Person.lang,
            Person.email.is_not(None),
            GroupMember.how,
            GroupMember.joined_at,
            GroupMember.left_at,
        )
        .join(Person, Person.id == GroupMember.person_id)
        .outerjoin(Organisation, Organisation.id == Person.organisation_id)
        .where(GroupMember.session_id == group_id)
        .order_by(Person.sort_key, Person.id)
    )
    return tuple(MemberCard(*row) for row in db.execute(rows))


def on_roster(db: Session, group_id: int, person_id: int) -> bool:
    return db.get(GroupMember, (group_id, person_id)) is not None


def in_course(db: Session, course_id: int, person_id: int) -> bool:
    """Whether somebody has a run of the course that was not left."""
    mine = (Enrolment.course_id == course_id, Enrolment.person_id == person_id, Enrolment.state != RunState.LEFT)
    return db.scalar(select(Enrolment.id).where(*mine).limit(1)) is not None


def may_be_expected(db: Session, path: str, *, but: Iterable[int] = (), limit: int) -> tuple[PersonCard, ...]:
    """The people of a place and below it who are not on the roster yet, by family name."""
    here = below(path) & people.not_disabled()
    away = sorted(set(but))
    found, _total = people.people_page(
        db, here & Person.id.not_in(away) if away else here, people.PersonFilter(), size=limit
    )
    return found


def steps(db: Session, group_id: int) -> dict[str, tuple[datetime, int]]:
    """Page → when it was watched, and how many were there."""
    rows = select(GroupStep.page, GroupStep.watched_at, GroupStep.present).where(GroupStep.session_id == group_id)
    return {row[0]: (row[1], row[2]) for row in db.execute(rows)}


@dataclass(frozen=True, slots=True)
class RunLine:
    """Where somebody's latest run of the session's course stands."""

    person_id: int
    enrolment_id: int
    major: int
    state: RunState
    completed: bool


def runs_in(db: Session, course_id: int, person_ids: Iterable[int]) -> dict[int, RunLine]:
    """The latest run of each of these people."""
    rows = db.execute(
        select(Enrolment.person_id, Enrolment.id, Enrolment.major, Enrolment.state, Enrolment.completed_at.is_not(None))
        .where(Enrolment.course_id == course_id, Enrolment.person_id.in_(sorted(set(person_ids))))
        .order_by(Enrolment.period)
    )
    return {row[0]: RunLine(*row) for row in rows}


@dataclass(frozen=True, slots=True)
class Far:
    """How far somebody is: completed or not, what is left, and the outline of the version they follow."""

    completed: bool
    left: Left
    outline: Outline


def how_far(db: Session, group: GroupCard, outline: Outline, person_ids: Iterable[int]) -> dict[int, Far]:
    """How far each of these people is in the session's course; who is not in it is missing.

    Somebody who began with another version of the course goes on with that one.
    """
    runs = {who: run for who, run in runs_in(db, group.course_id, person_ids).items() if run.state is not RunState.LEFT}
    standings = learners.standings_of(db, [one.enrolment_id for one in runs.values()])
    found = {}
    for who, run in runs.items():
        own = outline
        if run.major != group.major and (theirs := learners.run_for(db, who, group.slug)) is not None:
            own = theirs.outline
        reached = learners.renamed(standings.get(run.enrolment_id, {}), own.was)
        found[who] = Far(run.completed, left_of(own, reached), own)
    return found


@dataclass(frozen=True, slots=True)
class SheetCard:
    """A printed sheet. `entered_by` is empty until it was entered."""

    id: int
    session_id: int
    person_id: int
    person_name: str
    quiz: str
    code: str
    version_id: int
    lang: str
    asked: tuple[Asked, ...]
    printed_at: datetime
    entered_at: datetime | None
    entered_by: str


def sheets(db: Session, group_id: int, *where: ColumnElement[bool]) -> tuple[SheetCard, ...]:
    """The sheets of a session, by whose they are; each person's newest last."""
    rows = db.execute(
        select(AnswerSheet, Person.given_name + " " + Person.family_name, _Maker.given_name + " " + _Maker.family_name)
        .join(Person, Person.id == AnswerSheet.person_id)
        .outerjoin(_Maker, _Maker.id == AnswerSheet.entered_by_id)
        .where(AnswerSheet.session_id == group_id, *where)
        .order_by(Person.sort_key, Person.id, AnswerSheet.quiz, AnswerSheet.number)
        .execution_options(populate_existing=True)
    )
    return tuple(
        SheetCard(
            row.id,
            row.session_id,
            row.person_id,
            name,
            row.quiz,
            row.code,
            row.version_id,
            row.lang,
            asked_from(row.questions),
            row.printed_at,
            row.entered_at,
            entered_by or "",
        )
        for row, name, entered_by in rows
    )


def sheet_by_code(db: Session, group_id: int, code: str) -> SheetCard | None:
    return next(iter(sheets(db, group_id, AnswerSheet.code == code)), None)


def sheets_at(db: Session, group_id: int, quiz: str) -> tuple[SheetCard, ...]:
    return sheets(db, group_id, AnswerSheet.quiz == quiz)


@dataclass(frozen=True, slots=True)
class Attended:
    """A session as somebody's own data tells it."""

    slug: str
    place: str
    starts_at: datetime
    joined_at: datetime | None
    left_at: datetime | None


def attended(db: Session, person_id: int) -> tuple[Attended, ...]:
    """Every roster somebody stands on, the first session first."""
    rows = (
        select(
            Course.slug, said_name(i18n.language()), GroupSession.starts_at, GroupMember.joined_at, GroupMember.left_at
        )
        .join(GroupSession, GroupSession.id == GroupMember.session_id)
        .join(Course, Course.id == GroupSession.course_id)
        .join(Organisation, Organisation.id == GroupSession.organisation_id)
        .where(GroupMember.person_id == person_id)
        .order_by(GroupSession.starts_at, GroupSession.id)
    )
    return tuple(Attended(*row) for row in db.execute(rows))


def ahead_of(db: Session, person_id: int, since: datetime) -> tuple[GroupCard, ...]:
    """The open sessions, and those planned to begin after `since`, on whose roster somebody stands; the next first."""
    mine = select(GroupMember.session_id).where(GroupMember.person_id == person_id)
    planned = (GroupSession.state == GroupState.PLANNED) & (GroupSession.starts_at > since)
    found = groups(db, GroupSession.id.in_(mine) & ((GroupSession.state == GroupState.OPEN) | planned))
    return tuple(reversed(found))


def open_for(db: Session, person_id: int) -> tuple[GroupCard, ...]:
    """The open sessions in which somebody is present now."""
    here = select(GroupMember.session_id).where(
        GroupMember.person_id == person_id, GroupMember.joined_at.is_not(None), GroupMember.left_at.is_(None)
    )
    return groups(db, (GroupSession.state == GroupState.OPEN) & GroupSession.id.in_(here))
