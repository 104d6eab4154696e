"""People from a file: upload, dry run, import. The file waits in the file store between the two."""

from __future__ import annotations

import re

from fastapi import APIRouter, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from app.accounts import access, importer
from app.accounts.actions import keep_upload
from app.accounts.importer import ImportPlan, Table
from app.kit.actor import Actor
from app.kit.blobs import Blobs
from app.kit.database import reading, writing
from app.kit.errors import Conflict, Invalid, KitError, NotFound
from app.kit.i18n import N_, ngettext, number
from app.kit.i18n import gettext as _
from app.requirements import actions as requirements
from app.web.admin import forms
from app.web.admin.pages.imports import import_page, trial_page
from app.web.deps import BlobsDep, CurrentActor, Db, EarlyActor, Posted
from app.web.forms import Form, check
from app.web.policy import Policy, allow
from app.web.responses import see_other
from app.web.templating import render

router = APIRouter()
_KEY = re.compile(r"[0-9a-f]{64}")


@router.get("/admin/import", **allow(Policy.ADMINISTERS))
def choose_file(request: Request, db: Db, actor: CurrentActor) -> Response:
    return render(request, db, actor, "admin/import.html", import_page(Form()))


@router.get("/admin/import/template.csv", **allow(Policy.ADMINISTERS))
def empty_table(request: Request, _actor: CurrentActor) -> Response:
    return _csv(importer.template_csv(), "klasteris-people.csv")


@router.post("/admin/import", **allow(Policy.ADMINISTERS, early=True))
def upload(request: Request, actor: EarlyActor, posted: Posted, blobs: BlobsDep) -> Response:
    """Read before anything is written: a file that is no table is not kept."""
    file = posted.file("file")
    data = file.file.read() if file is not None else b""
    try:
        if file is None:
            raise Invalid(file=N_("Choose a file."))
        importer.read(data)
    except Invalid as refusal:
        with reading(request.app.state.sessions) as db:
            page = import_page(Form().failing(refusal))
            return render(request, db, actor, "admin/import.html", page, status=422)
    blob = blobs.put(data)
    with writing(request.app.state.sessions) as db:
        keep_upload(db, actor, blob=blob)
    return see_other(request, f"/admin/import/{blob}")


@router.get("/admin/import/{blob}", **allow(Policy.ADMINISTERS))
def dry_run(request: Request, db: Db, actor: CurrentActor, blobs: BlobsDep, blob: str) -> Response:
    plan = importer.plan_import(db, actor, _table(db, actor, blobs, blob))
    return render(request, db, actor, "admin/trial.html", trial_page(plan, blob=blob))


@router.get("/admin/import/{blob}/rejected.csv", **allow(Policy.ADMINISTERS))
def rejected_rows(request: Request, db: Db, actor: CurrentActor, blobs: BlobsDep, blob: str) -> Response:
    plan = importer.plan_import(db, actor, _table(db, actor, blobs, blob))
    return _csv(importer.rejected_csv(plan), "klasteris-rejected.csv")


@router.post("/admin/import/{blob}", **allow(Policy.ADMINISTERS, early=True))
def apply(request: Request, actor: EarlyActor, posted: Posted, blobs: BlobsDep, blob: str) -> Response:
    """What was shown is what is done: when the plan has changed meanwhile, the new one is shown instead."""
    with reading(request.app.state.sessions) as db:
        table = _table(db, actor, blobs, blob)
    said = check(forms.Apply, posted)
    try:
        with writing(request.app.state.sessions) as db:
            plan = importer.plan_import(db, actor, table)
            if said.value is None or said.value.digest != plan.digest:
                raise Conflict(N_("People have changed since this dry run. Look at the new one, then import."))
            if faults := _untold(plan, said.value):
                raise Invalid(**faults)
            done = importer.apply_import(
                db,
                actor,
                plan,
                move=requirements.move_person,
                leave=requirements.leave_person,
                invite=said.value.invite,
            )
    except (Conflict, Invalid) as refusal:
        return _again(request, actor, table, blob, said.form, refusal)
    told = _(
        "Imported: %(new)s new, %(changed)s changed, %(moved)s of them moved. Invitations: %(invited)s.",
        new=number(done.new),
        changed=number(done.changed),
        moved=number(done.moved),
        invited=number(done.invited),
    )
    if done.left:
        told += " " + ngettext("%(num)s person left.", "%(num)s people left.", done.left)
    return see_other(request, "/admin/people", told)


def _untold(plan: ImportPlan, said: forms.Apply) -> dict[str, str]:
    """What has to be said in so many words before it is done."""
    faults = {}
    if plan.rejected and not said.rest:
        faults["rest"] = N_("Some rows are rejected. Correct them first, or say that the rest is to be imported.")
    if plan.leavers and not said.leavers:
        faults["leavers"] = N_("Say that these people have left, or take the first line out of the file.")
    return faults


def _again(request: Request, actor: Actor, table: Table, blob: str, form: Form, refusal: KitError) -> Response:
    with reading(request.app.state.sessions) as db:
        page = trial_page(importer.plan_import(db, actor, table), blob=blob, form=form.failing(refusal))
        return render(request, db, actor, "admin/trial.html", page, status=422 if isinstance(refusal, Invalid) else 409)


def _table(db: Session, actor: Actor, blobs: Blobs, blob: str) -> Table:
    if not _KEY.fullmatch(blob) or not blobs.has(access.own_people_file(db, actor, blob)):
        raise NotFound(N_("This file is no longer kept. Choose it again."))
    try:
        return importer.read(blobs.get(blob))
    except Invalid:
        raise NotFound(N_("This file is no longer kept. Choose it again.")) from None


def _csv(data: bytes, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(data, media_type="text/csv; charset=utf-8", headers=headers)
