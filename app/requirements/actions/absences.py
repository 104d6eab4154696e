"""Who need not, and who is away: exemptions with their reason, leave, and what both do to runs and dates."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.accounts.queries import PersonCard
from app.accounts.rules import plain
from app.kit import audit, clock
from app.kit.actor import SYSTEM, Actor
from app.kit.errors import Conflict, Invalid
from app.kit.i18n import N_
from app.learning import actions as learning
from app.learning.models import Enrolment
from app.learning.rules import RunState
from app.requirements import queries
from app.requirements.actions import periods
from app.requirements.models import Exemption, LeaveRow, PeriodRow
from app.requirements.rules import dates


def exempt(
    db: Session,
    actor: Actor,
    *,
    people: Iterable[PersonCard],
    subject: str,
    reason: str,
    since: date | None = None,
    until: date | None = None,
) -> int:
    """Excuse people from something (`subject` empty: from everything). Whoever is excused already stays so.

    Answers how many were not.
    """
    today = clock.today()
    since, said = since or today, plain(reason)
    if not said:
        raise Invalid(reason=N_("Say why. The reason is kept with the record."))
    if until is not None and until < since:
        raise Invalid(until=N_("The second date lies before the first."))
    everybody = list(people)
    if any(one.id == actor.id for one in everybody):
        raise Conflict(N_("Nobody excuses themselves. Ask another manager."))
    had = queries.exemptions_of(db, [one.id for one in everybody])
    fresh = [one for one in everybody if not any(x.covers(subject, since) for x in had.get(one.id, ()))]
    for person in fresh:
        db.add(
            Exemption(
                person_id=person.id,
                subject=subject,
                since=since,
                until=until,
                reason=said[:500],
                granted_at=clock.now(),
                granted_by_id=actor.id or None,
            )
        )
        audit.say(
            db,
            actor,
            "person.exempted",
            subject=person.key,
            organisation_id=person.organisation_id,
            about=subject,
            reason=said[:500],
        )
    db.flush()
    settle_absences(db, actor, person_ids=[one.id for one in fresh])
    return len(fresh)


def end_exemption(db: Session, actor: Actor, *, person: PersonCard, exemption_id: int) -> bool:
    """The person must again; the date is as it was, and at least a fair time from now."""
    row = db.scalar(
        select(Exemption).where(
            Exemption.id == exemption_id, Exemption.person_id == person.id, Exemption.ended_at.is_(None)
        )
    )
    if row is None:
        return False
    row.ended_at = clock.now()
    db.flush()
    settle_absences(db, actor, person_ids=[person.id])
    audit.say(
        db,
        actor,
        "person.exemption-ended",
        subject=person.key,
        organisation_id=person.organisation_id,
        about=row.subject,
    )
    return True


def give_leave(db: Session, actor: Actor, *, person: PersonCard, since: date, until: date | None) -> bool:
    """Say that somebody is away. Dates move by the days of it; an open end pauses them."""
    if until is not None and until < since:
        raise Invalid(until=N_("The second date lies before the first."))
    same = select(LeaveRow.id).where(
        LeaveRow.person_id == person.id,
        LeaveRow.since == since,
        LeaveRow.until == until if until is not None else LeaveRow.until.is_(None),
        LeaveRow.ended_at.is_(None),
    )
    if db.scalar(same) is not None:
        return False
    db.add(
        LeaveRow(
            person_id=person.id,
            since=since,
            until=until,
            recorded_at=clock.now(),
            recorded_by_id=actor.id or None,
        )
    )
    db.flush()
    _move_dates(db, actor, person.id)
    settle_absences(db, actor, person_ids=[person.id])
    audit.say(
        db,
        actor,
        "person.leave-given",
        subject=person.key,
        organisation_id=person.organisation_id,
        since=since.isoformat(),
        until=until.isoformat() if until else "",
    )
    return True


def end_leave(db: Session, actor: Actor, *, person: PersonCard, on: date | None = None) -> bool:
    """Somebody is back: leave that is running, or has no end, ends the day before."""
    back = on or clock.today()
    rows = db.scalars(
        select(LeaveRow).where(
            LeaveRow.person_id == person.id,
            LeaveRow.ended_at.is_(None),
            or_(LeaveRow.until.is_(None), LeaveRow.until >= back),
            LeaveRow.since <= back,
        )
    ).all()
    for row in rows:
        if row.since >= back:
            row.ended_at = clock.now()
        else:
            row.until = date.fromordinal(back.toordinal() - 1)
    db.flush()
    if rows:
        _move_dates(db, actor, person.id)
        settle_absences(db, actor, person_ids=[person.id])
        audit.say(
            db,
            actor,
            "person.returned",
            subject=person.key,
            organisation_id=person.organisation_id,
            on=back.isoformat(),
        )
    return bool(rows)


def _move_dates(db: Session, actor: Actor, person_id: int) -> None:
    subjects = db.scalars(
        select(PeriodRow.subject)
        .where(PeriodRow.person_id == person_id, PeriodRow.latest.is_(True), PeriodRow.met_on.is_(None))
        .order_by(PeriodRow.subject)
    ).all()
    for subject in subjects:
        periods.recount(db, actor, person_id=person_id, subject=subject)


def settle_absences(db: Session, actor: Actor = SYSTEM, *, person_ids: Iterable[int] | None = None) -> int:
    """Bring runs up to date with who is excused and who is away today. Answers how many runs changed.

    Without `person_ids`: of everybody whom it may concern, which is the daily work.
    """
    today = clock.today()
    ids = set(person_ids) if person_ids is not None else _concerned(db, today)
    excused, away = queries.exemptions_of(db, ids), queries.leaves_of(db, ids)
    rows = db.execute(
        select(PeriodRow.person_id, PeriodRow.subject, PeriodRow.enrolment_id)
        .where(
            PeriodRow.person_id.in_(sorted(ids)),
            PeriodRow.latest.is_(True),
            PeriodRow.dropped_at.is_(None),
            PeriodRow.enrolment_id.is_not(None),
        )
        .order_by(PeriodRow.id)
    ).all()
    changed = 0
    for person_id, subject, enrolment_id in rows:
        assert enrolment_id is not None  # it was asked for
        state = None
        if any(one.covers(subject, today) for one in excused.get(person_id, ())):
            state = RunState.EXEMPT
        elif dates.away(away.get(person_id, ()), today):
            state = RunState.PAUSED
        changed += learning.excuse(db, actor, enrolment_id=enrolment_id, state=state)
    return changed


def _concerned(db: Session, today: date) -> set[int]:
    """Whoever is excused or away today, or has been when this was last looked at."""
    found = set(
        db.scalars(
            select(Exemption.person_id).where(
                Exemption.ended_at.is_(None),
                Exemption.since <= today,
                or_(Exemption.until.is_(None), Exemption.until >= today),
            )
        )
    )
    found |= set(
        db.scalars(
            select(LeaveRow.person_id).where(
                LeaveRow.ended_at.is_(None),
                LeaveRow.since <= today,
                or_(LeaveRow.until.is_(None), LeaveRow.until >= today),
            )
        )
    )
    states = (RunState.EXEMPT, RunState.PAUSED)
    return found | set(db.scalars(select(Enrolment.person_id).where(Enrolment.state.in_(states))))
