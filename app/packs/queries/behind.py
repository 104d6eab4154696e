"""What else a pack rests on: the reminders that were sent, and the versions of the course that were taken."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, aliased

from app.accounts.models import Person
from app.catalog.models import CourseVersion
from app.kit import clock
from app.packs.rules import Taught, Told
from app.requirements.models import PeriodRow, Reminder
from app.requirements.queries import RequirementCard

AT_ONCE = 500


def end_of(day: date) -> datetime:
    """The first moment after a day, where the people are."""
    return datetime.combine(day + timedelta(days=1), time(), clock.LOCAL)


def some_at_once(ids: Iterable[int]) -> Iterator[list[int]]:
    """A few hundred at a time: databases limit how many values a question may hold."""
    everybody = sorted(set(ids))
    for start in range(0, len(everybody), AT_ONCE):
        yield everybody[start : start + AT_ONCE]


def told(db: Session, requirement: RequirementCard, ids: Sequence[int], as_of: date) -> tuple[Told, ...]:
    """Every reminder about these people and this thing up to a day, the oldest first."""
    to = aliased(Person)
    found: dict[int, list[Told]] = defaultdict(list)
    for some in some_at_once(ids):
        rows = db.execute(
            select(
                Reminder.id,
                Reminder.sent_at,
                Person.family_name + ", " + Person.given_name,
                Reminder.occasion,
                func.coalesce(to.family_name + ", " + to.given_name, ""),
                Reminder.by_mail,
            )
            .join(PeriodRow, or_(PeriodRow.id == Reminder.period_id, PeriodRow.enrolment_id == Reminder.enrolment_id))
            .join(Person, Person.id == PeriodRow.person_id)
            .outerjoin(to, to.id == Reminder.person_id)
            .where(
                PeriodRow.person_id.in_(some),
                PeriodRow.subject == requirement.subject,
                Reminder.sent_at < end_of(as_of),
            )
            .order_by(Reminder.sent_at, Reminder.id)
        )
        for row in rows:
            if not found[row[0]]:
                found[row[0]].append(Told(*row[1:]))
    return tuple(sorted((one for these in found.values() for one in these), key=lambda one: one.at))


def taught(db: Session, digests: set[str], course_id: int | None) -> tuple[Taught, ...]:
    """The versions of the course that these people completed."""
    if not digests or course_id is None:
        return ()
    rows = db.execute(
        select(CourseVersion.major, CourseVersion.minor, CourseVersion.digest, CourseVersion.published_at)
        .where(CourseVersion.digest.in_(sorted(digests)))
        .order_by(CourseVersion.published_at, CourseVersion.id)
    )
    return tuple(Taught(f"{major}.{minor}", digest, published_at) for major, minor, digest, published_at in rows)
