"""Reminding people who have not finished: by the ladder of days, and when a manager asks for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.accounts import actions as accounts
from app.accounts import queries as people
from app.accounts.rules import NoticeKind
from app.catalog import queries as catalog
from app.kit import audit, clock, jobs, mail
from app.kit.actor import Actor
from app.organisations.queries import OrganisationCard
from app.requirements import queries, rules
from app.requirements.models import Reminder

BATCH = 50  # people per job: a job holds SQLite's one writer for as long as it writes


@dataclass(frozen=True, slots=True)
class Reminded:
    """How many people a reminder goes to: by mail, by a notice alone, and not again because it was said today."""

    by_mail: int
    without_email: int
    already_today: int

    @property
    def people(self) -> int:
        return self.by_mail + self.without_email


def _midnight(today: date) -> datetime:
    return datetime.combine(today, time(), clock.LOCAL)


def send_due_reminders(db: Session, *, base_url: str, today: date | None = None) -> int:
    """The daily job `requirements.due`: one reminder for each run that has reached a step of the ladder.

    Answers how many people are reminded. A second run on the same day finds nothing to say.
    """
    today = today or clock.today()
    steps: list[tuple[queries.Due, str]] = []
    for one in queries.due_runs(db, today):
        told_on = one.told_at.astimezone(clock.LOCAL).date()
        if step := rules.occasion(one.due_on, told_on=told_on, today=today):
            steps.append((one, step))
    if not steps:
        return 0
    said = queries.occasions_said(db, [step for _, step in steps])
    mailed = queries.mailed_since(db, _midnight(today))
    now = clock.now()
    fresh: dict[int, list[int]] = defaultdict(list)
    rows = []
    for one, step in steps:
        if (one.enrolment_id, step) in said:
            continue
        by_mail = one.has_email and one.person_id not in mailed
        rows.append(_row(one.enrolment_id, step, now, None, by_mail=by_mail))
        fresh[one.person_id].append(one.enrolment_id)
    _add(db, rows)
    _ask(db, fresh, f"remind:{today}", today=today, mailed=mailed, manual=False)
    return len(fresh)


def _row(enrolment_id: int, occasion: str, at: datetime, by: int | None, *, by_mail: bool) -> dict[str, Any]:
    return {"enrolment_id": enrolment_id, "occasion": occasion, "sent_at": at, "sent_by_id": by, "by_mail": by_mail}


def _add(db: Session, rows: list[dict[str, Any]]) -> None:
    # What was said is written before it is sent: a second process that runs at the same time meets the constraint,
    # fails as a whole and says nothing twice.
    if rows:
        db.execute(insert(Reminder), rows)


def _ask(
    db: Session, fresh: Mapping[int, list[int]], key: str, *, today: date, mailed: Iterable[int], manual: bool
) -> None:
    """Ask for the notices and mails, some people at a time."""
    already = set(mailed)
    everybody = sorted(fresh)
    for start in range(0, len(everybody), BATCH):
        some = everybody[start : start + BATCH]
        jobs.later(
            db,
            "requirements.remind",
            key=f"{key}:{some[0]}-{some[-1]}",
            people=[[person_id, fresh[person_id], person_id not in already] for person_id in some],
            day=today.isoformat(),
            manual=manual,
        )


def remind(
    db: Session,
    actor: Actor,
    *,
    organisation: OrganisationCard,
    course_id: int | None = None,
    person_id: int | None = None,
) -> Reminded:
    """Remind those who are behind at or below a place now; each run at most once a day."""
    today = clock.today()
    found = queries.behind(db, organisation.path, today=today, course_id=course_id, person_id=person_id)
    midnight, now = _midnight(today), clock.now()
    fresh: dict[int, list[int]] = defaultdict(list)
    has_email: dict[int, bool] = {}
    rows = []
    for one in found:
        has_email[one.person_id] = one.has_email
        if one.reminded_at is not None and one.reminded_at >= midnight:
            continue
        occasion = rules.manual_occasion(today)
        rows.append(_row(one.enrolment_id, occasion, now, actor.id or None, by_mail=one.has_email))
        fresh[one.person_id].append(one.enrolment_id)
    _add(db, rows)
    _ask(db, fresh, f"remind:{today}:{now.timestamp()}", today=today, mailed=(), manual=True)
    by_mail = sum(has_email[person] for person in fresh)
    if fresh:
        audit.say(
            db,
            actor,
            "reminder.sent",
            subject=organisation.code,
            organisation_id=organisation.id,
            people=len(fresh),
            by_mail=by_mail,
        )
    return Reminded(by_mail, len(fresh) - by_mail, len(has_email) - len(fresh))


@dataclass(frozen=True, slots=True)
class _Line:
    """One course of a reminder."""

    title: str
    due_on: date
    days: int
    overdue: bool
    url: str


def send_reminders(db: Session, data: Mapping[str, Any], *, base_url: str) -> None:
    """The job `requirements.remind`: a notice per course and one mail per person that lists them all.

    Who has finished since the job was asked for is left alone.
    """
    today = date.fromisoformat(data["day"])
    asked = {person_id: (ids, by_mail) for person_id, ids, by_mail in data["people"]}
    waiting: dict[int, list[queries.Unfinished]] = defaultdict(list)
    for one in queries.unfinished(db, [i for ids, _ in asked.values() for i in ids]):
        waiting[one.person_id].append(one)
    contacts = people.contacts(db, waiting)
    for person_id, runs in sorted(waiting.items()):
        contact = contacts.get(person_id)
        if contact is None:
            continue
        titles = catalog.titles(db, {one.course_id for one in runs}, contact.lang)
        lines = []
        news = False
        for one in runs:
            title = titles.get(one.course_id, one.course_slug)
            overdue = one.due_on < today
            kind = NoticeKind.OVERDUE if overdue else NoticeKind.DUE_SOON
            news |= accounts.notify(
                db,
                person_id,
                NoticeKind.REMINDED if data["manual"] else kind,
                key=f"reminder:{one.enrolment_id}:{today}",
                course=one.course_slug,
                title=title,
                due_on=one.due_on.isoformat(),
            )
            url = f"{base_url.rstrip('/')}/courses/{one.course_slug}"
            lines.append(_Line(title, one.due_on, abs((one.due_on - today).days), overdue, url))
        if news and contact.email is not None and asked[person_id][1]:
            mail.write(
                db,
                "reminder",
                address=contact.email,
                lang=contact.lang,
                person_id=person_id,
                name=f"{contact.given_name} {contact.family_name}",
                lines=lines,
                overdue=any(line.overdue for line in lines),
                url=f"{base_url.rstrip('/')}/learning",
            )
