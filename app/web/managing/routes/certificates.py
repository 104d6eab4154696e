"""Certificates: the list, one with its PDF, revoking it, and issuing for what was completed before."""

from __future__ import annotations

from datetime import date

from fastapi import APIRouter, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from app.accounts.rules import ASSIGNS
from app.catalog import queries as catalog
from app.certificates import access, format
from app.certificates import actions as certificates
from app.certificates import queries as issued
from app.certificates.queries import Lacking
from app.kit.actor import Actor
from app.kit.errors import Forbidden, Invalid, KitError, NotFound
from app.kit.i18n import N_, ngettext
from app.kit.i18n import gettext as _
from app.organisations import access as organisations
from app.web.deps import CurrentActor, Db, Posted, SettingsDep
from app.web.forms import Form
from app.web.managing.pages import certificate_page, certificates_page, issue_page
from app.web.policy import Policy, allow
from app.web.responses import pdf, see_other
from app.web.templating import render

router = APIRouter()
LIST = "/managing/certificates"
FIELDS = ("organisation", "course", "since")


@router.get(LIST, **allow(Policy.ASSIGNS))
def listed(request: Request, db: Db, actor: CurrentActor, q: str = "", page: int = 1) -> Response:
    shown = certificates_page(db, actor, search=q.strip()[:100], page=max(1, min(page, 100_000)))
    return render(request, db, actor, "managing/certificates.html", shown)


@router.get(f"{LIST}/issue", **allow(Policy.ASSIGNS))
def preview(
    request: Request, db: Db, actor: CurrentActor, organisation: str = "", course: str = "", since: str = ""
) -> Response:
    """Whom it would reach. Asking changes nothing."""
    return _preview(request, db, actor, {"organisation": organisation, "course": course, "since": since})


def _preview(request: Request, db: Session, actor: Actor, values: dict[str, str]) -> Response:
    form = Form(values=values)
    found: tuple[Lacking, ...] = ()
    try:
        found = _meant(db, actor, values)
    except KitError as refusal:
        form = form.failing(refusal)
    page = issue_page(db, actor, found, form)
    return render(request, db, actor, "managing/issue.html", page, status=422 if form.wrong else 200)


def _meant(db: Session, actor: Actor, values: dict[str, str]) -> tuple[Lacking, ...]:
    path, course_id, since = "/", None, None
    if values["organisation"]:
        try:
            path = organisations.organisation_for(db, actor, values["organisation"], *ASSIGNS).path
        except NotFound:
            raise Invalid(organisation=N_("Choose one of your organisations.")) from None
    if values["course"]:
        head = catalog.course_by_slug(db, values["course"])
        if head is None:
            raise Invalid(course=N_("Choose one of the courses."))
        course_id = head.id
    if values["since"]:
        try:
            since = date.fromisoformat(values["since"])
        except ValueError:
            raise Invalid(since=N_("Write the date as year-month-day, for example 2026-03-31.")) from None
    return issued.lacking(db, path=path, course_id=course_id, since=since, where=access.visible_to(actor))


@router.post(f"{LIST}/issue", **allow(Policy.ASSIGNS))
def issue(request: Request, db: Db, actor: CurrentActor, posted: Posted) -> Response:
    values = {name: posted.text(name) for name in FIELDS}
    try:
        found = _meant(db, actor, values)
    except KitError:
        return _preview(request, db, actor, values)
    number = certificates.issue_later(db, actor, found=found)
    said = ngettext(
        "%(num)s certificate is being issued. It will be listed within a minute.",
        "%(num)s certificates are being issued. They will be listed within a minute.",
        number,
    )
    if not number:
        return see_other(request, LIST, _("There was nothing to issue."), kind="info")
    return see_other(request, LIST, said)


@router.get(f"{LIST}/{{key}}", **allow(Policy.ASSIGNS))
def one(request: Request, db: Db, actor: CurrentActor, key: str) -> Response:
    card = access.certificate_for(db, actor, key)
    return render(request, db, actor, "managing/certificate.html", certificate_page(actor, card))


@router.get(f"{LIST}/{{key}}/file", **allow(Policy.ASSIGNS))
def file(db: Db, actor: CurrentActor, settings: SettingsDep, key: str) -> Response:
    paper = access.certificate_for(db, actor, key).paper
    return pdf(paper.number, format.as_pdf(paper, settings.base_url))


@router.post(f"{LIST}/{{key}}/revoke", **allow(Policy.ASSIGNS))
def revoke(request: Request, db: Db, actor: CurrentActor, posted: Posted, key: str) -> Response:
    card = access.certificate_for(db, actor, key)
    if card.person_id == actor.id:
        raise Forbidden(N_("Nobody revokes their own certificate. Ask another manager."))
    try:
        with db.begin_nested():
            news = certificates.revoke(db, actor, certificate=card, reason=posted.text("reason"))
    except KitError as refusal:
        page = certificate_page(actor, card, Form(values=posted.values()).failing(refusal))
        return render(request, db, actor, "managing/certificate.html", page, status=422)
    said = _("Revoked. Whoever checks it is told so from now on.") if news else _("This was revoked before.")
    return see_other(request, f"{LIST}/{key}", said, kind="success" if news else "info")
