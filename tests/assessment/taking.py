"""Learners who take a quiz for tests: each answers what is said, and hands in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.assessment import actions, queries
from app.catalog import queries as catalog
from app.catalog.queries import CourseHead
from app.kit.actor import Actor, Role
from app.kit.blobs import Blobs
from app.learning import actions as learning
from app.learning import queries as learners
from app.organisations.models import Organisation
from tests import factories


@dataclass
class School:
    """A course of two towns: the trainer's own, and another one whose people take it too."""

    db: Session
    blobs: Blobs
    town: Organisation
    elsewhere: Organisation
    trainer: Actor
    people: list[Person] = field(default_factory=list)
    slug: str = "first-course"

    @property
    def course(self) -> CourseHead:
        found = catalog.course_by_slug(self.db, self.slug)
        assert found is not None
        return found

    def learner(self, name: str = "", *, at: Organisation | None = None) -> Person:
        person = factories.a_person(self.db, at or self.town, given_name=name, lang="en")
        learning.enrol(self.db, factories.actor_for(self.db, person), person_id=person.id, course_id=self.course.id)
        self.people.append(person)
        return person

    def take(self, person: Person, answers: Mapping[str, Any], *, quiz: str = "test", seed: int = 1) -> str:
        """One attempt, handed in; answers its key. An answer is the id of an option, or a whole response."""
        actor = factories.actor_for(self.db, person)
        run = learners.run_for(self.db, person.id, self.slug)
        assert run is not None
        key = actions.start(self.db, actor, run=run, quiz=quiz, seed=seed)
        view = queries.attempt(self.db, key)
        assert view is not None
        for question, said in answers.items():
            response = {"options": [said]} if isinstance(said, str) else said
            actions.save(self.db, actor, attempt=view, question=question, response=response, flagged=False)
        actions.submit(self.db, actor, attempt=view)
        return key

    def view(self, key: str) -> queries.AttemptView:
        found = queries.attempt(self.db, key)
        assert found is not None
        return found


def a_school(db: Session, blobs: Blobs, *, files: dict[str, str] | None = None, **shape: Any) -> School:
    country = factories.an_organisation(db)
    town = factories.an_organisation(db, "Town", parent=country)
    elsewhere = factories.an_organisation(db, "Elsewhere", parent=country)
    trainer = factories.a_person(db, town, roles=[Role.TRAINER], given_name="Tomas", lang="en")
    factories.a_course(db, blobs, owner=town, files=files, **shape)
    return School(db, blobs, town, elsewhere, factories.actor_for(db, trainer))
