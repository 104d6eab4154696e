"""Reading audit packs, and gathering what a new one rests on: who was meant on a day, how they stood, what proves it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.accounts.models import Person, Post
from app.catalog.models import CourseVersion
from app.certificates import queries as certificates
from app.kit import clock
from app.kit.errors import KitError
from app.kit.i18n import N_, sort_key
from app.kit.limits import PACK_PEOPLE
from app.learning.models import Enrolment, Evidence
from app.learning.rules import Kind
from app.organisations import queries as places
from app.organisations.models import Organisation
from app.organisations.queries import OrganisationCard, within
from app.organisations.rules import Kind as PlaceKind
from app.packs.models import AuditPack
from app.packs.queries import behind, taking
from app.packs.queries.behind import end_of, some_at_once
from app.packs.rules import CREDITED, Facts, PackState, Proof, Stand, Way, on_the_day
from app.requirements.models import Assignment, Exemption, LeaveRow, PeriodRow, Requirement
from app.requirements.queries import RequirementCard
from app.requirements.rules import Period


@dataclass(frozen=True, slots=True)
class PackCard:
    """One audit pack and how far it has come. `path` is the place it is about."""

    id: int
    key: str
    person_id: int | None
    requirement_id: int
    requirement_key: str
    organisation_id: int
    path: str
    place: str
    as_of: date
    named: bool
    lang: str
    state: PackState
    done: int
    asked_at: datetime
    ready_at: datetime | None
    blob: str
    size: int
    public_key: str
    error: str
    training: Mapping[str, Any]


def packs(db: Session, where: ColumnElement[bool], lang: str = "lt", *, limit: int = 100) -> tuple[PackCard, ...]:
    """The packs that `where` (over pack and place) lets through, the latest first."""
    columns: tuple[Any, ...] = (
        AuditPack.id,
        AuditPack.key,
        AuditPack.person_id,
        AuditPack.requirement_id,
        Requirement.key,
        AuditPack.organisation_id,
        Organisation.path,
        places.said_name(lang),
        AuditPack.as_of,
        AuditPack.named,
        AuditPack.lang,
        AuditPack.state,
        AuditPack.done,
        AuditPack.asked_at,
        AuditPack.ready_at,
        AuditPack.blob,
        AuditPack.size,
        AuditPack.public_key,
        AuditPack.error,
        AuditPack.training,
    )
    rows = db.execute(
        select(*columns)
        .join(Organisation, Organisation.id == AuditPack.organisation_id)
        .join(Requirement, Requirement.id == AuditPack.requirement_id)
        .where(where)
        .order_by(AuditPack.asked_at.desc(), AuditPack.id.desc())
        .limit(limit)
    )
    return tuple(PackCard(*row) for row in rows)


def by_key(db: Session, key: str, lang: str = "lt") -> PackCard | None:
    return next(iter(packs(db, AuditPack.key == key, lang)), None)


def by_id(db: Session, pack_id: int) -> PackCard | None:
    return next(iter(packs(db, AuditPack.id == pack_id)), None)


def about(named_at: Sequence[str], numbers_at: Sequence[str]) -> ColumnElement[bool]:
    """Packs about places at or under the first, and those without names about places at or under the second."""
    nameless = and_(AuditPack.named.is_(False), within(numbers_at)) if numbers_at else false()
    return or_(within(named_at), nameless)


def public_keys(db: Session) -> tuple[str, ...]:
    """Every key that packs of this installation were signed with."""
    said = select(AuditPack.public_key).where(AuditPack.public_key != "").distinct().order_by(AuditPack.public_key)
    return tuple(db.scalars(said))


def last_key(db: Session) -> str:
    """The public key of whatever signed the last pack, in hex; empty where there is none."""
    signed = select(AuditPack.public_key).where(AuditPack.public_key != "")
    return db.scalar(signed.order_by(AuditPack.ready_at.desc(), AuditPack.id.desc()).limit(1)) or ""


def gather(db: Session, requirement: RequirementCard, unit: OrganisationCard, as_of: date, lang: str) -> Facts:
    """Everybody at or below a place whom a requirement meant on a day, by place and name; those who have left, too.

    Refused where they are more than one archive should hold: everything about them is in memory at once.
    """
    everybody = _meant(db, requirement, unit, as_of)
    at = _places_on(db, everybody, as_of)
    cards = places.by_ids(db, {one for path in at.values() for one in _ids(path)})
    here = [row for row in everybody if at[row.id].startswith(unit.path)]
    ids = [row.id for row in here]
    periods = _periods(db, ids, requirement.subject, as_of)
    excuses, away = _excuses(db, ids, requirement.subject, as_of), _away(db, ids, as_of)
    proofs = _proofs(db, periods.values(), as_of)
    steps = taking.ways_of(db, [one.enrolment_id for one in periods.values() if one.enrolment_id], end_of(as_of), lang)
    stands = []
    for row in here:
        found = periods.get(row.id)
        if found is None:
            continue
        card = cards[_ids(at[row.id])[-1]]
        run, proof = steps.get(found.enrolment_id or 0, ()), proofs.get(found.id)
        period, how = on_the_day(found.period, as_of, exempt=row.id in excuses, paused=row.id in away)
        stands.append(
            Stand(
                person_id=row.id,
                key=row.key,
                name=f"{row.family_name}, {row.given_name}",
                job_title=row.job_title,
                place=card.name_in(lang),
                institution=_institution(cards, at[row.id], unit).name_in(lang),
                period=period,
                status=how,
                met_by=found.met_by if period.met_on is not None else "",
                excuse=excuses.get(row.id, ""),
                proof=proof if period.met_on is not None else None,
                taken=(*_credited(proof if period.met_on is not None else None), *run),
            )
        )
    order = {row.id: (cards[_ids(at[row.id])[-1]], row.sort_key) for row in here}
    stands.sort(key=lambda one: (order[one.person_id][0].path, order[one.person_id][1], one.person_id))
    ranks = {name: sort_key(name) for name in {one.institution for one in stands}}
    stands.sort(key=lambda one: ranks[one.institution])
    taught = behind.taught(
        db, {one.proof.digest for one in stands if one.proof and one.proof.digest}, requirement.course_id
    )
    return Facts(
        tuple(stands), behind.told(db, requirement, ids, as_of), taught, taking.titles(db, requirement.course_id, lang)
    )


def _credited(proof: Proof | None) -> tuple[Way, ...]:
    """What stands for the course, where it was not taken here."""
    if proof is None or proof.kind not in CREDITED:
        return ()
    return (Way(CREDITED[proof.kind], 0, on=proof.at.astimezone(clock.LOCAL).date()),)


def _ids(path: str) -> list[int]:
    return [int(part) for part in path.strip("/").split("/") if part]


def _institution(cards: dict[int, OrganisationCard], path: str, unit: OrganisationCard) -> OrganisationCard:
    """The nearest place that is not a unit of another, but none above the place that the pack is about."""
    way = [cards[one] for one in _ids(path) if one in cards and cards[one].path.startswith(unit.path)]
    return next((card for card in reversed(way) if card.kind is not PlaceKind.UNIT), way[0])


def _meant(db: Session, requirement: RequirementCard, unit: OrganisationCard, as_of: date) -> list[Person]:
    """Rules reach and let go; both are kept with their moment. Whoever never worked at or below the place is left out."""
    end, held = end_of(as_of), aliased(Organisation)
    meant = (
        select(Person.id)
        .join(Assignment, Assignment.person_id == Person.id)
        .where(
            Assignment.requirement_id == requirement.id,
            Assignment.subject == requirement.subject,
            Assignment.assigned_at < end,
            or_(Assignment.ended_at.is_(None), Assignment.ended_at >= end),
        )
    )
    if unit.parent_id is not None:
        inside = select(held.id).where(held.path.startswith(unit.path, autoescape=True))
        was_there = select(Post.person_id).where(Post.organisation_id.in_(inside))
        meant = meant.where(or_(Person.organisation_id.in_(inside), Person.id.in_(was_there)))
    ids = list(db.scalars(meant.order_by(Person.id).limit(PACK_PEOPLE + 1)))
    if len(ids) > PACK_PEOPLE:
        raise KitError(N_("These are too many people for one pack. Make one for each place below this one."))
    return [
        row
        for some in some_at_once(ids)
        for row in db.scalars(select(Person).where(Person.id.in_(some)).order_by(Person.id))
    ]


def _places_on(db: Session, everybody: Sequence[Person], as_of: date) -> dict[int, str]:
    """Person → the path of the place where they worked on a day; the first one known where the day lies before it."""
    found: dict[int, str] = {}
    for some in some_at_once(row.id for row in everybody):
        rows = db.execute(
            select(Post.person_id, Organisation.path)
            .join(Organisation, Organisation.id == Post.organisation_id)
            .where(
                Post.person_id.in_(some),
                Post.started_on <= as_of,
                or_(Post.ended_on.is_(None), Post.ended_on >= as_of),
            )
            .order_by(Post.started_on, Post.id)
        )
        found |= {row[0]: row[1] for row in rows}
        now = db.execute(
            select(Person.id, Organisation.path)
            .join(Organisation, Organisation.id == Person.organisation_id)
            .where(Person.id.in_(some))
        )
        found = {row[0]: row[1] for row in now} | found
    return {row.id: found.get(row.id, "") for row in everybody}


@dataclass(frozen=True, slots=True)
class _Period:
    id: int
    period: Period
    met_by: str
    evidence_id: int | None
    enrolment_id: int | None


def _periods(db: Session, ids: Sequence[int], subject: str, as_of: date) -> dict[int, _Period]:
    """Person → the period that was the present one on a day: the last that had opened, else the first."""
    found: dict[int, _Period] = {}
    for some in some_at_once(ids):
        rows = db.execute(
            select(PeriodRow, Enrolment.completed_at)
            .outerjoin(Enrolment, Enrolment.id == PeriodRow.enrolment_id)
            .where(PeriodRow.person_id.in_(some), PeriodRow.subject == subject)
            .order_by(PeriodRow.person_id, PeriodRow.number)
        )
        for row, completed_at in rows:
            if row.opens_on > as_of and row.person_id in found:
                continue
            met_on = row.met_on
            if met_on is None and completed_at is not None:  # the job that says so in the period has not run yet
                met_on = completed_at.astimezone(clock.LOCAL).date()
            period = Period(
                row.number,
                row.opens_on,
                row.due_on,
                met_on,
                row.valid_until,
                row.next_opens_on,
                row.next_due_on,
                row.held_until,
            )
            found[row.person_id] = _Period(row.id, period, row.met_by, row.evidence_id, row.enrolment_id)
    return found


def _excuses(db: Session, ids: Sequence[int], subject: str, as_of: date) -> dict[int, str]:
    """Person → why they were excused on a day, as it was known then."""
    end = end_of(as_of)
    found: dict[int, str] = {}
    for some in some_at_once(ids):
        rows = db.execute(
            select(Exemption.person_id, Exemption.reason)
            .where(
                Exemption.person_id.in_(some),
                Exemption.subject.in_(("", subject)),
                Exemption.granted_at < end,
                or_(Exemption.ended_at.is_(None), Exemption.ended_at >= end),
                Exemption.since <= as_of,
                or_(Exemption.until.is_(None), Exemption.until >= as_of),
            )
            .order_by(Exemption.id)
        )
        found |= {row[0]: row[1] for row in rows}
    return found


def _away(db: Session, ids: Sequence[int], as_of: date) -> set[int]:
    end = end_of(as_of)
    found: set[int] = set()
    for some in some_at_once(ids):
        said = select(LeaveRow.person_id).where(
            LeaveRow.person_id.in_(some),
            LeaveRow.recorded_at < end,
            or_(LeaveRow.ended_at.is_(None), LeaveRow.ended_at >= end),
            LeaveRow.since <= as_of,
            or_(LeaveRow.until.is_(None), LeaveRow.until >= as_of),
        )
        found |= set(db.scalars(said))
    return found


def _proofs(db: Session, periods: Iterable[_Period], as_of: date) -> dict[int, Proof]:
    """Period → the evidence that met it; that of the run where the period does not say."""
    wanted = list(periods)
    runs = [one.enrolment_id for one in wanted if one.enrolment_id is not None]
    numbers = certificates.numbers_of(db, runs)
    by_id: dict[int, Proof] = {}
    by_run: dict[int, Proof] = {}
    named = {one.evidence_id for one in wanted if one.evidence_id is not None}
    for conditions in (
        *(Evidence.id.in_(some) for some in some_at_once(named)),
        *(and_(Evidence.enrolment_id.in_(some), Evidence.kind == Kind.COURSE_COMPLETED) for some in some_at_once(runs)),
    ):
        rows = db.execute(
            select(Evidence, CourseVersion.major, CourseVersion.minor, CourseVersion.digest)
            .outerjoin(Enrolment, Enrolment.id == Evidence.enrolment_id)
            .outerjoin(
                CourseVersion, CourseVersion.id == func.coalesce(Evidence.version_id, Enrolment.completed_version_id)
            )
            .where(conditions, Evidence.occurred_at < end_of(as_of))
        )
        for row, major, minor, digest in rows:
            own = row.kind is Kind.COURSE_COMPLETED and row.enrolment_id is not None
            proof = Proof(
                id=row.id,
                kind=row.kind.value,
                at=row.occurred_at,
                recorded_at=row.recorded_at,
                version=f"{major}.{minor}" if own and digest else "",
                digest=digest or "" if own else "",
                note=str(row.data.get("note") or ""),
                certificate=numbers.get(row.enrolment_id or 0, "") if own else "",
            )
            by_id[row.id] = proof
            if own and row.enrolment_id is not None:
                by_run[row.enrolment_id] = proof
    found = {}
    for one in wanted:
        behind = by_id.get(one.evidence_id or 0) or by_run.get(one.enrolment_id or 0)
        if behind is not None:
            found[one.id] = behind
    return found
