"""Asking for an audit pack, noting how far it has come, and keeping it."""

from __future__ import annotations

import secrets
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.rules import Keeping, kept_until
from app.kit import audit, clock, jobs
from app.kit.actor import Actor
from app.kit.blobs import Blobs
from app.kit.errors import Invalid
from app.kit.i18n import N_
from app.organisations.queries import OrganisationCard
from app.packs.models import AuditPack
from app.packs.rules import STEPS, Head, PackState, read_head
from app.requirements.queries import RequirementCard

GOING = (PackState.WAITING, PackState.WORKING)


def ask(
    db: Session, actor: Actor, *, requirement: RequirementCard, unit: OrganisationCard, as_of: date, named: bool
) -> str:
    """Ask for a pack; answers its key. One that is being made already is not made twice."""
    if as_of > clock.today():
        raise Invalid(as_of=N_("This day has not come yet."))
    if as_of < requirement.created_at.astimezone(clock.LOCAL).date():
        raise Invalid(as_of=N_("It was not required on this day yet."))
    same = select(AuditPack.key).where(
        AuditPack.person_id == (actor.id or None),
        AuditPack.requirement_id == requirement.id,
        AuditPack.organisation_id == unit.id,
        AuditPack.as_of == as_of,
        AuditPack.named.is_(named),
        AuditPack.lang == actor.lang,
        AuditPack.state.in_(GOING),
    )
    if (going := db.scalar(same.order_by(AuditPack.id.desc()).limit(1))) is not None:
        return going
    row = AuditPack(
        key=secrets.token_urlsafe(15),
        person_id=actor.id or None,
        requirement_id=requirement.id,
        organisation_id=unit.id,
        as_of=as_of,
        named=named,
        lang=actor.lang,
        asked_at=clock.now(),
    )
    db.add(row)
    db.flush()
    jobs.later(db, "packs.make", pack_id=row.id)
    audit.say(
        db,
        actor,
        "pack.asked",
        subject=requirement.key,
        organisation_id=unit.id,
        as_of=as_of.isoformat(),
        names=named,
    )
    return row.key


def note(db: Session, *, pack_id: int, done: int) -> None:
    """So many steps are behind it."""
    row = db.get_one(AuditPack, pack_id, populate_existing=True)
    if row.state in GOING:
        row.state, row.done = PackState.WORKING, done
    db.flush()


def keep(db: Session, *, pack_id: int, blob: str, size: int, public_key: str, training: Head | None = None) -> None:
    """It is ready, and does not change any more."""
    row = db.get_one(AuditPack, pack_id, populate_existing=True)
    if row.state not in GOING:
        return
    row.state, row.done, row.ready_at = PackState.READY, STEPS, clock.now()
    row.blob, row.size, row.public_key = blob, size, public_key
    row.training = training.kept() if training else {}
    db.flush()


def give_up(db: Session, *, pack_id: int, why: str) -> None:
    """It cannot be made, and trying again would not help."""
    row = db.get_one(AuditPack, pack_id, populate_existing=True)
    if row.state in GOING:
        row.state, row.error = PackState.FAILED, why[:500]
    db.flush()


def forget_old(db: Session, blobs: Blobs) -> int:
    """Packs with names go when the names in them may not be kept any longer, and a report only when its own time is over;
    answers how many."""
    today, gone = clock.today(), 0
    for row in db.scalars(select(AuditPack).where(AuditPack.named.is_(True)).order_by(AuditPack.id)):
        report = read_head(row.training)
        locked = report.locked_until if report else None
        if kept_until(row.as_of, Keeping.DUTY) >= today or (locked is not None and locked >= today):
            continue
        if row.blob:
            blobs.path(row.blob).unlink(missing_ok=True)
        db.delete(row)
        gone += 1
    db.flush()
    return gone
