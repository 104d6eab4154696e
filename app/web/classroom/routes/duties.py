"""Asking for more time."""

from __future__ import annotations

from datetime import date, timedelta

from fastapi import APIRouter, Request
from pydantic import Field
from starlette.responses import Response

from app.kit import clock
from app.kit.errors import KitError
from app.kit.i18n import gettext as _
from app.requirements import access
from app.requirements import actions as requirements
from app.web.classroom.pages.duties import ask_page
from app.web.deps import CurrentActor, Db, Posted
from app.web.forms import FormModel, check
from app.web.policy import Policy, allow
from app.web.responses import see_other
from app.web.templating import render

router = APIRouter()


class MoreTime(FormModel):
    until: date | None = None
    reason: str = Field(max_length=500)


def _offered(due_on: date) -> date:
    return max(due_on, clock.today()) + timedelta(days=requirements.OFFERED_DAYS)


@router.get("/learning/time/{period}", **allow(Policy.SIGNED_IN))
def more_time(request: Request, db: Db, actor: CurrentActor, period: int) -> Response:
    card = access.own_period(db, actor, period)
    page = ask_page(db, card, None, _offered(card.period.due_on))
    return render(request, db, actor, "classroom/more_time.html", page)


@router.post("/learning/time/{period}", **allow(Policy.SIGNED_IN))
def ask(request: Request, db: Db, actor: CurrentActor, posted: Posted, period: int) -> Response:
    card = access.own_period(db, actor, period)
    said = check(MoreTime, posted)
    form = said.form
    if said.value is not None:
        try:
            with db.begin_nested():
                requirements.ask_for_time(db, actor, period=card, reason=said.value.reason, until=said.value.until)
            return see_other(request, "/learning", _("Your manager is asked. Until they answer, the date stays."))
        except KitError as refusal:
            form = form.failing(refusal)
    page = ask_page(db, card, form, _offered(card.period.due_on))
    return render(request, db, actor, "classroom/more_time.html", page, status=422)
