"""A random script of rules, people and days: what is completed never changes, and everything adds up at every step."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import queries as people
from app.accounts.models import Person
from app.kit import clock
from app.kit.blobs import Blobs
from app.kit.errors import KitError
from app.learning import actions as learning
from app.learning.models import Enrolment
from app.learning.rules import Kind, RunState
from app.organisations.models import Organisation
from app.requirements import actions as requirements
from app.requirements import queries, rules
from app.requirements.actions import Credit
from app.requirements.models import PeriodRow, PersonTag
from app.requirements.queries.audiences import meant, members
from app.requirements.rules import Due, DueKind, Renewal, Rule, Terms, What, WhatKind
from app.requirements.rules.audience import Audience, By, Condition, Facts, reaches
from tests import factories
from tests.requirements.places import Town, a_town, complete

STEPS = 50


def _rule(rng: random.Random, town: Town, today: date) -> Rule:
    place = rng.choice([town.place, *town.institutions])
    due = Due(
        rng.choice(list(DueKind)), today + timedelta(days=rng.randint(0, 200)), rng.randint(0, 90), rng.random() < 0.3
    )
    renewal = rng.choice([Renewal.COMPLETION, Renewal.EXPIRY])
    terms = Terms(rng.choice([0, 3, 6, 12]), renewal, window_days=rng.randint(0, 30), grace_days=rng.randint(0, 20))
    if due.kind is not DueKind.FIXED:
        due = Due(due.kind, None, due.days, due.working)
    return Rule(What(WhatKind.COURSE, town.course_id), place.id, rules.everybody_at(place.id), due, terms)


def _past(db: Session) -> dict[int, tuple[object, ...]]:
    """Everything about periods that are met, and runs that are completed."""
    rows = db.scalars(select(PeriodRow).where(PeriodRow.met_on.is_not(None)))
    return {row.id: (row.met_on, row.met_by, row.evidence_id, row.due_on, row.number) for row in rows}


@pytest.mark.parametrize("seed", [1, 2])
def test_a_random_year_adds_up_at_every_step(db: Session, blobs: Blobs, seed: int) -> None:
    rng = random.Random(seed)
    today, kept = date(2026, 1, 5), {}
    with clock.everywhere_at(datetime(2026, 1, 5, 8, tzinfo=UTC)):
        town = a_town(db, blobs, (3, 2))
    for _ in range(STEPS):
        today += timedelta(days=rng.randint(0, 20))
        with clock.everywhere_at(datetime(today.year, today.month, today.day, 8, tzinfo=UTC)):
            try:
                with db.begin_nested():
                    _step(db, rng, town, today)
            except KitError:
                pass  # a refusal is an answer, and changes nothing
            _tick(db)
            differences = [*learning.verify(db), *requirements.verify(db)]
            assert not differences, (today, differences)
            now = _past(db)
            assert {one: now.get(one) for one in kept} == kept, today
            kept = now
            open_runs = db.scalars(
                select(Enrolment).where(Enrolment.current.is_(True), Enrolment.course_id == town.course_id)
            ).all()
            assert len({run.person_id for run in open_runs}) == len(open_runs), "one present run a person"
    assert any(row.number > 1 for row in db.scalars(select(PeriodRow))), "the year was too quiet to prove anything"


def _tick(db: Session) -> None:
    """What the jobs of a day do."""
    for run in db.scalars(select(Enrolment).where(Enrolment.completed_at.is_not(None)).order_by(Enrolment.id)).all():
        requirements.completed(db, enrolment_id=run.id)
    requirements.settle_absences(db)
    requirements.renew(db)
    requirements.reach_newcomers(db)


def _step(db: Session, rng: random.Random, town: Town, today: date) -> None:
    person = rng.choice(town.people)
    card = people.person_by_id(db, person.id)
    assert card is not None
    subject = f"course:{town.course_id}"
    match rng.choice(["rule", "edit", "end", "do", "do", "do", "credit", "leave", "back", "excuse", "time", "move"]):
        case "rule":
            requirements.set_rule(db, town.manager, rule=_rule(rng, town, today))
        case "edit" | "end" as what:
            found = [
                one
                for one in queries.requirements(db, queries.concerning([town.place.path], and_above=False), "en")
                if one.active
            ]
            if found and what == "end":
                requirements.end(db, town.manager, requirement=rng.choice(found))
            elif found:
                one = rng.choice(found)
                new = _rule(rng, town, today)
                rule = Rule(one.rule.what, one.organisation_id, one.rule.audience, new.due, new.terms)
                requirements.change_rule(db, town.manager, requirement=one, rule=rule)
        case "do":
            run = db.scalars(
                select(Enrolment).where(Enrolment.person_id == person.id, Enrolment.current.is_(True))
            ).first()
            if run is not None and run.state is not RunState.COMPLETED:
                complete(db, person, town.slug)
        case "credit":
            said = Credit(rng.choice([Kind.WAIVED, Kind.EVENT_ATTENDED, Kind.PROOF_ACCEPTED]), today, "Noted")
            if queries.latest_period(db, person.id, subject, today) is not None:
                requirements.record_evidence(db, town.manager, person=card, subject=subject, said=said)
        case "leave":
            until = today + timedelta(days=rng.randint(0, 60)) if rng.random() < 0.7 else None
            requirements.give_leave(db, town.manager, person=card, since=today, until=until)
        case "back":
            requirements.end_leave(db, town.manager, person=card)
        case "excuse":
            until = today + timedelta(days=rng.randint(0, 90))
            requirements.exempt(db, town.manager, people=[card], subject=subject, reason="Ill", until=until)
        case "time":
            found_one = queries.latest_period(db, person.id, subject, today)
            if found_one is not None:
                key = requirements.ask_for_time(db, factories.actor_for(db, person), period=found_one, reason="More")
                asked = queries.ask_by_key(db, key)
                assert asked is not None
                requirements.decide(db, town.manager, asked=asked, granted=rng.random() < 0.7, answer="Because")
        case "move":
            there = rng.choice(town.institutions)
            requirements.move_person(db, town.manager, person_id=person.id, organisation_id=there.id)


WORDS = ("drivers", "cyber", "cooks")
TITLES = ("vyriausioji specialistė", "vairuotojas", "Virėja", "")
CONDITION = st.one_of(
    st.builds(Condition, st.just(By.PLACE), st.sampled_from(["1", "2", "3", "4", "9"])),
    st.builds(Condition, st.just(By.TITLE), st.sampled_from(["vyriausi spec", "VIREJA", "vairuotoj", "r"])),
    st.builds(Condition, st.just(By.TAG), st.sampled_from(WORDS)),
    st.builds(Condition, st.just(By.PERSON), st.sampled_from(["1", "3", "5"])),
)
AUDIENCE = st.builds(
    Audience,
    st.lists(st.lists(CONDITION, max_size=3).map(tuple), max_size=3).map(tuple),
    st.lists(CONDITION, max_size=2).map(tuple),
)


def test_an_audience_means_the_same_people_to_python_and_to_the_database(db: Session, blobs: Blobs) -> None:
    town = a_town(db, blobs, (4, 3))
    rng = random.Random(5)
    for person in town.people:
        person.job_title = rng.choice(TITLES)
        db.add_all(PersonTag(person_id=person.id, tag=word) for word in WORDS if rng.random() < 0.4)
    db.flush()
    facts = {}
    for person in db.scalars(select(Person)):
        place = db.get_one(Organisation, person.organisation_id)
        tags = frozenset(db.scalars(select(PersonTag.tag).where(PersonTag.person_id == person.id)))
        facts[person.id] = Facts(person.id, place.path, person.job_title, tags)

    @given(AUDIENCE)
    @settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    def agree(audience: Audience) -> None:
        found = {one.person_id for one in members(db, meant(audience))}
        assert found == {one for one, said in facts.items() if reaches(audience, said)}
        assert rules.within(town.place.id, audience) == rules.within(
            town.place.id, rules.within(town.place.id, audience)
        )

    agree()
