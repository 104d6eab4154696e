"""The media of a draft: brought in, replaced, described, given captions, and taken out once nothing leads to them."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalog.actions.drafts import locked
from app.catalog.actions.files import add_blob, remove_file, save_file
from app.catalog.format import library
from app.catalog.models import DraftFile, MediaText
from app.catalog.queries import DraftHead, draft_texts, media_library
from app.kit import audit, clock
from app.kit.actor import Actor
from app.kit.database import upsert
from app.kit.errors import Conflict, Invalid, KitError, NotFound
from app.kit.i18n import N_
from app.kit.limits import ALT_CHARACTERS


def bring_in(db: Session, actor: Actor, *, draft: DraftHead, name: str, blob: str, size: int) -> str:
    """Add a media file under a free name; answers its path. The same content twice is kept once."""
    locked(db, draft)
    rows = list(db.scalars(select(DraftFile).where(DraftFile.draft_id == draft.id)))
    kind = library.ending(name)
    for row in rows:
        if row.blob == blob and row.removed_at is None and library.ending(row.path) == kind:
            return row.path
    path = library.free_name(name, {row.path for row in rows})
    add_blob(db, actor, draft=draft, path=path, blob=blob, size=size)
    _say(db, actor, draft, "draft.media-added", path)
    return path


def replace_media(db: Session, actor: Actor, *, draft: DraftHead, path: str, name: str, blob: str, size: int) -> None:
    """Put another content under the same path, so that every link stays; it must be of the same kind."""
    if not _same_kind(path, name):
        raise Invalid(
            file=KitError(
                N_("Replace it with a file of the same kind: %(kind)s. Add another kind as a new file."),
                kind=library.ending(path),
            )
        )
    set_content(db, actor, draft=draft, path=path, blob=blob, size=size)
    _say(db, actor, draft, "draft.media-replaced", path)


def _same_kind(path: str, name: str) -> bool:
    one, other = (library.ending(each).replace("jpeg", "jpg") for each in (path, name))
    return one == other


def set_content(db: Session, actor: Actor, *, draft: DraftHead, path: str, blob: str, size: int) -> None:
    """Give the file at `path` a content, whether it is there already or not."""
    locked(db, draft)
    where = (DraftFile.draft_id == draft.id) & (DraftFile.path == path)
    row = db.scalars(select(DraftFile).where(where)).first()
    if row is None or row.removed_at is not None:
        add_blob(db, actor, draft=draft, path=path, blob=blob, size=size)
        return
    if row.blob == blob:  # said twice
        return
    row.text, row.blob, row.size = None, blob, size
    row.revision, row.changed_at, row.changed_by_id = row.revision + 1, clock.now(), actor.id or None
    db.flush()


def describe(db: Session, actor: Actor, *, draft: DraftHead, path: str, text: str, decorative: bool) -> int:
    """Say what a picture shows, and say it where the picture stands without a text; answers in how many pages."""
    text = " ".join(text.split())
    if len(text) > ALT_CHARACTERS:
        raise Invalid(text=KitError(N_("Use at most %(max_length)s characters."), max_length=ALT_CHARACTERS))
    if not text and not decorative:
        raise Invalid(text=N_("Say what the picture shows, or that it only decorates."))
    locked(db, draft)
    decorative = decorative and not text
    key = {"organisation_id": draft.organisation_id, "slug": draft.slug, "path": path}
    upsert(db, MediaText, key=key, text=text, decorative=decorative)
    changed = 0
    for page in draft_texts(db, draft.id):
        new = library.with_text(page.text, path, text=text, decorative=decorative)
        if not page.removed and new != page.text:
            changed += not save_file(db, actor, draft=draft, path=page.path, text=new, base=page.revision).lost_race
    return changed


def put_into(db: Session, actor: Actor, *, draft: DraftHead, path: str, page: str) -> None:
    """Show a file at the end of a page."""
    found = media_library(db, draft)
    file, text = found.at(path), found.texts.get(page)
    if file is None or text is None:
        raise NotFound(N_("There is no such file."))
    if file.untold:
        raise Conflict(N_("Say first what the picture shows, or that it only decorates."))
    said = file.said
    written = library.markdown_for(path, text=said.text if said else "", decorative=bool(said and said.decorative))
    whole = f"{text.text.rstrip()}\n\n{written}\n"
    if save_file(db, actor, draft=draft, path=page, text=whole, base=text.revision).lost_race:
        raise Conflict(N_("The draft has changed meanwhile. Look at it again."))


def remove_media(db: Session, actor: Actor, *, draft: DraftHead, path: str) -> None:
    """Take a file out, with its captions and transcript; refused while a page leads to it."""
    locked(db, draft)
    found = media_library(db, draft)
    file = found.at(path)
    if file is None:  # a second click
        return
    if file.used:
        titles = ", ".join(library.title_of(one, found.texts[one].text) for one in file.used[:5])
        raise Conflict(N_("This file is used in: %(pages)s. Take it out of there first."), pages=titles)
    for one in (path, *(library.beside(path) if library.recorded(path) else ())):
        if found.at(one) is not None:
            remove_file(db, actor, draft=draft, path=one)
    _say(db, actor, draft, "draft.media-removed", path)


def _say(db: Session, actor: Actor, draft: DraftHead, action: str, path: str) -> None:
    audit.say(db, actor, action, subject=draft.slug, organisation_id=draft.organisation_id, path=path)
