"""More time: asked for by the learner with one tap, granted or refused by a manager with another, each with a reason."""

from __future__ import annotations

import secrets
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.accounts import actions as accounts
from app.accounts import queries as people
from app.accounts.rules import NoticeKind, plain
from app.kit import audit, clock
from app.kit.actor import Actor
from app.kit.errors import Conflict, Invalid, NotFound
from app.kit.i18n import N_
from app.requirements import queries
from app.requirements.actions import periods
from app.requirements.models import Extension, ExtensionState, PeriodRow
from app.requirements.queries import Ask, PeriodCard
from app.requirements.rules.dates import FARTHEST_DAYS

OFFERED_DAYS = 21  # where no day is said; longer than a date counts as near, so that what was granted is off the list


def ask(db: Session, actor: Actor, *, period: PeriodCard, reason: str, until: date | None = None) -> str:
    """Ask for more time for one's own period. A second question while the first waits changes nothing."""
    said = plain(reason)
    if period.person_id != actor.id:
        raise NotFound(N_("There is no such requirement."))
    if period.period.met_on is not None:
        raise Conflict(N_("This is completed already."))
    if not said:
        raise Invalid(reason=N_("Say why you need more time."))
    was = period.period.due_on
    wanted = until or max(was, clock.today()) + timedelta(days=OFFERED_DAYS)
    _check_day(wanted, was)
    row = Extension(
        key=secrets.token_hex(10),
        period_id=period.id,
        person_id=actor.id,
        was_on=was,
        until=wanted,
        reason=said[:500],
        asked_at=clock.now(),
    )
    try:
        with db.begin_nested():
            db.add(row)
    except IntegrityError:  # one waits already
        found = db.scalar(
            select(Extension.key).where(Extension.period_id == period.id, Extension.state == ExtensionState.ASKED)
        )
        assert found is not None
        return found
    for manager in queries.managers_of(db, actor.organisation_path)[:1]:
        for person_id in manager:
            accounts.notify(
                db,
                person_id,
                NoticeKind.EXTENSION_ASKED,
                key=f"extension:{row.key}:{person_id}",
                person=actor.name,
                due_on=wanted.isoformat(),
                question=said[:500],
            )
    audit.say(
        db,
        actor,
        "extension.asked",
        subject=row.key,
        organisation_id=actor.organisation_id,
        was=was.isoformat(),
        now=wanted.isoformat(),
    )
    return row.key


def _check_day(until: date, was: date) -> None:
    if until <= was:
        raise Invalid(until=N_("Choose a day after the present due date."))
    if (until - was).days > FARTHEST_DAYS:
        raise Invalid(until=N_("This date is more than five years away. Check the year."))


def decide(
    db: Session, actor: Actor, *, asked: Ask, granted: bool, answer: str = "", until: date | None = None
) -> bool:
    """Grant or refuse; a refusal needs a reason. Whether this was news: a second answer changes nothing."""
    said = plain(answer)
    if asked.person_id == actor.id:
        raise Conflict(N_("Nobody answers their own question. Ask another manager."))
    if not granted and not said:
        raise Invalid(answer=N_("Say why not; the learner reads it."))
    row = db.scalar(
        select(Extension).where(Extension.key == asked.key).with_for_update().execution_options(populate_existing=True)
    )
    if row is None or row.state is not ExtensionState.ASKED:
        return False
    day = until or row.until
    if granted:
        _check_day(day, row.was_on)
    row.state = ExtensionState.GRANTED if granted else ExtensionState.REFUSED
    row.until, row.answer = day, said[:500]
    row.decided_at, row.decided_by_id = clock.now(), actor.id or None
    if granted:
        extend(db, actor, period_id=row.period_id, until=day)
    place = people.person_by_id(db, row.person_id)
    accounts.notify(
        db,
        row.person_id,
        NoticeKind.EXTENSION_GRANTED if granted else NoticeKind.EXTENSION_REFUSED,
        key=f"extension:{row.key}:decided",
        due_on=(day if granted else row.was_on).isoformat(),
        question=said[:500],
    )
    audit.say(
        db,
        actor,
        "extension.granted" if granted else "extension.refused",
        subject=row.key,
        organisation_id=place.organisation_id if place else None,
        was=row.was_on.isoformat(),
        now=day.isoformat() if granted else row.was_on.isoformat(),
    )
    return True


def extend(db: Session, actor: Actor, *, period_id: int, until: date) -> None:
    """Give a period more time. It is never made shorter by this."""
    row = db.scalar(
        select(PeriodRow).where(PeriodRow.id == period_id).with_for_update().execution_options(populate_existing=True)
    )
    if row is None or row.met_on is not None or not row.latest:
        raise Conflict(N_("This is completed already."))
    row.extended_until = max(until, row.extended_until or until)
    db.flush()
    periods.sync(db, actor, person_id=row.person_id, subject=row.subject)
