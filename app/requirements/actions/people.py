"""People who come and go: what moving somebody means, and who has come since a requirement was set."""

from __future__ import annotations

from sqlalchemy import and_, select
from sqlalchemy.orm import Session, aliased

from app.accounts.models import Person
from app.accounts.rules import PersonState
from app.kit.actor import SYSTEM, Actor
from app.learning import actions as learning
from app.organisations.models import Organisation
from app.requirements import queries, rules
from app.requirements.actions.reaching import let_go, reach, reach_people, takes_anybody, tell, waiting_for
from app.requirements.models import Assignment, Requirement

AT_ONCE = 200  # newcomers in one go; the rest a minute later


def move_person(db: Session, actor: Actor, *, person_id: int, organisation_id: int) -> None:
    """Move somebody: the post, where their learning is counted, what the old place asked, and what the new one does.

    What was done goes along: evidence belongs to the person.
    """
    learning.transfer(db, actor, person_id=person_id, organisation_id=organisation_id)
    let_go(db, actor, person_id=person_id)
    reach(db, actor, person_id=person_id)


def reach_newcomers(db: Session) -> int:
    """Hold everybody who has come since to the requirements of their place, however they came: import, page, API."""
    reached = 0
    for row in _with_newcomers(db):
        rule = queries.rule_of(row)
        if reached >= AT_ONCE or not takes_anybody(db, rule):
            continue
        fresh = reach_people(db, SYSTEM, row, waiting_for(db, row, limit=AT_ONCE - reached), late=True)
        if fresh:
            tell(db, row.id, fresh)
        reached += len(fresh)
    return reached


def _with_newcomers(db: Session) -> list[Requirement]:
    """The requirements that may have somebody waiting: a plain one is asked about in one question for all."""
    active = db.scalars(select(Requirement).where(Requirement.ended_at.is_(None)).order_by(Requirement.id)).all()
    plain = [row for row in active if queries.rule_of(row).audience == rules.everybody_at(row.organisation_id)]
    place = aliased(Organisation)
    held = and_(
        Assignment.requirement_id == Requirement.id,
        Assignment.person_id == Person.id,
        Assignment.subject == Requirement.subject,
        Assignment.ended_at.is_(None),
    )
    waiting = set(
        db.scalars(
            select(Requirement.id)
            .join(place, place.id == Requirement.organisation_id)
            .join(Organisation, Organisation.path.startswith(place.path))
            .join(Person, Person.organisation_id == Organisation.id)
            .outerjoin(Assignment, held)
            .where(
                Requirement.id.in_([row.id for row in plain]),
                Person.state != PersonState.DISABLED,
                Assignment.person_id.is_(None),
            )
            .distinct()
        )
    )
    return [row for row in active if row.id in waiting or row not in plain]
