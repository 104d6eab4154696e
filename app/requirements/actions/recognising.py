"""Institutions that recognise one another, and words by which rules find people."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.accounts.queries import PersonCard
from app.accounts.rules import plain
from app.kit import audit, clock
from app.kit.actor import Actor
from app.kit.errors import Invalid
from app.kit.i18n import N_, fold
from app.organisations.queries import OrganisationCard
from app.requirements.actions import reaching
from app.requirements.models import PersonTag, Recognition

TAG_MAX, TAGS_MAX = 40, 20


def sign(db: Session, actor: Actor, *, place: OrganisationCard, other: OrganisationCard) -> bool:
    """Sign for one's own institution that it accepts another's evidence. It holds once the other has signed too."""
    if place.path.startswith(other.path) or other.path.startswith(place.path):
        raise Invalid(other=N_("These belong to one another, so they count each other's evidence already."))
    row = Recognition(signer_id=place.id, other_id=other.id, signed_at=clock.now(), signed_by_id=actor.id or None)
    try:
        with db.begin_nested():
            db.add(row)
    except IntegrityError:  # signed already
        return False
    audit.say(db, actor, "recognition.signed", subject=place.code, organisation_id=place.id, other=other.code)
    return True


def withdraw(db: Session, actor: Actor, *, place: OrganisationCard, other: OrganisationCard) -> bool:
    """Take one's signature back. What has been counted stays; nothing new is."""
    row = db.scalar(
        select(Recognition).where(
            Recognition.signer_id == place.id, Recognition.other_id == other.id, Recognition.ended_at.is_(None)
        )
    )
    if row is None:
        return False
    row.ended_at = clock.now()
    db.flush()
    audit.say(db, actor, "recognition.withdrawn", subject=place.code, organisation_id=place.id, other=other.code)
    return True


def normal_tag(text: str) -> str:
    """A tag as it is kept: small letters, words joined by hyphens."""
    return "-".join(plain(text).lower().split())[:TAG_MAX]


def tag(db: Session, actor: Actor, *, person: PersonCard, tags: Iterable[str]) -> frozenset[str]:
    """Give somebody exactly these tags; rules that ask for them reach or let go at once."""
    wanted = {normal_tag(one) for one in tags if fold(one).strip()}
    if len(wanted) > TAGS_MAX:
        raise Invalid(tags=N_("These are too many tags for one person."))
    had = set(db.scalars(select(PersonTag.tag).where(PersonTag.person_id == person.id)))
    if wanted == had:
        return frozenset(had)
    db.execute(delete(PersonTag).where(PersonTag.person_id == person.id, PersonTag.tag.not_in(sorted(wanted))))
    db.add_all(PersonTag(person_id=person.id, tag=one) for one in sorted(wanted - had))
    db.flush()
    audit.say(
        db,
        actor,
        "person.tagged",
        subject=person.key,
        organisation_id=person.organisation_id,
        was=", ".join(sorted(had)),
        now=", ".join(sorted(wanted)),
    )
    reaching.let_go(db, actor, person_id=person.id)
    reaching.reach(db, actor, person_id=person.id)
    return frozenset(wanted)
