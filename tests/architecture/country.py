"""A country as small or as large as asked for: what the number of queries must not depend on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from fastapi import FastAPI
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.accounts import actions as accounts
from app.accounts import queries as people
from app.accounts.models import Person
from app.accounts.rules import NoticeKind
from app.assessment import access as attempts
from app.assessment import actions as assessment
from app.catalog import queries as catalog
from app.groups import actions as groups
from app.kit import clock
from app.kit.actor import Actor, Role
from app.kit.database import Sessions, writing
from app.learning import actions as learning
from app.organisations import queries as places
from app.organisations.models import Organisation
from app.requirements import actions as requirements
from tests import factories
from tests.architecture.world import begin_attempt, finish_pages, sign_in

COURSE = "course-1"


@dataclass
class Country:
    """The cookies of one person each: a learner who is in every course, managers of everything and of one library, …"""

    app: FastAPI
    engine: Engine
    cookies: dict[str, str]
    root: str
    town: str
    library: str
    person: str
    attempt: str
    result: str
    group: str


@dataclass(frozen=True)
class Size:
    """How many municipalities and courses; how many people in the first library (two in every other); how long the
    first course is; how many notices its learner has."""

    towns: int
    courses: int
    people: int
    pages: int
    notices: int


def a_country(app: FastAPI, sessions: Sessions, engine: Engine, size: Size) -> Country:
    """Each municipality has a library; everybody there is in a course, and one in three has read it."""
    with writing(sessions) as db:
        root = factories.an_organisation(db, "Country")
        published = [
            factories.a_course(db, app.state.blobs, f"course-{n}", owner=root, pages=long, questions=long)
            for n, long in enumerate([size.pages] + [2] * (size.courses - 1), 1)
        ]
        libraries = []
        for n in range(1, size.towns + 1):
            town = factories.an_organisation(db, f"Town {n}", parent=root, code=f"town-{n}")
            libraries.append(factories.an_organisation(db, f"Library {n}", parent=town, code=f"library-{n}"))
        manager = _with_role(db, libraries[0], Role.MANAGER, root)
        administrator = _with_role(db, libraries[0], Role.ADMINISTRATOR, root)
        trainer = _with_role(db, libraries[0], Role.TRAINER, root)
        local = _with_role(db, libraries[0], Role.MANAGER, libraries[0])
        workers = [factories.a_person(db, libraries[0]) for _ in range(size.people)]
        workers += [factories.a_person(db, library) for library in libraries[1:] for _ in range(2)]
        learner = factories.a_person(db, libraries[0], given_name="Rasa")
        everybody = [*workers, learner]
        chief = factories.actor_for(db, manager)
        card = places.by_code(db, root.code)
        assert card is not None
        for one in published[:3]:
            due_on = clock.today() + timedelta(days=10)
            requirements.require(db, chief, course_id=one.course_id, organisation=card, due_on=due_on, reason="The law")
        for number, person in enumerate(everybody):
            actor = factories.actor_for(db, person)
            mine = published if person is learner else [published[number % size.courses]]
            for one in mine:
                learning.enrol(db, actor, person_id=person.id, course_id=one.course_id)
            if number % 3 == 0:
                finish_pages(db, actor, mine[0].slug)
        for number in range(size.notices):
            accounts.notify(db, learner.id, NoticeKind.COMPLETED, key=f"notice:{number}", course=COURSE, title="Course")
        actor = factories.actor_for(db, learner)
        result = begin_attempt(db, actor, COURSE)
        open_attempt = attempts.attempt_for(db, actor, result)
        for asked in open_attempt.asked:
            assessment.save(
                db, actor, attempt=open_attempt, question=asked.question, response={"options": ["wrong"]}, flagged=False
            )
        assessment.submit(db, actor, attempt=attempts.attempt_for(db, actor, result))
        attempt = begin_attempt(db, actor, COURSE)
        group = _a_meeting(db, factories.actor_for(db, local), everybody[:200])
        cookies = {
            name: sign_in(db, person)
            for name, person in (
                ("learner", learner),
                ("manager", manager),
                ("local", local),
                ("administrator", administrator),
                ("trainer", trainer),
            )
        }
    return Country(app, engine, cookies, root.code, "town-1", "library-1", workers[0].key, attempt, result, group)


def _a_meeting(db: Session, leader: Actor, everybody: list[Person]) -> str:
    """An open session of the first library in which everybody there has watched a page; there are more as people are more."""
    head, place = catalog.course_by_slug(db, COURSE), places.by_code(db, "library-1")
    assert head is not None and place is not None
    here = [card for one in everybody if (card := people.person_by_id(db, one.id)) and card.organisation_id == place.id]
    for _more in here[::8]:
        groups.plan(db, leader, course=head, place=place, starts_at=clock.now(), expected=here[:2])
    group = groups.plan(db, leader, course=head, place=place, starts_at=clock.now())
    groups.open_session(db, leader, group=group)
    groups.mark_present(db, leader, group=group, people=here[:20])
    groups.watch(db, leader, group=group, page="page-1")
    return group.key


def _with_role(db: Session, library: Organisation, role: Role, at: Organisation) -> Person:
    return factories.a_person(db, library, roles=[role], at=at)
