"""What a manager does for several people at once: more time, an excuse. Each row keeps its reason."""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from app.accounts import actions as accounts
from app.accounts import queries as people
from app.accounts.rules import NoticeKind, plain
from app.kit import audit, clock
from app.kit.actor import Actor
from app.kit.errors import Invalid
from app.kit.i18n import N_
from app.requirements import queries
from app.requirements.actions import extending
from app.requirements.actions.absences import exempt
from app.requirements.models import Extension, ExtensionState
from app.requirements.queries import WeekLine
from app.requirements.rules.dates import FARTHEST_DAYS


@dataclass(frozen=True, slots=True)
class Given:
    """How many rows were changed, and how many stood so already."""

    changed: int
    as_before: int


def give_time(db: Session, actor: Actor, *, lines: Iterable[WeekLine], until: date, reason: str) -> Given:
    """Let these rows be due by a later day, with one reason. Questions for more time that wait are answered by it.

    Rows that are due by then, or later, stay as they are: nobody loses a day.
    """
    said, rows = plain(reason), list(lines)
    later = [line for line in rows if line.due_on < until]
    if not said:
        raise Invalid(reason=N_("Say why. The reason is kept with the record."))
    if until <= clock.today() or not later:
        raise Invalid(until=N_("Choose a day after the present due date."))
    if (until - clock.today()).days > FARTHEST_DAYS:
        raise Invalid(until=N_("This date is more than five years away. Check the year."))
    for line in later:
        asked = queries.ask_by_key(db, line.asked_key) if line.asked_key else None
        if asked is not None:
            extending.decide(db, actor, asked=asked, granted=True, answer=said, until=until)
        else:
            _grant(db, actor, line, until, said)
    return Given(len(later), len(rows) - len(later))


def _grant(db: Session, actor: Actor, line: WeekLine, until: date, reason: str) -> None:
    row = Extension(
        key=secrets.token_hex(10),
        period_id=line.period_id,
        person_id=line.person_id,
        state=ExtensionState.GRANTED,
        was_on=line.due_on,
        until=until,
        reason="",
        asked_at=clock.now(),
        decided_at=clock.now(),
        decided_by_id=actor.id or None,
        answer=reason[:500],
    )
    db.add(row)
    db.flush()
    extending.extend(db, actor, period_id=line.period_id, until=until)
    accounts.notify(
        db,
        line.person_id,
        NoticeKind.EXTENSION_GRANTED,
        key=f"extension:{row.key}:decided",
        due_on=until.isoformat(),
        question=reason[:500],
    )
    audit.say(
        db,
        actor,
        "extension.granted",
        subject=row.key,
        organisation_id=line.organisation_id,
        was=line.due_on.isoformat(),
        now=until.isoformat(),
    )


def excuse(db: Session, actor: Actor, *, lines: Iterable[WeekLine], reason: str, until: date | None = None) -> Given:
    """Excuse each of these people from this one thing, with one reason."""
    rows = list(lines)
    groups: dict[str, list[int]] = defaultdict(list)
    for line in rows:
        groups[line.subject].append(line.person_id)
    changed = 0
    for subject, ids in sorted(groups.items()):
        cards = [card for one in ids if (card := people.person_by_id(db, one)) is not None]
        changed += exempt(db, actor, people=cards, subject=subject, reason=reason, until=until)
    return Given(changed, len(rows) - changed)
