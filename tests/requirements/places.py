"""A municipality with institutions and people, and a course they take: what tests of requirements start from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.kit.actor import Actor, Role
from app.kit.blobs import Blobs
from app.learning import actions as learning
from app.learning import queries as runs
from app.organisations import queries as organisations
from app.organisations.models import Organisation
from app.organisations.queries import OrganisationCard
from tests import factories


@dataclass
class Town:
    """A municipality; `staff` is the people of each institution, `manager` holds the whole."""

    place: Organisation
    institutions: list[Organisation]
    staff: dict[int, list[Person]]
    manager: Actor
    course_id: int
    slug: str

    @property
    def people(self) -> list[Person]:
        return [person for one in self.institutions for person in self.staff[one.id]]


def card(db: Session, place: Organisation) -> OrganisationCard:
    found = organisations.by_id(db, place.id)
    assert found is not None
    return found


def a_town(db: Session, blobs: Blobs, sizes: Iterable[int] = (3, 2), *, slug: str = "gdpr") -> Town:
    """A town with an institution of each size, and a course of one page that anybody finishes with one click."""
    root = factories.an_organisation(db)
    place = factories.an_organisation(db, "Town", parent=root)
    boss = factories.a_person(db, place, roles=[Role.MANAGER], given_name="Daiva", family_name="Boss")
    institutions, staff = [], {}
    for n, size in enumerate(sizes, 1):
        one = factories.an_organisation(db, f"Institution {n:02d}", parent=place)
        institutions.append(one)
        staff[one.id] = [factories.a_person(db, one, lang="en") for _ in range(size)]
    published = factories.a_course(db, blobs, slug, pages=1, questions=0, title=slug.upper())
    # The manager works elsewhere, so that the town's people are exactly those of its institutions.
    boss.organisation_id = root.id
    db.flush()
    return Town(place, institutions, staff, factories.actor_for(db, boss), published.course_id, slug)


def complete(db: Session, person: Person, slug: str) -> None:
    """Press Done on every page of the course."""
    actor = factories.actor_for(db, person)
    run = runs.run_for(db, person.id, slug)
    assert run is not None and run.enrolled
    for page in run.outline.pages:
        learning.finish_page(db, actor, run, page.id)
