"""Issuing certificates, once for each completion; revoking them, and telling whose they were."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.accounts import actions as accounts
from app.accounts import queries as people
from app.accounts.models import Person
from app.accounts.rules import NoticeKind, plain
from app.catalog import queries as catalog
from app.certificates import queries, rules
from app.certificates.models import Certificate, CertificateSeries, CertificateYear
from app.certificates.queries import CertificateCard, Lacking
from app.kit import audit, clock, jobs
from app.kit.actor import Actor
from app.kit.database import upsert
from app.kit.errors import Invalid
from app.kit.i18n import N_
from app.organisations import queries as places
from app.organisations.queries import OrganisationCard
from app.organisations.rules import Kind
from app.requirements import queries as requirements

AT_ONCE = 200  # certificates in one job, so that no transaction is long


@dataclass(frozen=True, slots=True)
class Issued:
    """What came of issuing: the numbers given, in order."""

    numbers: tuple[str, ...]


def issue(db: Session, actor: Actor, *, enrolment_ids: Sequence[int], key: Callable[[], str] = rules.new_key) -> Issued:
    """Certificates for those of these runs that are complete and have none. Saying it twice issues nothing twice."""
    found = queries.lacking_among(db, enrolment_ids)
    if not found:
        return Issued(())
    institutions = _institutions(db, found)
    # Everybody takes the institutions in one order, so that two who issue at once never wait for each other.
    found = tuple(sorted(found, key=lambda one: (institutions[one.path].id, one.completed_at, one.enrolment_id)))
    until = queries.good_until(db, [(one.enrolment_id, one.version_id, one.completed_on) for one in found])
    said = _Words(db)
    numbers = []
    for one in found:
        place = institutions[one.path]
        number = _write(db, one, place, said.of(one, place), until[one.enrolment_id], key())
        if number:
            numbers.append(number)
    if numbers:
        about = {"first": numbers[0], "last": numbers[-1], "number": len(numbers)}
        one_place = {institutions[one.path].id for one in found}
        audit.say(
            db,
            actor,
            "certificate.issued",
            subject=numbers[0] if len(numbers) == 1 else "",
            organisation_id=one_place.pop() if len(one_place) == 1 else None,
            **about,
        )
    return Issued(tuple(numbers))


def _institutions(db: Session, found: Iterable[Lacking]) -> dict[str, OrganisationCard]:
    """Path → the institution that issues there: the nearest place that is not a unit of another."""
    said: dict[str, OrganisationCard] = {}
    for path in {one.path for one in found}:
        ids = [int(part) for part in path.strip("/").split("/")]
        cards = places.by_ids(db, ids)
        way = [cards[one] for one in reversed(ids) if one in cards]
        said[path] = next((card for card in way if card.kind is not Kind.UNIT), way[0])
    return said


class _Words:
    """What stands on certificates: looked up once for each version and language."""

    def __init__(self, db: Session) -> None:
        self.db = db
        self.known: dict[tuple[int, str], dict[str, Any]] = {}

    def of(self, one: Lacking, place: OrganisationCard) -> dict[str, Any]:
        at = (one.version_id, one.lang)
        if at not in self.known:
            self.known[at] = self._course(one)
        return {
            "holder": f"{one.given_name} {one.family_name}",
            "institution": place.name_in(one.lang),
            **self.known[at],
        }

    def _course(self, one: Lacking) -> dict[str, Any]:
        version, words = catalog.version(self.db, one.version_id), catalog.words(self.db, one.version_id, one.lang)
        head = catalog.course_by_id(self.db, one.course_id)
        assert version is not None and head is not None
        owner = places.by_id(self.db, head.organisation_id)
        return {
            "course": words.title,
            "version": version.label,
            "digest": version.digest,
            "owner": owner.name_in(one.lang) if owner else "",
            "minutes": catalog.outline(self.db, one.version_id).minutes,
            "outcomes": list(words.outcomes.values()),
        }


def _write(
    db: Session, one: Lacking, place: OrganisationCard, said: dict[str, Any], until: date | None, key: str
) -> str:
    """The number given; nothing when somebody else was quicker, and then the number is not used up either."""
    prefix = _prefix(db, place)
    now = clock.now()
    year = now.astimezone(clock.LOCAL).year
    try:
        with db.begin_nested():
            # The row of the year stays locked until the transaction ends: no number twice, and none left out.
            at = {"organisation_id": place.id, "year": year}
            upsert(db, CertificateYear, key=at, last=lambda stored: 1 if stored is None else stored + 1)
            serial = db.scalars(
                select(CertificateYear.last).where(
                    CertificateYear.organisation_id == place.id, CertificateYear.year == year
                )
            ).one()
            number = rules.number(prefix, year, serial)
            db.add(
                Certificate(
                    key=key,
                    number=number,
                    organisation_id=place.id,
                    year=year,
                    serial=serial,
                    person_id=one.person_id,
                    course_id=one.course_id,
                    enrolment_id=one.enrolment_id,
                    version_id=one.version_id,
                    lang=one.lang,
                    said=said,
                    completed_on=one.completed_on,
                    issued_at=now,
                    valid_until=until,
                )
            )
    except IntegrityError:  # this run was given its certificate a moment ago
        return ""
    return number


def _prefix(db: Session, place: OrganisationCard) -> str:
    known = select(CertificateSeries.prefix).where(CertificateSeries.organisation_id == place.id)
    for prefix in rules.prefixes(place.code, first=place.kind is Kind.ADMINISTRATION):
        if (found := db.scalar(known)) is not None:
            return found
        try:
            with db.begin_nested():
                db.add(CertificateSeries(organisation_id=place.id, prefix=prefix))
            return prefix
        except IntegrityError:  # another institution has it, or this one was given its own just now
            continue
    raise RuntimeError(f"no prefix is left for {place.code}")


def issue_later(db: Session, actor: Actor, *, found: Sequence[Lacking]) -> int:
    """Ask for certificates of what was completed before there were any; answers how many were asked for."""
    ids = [one.enrolment_id for one in found]
    for start in range(0, len(ids), AT_ONCE):
        jobs.later(db, "certificates.issue", enrolment_ids=ids[start : start + AT_ONCE])
    if ids:
        audit.say(db, actor, "certificate.asked", number=len(ids))
    return len(ids)


def revoke(db: Session, actor: Actor, *, certificate: CertificateCard, reason: str) -> bool:
    """Take a certificate back, with a reason that is kept. Whether it was news; it is never undone."""
    said = plain(reason)
    if not said:
        raise Invalid(reason=N_("Say why. The reason is kept with the record."))
    row = db.get_one(Certificate, certificate.id, with_for_update=True, populate_existing=True)
    if row.revoked_at is not None:
        return False
    row.revoked_at, row.revoked_by_id = clock.now(), actor.id or None
    row.reason = said[: rules.REASON_MAX]
    audit.say(
        db,
        actor,
        "certificate.revoked",
        subject=row.number,
        organisation_id=row.organisation_id,
        reason=row.reason,
    )
    db.flush()
    jobs.later(db, "certificates.revoked", key=f"certificate-revoked:{row.id}", certificate_id=row.id)
    return True


def tell_revoked(db: Session, *, certificate_id: int, base_url: str) -> None:
    """The job `certificates.revoked`: its holder reads in a notice and a mail which one it was, why, and whom to ask."""
    row = db.get_one(Certificate, certificate_id)
    person = people.contacts(db, [row.person_id]).get(row.person_id)
    if person is None:
        return
    title = catalog.titles(db, [row.course_id], person.lang).get(row.course_id) or row.said["course"]
    ask = _whom_to_ask(db, row, person.lang)
    said = {"title": title, "number": row.number, "ask": ask}
    accounts.tell(
        db,
        person,
        NoticeKind.CERTIFICATE_REVOKED,
        "certificate_revoked",
        key=f"certificate-revoked:{row.id}",
        notice={**said, "question": row.reason},
        words={**said, "reason": row.reason, "url": f"{base_url.rstrip('/')}/learning/record"},
    )


def _whom_to_ask(db: Session, row: Certificate, lang: str) -> str:
    """Who revoked it, else the nearest manager of the institution; with the institution, which can always be asked."""
    place = places.by_id(db, row.organisation_id)
    assert place is not None
    nearest = [one for level in requirements.managers_of(db, place.path) for one in level]
    found = people.contacts(db, [*([row.revoked_by_id] if row.revoked_by_id else []), *nearest])
    for one in (row.revoked_by_id, *nearest):
        if one in found and one != row.person_id:
            contact = found[one]
            words = [f"{contact.given_name} {contact.family_name}", place.name_in(lang), contact.email]
            return ", ".join(word for word in words if word)
    return place.name_in(lang)


def forget_leavers(db: Session) -> int:
    """Take the name off the certificates of those whose account has lost it; answers how many. Numbers and days stay."""
    nameless = select(Person.id).where(Person.nameless_at.is_not(None))
    rows = db.scalars(select(Certificate).where(Certificate.person_id.in_(nameless))).all()
    gone = 0
    for row in rows:
        if row.said["holder"]:
            row.said = {**row.said, "holder": ""}
            row.reason = ""  # free words, which may tell who it was
            gone += 1
    db.flush()
    return gone
