"""Answers on paper: printing sheets, and entering what came back."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.groups import access, actions, queries
from app.kit.errors import Conflict, Forbidden, Invalid, KitError
from app.kit.i18n import N_, gettext, ngettext
from app.kit.i18n import gettext as _
from app.web.classroom.pages import group as one
from app.web.classroom.pages import group_paper as pages
from app.web.classroom.pages import groups
from app.web.deps import CurrentActor, Db, Posted
from app.web.forms import Form
from app.web.policy import Policy, allow
from app.web.responses import see_other
from app.web.templating import render

router = APIRouter()
ONE = f"{groups.LIST}/{{key}}"


@router.get(f"{ONE}/sheets/{{quiz}}", **allow(Policy.LEADS))
def sheets(request: Request, db: Db, actor: CurrentActor, key: str, quiz: str) -> Response:
    group = access.group_for(db, actor, key)
    return render(request, db, actor, "classroom/group_sheets.html", pages.sheets_page(db, group, quiz))


@router.post(f"{ONE}/sheets/{{quiz}}", **allow(Policy.LEADS))
def make_sheets(request: Request, db: Db, actor: CurrentActor, posted: Posted, key: str, quiz: str) -> Response:
    """A sheet for each of those ticked, for those who were noted without a device, or for all who have none."""
    group = access.group_for(db, actor, key)
    shown = pages.sheets_page(db, group, quiz)
    wanted = set(posted.all("who"))
    if posted.text("action") == "all":
        wanted = {row.key for row in shown.rows if row.printable}
    if posted.text("action") == "noted":
        wanted = {row.key for row in shown.rows if row.printable and row.noted}
    chosen = [one for one in queries.members(db, group.id) if one.key in wanted]
    try:
        if shown.only_screen:
            raise Forbidden(N_("This quiz is answered on a screen only."))
        if not chosen:
            raise Invalid(who=N_("Choose at least one person."))
        with db.begin_nested():
            done = actions.print_sheets(db, actor, group=group, quiz=quiz, people=chosen)
    except KitError as refusal:
        page = pages.sheets_page(db, group, quiz, Form(values=posted.values()).failing(refusal))
        return render(request, db, actor, "classroom/group_sheets.html", page, status=422)
    said = ngettext("%(num)s sheet is ready to print.", "%(num)s sheets are ready to print.", done.made)
    if done.refused:
        said += " " + _("No attempt is left or open for: %(names)s.", names=", ".join(done.refused))
    return see_other(request, f"{groups.LIST}/{key}/sheets/{quiz}", said, kind="info" if done.refused else "success")


@router.get(f"{ONE}/sheets/{{quiz}}/print", **allow(Policy.LEADS))
def print_sheets(request: Request, db: Db, actor: CurrentActor, key: str, quiz: str) -> Response:
    group = access.group_for(db, actor, key)
    return render(request, db, actor, "classroom/group_print.html", pages.print_page(db, group, quiz))


@router.get(f"{ONE}/sheet", **allow(Policy.LEADS))
def find_sheet(request: Request, db: Db, actor: CurrentActor, key: str, code: str = "") -> Response:
    """From the code on a sheet to the form for its answers."""
    group = access.group_for(db, actor, key)
    try:
        sheet = access.sheet_for(db, group, code)
    except KitError as refusal:
        said = gettext(refusal.template) if code else _("Fill in this field.")
        form = Form(values={"code": code}, errors={"code": said})
        page = one.group_page(db, actor, group, form)
        return render(request, db, actor, "classroom/group.html", page, status=404)
    return see_other(request, f"{groups.LIST}/{key}/sheet/{sheet.code}")


@router.get(f"{ONE}/sheet/{{sheet}}", **allow(Policy.LEADS))
def sheet_form(request: Request, db: Db, actor: CurrentActor, key: str, sheet: str) -> Response:
    group = access.group_for(db, actor, key)
    found = access.sheet_for(db, group, sheet)
    return render(request, db, actor, "classroom/group_entry.html", pages.entry_page(db, group, found))


@router.post(f"{ONE}/sheet/{{sheet}}", **allow(Policy.LEADS))
def enter(request: Request, db: Db, actor: CurrentActor, posted: Posted, key: str, sheet: str) -> Response:
    """The answers of a sheet: an ordinary attempt, marked at once. Twice is told and changes nothing."""
    group = access.group_for(db, actor, key)
    found = access.sheet_for(db, group, sheet)
    said = pages.entered_in(db, found, posted)
    responses, errors = pages.responses_of(db, found, said)
    form = Form(values=posted.values(), errors=errors)
    if errors:
        page = pages.entry_page(db, group, found, form, said)
        return render(request, db, actor, "classroom/group_entry.html", page, status=422)
    try:
        with db.begin_nested():
            actions.enter_sheet(db, actor, group=group, sheet=found, responses=responses)
    except (Conflict, Invalid) as refusal:
        again = access.sheet_for(db, group, sheet)
        error = gettext(refusal.template, **refusal.values)
        page = pages.entry_page(db, group, again, Form(values=posted.values(), error=error), said)
        return render(request, db, actor, "classroom/group_entry.html", page, status=409)
    following = pages.next_sheet(db, group, found) if posted.text("then") == "next" else ""
    return see_other(
        request,
        following or f"{groups.LIST}/{key}/sheets/{found.quiz}",
        _("The answers of %(name)s are entered and marked.", name=found.person_name),
    )
