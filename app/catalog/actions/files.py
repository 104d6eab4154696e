"""The files of a draft: saved only over what one has seen, moved, removed and brought back."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.catalog.actions.drafts import keep_copy, locked
from app.catalog.format.archive import is_safe
from app.catalog.models import Draft, DraftFile
from app.catalog.queries import DraftHead
from app.catalog.rules import DraftState
from app.kit import clock
from app.kit.actor import Actor
from app.kit.errors import Conflict, Invalid, KitError, NotFound
from app.kit.i18n import N_
from app.kit.limits import DRAFT_FILES, MARKDOWN_BYTES

PATH = 520  # a folder and a name, each of at most 255 characters


@dataclass(frozen=True, slots=True)
class Saved:
    """`revision` is the file's number now. `copy_id` says that it had changed: the words are kept as that copy."""

    revision: int
    copy_id: int | None = None

    @property
    def lost_race(self) -> bool:
        return self.copy_id is not None


def save_file(db: Session, actor: Actor, *, draft: DraftHead, path: str, text: str, base: int) -> Saved:
    """Put a text in place of the one with revision `base`; where it is another by now, keep the words as a copy."""
    _check_text(text)
    now, size = clock.now(), len(text.encode())
    # One statement compares and sets, and the draft must be open in the same breath.
    open_now = select(Draft.id).where(Draft.id == draft.id, Draft.state == DraftState.OPEN).scalar_subquery()
    where = (DraftFile.draft_id == open_now) & (DraftFile.path == path) & DraftFile.text.is_not(None)
    changed = db.execute(
        update(DraftFile)
        .where(where, DraftFile.revision == base, DraftFile.removed_at.is_(None))
        .values(text=text, size=size, revision=base + 1, changed_at=now, changed_by_id=actor.id or None)
    )
    if changed.rowcount:  # type: ignore[attr-defined]
        db.execute(update(Draft).where(Draft.id == draft.id).values(changed_at=now))
        return Saved(base + 1)
    row = db.execute(
        select(DraftFile.text, DraftFile.revision, DraftFile.removed_at).where(
            DraftFile.draft_id == draft.id, DraftFile.path == path
        )
    ).first()
    if row is None:
        raise NotFound(N_("There is no such file."))
    if row.text == text and row.removed_at is None:  # said twice: a lost answer, a second tab with the same words
        return Saved(row.revision)
    return Saved(row.revision, keep_copy(db, actor, draft=draft, path=path, text=text, base=base))


def _check_text(text: str) -> None:
    if len(text.encode()) > MARKDOWN_BYTES:
        raise Invalid(
            text=KitError(
                N_("This text is larger than %(limit)s KiB. Split it into pages."), limit=MARKDOWN_BYTES // 1024
            )
        )


def _check_path(path: str) -> None:
    if not is_safe(path) or len(path) > PATH:
        raise Invalid(path=KitError(N_("This name is not taken: %(name)s"), name=path[:80]))


def add_file(db: Session, actor: Actor, *, draft: DraftHead, path: str, text: str) -> None:
    """Add a text under a path that nothing has; a removed file there is written over."""
    _check_text(text)
    _put(db, actor, draft, path, text=text, blob=None, size=len(text.encode()))


def add_blob(db: Session, actor: Actor, *, draft: DraftHead, path: str, blob: str, size: int) -> None:
    """Add a file whose content the store holds under `blob`; a removed file there is written over."""
    _put(db, actor, draft, path, text=None, blob=blob, size=size)


def _put(
    db: Session, actor: Actor, draft: DraftHead, path: str, *, text: str | None, blob: str | None, size: int
) -> None:
    _check_path(path)
    locked(db, draft)
    rows = {row.path: row for row in db.scalars(select(DraftFile).where(DraftFile.draft_id == draft.id))}
    now, who = clock.now(), actor.id or None
    row = rows.get(path)
    if row is not None and row.removed_at is None:
        raise Conflict(N_("There is already a file %(name)s in this draft."), name=path)
    if row is None:
        if len(rows) >= DRAFT_FILES:
            raise Conflict(N_("A draft holds at most %(limit)s files."), limit=DRAFT_FILES)
        row = DraftFile(draft_id=draft.id, path=path, revision=0)
        db.add(row)
    row.text, row.blob, row.size = text, blob, size
    row.revision, row.changed_at, row.changed_by_id, row.removed_at = row.revision + 1, now, who, None
    _touch(db, draft)


