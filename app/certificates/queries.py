"""Reading certificates: one by its key, a person's, an institution's, and the completions that have none yet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true
from sqlalchemy.orm import Session, aliased

from app.accounts.models import Person
from app.catalog import queries as catalog
from app.certificates.models import Certificate
from app.certificates.rules import Paper, State, state
from app.kit import clock
from app.kit.database import folded
from app.kit.days import add_months
from app.kit.i18n import fold
from app.learning.models import Enrolment, Evidence
from app.learning.rules import Kind
from app.organisations.models import Organisation
from app.organisations.queries import below, said_name
from app.requirements import queries as requirements


@dataclass(frozen=True, slots=True)
class CertificateCard:
    """One certificate, and how it stands today. `superseded_by` is the number of the one that came after it."""

    id: int
    paper: Paper
    person_id: int
    person_key: str
    enrolment_id: int
    course_id: int
    organisation_id: int
    path: str
    issued_at: datetime
    revoked_at: datetime | None
    reason: str
    superseded_by: str
    state: State


_later = aliased(Certificate)
# A certificate that was itself revoked supersedes nothing: the one before it is good again.
_SUPERSEDED_BY = (
    select(_later.number)
    .where(
        _later.person_id == Certificate.person_id,
        _later.course_id == Certificate.course_id,
        _later.revoked_at.is_(None),
        or_(
            _later.completed_on > Certificate.completed_on,
            and_(_later.completed_on == Certificate.completed_on, _later.id > Certificate.id),
        ),
    )
    .order_by(_later.completed_on.desc(), _later.id.desc())
    .limit(1)
    .correlate(Certificate)
    .scalar_subquery()
)


_CARD: tuple[Any, ...] = (Certificate, Person.key, Organisation.path, func.coalesce(_SUPERSEDED_BY, ""))


def _said() -> Select[Any]:
    return (
        select(*_CARD)
        .join(Person, Person.id == Certificate.person_id)
        .join(Organisation, Organisation.id == Certificate.organisation_id)
    )


def _cards(db: Session, said: Select[Any]) -> tuple[CertificateCard, ...]:
    today = clock.today()
    rows = db.execute(said.execution_options(populate_existing=True))
    return tuple(_card(row, key, path, newer, today) for row, key, path, newer in rows)


def _card(row: Certificate, person_key: str, path: str, newer: str, today: date) -> CertificateCard:
    said = row.said
    return CertificateCard(
        id=row.id,
        paper=Paper(
            number=row.number,
            key=row.key,
            lang=row.lang,
            holder=said["holder"],
            course=said["course"],
            version=said["version"],
            institution=said["institution"],
            owner=said["owner"],
            minutes=said["minutes"],
            outcomes=tuple(said["outcomes"]),
            completed_on=row.completed_on,
            issued_on=row.issued_at.astimezone(clock.LOCAL).date(),
            valid_until=row.valid_until,
        ),
        person_id=row.person_id,
        person_key=person_key,
        enrolment_id=row.enrolment_id,
        course_id=row.course_id,
        organisation_id=row.organisation_id,
        path=path,
        issued_at=row.issued_at,
        revoked_at=row.revoked_at,
        reason=row.reason,
        superseded_by=newer,
        state=state(
            revoked=row.revoked_at is not None, superseded=bool(newer), valid_until=row.valid_until, today=today
        ),
    )


def by_key(db: Session, key: str) -> CertificateCard | None:
    return next(iter(_cards(db, _said().where(Certificate.key == key))), None)


def by_number(db: Session, number: str) -> CertificateCard | None:
    return next(iter(_cards(db, _said().where(Certificate.number == number.strip().upper()))), None)


def of_enrolment(db: Session, enrolment_id: int) -> CertificateCard | None:
    return next(iter(_cards(db, _said().where(Certificate.enrolment_id == enrolment_id))), None)


def of_person(db: Session, person_id: int) -> tuple[CertificateCard, ...]:
    """Somebody's certificates, the latest first."""
    said = _said().where(Certificate.person_id == person_id)
    return _cards(db, said.order_by(Certificate.completed_on.desc(), Certificate.id.desc()))


def numbers_of(db: Session, enrolment_ids: Iterable[int]) -> dict[int, str]:
    """Enrolment → the number of its certificate, where there is one."""
    found: dict[int, str] = {}
    wanted = sorted(set(enrolment_ids))
    for start in range(0, len(wanted), 500):
        some = wanted[start : start + 500]
        rows = db.execute(
            select(Certificate.enrolment_id, Certificate.number).where(Certificate.enrolment_id.in_(some))
        )
        found |= {row[0]: row[1] for row in rows}
    return found


