"""A course is read by a second person and published; a major version is offered to those in progress, who stay."""

from __future__ import annotations

from collections.abc import Callable

from app.accounts import queries as people
from app.accounts.models import Person
from app.catalog import queries as catalog
from app.catalog.queries import CourseHead
from app.kit.database import reading, writing
from app.learning import access
from app.learning import actions as learning
from app.learning import queries as learners
from app.learning.rules import RunState
from tests.journeys.conftest import Town
from tests.journeys.test_trainer import FILES, SLUG, zipped
from tests.journeys.visit import Visit

IN_PROGRESS = 63
GREETING = "01-pradzia/01-pasisveikinimas.md"
THIRD = """---
kind: page
id: atsisveikinimas
title: Atsisveikinimas
outcomes: [pasisveikinti]
---

Padėkokite ir pasakykite, kas bus toliau.
"""
# The second version says one sentence otherwise and asks for one page more.
SECOND = {
    **FILES,
    GREETING: FILES[GREETING].replace("kas ese.", "kas esate ir kuo padėsite."),
    "01-pradzia/20-atsisveikinimas.md": THIRD,
}


def the_course(town: Town, slug: str = SLUG) -> CourseHead:
    with reading(town.sessions) as db:
        found = catalog.course_by_slug(db, slug)
    assert found is not None
    return found


def send(jolanta: Visit, files: dict[str, str]) -> None:
    """Upload, and go to where it is published."""
    jolanta.open("/teaching/uploads/new").attach("file", "kursas.zip", zipped(files), "application/zip")
    jolanta.click("main form[action$='/teaching/uploads'] button[type=submit]")
    jolanta.press("See what changes, and publish")


def sixty_three_begin(town: Town, slug: str = SLUG, page: str = "pasisveikinimas") -> list[int]:
    """Who they are."""
    course = the_course(town, slug)
    with writing(town.sessions) as db:
        busy = {who for (who,) in db.query(Person.id).filter(Person.email.is_(None))}
        chosen = [row.id for row in db.query(Person).order_by(Person.id) if row.id not in busy][20 : 20 + IN_PROGRESS]
        for person_id in chosen:
            actor = people.actor_of(db, person_id)
            assert actor is not None
            learning.enrol(db, actor, person_id=person_id, course_id=course.id)
            learning.finish_page(db, actor, access.run_for(db, actor, slug), page)
    return chosen


def test_a_course_is_reviewed_published_changed_and_accepted_without_script(
    visit: Callable[..., Visit], town: Town
) -> None:
    look = {"width": 390, "script": False}
    jolanta = visit(**look).become("jolanta")
    send(jolanta, FILES)
    jolanta.page.locator("#review-note").fill("Ar klausimas aiškus?")
    jolanta.press("Ask for a review")
    assert jolanta.sees("Waits to be read")

    simona = visit(**look).become("admin").open("/teaching/reviews")
    simona.click("section[aria-labelledby=waiting] li:last-child a.who").follow_to("90-testas.md").fill(
        "line", "12"
    ).fill("text", "Aiškus.")
    simona.press("Keep the comment")
    assert "Aiškus." in simona.text("#line-12")
    simona.press("Approve")
    assert simona.page.locator("#error-summary").count() == 1
    for box in simona.page.locator("input[name=checklist]").all():
        box.check()
    simona.press("Approve")
    assert simona.sees("Approved")

    jolanta.open(jolanta.path).press("Publish v%(version)s", version="1.0")
    assert "Simona" in jolanta.text("section[aria-labelledby=versions]")
    rasa = visit(**look).become("rasa").open(f"/courses/{SLUG}")
    assert "Simona" in rasa.text("main") and rasa.sees("Read before publishing by")
    rasa.press("Register and start")
    rasa.click("nav.bar form button")
    sixty_three_begin(town)

    send(jolanta, SECOND)
    assert jolanta.page.locator("input[name=level][value=minor]").is_disabled()
    jolanta.tick("input[name=level][value=major]").fill("note", "Naujas puslapis apie atsisveikinimą.").press("Publish")
    with reading(town.sessions) as db:
        going = learners.people_by_major(db, the_course(town).id)
    assert going == {1: {RunState.STARTED: IN_PROGRESS + 1}}

    rasa.open("/learning").follow_to(f"/courses/{SLUG}/changes")
    assert "Naujas puslapis apie atsisveikinimą." in rasa.text("main")
    assert "Atsisveikinimas" in rasa.text("section[aria-labelledby=counts]")
    rasa.press("Move to version %(version)s", version="2.0").open(f"/courses/{SLUG}")
    assert "Atsisveikinimas" in rasa.text("main")
    with reading(town.sessions) as db:
        assert learners.people_by_major(db, the_course(town).id)[2] == {RunState.STARTED: 1}
