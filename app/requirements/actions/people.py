"""People who come and go: what moving somebody means, and who has come since a requirement was set."""

from __future__ import annotations

from sqlalchemy import and_, select
from sqlalchemy.orm import Session, aliased

from app.accounts.models import Person
from app.accounts.rules import PersonState
from app.catalog.models import Course
from app.catalog.rules import CourseState
from app.kit.actor import SYSTEM, Actor
from app.learning import actions as learning
from app.organisations.models import Organisation
from app.requirements.actions.requiring import reach
from app.requirements.models import Assignment, Requirement

AT_ONCE = 200  # newcomers in one go; the rest a minute later


def move_person(db: Session, actor: Actor, *, person_id: int, organisation_id: int) -> None:
    """Move somebody: the post, where their learning is counted, and what the new place requires of them."""
    learning.transfer(db, actor, person_id=person_id, organisation_id=organisation_id)
    reach(db, actor, person_id=person_id)


def reach_newcomers(db: Session) -> int:
    """Hold everybody who has come since to the requirements of their place, however they came: import, page, API."""
    place = aliased(Organisation)
    waiting = (
        select(Person.id)
        .join(Organisation, Organisation.id == Person.organisation_id)
        .join(Requirement, Requirement.ended_at.is_(None))
        .join(place, place.id == Requirement.organisation_id)
        .join(Course, and_(Course.id == Requirement.course_id, Course.state == CourseState.LIVE))
        .outerjoin(Assignment, and_(Assignment.requirement_id == Requirement.id, Assignment.person_id == Person.id))
        .where(
            Person.state != PersonState.DISABLED,
            Assignment.person_id.is_(None),
            Organisation.path.startswith(place.path),
        )
        .distinct()
        .order_by(Person.id)
        .limit(AT_ONCE)
    )
    return sum(reach(db, SYSTEM, person_id=person_id) for person_id in db.scalars(waiting).all())
