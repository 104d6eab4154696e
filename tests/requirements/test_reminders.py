"""Reminders: the ladder of days, one mail a day, and by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.models import Notice
from app.jobs import handlers
from app.kit import audit, clock, jobs, mail
from app.kit.blobs import Blobs
from app.kit.database import Sessions, reading, writing
from app.requirements import actions as requirements
from app.requirements import queries, rules
from app.requirements.models import Reminder
from tests import factories
from tests.requirements.places import a_town, card, complete

DUE = date(2026, 3, 31)
ASSIGNED = datetime(2026, 1, 5, 8, tzinfo=UTC)


def occasions(told: date, days: range) -> list[tuple[int, str]]:
    """What a run told on `told` hears on each of the days (counted from the due date), each occasion once."""
    heard: dict[str, int] = {}
    for day in days:
        step = rules.occasion(DUE, told_on=told, today=DUE + timedelta(days=day))
        if step:
            heard.setdefault(step, day)
    return [(day, step) for step, day in heard.items()]


def test_the_ladder_has_four_steps_before_the_date_and_one_a_week_after_it() -> None:
    assert occasions(date(2026, 1, 5), range(-40, 18)) == [
        (-30, "T-30"), (-14, "T-14"), (-7, "T-7"), (-1, "T-1"), (1, "T+1"), (8, "T+8"), (15, "T+15"),
    ]  # fmt: skip


def test_a_step_that_passed_before_one_was_told_is_not_said() -> None:
    assert occasions(DUE - timedelta(days=10), range(-10, 3)) == [(-7, "T-7"), (-1, "T-1"), (1, "T+1")]
    assert occasions(DUE - timedelta(days=7), range(-7, 0)) == [(-1, "T-1")]


def test_days_on_which_nothing_ran_are_caught_up_with_one_reminder() -> None:
    assert occasions(date(2026, 1, 5), range(-40, 3, 12)) == [(-28, "T-30"), (-4, "T-7")]


def test_nobody_new_gets_less_than_a_fair_time() -> None:
    today = date(2026, 3, 1)
    assert rules.newcomers_due(date(2026, 1, 1), today) == date(2026, 3, 15)
    assert rules.newcomers_due(date(2026, 3, 10), today) == date(2026, 3, 15)
    assert rules.newcomers_due(date(2026, 6, 1), today) == date(2026, 6, 1)


def _on(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 7, tzinfo=UTC)


def _send(sessions: Sessions, settings, day: date) -> int:  # type: ignore[no-untyped-def]
    with clock.everywhere_at(_on(day)):
        with writing(sessions) as db:
            people = requirements.send_due_reminders(db, base_url="http://here")
        jobs.drain(sessions, handlers(settings))
    return people


@pytest.fixture
def town(sessions: Sessions, blobs: Blobs, settings):  # type: ignore[no-untyped-def]
    with clock.everywhere_at(ASSIGNED):
        with writing(sessions) as db:
            made = a_town(db, blobs, (3,))
            made.people[1].email = None
            for slug in ("gdpr", "cyber"):
                course = (
                    made.course_id
                    if slug == "gdpr"
                    else factories.a_course(db, blobs, slug, pages=1, questions=0, title=slug.upper()).course_id
                )
                requirements.require(db, made.manager, course_id=course, organisation=card(db, made.place), due_on=DUE)
            complete(db, made.people[2], "gdpr")
            complete(db, made.people[2], "cyber")
        jobs.drain(sessions, handlers(settings))
    return made


def _mails(db: Session, since: date) -> list[mail.Mail]:
    said = select(mail.Mail).where(mail.Mail.created_at >= _on(since), mail.Mail.text.contains("still to be completed"))
    return list(db.scalars(said.order_by(mail.Mail.id)))


def test_one_mail_lists_all_courses_and_the_finished_hear_nothing(sessions: Sessions, settings, town) -> None:  # type: ignore[no-untyped-def]
    day = DUE - timedelta(days=7)
    assert _send(sessions, settings, day) == 2
    assert _send(sessions, settings, day) == 0
    with reading(sessions) as db:
        mails = _mails(db, day)
        assert [one.person_id for one in mails] == [town.people[0].id]
        assert "GDPR" in mails[0].text and "CYBER" in mails[0].text and "http://testserver/learning" in mails[0].text
        assert db.scalar(select(func.count()).select_from(Reminder)) == 4
        kinds = db.scalars(select(Notice.kind).where(Notice.created_at >= _on(day)))
        assert sorted(kinds) == ["due-soon"] * 4
        without = db.scalars(select(Reminder.by_mail)).all()
        assert sorted(without) == [False, False, True, True]


def test_who_finishes_before_the_job_runs_is_left_alone(sessions: Sessions, settings, town) -> None:  # type: ignore[no-untyped-def]
    day = DUE + timedelta(days=1)
    with clock.everywhere_at(_on(day)):
        with writing(sessions) as db:
            assert requirements.send_due_reminders(db, base_url="http://here") == 2
            for slug in ("gdpr", "cyber"):
                complete(db, town.people[0], slug)
        jobs.drain(sessions, handlers(settings))
    with reading(sessions) as db:
        assert _mails(db, day) == []


def test_a_manager_reminds_those_behind_once_a_day(sessions: Sessions, settings, town) -> None:  # type: ignore[no-untyped-def]
    day = DUE - timedelta(days=3)
    with clock.everywhere_at(_on(day)):
        with writing(sessions) as db:
            place = card(db, town.place)
            waiting = queries.waiting_at(db, place, [card(db, one) for one in town.institutions], here=True, today=day)
            assert [(w.people, w.without_email, w.reminded_at) for w in waiting.values()] == [(2, 1, None)]
            done = requirements.remind(db, town.manager, organisation=place)
            assert (done.by_mail, done.without_email, done.already_today) == (1, 1, 0)
            again = requirements.remind(db, town.manager, organisation=place)
            assert (again.people, again.already_today) == (0, 2)
            assert audit.count(db) and audit.broken_links(db) == []
        jobs.drain(sessions, handlers(settings))
    with reading(sessions) as db:
        assert len(_mails(db, day)) == 1
        assert set(db.scalars(select(Notice.kind).where(Notice.created_at >= _on(day)))) == {"reminded"}


def test_a_manual_reminder_and_the_ladder_make_one_mail_a_day(sessions: Sessions, settings, town) -> None:  # type: ignore[no-untyped-def]
    day = DUE - timedelta(days=14)
    with clock.everywhere_at(_on(day)), writing(sessions) as db:
        requirements.remind(db, town.manager, organisation=card(db, town.place), course_id=town.course_id)
    _send(sessions, settings, day)
    with reading(sessions) as db:
        assert len(_mails(db, day)) == 1


def test_nobody_is_reminded_of_what_is_far_away(sessions: Sessions, settings, town) -> None:  # type: ignore[no-untyped-def]
    assert _send(sessions, settings, DUE - timedelta(days=31)) == 0
    with clock.everywhere_at(_on(DUE - timedelta(days=31))), writing(sessions) as db:
        assert requirements.remind(db, town.manager, organisation=card(db, town.place)).people == 0
