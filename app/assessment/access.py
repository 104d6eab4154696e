"""The only way to an attempt: one's own, or none; and to an answer that a trainer of the course marks."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, false, select
from sqlalchemy.orm import Session

from app.assessment import queries, rules
from app.assessment.models import Answer, Grading
from app.assessment.queries import AttemptView, Paper
from app.catalog import access as catalog_access
from app.catalog.models import Course
from app.kit.actor import Actor
from app.kit.errors import NotFound
from app.kit.i18n import N_
from app.learning.models import Enrolment
from app.organisations import queries as organisations
from app.organisations.models import Organisation


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
