"""Whose certificates an actor sees, and which of them they may revoke."""

from __future__ import annotations

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from app.accounts.rules import ASSIGNS
from app.certificates import queries
from app.certificates.queries import CertificateCard
from app.kit.actor import Actor
from app.kit.errors import NotFound
from app.kit.i18n import N_
from app.organisations import access as organisations

ABSENT = N_("There is no such certificate.")


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Certificates of the institutions whose manager or administrator the actor is."""
    return queries.everywhere() if actor.system else organisations.visible_to(actor, *ASSIGNS)


def may_see(actor: Actor, path: str) -> bool:
    """The other face of `visible_to`, for a certificate of the institution at `path`."""
    return actor.covers(path, *ASSIGNS)


def certificate_for(db: Session, actor: Actor, key: str) -> CertificateCard:
    found = queries.by_key(db, key)
    if found is None or not may_see(actor, found.path):
        raise NotFound(ABSENT)
    return found


def own_certificate(db: Session, actor: Actor, enrolment_id: int) -> CertificateCard:
    """The actor's own certificate for a run."""
    found = queries.of_enrolment(db, enrolment_id)
    if found is None or found.person_id != actor.id:
        raise NotFound(ABSENT)
    return found


def anybodys(db: Session, key: str) -> CertificateCard:
    """For whoever holds the key. Absent and mistyped are told alike."""
    found = queries.by_key(db, key)
    if found is None:
        raise NotFound(ABSENT)
    return found
