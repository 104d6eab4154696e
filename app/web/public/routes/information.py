"""Notices of law, help, health, and the demonstration's outbox."""

from __future__ import annotations

import logging
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, version

from fastapi import APIRouter, Request
from sqlalchemy.exc import SQLAlchemyError
from starlette.responses import JSONResponse, Response

from app.accounts import actions as accounts
from app.accounts.rules import normal_email
from app.kit import health, mail
from app.kit.actor import ANONYMOUS
from app.kit.database import reading
from app.kit.errors import NotFound
from app.kit.i18n import N_
from app.kit.i18n import gettext as _
from app.kit.jobs import JobState
from app.web.deps import CurrentActor, Db, Posted, SettingsDep
from app.web.forms import Form, check
from app.web.policy import Policy, allow
from app.web.public import forms
from app.web.public.pages import information
from app.web.public.routes.signin import address_of, waiting_words
from app.web.responses import see_other
from app.web.templating import render

log = logging.getLogger("klasteris.web")
router = APIRouter()


@router.get("/privacy", **allow(Policy.PUBLIC))
def privacy(request: Request, db: Db, actor: CurrentActor, settings: SettingsDep) -> Response:
    return render(request, db, actor, "public/privacy.html", information.privacy_page(settings))


@router.get("/accessibility", **allow(Policy.PUBLIC))
def accessibility(request: Request, db: Db, actor: CurrentActor, settings: SettingsDep, sent: str = "") -> Response:
    page = information.accessibility_page(settings, Form(), sent=bool(sent))
    return render(request, db, actor, "public/accessibility.html", page)


@router.post("/accessibility", **allow(Policy.PUBLIC))
def feedback(request: Request, db: Db, actor: CurrentActor, settings: SettingsDep, posted: Posted) -> Response:
    said = check(forms.Feedback, posted)
    form, status = said.form, 422
    if said.value is not None:
        reply_to = said.value.reply_to
        if reply_to and normal_email(reply_to) is None:
            form = replace(form, errors={"reply_to": _("This is not an e-mail address.")})
        else:
            wait = accounts.send_feedback(
                db,
                actor,
                text=said.value.text,
                reply_to=reply_to,
                address=address_of(request),
                operator=settings.operator_contact if normal_email(settings.operator_contact) else "",
            )
            if not wait:
                return see_other(request, "/accessibility?sent=1")
            form, status = replace(form, error=waiting_words(wait)), 429
    page = information.accessibility_page(settings, form)
    return render(request, db, actor, "public/accessibility.html", page, status=status)


@router.get("/help", **allow(Policy.PUBLIC))
def help_page(request: Request, db: Db, actor: CurrentActor, settings: SettingsDep) -> Response:
    return render(request, db, actor, "public/help.html", information.help_page(actor, settings))


@router.get("/health", **allow(Policy.PUBLIC, early=True))
def health_check(request: Request) -> Response:
    """For a monitor: 200 when the database answers, 503 when it does not. Says nothing about people."""
    request.state.actor = ANONYMOUS
    try:
        with reading(request.app.state.sessions) as db:
            body = {
                "status": "ok",
                "version": program_version(),
                "database": "ok",
                "schema": health.schema_version(db),
                "jobs_waiting": health.jobs_overdue(db),
                "jobs_failed": health.jobs_by_state(db)[JobState.FAILED],
            }
    except SQLAlchemyError:
        log.exception("the health check could not read the database")
        body = {"status": "unavailable", "version": program_version(), "database": "unavailable"}
    status = 200 if body["status"] == "ok" else 503
    return JSONResponse(body, status_code=status, headers={"Cache-Control": "no-store"})


def program_version() -> str:
    try:
        return version("klasteris")
    except PackageNotFoundError:  # run from a folder that was never installed
        return "0"


@router.get("/outbox", **allow(Policy.PUBLIC))
def outbox(request: Request, db: Db, actor: CurrentActor, settings: SettingsDep, page: int = 1) -> Response:
    if not settings.demo:
        raise NotFound(N_("There is an outbox in the demonstration only."))
    return render(request, db, actor, "public/outbox.html", information.outbox_page(db, max(1, min(page, 100_000))))


@router.get("/outbox/{mail_id}", **allow(Policy.PUBLIC))
def outbox_mail(request: Request, db: Db, actor: CurrentActor, settings: SettingsDep, mail_id: int) -> Response:
    card = mail.by_id(db, mail_id) if settings.demo else None
    if card is None:
        raise NotFound(N_("There is no such message."))
    return render(request, db, actor, "public/mail.html", information.mail_page(card, settings.base_url))
