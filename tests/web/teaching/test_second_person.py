"""A trainer uploads, a second person reads, it is published, and sixty-three people in progress stay where they are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest
from fastapi import FastAPI
from sqlalchemy import select

from app.accounts.models import Notice, Person
from app.accounts.rules import NoticeKind
from app.catalog import queries
from app.catalog.models import Course, Publication, Upload
from app.catalog.rules import CHECKLIST, CourseState, PublicationState
from app.jobs import handlers
from app.kit import clock, jobs
from app.kit.actor import Role
from app.kit.database import Sessions, reading, writing
from app.learning import access as learning_access
from app.learning import actions as learning
from app.learning import queries as learners
from app.learning.rules import RunState
from app.organisations import actions as organisations
from app.organisations import queries as places
from app.settings import Settings
from tests import factories
from tests.architecture.world import zipped
from tests.browser import Browser, Page

SLUG = "serving-residents"
IN_PROGRESS = 63
DOT = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><circle r="1"/></svg>'


def course(*, words: str = "First", broken: bool = False, pages: int = 6) -> dict[str, str]:
    """Six modules of a page and a check of three questions. Broken: a picture without a text, an outcome that no
    question asks about; and three things worth a look."""
    files = factories.course_files(SLUG, pages=0, questions=0, owner="school", title="Serving residents")
    for name in list(files):
        if name.startswith("01-"):
            del files[name]
    head = files["course.md"].replace("minutes: 0\n", "minutes: 60\nreviewed: {by: Ona Onaitė, on: 2026-04-01}\n")
    files["course.md"] = (
        head.replace("  - {id: tell", "  - {id: show, text: Show it}\n  - {id: tell") if broken else head
    )
    for m in range(1, 7):
        folder = f"{m:02d}-part-{m}"
        files[f"{folder}/module.md"] = (
            f"---\nkind: module\nid: part-{m}\ntitle: Part {m}\noutcomes: [know, do, tell{', show' if broken else ''}]\n---\nHello.\n"
        )
        files[f"{folder}/01-text.md"] = (
            f"---\nkind: page\nid: text-{m}\ntitle: Text {m}\nminutes: 8\n---\n{words} words of part {m}.\n"
        )
        questions = "".join(
            f"### Question {n} of {m}\n<!-- question id=q{m}-{n} outcomes=know,do,tell -->\n\n"
            "- [x] Right <!-- id=right -->\n  > Yes, this is why.\n- [ ] Wrong <!-- id=wrong -->\n  > No.\n"
            "- [ ] Off <!-- id=off -->\n  > Not this.\n\n> [!EXPLANATION]\n> Because.\n\n"
            for n in (1, 2, 3)
        )
        files[f"{folder}/90-check.md"] = (
            f"---\nkind: page\nid: check-{m}\ntitle: Check {m}\nminutes: 3\n---\n## Check {m}\n<!-- quiz id=quiz-{m} mode=check -->\n\n{questions}"
        )
    if broken:
        files["01-part-1/01-text.md"] += "\n![](media/dot.svg)\n"
        files["media/dot.svg"] = DOT
    if pages > 6:
        files["06-part-6/02-more.md"] = (
            "---\nkind: page\nid: more\ntitle: One more page\nminutes: 2\n---\nWhat is new.\n"
        )
    return files


@dataclass
class World:
    sessions: Sessions
    app: FastAPI
    jolanta: Person
    second: Person
    learners: list[Person]

    def run_of(self, person: Person) -> learners.CourseRun:
        with reading(self.sessions) as db:
            found = learners.run_for(db, person.id, SLUG)
        assert found is not None
        return found


@pytest.fixture
def world(sessions: Sessions, app: FastAPI) -> World:
    with writing(sessions) as db:
        country = factories.an_organisation(db)
        school = factories.an_organisation(db, "School", parent=country, code="school")
        made = factories.a_course(db, app.state.blobs, SLUG, owner=school, files=course())
        jolanta = factories.a_person(db, school, roles=[Role.TRAINER], given_name="Jolanta", lang="en")
        second = factories.a_person(db, school, roles=[Role.REVIEWER], given_name="Antanas", lang="en")
        people = [factories.a_person(db, school, lang="en") for _ in range(IN_PROGRESS)]
        for person in people:
            actor = factories.actor_for(db, person)
            learning.enrol(db, actor, person_id=person.id, course_id=made.course_id)
            learning.finish_page(db, actor, learning_access.run_for(db, actor, SLUG), "text-1")
        card = places.by_code(db, "school")
        assert card is not None
        organisations.require_review(db, factories.actor_for(db, second), organisation=card, required=True)
    return World(sessions, app, jolanta, second, people)


def may_press(page: Page, label: str) -> bool:
    return any(label == said for form in page.forms() for said, _button in form.buttons())


def upload(browser: Browser, files: dict[str, str]) -> Page:
    return browser.open("/teaching/uploads/new").press("Check", file=("course.zip", zipped(files)))


def approve(browser: Browser) -> None:
    page = browser.open("/teaching/reviews").follow("Serving residents")
    page.press("Approve", checklist=list(CHECKLIST))


def test_sixty_three_people_in_progress_stay_on_the_first_version(browser: Browser, world: World) -> None:
    jolanta, antanas = browser.as_(world.jolanta), browser.as_(world.second)
    report = upload(jolanta, course(words="Better", broken=True, pages=7))
    assert report.sees("6 modules, 13 pages, 18 questions")
    assert report.sees("Correct 2 errors and you can publish")
    with reading(world.sessions) as db:
        (kept,) = queries.uploads(db, Upload.slug == SLUG)
    assert (kept.errors, kept.warnings) == (2, 3)
    page = upload(jolanta, course(words="Better", pages=7)).follow("See what changes, and publish")
    assert page.sees("This organisation publishes only what a second person has read.")
    assert not may_press(page, "Publish")
    page = page.press("Ask for a review", note="Look at part 6.")
    assert page.sees("Waits to be read")

    # Whoever made it does not decide; whoever did not sees every line, says something, and ticks what was looked at.
    mine = jolanta.open("/teaching/reviews").follow("Serving residents")
    assert mine.sees("You have made this course yourself") and not may_press(mine, "Approve")
    assert antanas.open("/notices").sees("Jolanta")
    read = antanas.open("/teaching/reviews").follow("Serving residents")
    assert read.sees("Look at part 6.") and read.sees("1 new line")
    said = read.press("Keep the comment", line="8", text="Which residents?")
    assert said.sees("Which residents?")
    refused = said.press("Approve", checklist=["facts"])
    assert refused.status == 422 and refused.sees("Tick every point you have looked at")
    done = refused.press("Approve", checklist=list(CHECKLIST), answer="Well done.")
    assert done.sees("Decided by Antanas")

    page = jolanta.open(page.url)
    assert page.sees("63") and page.sees("63 learners stay with the version begun and are offered this one")
    published = page.press("Publish", level="major", note="Part 6 has one more page.")
    assert published.sees("v2.0") and published.sees("read by Antanas")
    for person in world.learners:
        run = world.run_of(person)
        assert (run.label, run.done, run.state) == ("1.0", 1, RunState.STARTED)
    with reading(world.sessions) as db:
        head = queries.course_by_slug(db, SLUG)
        assert head is not None
        assert learners.people_by_major(db, head.id) == {1: {RunState.STARTED: IN_PROGRESS}}
        assert learning.verify(db) == []
    with writing(world.sessions) as db:
        new = factories.a_person(db, lang="en")
        learning.enrol(db, factories.actor_for(db, new), person_id=new.id, course_id=head.id)
    assert world.run_of(new).label == "2.0"
    contract = browser.as_(new).open(f"/courses/{SLUG}")
    assert contract.sees("Read before publishing by") and contract.sees("Antanas")


def test_what_is_changed_after_it_was_read_is_to_be_read_again(browser: Browser, world: World) -> None:
    jolanta, antanas = browser.as_(world.jolanta), browser.as_(world.second)
    page = upload(jolanta, course(words="Better")).follow("See what changes, and publish").press("Ask for a review")
    approve(antanas)
    assert may_press(jolanta.open(page.url), "Publish")
    other = upload(jolanta, course(words="Best")).follow("See what changes, and publish")
    assert not may_press(other, "Publish")
    answer = jolanta.client.post(other.url, data={"level": "minor"}, headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 409 and "Ask for a review, then publish" in answer.text


def test_asking_for_changes_says_which(browser: Browser, world: World) -> None:
    jolanta, antanas = browser.as_(world.jolanta), browser.as_(world.second)
    upload(jolanta, course(words="Better")).follow("See what changes, and publish").press("Ask for a review")
    read = antanas.open("/teaching/reviews").follow("Serving residents")
    assert read.press("Ask for changes").sees("Say what is to be changed")
    done = read.press("Ask for changes", answer="Part 2 is out of date.")
    assert done.sees("To be changed") and done.sees("Part 2 is out of date.")
    with reading(world.sessions) as db:
        kinds = set(db.scalars(select(Notice.kind).where(Notice.person_id == world.jolanta.id)))
    assert NoticeKind.REVIEW_DECIDED in kinds


def test_a_publication_waits_for_its_moment(browser: Browser, world: World, settings: Settings) -> None:
    jolanta, antanas = browser.as_(world.jolanta), browser.as_(world.second)
    page = upload(jolanta, course(words="Better")).follow("See what changes, and publish").press("Ask for a review")
    approve(antanas)
    page = jolanta.open(page.url)
    assert page.press("Schedule", day="").sees("Choose the day on which it is to be published.")
    yesterday = (clock.today() - timedelta(days=1)).isoformat()
    assert page.press("Schedule", day=yesterday).sees("Choose a moment that is still to come.")
    day = clock.today() + timedelta(days=3)
    assert page.press("Schedule", day=day.isoformat(), time="07:30", note="Better words.").sees("Scheduled")
    assert jolanta.open(f"/teaching/courses/{SLUG}").sees("A version will be published by itself")
    work = handlers(settings)
    jobs.drain(world.sessions, work)
    with reading(world.sessions) as db:
        course_id = db.scalars(select(Course.id).where(Course.slug == SLUG)).one()
        assert len(queries.versions(db, course_id)) == 1
    jolanta.open(f"/teaching/courses/{SLUG}").press("Cancel the publication")
    page.press("Schedule", day=day.isoformat(), time="07:30", note="Better words.")
    with clock.everywhere_at(clock.now() + timedelta(days=4)):
        jobs.drain(world.sessions, work)
        with reading(world.sessions) as db:
            newest = queries.versions(db, course_id)[0]
            states = list(db.scalars(select(Publication.state).order_by(Publication.id)))
    assert (newest.label, newest.note, newest.published_by.split()[0]) == ("1.1", "Better words.", "Jolanta")
    assert states == [PublicationState.CANCELLED, PublicationState.DONE]


def test_a_page_for_staff_is_seen_by_those_who_teach_only(browser: Browser, world: World) -> None:
    files = course()
    files["01-part-1/05-notes.md"] = (
        "---\nkind: page\nid: notes\ntitle: Notes for trainers\nminutes: 2\naudience: staff\n---\nWhat to say in class.\n"
    )
    jolanta, antanas = browser.as_(world.jolanta), browser.as_(world.second)
    page = upload(jolanta, files).follow("See what changes, and publish")
    shown = jolanta.open(page.url.replace("/publish", "/preview/pages/notes"))
    assert shown.sees("What to say in class.")
    page = page.press("Ask for a review")
    approve(antanas)
    published = jolanta.open(page.url).press("Publish", level="minor", note="Notes.")
    assert published.sees("v1.1") and published.sees("Notes for trainers") and published.sees("Staff only")
    learner = browser.as_(world.learners[0])
    assert not learner.open(f"/courses/{SLUG}").sees("Notes for trainers")
    assert learner.open(f"/courses/{SLUG}/pages/notes").status == 404
    run = world.run_of(world.learners[0])
    assert (run.label, run.done, len(run.outline.needed)) == ("1.1", 1, 18)


def test_a_course_for_staff_stands_in_no_catalogue(browser: Browser, world: World) -> None:
    jolanta = browser.as_(world.jolanta)
    page = jolanta.open(f"/teaching/courses/{SLUG}").press("Show it to staff only")
    assert page.sees("Staff only")
    with reading(world.sessions) as db:
        head = queries.course_by_slug(db, SLUG)
    assert head is not None and head.state is CourseState.STAFF
    with writing(world.sessions) as db:
        stranger = factories.a_person(db, lang="en")
    assert not browser.as_(stranger).open("/catalogue").sees("Serving residents")
    assert browser.as_(stranger).open(f"/courses/{SLUG}").status == 404
    assert browser.as_(world.learners[0]).open(f"/courses/{SLUG}/pages/text-2").sees("First words of part 2")
    assert jolanta.open(f"/teaching/courses/{SLUG}").press("Put into the catalogue").sees("Live")
