"""Finding the people whom an audience means, and what their dates are counted from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, literal, not_, null, or_, select, union_all
from sqlalchemy.orm import Session

from app.accounts.models import Person, Post
from app.accounts.rules import PersonState
from app.kit.database import folded
from app.organisations.models import Organisation
from app.organisations.queries import country_here, said_name
from app.organisations.rules import COUNTRIES
from app.requirements.models import Exemption, LeaveRow, PersonTag
from app.requirements.rules.audience import Audience, By, Condition, Facts, words_of
from app.requirements.rules.dates import Leave


def meant(audience: Audience) -> ColumnElement[bool]:
    """The other face of `rules.reaches`, over people and their organisation."""
    groups = [and_(*(_fits(one) for one in group)) for group in audience.groups if group]
    if not groups:
        return false()
    found = or_(*groups)
    return and_(found, *(not_(_fits(one)) for one in audience.exceptions))


def _fits(condition: Condition) -> ColumnElement[bool]:
    value = condition.value
    match condition.by:
        case By.PLACE:
            return Organisation.path.contains(f"/{value}/", autoescape=True)
        case By.TITLE:
            words = words_of(value)
            return (
                and_(*(folded(Person.job_title).contains(word, autoescape=True) for word in words))
                if words
                else false()
            )
        case By.TAG:
            return exists().where(PersonTag.person_id == Person.id, PersonTag.tag == value)
        case By.PERSON:
            return Person.id == int(value) if value.isdigit() else false()


@dataclass(frozen=True, slots=True)
class Member:
    """One person whom a rule means: where they are, what their dates are counted from, whether they are away."""

    person_id: int
    key: str
    name: str
    organisation_id: int
    organisation_name: str
    path: str
    title: str
    has_email: bool
    hired_on: date | None
    post_on: date | None
    country: str = COUNTRIES[0]


def members(
    db: Session, where: ColumnElement[bool], *, lang: str = "lt", limit: int | None = None
) -> tuple[Member, ...]:
    """The people that a condition over people and organisations lets through, in the order of places and names."""
    name = said_name(lang)
    first = select(func.min(Post.started_on)).where(Post.person_id == Person.id).correlate(Person).scalar_subquery()
    present = (
        select(func.max(Post.started_on))
        .where(Post.person_id == Person.id, Post.ended_on.is_(None))
        .correlate(Person)
        .scalar_subquery()
    )
    said = (
        select(
            Person.id,
            Person.key,
            Person.given_name + " " + Person.family_name,
            Organisation.id,
            name,
            Organisation.path,
            Person.job_title,
            Person.email.is_not(None),
            first,
            present,
            country_here(),
        )
        .join(Organisation, Organisation.id == Person.organisation_id)
        .where(where, Person.state != PersonState.DISABLED)
        .order_by(Organisation.sort_key, Organisation.id, Person.sort_key, Person.id)
    )
    if limit is not None:
        said = said.limit(limit)
    return tuple(Member(*row) for row in db.execute(said))


def members_by_id(db: Session, person_ids: Iterable[int]) -> tuple[Member, ...]:
    return members(db, Person.id.in_(sorted(set(person_ids))))


def country_of(db: Session, person_id: int) -> str:
    """Whose holidays count for one person: those of the place they work at."""
    said = (
        select(country_here())
        .select_from(Organisation)
        .join(Person, Person.organisation_id == Organisation.id)
        .where(Person.id == person_id)
    )
    return db.scalar(said) or COUNTRIES[0]


def countries_of(db: Session, person_ids: Iterable[int]) -> dict[int, str]:
    """The same for many people; who has no post is left out."""
    said = (
        select(Person.id, country_here())
        .select_from(Person)
        .join(Organisation, Organisation.id == Person.organisation_id)
    )
    ids = sorted(set(person_ids))
    found: dict[int, str] = {}
    for start in range(0, len(ids), ABSENT_AT_ONCE):
        found |= {row[0]: row[1] for row in db.execute(said.where(Person.id.in_(ids[start : start + ABSENT_AT_ONCE])))}
    return found


def facts_of(db: Session, person_id: int) -> Facts | None:
    """What rules ask about one person; None for somebody without a post, or disabled."""
    found = next(iter(members_by_id(db, [person_id])), None)
    if found is None:
        return None
    return Facts(found.person_id, found.path, found.title, tags_of(db, person_id))


def tags_of(db: Session, person_id: int) -> frozenset[str]:
    return frozenset(db.scalars(select(PersonTag.tag).where(PersonTag.person_id == person_id)))


def tags_at(db: Session, path: str) -> tuple[str, ...]:
    """Every tag that somebody at or below a place has."""
    said = (
        select(PersonTag.tag)
        .join(Person, Person.id == PersonTag.person_id)
        .join(Organisation, Organisation.id == Person.organisation_id)
        .where(Organisation.path.startswith(path, autoescape=True))
        .distinct()
        .order_by(PersonTag.tag)
    )
    return tuple(db.scalars(said))


@dataclass(frozen=True, slots=True)
class ExemptionCard:
    """One exemption; `subject` empty: from everything."""

    id: int
    person_id: int
    subject: str
    since: date
    until: date | None
    reason: str

    def covers(self, subject: str, day: date) -> bool:
        return self.subject in ("", subject) and self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class Absences:
    """Who is excused from what, and who is away, of some people."""

    exemptions: dict[int, tuple[ExemptionCard, ...]]
    leaves: dict[int, tuple[Leave, ...]]
    tags: dict[int, tuple[str, ...]] = field(default_factory=dict)


ABSENT_AT_ONCE = 5000  # databases limit how many values a question may hold


def absences_of(db: Session, person_ids: Iterable[int]) -> Absences:
    """Exemptions and leave in force, and the tags, in one question for some thousands of people."""
    everybody = sorted(set(person_ids))
    rows: list[Any] = []
    for start in range(0, len(everybody), ABSENT_AT_ONCE):
        rows += db.execute(_absent(everybody[start : start + ABSENT_AT_ONCE])).all()
    exemptions: dict[int, tuple[ExemptionCard, ...]] = {}
    leaves: dict[int, tuple[Leave, ...]] = {}
    tags: dict[int, tuple[str, ...]] = {}
    ordered = sorted(rows, key=lambda row: (row[4] or date.min, row[1], row[3]))
    for kind, one, person_id, subject, since, until, reason in ordered:
        if kind == 3:
            tags[person_id] = (*tags.get(person_id, ()), subject)
        elif kind == 1:
            card = ExemptionCard(one, person_id, subject, since, until, reason)
            exemptions[person_id] = (*exemptions.get(person_id, ()), card)
        else:
            leaves[person_id] = (*leaves.get(person_id, ()), Leave(since, until))
    return Absences(exemptions, leaves, tags)


def _absent(ids: Sequence[int]) -> Any:
    nothing = literal("")
    excused = select(
        literal(1),
        Exemption.id,
        Exemption.person_id,
        Exemption.subject,
        Exemption.since,
        Exemption.until,
        Exemption.reason,
    ).where(Exemption.person_id.in_(ids), Exemption.ended_at.is_(None))
    away = select(literal(2), LeaveRow.id, LeaveRow.person_id, nothing, LeaveRow.since, LeaveRow.until, nothing).where(
        LeaveRow.person_id.in_(ids), LeaveRow.ended_at.is_(None)
    )
    tagged = select(literal(3), literal(0), PersonTag.person_id, PersonTag.tag, null(), null(), nothing).where(
        PersonTag.person_id.in_(ids)
    )
    return union_all(excused, away, tagged)


def leaves_of(db: Session, person_ids: Iterable[int]) -> dict[int, tuple[Leave, ...]]:
    return absences_of(db, person_ids).leaves


def exemptions_of(db: Session, person_ids: Iterable[int]) -> dict[int, tuple[ExemptionCard, ...]]:
    return absences_of(db, person_ids).exemptions


def not_among(person_ids: Select[Any]) -> ColumnElement[bool]:
    """People other than those that a question answers."""
    return Person.id.not_in(person_ids)
