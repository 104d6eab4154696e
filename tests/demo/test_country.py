"""A country of many people: what was written in bulk is what doing it one by one would have left."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.accounts import queries as people
from app.accounts.models import Person, PersonWord
from app.accounts.rules import words_of
from app.demo import country
from app.kit import clock
from app.kit.blobs import Blobs
from app.kit.database import Sessions, reading, writing
from app.learning import actions as learning
from app.learning.models import CompletionCount, Enrolment
from app.organisations.models import Organisation
from app.organisations.rules import Kind
from app.reporting.queries import analysis
from app.requirements import actions as requirements
from app.requirements.models import PeriodRow

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
PEOPLE = 400


@pytest.fixture
def built(sessions: Sessions, blobs: Blobs) -> Sessions:
    with clock.at(NOW):
        country.build(
            sessions, blobs, people=PEOPLE, seed=3, password="!", domain="demo.example", tell=lambda done, total: None
        )
    return sessions


def states(db: Session) -> dict[str, int]:
    return dict(db.execute(select(Enrolment.state, func.count()).group_by(Enrolment.state)).all())  # type: ignore[arg-type]


def test_it_is_as_large_as_asked_for_and_adds_up(built: Sessions) -> None:
    with reading(built) as db:
        kinds = dict(db.execute(select(Organisation.kind, func.count()).group_by(Organisation.kind)).all())
        assert (kinds[Kind.MUNICIPALITY], kinds[Kind.INSTITUTION]) == (60, 60)
        assert db.scalar(select(func.count()).select_from(Person)) == PEOPLE + 3
        assert sum(states(db).values()) == 5 * PEOPLE
        assert min(states(db).values()) > PEOPLE // 4, "every state of progress is there"
        assert db.scalar(select(func.sum(CompletionCount.number))) == 5 * PEOPLE
        assert learning.verify(db) == []
        assert requirements.verify(db) == []
        words: dict[int, set[str]] = {}
        for person_id, word in db.execute(select(PersonWord.person_id, PersonWord.word)):
            words.setdefault(person_id, set()).add(word)
        for one in db.scalars(select(Person)):
            fields = ("given_name", "family_name", "email", "staff_number", "job_title")
            assert words[one.id] == words_of(**{field: getattr(one, field) for field in fields})
        for place in analysis.wide_places(db)[:3]:
            with clock.at(NOW):
                live = analysis.by_requirement(db, place, today=clock.today())
            kept = analysis.by_requirement_kept(db, place)
            assert kept is not None and kept[0] == live, place
            assert sum(one.completed for one in live) > 0 and all(one.reached for one in live)
    met = (PeriodRow.id, PeriodRow.met_on, PeriodRow.met_by, PeriodRow.evidence_id, PeriodRow.valid_until)
    some = select(*met).where(PeriodRow.id <= 60).order_by(PeriodRow.id)
    with clock.at(NOW), writing(built) as db:
        before = db.execute(some).all()
        assert 0 < sum(row.met_on is not None for row in before) < len(before)
        db.execute(update(PeriodRow).where(PeriodRow.id <= 60).values(met_on=None, met_by="", evidence_id=None))
        requirements.settle(db)
        assert db.execute(some).all() == before, "settling says the same"


def test_whoever_comes_next_gets_the_next_number(built: Sessions) -> None:
    with clock.at(NOW), writing(built) as db:
        actor = people.actor_of(db, db.scalars(select(Person.id).where(Person.email == "rasa@demo.example")).one())
        last, course = db.execute(select(func.max(Enrolment.id), func.min(Enrolment.course_id))).one()
        assert actor is not None
        assert learning.enrol(db, actor, person_id=actor.id, course_id=course).id > last
        assert learning.verify(db) == []
    said = select(Person.family_name, Person.given_name, Person.key).where(Person.staff_number.in_(["0", "399"]))
    with reading(built) as db:
        assert [tuple(row) for row in db.execute(said.order_by(Person.id))] == THE_SAME_EVERY_TIME


THE_SAME_EVERY_TIME = [
    ("Paulauskienė", "Marija", "a447c4941a9d57ba26fb"),
    ("Kisieliūtė", "Diana", "9d7169f47879bbc50353"),
]
