"""Totals of subtrees: equal to the counters below them whatever is done to people and to places."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.kit import clock
from app.kit.actor import SYSTEM
from app.kit.blobs import Blobs
from app.kit.database import Sessions, writing
from app.kit.errors import KitError
from app.learning import actions as learning
from app.learning.actions import days
from app.learning.models import CompletionCount, DayCount, Enrolment, SubtreeCount
from app.learning.rules import RunState
from app.organisations import queries as organisations
from app.organisations.models import Organisation
from app.organisations.queries import OrganisationCard
from app.reporting import queries as reporting
from app.reporting.queries import analysis
from app.reporting.rules import stages
from app.reporting.rules.stages import Counted
from app.requirements import actions as requirements
from tests import factories
from tests.learning.test_histories import STEPS, Life, begin


def test_totals_follow_people_and_places(sessions: Sessions, blobs: Blobs) -> None:
    with writing(sessions) as db:
        root = factories.an_organisation(db)
        utena, birzai = (factories.an_organisation(db, name, parent=root) for name in ("Utena", "Biržai"))
        library, school = (factories.an_organisation(db, name, parent=utena) for name in ("Library", "School"))
        course = factories.a_course(db, blobs).course_id
        for place in (root, utena, library, library, school):
            learning.enrol(db, SYSTEM, person_id=factories.a_person(db, place).id, course_id=course)

        def totals() -> dict[str, int]:
            names = {place.id: place.name for place in (utena, birzai, library, school)}
            said = db.execute(select(SubtreeCount.organisation_id, SubtreeCount.number))
            return {names[row[0]]: row[1] for row in said if row[1]}

        assert totals() == {"Utena": 4, "Library": 2, "School": 1}, "the root itself has none"
        cards = [organisations.by_id(db, place.id) for place in (library, birzai)]
        assert cards[0] is not None and cards[1] is not None
        learning.move_place(db, SYSTEM, organisation=cards[0], parent=cards[1])
        assert totals() == {"Utena": 2, "Biržai": 2, "Library": 2, "School": 1}
        card = organisations.by_id(db, root.id)
        assert card is not None
        found = reporting.tallies(db, card, today=clock.today())
        assert {key: tally.chosen_going for (key, _), tally in found.items()} == {
            reporting.HERE: 1, utena.id: 2, birzai.id: 2,
        }  # fmt: skip
        assert learning.verify(db) == []


def test_a_total_that_is_wrong_is_found_and_mended(sessions: Sessions, blobs: Blobs) -> None:
    with writing(sessions) as db:
        place = factories.an_organisation(db, parent=factories.an_organisation(db))
        person = factories.a_person(db, place)
        learning.enrol(db, SYSTEM, person_id=person.id, course_id=factories.a_course(db, blobs).course_id)
        enrolment = db.scalars(select(Enrolment)).one()
        learning.assign(
            db, SYSTEM, person_id=person.id, course_id=enrolment.course_id, due_on=clock.today(), key="once"
        )
        db.execute(update(SubtreeCount).where(SubtreeCount.number > 0).values(number=SubtreeCount.number + 1))
        db.execute(update(DayCount).where(DayCount.course_id == 0).values(number=DayCount.number + 2))
        found = learning.verify(db)
        assert [(one.stored, one.folded) for one in found] == [("2", "1"), ("3", "1")]
        learning.rebuild(db)
        assert learning.verify(db) == []


SIZE, EXAMPLES = 10, 7
DEEDS = (
    "enrol",
    "assign",
    "leave",
    "excuse",
    "set_due",
    "take_it_all",
    "next_period",
    "move",
    "leave for good",
    "place",
)
ONE_OF_EACH = [(name, 2 * n % SIZE, n + 3) for n, name in enumerate(DEEDS)]
LIVES = st.lists(
    st.tuples(st.sampled_from(DEEDS), st.integers(0, SIZE - 1), st.integers(0, 40)), min_size=10, max_size=30
)


def _a_nested_life(db: Session, blobs: Blobs) -> Life:
    """A county with two towns, each with two institutions, of which one has a desk; people at every depth."""
    life = begin(db, blobs)
    root = db.scalars(select(Organisation).where(Organisation.parent_id.is_(None))).one()
    towns = [factories.an_organisation(db, f"Town {n}", parent=root) for n in range(2)]
    institutions = [factories.an_organisation(db, f"House {n}", parent=towns[n % 2]) for n in range(4)]
    places = [root, *towns, *institutions, factories.an_organisation(db, "Desk", parent=institutions[0])]
    people = [factories.a_person(db, places[n % len(places)]) for n in range(SIZE)]
    return Life(db, blobs, life.course_id, [place.id for place in places], people)


def _move_a_place(life: Life, who: int, number: int) -> None:
    """Any place but the root below any other; one below itself is refused with a sentence."""
    cards = [
        organisations.by_id(life.db, life.places[1 + who % 7]),
        organisations.by_id(life.db, life.places[number % 8]),
    ]
    assert cards[0] is not None and cards[1] is not None
    learning.move_place(life.db, SYSTEM, organisation=cards[0], parent=cards[1])


def _counted_from_zero(db: Session) -> tuple[Counter[tuple[object, ...]], Counter[tuple[object, ...]]]:
    """Every present run one by one, at the post of whoever it is and, by the parents of that place, above it."""
    parents = {row[0]: row[1] for row in db.execute(select(Organisation.id, Organisation.parent_id))}
    posts = {row[0]: row[1] for row in db.execute(select(Person.id, Person.organisation_id))}
    here: Counter[tuple[object, ...]] = Counter()
    below: Counter[tuple[object, ...]] = Counter()
    for run in db.scalars(select(Enrolment).where(Enrolment.current, Enrolment.state != RunState.LEFT)):
        cell = (run.course_id, run.state, run.required, run.due_on or date.max)
        place: int | None = posts[run.person_id]
        here[place, *cell] += 1
        while place is not None and parents[place] is not None:  # the root has no totals
            below[place, *cell] += 1
            place = parents[place]
    return here, below


def _kept(db: Session, table: type[CompletionCount | SubtreeCount]) -> Counter[tuple[object, ...]]:
    rows = db.execute(
        select(table.organisation_id, table.course_id, table.state, table.required, table.due_on, table.number)
    )
    return Counter({tuple(row[:-1]): row[-1] for row in rows if row[-1]})


def _deeper_figures_agree(db: Session, place: OrganisationCard, course_id: int) -> int:
    """What the totals of a wide place say is what its runs say, one by one. Answers how many it has completed."""
    for day in (clock.today(), clock.today() + timedelta(days=20)):
        found = analysis.counted(db, place, course_id=None, today=day)
        assert found == stages.counted(analysis.groups(db, place, course_id=None), day)
        assert analysis.counted(db, place, course_id=course_id, today=day) == found, "there is one course"
        assert analysis.counted(db, place, course_id=course_id + 1, today=day) == Counted()
    wanted = reporting.Wanted()
    for required in (True, False):
        one_by_one = reporting.completions(db, place, wanted=wanted, required_only=required)
        assert reporting.completions_since(db, place, date.min, wanted=wanted, required_only=required) == one_by_one
    return sum(one.number for one in found.spent)


@pytest.mark.timeout(300)
def test_whatever_people_and_places_do_the_totals_are_a_count_from_zero(db: Session, blobs: Blobs) -> None:
    life = _a_nested_life(db, blobs)
    happened: Counter[str] = Counter()
    met: Counter[str] = Counter()

    def lived(history: list[tuple[str, int, int]]) -> None:
        for name, who, number in history:
            with clock.at(life.moment + timedelta(hours=sum(happened.values()) % 7)):
                try:
                    with db.begin_nested():
                        if name == "place":
                            _move_a_place(life, who, number)
                        elif name == "leave for good":
                            requirements.leave_person(db, SYSTEM, person_id=life.people[who].id)
                        else:
                            STEPS[name](life, factories.actor_for(db, life.people[who]), number)
                except KitError:
                    happened["refused"] += 1
                    continue
                happened[name] += 1
            db.flush()

    @settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow])
    @given(LIVES)
    def adds_up(history: list[tuple[str, int, int]]) -> None:
        undone = db.begin_nested()
        try:
            lived([("enrol", who, 0) for who in range(0, SIZE, 2)] + ONE_OF_EACH + history)
            db.expire_all()
            here, below = _counted_from_zero(db)
            assert _kept(db, CompletionCount) == here
            assert _kept(db, SubtreeCount) == below
            assert list(days.wrong(db)) == []
            for place in organisations.by_ids(db, life.places).values():
                if reporting.has_totals(place):
                    met["wide"] += _deeper_figures_agree(db, place, life.course_id)
        finally:
            undone.rollback()
            db.expire_all()

    adds_up()
    assert all(happened[name] for name in DEEDS), happened
    assert met["wide"], "nobody at a wide place has completed what is required"
