"""A thousand learners doing whatever occurs to them: what is stored is at all times what the evidence adds up to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.assessment import access as attempts
from app.assessment import actions as assessment
from app.catalog import importer
from app.catalog.models import Course
from app.catalog.rules import ChangeLevel
from app.kit import clock
from app.kit.actor import SYSTEM, Actor
from app.kit.blobs import Blobs
from app.kit.errors import KitError
from app.learning import access, queries
from app.learning import actions as learning
from app.learning.models import CompletionCount, Enrolment, Evidence, Progress
from app.learning.rules import CREDITS, Kind, RunState
from tests import factories
from tests.databases import DATABASE

SLUG = "history"
PEOPLE = 50
EXAMPLES = 20 if DATABASE == "sqlite" else 8  # the same rules; what differs is how rows are written
BEGINNING = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


@dataclass
class Life:
    """One course, some places, some people, and what time it is. `edition` counts majors and minors."""

    db: Session
    blobs: Blobs
    course_id: int
    places: list[int]
    people: list[Person]
    moment: datetime = BEGINNING
    edition: tuple[int, int] = (0, 0)
    done: int = 0
    refused: int = 0
    said: int = 0
    completed: set[int] = field(default_factory=set)


_prepared: dict[tuple[int, int], importer.Prepared] = {}


def edition(major: int, minor: int) -> importer.Prepared:
    """A minor corrects a word and calls the optional page otherwise; a major asks for one page more each time."""
    if (major, minor) not in _prepared:
        files = factories.course_files(SLUG, pages=3 + major, questions=2)
        files["01-start/01-page-1.md"] += f"\nCorrected {minor} times.\n"
        files["01-start/90-test.md"] = files["01-start/90-test.md"].replace("mode=check", "mode=check time=PT5M")
        earlier = ", ".join(f"extra-{n}" for n in range(minor))
        files["01-start/80-extra.md"] = (
            f"---\nkind: page\nid: extra-{minor}\ntitle: An extra\nminutes: 2\nrequired: no\n"
            f"{f'was: [{earlier}]' if earlier else ''}\n---\nMore.\n"
        )
        _prepared[major, minor] = importer.prepare(factories.read(files))
    return _prepared[major, minor]


def enrol(life: Life, actor: Actor, _number: int) -> None:
    learning.enrol(life.db, actor, person_id=actor.id, course_id=access.course_for(life.db, actor, SLUG).course_id)


def open_page(life: Life, actor: Actor, number: int) -> None:
    pages = access.run_for(life.db, actor, SLUG).outline.pages
    before = life.db.scalar(select(func.count()).select_from(Evidence))
    access.page_for(life.db, actor, SLUG, pages[number % len(pages)].id)
    assert life.db.scalar(select(func.count()).select_from(Evidence)) == before


def finish_page(life: Life, actor: Actor, number: int) -> None:
    pages = access.run_for(life.db, actor, SLUG).outline.pages
    found = access.page_for(life.db, actor, SLUG, pages[number % len(pages)].id)
    learning.finish_page(life.db, actor, found.run, found.page.id)


def finish_all_pages(life: Life, actor: Actor, _number: int) -> None:
    for number in range(len(access.run_for(life.db, actor, SLUG).outline.pages)):
        finish_page(life, actor, number)


def answer(life: Life, actor: Actor, number: int, *, hand_in: bool = False) -> None:
    """`number` in binary says which answers are right."""
    found, quiz = access.quiz_for(life.db, actor, SLUG, "test")
    key = assessment.start(life.db, actor, run=found.run, quiz=quiz.id)
    view = attempts.attempt_for(life.db, actor, key)
    for place, asked in enumerate(view.asked):
        response = {"options": ["right" if number >> place & 1 else "wrong"]}
        assessment.save(life.db, actor, attempt=view, question=asked.question, response=response, flagged=False)
    if hand_in:
        assessment.submit(life.db, actor, attempt=attempts.attempt_for(life.db, actor, key))


def pass_quiz(life: Life, actor: Actor, _number: int) -> None:
    answer(life, actor, 0b11, hand_in=True)


def take_it_all(life: Life, actor: Actor, number: int) -> None:
    finish_all_pages(life, actor, number)
    pass_quiz(life, actor, number)


def fail_quiz(life: Life, actor: Actor, number: int) -> None:
    answer(life, actor, number % 3, hand_in=True)


def close_expired(life: Life, _actor: Actor, _number: int) -> None:
    assessment.close_expired(life.db)


def leave(life: Life, actor: Actor, _number: int) -> None:
    learning.leave(life.db, actor, access.run_for(life.db, actor, SLUG))


def assign(life: Life, actor: Actor, number: int) -> None:
    due_on, key = clock.today() + timedelta(days=number), f"law-{number % 3}:{actor.id}"
    learning.assign(life.db, SYSTEM, person_id=actor.id, course_id=life.course_id, due_on=due_on, key=key)


def move(life: Life, actor: Actor, number: int) -> None:
    place = life.places[number % len(life.places)]
    learning.transfer(life.db, SYSTEM, person_id=actor.id, organisation_id=place)


def set_due(life: Life, actor: Actor, number: int) -> None:
    due_on = clock.today() + timedelta(days=number - 10) if number % 4 else None
    learning.set_due(life.db, SYSTEM, enrolment_id=_enrolment(life, actor), due_on=due_on, required=number % 3 > 0)


def next_period(life: Life, actor: Actor, _number: int) -> None:
    learning.next_period(life.db, SYSTEM, enrolment_id=_enrolment(life, actor))


def credit(life: Life, actor: Actor, number: int) -> None:
    """Proof of something done elsewhere, some days ago; one in three in a period of its own."""
    life.said += 1
    learning.credit(
        life.db,
        SYSTEM,
        person_id=actor.id,
        course_id=life.course_id,
        kind=CREDITS[number % len(CREDITS)],
        at=clock.now() - timedelta(days=number),
        key=f"credit:{life.said}",
        new=number % 3 == 0,
    )


def revoke(life: Life, actor: Actor, _number: int) -> None:
    credits = select(func.max(Evidence.id)).where(Evidence.person_id == actor.id, Evidence.kind.in_(CREDITS))
    if (last := life.db.scalar(credits)) is not None:
        learning.revoke(life.db, SYSTEM, evidence_id=last, reason="A mistake")


def excuse(life: Life, actor: Actor, number: int) -> None:
    state = (RunState.EXEMPT, RunState.PAUSED, None)[number % 3]
    learning.excuse(life.db, SYSTEM, enrolment_id=_enrolment(life, actor), state=state)


def _enrolment(life: Life, actor: Actor) -> int:
    found = access.run_for(life.db, actor, SLUG).enrolment_id
    assert found is not None
    return found


def publish_minor(life: Life, _actor: Actor, _number: int) -> None:
    major, minor = life.edition
    _publish(life, (major, minor + 1), ChangeLevel.MINOR)


def publish_major(life: Life, _actor: Actor, _number: int) -> None:
    major, minor = life.edition
    _publish(life, (major + 1, minor), ChangeLevel.MAJOR)


def _publish(life: Life, which: tuple[int, int], level: ChangeLevel) -> None:
    if max(which) > 3:  # four editions are enough for anybody
        return
    published = importer.publish(life.db, SYSTEM, edition(*which), blobs=life.blobs, level=level)
    assert published.created
    life.edition = which


def wait(life: Life, _actor: Actor, number: int) -> None:
    """Time passes; a clock that is put right goes back a little, too."""
    life.moment += timedelta(minutes=number * 7 - 20)


Step = Callable[[Life, Actor, int], None]
STEPS: dict[str, Step] = {
    step.__name__: step
    for step in (
        enrol, open_page, finish_page, finish_all_pages, answer, pass_quiz, take_it_all, fail_quiz, close_expired, leave, assign,
        move, set_due, next_period, credit, revoke, excuse, publish_minor, publish_major, wait,
    )
}  # fmt: skip
COMMON = [
    enrol,
    open_page,
    finish_page,
    finish_page,
    finish_all_pages,
    pass_quiz,
    take_it_all,
    fail_quiz,
    leave,
    assign,
]
OFTEN = [*STEPS, *(step.__name__ for step in 3 * [*COMMON, move, set_due, credit, revoke, excuse, wait])]
# Most people do little; some have a long history.
WHO = st.integers(0, PEOPLE - 1).map(lambda number: number**3 // PEOPLE**2)
HISTORIES = st.lists(st.tuples(st.sampled_from(OFTEN), WHO, st.integers(0, 40)), min_size=60, max_size=140)


def begin(db: Session, blobs: Blobs) -> Life:
    root = factories.an_organisation(db)
    places = [factories.an_organisation(db, f"Place {n}", parent=root) for n in range(3)]
    importer.publish(db, SYSTEM, edition(0, 0), blobs=blobs, owner_id=root.id)
    course_id = db.scalars(select(Course.id).where(Course.slug == SLUG)).one()
    people = [factories.a_person(db, places[n % 3]) for n in range(PEOPLE)]
    return Life(db, blobs, course_id, [place.id for place in places], people)


def live(life: Life, history: list[tuple[str, int, int]]) -> None:
    actors = {n: factories.actor_for(life.db, person) for n, person in enumerate(life.people)}
    for name, who, number in history:
        with clock.at(life.moment):
            try:
                with life.db.begin_nested():
                    STEPS[name](life, actors[who], number)
            except KitError:  # what a page would refuse, with a sentence
                life.refused += 1
                continue
        life.done += 1
        if name == "move":
            actors[who] = factories.actor_for(life.db, life.people[who])


Rows = dict[str, list[tuple[object, ...]]]


def stored(db: Session) -> Rows:
    """Everything that is folded from evidence, as it lies in the tables; counters that stand at none are none."""
    db.flush()
    found: Rows = {}
    for table in (Enrolment.__table__, Progress.__table__, CompletionCount.__table__):
        rows = db.execute(select(table).order_by(*table.primary_key.columns))
        found[table.name] = [tuple(row) for row in rows if table is not CompletionCount.__table__ or row.number]
    return found


def check(life: Life) -> None:
    db = life.db
    differences = learning.verify(db)
    assert not differences, differences[:5]
    before = stored(db)
    assert learning.rebuild(db) == len(before["enrolments"])
    assert stored(db) == before
    # Counted where they work, each in one place; whoever has left in none.
    wrong_place = select(Enrolment.id).join(Person, Person.id == Enrolment.person_id)
    assert not db.scalars(wrong_place.where(Enrolment.organisation_id != Person.organisation_id)).all()
    counted = db.scalar(select(func.sum(CompletionCount.number))) or 0
    assert counted == db.scalar(select(func.count()).where(Enrolment.state != RunState.LEFT, Enrolment.current))
    # One present period for everybody, which is the last.
    last = select(func.max(Enrolment.period)).group_by(Enrolment.person_id, Enrolment.course_id)
    present = select(Enrolment.person_id, Enrolment.period).where(Enrolment.current).order_by(Enrolment.person_id)
    assert [period for _who, period in db.execute(present)] == db.scalars(last.order_by(Enrolment.person_id)).all()
    # Who has completed the course stays so; who has done all that it asks for has completed it.
    ever = set(db.scalars(select(Evidence.enrolment_id).where(Evidence.kind == Kind.COURSE_COMPLETED)))
    life.completed = set(db.scalars(select(Enrolment.id).where(Enrolment.state == RunState.COMPLETED)))
    assert ever <= life.completed
    for person in life.people:
        run = queries.run_for(db, person.id, SLUG)
        assert run is not None
        if run.enrolment_id is not None and run.done == len(run.outline.needed):
            assert run.completed_at is not None, f"everything is done, and yet the run is {run.state}"


@pytest.mark.timeout(900)
def test_a_thousand_histories_add_up(db: Session, blobs: Blobs, capsys: pytest.CaptureFixture[str]) -> None:
    life = begin(db, blobs)
    tally = {"histories": 0, "steps": 0, "refused": 0, "completed": 0, "editions": 0}

    @settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow])
    @given(HISTORIES)
    def all_add_up(history: list[tuple[str, int, int]]) -> None:
        fresh = Life(db, blobs, life.course_id, life.places, life.people)
        undone = db.begin_nested()
        try:
            live(fresh, [("enrol", who, 0) for who in range(PEOPLE) if who % 5] + history)
            check(fresh)
        finally:
            undone.rollback()
            db.expire_all()
        tally["histories"] += PEOPLE
        tally["steps"] += fresh.done
        tally["refused"] += fresh.refused
        tally["completed"] += len(fresh.completed)
        tally["editions"] += sum(fresh.edition)

    all_add_up()
    with capsys.disabled():
        print("\n" + ", ".join(f"{number} {what}" for what, number in tally.items()))
    assert tally["histories"] >= PEOPLE * EXAMPLES
    assert tally["completed"] > EXAMPLES and tally["editions"] > EXAMPLES // 2, "the histories say too little"


SPOILS = {
    "a page": update(Progress).where(Progress.subject == "page-1").values(finished_at=None),
    "a score": update(Progress).where(Progress.subject == "test").values(best_score=0.25),
    "a state": update(Enrolment).values(state=RunState.STARTED),
    "a place in the course": update(Enrolment).values(last_page="page-2"),
    "how much is done": update(Enrolment).values(done=Enrolment.done + 1),
    "a due date": update(Enrolment).values(due_on=BEGINNING.date()),
    "a counter": update(CompletionCount).where(CompletionCount.number > 0).values(number=CompletionCount.number + 1),
}


@pytest.mark.parametrize("what", SPOILS)
def test_what_does_not_add_up_is_told_and_put_right(db: Session, blobs: Blobs, what: str) -> None:
    life = begin(db, blobs)
    live(
        life, [("enrol", 1, 0), ("finish_all_pages", 1, 0), ("pass_quiz", 1, 0), ("enrol", 2, 0), ("finish_page", 2, 1)]
    )
    check(life)
    right = stored(db)
    db.execute(SPOILS[what])
    db.expire_all()
    assert learning.verify(db), what
    learning.rebuild(db)
    assert not learning.verify(db) and stored(db) == right


def test_what_was_done_counts_when_a_credit_is_taken_back(db: Session, blobs: Blobs) -> None:
    """Taking the course after having been credited with it is no less than taking it."""
    life = begin(db, blobs)
    live(life, [("enrol", 1, 0), ("credit", 1, 1), ("take_it_all", 1, 0), ("revoke", 1, 0)])
    assert life.refused == 0
    check(life)
    assert len(life.completed) == 1
