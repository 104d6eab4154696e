"""Reading people: one card, a page of a list, and the posts behind them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, select, true
from sqlalchemy.orm import Session

from app.accounts.models import Person, PersonWord, Post
from app.accounts.rules import PersonState, words_sought
from app.organisations.models import Organisation
from app.organisations.queries import said_name


@dataclass(frozen=True, slots=True)
class PersonCard:
    """One person as an administrator knows them, with the place of the primary post."""

    id: int
    key: str
    given_name: str
    family_name: str
    email: str | None
    staff_number: str | None
    lang: str
    job_title: str
    state: PersonState
    created_at: datetime
    seen_at: datetime | None
    organisation_id: int | None
    organisation_path: str
    organisation_code: str
    organisation_name: str
    has_password: bool

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}"

    @property
    def listed_name(self) -> str:
        """Family name first, as in lists."""
        return f"{self.family_name}, {self.given_name}"


@dataclass(frozen=True, slots=True)
class Contact:
    """Where a person is written to, and in which language."""

    id: int
    given_name: str
    family_name: str
    email: str | None
    lang: str
    state: PersonState


@dataclass(frozen=True, slots=True)
class PostCard:
    organisation_code: str
    organisation_name: str
    title: str
    started_on: date
    ended_on: date | None


@dataclass(frozen=True, slots=True)
class PersonFilter:
    """What a list of people is narrowed to; `path` is a place in the tree."""

    search: str = ""
    path: str = ""
    state: PersonState | None = None


_COLUMNS: tuple[ColumnElement[Any], ...] = (
    Person.id,
    Person.key,
    Person.given_name,
    Person.family_name,
    Person.email,
    Person.staff_number,
    Person.lang,
    Person.job_title,
    Person.state,
    Person.created_at,
    Person.seen_at,
    Person.organisation_id,
    func.coalesce(Organisation.path, ""),
    func.coalesce(Organisation.code, ""),
    func.coalesce(said_name(), ""),
    Person.password.is_not(None),
)  # type: ignore[assignment]

MOST = 10_000  # people that a list counts and turns the pages of


def _cards(where: ColumnElement[bool]) -> Select[Any]:
    joined = select(*_COLUMNS).outerjoin(Organisation, Organisation.id == Person.organisation_id)
    return joined.where(where)


def person_by_key(db: Session, key: str) -> PersonCard | None:
    row = db.execute(_cards(Person.key == key)).first()
    return PersonCard(*row) if row else None


def person_by_id(db: Session, person_id: int) -> PersonCard | None:
    row = db.execute(_cards(Person.id == person_id)).first()
    return PersonCard(*row) if row else None


def person_cards(db: Session, where: ColumnElement[bool]) -> tuple[PersonCard, ...]:
    """People as a condition over people and their organisation lets them through, by family name."""
    query = _cards(where).order_by(Person.sort_key, Person.id)
    return tuple(PersonCard(*row) for row in db.execute(query))


def people_by_number(db: Session, numbers: Sequence[str]) -> tuple[tuple[int, PersonCard], ...]:
    """Everybody with one of these staff numbers, with the institution in which the number is unique."""
    condition = Person.staff_number.in_(numbers) & Person.employer_id.is_not(None)
    query = _cards(condition).add_columns(Person.employer_id).order_by(Person.id)
    return tuple((row[-1], PersonCard(*row[:-1])) for row in db.execute(query))


def _matching(where: ColumnElement[bool], wanted: PersonFilter) -> ColumnElement[bool]:
    found = where
    if wanted.path:
        found = found & Organisation.path.startswith(wanted.path, autoescape=True)
    if wanted.state is not None:
        found = found & (Person.state == wanted.state)
    if wanted.search.strip():
        found = found & _found_by(words_sought(wanted.search) or ())
    return found


def _found_by(words: Sequence[str]) -> ColumnElement[bool]:
    """People who have a word that begins with each of these: the first, which is the longest, finds them."""
    if not words:
        return false()

    def begins(word: str) -> ColumnElement[bool]:
        return (PersonWord.word >= word) & (PersonWord.word < word + chr(0x10FFFF))

    first = Person.id.in_(select(PersonWord.person_id).where(begins(words[0])))
    return and_(first, *(exists().where(PersonWord.person_id == Person.id, begins(word)) for word in words[1:]))


def people_page(
    db: Session, where: ColumnElement[bool], wanted: PersonFilter, *, page: int = 1, size: int = 50
) -> tuple[tuple[PersonCard, ...], int]:
    """One page of the people that `where` lets through, and how many there are in all; `MOST` + 1 is more than `MOST`.

    Beyond that nobody turns pages, and counting on would take longer the more people there are.
    """
    condition = _matching(where, wanted)
    joined = select(Person.id).outerjoin(Organisation, Organisation.id == Person.organisation_id).where(condition)
    first = min((page - 1) * size, MOST)
    if wanted.search:  # who is found is counted and listed by one look
        found = list(db.scalars(joined.limit(MOST + 1)))
        total, condition = len(found), condition if len(found) > MOST else Person.id.in_(found)
    else:
        total = db.scalar(select(func.count()).select_from(joined.limit(MOST + 1).subquery())) or 0
    if total > MOST:
        by_name = joined
        if not wanted.search:
            # So many are let through that going by name finds a page of them soon; sorting all of them would not. Of
            # those that a search has found it would pass too many others.
            inside = select(Organisation.id).where(Organisation.id == Person.organisation_id, condition)
            by_name = select(Person.id).where(inside.correlate(Person).exists())
        by_name = by_name.order_by(Person.sort_key, Person.id)
        condition = Person.id.in_(list(db.scalars(by_name.limit(size).offset(first))))
        first = 0
    query = _cards(condition).order_by(Person.sort_key, Person.id).limit(size).offset(first)
    return tuple(PersonCard(*row) for row in db.execute(query)), total


def count_people(db: Session, where: ColumnElement[bool] | None = None) -> int:
    query = select(func.count(Person.id)).outerjoin(Organisation, Organisation.id == Person.organisation_id)
    return db.scalar(query.where(true() if where is None else where)) or 0


def states_within(db: Session, where: ColumnElement[bool]) -> dict[PersonState, int]:
    """How many people are invited, active and disabled."""
    query = select(Person.state, func.count(Person.id)).outerjoin(
        Organisation, Organisation.id == Person.organisation_id
    )
    found = {row[0]: row[1] for row in db.execute(query.where(where).group_by(Person.state))}
    return {state: found.get(state, 0) for state in PersonState}


def names_of(db: Session, keys: Iterable[str]) -> dict[str, str]:
    """What the people with these keys are called."""
    query = select(Person.key, Person.given_name + " " + Person.family_name).where(Person.key.in_(sorted(set(keys))))
    return {row[0]: row[1] for row in db.execute(query)}


def contacts(db: Session, ids: Iterable[int]) -> dict[int, Contact]:
    """How to reach these people; somebody disabled is not to be written to and is left out."""
    query = select(Person.id, Person.given_name, Person.family_name, Person.email, Person.lang, Person.state).where(
        Person.id.in_(sorted(set(ids))), Person.state != PersonState.DISABLED
    )
    return {row[0]: Contact(*row) for row in db.execute(query)}


def leaving_of(db: Session, person_id: int) -> tuple[date | None, bool]:
    """The day on which somebody left, if they have, and whether their account has lost its name since."""
    row = db.execute(select(Person.left_on, Person.nameless_at).where(Person.id == person_id)).one()
    return row[0], row[1] is not None


def nameless_among(db: Session, ids: Iterable[int], keys: Iterable[str]) -> dict[int, str]:
    """Of the people with these numbers or keys those whose account has lost its name: their numbers and keys."""
    among = Person.id.in_(sorted(set(ids))) | Person.key.in_(sorted(set(keys)))
    rows = db.execute(select(Person.id, Person.key).where(Person.nameless_at.is_not(None), among))
    return {row.id: row.key for row in rows}


def posts_of(db: Session, person_id: int) -> tuple[PostCard, ...]:
    """The posts a person has held, the present one first."""
    query = (
        select(Organisation.code, said_name(), Post.title, Post.started_on, Post.ended_on)
        .join(Organisation, Organisation.id == Post.organisation_id)
        .where(Post.person_id == person_id)
        .order_by(Post.ended_on.is_not(None), Post.started_on.desc(), Post.id.desc())
    )
    return tuple(PostCard(*row) for row in db.execute(query))


def with_address_at(domain: str) -> ColumnElement[bool]:
    """People whose e-mail address is at this domain."""
    return Person.email.endswith(f"@{domain}", autoescape=True)


def not_disabled() -> ColumnElement[bool]:
    """Everybody but those whose account is closed."""
    return Person.state != PersonState.DISABLED