def _touch(db: Session, draft: DraftHead) -> None:
    db.execute(update(Draft).where(Draft.id == draft.id).values(changed_at=clock.now()))
    db.flush()


def move_file(db: Session, actor: Actor, *, draft: DraftHead, path: str, to: str) -> None:
    move_files(db, actor, draft=draft, moves={path: to})


def move_files(db: Session, actor: Actor, *, draft: DraftHead, moves: Mapping[str, str]) -> None:
    """Rename files, all of them or none: old path → new path; two may change places."""
    wanted = {old: new for old, new in moves.items() if old != new}
    for new in wanted.values():
        _check_path(new)
    locked(db, draft)
    rows = {row.path: row for row in db.scalars(select(DraftFile).where(DraftFile.draft_id == draft.id))}
    missing = [old for old in wanted if old not in rows]
    if missing:
        raise Conflict(N_("The draft has changed meanwhile: %(name)s is not where it was."), name=missing[0])
    taken = {path for path, row in rows.items() if path not in wanted and row.removed_at is None}
    clash = next((new for new in wanted.values() if new in taken), None)
    if clash is not None or len(set(wanted.values())) < len(wanted):
        raise Conflict(N_("There is already a file %(name)s in this draft."), name=clash or "")
    try:
        with db.begin_nested():
            # A removed file under a name that is wanted makes way; then all go aside, so that names can be exchanged.
            for new in wanted.values():
                if new in rows and new not in wanted:
                    db.delete(rows[new])
            for old in wanted:
                rows[old].path = f"?{rows[old].id}"
            db.flush()
            for old, new in wanted.items():
                rows[old].path = new
            db.flush()
    except IntegrityError as clashing:
        raise Conflict(N_("The draft has changed meanwhile. Look at it again.")) from clashing
    _touch(db, draft)


def remove_file(db: Session, actor: Actor, *, draft: DraftHead, path: str) -> None:
    """Take a file out of the draft; `put_back` brings it back as it was."""
    remove_files(db, actor, draft=draft, paths=[path])


def remove_files(db: Session, actor: Actor, *, draft: DraftHead, paths: Collection[str]) -> None:
    """Take several out at one stroke: they were removed at the same moment, and come back together."""
    _turn(db, actor, draft, paths, clock.now())


def put_back(db: Session, actor: Actor, *, draft: DraftHead, path: str) -> None:
    """Bring a removed file back, with all that went at the same stroke."""
    locked(db, draft)
    when = db.scalars(
        select(DraftFile.removed_at).where(DraftFile.draft_id == draft.id, DraftFile.path == path)
    ).one_or_none()
    if when is None:  # a second click, or a file that never went
        return
    paths = db.scalars(select(DraftFile.path).where(DraftFile.draft_id == draft.id, DraftFile.removed_at == when))
    _turn(db, actor, draft, list(paths), None)


def _turn(db: Session, actor: Actor, draft: DraftHead, paths: Collection[str], removed_at: datetime | None) -> None:
    locked(db, draft)
    rows = list(db.scalars(select(DraftFile).where(DraftFile.draft_id == draft.id, DraftFile.path.in_(paths))))
    if len(rows) < len(set(paths)):
        raise NotFound(N_("There is no such file."))
    now = clock.now()
    for row in rows:
        if (row.removed_at is None) != (removed_at is None):
            row.removed_at = removed_at
            row.revision, row.changed_at, row.changed_by_id = row.revision + 1, now, actor.id or None
    _touch(db, draft)


def save_files(db: Session, actor: Actor, *, draft: DraftHead, texts: Mapping[str, str]) -> None:
    """Put several texts in place at once, after `locked`: what moving files does to the links of others."""
    now, who = clock.now(), actor.id or None
    for row in db.scalars(select(DraftFile).where(DraftFile.draft_id == draft.id, DraftFile.path.in_(texts))):
        _check_text(texts[row.path])
        row.text, row.size = texts[row.path], len(texts[row.path].encode())
        row.revision, row.changed_at, row.changed_by_id = row.revision + 1, now, who
    _touch(db, draft)
