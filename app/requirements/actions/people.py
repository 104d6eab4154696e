"""People who come and go: what moving somebody means, and who has come since a requirement was set."""

from __future__ import annotations

from sqlalchemy import and_, select, update
from sqlalchemy.orm import Session, aliased

from app.accounts import actions as accounts
from app.accounts import queries as people
from app.accounts.models import Person
from app.accounts.rules import Keeping, PersonState, kept_until
from app.kit import clock
from app.kit.actor import SYSTEM, Actor
from app.learning import actions as learning
from app.learning import queries as runs
from app.organisations.models import Organisation
from app.requirements import queries, rules
from app.requirements.actions import periods
from app.requirements.actions.reaching import let_go, reach, reach_people, takes_anybody, tell, waiting_for
from app.requirements.models import Assignment, Exemption, Extension, PeriodRow, Requirement

AT_ONCE = 200  # newcomers in one go; the rest a minute later


def move_person(db: Session, actor: Actor, *, person_id: int, organisation_id: int) -> None:
    """Move somebody: the post, where their learning is counted, what the old place asked, and what the new one does.

    What was done goes along: evidence belongs to the person.
    """
    learning.transfer(db, actor, person_id=person_id, organisation_id=organisation_id)
    db.execute(update(PeriodRow).where(PeriodRow.person_id == person_id).values(organisation_id=organisation_id))
    let_go(db, actor, person_id=person_id)
    reach(db, actor, person_id=person_id)


def leave_person(db: Session, actor: Actor, *, person_id: int) -> None:
    """Somebody has left: the account closes, and what they have not done is asked of nobody any more.

    What they have completed stays counted where it was done, so that no past figure changes.
    """
    person = people.person_by_id(db, person_id)
    if person is None or not accounts.leave(db, actor, person=person):
        return
    periods.settle(db, person_id=person_id)  # what was completed a moment ago is completed
    met = select(PeriodRow.subject).where(
        PeriodRow.person_id == person_id, PeriodRow.latest.is_(True), PeriodRow.met_on.is_not(None)
    )
    waiting = db.scalars(
        select(Assignment).where(
            Assignment.person_id == person_id, Assignment.ended_at.is_(None), Assignment.subject.not_in(met)
        )
    ).all()
    for one in waiting:
        one.ended_at = clock.now()
    db.flush()
    for subject in sorted({one.subject for one in waiting}):
        periods.sync(db, actor, person_id=person_id, subject=subject)
    for run in runs.runs_of(db, person_id):
        if run.completed_at is None and not run.required:
            learning.leave(db, actor, run)


def forget_leavers(db: Session) -> int:
    """The daily work on those who left long ago: their record keeps what was done and loses whose it was.

    How long depends on what is in it (`accounts.rules.Keeping`). Answers how many lost their name.
    """
    today, gone = clock.today(), 0
    for person_id, left_on in accounts.left_before(db, today):
        duty = db.scalar(select(PeriodRow.id).where(PeriodRow.person_id == person_id).limit(1)) is not None
        if kept_until(left_on, Keeping.DUTY if duty else Keeping.CHOICE) >= today:
            continue
        accounts.make_nameless(db, SYSTEM, person_id=person_id)
        # Reasons are free words, and may tell of somebody's health or family.
        db.execute(update(Exemption).where(Exemption.person_id == person_id).values(reason=""))
        db.execute(update(Extension).where(Extension.person_id == person_id).values(reason="", answer=""))
        gone += 1
    return gone


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
