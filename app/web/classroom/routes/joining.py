"""Joining a group session with one's own device, and what it shows there."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.accounts import actions as accounts
from app.accounts.rules import JOIN_MISSES
from app.groups import access, actions
from app.kit import icalendar
from app.kit.errors import Conflict, NotFound, TooMany
from app.kit.i18n import N_, gettext
from app.kit.i18n import gettext as _
from app.web.classroom.pages import group_screen as pages
from app.web.deps import CurrentActor, Db, Posted, SettingsDep
from app.web.forms import Form
from app.web.policy import Policy, allow
from app.web.responses import see_other
from app.web.templating import render

router = APIRouter()


@router.get("/join", **allow(Policy.SIGNED_IN))
def join_form(request: Request, db: Db, actor: CurrentActor) -> Response:
    return render(request, db, actor, "classroom/join.html", pages.join_page(db, actor))


@router.post("/join", **allow(Policy.SIGNED_IN))
def join(request: Request, db: Db, actor: CurrentActor, posted: Posted) -> Response:
    """Come in by the PIN, or by the code that the drawing led to. Wrong ones are counted, for each person."""
    counted = accounts.throttle_key("join", str(actor.id))
    if wait := accounts.take(db, counted, JOIN_MISSES):
        raise TooMany(N_("Too many wrong PINs. Try again in a few minutes, or ask to be noted."), retry_seconds=wait)
    pin = "".join(sign for sign in posted.text("pin") if sign.isdigit())
    try:
        with db.begin_nested():
            group = access.group_to_join(db, actor, code=posted.text("code"), pin=pin)
            actions.join(db, actor, group=group)
    except (NotFound, Conflict) as refusal:
        # Returned, not raised: what is raised would take the count back with it.
        said = gettext(refusal.template, **refusal.values) if pin or posted.text("code") else _("Fill in this field.")
        form = Form(values={"pin": posted.text("pin")}, errors={"pin": said})
        return render(request, db, actor, "classroom/join.html", pages.join_page(db, actor, form), status=422)
    accounts.give_back(db, counted)
    return see_other(request, f"/joined/{group.key}", _("You are in. What is watched together counts for you too."))


@router.get("/join/{ticket}", **allow(Policy.SIGNED_IN))
def ticket(request: Request, db: Db, actor: CurrentActor, ticket: str) -> Response:
    """What the drawing on the screen leads to: one button joins."""
    group = access.group_to_join(db, actor, code=ticket)
    return render(request, db, actor, "classroom/join_ticket.html", pages.ticket_page(db, group))


@router.get("/joined/{key}", **allow(Policy.SIGNED_IN))
def joined(request: Request, db: Db, actor: CurrentActor, key: str) -> Response:
    group = access.joined_group(db, actor, key)
    return render(request, db, actor, "classroom/joined.html", pages.joined_page(db, actor, group))


@router.get("/joined/{key}/calendar", **allow(Policy.SIGNED_IN))
def calendar(db: Db, actor: CurrentActor, settings: SettingsDep, key: str) -> Response:
    """The session as a file for one's own calendar; taken in again after a change, it replaces itself."""
    group = access.joined_group(db, actor, key)
    data = pages.calendar_file(db, group, settings.base_url)
    headers = {"Content-Disposition": 'attachment; filename="klasteris.ics"', "Cache-Control": "no-store"}
    return Response(data, media_type=icalendar.MEDIA_TYPE, headers=headers)


@router.post("/joined/{key}/leave", **allow(Policy.SIGNED_IN))
def leave(request: Request, db: Db, actor: CurrentActor, key: str) -> Response:
    group = access.joined_group(db, actor, key)
    if actions.leave(db, actor, group=group):
        return see_other(request, f"/joined/{key}", _("You have left the session. What you have stays yours."))
    return see_other(request, f"/joined/{key}", _("You had left before."), kind="info")
