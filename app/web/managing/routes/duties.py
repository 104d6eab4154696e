"""What a manager records about one person: evidence, excuses, leave, tags."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from fastapi import APIRouter, Request
from pydantic import Field
from sqlalchemy.orm import Session
from starlette.datastructures import FormData
from starlette.responses import Response

from app.accounts.queries import PersonCard
from app.assessment import actions as assessment
from app.assessment.rules import MAX_EXTRA, Accommodation
from app.kit import clock
from app.kit.actor import Actor
from app.kit.errors import Invalid, KitError
from app.kit.i18n import N_
from app.kit.i18n import gettext as _
from app.learning.rules import Kind
from app.requirements import actions as requirements
from app.requirements import queries as required
from app.requirements.actions import Credit
from app.web.deps import CurrentActor, Db, Posted, PostedForm
from app.web.forms import Form, FormModel, check
from app.web.managing.pages import person_page
from app.web.managing.routes.people import person_at
from app.web.policy import Policy, allow
from app.web.responses import see_other
from app.web.ruling import lines
from app.web.templating import render

router = APIRouter()
ONE = "/managing/people/{key}"


class Evidence(FormModel):
    """`about` is what it counts for."""

    about: str
    kind: Kind
    on: date
    note: str = Field(max_length=500)
    valid_until: date | None = None


class Excuse(FormModel):
    about: str = ""
    reason: str = Field(max_length=500)
    until: date | None = None


class Away(FormModel):
    since: date
    until: date | None = None


class Reason(FormModel):
    reason: str = Field(max_length=500)


def _again(
    request: Request, db: Session, actor: Actor, key: str, form: Form, which: str, refusal: KitError | None = None
) -> Response:
    person, place = person_at(db, actor, key)
    form = form.failing(refusal) if refusal is not None else form
    # Several forms stand on one page: each keeps its own fields, so every field's name carries the form's.
    named = replace(
        form,
        values={f"{which}-{name}": value for name, value in form.values.items()},
        errors={f"{which}-{name}": said for name, said in form.errors.items()},
    )
    page = person_page(db, actor, person, place, named)
    return render(request, db, actor, "managing/person.html", page, status=422)


def _known(db: Session, person: PersonCard, about: str) -> str:
    """What something is recorded for must be required of the person."""
    if about not in {one.subject for one in required.periods_of(db, person.id, clock.today())}:
        raise Invalid(about=N_("Choose one of the options."))
    return about


def _plainly(posted: PostedForm, which: str) -> PostedForm:
    """The fields of one of the forms, without its name before them."""
    mine = [(name.removeprefix(f"{which}-"), value) for name, value in posted.data.multi_items()]
    return PostedForm(FormData(mine))


@router.post(f"{ONE}/evidence", **allow(Policy.ASSIGNS))
def evidence(request: Request, db: Db, actor: CurrentActor, posted: Posted, key: str) -> Response:
    person, _place = person_at(db, actor, key)
    said = check(Evidence, _plainly(posted, "evidence"))
    if said.value is None:
        return _again(request, db, actor, key, said.form, "evidence")
    value = said.value
    try:
        with db.begin_nested():
            credit = Credit(value.kind, value.on, value.note, value.valid_until)
            subject = _known(db, person, value.about)
            news = requirements.record_evidence(db, actor, person=person, subject=subject, said=credit)
    except KitError as refusal:
        return _again(request, db, actor, key, said.form, "evidence", refusal)
    if news:
        return see_other(request, f"/managing/people/{key}", _("Recorded. It counts from the day it happened."))
    return see_other(request, f"/managing/people/{key}", _("This had been recorded before."), kind="info")


@router.post(f"{ONE}/evidence/{{evidence_id}}/revoke", **allow(Policy.ASSIGNS))
def revoke(request: Request, db: Db, actor: CurrentActor, posted: Posted, key: str, evidence_id: int) -> Response:
    person, _place = person_at(db, actor, key)
    try:
        with db.begin_nested():
            news = requirements.revoke_evidence(
                db, actor, person=person, evidence_id=evidence_id, reason=posted.text("revoke-reason")
            )
    except KitError as refusal:
        return _again(request, db, actor, key, Form(values={}), "revoke", refusal)
    said = _("Taken back. Both stay in the record.") if news else _("This had been taken back before.")
    return see_other(request, f"/managing/people/{key}", said, kind="success" if news else "info")


class Needs(FormModel):
    factor: float
    extra: int | None = Field(None, ge=0, le=MAX_EXTRA)


@router.post(f"{ONE}/needs", **allow(Policy.ASSIGNS))
def needs(request: Request, db: Db, actor: CurrentActor, posted: Posted, key: str) -> Response:
    """What this person needs in every test."""
    person, _place = person_at(db, actor, key)
    said = check(Needs, _plainly(posted, "needs"))
    if said.value is None:
        return _again(request, db, actor, key, said.form, "needs")
    wanted = Accommodation(said.value.factor, said.value.extra or 0)
    try:
        with db.begin_nested():
            assessment.accommodate(db, actor, person=person, needs=wanted)
    except KitError as refusal:
        return _again(request, db, actor, key, said.form, "needs", refusal)
    return see_other(request, f"/managing/people/{key}", _("Set. It holds in every test from now on."))


@router.post(f"{ONE}/exempt", **allow(Policy.ASSIGNS))
def exempt(request: Request, db: Db, actor: CurrentActor, posted: Posted, key: str) -> Response:
    person, _place = person_at(db, actor, key)
    said = check(Excuse, _plainly(posted, "exempt"))
    if said.value is None:
        return _again(request, db, actor, key, said.form, "exempt")
    value = said.value
    try:
        with db.begin_nested():
            subject = _known(db, person, value.about) if value.about else ""
            requirements.exempt(db, actor, people=[person], subject=subject, reason=value.reason, until=value.until)
    except KitError as refusal:
        return _again(request, db, actor, key, said.form, "exempt", refusal)
    return see_other(request, f"/managing/people/{key}", _("%(name)s is excused.", name=person.name))


@router.post(f"{ONE}/exempt/{{exemption_id}}/end", **allow(Policy.ASSIGNS))
def end_exemption(request: Request, db: Db, actor: CurrentActor, key: str, exemption_id: int) -> Response:
    person, _place = person_at(db, actor, key)
    done = requirements.end_exemption(db, actor, person=person, exemption_id=exemption_id)
    said = _("%(name)s must again.", name=person.name) if done else _("This had ended before.")
    return see_other(request, f"/managing/people/{key}", said, kind="success" if done else "info")


@router.post(f"{ONE}/leave", **allow(Policy.ASSIGNS))
def leave(request: Request, db: Db, actor: CurrentActor, posted: Posted, key: str) -> Response:
    person, _place = person_at(db, actor, key)
    said = check(Away, _plainly(posted, "leave"))
    if said.value is None:
        return _again(request, db, actor, key, said.form, "leave")
    try:
        with db.begin_nested():
            requirements.give_leave(db, actor, person=person, since=said.value.since, until=said.value.until)
    except KitError as refusal:
        return _again(request, db, actor, key, said.form, "leave", refusal)
    return see_other(request, f"/managing/people/{key}", _("Noted. Due dates wait for as long."))


@router.post(f"{ONE}/back", **allow(Policy.ASSIGNS))
def back(request: Request, db: Db, actor: CurrentActor, key: str) -> Response:
    person, _place = person_at(db, actor, key)
    done = requirements.end_leave(db, actor, person=person)
    said = _("%(name)s is back from today on.", name=person.name) if done else _("This had ended before.")
    return see_other(request, f"/managing/people/{key}", said, kind="success" if done else "info")


@router.post(f"{ONE}/tags", **allow(Policy.ASSIGNS))
def tags(request: Request, db: Db, actor: CurrentActor, posted: Posted, key: str) -> Response:
    person, _place = person_at(db, actor, key)
    try:
        with db.begin_nested():
            requirements.tag(db, actor, person=person, tags=lines(posted.text("tags-tags")))
    except KitError as refusal:
        values = {"tags": posted.text("tags-tags")}
        return _again(request, db, actor, key, Form(values=values), "tags", refusal)
    return see_other(request, f"/managing/people/{key}", _("Saved. Rules that ask for these words reach at once."))
