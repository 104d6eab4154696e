"""Leaving: the account closes at once, the record stays for its time, and then nobody can tell whose it was."""

from __future__ import annotations

from datetime import date

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.accounts import queries
from app.accounts.actions import links, requests, signins, tokens
from app.accounts.actions.grants import take_grant
from app.accounts.actions.people import note_words
from app.accounts.models import DeputyRow, Notice, Person, Post
from app.accounts.queries import PersonCard
from app.accounts.rules import PersonState
from app.kit import audit, clock, mail
from app.kit.actor import Actor
from app.kit.errors import Conflict
from app.kit.i18n import N_


def leave(db: Session, actor: Actor, *, person: PersonCard, on: date | None = None) -> bool:
    """Somebody has left: no sign-in, no role, no post any more. Whether this was news.

    Only accounts: `requirements.actions.leave_person` calls this and ends what was asked of them.
    """
    if person.id == actor.id:
        raise Conflict(N_("You cannot disable your own account."))
    row = db.get_one(Person, person.id)
    if row.left_on is not None:
        return False
    day = on or clock.today()
    row.state, row.left_on = PersonState.DISABLED, day
    db.execute(update(Post).where(Post.person_id == person.id, Post.ended_on.is_(None)).values(ended_on=day))
    for grant in queries.grants_of(db, person.id):
        take_grant(db, actor, grant=grant)
    signins.end_all(db, person.id)
    tokens.end_all_tokens(db, person.id)
    links.spend_links(db, person.id)
    for side in (DeputyRow.deputy_id, DeputyRow.manager_id):
        db.execute(
            update(DeputyRow).where(side == person.id, DeputyRow.ended_at.is_(None)).values(ended_at=clock.now())
        )
    db.flush()
    audit.say(db, actor, "person.left", subject=person.key, organisation_id=person.organisation_id, on=day.isoformat())
    return True


def make_nameless(db: Session, actor: Actor, *, person_id: int) -> None:
    """Take from a leaver's account whatever tells who it was. What was done stays, and every figure with it."""
    row = db.get_one(Person, person_id)
    if row.left_on is None or row.nameless_at is not None:
        return
    row.given_name, row.family_name = "–", f"#{row.id}"
    row.sort_key, row.job_title = f"#{row.id:012d}", ""
    row.email = row.staff_number = row.password = None
    row.nameless_at = clock.now()
    note_words(db, row)
    db.execute(update(Post).where(Post.person_id == person_id).values(title=""))
    db.execute(delete(Notice).where(Notice.person_id == person_id))
    requests.forget_words(db, person_id)
    db.execute(delete(mail.Mail).where(mail.Mail.person_id == person_id))
    db.flush()
    audit.say(db, actor, "person.nameless", subject=row.key, organisation_id=row.organisation_id)


def left_before(db: Session, day: date) -> tuple[tuple[int, date], ...]:
    """Those who left before a day and still have a name: (person, day of leaving)."""
    rows = db.execute(
        select(Person.id, Person.left_on).where(Person.left_on < day, Person.nameless_at.is_(None)).order_by(Person.id)
    )
    return tuple((row[0], row[1]) for row in rows if row[1] is not None)
