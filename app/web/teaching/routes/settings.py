"""The settings of a file of a draft: its front matter as a form, and the module that a page belongs to."""

from __future__ import annotations

from fastapi import APIRouter, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from app.catalog import actions
from app.catalog.drafting import heads, moving
from app.kit.actor import Actor
from app.kit.errors import Conflict, Invalid
from app.kit.i18n import gettext as _
from app.web.deps import CurrentActor, Db, Posted
from app.web.forms import Form
from app.web.policy import Policy, allow
from app.web.responses import see_other
from app.web.teaching.desk import Desk, open_desk
from app.web.teaching.pages.settings import changes, fields_of, settings_page, values_of
from app.web.teaching.routes.drafts import move
from app.web.teaching.routes.writing import lost_sentence
from app.web.templating import render

router = APIRouter()


@router.get("/teaching/drafts/{key}/settings", **allow(Policy.TEACHES))
def settings(request: Request, db: Db, actor: CurrentActor, key: str, file: str = "") -> Response:
    page = settings_page(open_desk(db, actor, key), file)
    return render(request, db, actor, "teaching/settings.html", page)


@router.post("/teaching/drafts/{key}/settings", **allow(Policy.TEACHES))
def keep(request: Request, db: Db, actor: CurrentActor, posted: Posted, key: str, file: str = "") -> Response:
    desk = open_desk(db, actor, key)
    _kind, schema, fields = fields_of(desk, file)
    stored = desk.file(file)[2]
    typed = {name: posted.all(name) if name == "outcome_ids" else posted.text(name) for name in fields}
    base = int(posted.text("base")) if posted.text("base").isdigit() else 0
    try:
        with db.begin_nested():
            wanted = changes(values_of(desk, file, stored.text, schema), typed, fields)
            text = heads.changed(stored.text, wanted) if wanted else stored.text
            saved = actions.save_file(db, actor, draft=desk.draft, path=file, text=text, base=base)
            path = file
            if not saved.lost_race and typed.get("module"):
                path = _into(db, actor, desk, file, str(typed["module"]))
    except (Invalid, Conflict) as refusal:
        form = Form(values={**posted.values(), **typed}).failing(refusal)
        status = 409 if isinstance(refusal, Conflict) else 422
        page = settings_page(desk, file, form=form, base=base)
        return render(request, db, actor, "teaching/settings.html", page, status=status)
    if saved.lost_race:
        return see_other(request, f"{desk.write_url(file)}#copy_{saved.copy_id}", lost_sentence(), "warning")
    return see_other(request, desk.url if path != file else desk.write_url(file), _("Saved in the draft."))


def _into(db: Session, actor: Actor, desk: Desk, path: str, folder: str) -> str:
    """Move a page behind the pages of another module."""
    part = next((one for one in desk.shape.modules if one.folder == folder), None)
    page = desk.file(path)[0]
    if part is None or page in part.pages:
        return path
    order = [*(one.path for one in part.pages), path]
    moves = moving.pages_in(part, order, [page])
    move(db, actor, open_desk(db, actor, desk.draft.key), moves)
    return moves.get(path, path)
