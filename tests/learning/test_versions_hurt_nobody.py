"""Whatever authors publish, withdraw and correct, and whatever learners do between: nobody is worse off who did not ask."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from app.assessment import access as attempts
from app.assessment import actions as assessment
from app.assessment.rules import Policy
from app.catalog import actions as catalog
from app.catalog import importer, queries
from app.catalog.queries import CourseHead
from app.catalog.rules import ChangeLevel
from app.kit.actor import SYSTEM, Actor
from app.kit.blobs import Blobs
from app.kit.errors import KitError
from app.learning import access
from app.learning import actions as learning
from app.learning import queries as runs
from tests import factories

SLUG = "harmless"
PEOPLE, PAGES, EXAMPLES = 4, 4, 8
# Pages of the course, whether the key of q1 is the other answer, and how often a word was corrected.
Edition = tuple[frozenset[int], bool, int]
FIRST: Edition = (frozenset({1, 2}), False, 0)
_prepared: dict[tuple[Edition, frozenset[int]], importer.Prepared] = {}


def prepared(edition: Edition, ever: frozenset[int]) -> importer.Prepared:
    """The course; pages it once had are retired."""
    if (edition, ever) not in _prepared:
        pages, other_key, words = edition
        files = factories.course_files(SLUG, pages=PAGES, questions=2)
        for n in set(range(1, PAGES + 1)) - pages:
            del files[f"01-start/{n:02d}-page-{n}.md"]
        first = files["01-start/90-test.md"].index("- [x]")
        if other_key:
            test = files["01-start/90-test.md"]
            swapped = test[first:].replace("- [x] Right", "- [ ] Right", 1).replace("- [ ] Wrong", "- [x] Wrong", 1)
            files["01-start/90-test.md"] = test[:first] + swapped
        if gone := sorted(ever - pages):
            retired = ", ".join(f"page-{n}" for n in gone)
            files["course.md"] = files["course.md"].replace("outcomes:", f"retired: [{retired}]\noutcomes:", 1)
        files["course.md"] += f"\nCorrected {words} times.\n"
        _prepared[edition, ever] = importer.prepare(factories.read(files))
    return _prepared[edition, ever]


@dataclass
class Life:
    db: Session
    blobs: Blobs
    actors: list[Actor]
    edition: Edition = FIRST
    ever: frozenset[int] = FIRST[0]
    asked: set[int] = field(default_factory=set)
    done: int = 0

    @property
    def course(self) -> CourseHead:
        found = queries.course_by_slug(self.db, SLUG)
        assert found is not None
        return found


def publish(life: Life, edition: Edition, policy: Policy | None = None) -> None:
    ready = prepared(edition, life.ever | edition[0])
    changed = {one.id for one in importer.plan(life.db, ready).changes.questions_rekeyed}
    keys = {one.question: one.revision for one in ready.questions.values() if one.question in changed}
    level = ChangeLevel.MINOR if edition[:2] == life.edition[:2] else ChangeLevel.MAJOR
    importer.publish(life.db, SYSTEM, ready, blobs=life.blobs, level=level, note="Corrected.")
    if policy is not None:
        assessment.regrade_by_version(
            life.db, SYSTEM, course=life.course, keys=keys, policy=policy, reason="The key was wrong."
        )
    life.edition, life.ever = edition, life.ever | edition[0]


def correct_a_word(life: Life, _who: int, _n: int) -> None:
    pages, key, words = life.edition
    publish(life, (pages, key, words + 1))


def add_or_take_out_a_page(life: Life, _who: int, n: int) -> None:
    pages, key, words = life.edition
    publish(life, (pages ^ {n % PAGES + 1} or pages, key, words))


def fix_the_key(life: Life, _who: int, n: int) -> None:
    pages, key, words = life.edition
    publish(life, (pages, not key, words), list(Policy)[n % 3])


def turn(life: Life, _who: int, n: int) -> None:
    (catalog.withdraw, catalog.show_to_staff, catalog.restore, catalog.restore)[n % 4](
        life.db, SYSTEM, course=life.course
    )


def go_back(life: Life, _who: int, n: int) -> None:
    versions = queries.versions(life.db, life.course.id)
    importer.revert(life.db, SYSTEM, course=life.course, version=versions[n % len(versions)])


def begin(life: Life, who: int, _n: int) -> None:
    course = access.course_for(life.db, life.actors[who], SLUG)
    learning.enrol(life.db, life.actors[who], person_id=life.actors[who].id, course_id=course.course_id)


def read(life: Life, who: int, n: int) -> None:
    run = access.run_for(life.db, life.actors[who], SLUG)
    learning.finish_page(life.db, life.actors[who], run, run.outline.pages[n % len(run.outline.pages)].id)


def take_the_test(life: Life, who: int, n: int) -> None:
    """`n` in binary says which answers are those first called right."""
    actor = life.actors[who]
    found, _quiz = access.quiz_for(life.db, actor, SLUG, "test")
    key = assessment.start(life.db, actor, run=found.run, quiz="test")
    view = attempts.attempt_for(life.db, actor, key)
    for place, asked in enumerate(view.asked):
        said = {"options": ["right" if n >> place & 1 else "wrong"]}
        assessment.save(life.db, actor, attempt=view, question=asked.question, response=said, flagged=False)
    assessment.submit(life.db, actor, attempt=attempts.attempt_for(life.db, actor, key))


def take_the_new_version(life: Life, who: int, _n: int) -> None:
    run = access.run_for(life.db, life.actors[who], SLUG)
    offer = runs.offer_for(life.db, run)
    learning.take_version(life.db, life.actors[who], run=run, label=offer.label if offer else "")
    life.asked.add(who)


def stay(life: Life, who: int, _n: int) -> None:
    run = access.run_for(life.db, life.actors[who], SLUG)
    offer = runs.offer_for(life.db, run)
    learning.decline_version(life.db, life.actors[who], run=run, label=offer.label if offer else "")


AUTHORS = (correct_a_word, add_or_take_out_a_page, fix_the_key, turn, go_back)
LEARNERS = (begin, read, read, read, take_the_test, take_the_test, take_the_new_version, stay)
STEPS = {step.__name__: step for step in (*AUTHORS, *LEARNERS)}
OFTEN = [step.__name__ for step in (*AUTHORS, *LEARNERS, *LEARNERS)]
SCRIPTS = st.lists(
    st.tuples(st.sampled_from(OFTEN), st.integers(0, PEOPLE - 1), st.integers(0, 15)), min_size=20, max_size=30
)


def standing(life: Life, who: int) -> tuple[int, int, int, object, object, object] | None:
    """What is done, of how many, in which major version; and what a completion says."""
    run = runs.run_for(life.db, life.actors[who].id, SLUG)
    if run is None or run.enrolment_id is None:
        return None
    return (run.done, len(run.outline.needed), run.major, run.state, run.completed_at, run.completed_version_id)


def live(life: Life, script: list[tuple[str, int, int]]) -> set[object]:
    seen: set[object] = set()
    for name, who, n in script:
        before = [standing(life, one) for one in range(PEOPLE)]
        life.asked.clear()
        try:
            with life.db.begin_nested():
                STEPS[name](life, who, n)
        except KitError:  # what a page would refuse, with a sentence
            continue
        life.done += 1
        assert learning.verify(life.db) == [], name
        for one, was in enumerate(before):
            now = standing(life, one)
            if was is None or now is None:
                assert was is None, f"{name}: a run is gone"
                continue
            if was[4] is not None:
                assert now == was, f"{name} changed what somebody has finished"
                seen.add("finished")
            elif one not in life.asked:
                assert now[1:3] == was[1:3], f"{name} moved somebody to another version unasked"
                assert now[0] >= was[0], f"{name} took away what somebody had done"
                seen.add("going")
            else:
                seen.add("moved")
    return seen


@pytest.mark.timeout(600)
def test_no_script_of_authors_and_learners_hurts_anybody(db: Session, blobs: Blobs) -> None:
    place = factories.an_organisation(db)
    importer.publish(db, SYSTEM, prepared(FIRST, FIRST[0]), blobs=blobs, owner_id=place.id)
    actors = [factories.actor_for(db, factories.a_person(db, place)) for _ in range(PEOPLE)]
    told: set[object] = set()
    steps = []

    @settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow])
    @given(SCRIPTS)
    def nobody_is_hurt(script: list[tuple[str, int, int]]) -> None:
        life, undone = Life(db, blobs, actors), db.begin_nested()
        try:
            told.update(live(life, [*(("begin", who, 0) for who in range(PEOPLE)), *script]))
        finally:
            undone.rollback()
            db.expire_all()
        steps.append(life.done)

    nobody_is_hurt()
    # One script that says it all, whatever chance has drawn.
    life = Life(db, blobs, actors)
    everything = [
        ("begin", 0, 0), ("begin", 1, 0), ("read", 0, 0), ("read", 0, 1), ("take_the_test", 0, 3), ("read", 1, 0),
        ("take_the_test", 1, 2), ("correct_a_word", 0, 0), ("add_or_take_out_a_page", 0, 2), ("fix_the_key", 0, 2),
        ("turn", 0, 0), ("stay", 1, 0), ("turn", 0, 2), ("take_the_new_version", 1, 0), ("go_back", 0, 3),
    ]  # fmt: skip
    told.update(live(life, everything))
    assert {"finished", "going", "moved"} <= told
    assert sum(steps) > 100, "the scripts say too little"
