"""Certificates by API: one's own, checking one by its code, revoking."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Body, Request
from pydantic import Field

from app.accounts import actions as accounts
from app.accounts.rules import CERTIFICATE_MISSES
from app.certificates import access
from app.certificates import actions as certificates
from app.certificates import queries as issued
from app.certificates.queries import CertificateCard
from app.certificates.rules import initials, normal_key
from app.kit.database import writing
from app.kit.errors import Forbidden, NotFound, TooMany
from app.kit.i18n import N_
from app.web.api.duties import MISSING, SIGN_IN, WRONG
from app.web.api.schemas import Out
from app.web.deps import CurrentActor, Db
from app.web.policy import Policy, allow

router = APIRouter(prefix="/api")
V1 = "/v1"


class CertificateOut(Out):
    """A certificate as anybody who holds its code may know it."""

    number: str
    state: str = Field(description="valid, superseded, revoked or expired; of today")
    holder: str = Field(description="the initials; the whole name only to the holder")
    course: str
    institution: str
    completed_on: date
    issued_on: date
    valid_until: date | None
    superseded_by: str = Field(description="the number of the newer certificate, or empty")


class OwnCertificateOut(CertificateOut):
    code: str = Field(description="by which anybody can check it at /verify/…")
    file: str = Field(description="the address of the PDF, for a signed-in browser")


class RevokedOut(Out):
    """`news` is false where it had been revoked before."""

    number: str
    news: bool


@router.get(f"{V1}/me/certificates", tags=["me"], responses=SIGN_IN, **allow(Policy.SIGNED_IN))
def my_certificates(db: Db, actor: CurrentActor) -> list[OwnCertificateOut]:
    """My certificates, the latest first."""
    return [
        OwnCertificateOut(
            **_out(card, card.paper.holder),
            code=card.paper.key,
            file=f"/learning/record/{card.enrolment_id}/certificate",
        )
        for card in issued.of_person(db, actor.id)
    ]


@router.get(f"{V1}/certificates/{{key}}", tags=["certificates"], responses=MISSING, **allow(Policy.PUBLIC))
def check_certificate(request: Request, db: Db, actor: CurrentActor, key: str) -> CertificateOut:
    """How the certificate with this code stands. Codes that lead nowhere are counted, by address."""
    counted = accounts.throttle_key("certificate", request.client.host if request.client else "")
    if wait := accounts.waits(db, counted, CERTIFICATE_MISSES):
        raise TooMany(N_("Too many codes that do not exist were asked for from your address."), retry_seconds=wait)
    found = issued.by_key(db, normal_key(key))
    if found is None:
        with writing(request.app.state.sessions) as other:
            accounts.take(other, counted, CERTIFICATE_MISSES)
        raise NotFound(access.ABSENT)
    return CertificateOut(**_out(found, initials(found.paper.holder)))


@router.post(
    f"{V1}/certificates/{{key}}/revoke",
    tags=["certificates"],
    responses={**SIGN_IN, **MISSING, **WRONG},
    **allow(Policy.ASSIGNS),
)
def revoke_certificate(
    db: Db, actor: CurrentActor, key: str, reason: Annotated[str, Body(embed=True, max_length=500)]
) -> RevokedOut:
    """Take back a certificate that an institution of yours has issued. It cannot be undone."""
    card = access.certificate_for(db, actor, key)
    if card.person_id == actor.id:
        raise Forbidden(N_("Nobody revokes their own certificate. Ask another manager."))
    news = certificates.revoke(db, actor, certificate=card, reason=reason)
    return RevokedOut(number=card.paper.number, news=news)


def _out(card: CertificateCard, holder: str) -> dict[str, Any]:
    paper = card.paper
    return {
        "number": paper.number,
        "state": card.state.value,
        "holder": holder,
        "course": paper.course,
        "institution": paper.institution,
        "completed_on": paper.completed_on,
        "issued_on": paper.issued_on,
        "valid_until": paper.valid_until,
        "superseded_by": card.superseded_by,
    }
