"""Carrying out an import as it was planned."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.accounts import actions
from app.accounts.actions.people import name_key, new_key
from app.accounts.importer.plan import Change, ImportPlan, NewPerson
from app.accounts.importer.trial import employers_of
from app.accounts.models import Person, PersonWord, Post
from app.accounts.rules import PersonState, words_of
from app.kit import audit, clock
from app.kit.actor import Actor
from app.kit.errors import Conflict, Invalid
from app.kit.i18n import N_


class Mover(Protocol):
    """Moving a person takes their learning along, which lies above this slice: the caller brings the verb."""

    def __call__(self, db: Session, actor: Actor, *, person_id: int, organisation_id: int) -> None: ...


class Leaver(Protocol):
    """Leaving ends what was asked of a person, which lies above this slice, too."""

    def __call__(self, db: Session, actor: Actor, *, person_id: int) -> None: ...


@dataclass(frozen=True, slots=True)
class Imported:
    """How many rows ended up where, and how many people left; `invited` of the new people are written to."""

    new: int
    changed: int
    moved: int
    unchanged: int
    rejected: int
    invited: int
    left: int = 0


def apply_import(
    db: Session, actor: Actor, plan: ImportPlan, *, move: Mover, leave: Leaver | None = None, invite: bool = True
) -> Imported:
    """Add, change and move people as planned, and let leavers go (with `leave`): all of it or, where somebody else was
    faster, none of it."""
    try:
        with db.begin_nested():
            ids = _add(db, plan.new)
    except IntegrityError:  # somebody added one of them since the plan was made
        raise Conflict(N_("People have changed since this dry run. Look at the new one, then import.")) from None
    for change in plan.changed:
        try:
            _change(db, actor, change, move)
        except (Invalid, Conflict) as refusal:
            said = next(iter(refusal.fields.values())) if isinstance(refusal, Invalid) else refusal
            raise Conflict(
                N_("Row %(row)s cannot be taken: %(why)s Nothing was changed."), row=change.row.number, why=str(said)
            ) from refusal
    gone = plan.leavers if leave is not None else ()
    for person in gone:
        assert leave is not None  # else there is nobody in it
        leave(db, actor, person_id=person.id)
    waiting = [i for i, person in zip(ids, plan.new, strict=True) if person.email is not None] if invite else []
    actions.invite_later(db, waiting)
    done = Imported(
        new=len(plan.new),
        changed=len(plan.changed),
        moved=len(plan.movers),
        unchanged=plan.unchanged,
        rejected=len(plan.rejected),
        invited=len(waiting),
        left=len(gone),
    )
    audit.say(
        db,
        actor,
        "people.imported",
        subject=plan.digest,
        organisation_id=actor.organisation_id,
        new=done.new,
        changed=done.changed,
        moved=done.moved,
        unchanged=done.unchanged,
        rejected=done.rejected,
        left=done.left,
    )
    return done


def _add(db: Session, people: tuple[NewPerson, ...]) -> list[int]:
    """All new people in a few statements: one each would take minutes for a municipality."""
    if not people:
        return []
    employers = employers_of(db, [person.organisation for person in people])
    now, today = clock.now(), clock.today()
    rows = [
        {
            "key": new_key(),
            "email": person.email,
            "employer_id": employers[person.organisation.id],
            "staff_number": person.staff_number,
            "given_name": person.given_name,
            "family_name": person.family_name,
            "sort_key": name_key(person.given_name, person.family_name),
            "lang": person.lang,
            "organisation_id": person.organisation.id,
            "job_title": person.job_title,
            "state": PersonState.INVITED,
            "created_at": now,
        }
        for person in people
    ]
    ids = list(db.scalars(insert(Person).returning(Person.id, sort_by_parameter_order=True), rows))
    posts = [
        {
            "person_id": person_id,
            "organisation_id": person.organisation.id,
            "title": person.job_title,
            "started_on": today,
        }
        for person_id, person in zip(ids, people, strict=True)
    ]
    db.execute(insert(Post), posts)
    words = [
        {"word": word, "person_id": person_id}
        for person_id, person in zip(ids, people, strict=True)
        for word in sorted(
            words_of(
                given_name=person.given_name,
                family_name=person.family_name,
                email=person.email,
                staff_number=person.staff_number,
                job_title=person.job_title,
            )
        )
    ]
    db.execute(insert(PersonWord), words)
    return ids


def _change(db: Session, actor: Actor, change: Change, move: Mover) -> None:
    person = change.person
    if change.moves_to is not None:
        move(db, actor, person_id=person.id, organisation_id=change.moves_to.id)
    if not change.fields:
        return
    said = {field: now for field, (_was, now) in change.fields.items()}
    actions.update_person(
        db,
        actor,
        person=person,
        given_name=said.get("given_name", person.given_name),
        family_name=said.get("family_name", person.family_name),
        email=said.get("email", person.email or "") or None,
        staff_number=said.get("staff_number", person.staff_number or "") or None,
        job_title=said.get("job_title", person.job_title),
        lang=said.get("lang", person.lang),
    )
