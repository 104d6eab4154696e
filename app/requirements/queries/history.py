"""What people have behind them that a rule may count: completions, equivalents, proof from elsewhere."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.kit import clock
from app.learning.models import Enrolment, Evidence
from app.learning.rules import CREDITS, Kind, RunState
from app.organisations.models import Organisation
from app.requirements.models import Recognition
from app.requirements.rules import Rule, WhatKind, dates, recognition
from app.requirements.rules.recognition import Pair

MEETS = (Kind.COURSE_COMPLETED, *CREDITS)


@dataclass(frozen=True, slots=True)
class Held:
    """One piece of evidence that may meet a period. `until` is written on it (a certificate's own end), or None."""

    evidence_id: int
    person_id: int
    kind: Kind
    course_id: int | None
    enrolment_id: int | None
    met_on: date
    at: datetime
    path: str
    until: date | None


@dataclass(frozen=True, slots=True)
class Run:
    """Somebody's latest run of a course."""

    enrolment_id: int
    person_id: int
    state: RunState
    required: bool
    due_on: date | None
    completed_at: datetime | None


def runs(db: Session, course_id: int, person_ids: Iterable[int]) -> dict[int, Run]:
    newer = aliased(Enrolment)
    latest = (
        select(func.max(newer.period))
        .where(newer.person_id == Enrolment.person_id, newer.course_id == Enrolment.course_id)
        .correlate(Enrolment)
        .scalar_subquery()
    )
    found: dict[int, Run] = {}
    for some in _some(person_ids):
        rows = db.execute(
            select(
                Enrolment.id,
                Enrolment.person_id,
                Enrolment.state,
                Enrolment.required,
                Enrolment.due_on,
                Enrolment.completed_at,
            ).where(Enrolment.course_id == course_id, Enrolment.person_id.in_(some), Enrolment.period == latest)
        )
        found |= {row[1]: Run(*row) for row in rows}
    return found


def _some(person_ids: Iterable[int]) -> Iterable[Sequence[int]]:
    """A few hundred at a time: databases limit how many values a question may hold."""
    everybody = sorted(set(person_ids))
    for start in range(0, len(everybody), 500):
        yield everybody[start : start + 500]


def evidence(
    db: Session, person_ids: Iterable[int], *, course_ids: Iterable[int] = (), subject: str = ""
) -> dict[int, tuple[Held, ...]]:
    """Person → what may count, the oldest first; what was taken back is left out."""
    courses = sorted(set(course_ids))
    about: ColumnElement[bool] = Enrolment.course_id.in_(courses)
    if subject:
        about = or_(about, and_(Evidence.enrolment_id.is_(None), Evidence.subject == subject))
    found: dict[int, list[Held]] = defaultdict(list)
    for some in _some(person_ids):
        gone = set(db.scalars(select(Evidence.key).where(Evidence.person_id.in_(some), Evidence.kind == Kind.REVOKED)))
        rows = db.execute(
            select(
                Evidence.id,
                Evidence.person_id,
                Evidence.kind,
                Enrolment.course_id,
                Evidence.enrolment_id,
                Evidence.occurred_at,
                func.coalesce(Organisation.path, ""),
                Evidence.data,
            )
            .outerjoin(Enrolment, Enrolment.id == Evidence.enrolment_id)
            .outerjoin(Organisation, Organisation.id == Evidence.organisation_id)
            .where(Evidence.person_id.in_(some), Evidence.kind.in_(MEETS), about)
            .order_by(Evidence.occurred_at, Evidence.id)
        )
        for evidence_id, person_id, kind, course_id, enrolment_id, at, path, data in rows:
            if f"evidence:{evidence_id}:revoked" in gone:
                continue
            until = data.get("valid_until")
            found[person_id].append(
                Held(
                    evidence_id=evidence_id,
                    person_id=person_id,
                    kind=kind,
                    course_id=course_id,
                    enrolment_id=enrolment_id,
                    met_on=at.astimezone(clock.LOCAL).date(),
                    at=at,
                    path=path,
                    until=date.fromisoformat(until) if until else None,
                )
            )
    return {person_id: tuple(held) for person_id, held in found.items()}


def counts(rule: Rule, held: Held, path: str, pairs: Iterable[Pair]) -> bool:
    """Whether a rule takes this for somebody who works at `path`.

    The very course counts wherever it was taken. What stands for it counts within one's municipality, and between
    institutions that recognise one another.
    """
    if held.kind is Kind.COURSE_COMPLETED and held.course_id == rule.what.course_id:
        return True
    if not rule.proof and held.kind is Kind.PROOF_ACCEPTED:
        return False
    return recognition.accepts(path, held.path, tuple(pairs))


def good_until(rule: Rule, held: Held) -> date | None:
    """Until when a rule takes it; None: for ever. The date on a certificate goes before the rule's own count."""
    return held.until or dates.valid_until(rule.terms, held.met_on)


def best(rule: Rule, found: Sequence[Held], path: str, pairs: Iterable[Pair], today: date) -> Held | None:
    """The evidence that is good for longest and is still good; None where there is none."""
    signed = tuple(pairs)
    good = []
    for held in found:
        if not counts(rule, held, path, signed):
            continue
        until = good_until(rule, held)
        if until is None or until >= today:
            own = held.course_id == rule.what.course_id
            good.append(((until or date.max, own, held.met_on), held))
    return max(good, key=lambda one: one[0])[1] if good else None


def asked_about(rule: Rule) -> tuple[int, ...]:
    """The courses whose completion a rule looks for."""
    if rule.what.kind is WhatKind.COURSE and rule.what.course_id is not None:
        return (rule.what.course_id, *rule.equivalents)
    if rule.what.path is not None:
        return tuple(item.course_id for item in rule.what.path.items)
    return rule.equivalents


def recognised(db: Session) -> frozenset[Pair]:
    """The pairs of institutions of which both have signed."""
    rows = db.execute(select(Recognition.signer_id, Recognition.other_id).where(Recognition.ended_at.is_(None)))
    return recognition.mutual({(row[0], row[1]) for row in rows})


@dataclass(frozen=True, slots=True)
class Signature:
    """One institution's signature that it recognises another."""

    signer_id: int
    other_id: int
    signed_at: datetime


def signatures(db: Session) -> tuple[Signature, ...]:
    """Every signature in force, the oldest first."""
    rows = db.execute(
        select(Recognition.signer_id, Recognition.other_id, Recognition.signed_at)
        .where(Recognition.ended_at.is_(None))
        .order_by(Recognition.signed_at, Recognition.id)
    )
    return tuple(Signature(*row) for row in rows)
