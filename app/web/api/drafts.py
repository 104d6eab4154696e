"""Drafts by API: what is being written, file by file, saved over what was seen and no other."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.catalog import access, actions, queries
from app.kit.actor import Actor
from app.kit.errors import NotFound
from app.kit.i18n import N_
from app.web.api.schemas import DraftFileOut, DraftLineOut, DraftOut, DraftSavedOut, DraftTextBody


def lines(db: Session, actor: Actor) -> list[DraftLineOut]:
    return [
        DraftLineOut(key=one.key, course=one.slug, title=one.title, base=one.base, changed_at=one.changed_at)
        for one in access.drafts_of(db, actor)
    ]


def whole(db: Session, actor: Actor, key: str) -> DraftOut:
    draft = access.draft_for(db, actor, key)
    texts = [one for one in queries.draft_texts(db, draft.id) if not one.removed]
    return DraftOut(
        key=draft.key,
        course=draft.slug,
        title=draft.title,
        base=draft.base,
        changed_at=draft.changed_at,
        open=draft.open,
        texts=[DraftFileOut(path=one.path, revision=one.revision, text=one.text) for one in texts],
        media=[one.path for one in queries.draft_blobs(db, draft.id) if not one.removed],
    )


def save(db: Session, actor: Actor, key: str, body: DraftTextBody) -> DraftSavedOut:
    """Revision 0 adds a file that is not there yet."""
    draft = access.draft_for(db, actor, key)
    if not any(one.path == body.path for one in queries.draft_texts(db, draft.id, body.path)):
        if body.revision:
            raise NotFound(N_("There is no such file."))
        actions.add_file(db, actor, draft=draft, path=body.path, text=body.text)
        return DraftSavedOut(revision=1, copy_id=None)
    saved = actions.save_file(db, actor, draft=draft, path=body.path, text=body.text, base=body.revision)
    return DraftSavedOut(revision=saved.revision, copy_id=saved.copy_id)
