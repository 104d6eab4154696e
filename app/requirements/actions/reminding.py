"""Reminding people who have not finished: by the ladder of days, and when a manager asks for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
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
from app.organisations.rules import COUNTRIES
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
    """The daily job `requirements.due`: one reminder for each thing that has reached a step of its ladder.

    Answers how many people are reminded. A second run on the same day finds nothing to say.
    """
    today = today or clock.today()
    waiting = queries.due_runs(db, today)
    steps: list[tuple[queries.Due, str]] = []
    for one in waiting:
        told_on = one.told_at.astimezone(clock.LOCAL).date()
        if step := rules.occasion(one.due_on, told_on=told_on, today=today, ladder=one.ladder):
            steps.append((one, step))
    _escalate(db, waiting, today)
    if not steps:
        return 0
    said = queries.occasions_said(db, [step for _, step in steps])
    mailed = queries.mailed_since(db, _midnight(today))
    now = clock.now()
    fresh: dict[int, list[Key]] = defaultdict(list)
    rows = []
    for one, step in steps:
        if (*one.key, step) in said:
            continue
        by_mail = one.has_email and one.person_id not in mailed
        rows.append(_row(one.key, step, now, None, by_mail=by_mail))
        fresh[one.person_id].append(one.key)
    _add(db, rows)
    _ask(db, fresh, f"remind:{today}", today=today, mailed=mailed, manual=False)
    return len(fresh)


def _escalate(db: Session, waiting: Iterable[queries.Due], today: date) -> None:
    """Tell the manager, and later the one above, of what has been overdue for longer: one digest a person, and of each
    period once."""
    due: list[tuple[queries.Due, str]] = [
        (one, who) for one in waiting for who in rules.escalations(one.due_on, today, one.ladder)
    ]
    said = queries.occasions_said(db, ["manager", "head"]) if due else set()
    levels: dict[str, tuple[tuple[int, ...], ...]] = {}
    told: dict[int, list[int]] = defaultdict(list)
    rows, now = [], clock.now()
    for one, who in due:
        if (*one.key, who) in said:
            continue
        if one.path not in levels:
            levels[one.path] = queries.managers_of(db, one.path)
        above = [tuple(x for x in level if x != one.person_id) for level in levels[one.path]]
        above = [level for level in above if level]
        place = 0 if who == "manager" else 1
        for manager in above[place] if len(above) > place else ():
            told[manager].append(one.person_id)
        if len(above) > place:
            rows.append(_row(one.key, who, now, None, by_mail=False, to=above[place][0]))
    _add(db, rows)
    for country, some in _batches(db, told):
        jobs.later(
            db,
            "requirements.escalate",
            key=f"escalate:{today}:{some[0]}-{some[-1]}",
            at=_loud(country, manual=False),
            managers=[[manager, sorted(set(told[manager]))] for manager in some],
            day=today.isoformat(),
        )


Key = tuple[int, int]


def _row(
    key: Key, occasion: str, at: datetime, by: int | None, *, by_mail: bool, to: int | None = None
) -> dict[str, Any]:
    return {
        "enrolment_id": key[0] or None,
        "period_id": key[1] or None,
        "occasion": occasion,
        "sent_at": at,
        "sent_by_id": by,
        "person_id": to,
        "by_mail": by_mail,
    }


def _add(db: Session, rows: list[dict[str, Any]]) -> None:
    # What was said is written before it is sent: a second process that runs at the same time meets the constraint,
    # fails as a whole and says nothing twice.
    if rows:
        db.execute(insert(Reminder), rows)


def _loud(country: str, *, manual: bool) -> datetime:
    """When a mail that is asked for now may arrive."""
    return rules.loud(clock.now().astimezone(clock.LOCAL), asked=manual, country=country)


def _batches(db: Session, person_ids: Iterable[int]) -> Iterator[tuple[str, list[int]]]:
    """People some at a time, those with the same holidays together."""
    everybody = sorted(person_ids)
    countries = queries.countries_of(db, everybody)
    for country in COUNTRIES:
        here = [one for one in everybody if countries.get(one, COUNTRIES[0]) == country]
        for start in range(0, len(here), BATCH):
            yield country, here[start : start + BATCH]


def _ask(
    db: Session, fresh: Mapping[int, list[Key]], key: str, *, today: date, mailed: Iterable[int], manual: bool
) -> None:
    """Ask for the notices and mails, some people at a time, outside the quiet hours."""
    already = set(mailed)
    for country, some in _batches(db, fresh):
        jobs.later(
            db,
            "requirements.remind",
            key=f"{key}:{some[0]}-{some[-1]}",
            at=_loud(country, manual=manual),
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
    fresh: dict[int, list[Key]] = defaultdict(list)
    has_email: dict[int, bool] = {}
    rows = []
    for one in found:
        has_email[one.person_id] = one.has_email
        if one.reminded_at is not None and one.reminded_at >= midnight:
            continue
        occasion = rules.manual_occasion(today)
        rows.append(_row((one.enrolment_id, 0), occasion, now, actor.id or None, by_mail=one.has_email))
        fresh[one.person_id].append((one.enrolment_id, 0))
    _add(db, rows)
    _ask(db, fresh, f"remind:{today}:{now.timestamp()}", today=today, mailed=(), manual=True)
    return _reminded(db, actor, organisation, fresh, has_email)


def remind_these(
    db: Session, actor: Actor, *, organisation: OrganisationCard, lines: Iterable[queries.WeekLine]
) -> Reminded:
    """Remind of these rows now, each at most once a day: courses, paths and certificates from elsewhere alike."""
    today = clock.today()
    midnight, now = _midnight(today), clock.now()
    fresh: dict[int, list[Key]] = defaultdict(list)
    has_email: dict[int, bool] = {}
    rows = []
    for line in lines:
        has_email[line.person_id] = line.has_email
        if line.reminded_at is not None and line.reminded_at >= midnight:
            continue
        key = (line.enrolment_id or 0, 0 if line.enrolment_id else line.period_id)
        rows.append(_row(key, rules.manual_occasion(today), now, actor.id or None, by_mail=line.has_email))
        fresh[line.person_id].append(key)
    _add(db, rows)
    _ask(db, fresh, f"remind:{today}:{now.timestamp()}", today=today, mailed=(), manual=True)
    return _reminded(db, actor, organisation, fresh, has_email)


def _reminded(
    db: Session,
    actor: Actor,
    organisation: OrganisationCard,
    fresh: Mapping[int, list[Key]],
    has_email: Mapping[int, bool],
) -> Reminded:
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
    base = base_url.rstrip("/")
    asked = {person_id: (keys, by_mail) for person_id, keys, by_mail in data["people"]}
    keys = [(int(one), int(other)) for of, _ in asked.values() for one, other in of]
    waiting: dict[int, list[queries.Unfinished]] = defaultdict(list)
    for one in queries.unfinished(db, [enrolment_id for enrolment_id, _ in keys if enrolment_id]):
        waiting[one.person_id].append(one)
    outside: dict[int, list[queries.Outside]] = defaultdict(list)
    for other in queries.outside(db, [period_id for _, period_id in keys if period_id]):
        outside[other.person_id].append(other)
    contacts = people.contacts(db, {*waiting, *outside})
    for person_id, contact in sorted(contacts.items()):
        runs = waiting.get(person_id, [])
        titles = catalog.titles(db, {one.course_id for one in runs}, contact.lang) if runs else {}
        lines, news = [], False
        for one in runs:
            title = titles.get(one.course_id, one.course_slug)
            key = f"reminder:{one.enrolment_id}:{today}"
            news |= _notify(db, person_id, key, title, one.due_on, today, data["manual"], course=one.course_slug)
            lines.append(_line(title, one.due_on, today, f"{base}/courses/{one.course_slug}"))
        for other in outside.get(person_id, []):
            key = f"reminder:period:{other.period_id}:{today}"
            news |= _notify(db, person_id, key, other.title, other.due_on, today, data["manual"])
            lines.append(_line(other.title, other.due_on, today, f"{base}/learning"))
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
                url=f"{base}/learning",
            )


def _notify(
    db: Session, person_id: int, key: str, title: str, due_on: date, today: date, manual: bool, **more: str
) -> bool:
    kind = NoticeKind.OVERDUE if due_on < today else NoticeKind.DUE_SOON
    return accounts.notify(
        db,
        person_id,
        NoticeKind.REMINDED if manual else kind,
        key=key,
        title=title,
        due_on=due_on.isoformat(),
        **more,
    )


def _line(title: str, due_on: date, today: date, url: str) -> _Line:
    return _Line(title, due_on, abs((due_on - today).days), due_on < today, url)


def send_escalations(db: Session, data: Mapping[str, Any], *, base_url: str) -> None:
    """The job `requirements.escalate`: one digest for a manager, with the names of those who have been overdue for long."""
    contacts = people.contacts(db, [manager for manager, _ in data["managers"]])
    for manager, person_ids in data["managers"]:
        contact = contacts.get(manager)
        late = people.contacts(db, person_ids)
        if contact is None or not late:
            continue
        accounts.tell(
            db,
            contact,
            NoticeKind.ESCALATED,
            "escalation",
            key=f"escalated:{manager}:{data['day']}",
            notice={"people": len(late)},
            words={
                "people": sorted(f"{one.given_name} {one.family_name}" for one in late.values()),
                "url": f"{base_url.rstrip('/')}/managing",
            },
        )
