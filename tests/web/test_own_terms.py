"""Time and attempts of one's own: set once for a person, or at one quiz, and seen by whom it concerns; and surveys."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import pytest
from fastapi import FastAPI
from sqlalchemy import select

from app.accounts.models import Person
from app.kit import audit
from app.kit.actor import Role
from app.kit.database import reading, writing
from app.learning import actions as learning
from tests import factories
from tests.browser import Browser, Page

SLUG = "hours"
COURSE = f"---\nkind: course\nid: {SLUG}\ntitle: Hours\nlang: en\nsummary: A test.\ncontact: Ann\n---\n"
QUIZ = """
## Final
<!-- quiz id=final mode=exam time=PT60M -->

### Ask
<!-- question id=ask -->

- [x] Right <!-- id=right -->
- [ ] Wrong <!-- id=wrong -->

## Your opinion
<!-- quiz id=opinion mode=survey -->

### How good was it?
<!-- question id=good type=scale -->

- Bad <!-- id=s1 -->
- Fair <!-- id=s2 -->
- Good <!-- id=s3 -->
- Very good <!-- id=s4 -->

### What would you change?
<!-- question id=change type=essay -->
"""


@dataclass
class Town:
    app: FastAPI
    browser: Browser
    people: list[Person]
    manager: Person
    trainer: Person

    def as_(self, person: Person) -> Browser:
        return Browser(self.app).as_(person)

    def before(self, person: Person) -> Page:
        return self.as_(person).open(f"/courses/{SLUG}/quizzes/final")


@pytest.fixture
def town(browser: Browser, app: FastAPI) -> Town:
    with writing(app.state.sessions) as db:
        place = factories.an_organisation(db, "Town", parent=factories.an_organisation(db), code="town")
        desk = factories.an_organisation(db, "Desk", parent=place, code="desk")
        away = factories.an_organisation(db, "Away", parent=factories.an_organisation(db), code="away")
        people = [factories.a_person(db, desk, given_name=f"P{n}", lang="en") for n in range(5)]
        people.append(factories.a_person(db, away, given_name="Stranger", lang="en"))
        manager = factories.a_person(db, place, roles=[Role.MANAGER], lang="en")
        trainer = factories.a_person(db, place, roles=[Role.TRAINER], lang="en")
        files = {"course.md": COURSE + QUIZ}
        published = factories.a_course(db, app.state.blobs, SLUG, owner=place, files=files)
        for person in people:
            learning.enrol(db, factories.actor_for(db, person), person_id=person.id, course_id=published.course_id)
    return Town(app, browser, people, manager, trainer)


def deadline(town: Town, page: Page) -> datetime:
    [shown] = [one for one in page.all("strong") if one.get("data-deadline")]
    return datetime.fromisoformat(str(shown.get("data-deadline")))


def test_what_somebody_needs_is_set_once_and_holds_everywhere(town: Town) -> None:
    person, other = town.people[:2]
    page = town.before(person).press("Start the test")
    usual = deadline(town, page)
    manager = town.as_(town.manager)
    own = manager.open(f"/managing/people/{person.key}")
    assert own.press("Set for every test", needs__factor="1.5", needs__extra="99").status == 422
    page = own.press("Set for every test", needs__factor="1.5", needs__extra="1")
    assert page.sees("has time or attempts of their own") and "1.5 times" in page.html
    # Whoever is in the middle of it has the time at once, and nobody else has.
    learner = town.as_(person)
    running = learner.open(f"/courses/{SLUG}/quizzes/final").press("Go on with the test")
    assert (deadline(town, running) - usual).total_seconds() == 1800
    assert town.before(person).sees("90 minutes (usually 60)") and town.before(person).sees("4 attempts (usually 3)")
    assert town.before(other).sees("60 minutes") and not town.before(other).sees("usually")
    account = learner.open("/account")
    assert account.sees("1.5 times the usual") and account.sees("1 more")
    assert not town.as_(other).open("/account").sees("Time in tests")
    with reading(town.app.state.sessions) as db:
        said = db.scalars(select(audit.AuditRow).where(audit.AuditRow.action == "accommodation.set")).one()
        assert said.data == {"set": True} and said.actor_id == town.manager.id
    # Nobody sets it for themselves or for strangers.
    assert manager.open(f"/managing/people/{town.people[-1].key}", check=False).status == 404
    manager.open(f"/managing/people/{person.key}").press("Set for every test", needs__factor="1", needs__extra="")
    assert not town.before(person).sees("usually")
    assert deadline(town, learner.open(running.url)) == deadline(town, running)


def test_one_test_is_different_for_an_organisation_and_for_a_person(town: Town) -> None:
    person, other = town.people[:2]
    trainer = town.as_(town.trainer)
    url = f"/teaching/courses/{SLUG}/terms"
    page = trainer.open(f"/teaching/courses/{SLUG}").follow("Time and attempts")
    assert page.url.endswith(url) and page.sees("Nothing is set")
    refused = page.press("Set", quiz="final", whom="nobody@example.test", minutes="ten")
    assert refused.status == 422 and refused.sees("Nobody in this course has this address")
    assert refused.sees("Write a whole number"), "all at once"
    assert trainer.open(url).press("Set", quiz="final", whom="desk").sees("Say what is different")
    page = trainer.open(url).press("Set", quiz="final", whom="town", minutes="90", attempts="5")
    page = page.press("Set", quiz="final", whom="desk", minutes="70", closes="2030-01-01T12:00")
    assert page.sees("90 minutes, 5 attempts") and page.sees("until 2030-01-01 12:00")
    assert town.before(other).sees("90 minutes (usually 60)") and town.before(other).sees("5 attempts (usually 3)")
    page = page.press("Set", quiz="final", whom=str(person.email), minutes="45")
    assert town.before(person).sees("45 minutes (usually 60)")
    assert town.before(town.people[-1]).sees("60 minutes") and not town.before(town.people[-1]).sees("usually")
    # A manager sees and changes only what is set for the people of their own place.
    manager = town.as_(town.manager)
    trainer.open(url).press("Set", quiz="final", whom=str(town.people[-1].email), minutes="50")
    page = manager.open(f"/managing/people/{person.key}").follow("Hours")
    assert page.sees("45 minutes") and not page.sees("Stranger")
    assert page.press("Set", quiz="final", whom=str(town.people[-1].email), minutes="99").status == 422
    [line] = [form for form in page.forms() if any(person.given_name in text for text, _ in form.buttons())]
    assert not line.press("Take back").sees("45 minutes")
    assert town.before(person).sees("90 minutes (usually 60)")


def test_a_survey_tells_what_people_thought_and_never_who(town: Town) -> None:
    url = f"/teaching/courses/{SLUG}/survey"
    trainer = town.as_(town.trainer)
    for n, person in enumerate(town.people[:5]):
        if n == 4:
            page = trainer.open(url)
            assert page.sees("4 of 4 answered (100%)") and page.sees("once 5 people have answered")
            assert not page.sees("Fewer slides") and not page.sees("Very good")
        before = town.as_(person).open(f"/courses/{SLUG}/quizzes/opinion")
        assert before.sees("all answers together and without names")
        page = before.press("Start answering").press("Next", answer=f"s{n % 3 + 2}")
        done = page.press("To the end", answer="Fewer slides" if n == 0 else "").press("Hand in the answers")
        assert done.h1 == "Thank you: your answers are kept." and not done.sees("Practise")
    assert town.as_(town.people[0]).open(f"/courses/{SLUG}/quizzes/opinion").sees("You have answered this survey.")
    page = trainer.open(f"/teaching/courses/{SLUG}").follow("What people thought")
    assert page.h1 == "60% good or very good"
    assert page.sees("5 of 5 answered (100%)") and page.sees("Fewer slides")
    assert not any(
        name in page.html for person in town.people for name in (person.given_name + " ", person.family_name)
    )
    assert trainer.open("/teaching/marking").h1 == "No answers wait for you"
