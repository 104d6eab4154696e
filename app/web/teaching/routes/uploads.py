"""My courses, a new upload, and the report on it."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.catalog import access, actions, importer
from app.catalog.format import report
from app.kit.actor import Actor
from app.kit.database import reading, writing
from app.kit.errors import NotFound
from app.kit.i18n import N_, language, number
from app.kit.i18n import gettext as _
from app.kit.limits import MIB, UPLOAD_BYTES
from app.kit.worker import TooHeavy
from app.organisations import queries as organisations
from app.web.deps import BlobsDep, CurrentActor, Db, EarlyActor, Posted
from app.web.forms import Form
from app.web.policy import Policy, allow
from app.web.responses import see_other
from app.web.teaching.incoming import let_go, sent_files
from app.web.teaching.pages.home import home_page
from app.web.teaching.pages.report import KINDS, UploadPage, report_page
from app.web.teaching.uploading import examined
from app.web.templating import render

router = APIRouter()
REPORTS = {"json": "application/json", "sarif": "application/sarif+json"}


@router.get("/teaching", **allow(Policy.TEACHES))
def home(request: Request, db: Db, actor: CurrentActor) -> Response:
    return render(request, db, actor, "teaching/home.html", home_page(db, actor))


@router.get("/teaching/uploads/new", **allow(Policy.TEACHES))
def new_upload(request: Request, db: Db, actor: CurrentActor) -> Response:
    return render(request, db, actor, "teaching/upload.html", UploadPage(Form()))


@router.post("/teaching/uploads", **allow(Policy.TEACHES, early=True))
def upload(request: Request, actor: EarlyActor, blobs: BlobsDep, posted: Posted) -> Response:
    sent = sent_files(request, actor, blobs, posted, "file", limit=UPLOAD_BYTES)
    if not sent:
        return _again(
            request,
            actor,
            _(
                "Choose a file: a zipped course folder, one Markdown file, a Word, PowerPoint or PDF file, or a course from another platform."
            ),
        )
    name, data = sent[0].name, sent[0].data
    wrong = ""
    if not name.lower().endswith(KINDS):
        wrong = _("%(name)s is of no kind that we read: %(kinds)s.", name=name, kinds=", ".join(KINDS))
    elif len(data) > UPLOAD_BYTES:
        wrong = _("This file is larger than %(limit)s MB.", limit=number(UPLOAD_BYTES // MIB))
    elif not data:
        wrong = _("%(name)s is empty.", name=name)
    if wrong:
        let_go(request, blobs, sent)
        return _again(request, actor, wrong)
    # Reading and checking take their time, so nothing is locked yet.
    with reading(request.app.state.sessions) as db:
        owner = organisations.by_id(db, actions.home_of(actor))
    try:
        taken = importer.apart.take(name, data, lang=language(), owner=owner.code if owner else "")
        looked = examined(request, actor, name, taken.data)
    except TooHeavy as refusal:
        return _again(request, actor, _(refusal.template))
    importer.keep_pictures(taken.proposal, blobs)
    # Of a file that nothing could be made of, the file itself is kept.
    blob = blobs.put(taken.data or data)
    summary = looked.summary | importer.note_rows(taken) | importer.proposal_rows(taken.proposal)
    with writing(request.app.state.sessions) as db:
        key = actions.keep_upload(
            db, actor, filename=name, blob=blob, slug=looked.slug, summary=summary, problems=looked.problems
        )
    let_go(request, blobs, sent)
    return see_other(request, f"/teaching/uploads/{key}")


def _again(request: Request, actor: Actor, sentence: str) -> Response:
    page = UploadPage(Form(errors={"file": sentence}))
    with reading(request.app.state.sessions) as db:
        return render(request, db, actor, "teaching/upload.html", page, status=422)


@router.get("/teaching/uploads/{key}", **allow(Policy.TEACHES))
def upload_report(request: Request, db: Db, actor: CurrentActor, key: str) -> Response:
    found = access.upload_for(db, actor, key)
    return render(request, db, actor, "teaching/report.html", report_page(db, actor, found))


@router.get("/teaching/uploads/{key}/report.{kind}", **allow(Policy.TEACHES))
def upload_report_file(db: Db, actor: CurrentActor, key: str, kind: str) -> Response:
    found = access.upload_for(db, actor, key)
    if kind not in REPORTS:
        raise NotFound(N_("There is no such report."))
    said = report.render([importer.problem_from(row) for row in found.problems], kind)
    headers = {"Content-Disposition": f'attachment; filename="{found.slug or "report"}.{kind}"'}
    return Response(said, media_type=REPORTS[kind], headers=headers)


@router.post("/teaching/uploads/{key}/discard", **allow(Policy.TEACHES))
def discard_upload(request: Request, db: Db, actor: CurrentActor, key: str) -> Response:
    actions.discard(db, actor, upload=access.upload_for(db, actor, key))
    return see_other(request, "/teaching", _("The upload is off your list."))
