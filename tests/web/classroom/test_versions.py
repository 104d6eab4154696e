"""A newer version of a course: minor ones come by themselves, a major one is offered, and finished stays finished."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from fastapi import FastAPI

from app.accounts.models import Person
from app.catalog.rules import ChangeLevel
from app.kit.actor import SYSTEM
from app.kit.database import Sessions, reading, writing
from app.learning import access
from app.learning import actions as learning
from app.learning import queries as runs
from tests import factories
from tests.browser import Browser

SLUG = "moving-house"


@dataclass
class World:
    sessions: Sessions
    app: FastAPI
    learner: Person
    finished: Person

    def publish(self, files: dict[str, str], level: ChangeLevel | None = None, note: str = "") -> str:
        with writing(self.sessions) as db:
            prepared = factories.importer.prepare(factories.read(files))
            made = factories.importer.publish(
                db, SYSTEM, prepared, blobs=self.app.state.blobs, level=level, note=note, owner_id=1
            )
        return made.label

    def verify(self) -> None:
        with reading(self.sessions) as db:
            assert learning.verify(db) == []


def first() -> dict[str, str]:
    return factories.course_files(SLUG, pages=3, questions=0)


def second() -> dict[str, str]:
    """Page 1 under another id and with another word, page 3 gone, page 4 new."""
    files = factories.course_files(SLUG, pages=4, questions=0)
    page = files["01-start/01-page-1.md"].replace("id: page-1", "id: begin\nwas: [page-1]")
    files["01-start/01-page-1.md"] = page.replace("Text of page 1.", "Words of page 1.")
    del files["01-start/03-page-3.md"]
    files["course.md"] = files["course.md"].replace("outcomes:", "retired: [page-3]\noutcomes:")
    return files


@pytest.fixture
def world(sessions: Sessions, app: FastAPI) -> World:
    with writing(sessions) as db:
        place = factories.an_organisation(db)
        made = factories.a_course(db, app.state.blobs, SLUG, owner=place, files=first())
        learner, finished = factories.a_person(db, place, lang="en"), factories.a_person(db, place, lang="en")
        for person, pages in ((learner, ("page-1", "page-3")), (finished, ("page-1", "page-2", "page-3"))):
            actor = factories.actor_for(db, person)
            learning.enrol(db, actor, person_id=person.id, course_id=made.course_id)
            for page in pages:
                learning.finish_page(db, actor, access.run_for(db, actor, SLUG), page)
    return World(sessions, app, learner, finished)


def test_a_minor_version_is_simply_there(browser: Browser, world: World) -> None:
    files = first()
    files["01-start/02-page-2.md"] = files["01-start/02-page-2.md"].replace("Text of", "The text of")
    assert world.publish(files) == "1.1"
    mine = browser.as_(world.learner)
    page = mine.open(f"/courses/{SLUG}/pages/page-2")
    assert page.sees("The text of page 2") and not page.sees("See what changed")
    assert mine.open(f"/courses/{SLUG}/changes").status == 404
    world.verify()


def test_a_major_version_is_offered_shown_and_taken(browser: Browser, world: World) -> None:
    assert world.publish(second(), note="Page 4 is new.") == "2.0"
    mine = browser.as_(world.learner)
    assert mine.open("/learning").sees("There is a newer version.")
    assert mine.open(f"/courses/{SLUG}/pages/page-2").sees("Text of page 2")
    page = mine.open(f"/courses/{SLUG}").follow("See what changed, and choose")
    assert page.sees("What changed in version 2.0") and page.sees("Page 4 is new.")
    assert page.sees("Less of the new version is done than of yours: 1 of 3.")
    assert page.sees("Not asked for any more; it stays in your record")
    with reading(world.sessions) as db:
        before = runs.run_for(db, world.learner.id, SLUG)
    assert before is not None and (before.label, before.done) == ("1.0", 2)
    page = page.press("Move to version 2.0")
    assert page.sees("You learn from version 2.0 now") and page.sees("Version 2.0")
    with reading(world.sessions) as db:
        after = runs.run_for(db, world.learner.id, SLUG)
        assert after is not None and after.enrolment_id is not None
        assert (after.label, after.done, len(after.outline.needed)) == ("2.0", 1, 3)
        kept = runs.standings(db, after.enrolment_id, after.outline.was)
    assert kept["begin"].finished_at is not None and kept["page-3"].finished_at is not None
    world.verify()
    with writing(world.sessions) as db:  # what evidence adds up to is what is stored, the version included
        learning.rebuild(db)
        again = runs.run_for(db, world.learner.id, SLUG)
    assert again == after


def test_who_declines_stays_is_not_asked_again_and_may_take_it_later(browser: Browser, world: World) -> None:
    world.publish(second())
    mine = browser.as_(world.learner)
    page = mine.open(f"/courses/{SLUG}/changes").press("Stay on version 1.0")
    assert page.sees("You stay on version 1.0.") and not page.sees("See what changed, and choose")
    assert not mine.open("/learning").sees("There is a newer version.")
    assert mine.open(f"/courses/{SLUG}/pages/page-3").sees("Text of page 3")
    world.verify()
    assert mine.open(f"/courses/{SLUG}").follow("See what changed").press("Move to version 2.0").sees("Version 2.0")
    third = second()
    third["01-start/09-page-9.md"] = third["01-start/02-page-2.md"].replace("page-2", "page-9")
    assert world.publish(third) == "3.0"
    assert mine.open("/learning").sees("There is a newer version.")
    world.verify()


def test_nobody_takes_what_they_have_not_seen(browser: Browser, world: World) -> None:
    world.publish(second())
    shown = browser.as_(world.learner).open(f"/courses/{SLUG}/changes")
    third = second()
    third["01-start/09-page-9.md"] = third["01-start/02-page-2.md"].replace("page-2", "page-9")
    world.publish(third)
    page = shown.press("Move to version 2.0")
    assert page.sees("Meanwhile there is a newer version still") and page.sees("Version 1.0")


def test_finished_stays_finished_and_is_told_what_changed(browser: Browser, world: World) -> None:
    with reading(world.sessions) as db:
        before = runs.run_for(db, world.finished.id, SLUG)
    world.publish(second())
    mine = browser.as_(world.finished)
    page = mine.open(f"/courses/{SLUG}").follow("See what changed")
    assert page.sees("You have completed version 1.0. That stays as it is")
    assert not page.sees("Move to version 2.0")
    headers = {"Sec-Fetch-Site": "same-origin"}
    mine.client.post(f"/courses/{SLUG}/changes/take", data={"version": "2.0"}, headers=headers)
    with reading(world.sessions) as db:
        after = runs.run_for(db, world.finished.id, SLUG)
    assert before is not None and after is not None
    assert (after.label, after.completed_at, after.done) == (before.label, before.completed_at, before.done)
    world.verify()


def test_a_version_that_asks_for_nothing_more_completes_the_course(browser: Browser, world: World) -> None:
    files = factories.course_files(SLUG, pages=1, questions=0)
    files["course.md"] = files["course.md"].replace("outcomes:", "retired: [page-2, page-3]\noutcomes:")
    world.publish(files)
    page = browser.as_(world.learner).open(f"/courses/{SLUG}/changes")
    assert page.sees("with it you complete the course")
    assert "/finish" in page.press("Move to version 2.0").url
    with reading(world.sessions) as db:
        run = runs.run_for(db, world.learner.id, SLUG)
    assert run is not None and run.completed_at is not None
    world.verify()


def test_a_program_sees_the_offer_and_answers_it(browser: Browser, world: World) -> None:
    world.publish(second())
    client = browser.as_(world.learner).client
    said = client.get(f"/api/v1/me/courses/{SLUG}").json()
    assert said["offer"] == {
        "version": "2.0", "done": 1, "needed": 3, "waiting": ["page-2", "page-4"], "gone": ["page-3"], "declined": False
    }  # fmt: skip
    url, headers = f"/api/v1/me/courses/{SLUG}/version", {"Sec-Fetch-Site": "same-origin"}
    stayed = client.put(url, json={"version": "2.0", "take": False}, headers=headers).json()
    assert stayed["offer"]["declined"] and stayed["version"] == "1.0"
    taken = client.put(url, json={"version": "2.0", "take": True}, headers=headers).json()
    assert (taken["version"], taken["done"], taken["needed"], taken["offer"]) == ("2.0", 1, 3, None)
    assert client.put(url, json={"version": "2.0", "take": True}, headers=headers).status_code == 409