def _matching(where: ColumnElement[bool], search: str) -> ColumnElement[bool]:
    found = where
    for word in fold(search).split()[:5]:
        name = folded(Person.given_name + " " + Person.family_name)
        found = found & or_(
            name.contains(word[:60], autoescape=True), folded(Certificate.number).contains(word[:60], autoescape=True)
        )
    return found


def listed(
    db: Session, where: ColumnElement[bool], *, search: str = "", limit: int = 50, offset: int = 0
) -> tuple[tuple[CertificateCard, ...], int]:
    """The certificates of the organisations that `where` lets through, the latest first; and how many there are."""
    said = _said().where(_matching(where, search))
    found = _cards(db, said.order_by(Certificate.issued_at.desc(), Certificate.id.desc()).limit(limit).offset(offset))
    total = (
        select(func.count(Certificate.id))
        .join(Person, Person.id == Certificate.person_id)
        .join(Organisation, Organisation.id == Certificate.organisation_id)
        .where(_matching(where, search))
    )
    return found, db.scalar(total) or 0


@dataclass(frozen=True, slots=True)
class Lacking:
    """A completion without a certificate: whose, of what, when, and where they worked then."""

    enrolment_id: int
    person_id: int
    given_name: str
    family_name: str
    lang: str
    course_id: int
    version_id: int
    completed_at: datetime
    organisation_id: int
    organisation_name: str
    path: str

    @property
    def completed_on(self) -> date:
        return self.completed_at.astimezone(clock.LOCAL).date()


_LACKING: tuple[Any, ...] = (
    Enrolment.id,
    Person.id,
    Person.given_name,
    Person.family_name,
    Person.lang,
    Enrolment.course_id,
    Enrolment.completed_version_id,
    Enrolment.completed_at,
    Organisation.id,
    said_name(),
    Organisation.path,
)


def _lacking(where: ColumnElement[bool]) -> Select[Any]:
    """Only what was completed here: a waiver, or proof from elsewhere, is no reason to certify anything."""
    done = and_(Evidence.enrolment_id == Enrolment.id, Evidence.kind == Kind.COURSE_COMPLETED)
    return (
        select(*_LACKING)
        .join(Person, Person.id == Enrolment.person_id)
        .join(Evidence, done)
        .join(Organisation, Organisation.id == func.coalesce(Evidence.organisation_id, Enrolment.organisation_id))
        .outerjoin(Certificate, Certificate.enrolment_id == Enrolment.id)
        .where(
            Certificate.id.is_(None),
            Enrolment.completed_at.is_not(None),
            Enrolment.completed_version_id.is_not(None),
            Person.nameless_at.is_(None),
            where,
        )
        .order_by(Enrolment.completed_at, Enrolment.id)
    )


def lacking(
    db: Session,
    *,
    path: str = "/",
    course_id: int | None = None,
    since: date | None = None,
    where: ColumnElement[bool] | None = None,
) -> tuple[Lacking, ...]:
    """Completions at or below a place that have no certificate yet, the oldest first."""
    wanted = below(path) if where is None else below(path) & where
    if course_id is not None:
        wanted = wanted & (Enrolment.course_id == course_id)
    rows = [Lacking(*row) for row in db.execute(_lacking(wanted))]
    return tuple(row for row in rows if since is None or row.completed_on >= since)


def count_lacking(db: Session, where: ColumnElement[bool]) -> int:
    said = _lacking(where).with_only_columns(func.count()).order_by(None)
    return db.scalar(said) or 0


def lacking_among(db: Session, enrolment_ids: Sequence[int]) -> tuple[Lacking, ...]:
    """Those of these runs that are complete and have no certificate."""
    found: list[Lacking] = []
    for start in range(0, len(enrolment_ids), 500):
        some = enrolment_ids[start : start + 500]
        found += [Lacking(*row) for row in db.execute(_lacking(Enrolment.id.in_(some)))]
    return tuple(found)


def good_until(db: Session, found: Iterable[tuple[int, int, date]]) -> dict[int, date | None]:
    """Enrolment → until when its completion is good (None: for ever); of (enrolment, version, completed on).

    What is required goes before what the course says of itself.
    """
    runs = tuple(found)
    required = requirements.validity(db, [run[0] for run in runs]) if runs else {}
    said: dict[int, date | None] = {}
    for enrolment_id, version_id, completed_on in runs:
        if enrolment_id in required:
            said[enrolment_id] = required[enrolment_id]
            continue
        months = catalog.outline(db, version_id).valid_months
        said[enrolment_id] = add_months(completed_on, months) if months else None
    return said


def issued_by(organisation_id: int) -> ColumnElement[bool]:
    """The certificates of one institution."""
    return Certificate.organisation_id == organisation_id


def everywhere() -> ColumnElement[bool]:
    return true()
