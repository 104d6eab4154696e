"""Leading a group session: the list, planning, opening and ending, the roster, and the screen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time

from fastapi import APIRouter, Request
from pydantic import Field
from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse, Response

from app.accounts import actions as accounts
from app.accounts.rules import GROUP_NAMES
from app.groups import access, actions, queries, rules
from app.groups.queries import GroupCard
from app.groups.rules import GroupState
from app.kit import clock
from app.kit.actor import Actor
from app.kit.errors import Conflict, Invalid, KitError, TooMany
from app.kit.i18n import N_, gettext, ngettext
from app.kit.i18n import gettext as _
from app.web.classroom.pages import group as one
from app.web.classroom.pages import group_screen
from app.web.classroom.pages import groups as pages
from app.web.deps import CurrentActor, Db, Posted, SettingsDep
from app.web.forms import Form, FormModel, check
from app.web.policy import Policy, allow
from app.web.responses import see_other
from app.web.templating import render

router = APIRouter()
LIST = pages.LIST


class PlanForm(FormModel):
    """A session to be held."""

    course: str
    organisation: str
    day: date
    time: str = Field(max_length=20)
    room: str = Field("", max_length=rules.ROOM_MAX)
    page: str = ""
    who: list[str] = Field(default_factory=list)
    everybody: str = ""


class MoveForm(FormModel):
    """When and where a session is held instead."""

    day: date
    time: str = Field(max_length=20)
    room: str = Field("", max_length=rules.ROOM_MAX)


@router.get(LIST, **allow(Policy.LEADS))
def groups(request: Request, db: Db, actor: CurrentActor) -> Response:
    return render(request, db, actor, "classroom/groups.html", pages.groups_page(db, actor))


@router.get(f"{LIST}/new", **allow(Policy.LEADS))
def new_group(
    request: Request, db: Db, actor: CurrentActor, course: str = "", organisation: str = "", page: str = ""
) -> Response:
    """First the course and the place, which decide what else there is to choose."""
    form = Form(values={**pages.blank(), "course": course, "organisation": organisation, "page": page})
    if not course and not organisation:
        return render(request, db, actor, "classroom/group_new.html", pages.new_group_page(db, actor, form, None))
    try:
        chosen = access.what_to_lead(db, actor, course=course, place=organisation)
    except Invalid as refusal:
        # A link from a course or from a place says one of the two.
        shown = form.failing(refusal) if course and organisation else form
        page_ = pages.new_group_page(db, actor, shown, None)
        return render(request, db, actor, "classroom/group_new.html", page_, status=422 if shown.wrong else 200)
    return render(request, db, actor, "classroom/group_new.html", pages.new_group_page(db, actor, form, chosen))


@router.post(f"{LIST}/new", **allow(Policy.LEADS))
def plan(request: Request, db: Db, actor: CurrentActor, posted: Posted) -> Response:
    said = check(PlanForm, posted, lists=("who",))
    chosen = None
    try:
        chosen = access.what_to_lead(db, actor, course=posted.text("course"), place=posted.text("organisation"))
        if said.value is None:
            page = pages.new_group_page(db, actor, said.form, chosen)
            return render(request, db, actor, "classroom/group_new.html", page, status=422)
        head, place = chosen
        with db.begin_nested():
            group = actions.plan(
                db,
                actor,
                course=head,
                place=place,
                starts_at=_moment(said.value.day, said.value.time),
                room=said.value.room,
                page=said.value.page,
            )
            keys = said.value.who
            if said.value.everybody:
                keys = [key for key, *_rest in pages.new_group_page(db, actor, said.form, chosen).people]
            actions.expect(db, actor, group=group, people=access.people_to_add(db, actor, group, keys))
    except KitError as refusal:
        page = pages.new_group_page(db, actor, said.form.failing(refusal), chosen)
        return render(request, db, actor, "classroom/group_new.html", page, status=422)
    return see_other(request, f"{LIST}/{group.key}", _("The session is planned."))


def _moment(day: date, text: str) -> datetime:
    try:
        at = time.fromisoformat(text.strip().replace(".", ":").zfill(5))
    except ValueError:
        raise Invalid(time=N_("Write the time as hours and minutes, for example 14:30.")) from None
    moment = datetime.combine(day, at, clock.LOCAL)
    if day < clock.today():
        raise Invalid(day=N_("This day has passed."))
    return moment


@router.get(f"{LIST}/{{key}}", **allow(Policy.LEADS))
def group(request: Request, db: Db, actor: CurrentActor, key: str) -> Response:
    found = access.group_for(db, actor, key)
    return render(request, db, actor, "classroom/group.html", one.group_page(db, actor, found))


@router.post(f"{LIST}/{{key}}/open", **allow(Policy.LEADS))
def open_group(request: Request, db: Db, actor: CurrentActor, key: str) -> Response:
    """Let people in, and show how they come in."""
    return _do(request, db, actor, key, actions.open_session, f"{LIST}/{key}/screen")


@router.post(f"{LIST}/{{key}}/codes", **allow(Policy.LEADS))
def renew(request: Request, db: Db, actor: CurrentActor, key: str) -> Response:
    said = _("The earlier code and PIN no longer work.")
    return _do(request, db, actor, key, actions.renew_codes, f"{LIST}/{key}/screen", said)


@router.post(f"{LIST}/{{key}}/end", **allow(Policy.LEADS))
def end_group(request: Request, db: Db, actor: CurrentActor, key: str) -> Response:
    said = _("The session is closed. Below is what each of them has.")
    return _do(request, db, actor, key, actions.end, f"{LIST}/{key}", said)


@router.post(f"{LIST}/{{key}}/cancel", **allow(Policy.LEADS))
def cancel_group(request: Request, db: Db, actor: CurrentActor, key: str) -> Response:
    return _do(request, db, actor, key, actions.cancel, LIST, _("The session is called off."))


def _do(
    request: Request, db: Session, actor: Actor, key: str, verb: Callable[..., object], to: str, said: str = ""
) -> Response:
    """Do it and go on to `to`, or come back to the session with what speaks against it."""
    found = access.group_for(db, actor, key)
    if (refused := _tried(db, lambda: verb(db, actor, group=found))) is not None:
        return see_other(request, f"{LIST}/{key}", refused, kind="warning")
    return see_other(request, to, said)


def _tried(db: Session, verb: Callable[[], object]) -> str | None:
    """What a verb says against itself, in words; None where it was done."""
    try:
        with db.begin_nested():
            verb()
    except Conflict as refusal:
        return gettext(refusal.template, **refusal.values)
    return None


@router.get(f"{LIST}/{{key}}/move", **allow(Policy.LEADS))
def move_form(request: Request, db: Db, actor: CurrentActor, key: str) -> Response:
    found = access.group_for(db, actor, key)
    if found.state is not GroupState.PLANNED:
        return RedirectResponse(f"{LIST}/{key}", status_code=303)
    return render(request, db, actor, "classroom/group_move.html", pages.move_page(db, found))


@router.post(f"{LIST}/{{key}}/move", **allow(Policy.LEADS))
def move_group(request: Request, db: Db, actor: CurrentActor, posted: Posted, key: str) -> Response:
    """Another time or room; whoever is expected hears of it."""
    found = access.group_for(db, actor, key)
    said = check(MoveForm, posted)
    form = said.form
    if said.value is not None:
        try:
            with db.begin_nested():
                at = _moment(said.value.day, said.value.time)
                moved = actions.change(db, actor, group=found, starts_at=at, room=said.value.room)
        except KitError as refusal:
            form = form.failing(refusal)
        else:
            told = _("The session is moved. Whoever is expected is told.") if moved else _("Nothing was changed.")
            return see_other(request, f"{LIST}/{key}", told, kind="success" if moved else "info")
    page = pages.move_page(db, found, form)
    return render(request, db, actor, "classroom/group_move.html", page, status=422)


@router.post(f"{LIST}/{{key}}/people", **allow(Policy.LEADS))
def people(request: Request, db: Db, actor: CurrentActor, posted: Posted, key: str) -> Response:
    """The roster: `action` is here, away, expect (for those ticked), all (who are expected are here) or add (for the one who is named)."""
    found = access.group_for(db, actor, key)
    counted = accounts.throttle_key("group-names", str(actor.id))
    naming = posted.text("action") == "add"
    if naming and (wait := accounts.take(db, counted, GROUP_NAMES)):
        raise TooMany(N_("Too many wrong addresses and numbers. Try again in a few minutes."), retry_seconds=wait)
    try:
        with db.begin_nested():
            said = _roster(db, actor, found, posted.text("action"), posted.all("who"), posted.text("person"))
    except KitError as refusal:
        page = one.group_page(db, actor, found, Form(values=posted.values()).failing(refusal))
        return render(request, db, actor, "classroom/group.html", page, status=422)
    if naming:
        accounts.give_back(db, counted)
    return see_other(request, f"{LIST}/{key}#roster", said)


def _roster(db: Session, actor: Actor, group: GroupCard, action: str, keys: list[str], named: str) -> str:
    if action == "add":
        person = access.person_named(db, actor, group, named)
        if group.state is GroupState.OPEN:
            actions.mark_present(db, actor, group=group, people=[person])
            return _("%(name)s is here.", name=person.name)
        actions.expect(db, actor, group=group, people=[person])
        return _("%(name)s is expected.", name=person.name)
    if action == "all":
        keys = [member.key for member in queries.members(db, group.id) if member.joined_at is None]
    chosen = access.people_to_add(db, actor, group, keys)
    if not chosen:
        raise Invalid(who=N_("Choose at least one person."))
    if action == "away":
        gone = actions.mark_away(db, actor, group=group, people=chosen)
        return ngettext("%(num)s person has left.", "%(num)s people have left.", gone)
    if action == "expect":
        number = actions.expect(db, actor, group=group, people=chosen)
        return ngettext("%(num)s person is on the roster.", "%(num)s people are on the roster.", number)
    news = actions.mark_present(db, actor, group=group, people=chosen)
    return ngettext("%(num)s person has come in.", "%(num)s people have come in.", news)


@router.get(f"{LIST}/{{key}}/screen", **allow(Policy.LEADS))
def screen(request: Request, db: Db, actor: CurrentActor, settings: SettingsDep, key: str) -> Response:
    """How people come in, for the projector."""
    found = access.group_for(db, actor, key)
    if not rules.is_open(found.state, found.opened_at, clock.now()):
        return RedirectResponse(f"{LIST}/{key}", status_code=303)
    page = group_screen.join_screen_page(db, found, settings.base_url)
    return render(request, db, actor, "classroom/group_join_screen.html", page)


@router.get(f"{LIST}/{{key}}/pages/{{page}}", **allow(Policy.LEADS))
def present(request: Request, db: Db, actor: CurrentActor, key: str, page: str) -> Response:
    found = access.group_for(db, actor, key)
    return render(request, db, actor, "classroom/group_page.html", group_screen.presented_page(db, found, page))


@router.post(f"{LIST}/{{key}}/pages/{{page}}/show", **allow(Policy.LEADS))
def show(request: Request, db: Db, actor: CurrentActor, key: str, page: str) -> Response:
    """Put a page on the screen, and on the phones of those who follow."""
    found = access.group_for(db, actor, key)
    shown = group_screen.presented_page(db, found, page)
    actions.show(db, actor, group=found, page=page)
    return see_other(request, f"{shown.url}/pages/{page}")


@router.post(f"{LIST}/{{key}}/pages/{{page}}/done", **allow(Policy.LEADS))
def watched(request: Request, db: Db, actor: CurrentActor, key: str, page: str) -> Response:
    """The page was watched by everybody present: note it for each of them, and go on."""
    found = access.group_for(db, actor, key)
    shown = group_screen.presented_page(db, found, page)
    try:
        with db.begin_nested():
            done = actions.watch(db, actor, group=found, page=page)
    except Conflict as refusal:
        return see_other(request, f"{LIST}/{key}", gettext(refusal.template, **refusal.values), kind="warning")
    said, kind = "", "success"
    if not done.present:
        said, kind = _("Nobody was here: the page counts for nobody."), "warning"
    elif done.counted < done.present:
        said, kind = (
            ngettext(
                "For %(num)s person it does not count yet: another version of the course, or an earlier page is missing.",
                "For %(num)s people it does not count yet: another version of the course, or an earlier page is missing.",
                done.present - done.counted,
            ),
            "info",
        )
    if not shown.next_url:
        return see_other(
            request, f"{LIST}/{key}", said or _("Everything was shown. Each answers alone now."), kind=kind
        )
    following = shown.next_url.rpartition("/")[2]
    actions.show(db, actor, group=found, page=following)
    return see_other(request, shown.next_url, said, kind=kind)
