"""Evidence other than taking the course: proof from elsewhere, a test passed first, an event, a session, a waiver."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from app.accounts.queries import PersonCard
from app.accounts.rules import plain
from app.kit import audit, clock
from app.kit.actor import Actor
from app.kit.errors import Conflict, Invalid, KitError
from app.kit.i18n import N_
from app.learning import actions as learning
from app.learning.models import Evidence
from app.learning.rules import CREDITS, Kind
from app.requirements import queries
from app.requirements.actions import periods
from app.requirements.models import PeriodRow

NOTE_MAX = 500


@dataclass(frozen=True, slots=True)
class Credit:
    """What is recorded: the kind, the day it happened, a sentence about it, and a certificate's own end."""

    kind: Kind
    on: date
    note: str
    valid_until: date | None = None


def record(db: Session, actor: Actor, *, person: PersonCard, subject: str, said: Credit) -> bool:
    """Record evidence for somebody's present period. The same kind, day and thing again is the same evidence.

    Whether it was news. A period that is met and still good is not met a second time.
    """
    note = plain(said.note)
    _check(said, note)
    if person.id == actor.id:
        raise Conflict(N_("Nobody records evidence for themselves. Ask another manager."))
    key = f"credit:{person.id}:{subject}:{said.kind}:{said.on}"
    at = min(periods.midday(said.on), clock.now())
    data = {"note": note[:NOTE_MAX], "valid_until": said.valid_until.isoformat() if said.valid_until else None}
    before = periods.latest(db, person.id, subject)
    if before is not None and before.met_on is not None and said.on <= before.met_on:
        raise Conflict(N_("This is completed already."))
    if subject.startswith("course:"):
        course_id = int(subject.removeprefix("course:"))
        new = before is not None and before.met_on is not None
        run = learning.credit(
            db, actor, person_id=person.id, course_id=course_id, kind=said.kind, at=at, key=key, new=new, **data
        )
        news = run.completed_at == at or before is None
        if new and before is not None:
            _early(db, actor, before, run.id)
    else:
        news = learning.record_apart(
            db,
            actor,
            person_id=person.id,
            kind=said.kind,
            key=key,
            subject=subject,
            organisation_id=person.organisation_id,
            at=at,
            **data,
        )
        if news and before is not None and before.met_on is not None:
            _early(db, actor, before, None)
    _meet(db, person.id, subject)
    if news:
        audit.say(
            db,
            actor,
            "evidence.recorded",
            subject=person.key,
            organisation_id=person.organisation_id,
            about=subject,
            kind=said.kind.value,
            on=said.on.isoformat(),
        )
    return news


def _check(said: Credit, note: str) -> None:
    wrong: dict[str, str | KitError] = {}
    if said.kind not in CREDITS or said.kind is Kind.RECOGNISED:
        wrong["kind"] = N_("Choose one of the options.")
    if said.on > clock.today():
        wrong["on"] = N_("This day has not come yet.")
    if not note:
        wrong["note"] = N_("Say what it is: the number of the certificate, the name of the event, the reason.")
    if said.valid_until is not None and said.valid_until < said.on:
        wrong["valid_until"] = N_("The second date lies before the first.")
    if wrong:
        raise Invalid(**wrong)


def _early(db: Session, actor: Actor, before: PeriodRow, enrolment_id: int | None) -> None:
    """Evidence that came before the window opened begins the next period by itself."""
    after = periods.begin(
        db,
        person_id=before.person_id,
        subject=before.subject,
        enrolment_id=enrolment_id,
        opens_on=clock.today(),
        due=periods.date_of_next(before),
        held_until=before.valid_until,
        before=before,
    )
    for one, _requirement in periods.sources(db, before.person_id, before.subject):
        one.number, one.enrolment_id = after.number, enrolment_id
    periods.sync(db, actor, person_id=before.person_id, subject=before.subject)


def _meet(db: Session, person_id: int, subject: str) -> None:
    periods.settle(db, person_id=person_id)
    row = periods.latest(db, person_id, subject)
    if row is not None and row.enrolment_id is None and row.met_on is None:
        held = periods.evidence_for(db, row)
        if held is not None:
            periods.meet(db, row, held)
    if subject.startswith("course:"):
        _paths(db, person_id)


def _paths(db: Session, person_id: int) -> None:
    for card in queries.periods_of(db, person_id, clock.today()):
        if card.subject.startswith("path:") and card.period.met_on is None:
            row = db.get_one(PeriodRow, card.id)
            if (held := periods.evidence_for(db, row)) is not None:
                periods.meet(db, row, held)


def revoke(db: Session, actor: Actor, *, person: PersonCard, evidence_id: int, reason: str) -> bool:
    """Take back evidence that was recorded by mistake; both stay in the record. The period waits again."""
    said = plain(reason)
    if not said:
        raise Invalid(reason=N_("Say why. The reason is kept with the record."))
    row = db.get(Evidence, evidence_id)
    if row is None or row.person_id != person.id or row.kind not in CREDITS:
        raise Conflict(N_("This evidence cannot be taken back."))
    if not learning.revoke(db, actor, evidence_id=evidence_id, reason=said[:NOTE_MAX]):
        return False
    for period in periods.met_by(db, evidence_id):
        periods.unmeet(db, period)
        periods.sync(db, actor, person_id=person.id, subject=period.subject)
    audit.say(
        db,
        actor,
        "evidence.revoked",
        subject=person.key,
        organisation_id=person.organisation_id,
        kind=row.kind.value,
        reason=said[:NOTE_MAX],
    )
    return True
