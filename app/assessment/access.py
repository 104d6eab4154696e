"""The only way to an attempt: one's own, or none; and to an answer that a trainer of the course marks."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, false, select
from sqlalchemy.orm import Session

from app.accounts import queries as people
from app.accounts.models import Person
from app.accounts.queries import PersonCard
from app.accounts.rules import normal_email
from app.assessment import queries, rules
from app.assessment.models import Answer, Grading
from app.assessment.queries import AttemptView, OverrideLine, Paper
from app.catalog import access as catalog_access
from app.catalog import queries as catalog
from app.catalog.models import Course
from app.catalog.queries import CourseHead
from app.kit.actor import Actor
from app.kit.errors import Forbidden, Invalid, NotFound
from app.kit.i18n import N_
from app.learning.models import Enrolment
from app.organisations import queries as organisations
from app.organisations.models import Organisation
from app.organisations.queries import OrganisationCard


def attempt_for(db: Session, actor: Actor, key: str) -> AttemptView:
    found = queries.attempt(db, key)
    if found is None or found.person_id != actor.id:
        raise NotFound(N_("There is no such attempt."))
    return found


def marked_by(actor: Actor) -> ColumnElement[bool]:
    """The answers that `rules.may_mark` lets this actor mark."""
    paths = actor.paths(*rules.MARKS)
    if not paths:
        return false()
    owned = Course.organisation_id.in_(select(Organisation.id).where(organisations.within(paths)))
    return and_(owned, Enrolment.person_id != actor.id)


def to_mark(actor: Actor) -> ColumnElement[bool]:
    """Of these the answers that this actor has not marked yet: a second marker is another person."""
    mine = select(Grading.id).where(
        Grading.attempt_id == Answer.attempt_id, Grading.question == Answer.question, Grading.marker_id == actor.id
    )
    return and_(marked_by(actor), ~mine.exists())


def paper_for(db: Session, actor: Actor, key: str, question: str) -> Paper:
    found = queries.paper(db, key, question)
    if found is None or not rules.may_mark(actor, owner_path=found.owner_path, person_id=found.person_id):
        raise NotFound(N_("There is no such answer to mark."))
    return found


def attempt_to_unlock(db: Session, actor: Actor, slug: str, quiz: str, key: str) -> AttemptView:
    """The last attempt of somebody who is locked out of a quiz, for the trainers of its course."""
    course = catalog_access.editable_course(db, actor, slug)
    found = queries.attempt(db, key)
    if found is None or (found.slug, found.quiz) != (course.slug, quiz):
        raise NotFound(N_("There is no such attempt."))
    return found


def course_with_terms(db: Session, actor: Actor, slug: str) -> CourseHead:
    """A course at whose quizzes the actor may set something for somebody: its trainers, and managers of any people."""
    found = catalog_access.course_for(db, actor, slug)
    if not (actor.covers(found.owner_path, *rules.MARKS) or actor.holds(*rules.ACCOMMODATES)):
        raise Forbidden(N_("Only trainers of the course, and managers of these people, may set this."))
    return found


def override_for(db: Session, actor: Actor, override_id: int) -> OverrideLine:
    """What is different at one quiz for a person or an organisation, if the actor might have set it."""
    found = queries.override_line(db, override_id)
    course = catalog.course_by_id(db, found.course_id) if found is not None else None
    if (
        found is None
        or course is None
        or not rules.may_override(actor, owner_path=course.owner_path, path=found.path, person_id=found.person_id)
    ):
        raise NotFound(N_("This was taken back already."))
    return found


def needs_for(db: Session, actor: Actor, key: str) -> PersonCard:
    """Somebody of whom the actor may say what they need in every quiz."""
    found = people.person_by_key(db, key)
    if found is None or not rules.may_accommodate(actor, path=found.organisation_path, person_id=found.id):
        raise NotFound(N_("There is no such person."))
    return found


def whom(
    db: Session, actor: Actor, *, course_id: int, owner_path: str, said: str
) -> tuple[PersonCard | None, OrganisationCard | None]:
    """The person or the organisation that something is set for at a quiz, by address or by code; Invalid otherwise.

    A trainer reaches people who are in the course, a manager their own; to everybody else nobody is there.
    """
    nobody = Invalid(whom=N_("Nobody in this course has this address, and no organisation of yours has this code."))
    place = organisations.by_code(db, said.strip()) if said.strip() else None
    if place is not None and rules.may_override(actor, owner_path=owner_path, path=place.path, person_id=None):
        return None, place
    email = normal_email(said)
    in_it = select(Enrolment.person_id).where(Enrolment.course_id == course_id)
    found = people.person_cards(db, (Person.email == email) & Person.id.in_(in_it)) if email else ()
    for person in found:
        if rules.may_override(actor, owner_path=owner_path, path=person.organisation_path, person_id=person.id):
            return person, None
    raise nobody
