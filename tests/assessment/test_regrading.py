"""A question corrected after it was asked: who changes, what stays, and what is told."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.models import Notice
from app.accounts.rules import NoticeKind
from app.assessment import actions, queries
from app.assessment.actions import regrading
from app.assessment.models import Regrading
from app.assessment.rules import Change, How, Policy
from app.jobs import WORK
from app.kit import clock
from app.kit.blobs import Blobs
from app.kit.errors import Conflict, Forbidden, Invalid
from app.kit.jobs import Job, claim
from app.kit.mail import Mail
from app.learning import actions as learning
from app.learning import queries as learners
from app.learning.rules import RunState
from app.settings import Settings
from tests import factories
from tests.assessment.taking import School, a_school

WHY = "The key was wrong: the second answer is right."
# Which questions each of five people answers as the key says; q1's key is wrong, and the able ones see that.
PLAN = {"Asta": "2345", "Biruta": "234", "Cecilija": "1", "Daiva": "12345", "Emilija": "1234"}
WRONG_KEY = Change("q1", How.KEY, ("wrong",))


@pytest.fixture
def school(db: Session, blobs: Blobs) -> School:
    return a_school(db, blobs, pages=1, questions=5)


def everybody(school: School) -> dict[str, str]:
    keys = {}
    for name, right in PLAN.items():
        person = school.learner(name, at=school.elsewhere if name == "Emilija" else None)
        answers = {f"q{n}": "right" if str(n) in right else "wrong" for n in range(1, 6)}
        keys[name] = school.take(person, answers)
    return keys


def scores(school: School, keys: dict[str, str]) -> dict[str, tuple[float, bool | None]]:
    views = {name: school.view(key) for name, key in keys.items()}
    return {name: (view.score or 0.0, view.passed) for name, view in views.items()}


def work_off(db: Session, settings: Settings) -> list[str]:
    """Do every job that waits, in this transaction; answers their kinds."""
    done = []
    while (job := claim(db)) is not None:
        WORK[job.kind](db, settings, job.data)
        db.get(Job, job.id).state = "done"  # type: ignore[union-attr]
        db.flush()
        done.append(job.kind)
    return done


def test_a_preview_says_who_changes_and_writes_nothing(school: School) -> None:
    keys = everybody(school)
    before = scores(school, keys)
    assert before == {
        "Asta": (4.0, True), "Biruta": (3.0, False), "Cecilija": (1.0, False), "Daiva": (5.0, True), "Emilija": (4.0, True)
    }  # fmt: skip
    seen = actions.preview(school.db, school.trainer, course=school.course, change=WRONG_KEY)
    assert (seen.attempts, seen.changed, seen.gains, seen.loses) == (5, 5, 2, 3)
    assert (seen.newly_passed, seen.below, seen.known) == (1, 1, 0)
    told = {line.name.split(" ")[0]: (line.effect.before.score, line.effect.after.score) for line in seen.lines}
    # Whoever is counted elsewhere is nobody's to name.
    assert told == {"Asta": (4, 5), "Biruta": (3, 4), "Cecilija": (1, 0), "Daiva": (5, 4), "": (4, 3)}
    assert seen.lines[0].name.startswith("Biruta"), "who passes by it stands first"
    assert scores(school, keys) == before
    stranger = factories.actor_for(school.db, school.people[0])
    with pytest.raises(Forbidden):
        actions.preview(school.db, stranger, course=school.course, change=WRONG_KEY)


def test_nobody_loses_where_only_gains_count_and_the_people_are_told(school: School, settings: Settings) -> None:
    keys = everybody(school)
    biruta = school.people[1]
    run = learners.run_for(school.db, biruta.id, school.slug)
    assert run is not None
    for page in ("page-1",):
        learning.finish_page(school.db, factories.actor_for(school.db, biruta), run, page)
    handed_in = school.view(keys["Biruta"]).finished_at
    work_off(school.db, settings)
    with clock.at(clock.now().replace(year=clock.now().year + 1)):
        made = apply(school, Policy.RAISE)
        assert (made.attempts, made.changed, made.later) == (5, 2, False)
        assert scores(school, keys)["Asta"] == (5.0, True)
        assert scores(school, keys)["Biruta"] == (4.0, True)
        assert scores(school, keys)["Cecilija"] == (1.0, False)
        assert scores(school, keys)["Daiva"] == (5.0, True)
        # She had done everything in time, but for a wrong key: that is when the course was completed.
        done = learners.run_for(school.db, biruta.id, school.slug)
        assert done is not None and done.state is RunState.COMPLETED
        assert done.completed_at is not None and handed_in is not None
        assert (done.completed_at - handed_in).days < 1
        # Pressing twice corrects once.
        assert apply(school, Policy.RAISE, known=0).id == made.id
        with pytest.raises(Conflict):
            apply(school, Policy.ALL, known=0)
        assert school.db.scalar(select(func.count()).select_from(Regrading)) == 2
        assert work_off(school.db, settings).count("assessment.remarked") == 2
    told = school.db.scalars(select(Notice.data).where(Notice.kind == NoticeKind.REMARKED)).all()
    assert sorted(one["after"] for one in told) == ["4/5", "5/5"]
    (letter,) = school.db.scalars(select(Mail.text).where(Mail.person_id == biruta.id, Mail.text.contains(WHY)))
    assert "3/5 points before, 4/5 points now" in letter and "you have passed the test" in letter
    (line,) = queries.regradings(school.db, school.view(keys["Biruta"]).id)
    assert (line.score_before, line.score_after, line.passed_before, line.passed_after) == (3, 4, False, True)
    assert learning.verify(school.db) == []


def apply(school: School, policy: Policy, *, change: Change = WRONG_KEY, known: int | None = None) -> regrading.Applied:
    return actions.apply(
        school.db, school.trainer, course=school.course, change=change, policy=policy, reason=WHY, known=known
    )


def test_what_was_passed_stays_passed_when_everybody_is_marked_anew(school: School) -> None:
    keys = everybody(school)
    made = apply(school, Policy.ALL)
    assert made.changed == 5
    assert scores(school, keys) == {
        "Asta": (5.0, True), "Biruta": (4.0, True), "Cecilija": (0.0, False), "Daiva": (4.0, True), "Emilija": (3.0, True)
    }  # fmt: skip
    # From now on the corrected key holds, and a second correction builds on the first.
    late = school.take(school.learner("Faustas"), {"q1": "wrong"})
    assert school.view(late).score == 1.0
    both = Change("q1", How.ACCEPT, ("right",))
    assert apply(school, Policy.ALL, change=both).changed == 3
    assert scores(school, keys)["Daiva"] == (5.0, True)
    assert scores(school, keys)["Asta"] == (5.0, True)
    assert learning.verify(school.db) == []


def test_a_void_question_leaves_the_sum(school: School) -> None:
    keys = everybody(school)
    apply(school, Policy.NOTHING, change=Change("q1", How.VOID))
    assert scores(school, keys)["Asta"] == (4.0, True), "nothing was to change"
    apply(school, Policy.RAISE, change=Change("q5", How.VOID))
    views = {name: school.view(key) for name, key in keys.items()}
    after = {name: (view.score, view.max_score, view.passed) for name, view in views.items()}
    assert after == {
        "Asta": (4, 5, True), "Biruta": (3, 4, False), "Cecilija": (1, 4, False), "Daiva": (5, 5, True),
        "Emilija": (4, 4, True),
    }  # fmt: skip
    late = school.view(school.take(school.learner(), {"q2": "right", "q3": "right"}))
    assert (late.score, late.max_score) == (2.0, 3.0)
    assert [one.question for one in late.asked] == ["q2", "q3", "q4"], "what is void is not asked any more"


def test_a_large_correction_is_a_job_that_counts(
    school: School, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(regrading, "AT_ONCE", 2)
    keys = everybody(school)
    made = apply(school, Policy.ALL)
    assert made.later and made.changed == 0
    (line,) = queries.corrections_of(school.db, school.course.id)
    assert (line.total, line.seen, line.done) == (5, 0, False)
    kinds = work_off(school.db, settings)
    assert kinds.count("assessment.regrade") == 3 and kinds.count("assessment.remarked") == 5
    (line,) = queries.corrections_of(school.db, school.course.id)
    assert (line.total, line.seen, line.changed, line.done) == (5, 5, 5, True)
    assert scores(school, keys)["Biruta"] == (4.0, True)


def test_a_correction_that_makes_no_sense_is_refused(school: School) -> None:
    everybody(school)
    for change in (
        Change("q1", How.KEY),
        Change("q1", How.KEY, ("nothing",)),
        Change("q1", How.KEY, ("right", "wrong")),
    ):
        with pytest.raises(Invalid):
            apply(school, Policy.ALL, change=change)
    with pytest.raises(Invalid):
        actions.apply(school.db, school.trainer, course=school.course, change=WRONG_KEY, policy=Policy.ALL, reason=" ")


def test_a_published_version_brings_its_key_to_those_who_answered_the_old_one(school: School, blobs: Blobs) -> None:
    keys = everybody(school)
    files = factories.course_files(school.slug, pages=1, questions=5)
    path = "01-start/90-test.md"
    first, rest = files[path].split("### Question 2")
    first = first.replace("- [x] Right", "- [ ] Right").replace("- [ ] Wrong", "- [x] Wrong")
    factories.a_course(school.db, blobs, owner=school.town, files={**files, path: f"{first}### Question 2{rest}"})
    old = school.view(keys["Asta"]).asked[0].revision
    (new,) = set(queries.revisions_of(school.db, school.course.id, "q1")) - {old}
    change = Change("q1", How.REVISION, revision=new)
    seen = actions.preview(school.db, school.trainer, course=school.course, change=change)
    assert (seen.attempts, seen.gains, seen.newly_passed) == (5, 2, 1)
    assert apply(school, Policy.RAISE, change=change).changed == 2
    assert scores(school, keys)["Biruta"] == (4.0, True)


def test_one_attempt_more_for_who_has_used_them_all(db: Session, blobs: Blobs, settings: Settings) -> None:
    files = factories.course_files(pages=1, questions=1)
    path = "01-start/90-test.md"
    files[path] = files[path].replace("mode=check", "mode=check attempts=1")
    school = a_school(db, blobs, files=files)
    person = school.learner("Ona")
    key = school.take(person, {"q1": "wrong"})
    with pytest.raises(Conflict):
        school.take(person, {"q1": "right"})
    view = school.view(key)
    assert actions.unlock(db, school.trainer, attempt=view, reason="The page was wrong.")
    assert not actions.unlock(db, school.trainer, attempt=view), "there is one left"
    assert school.view(school.take(person, {"q1": "right"})).passed
    assert "assessment.unlocked" in work_off(db, settings)
    (notice,) = db.scalars(select(Notice.data).where(Notice.kind == NoticeKind.UNLOCKED))
    assert notice["question"] == "The page was wrong."
