"""The manager's week: the list, what is done from it, and who does it meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from fastapi import APIRouter, Request
from pydantic import Field
from sqlalchemy.orm import Session
from starlette.responses import Response

from app.accounts import actions as accounts
from app.accounts.rules import ASSIGNS, may_name_deputy
from app.kit import clock
from app.kit.actor import Actor
from app.kit.errors import Forbidden, KitError, NotFound
from app.kit.i18n import N_, iso_date, ngettext
from app.kit.i18n import gettext as _
from app.organisations import access as organisations
from app.organisations import queries as tree
from app.organisations.queries import OrganisationCard
from app.requirements import actions as requirements
from app.requirements import queries as required
from app.requirements.queries import Need, WeekLine
from app.web.deps import CurrentActor, Db, Posted, PostedForm
from app.web.forms import Form, FormModel, check
from app.web.managing.pages import deputies_page, week_act_page, week_page
from app.web.managing.pages.week import WEEK
from app.web.managing.pages.week_acts import ACTS, offered
from app.web.managing.routes.people import told
from app.web.policy import Policy, allow
from app.web.responses import see_other
from app.web.templating import render

router = APIRouter()
DEPUTIES = "/managing/deputies"


class MoreTime(FormModel):
    until: date
    reason: str = Field(max_length=500)


class Excuse(FormModel):
    reason: str = Field(max_length=500)
    until: date | None = None


class Deputy(FormModel):
    email: str = Field(max_length=254)
    since: date
    until: date


def _places(db: Session, actor: Actor) -> tuple[OrganisationCard, ...]:
    """The highest places where the actor acts, the widest first."""
    ids = [int(path.strip("/").rpartition("/")[2]) for path in actor.paths(*ASSIGNS)]
    found = tree.by_ids(db, ids)
    return tuple(sorted(found.values(), key=lambda card: (card.depth, card.id)))


def _place(db: Session, actor: Actor, code: str) -> OrganisationCard:
    if code:
        return organisations.organisation_for(db, actor, code, *ASSIGNS)
    return next(iter(_places(db, actor)))


def _need(text: str) -> Need | None:
    return Need(text) if text in list(Need) else None


def _lines(db: Session, actor: Actor, place: OrganisationCard, keys: Sequence[str]) -> tuple[WeekLine, ...]:
    """The rows chosen that are on the list of this place and still wait: what is elsewhere is not there at all."""
    ids = [int(key) for key in keys if key.isascii() and key.isdigit() and len(key) < 16]
    found = required.week_lines(db, place.path, today=clock.today(), period_ids=ids, without=actor.id) if ids else ()
    return tuple(line for line in found if line.need is Need.ACTION)


@router.get(WEEK, **allow(Policy.ASSIGNS))
def week(request: Request, db: Db, actor: CurrentActor, at: str = "", tab: str = "", page: str = "") -> Response:
    place = _place(db, actor, at)
    number = int(page) if page.isascii() and page.isdigit() and 0 < len(page) < 6 and int(page) else 1
    others = _places(db, actor) if len(actor.paths(*ASSIGNS)) > 1 else ()
    shown = week_page(db, actor, place, need=_need(tab), page=number, others=others)
    return render(request, db, actor, "managing/week.html", shown)


@router.get(f"{WEEK}/act", **allow(Policy.ASSIGNS))
def preview(request: Request, db: Db, actor: CurrentActor, at: str = "") -> Response:
    """What the act would do. Nothing ticked: the list again, with a sentence."""
    place, act = _place(db, actor, at), request.query_params.get("do", "")
    keys = request.query_params.getlist("period")
    if act not in ACTS:
        raise NotFound(N_("There is no such page."))
    if not keys:
        form = Form(errors={"period": _("Tick the people first.")})
        page = week_page(db, actor, place, need=Need.ACTION, form=form)
        return render(request, db, actor, "managing/week.html", page, status=422)
    lines = _lines(db, actor, place, keys)
    until = request.query_params.get("until", "")
    if act == "extend" and not until and lines:
        until = offered(lines, clock.today()).isoformat()
    form = Form(values={"until": until} if act == "extend" else {})
    return render(request, db, actor, "managing/week_act.html", week_act_page(db, actor, place, act, lines, form))


@router.post(f"{WEEK}/act", **allow(Policy.ASSIGNS))
def act(request: Request, db: Db, actor: CurrentActor, posted: Posted) -> Response:
    place, what = _place(db, actor, posted.text("at")), posted.text("do")
    if what not in ACTS:
        raise NotFound(N_("There is no such page."))
    lines = _lines(db, actor, place, posted.all("period"))
    back = f"{WEEK}?at={place.code}"
    if not lines:
        return see_other(request, back, _("Nothing of this waits any more."), kind="info")
    if what == "remind":
        done = requirements.remind_these(db, actor, organisation=place, lines=lines)
        return see_other(request, back, told(done), kind="success" if done.people else "info")
    form, said = _done(db, actor, what, lines, posted)
    if form is not None:
        page = week_act_page(db, actor, place, what, lines, form)
        return render(request, db, actor, "managing/week_act.html", page, status=422)
    return see_other(request, back, said)


def _done(
    db: Session, actor: Actor, what: str, lines: Sequence[WeekLine], posted: PostedForm
) -> tuple[Form | None, str]:
    """The form again with what is wrong, or nothing and a sentence about what was done."""
    if what == "extend":
        more = check(MoreTime, posted)
        if more.value is None:
            return more.form, ""
        try:
            with db.begin_nested():
                done = requirements.give_time(db, actor, lines=lines, until=more.value.until, reason=more.value.reason)
        except KitError as refusal:
            return more.form.failing(refusal), ""
        day = iso_date(more.value.until)
        return None, ngettext(
            "%(num)s due date is now %(day)s.", "%(num)s due dates are now %(day)s.", done.changed, day=day
        )
    excuse = check(Excuse, posted)
    if excuse.value is None:
        return excuse.form, ""
    try:
        with db.begin_nested():
            done = requirements.excuse(db, actor, lines=lines, reason=excuse.value.reason, until=excuse.value.until)
    except KitError as refusal:
        return excuse.form.failing(refusal), ""
    return None, ngettext("%(num)s duty is excused.", "%(num)s duties are excused.", done.changed)


@router.get(DEPUTIES, **allow(Policy.ASSIGNS))
def deputies(request: Request, db: Db, actor: CurrentActor) -> Response:
    return render(request, db, actor, "managing/deputies.html", deputies_page(db, actor))


@router.post(DEPUTIES, **allow(Policy.ASSIGNS))
def name_deputy(request: Request, db: Db, actor: CurrentActor, posted: Posted) -> Response:
    if not may_name_deputy(actor):
        raise Forbidden(N_("Only a manager names a deputy, and only for what is their own."))
    said = check(Deputy, posted)
    form = said.form
    if said.value is not None:
        value = said.value
        try:
            with db.begin_nested():
                card = accounts.name_deputy(db, actor, email=value.email, since=value.since, until=value.until)
        except KitError as refusal:
            form = form.failing(refusal)
        else:
            until = iso_date(card.until)
            told_so = _("%(name)s deputises for you until %(day)s and has been told.", name=card.deputy, day=until)
            return see_other(request, DEPUTIES, told_so)
    return render(request, db, actor, "managing/deputies.html", deputies_page(db, actor, form), status=422)


@router.post(f"{DEPUTIES}/{{key}}/end", **allow(Policy.ASSIGNS))
def end_deputy(request: Request, db: Db, actor: CurrentActor, key: str) -> Response:
    accounts.end_deputy(db, actor, key=key)
    return see_other(request, DEPUTIES, _("Ended. The deputy's access is over."))
