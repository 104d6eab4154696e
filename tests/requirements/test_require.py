"""Requiring a course of a part of the tree."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts import actions as accounts
from app.accounts import queries as people
from app.kit import clock, jobs, mail
from app.kit.actor import SYSTEM, Role
from app.kit.blobs import Blobs
from app.kit.database import Sessions, reading, writing
from app.kit.errors import Forbidden, Invalid, NotFound
from app.learning import actions as learning
from app.learning import queries as runs
from app.learning.models import CompletionCount, Enrolment
from app.learning.rules import RunState
from app.requirements import access, queries
from app.requirements import actions as requirements
from app.requirements.models import Assignment, Requirement
from tests import factories
from tests.requirements.places import a_town, card, complete

EARLY_MARCH = datetime(2026, 3, 1, 8, tzinfo=UTC)
DUE = date(2026, 3, 31)


@pytest.fixture(autouse=True)
def _early_march():  # type: ignore[no-untyped-def]
    with clock.everywhere_at(EARLY_MARCH):
        yield


def _require(db: Session, town, **changes):  # type: ignore[no-untyped-def]
    said = {"course_id": town.course_id, "organisation": card(db, town.place), "due_on": DUE, **changes}
    return requirements.require(db, town.manager, **said)


def test_everybody_at_or_below_the_place_gets_the_course_once(db: Session, blobs: Blobs) -> None:
    town = a_town(db, blobs, (3, 2))
    done = _require(db, town, reason="Yearly", legal_basis="BDAR 39 str.")
    assert (done.added, done.later, done.new) == (5, 0, True)
    rows = db.scalars(select(Enrolment)).all()
    assert {row.person_id for row in rows} == {person.id for person in town.people}
    assert {(row.required, row.due_on, row.state) for row in rows} == {(True, DUE, RunState.ENROLLED)}


def test_the_same_requirement_again_adds_nobody(db: Session, blobs: Blobs) -> None:
    town = a_town(db, blobs)
    first, again = _require(db, town), _require(db, town)
    assert again.key == first.key and (again.added, again.new) == (0, False)
    assert db.scalar(select(func.count()).select_from(Requirement)) == 1
    assert db.scalar(select(func.count()).select_from(Assignment)) == 5


def test_the_dry_run_says_who_is_reached_and_changes_nothing(db: Session, blobs: Blobs) -> None:
    town = a_town(db, blobs, (4, 3))
    done, going, strict, mute = town.people[:4]
    for person in (done, going):
        learning.enrol(db, factories.actor_for(db, person), person_id=person.id, course_id=town.course_id)
    complete(db, done, town.slug)
    learning.assign(
        db, SYSTEM, person_id=strict.id, course_id=town.course_id, due_on=DUE - timedelta(days=7), key="other"
    )
    mute.email = None
    db.flush()
    before = db.scalar(select(func.count()).select_from(Enrolment))
    plan = queries.plan(
        db, course_id=town.course_id, organisation=card(db, town.place), due_on=DUE, today=clock.today()
    )
    assert (plan.reached, plan.completed, plan.going, plan.stricter, plan.fresh) == (7, 1, 1, 1, 4)
    assert plan.without_email == 1 and not plan.past and not plan.too_near and not plan.exists
    assert [(unit.name, unit.reached, unit.completed) for unit in plan.units] == [
        ("Institution 01", 4, 1),
        ("Institution 02", 3, 0),
    ]
    assert db.scalar(select(func.count()).select_from(Enrolment)) == before


def test_a_plan_says_that_a_date_has_passed_or_is_too_near(db: Session, blobs: Blobs) -> None:
    town = a_town(db, blobs)
    place, today = card(db, town.place), clock.today()

    def plan(days: int) -> queries.Plan:
        due_on = today + timedelta(days=days)
        return queries.plan(db, course_id=town.course_id, organisation=place, due_on=due_on, today=today)

    assert plan(-1).past and plan(13).too_near and not plan(13).past and not plan(14).too_near


def test_a_date_in_the_past_is_refused_with_a_sentence(db: Session, blobs: Blobs) -> None:
    town = a_town(db, blobs)
    with pytest.raises(Invalid) as refusal:
        _require(db, town, due_on=date(2026, 2, 28), reason="x" * 501)
    assert set(refusal.value.fields) == {"due_on", "reason"}


def test_the_strictest_of_two_requirements_holds_and_both_are_reasons(db: Session, blobs: Blobs) -> None:
    town = a_town(db, blobs, (1,))
    _require(db, town, reason="All of the town")
    _require(db, town, organisation=card(db, town.institutions[0]), due_on=date(2026, 3, 20), reason="Sooner here")
    row = db.scalars(select(Enrolment)).one()
    assert row.due_on == date(2026, 3, 20)
    said = queries.reasons(db, [row.id], "en")[row.id]
    assert [one.reason for one in said] == ["Sooner here", "All of the town"]
    assert said[1].organisation_name == "Town"


def test_who_has_completed_already_counts_as_assigned_and_completed(db: Session, blobs: Blobs) -> None:
    town = a_town(db, blobs, (1,))
    person = town.people[0]
    learning.enrol(db, factories.actor_for(db, person), person_id=person.id, course_id=town.course_id)
    complete(db, person, town.slug)
    _require(db, town)
    cells = {(c.state, c.required, c.number) for c in db.scalars(select(CompletionCount)) if c.number}
    assert cells == {(RunState.COMPLETED, True, 1)}
    assert learning.verify(db) == []


def test_people_are_told_once_by_notice_and_by_mail(sessions: Sessions, blobs: Blobs, settings) -> None:  # type: ignore[no-untyped-def]
    with writing(sessions) as db:
        town = a_town(db, blobs, (3,))
        mute, done, reader = town.people
        mute.email = None
        learning.enrol(db, factories.actor_for(db, done), person_id=done.id, course_id=town.course_id)
        complete(db, done, town.slug)
        made = _require(db, town, reason="Yearly", legal_basis="Article 39")
        data = {"requirement_id": made.requirement_id, "person_ids": [p.id for p in town.people]}
        for _ in range(2):
            requirements.notify_assigned(db, data, base_url="http://here")
        # Who has completed it is told so, by a notice alone, and is not asked again.
        kinds = [[one.kind.value for one in people.notices_of(db, p.id)] for p in (mute, done, reader)]
        assert kinds == [["assigned"], ["held"], ["assigned"]]
        sent = db.scalars(select(mail.Mail)).all()
        assert [one.address for one in sent] == [reader.email]
        assert "GDPR" in sent[0].subject and "2026-03-31" in sent[0].subject
        for said in ("Town asks you", "31 March 2026", "Why: Yearly", "Article 39", "http://here/courses/gdpr"):
            assert said in sent[0].text


def test_a_newcomer_is_held_to_what_is_required_above_them(db: Session, blobs: Blobs) -> None:
    town = a_town(db, blobs, (1,))
    _require(db, town)
    newcomer = factories.a_person(db, town.institutions[0])
    assert requirements.reach(db, SYSTEM, person_id=newcomer.id) == 1
    assert requirements.reach(db, SYSTEM, person_id=newcomer.id) == 0
    run = runs.run_for(db, newcomer.id, town.slug)
    assert run is not None and run.due_on == DUE


def test_a_newcomer_after_the_date_gets_fourteen_days(db: Session, blobs: Blobs) -> None:
    town = a_town(db, blobs, (1,))
    _require(db, town)
    with clock.everywhere_at(datetime(2026, 5, 4, 8, tzinfo=UTC)):
        newcomer = factories.a_person(db, town.institutions[0])
        requirements.reach(db, SYSTEM, person_id=newcomer.id)
        run = runs.run_for(db, newcomer.id, town.slug)
    assert run is not None and run.due_on == date(2026, 5, 18)


def test_an_ended_requirement_reaches_nobody_new_and_takes_nothing_back(db: Session, blobs: Blobs) -> None:
    town = a_town(db, blobs, (2,))
    made = _require(db, town)
    requirement = access.requirement_to_change(db, town.manager, made.key)
    assert requirements.end(db, town.manager, requirement=requirement)
    assert not requirements.end(db, town.manager, requirement=requirement)
    newcomer = factories.a_person(db, town.institutions[0])
    assert requirements.reach(db, SYSTEM, person_id=newcomer.id) == 0
    assert db.scalar(select(func.count()).select_from(Assignment)) == 2
    again = _require(db, town)
    assert again.new and again.added == 3


def test_a_disabled_person_is_not_reached(db: Session, blobs: Blobs) -> None:
    town = a_town(db, blobs, (2,))
    gone = people.person_by_id(db, town.people[0].id)
    assert gone is not None
    accounts.disable(db, SYSTEM, person=gone)
    assert _require(db, town).added == 1


def test_a_wide_requirement_goes_on_as_jobs(
    sessions: Sessions,
    blobs: Blobs,
    settings,
    monkeypatch,  # type: ignore[no-untyped-def]
) -> None:
    from app.jobs import handlers
    from app.requirements.actions import requiring

    monkeypatch.setattr(requiring, "AT_ONCE", 2)
    monkeypatch.setattr(requiring, "BATCH", 2)
    with writing(sessions) as db:
        town = a_town(db, blobs, (4, 3))
        made = _require(db, town)
        assert (made.added, made.later) == (2, 5)
    jobs.drain(sessions, handlers(settings))
    with reading(sessions) as db:
        assert db.scalar(select(func.count()).select_from(Assignment)) == 7
        assert db.scalar(select(func.count()).select_from(mail.Mail)) == 7
        assert jobs.waiting(db).get(jobs.JobState.FAILED) is None


def test_a_manager_sees_requirements_above_and_ends_only_their_own(db: Session, blobs: Blobs) -> None:
    town = a_town(db, blobs, (1, 1))
    made = _require(db, town)
    here, elsewhere = town.institutions
    inner = factories.actor_for(db, factories.a_person(db, here, roles=[Role.MANAGER]))
    own = requirements.require(
        db, inner, course_id=town.course_id, organisation=card(db, here), due_on=date(2026, 4, 30)
    )
    stranger = factories.actor_for(db, factories.a_person(db, elsewhere, roles=[Role.MANAGER]))
    assert access.requirement_for(db, inner, made.key).key == made.key
    with pytest.raises(Forbidden):
        access.requirement_to_change(db, inner, made.key)
    with pytest.raises(NotFound):
        access.requirement_for(db, stranger, own.key)
    for actor, seen in ((inner, {made.key, own.key}), (stranger, {made.key}), (town.manager, {made.key, own.key})):
        assert {one.key for one in queries.requirements(db, access.visible_to(actor), "en")} == seen
