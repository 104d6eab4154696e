"""Marking by hand: what waits, one answer at a time, and whether names are shown."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.assessment import access, actions, rules
from app.catalog import access as courses
from app.kit.errors import Conflict, Invalid, KitError, NotFound
from app.kit.i18n import N_
from app.kit.i18n import gettext as _
from app.web.deps import BlobsDep, CurrentActor, Db, Posted, PostedForm
from app.web.forms import Form
from app.web.media import private_file
from app.web.policy import Policy, allow
from app.web.responses import see_other
from app.web.teaching.pages.marking import file_name, marking_page, paper_page
from app.web.templating import render

router = APIRouter()


@router.get("/teaching/marking", **allow(Policy.TEACHES))
def waiting(request: Request, db: Db, actor: CurrentActor) -> Response:
    return render(request, db, actor, "teaching/marking.html", marking_page(db, actor))


@router.post("/teaching/courses/{slug}/marking", **allow(Policy.TEACHES))
def names(request: Request, db: Db, actor: CurrentActor, posted: Posted, slug: str) -> Response:
    course = courses.editable_course(db, actor, slug)
    if "second" in posted.names():
        wanted = posted.text("second")
        second = rules.Second(wanted) if wanted in {one.value for one in rules.Second} else rules.Second.NONE
        actions.second_marker(db, actor, course=course, second=second)
        return see_other(
            request, "/teaching/marking", _("Saved: this holds for answers that wait, and for later ones.")
        )
    shown = posted.text("names") == "shown"
    actions.show_names(db, actor, course=course, shown=shown)
    said = _("Names are shown from now on.") if shown else _("Names are hidden from now on.")
    return see_other(request, "/teaching/marking", said)


@router.get("/teaching/marking/{key}/{question}", **allow(Policy.TEACHES))
def paper(request: Request, db: Db, actor: CurrentActor, key: str, question: str) -> Response:
    found = access.paper_for(db, actor, key, question)
    return render(request, db, actor, "teaching/paper.html", paper_page(db, actor, found))


@router.post("/teaching/marking/{key}/{question}", **allow(Policy.TEACHES))
def mark(request: Request, db: Db, actor: CurrentActor, posted: Posted, key: str, question: str) -> Response:
    """Give points and words; the next answer that waits is one press away."""
    found = access.paper_for(db, actor, key, question)
    try:
        points, known = _points(posted), posted.text("known")
        with db.begin_nested():
            comment = posted.text("comment")
            seen = int(known) if known.isdigit() else 0
            actions.mark(db, actor, paper=found, points=points, comment=comment, known=seen)
    except (Invalid, Conflict) as refusal:
        form = Form(values=posted.values()).failing(refusal)
        status = 409 if isinstance(refusal, Conflict) else 422
        return render(request, db, actor, "teaching/paper.html", paper_page(db, actor, found, form), status=status)
    return see_other(request, "/teaching/marking", _("Marked. The learner sees it once everything is marked."))


def _points(posted: PostedForm) -> float:
    said = rules.read_number(posted.text("points"))
    if said is None:
        raise Invalid(points=KitError(N_("Write a number in digits, for example 2.5.")))
    return said


@router.get("/teaching/marking/{key}/{question}/file", **allow(Policy.TEACHES))
def handed_in(db: Db, actor: CurrentActor, blobs: BlobsDep, key: str, question: str) -> Response:
    found = access.paper_for(db, actor, key, question)
    file = found.response.get("file")
    if not file:
        raise NotFound(N_("There is no such file."))
    name = file_name(found)
    return private_file(blobs, blob=file["blob"], name=name, media_type=rules.media_type(name))
