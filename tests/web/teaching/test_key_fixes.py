"""A key corrected by publishing a version: told before it happens, done as chosen, at once or at its moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest
from fastapi import FastAPI
from sqlalchemy import func, select

from app.accounts.models import Notice, Person
from app.accounts.rules import NoticeKind
from app.assessment import queries as attempts
from app.assessment.models import Attempt, CorrectionRow, Regrading
from app.catalog import queries
from app.jobs import handlers
from app.kit import clock, jobs
from app.kit.actor import Role
from app.kit.database import Sessions, reading, writing
from app.learning import actions as learning
from app.learning import queries as learners
from app.learning.models import Evidence
from app.learning.rules import RunState
from app.settings import Settings
from tests import factories
from tests.architecture.world import zipped
from tests.assessment.taking import School, a_school
from tests.browser import Browser, Page

WHY = "The key of the first question was wrong."
QUIZ = "01-start/90-test.md"
# Which questions each answers as the first key says; four of five pass. Emilija is counted in another town.
PLAN = {"Asta": "2345", "Biruta": "234", "Cecilija": "1", "Daiva": "12345", "Emilija": "1234"}
FIRST = {"Asta": (4, True), "Biruta": (3, False), "Cecilija": (1, False), "Daiva": (5, True), "Emilija": (4, True)}
RAISED = FIRST | {"Asta": (5, True), "Biruta": (4, True)}
ANEW = {"Asta": (5, True), "Biruta": (4, True), "Cecilija": (0, False), "Daiva": (4, True), "Emilija": (3, True)}
AFTER = {"nothing": FIRST, "raise": RAISED, "all": ANEW}
Scores = dict[str, tuple[float, bool | None]]


def files(*, key: str) -> dict[str, str]:
    """A page and a test of five questions; `key` is what is right in the first."""
    made = factories.course_files(pages=1, questions=5, owner="school")
    if key == "wrong":
        first, rest = made[QUIZ].split("### Question 2", 1)
        first = first.replace("- [x] Right", "- [ ] Right").replace("- [ ] Wrong", "- [x] Wrong")
        made[QUIZ] = f"{first}### Question 2{rest}"
    return made


@dataclass
class World:
    sessions: Sessions
    settings: Settings
    trainer: Browser
    people: dict[str, Person]
    keys: dict[str, str]

    def scores(self) -> Scores:
        with reading(self.sessions) as db:
            found = {name: attempts.attempt(db, key) for name, key in self.keys.items()}
        return {name: (one.score or 0.0, one.passed) for name, one in found.items() if one is not None}

    def completed(self) -> set[str]:
        with reading(self.sessions) as db:
            runs = {name: learners.run_for(db, person.id, "first-course") for name, person in self.people.items()}
        return {name for name, run in runs.items() if run is not None and run.state is RunState.COMPLETED}

    def work(self) -> None:
        jobs.drain(self.sessions, handlers(self.settings))

    def upload(self, key: str = "wrong") -> Page:
        sent = ("course.zip", zipped(files(key=key)))
        report = self.trainer.open("/teaching/uploads/new").press("Check", file=sent)
        return report.follow("See what changes, and publish")


@pytest.fixture
def world(browser: Browser, app: FastAPI, sessions: Sessions, settings: Settings) -> World:
    with writing(sessions) as db:
        school = a_school(db, app.state.blobs, files=files(key="right"))
        school.town.code = "school"
        trainer = factories.a_person(db, school.town, roles=[Role.TRAINER], given_name="Jolanta", lang="en")
        people, keys = {}, {}
        for name, right in PLAN.items():
            person = people[name] = school.learner(name, at=school.elsewhere if name == "Emilija" else None)
            keys[name] = school.take(person, {f"q{n}": "right" if str(n) in right else "wrong" for n in range(1, 6)})
            if name in ("Biruta", "Daiva", "Emilija"):
                run = learners.run_for(db, person.id, school.slug)
                assert run is not None
                learning.finish_page(db, factories.actor_for(db, person), run, "page-1")
    made = World(sessions, settings, browser.as_(trainer), people, keys)
    made.work()
    return made


def _check(world: World, policy: str, before: list[int]) -> None:
    """What a policy has made of the answers, and what it has left alone."""
    world.work()
    assert world.scores() == AFTER[policy]
    # Passed and completed stay; who passes now has completed.
    assert world.completed() == {"Daiva", "Emilija"} | ({"Biruta"} if policy != "nothing" else set())
    changed = {name for name in PLAN if AFTER[policy][name] != FIRST[name]}
    with reading(world.sessions) as db:
        rows = db.execute(select(Attempt.key, Regrading.score_before, Regrading.score_after).join(Attempt)).all()
        marked = {name: (was, now) for key, was, now in rows for name in PLAN if world.keys[name] == key}
        assert marked == {name: (FIRST[name][0], AFTER[policy][name][0]) for name in changed}
        # Gradings are added to what was said before, and nothing of it goes.
        kept = list(db.scalars(select(Evidence.id).order_by(Evidence.id)))
        assert kept[: len(before)] == before and len(kept) >= len(before) + len(changed)
        told = {one.person_id: one.data for one in db.scalars(select(Notice).where(Notice.kind == NoticeKind.REMARKED))}
        assert set(told) == {world.people[name].id for name in changed}
        assert {one["question"] for one in told.values()} <= {WHY}
        assert [one.policy for one in db.scalars(select(CorrectionRow))] == [policy]
        assert learning.verify(db) == []
    # The new key counts from now on, for those too who stay with the version they began.
    with writing(world.sessions) as db:
        person = world.people["Cecilija"]
        run = learners.run_for(db, person.id, "first-course")
        assert run is not None and run.label == "1.0"
        again = School(db, None, None, None, None).take(person, {"q1": "wrong"}, seed=2)  # type: ignore[arg-type]
    with reading(world.sessions) as db:
        late = attempts.attempt(db, again)
    assert late is not None and late.score == 1.0


def _evidence(world: World) -> list[int]:
    with reading(world.sessions) as db:
        return list(db.scalars(select(Evidence.id).order_by(Evidence.id)))


def _said(page: Page) -> dict[str, str]:
    """The preview: what is said of each person, by given name; whoever is counted elsewhere has none."""
    section = next(one for one in page.all("section") if one.get("aria-labelledby") == "anew")
    rows = [[" ".join("".join(cell.itertext()).split()) for cell in row] for row in section.iter("tr")]
    return {row[0].split()[0]: " | ".join(row[1:]) for row in rows[1:]}


@pytest.mark.parametrize("policy", ["nothing", "raise", "all"])
def test_who_would_change_is_said_before_and_done_as_chosen(world: World, policy: str) -> None:
    page = world.upload()
    before = _evidence(world)
    assert page.sees("5 attempts hold this question, 2 gain, 3 lose, 1 passes now, 1 stays passed with fewer points")
    assert _said(page) == {
        "Asta": "4 of 5 → 5 of 5 | changes",
        "Biruta": "3 of 5 → 4 of 5passes now | changes",
        "Cecilija": "1 of 5 → 0 of 5 | stays as it is",
        "Daiva": "5 of 5 → 4 of 5 | stays as it is",
        "Somebody": "4 of 5 → 3 of 5stays passed | stays as it is",
    }
    assert not page.sees("Emilija")
    assert world.scores() == FIRST and _evidence(world) == before
    # Why is asked for where somebody's marks may change; a form comes back with what was chosen.
    if policy != "nothing":
        refused = page.press("Publish", level="major", regrade=policy, note="")
        assert refused.status == 422 and refused.sees("Write why, in a sentence")
        assert dict(refused.form("Publish").values)["regrade"] == policy
        assert world.scores() == FIRST
    note = WHY if policy != "nothing" else ""
    done = page.press("Publish", level="major", regrade=policy, note=note)
    assert done.sees("Version 2.0 is published.")
    _check(world, policy, before)


@pytest.mark.parametrize("policy", ["nothing", "all"])
def test_a_publication_that_waits_takes_the_same_choice(world: World, policy: str) -> None:
    page = world.upload()
    before = _evidence(world)
    day = (clock.today() + timedelta(days=2)).isoformat()
    note = WHY if policy != "nothing" else ""
    assert page.press("Schedule", day=day, time="07:30", level="major", regrade=policy, note=note).sees("Scheduled")
    world.work()
    assert world.scores() == FIRST
    with clock.everywhere_at(clock.now() + timedelta(days=3)):
        world.work()
        with reading(world.sessions) as db:
            head = queries.course_by_slug(db, "first-course")
            assert head is not None and queries.versions(db, head.id)[0].label == "2.0"
        _check(world, policy, before)


def test_a_long_note_is_told_whole_and_marks_anew_all_the_same(world: World) -> None:
    done = world.upload().press("Publish", level="major", regrade="raise", note=f"{WHY} " + "Long. " * 150)
    assert done.sees("Version 2.0 is published.") and done.sees("2 attempts are marked anew.")
    with reading(world.sessions) as db:
        reason = db.scalars(select(CorrectionRow.reason)).one()
        assert reason.startswith(WHY) and reason.endswith("…") and len(reason) <= 500
        assert db.scalar(select(func.count()).select_from(Regrading)) == 2
