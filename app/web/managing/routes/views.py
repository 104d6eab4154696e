"""Saved views: keep one, look at it, change it, take it along, erase it."""

from __future__ import annotations

from fastapi import APIRouter, Request
from pydantic import Field
from sqlalchemy.orm import Session
from starlette.responses import Response

from app.kit.actor import Actor
from app.kit.errors import KitError
from app.kit.i18n import gettext as _
from app.kit.spreadsheet import as_xlsx
from app.reporting import access
from app.reporting import actions as reporting
from app.reporting.queries import views as saved
from app.reporting.queries.views import ViewCard
from app.reporting.rules.views import Cadence
from app.web.deps import CurrentActor, Db, EarlyActor, Posted
from app.web.forms import Form, FormModel, check
from app.web.managing.figures import export_of, of_view, taken_out
from app.web.managing.forms import filter_from
from app.web.managing.pages.views import VIEWS, edit_view_page, new_view_page, view_page, views_page
from app.web.managing.routes.places import TYPES
from app.web.policy import Policy, allow
from app.web.responses import see_other
from app.web.ruling import lines
from app.web.templating import render

router = APIRouter()
FORM = "managing/view_form.html"


class NewView(FormModel):
    name: str = Field(max_length=100)
    shared: bool = False


class EditView(NewView):
    columns: list[str] = Field(default_factory=list)
    cadence: Cadence = Cadence.NEVER
    recipients: str = Field("", max_length=15_000)


@router.get(VIEWS, **allow(Policy.SEES_NUMBERS))
def listing(request: Request, db: Db, actor: CurrentActor) -> Response:
    return render(request, db, actor, "managing/views.html", views_page(db, actor))


@router.get(f"{VIEWS}/new", **allow(Policy.SEES_NUMBERS))
def new(request: Request, db: Db, actor: CurrentActor, at: str = "") -> Response:
    place = access.place_for(db, actor, at).place
    page = new_view_page(db, place, filter_from(request.query_params), actor.lang, Form())
    return render(request, db, actor, FORM, page)


@router.post(VIEWS, **allow(Policy.SEES_NUMBERS))
def save(request: Request, db: Db, actor: CurrentActor, posted: Posted) -> Response:
    view = access.place_for(db, actor, posted.text("at"))
    chosen = filter_from({name: posted.text(name) for name in posted.names()})
    said = check(NewView, posted)
    form = said.form
    if said.value is not None:
        try:
            with db.begin_nested():
                key = reporting.save_view(
                    db,
                    actor,
                    place=view.place,
                    name=said.value.name,
                    filters=(chosen if view.names else chosen.without_names()).parts(),
                    shared=said.value.shared,
                )
            return see_other(request, f"{VIEWS}/{key}", _("Saved."))
        except KitError as refusal:
            form = form.failing(refusal)
    return render(request, db, actor, FORM, new_view_page(db, view.place, chosen, actor.lang, form), status=422)


@router.get(f"{VIEWS}/{{key}}", **allow(Policy.SEES_NUMBERS))
def one(request: Request, db: Db, actor: CurrentActor, key: str) -> Response:
    card = access.view_for(db, actor, key)
    return render(request, db, actor, "managing/view.html", view_page(actor, card, of_view(db, actor, card)))


@router.post(f"{VIEWS}/{{key}}/export.xlsx", **allow(Policy.SEES_NUMBERS, early=True))
def export(request: Request, actor: EarlyActor, key: str) -> Response:
    _card, made = taken_out(request.app.state.sessions, actor, key, "xlsx")
    data = as_xlsx(made)
    headers = {
        "Content-Disposition": f'attachment; filename="{made.stem}.xlsx"',
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(data, media_type=TYPES["xlsx"], headers=headers)


def _columns(db: Session, actor: Actor, card: ViewCard) -> list[tuple[str, str]]:
    """The columns there are to choose from: all but the first, which always stays."""
    view = access.place_for(db, actor, card.place_code)
    sheet = export_of(db, actor, view, filter_from(card.filters)).sheets[0]
    return [(key, head) for key, (head, _width) in zip(sheet.keys, sheet.heads, strict=True)][1:]


@router.get(f"{VIEWS}/{{key}}/edit", **allow(Policy.SEES_NUMBERS))
def edit(request: Request, db: Db, actor: CurrentActor, key: str) -> Response:
    card = access.own_view(db, actor, key)
    columns = _columns(db, actor, card)
    values = {
        "name": card.name,
        "shared": "1" if card.shared else "",
        "columns": list(card.columns) or [column for column, _head in columns],
        "cadence": card.cadence.value,
        "recipients": "\n".join(address for _person, address in saved.recipients(db, card.id)),
    }
    return render(request, db, actor, FORM, edit_view_page(card, columns, Form(values=values)))


@router.post(f"{VIEWS}/{{key}}/edit", **allow(Policy.SEES_NUMBERS))
def change(request: Request, db: Db, actor: CurrentActor, posted: Posted, key: str) -> Response:
    card = access.own_view(db, actor, key)
    columns = _columns(db, actor, card)
    said = check(EditView, posted, lists=("columns",))
    form = said.form
    if said.value is not None:
        value = said.value
        known = [column for column, _head in columns]
        chosen = [column for column in known if column in value.columns]
        try:
            with db.begin_nested():
                reporting.change_view(
                    db,
                    actor,
                    view=card,
                    name=value.name,
                    shared=value.shared,
                    columns=() if chosen == known else chosen,
                    cadence=value.cadence,
                    addresses=lines(value.recipients),
                )
            return see_other(request, f"{VIEWS}/{key}", _("Saved."))
        except KitError as refusal:
            form = form.failing(refusal)
    return render(request, db, actor, FORM, edit_view_page(card, columns, form), status=422)


@router.post(f"{VIEWS}/{{key}}/delete", **allow(Policy.SEES_NUMBERS))
def delete(request: Request, db: Db, actor: CurrentActor, key: str) -> Response:
    reporting.end_view(db, actor, view=access.own_view(db, actor, key))
    return see_other(request, VIEWS, _("Erased. Nobody sees or gets it any more."))
