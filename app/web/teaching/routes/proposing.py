"""Completing a course that was made of a foreign file: its name, its place, and texts for its pictures."""

from __future__ import annotations

from dataclasses import replace

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.catalog import access, actions, importer, queries
from app.catalog.format.frontmatter import is_id
from app.catalog.importer import Proposed
from app.catalog.queries import UploadCard
from app.kit.actor import Actor
from app.kit.database import reading, writing
from app.kit.errors import Forbidden, NotFound
from app.kit.i18n import N_
from app.kit.i18n import gettext as _
from app.web.deps import BlobsDep, CurrentActor, Db, EarlyActor, Posted, PostedForm
from app.web.forms import Form, check
from app.web.media import bytes_response
from app.web.policy import Policy, allow
from app.web.responses import see_other
from app.web.teaching import forms
from app.web.teaching.pages.proposal import numbers_shown
from app.web.teaching.pages.report import report_page
from app.web.teaching.uploading import examined
from app.web.templating import render

router = APIRouter()
ALT_CHARACTERS = 300


@router.post("/teaching/uploads/{key}/proposal", **allow(Policy.TEACHES, early=True))
def complete(request: Request, actor: EarlyActor, blobs: BlobsDep, posted: Posted, key: str) -> Response:
    sessions = request.app.state.sessions
    with reading(sessions) as db:
        upload = access.upload_for(db, actor, key)
    where = f"/teaching/uploads/{key}"
    proposal = importer.proposal_from(upload.summary)
    if proposal is None or upload.version_id:
        return see_other(request, where)
    checked = check(forms.Complete, posted)
    wanted, errors = _wanted(proposal, posted), dict(checked.form.errors)
    said = checked.value
    course: bytes | None = None
    if said is not None and proposal.named:
        about = {"summary": said.summary, "contact": said.contact, "audience": said.audience}
        wanted = replace(wanted, title=said.title, id=said.id, into=said.into, about=about)
        if said.into:
            course = _course(request, actor, blobs, said.into)
            errors |= {} if course is not None else {"into": _("Choose one of the options.")}
        else:
            errors |= _errors(wanted)
    errors |= {
        name: _("Use at most %(max_length)s characters.", max_length=ALT_CHARACTERS)
        for name in posted.names()
        if name.startswith("text-") and len(posted.text(name)) > ALT_CHARACTERS
    }
    if errors:
        return _again(request, actor, upload, replace(checked.form, errors=errors))
    # Slow, so nothing is locked yet.
    data = importer.apart.completed(blobs.get(proposal.base), wanted, course)
    looked = examined(request, actor, "course.zip", data)
    kept = {name: value for name, value in upload.summary.items() if name == "conversion"}
    blob = blobs.put(data)
    with writing(sessions) as db:
        actions.complete_upload(
            db,
            actor,
            upload=access.upload_for(db, actor, key),
            blob=blob,
            slug=looked.slug,
            summary=looked.summary | kept | importer.proposal_rows(wanted),
            problems=looked.problems,
        )
    return see_other(request, where, _("Your words are in the course. This is the new report."))


def _wanted(proposal: Proposed, posted: PostedForm) -> Proposed:
    """What is said of each picture; of those that the form did not show, what was said before."""
    texts, decorative = dict(proposal.texts), set(proposal.decorative)
    for number in numbers_shown(proposal):
        path = proposal.pictures[number].path
        texts[path] = " ".join(posted.text(f"text-{number}").split())
        decorative.discard(path)
        if posted.text(f"decorative-{number}") and not texts[path]:
            decorative.add(path)
    said = {path: text for path, text in texts.items() if text}
    return replace(proposal, texts=said, decorative=tuple(sorted(decorative)))


def _errors(wanted: Proposed) -> dict[str, str]:
    errors = {} if wanted.title else {"title": _("Fill in this field.")}
    if not is_id(wanted.id):
        errors["id"] = _("Small letters a–z, digits and hyphens only, at least two: for example fire-safety.")
    return errors


def _course(request: Request, actor: Actor, blobs: BlobsDep, slug: str) -> bytes | None:
    """The newest version of a course that the actor may change; None where there is no such course for them."""
    with reading(request.app.state.sessions) as db:
        try:
            head = access.editable_course(db, actor, slug)
        except (NotFound, Forbidden):
            return None
        version = queries.latest_version(db, head.id)
    return blobs.get(version.source) if version is not None else None


def _again(request: Request, actor: Actor, upload: UploadCard, form: Form) -> Response:
    with reading(request.app.state.sessions) as db:
        page = report_page(db, actor, upload, completing=form)
        return render(request, db, actor, "teaching/report.html", page, status=422)


@router.get("/teaching/uploads/{key}/pictures/{place}", **allow(Policy.TEACHES))
def picture(db: Db, actor: CurrentActor, blobs: BlobsDep, key: str, place: int) -> Response:
    proposal = importer.proposal_from(access.upload_for(db, actor, key).summary)
    if proposal is None or not 0 <= place < len(proposal.pictures):
        raise NotFound(N_("There is no such file."))
    found = proposal.pictures[place]
    return bytes_response(found.path.rpartition("/")[2], found.media_type, blobs.get(found.blob))
