"""Reviews: ask for one, read the lines, say something about them, decide."""

from __future__ import annotations

from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.catalog import access, actions, importer
from app.catalog.queries import ReviewCard
from app.kit.actor import Actor
from app.kit.blobs import Blobs
from app.kit.database import reading, writing
from app.kit.errors import Conflict, Forbidden, Invalid, NotFound
from app.kit.i18n import gettext as _
from app.web.deps import BlobsDep, CurrentActor, Db, EarlyActor, Posted
from app.web.forms import Form, check
from app.web.policy import Policy, allow
from app.web.responses import see_other
from app.web.teaching import forms
from app.web.teaching.pages.report import title_of
from app.web.teaching.pages.reviews import review_page, reviews_page
from app.web.teaching.previews import look_at, preview_of
from app.web.templating import render

router = APIRouter()


@router.get("/teaching/reviews", **allow(Policy.REVIEWS))
def reviews(request: Request, db: Db, actor: CurrentActor) -> Response:
    return render(request, db, actor, "teaching/reviews.html", reviews_page(db, actor))


@router.get("/teaching/reviews/{key}", **allow(Policy.REVIEWS))
def review(
    request: Request, db: Db, actor: CurrentActor, blobs: BlobsDep, key: str, file: str = "", line: str = ""
) -> Response:
    found = access.review_for(db, actor, key)
    number = int(line) if line.isdecimal() and len(line) < 7 else 0
    return _page(request, db, actor, blobs, found, file=file, line=number)


def _page(
    request: Request,
    db: Db,
    actor: Actor,
    blobs: Blobs,
    found: ReviewCard,
    *,
    file: str = "",
    line: int = 0,
    form: Form | None = None,
    comment_form: Form | None = None,
    status: int = 200,
) -> Response:
    try:
        upload = access.readable_upload(db, actor, found.upload_key)
    except NotFound:  # taken away since: what was decided stays to be read
        upload = None
    prepared = preview_of(upload, blobs) if upload is not None else None
    files = {p: text for p, text in prepared.course.files.items() if p.endswith(".md")} if prepared else {}
    if prepared is not None and prepared.digest != found.digest:
        files, upload = {}, None  # what lies there now is not what was asked about
    page = review_page(
        db, actor, found, upload, files, blobs, file=file, line=line, form=form, comment_form=comment_form
    )
    return render(request, db, actor, "teaching/review.html", page, status=status)


@router.post("/teaching/reviews/{key}/comments", **allow(Policy.REVIEWS))
def comment(request: Request, db: Db, actor: CurrentActor, blobs: BlobsDep, posted: Posted, key: str) -> Response:
    found = access.review_for(db, actor, key)
    said = check(forms.ReviewComment, posted)
    form = said.form
    if said.value is not None:
        value = said.value
        try:
            with db.begin_nested():
                actions.comment_on(db, actor, review=found, path=value.path, line=value.line, text=value.text)
            where = f"/teaching/reviews/{key}?{urlencode({'file': value.path})}#{f'line-{value.line}' if value.line else 'text'}"
            return see_other(request, where, _("Your comment is kept."))
        except (Conflict, Forbidden, Invalid) as refusal:
            form = form.failing(refusal)
    return _page(request, db, actor, blobs, found, file=posted.text("path"), comment_form=form, status=422)


@router.post("/teaching/reviews/{key}", **allow(Policy.REVIEWS))
def decide(request: Request, db: Db, actor: CurrentActor, blobs: BlobsDep, posted: Posted, key: str) -> Response:
    found = access.review_for(db, actor, key)
    said = check(forms.ReviewDecision, posted, lists=("checklist",))
    form = said.form
    if said.value is not None:
        value = said.value
        approve = value.action == "approve"
        try:
            with db.begin_nested():
                actions.decide_review(
                    db, actor, review=found, approve=approve, checklist=value.checklist, answer=value.answer
                )
            done = _("Approved. The author can publish it now.") if approve else _("The author is told what to change.")
            return see_other(request, f"/teaching/reviews/{key}", done)
        except (Conflict, Forbidden, Invalid) as refusal:
            form = form.failing(refusal)
    return _page(request, db, actor, blobs, found, form=form, status=422)


@router.post("/teaching/reviews/{key}/withdraw", **allow(Policy.REVIEWS))
def withdraw(request: Request, db: Db, actor: CurrentActor, key: str) -> Response:
    found = access.review_for(db, actor, key)
    try:
        with db.begin_nested():
            actions.withdraw_review(db, actor, review=found)
    except Conflict as refusal:
        return see_other(request, f"/teaching/reviews/{key}", _(refusal.template, **refusal.values), "warning")
    return see_other(request, "/teaching/reviews", _("The review is taken back."))


@router.post("/teaching/uploads/{key}/review", **allow(Policy.TEACHES, early=True))
def ask(request: Request, actor: EarlyActor, blobs: BlobsDep, posted: Posted, key: str) -> Response:
    """Of an upload as it is now; reading it takes its time, so nothing is locked meanwhile."""
    with reading(request.app.state.sessions) as db:
        upload = access.upload_for(db, actor, key)
    looked = look_at(upload, blobs)
    where = f"/teaching/uploads/{key}/publish"
    if looked.prepared is None or looked.examined.errors or upload.version_id:
        return see_other(request, where, _("There are errors in this upload. Correct them first."), "warning")
    said = check(forms.ReviewAsked, posted)
    if said.value is None:
        return see_other(request, where, next(iter(said.form.errors.values())), "warning")
    try:
        with writing(request.app.state.sessions) as db:
            actions.ask_review(
                db,
                actor,
                upload=upload,
                organisation_id=importer.owner_for(db, actor, looked.prepared, upload.organisation_id),
                digest=looked.prepared.digest,
                title=title_of(upload),
                note=said.value.note,
            )
    except (Conflict, Forbidden, Invalid) as refusal:
        fields = refusal.fields.values() if isinstance(refusal, Invalid) else (refusal,)
        return see_other(request, where, " ".join(_(why.template, **why.values) for why in fields), "warning")
    return see_other(request, where, _("Those who review are told. You hear when somebody has decided."))
