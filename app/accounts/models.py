"""The tables about people."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.accounts.rules import Asked, LinkKind, NoticeKind, PersonState
from app.kit.actor import Role
from app.kit.database import Base, BigId, Id, word


class Person(Base):
    """Somebody who learns. E-mail may be missing; a staff number is unique within its institution.

    `organisation_id` is the primary post's, the one place where the person is counted. Who has left keeps it, so that
    past figures stay; `nameless_at`: since when nothing but a number is left of who it was.
    """

    __tablename__ = "people"
    __table_args__ = (
        UniqueConstraint("employer_id", "staff_number"),
        Index("ix_people_organisation_id_sort_key", "organisation_id", "sort_key"),
        Index("ix_people_sort_key_id", "sort_key", "id"),
        Index("ix_people_organisation_id_state", "organisation_id", "state", "id"),
    )
    id: Mapped[Id]
    key: Mapped[str] = mapped_column(String(24), unique=True)
    email: Mapped[str | None] = mapped_column(String(254), unique=True)
    employer_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("organisations.id"))
    staff_number: Mapped[str | None] = mapped_column(String(64))
    given_name: Mapped[str] = mapped_column(String(100))
    family_name: Mapped[str] = mapped_column(String(100))
    sort_key: Mapped[str]
    lang: Mapped[str] = mapped_column(String(8), default="lt")
    organisation_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("organisations.id"))
    job_title: Mapped[str] = mapped_column(String(200), default="")
    password: Mapped[str | None]
    state: Mapped[PersonState] = mapped_column(word(PersonState), default=PersonState.INVITED)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime | None]
    left_on: Mapped[date | None] = mapped_column(index=True)
    nameless_at: Mapped[datetime | None]


class PersonWord(Base):
    """A word somebody is found by, as searches write it: of the name, the address, the staff number, the job title."""

    __tablename__ = "person_words"
    # Looked up by the beginnings of words, so the rows lie in their order.
    __table_args__ = (
        Index("ix_person_words_person_id", "person_id", "word"),
        {"sqlite_with_rowid": False},
    )
    word: Mapped[str] = mapped_column(
        String(64).with_variant(String(64, collation="C"), "postgresql"), primary_key=True
    )
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("people.id"), primary_key=True)


class Post(Base):
    """A post held, past or present; never deleted, because evidence remembers where it was earned."""

    __tablename__ = "posts"
    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("people.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(BigId, ForeignKey("organisations.id"), index=True)
    title: Mapped[str] = mapped_column(String(200), default="")
    started_on: Mapped[date]
    ended_on: Mapped[date | None]


class GrantRow(Base):
    """A role held in an organisation and everything below it."""

    __tablename__ = "grants"
    __table_args__ = (UniqueConstraint("person_id", "role", "organisation_id"),)
    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("people.id"))
    role: Mapped[Role] = mapped_column(word(Role))
    organisation_id: Mapped[int] = mapped_column(BigId, ForeignKey("organisations.id"), index=True)
    granted_at: Mapped[datetime]
    granted_by_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("people.id"))


class DeputyRow(Base):
    """Who acts in a manager's place from one day to another, both included: with the manager's role as it is at the time."""

    __tablename__ = "deputies"
    __table_args__ = (Index("ix_deputies_deputy_id_until", "deputy_id", "until"),)
    id: Mapped[Id]
    key: Mapped[str] = mapped_column(String(24), unique=True)
    manager_id: Mapped[int] = mapped_column(BigId, ForeignKey("people.id"), index=True)
    deputy_id: Mapped[int] = mapped_column(BigId, ForeignKey("people.id"))
    since: Mapped[date]
    until: Mapped[date]
    named_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class SignIn(Base):
    """One browser in which somebody is signed in. The cookie's value is kept only as its SHA-256."""

    __tablename__ = "sign_ins"
    id: Mapped[Id]
    token: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("people.id"), index=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    agent: Mapped[str] = mapped_column(String(200), default="")
    address: Mapped[str] = mapped_column(String(64), default="")


class Token(Base):
    """A personal token for the API, kept only as its SHA-256; the person's own rights, nothing more."""

    __tablename__ = "tokens"
    id: Mapped[Id]
    token: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("people.id"), index=True)
    name: Mapped[str] = mapped_column(String(100))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class Link(Base):
    """A link sent by mail that works once: an invitation or a forgotten password."""

    __tablename__ = "links"
    id: Mapped[Id]
    token: Mapped[str] = mapped_column(String(64), unique=True)
    kind: Mapped[LinkKind] = mapped_column(word(LinkKind))
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("people.id"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class DataRequest(Base):
    """What somebody asks about their own data, and the answer. `organisation_id`: where they worked then; `because`: why
    the answer was put off."""

    __tablename__ = "data_requests"
    id: Mapped[Id]
    key: Mapped[str] = mapped_column(String(24), unique=True)
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("people.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(BigId, ForeignKey("organisations.id"), index=True)
    asked: Mapped[Asked] = mapped_column(word(Asked))
    text: Mapped[str] = mapped_column(String(2000))
    asked_at: Mapped[datetime]
    due_on: Mapped[date]
    because: Mapped[str] = mapped_column(String(2000), default="")
    answer: Mapped[str] = mapped_column(String(2000), default="")
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("people.id"))


class Throttle(Base):
    """How often something was tried since `since`; counted here so that many processes count together."""

    __tablename__ = "throttles"
    key: Mapped[str] = mapped_column(String(100), primary_key=True)
    since: Mapped[datetime]
    tries: Mapped[int]


class Notice(Base):
    """A short message to one person, shown on their pages; its words are made when it is read, in their language."""

    __tablename__ = "notices"
    __table_args__ = (Index("ix_notices_person_id_read_at", "person_id", "read_at"),)
    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("people.id"))
    kind: Mapped[NoticeKind] = mapped_column(word(NoticeKind))
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    key: Mapped[str | None] = mapped_column(String(200), unique=True)
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
