"""Periods: one after another, never reset; what meets them, what moves their dates, and what never does."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine, event, func, select, update
from sqlalchemy.orm import Session

from app.accounts import queries as people
from app.accounts.models import Person, Post
from app.accounts.queries import PersonCard
from app.jobs import handlers
from app.kit import clock, jobs
from app.kit.actor import SYSTEM
from app.kit.blobs import Blobs
from app.kit.database import Sessions, reading, writing
from app.kit.errors import Conflict, Invalid
from app.learning import actions as learning
from app.learning.models import CompletionCount, Enrolment, Evidence
from app.learning.rules import Kind, RunState
from app.requirements import actions as requirements
from app.requirements import queries, rules
from app.requirements.actions import Credit
from app.requirements.models import Assignment, PeriodRow
from app.requirements.queries import PeriodCard
from app.requirements.rules import Due, DueKind, Path, PathKind, Renewal, Rule, Status, Terms, What, WhatKind
from app.requirements.rules.paths import Item
from tests import factories
from tests.requirements.places import Town, a_town, card, complete

MARCH = datetime(2026, 3, 2, 8, tzinfo=UTC)
DUE = date(2026, 3, 31)
YEARLY = Terms(valid_months=12, window_days=60, grace_days=15)


@pytest.fixture(autouse=True)
def in_march():  # type: ignore[no-untyped-def]
    with clock.everywhere_at(MARCH):
        yield


def on(day: date, hour: int = 8) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def a_rule(town: Town, **changes: object) -> Rule:
    said: dict[str, object] = {
        "what": What(WhatKind.COURSE, town.course_id),
        "organisation_id": town.place.id,
        "audience": rules.everybody_at(town.place.id),
        "due": Due(DueKind.FIXED, DUE),
        "terms": YEARLY,
    }
    return Rule(**{**said, **changes})  # type: ignore[arg-type]


def person_card(db: Session, person: Person) -> PersonCard:
    found = people.person_by_id(db, person.id)
    assert found is not None
    return found


def period(db: Session, person: Person, town: Town, today: date | None = None) -> PeriodCard:
    found = queries.latest_period(db, person.id, f"course:{town.course_id}", today or clock.today())
    assert found is not None
    return found


def finish(db: Session, person: Person, town: Town) -> None:
    """Complete the course, and do what the job after it does."""
    complete(db, person, town.slug)
    run = db.scalars(
        select(Enrolment).where(Enrolment.person_id == person.id).order_by(Enrolment.period.desc())
    ).first()
    assert run is not None
    requirements.completed(db, enrolment_id=run.id)


def agree(db: Session) -> None:
    assert learning.verify(db) == [] and requirements.verify(db) == []


def test_a_year_goes_round_and_nothing_is_reset(db: Session, blobs: Blobs) -> None:
    town = a_town(db, blobs, (1,))
    person = town.people[0]
    requirements.set_rule(db, town.manager, rule=a_rule(town))
    assert period(db, person, town).status is Status.OPEN
    with clock.everywhere_at(on(date(2026, 3, 20))):
        finish(db, person, town)
        first = period(db, person, town)
        assert (first.status, first.period.valid_until) == (Status.COMPLETED, date(2027, 3, 20))
    with clock.everywhere_at(on(date(2027, 1, 18))):
        assert requirements.renew(db) == 0
    with clock.everywhere_at(on(date(2027, 1, 19))):
        assert period(db, person, town).status is Status.EXPIRING
        assert (requirements.renew(db), requirements.renew(db)) == (1, 0)
        second = period(db, person, town)
        assert (second.period.number, second.period.due_on, second.status) == (2, date(2027, 4, 5), Status.EXPIRING)
    said = [
        (day, period(db, person, town, day).status) for day in (date(2027, 3, 21), date(2027, 4, 5), date(2027, 4, 6))
    ]
    assert [status for _, status in said] == [Status.EXPIRED, Status.EXPIRED, Status.OVERDUE]
    runs = db.scalars(select(Enrolment).order_by(Enrolment.period)).all()
    assert [(run.period, run.state, run.current) for run in runs] == [
        (1, RunState.COMPLETED, False), (2, RunState.ENROLLED, True),
    ]  # fmt: skip
    # The counters count people once: as they stand in the present period.
    cells = [(c.state, c.required, c.due_on, c.number) for c in db.scalars(select(CompletionCount)) if c.number]
    assert cells == [(RunState.ENROLLED, True, date(2027, 4, 5), 1)]
    agree(db)
    with clock.everywhere_at(on(date(2027, 4, 20))):
        finish(db, person, town)
        assert period(db, person, town).status is Status.COMPLETED
    agree(db)


def test_who_holds_it_already_is_not_asked_again_until_it_ends(db: Session, blobs: Blobs) -> None:
    town = a_town(db, blobs, (3,))
    fresh, valid, old = town.people
    for person, day in ((valid, date(2025, 12, 1)), (old, date(2024, 12, 1))):
        with clock.everywhere_at(on(day)):
            learning.enrol(db, factories.actor_for(db, person), person_id=person.id, course_id=town.course_id)
            complete(db, person, town.slug)
    rule = a_rule(town)
    plan = queries.plan_rule(db, rule, today=clock.today())
    assert (plan.reached, plan.completed, plan.fresh, plan.near) == (3, 1, 2, 0)
    requirements.set_rule(db, town.manager, rule=rule)
    assert period(db, valid, town).status is Status.COMPLETED
    assert period(db, valid, town).period.valid_until == date(2026, 12, 1)
    assert (period(db, old, town).period.number, period(db, old, town).status) == (1, Status.OPEN)
    assert [
        run.period for run in db.scalars(select(Enrolment).where(Enrolment.person_id == old.id).order_by(Enrolment.id))
    ] == [1, 2]
    assert period(db, fresh, town).period.due_on == DUE
    agree(db)


def test_the_same_rule_again_adds_nobody_and_a_stricter_one_adds_a_reason(db: Session, blobs: Blobs) -> None:
    town = a_town(db, blobs, (2, 1))
    first = requirements.set_rule(db, town.manager, rule=a_rule(town))
    again = requirements.set_rule(db, town.manager, rule=a_rule(town))
    assert (first.added, again.added, again.key) == (3, 0, first.key)
    inner = town.institutions[0]
    stricter = a_rule(
        town,
        organisation_id=inner.id,
        audience=rules.everybody_at(inner.id),
        due=Due(DueKind.FIXED, date(2026, 3, 20)),
        terms=Terms(valid_months=6, window_days=14),
    )
    requirements.set_rule(db, town.manager, rule=stricter)
    both, one = town.people[0], town.people[2]
    assert (period(db, both, town).period.due_on, period(db, one, town).period.due_on) == (date(2026, 3, 20), DUE)
    assert db.scalar(select(func.count()).select_from(PeriodRow)) == 3
    why = queries.reasons_of(db, both.id, "en")[f"course:{town.course_id}"]
    assert [(reason.due_on, reason.organisation_name) for reason in why] == [
        (date(2026, 3, 20), "Institution 01"), (DUE, "Town"),
    ]  # fmt: skip
    finish(db, both, town)
    assert period(db, both, town).period.valid_until == date(2026, 9, 2)
    agree(db)


def test_an_edit_changes_no_past_and_no_date_unfairly(db: Session, blobs: Blobs) -> None:
    town = a_town(db, blobs, (3,))
    done, waits, late = town.people
    made = requirements.set_rule(db, town.manager, rule=a_rule(town))
    with clock.everywhere_at(on(date(2026, 3, 10))):
        finish(db, done, town)
        before = period(db, done, town)
        card_ = queries.requirement_by_key(db, made.key, "en")
        assert card_ is not None
        sooner = a_rule(town, due=Due(DueKind.FIXED, date(2026, 3, 12)), terms=Terms(24, window_days=60))
        changed = requirements.change_rule(db, town.manager, requirement=card_, rule=sooner)
        assert changed.moved == 2 and period(db, waits, town).period.due_on == date(2026, 3, 24)
        assert period(db, done, town).period == before.period
        card_ = queries.requirement_by_key(db, made.key, "en")
        assert card_ is not None and card_.rule.terms.valid_months == 24 and card_.changed_at is not None
        later = a_rule(town, due=Due(DueKind.FIXED, date(2026, 5, 29)), terms=Terms(24, window_days=60))
        requirements.change_rule(db, town.manager, requirement=card_, rule=later)
        assert period(db, late, town).period.due_on == date(2026, 5, 29)
        with pytest.raises(Conflict):
            requirements.change_rule(
                db, town.manager, requirement=card_, rule=a_rule(town, what=What(WhatKind.EXTERNAL, title="Other"))
            )
    agree(db)


def test_who_is_overdue_stays_overdue_when_the_rule_gets_stricter(db: Session, blobs: Blobs) -> None:
    town = a_town(db, blobs, (1,))
    made = requirements.set_rule(db, town.manager, rule=a_rule(town))
    with clock.everywhere_at(on(date(2026, 4, 10))):
        card_ = queries.requirement_by_key(db, made.key, "en")
        assert card_ is not None
        sooner = a_rule(town, due=Due(DueKind.REACHED, days=10))
        requirements.change_rule(db, town.manager, requirement=card_, rule=sooner)
        found = period(db, town.people[0], town)
        assert (found.period.due_on, found.status) == (DUE, Status.OVERDUE)


def test_a_rule_means_posts_and_tags_and_names_and_leaves_exceptions_out(db: Session, blobs: Blobs) -> None:
    town = a_town(db, blobs, (4,))
    driver, cook, named, nobody = town.people
    driver.job_title, cook.job_title = "vairuotojas", "Vyriausioji virėja"
    db.flush()
    boss = town.manager
    audience = rules.narrowed(
        town.place.id,
        conditions=[rules.Condition(rules.By.TITLE, "VIREJA"), rules.Condition(rules.By.TAG, "wheel")],
        people=[named.id],
        exceptions=[rules.Condition(rules.By.PERSON, str(nobody.id))],
    )
    requirements.set_rule(db, boss, rule=a_rule(town, audience=audience))
    reached = set(db.scalars(select(Assignment.person_id)))
    assert reached == {cook.id, named.id}
    requirements.tag(db, boss, person=person_card(db, driver), tags=["Wheel"])
    requirements.tag(db, boss, person=person_card(db, nobody), tags=["wheel"])
    assert set(db.scalars(select(Assignment.person_id))) == {cook.id, named.id, driver.id}
    requirements.tag(db, boss, person=person_card(db, driver), tags=[])
    run = db.scalars(select(Enrolment).where(Enrolment.person_id == driver.id)).one()
    assert (run.required, run.due_on) == (False, None)
    agree(db)


def test_days_are_counted_from_hiring_and_newcomers_are_reached(db: Session, blobs: Blobs) -> None:
    town = a_town(db, blobs, (1,))
    veteran = town.people[0]
    post = db.scalars(select(Post).where(Post.person_id == veteran.id)).one()
    post.started_on = date(2015, 1, 5)
    requirements.set_rule(db, town.manager, rule=a_rule(town, due=Due(DueKind.HIRE, days=30)))
    assert period(db, veteran, town).period.due_on == date(2026, 3, 16)
    with clock.everywhere_at(on(date(2026, 6, 1))):
        newcomer = factories.a_person(db, town.institutions[0])
        assert requirements.reach_newcomers(db) == 1 and requirements.reach_newcomers(db) == 0
        assert period(db, newcomer, town).period.due_on == date(2026, 7, 1)
    agree(db)


def test_a_mover_keeps_evidence_and_meets_the_rules_of_the_new_place(db: Session, blobs: Blobs) -> None:
    town = a_town(db, blobs, (2, 1))
    done, waits = town.people[:2]
    here, there = town.institutions
    other = factories.a_course(db, blobs, "cyber", pages=1, questions=0)
    requirements.set_rule(
        db, town.manager, rule=a_rule(town, organisation_id=here.id, audience=rules.everybody_at(here.id))
    )
    moved_to = a_rule(
        town,
        what=What(WhatKind.COURSE, other.course_id),
        organisation_id=there.id,
        audience=rules.everybody_at(there.id),
    )
    requirements.set_rule(db, town.manager, rule=moved_to)
    finish(db, done, town)
    for person in (done, waits):
        requirements.move_person(db, SYSTEM, person_id=person.id, organisation_id=there.id)
    for person in (done, waits):
        subjects = {one.subject for one in queries.periods_of(db, person.id, clock.today())}
        assert subjects == {f"course:{other.course_id}"}
    kept = db.scalars(
        select(Enrolment).where(Enrolment.person_id == done.id, Enrolment.course_id == town.course_id)
    ).one()
    assert kept.state is RunState.COMPLETED and kept.completed_at is not None
    requirements.move_person(db, SYSTEM, person_id=done.id, organisation_id=here.id)
    assert period(db, done, town).status is Status.COMPLETED
    agree(db)


def test_leave_moves_dates_and_an_open_end_pauses(db: Session, blobs: Blobs) -> None:
    town = a_town(db, blobs, (2,))
    short, long = town.people
    requirements.set_rule(db, town.manager, rule=a_rule(town))
    requirements.give_leave(
        db, town.manager, person=person_card(db, short), since=date(2026, 3, 9), until=date(2026, 3, 18)
    )
    assert period(db, short, town).period.due_on == date(2026, 4, 10)
    requirements.give_leave(db, town.manager, person=person_card(db, long), since=date(2026, 3, 2), until=None)
    assert period(db, long, town).status is Status.PAUSED
    with clock.everywhere_at(on(date(2026, 9, 1))):
        requirements.settle_absences(db)
        assert period(db, long, town).status is Status.PAUSED
        assert requirements.end_leave(db, town.manager, person=person_card(db, long))
        back = period(db, long, town)
        assert (back.status, back.period.due_on) == (Status.OPEN, date(2026, 9, 30))
    with clock.everywhere_at(on(date(2026, 3, 10))):
        requirements.settle_absences(db)
        assert period(db, short, town).status is Status.PAUSED
    with clock.everywhere_at(on(date(2026, 3, 19))):
        requirements.settle_absences(db)
        assert period(db, short, town).status is Status.OPEN
    agree(db)


def test_who_is_exempt_is_not_counted_and_not_reminded_and_comes_back(db: Session, blobs: Blobs) -> None:
    town = a_town(db, blobs, (3,))
    requirements.set_rule(db, town.manager, rule=a_rule(town))
    one = person_card(db, town.people[0])
    subject = f"course:{town.course_id}"
    with pytest.raises(Invalid):
        requirements.exempt(db, town.manager, people=[one], subject=subject, reason=" ")
    assert requirements.exempt(db, town.manager, people=[one], subject=subject, reason="On parental leave") == 1
    assert requirements.exempt(db, town.manager, people=[one], subject=subject, reason="Again") == 0
    card_ = queries.requirements(db, queries.concerning([town.place.path], and_above=False), "en")[0]
    assert (card_.reached, card_.excused, card_.base) == (3, 1, 2)
    with clock.everywhere_at(on(date(2026, 4, 1))):
        assert {due.person_id for due in queries.due_runs(db, clock.today())} == {p.id for p in town.people[1:]}
        held = queries.exemptions_of(db, [one.id])[one.id][0]
        assert requirements.end_exemption(db, town.manager, person=one, exemption_id=held.id)
        assert period(db, town.people[0], town).status is Status.OVERDUE
    agree(db)


def test_more_time_is_asked_and_granted_once(db: Session, blobs: Blobs) -> None:
    town = a_town(db, blobs, (1,))
    person = town.people[0]
    requirements.set_rule(db, town.manager, rule=a_rule(town))
    actor = factories.actor_for(db, person)
    card_ = period(db, person, town)
    key = requirements.ask_for_time(db, actor, period=card_, reason="Two audits at once")
    assert requirements.ask_for_time(db, actor, period=card_, reason="Still") == key
    asked = queries.ask_by_key(db, key)
    assert asked is not None and asked.until == date(2026, 4, 21)
    with pytest.raises(Conflict):
        requirements.decide(db, actor, asked=asked, granted=True)
    with pytest.raises(Invalid):
        requirements.decide(db, town.manager, asked=asked, granted=False)
    assert requirements.decide(db, town.manager, asked=asked, granted=True)
    assert not requirements.decide(db, town.manager, asked=asked, granted=False, answer="No")
    assert period(db, person, town).period.due_on == date(2026, 4, 21)
    assert people.notices_of(db, person.id)[0].kind.value == "extension.granted"
    agree(db)


@pytest.mark.parametrize(
    "kind", [Kind.PROOF_ACCEPTED, Kind.TESTED_OUT, Kind.EVENT_ATTENDED, Kind.SESSION_ATTENDED, Kind.WAIVED]
)
def test_evidence_from_elsewhere_meets_a_period_and_can_be_taken_back(db: Session, blobs: Blobs, kind: Kind) -> None:
    town = a_town(db, blobs, (1,))
    person, subject = town.people[0], f"course:{town.course_id}"
    requirements.set_rule(db, town.manager, rule=a_rule(town))
    until = date(2026, 10, 1) if kind is Kind.PROOF_ACCEPTED else None
    said = Credit(kind, date(2026, 2, 27), "No. 17", until)
    one = person_card(db, person)
    assert requirements.record_evidence(db, town.manager, person=one, subject=subject, said=said)
    found = period(db, person, town)
    assert (found.status, found.met_by, found.period.met_on) == (Status.COMPLETED, kind.value, date(2026, 2, 27))
    assert found.period.valid_until == (until or date(2027, 2, 27))
    with pytest.raises(Conflict):
        requirements.record_evidence(db, town.manager, person=one, subject=subject, said=said)
    agree(db)
    assert found.evidence_id is not None
    assert requirements.revoke_evidence(
        db, town.manager, person=one, evidence_id=found.evidence_id, reason="Wrong person"
    )
    assert not requirements.revoke_evidence(db, town.manager, person=one, evidence_id=found.evidence_id, reason="Again")
    assert period(db, person, town).status is Status.OPEN
    kinds = db.scalars(select(Evidence.kind).order_by(Evidence.id)).all()
    assert kind in kinds and kinds[-1] is Kind.REVOKED, "nothing is deleted"
    agree(db)
    finish(db, person, town)
    assert period(db, person, town).status is Status.COMPLETED
    agree(db)


def test_nobody_records_for_themselves(db: Session, blobs: Blobs) -> None:
    town = a_town(db, blobs, (1,))
    mine = person_card(db, db.get_one(Person, town.manager.id))
    said = Credit(Kind.WAIVED, date(2026, 2, 27), "I know it")
    with pytest.raises(Conflict):
        requirements.record_evidence(db, town.manager, person=mine, subject=f"course:{town.course_id}", said=said)
    with pytest.raises(Conflict):
        requirements.exempt(db, town.manager, people=[mine], subject="", reason="Because")


def test_a_certificate_of_somebody_else_has_its_own_end(db: Session, blobs: Blobs) -> None:
    town = a_town(db, blobs, (2,))
    person = town.people[0]
    what = What(WhatKind.EXTERNAL, title="Procurement certificate")
    rule = a_rule(town, what=what, due=Due(DueKind.REACHED, days=90), terms=Terms(36, window_days=90))
    requirements.set_rule(db, town.manager, rule=rule)
    subject = "external:procurement-certificate"
    found = queries.latest_period(db, person.id, subject, clock.today())
    assert found is not None and found.status is Status.OPEN
    said = Credit(Kind.PROOF_ACCEPTED, date(2026, 1, 15), "VPT 123", date(2026, 12, 31))
    assert requirements.record_evidence(db, town.manager, person=person_card(db, person), subject=subject, said=said)
    found = queries.latest_period(db, person.id, subject, clock.today())
    assert found is not None and (found.status, found.period.valid_until) == (Status.COMPLETED, date(2026, 12, 31))
    card_ = queries.requirements(db, queries.concerning([town.place.path], and_above=False), "en")[0]
    assert (card_.reached, card_.completed, card_.course_title) == (2, 1, "Procurement certificate")
    with clock.everywhere_at(on(date(2026, 10, 5))):
        assert requirements.renew(db) == 1
        found = queries.latest_period(db, person.id, subject, clock.today())
        assert found is not None and (found.period.number, found.status) == (2, Status.EXPIRING)
        due = [one for one in queries.due_runs(db, date(2026, 12, 30)) if one.person_id == person.id]
        assert [(one.enrolment_id, one.due_on) for one in due] == [(None, found.period.due_on)]
    agree(db)


@pytest.mark.parametrize(
    ("kind", "least", "needed"),
    [(PathKind.ALL, 0, 3), (PathKind.IN_ORDER, 0, 3), (PathKind.AT_LEAST, 2, 2), (PathKind.POINTS, 2, 2)],
)
def test_a_path_is_met_by_its_courses(db: Session, blobs: Blobs, kind: PathKind, least: int, needed: int) -> None:
    town = a_town(db, blobs, (1,))
    person = town.people[0]
    others = [factories.a_course(db, blobs, slug, pages=1, questions=0) for slug in ("two", "three")]
    courses = [town.course_id, *(one.course_id for one in others)]
    slugs = [town.slug, "two", "three"]
    path = Path(kind, tuple(Item(one) for one in courses), least)
    what = What(WhatKind.PATH, title="Basics", path=path)
    made = requirements.set_rule(db, town.manager, rule=a_rule(town, what=what, terms=Terms()))
    subject = f"path:{made.key}"
    obliged = {run.course_id for run in db.scalars(select(Enrolment).where(Enrolment.required.is_(True)))}
    assert obliged == (set(courses) if least == 0 else set())
    for n, (course, slug) in enumerate(zip(courses, slugs, strict=True), 1):
        learning.enrol(db, factories.actor_for(db, person), person_id=person.id, course_id=course)
        complete(db, person, slug)
        run = db.scalars(select(Enrolment).where(Enrolment.course_id == course)).one()
        requirements.completed(db, enrolment_id=run.id)
        found = queries.latest_period(db, person.id, subject, clock.today())
        assert found is not None and (found.period.met_on is not None) == (n >= needed), (n, needed)
    agree(db)


def test_courses_that_ask_for_one_another_make_no_path(db: Session, blobs: Blobs) -> None:
    town = a_town(db, blobs, (1,))
    files = factories.course_files("advanced", pages=1, questions=0)
    files["course.md"] = files["course.md"].replace("audience:", f"requires: [{town.slug}]\naudience:")
    advanced = factories.a_course(db, blobs, "advanced", files=files)
    path = Path(PathKind.IN_ORDER, (Item(advanced.course_id), Item(town.course_id)))
    with pytest.raises(Invalid) as refusal:
        requirements.set_rule(db, town.manager, rule=a_rule(town, what=What(WhatKind.PATH, title="Odd", path=path)))
    assert "advanced" in str(refusal.value.fields["courses"])


def test_an_equivalent_counts_where_institutions_recognise_one_another(db: Session, blobs: Blobs) -> None:
    town = a_town(db, blobs, (2,))
    neighbour = factories.an_organisation(db, "Neighbour", parent=factories.an_organisation(db))
    office = factories.an_organisation(db, "Office", parent=neighbour)
    older = factories.a_course(db, blobs, "older", pages=1, questions=0)
    mover, stayer = town.people
    for person, place in ((mover, office), (stayer, town.institutions[0])):
        person.organisation_id = place.id
        db.flush()
        learning.enrol(db, factories.actor_for(db, person), person_id=person.id, course_id=older.course_id)
        complete(db, person, "older")
    mover.organisation_id = town.institutions[0].id
    db.flush()
    rule = a_rule(town, equivalents=(older.course_id,))
    assert queries.plan_rule(db, rule, today=clock.today()).completed == 1
    ours, theirs = card(db, town.place), card(db, office)
    assert requirements.sign(db, town.manager, place=ours, other=theirs)
    assert not requirements.sign(db, town.manager, place=ours, other=theirs)
    assert queries.plan_rule(db, rule, today=clock.today()).completed == 1, "one signature is none"
    requirements.sign(db, SYSTEM, place=theirs, other=ours)
    assert queries.plan_rule(db, rule, today=clock.today()).completed == 2
    requirements.set_rule(db, town.manager, rule=rule)
    assert {period(db, person, town).met_by for person in (mover, stayer)} == {"recognised"}
    agree(db)


def test_an_equivalent_completed_later_meets_the_period_too(db: Session, blobs: Blobs) -> None:
    town = a_town(db, blobs, (1,))
    person = town.people[0]
    older = factories.a_course(db, blobs, "older", pages=1, questions=0)
    requirements.set_rule(db, town.manager, rule=a_rule(town, equivalents=(older.course_id,)))
    learning.enrol(db, factories.actor_for(db, person), person_id=person.id, course_id=older.course_id)
    complete(db, person, "older")
    run = db.scalars(select(Enrolment).where(Enrolment.course_id == older.course_id)).one()
    requirements.completed(db, enrolment_id=run.id)
    assert (period(db, person, town).status, period(db, person, town).met_by) == (Status.COMPLETED, "recognised")
    agree(db)


def test_the_dry_run_shows_three_people_and_their_next_three_dates(db: Session, blobs: Blobs) -> None:
    town = a_town(db, blobs, (3, 1))
    held = town.people[0]
    learning.enrol(db, factories.actor_for(db, held), person_id=held.id, course_id=town.course_id)
    complete(db, held, town.slug)
    rule = a_rule(town, terms=Terms(12, Renewal.FIXED, base=DUE, window_days=60))
    plan = queries.plan_rule(db, rule, today=clock.today())
    assert len(plan.samples) == 3
    first = plan.samples[0]
    assert first.cycles[0].held and first.cycles[0].valid_until == date(2027, 3, 31)
    other = plan.samples[1]
    assert [cycle.due.on for cycle in other.cycles] == [DUE, date(2027, 3, 31), date(2028, 3, 31)]
    requirements.set_rule(db, town.manager, rule=rule)
    # What was simulated is what happens.
    person = next(p for p in town.people if f"{p.given_name} {p.family_name}" == other.name)
    for cycle, following in zip(other.cycles, other.cycles[1:], strict=False):
        with clock.everywhere_at(on(cycle.due.on)):
            assert period(db, person, town).period.due_on == cycle.due.on
            finish(db, person, town)
        with clock.everywhere_at(on(following.opens_on)):
            requirements.renew(db)
    assert period(db, person, town).period.due_on == other.cycles[-1].due.on


def test_a_rule_that_contradicts_another_is_said_so(db: Session, blobs: Blobs) -> None:
    town = a_town(db, blobs, (1,))
    requirements.set_rule(db, town.manager, rule=a_rule(town))
    other = queries.plan_rule(db, a_rule(town, terms=Terms(24)), today=clock.today())
    assert other.exists and other.others == ()
    later = queries.plan_rule(db, a_rule(town, due=Due(DueKind.FIXED, date(2026, 5, 1))), today=clock.today())
    assert [one.organisation_name for one in later.others] == ["Town"] and later.holiday and later.everybody
    nobody = rules.narrowed(town.place.id, conditions=[rules.Condition(rules.By.TAG, "unknown")])
    assert queries.plan_rule(db, a_rule(town, audience=nobody), today=clock.today()).reached == 0


def test_those_above_hear_once_of_each_period(sessions: Sessions, blobs: Blobs, settings) -> None:  # type: ignore[no-untyped-def]
    from app.accounts.models import Notice
    from app.kit import mail
    from app.kit.actor import Role

    with writing(sessions) as db:
        town = a_town(db, blobs, (3,))
        inner = factories.a_person(db, town.institutions[0], roles=[Role.MANAGER], lang="en")
        inner.organisation_id = town.manager.organisation_id
        db.flush()
        requirements.set_rule(db, town.manager, rule=a_rule(town))
        finish(db, town.people[0], town)
    for day in (date(2026, 4, 8), date(2026, 4, 9), date(2026, 4, 22), date(2026, 4, 23)):
        with clock.everywhere_at(on(day)):
            with writing(sessions) as db:
                requirements.send_due_reminders(db, base_url="http://here")
            jobs.drain(sessions, handlers(settings))
    with reading(sessions) as db:
        told = db.execute(
            select(Notice.person_id, Notice.data).where(Notice.kind == "escalated").order_by(Notice.id)
        ).all()
        assert [(row[0], row[1]["people"]) for row in told] == [(inner.id, 2), (town.manager.id, 2)]
        digest = db.scalars(select(mail.Mail).where(mail.Mail.person_id == inner.id)).all()[-1]
        assert digest.subject == "2 people have been overdue for long"
        log = queries.said_about(db, queries.about_requirement(1))
        assert {line.occasion for line in log} >= {"manager", "head", "T+8", "T+22"}


def test_verify_finds_what_was_tampered_with(db: Session, blobs: Blobs) -> None:
    town = a_town(db, blobs, (2,))
    requirements.set_rule(db, town.manager, rule=a_rule(town))
    finish(db, town.people[0], town)
    agree(db)
    rows = db.scalars(select(PeriodRow).order_by(PeriodRow.id)).all()
    db.execute(
        update(jobs.Job).values(state=jobs.JobState.DONE)
    )  # a completion that is still to be told is no difference
    rows[0].met_on, rows[1].due_on = None, DUE + timedelta(days=9)
    db.flush()
    assert {one.what.split(": ")[1] for one in requirements.verify(db)} == {"met", "due", "run"}


def test_a_page_of_people_asks_the_same_however_many_there_are(
    sessions: Sessions, engine: Engine, blobs: Blobs
) -> None:
    asked: list[list[str]] = []
    for size in (3, 40):
        with writing(sessions) as db:
            town = a_town(db, blobs, (size,), slug=f"course-{size}")
            made = requirements.set_rule(db, town.manager, rule=a_rule(town))
        said: list[str] = []

        def hear(_connection: object, _cursor: object, statement: str, *_rest: object, said: list[str] = said) -> None:
            said.append(statement)

        event.listen(engine, "before_cursor_execute", hear)
        with reading(sessions) as db:
            card_ = queries.requirement_by_key(db, made.key, "en")
            assert card_ is not None
            assert len(queries.people_of(db, card_, clock.today())) == size
            queries.plan_rule(db, card_.rule, today=clock.today())
            queries.due_runs(db, DUE)
        event.remove(engine, "before_cursor_execute", hear)
        asked.append(said)
    assert len(asked[0]) == len(asked[1]) > 0
