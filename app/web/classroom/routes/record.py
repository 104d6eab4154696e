"""The learning record, confirmations, and notices."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.accounts import actions as accounts
from app.certificates import access as certificates
from app.certificates import format
from app.learning import access
from app.web.classroom.pages import record as pages
from app.web.deps import CurrentActor, Db, SettingsDep
from app.web.policy import Policy, allow
from app.web.responses import pdf, see_other
from app.web.templating import render

router = APIRouter()


@router.get("/learning/record", **allow(Policy.SIGNED_IN))
def record(request: Request, db: Db, actor: CurrentActor) -> Response:
    return render(request, db, actor, "classroom/record.html", pages.record_page(db, actor))


@router.get("/learning/record/{enrolment}/confirmation", **allow(Policy.SIGNED_IN))
def confirmation(request: Request, db: Db, actor: CurrentActor, enrolment: int) -> Response:
    run = access.confirmation_for(db, actor, enrolment)
    return render(request, db, actor, "classroom/confirmation.html", pages.confirmation_page(db, actor, run))


@router.get("/learning/record/{enrolment}/certificate", **allow(Policy.SIGNED_IN))
def certificate(db: Db, actor: CurrentActor, settings: SettingsDep, enrolment: int) -> Response:
    """The certificate as a PDF, also one that is revoked or superseded: it says what it said."""
    paper = certificates.own_certificate(db, actor, enrolment).paper
    return pdf(paper.number, format.as_pdf(paper, settings.base_url))


@router.get("/notices", **allow(Policy.SIGNED_IN))
def notices(request: Request, db: Db, actor: CurrentActor) -> Response:
    return render(request, db, actor, "classroom/notices.html", pages.notices_page(db, actor))


@router.post("/notices/read", **allow(Policy.SIGNED_IN))
def read_notices(request: Request, db: Db, actor: CurrentActor) -> Response:
    accounts.mark_all_read(db, actor)
    return see_other(request, "/notices")
