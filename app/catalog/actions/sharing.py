"""Letting others adopt a course, adopting one, and bringing in what its original has changed since."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.catalog.actions.drafts import Contents, keep_copy, locked, start_draft
from app.catalog.actions.files import add_blob, add_file, remove_file, save_file
from app.catalog.actions.library import set_content
from app.catalog.drafting.adopting import LICENCES, Piece, Split
from app.catalog.models import Adoption, DraftFile, Sharing
from app.catalog.queries import Adopted, CourseHead, DraftHead, Version, course_by_slug, draft_by_key, draft_texts
from app.catalog.rules import may_edit
from app.kit import audit, clock
from app.kit.actor import Actor
from app.kit.database import upsert
from app.kit.errors import Conflict, Forbidden, Invalid, NotFound
from app.kit.i18n import N_


def share(db: Session, actor: Actor, *, course: CourseHead, licence: str) -> None:
    """Let other organisations adopt a course under a licence, or (licence "") no longer; what was adopted stays."""
    if not may_edit(actor, course.owner_path):
        raise Forbidden(N_("You may not change this course."))
    if licence and licence not in LICENCES:
        raise Invalid(licence=N_("Choose one of the options."))
    before = db.scalar(select(Sharing.licence).where(Sharing.course_id == course.id)) or ""
    if licence == before:
        return
    if licence:
        key = {"course_id": course.id}
        upsert(db, Sharing, key=key, licence=licence, since=clock.now(), by_id=actor.id or None)
    else:
        db.execute(delete(Sharing).where(Sharing.course_id == course.id))
    action = "course.shared" if licence else "course.unshared"
    audit.say(db, actor, action, subject=course.slug, organisation_id=course.organisation_id, licence=licence)


def copy_course(
    db: Session,
    actor: Actor,
    *,
    slug: str,
    title: str,
    contents: Contents,
    original: CourseHead | None = None,
    version: Version | None = None,
    licence: str = "",
) -> str:
    """A draft of a new course with files that were made ready for it (`adopting.made_from`); answers its key.

    With `original` and `version` it is remembered whose course it was made from, so that changes can be told.
    """
    if course_by_slug(db, slug) is not None:
        raise Invalid(id=N_("There is a course with this address already. Choose another."))
    key = start_draft(db, actor, slug=slug, title=title, contents=contents)
    draft = draft_by_key(db, key)
    assert draft is not None
    texts = {one.path: one.text for one in draft_texts(db, draft.id) if not one.removed}
    if texts != dict(contents.texts):
        raise Invalid(id=N_("Somebody is writing a course with this address already. Choose another."))
    if original is not None and version is not None:
        upsert(
            db,
            Adoption,
            key={"organisation_id": draft.organisation_id, "slug": slug},
            original_id=original.id,
            base_version_id=version.id,
            taken_version_id=None,
            draft_id=draft.id,
            licence=licence,
            adopted_at=clock.now(),
            adopted_by_id=actor.id or None,
        )
        audit.say(
            db,
            actor,
            "course.adopted",
            subject=slug,
            organisation_id=draft.organisation_id,
            original=original.slug,
            version=version.label,
        )
    return key


def bring_changes(
    db: Session,
    actor: Actor,
    *,
    draft: DraftHead,
    adopted: Adopted,
    version: Version,
    splits: Sequence[Split],
    taken: Collection[str],
    beside: Collection[str] = (),
) -> int:
    """Take what the original has changed into the draft: files whose key is in `taken` in place of ours, texts in
    `beside` as a copy beside ours. Everything else is left for good: it is not offered again. Answers how many were taken.
    """
    locked(db, draft)
    row = db.scalars(select(Adoption).where(Adoption.id == adopted.id).with_for_update()).one()
    done = 0
    for split in splits:
        if split.key in taken:
            _put(db, actor, draft, split)
            done += 1
        elif split.key in beside and split.theirs is not None and split.theirs.text is not None and split.ours:
            base = -version.id
            keep_copy(db, actor, draft=draft, path=split.ours.path, text=split.theirs.text, base=base)
            done += 1
    row.base_version_id = adopted.base_id
    row.taken_version_id, row.draft_id = version.id, draft.id
    db.flush()
    audit.say(
        db,
        actor,
        "course.original-followed",
        subject=draft.slug,
        organisation_id=draft.organisation_id,
        version=version.label,
        taken=done,
    )
    return done


def _put(db: Session, actor: Actor, draft: DraftHead, split: Split) -> None:
    theirs, ours = split.theirs, split.ours
    if theirs is None:
        if ours is not None:
            remove_file(db, actor, draft=draft, path=ours.path)
        return
    if ours is None:
        _add(db, actor, draft, theirs)
    elif theirs.text is None:
        set_content(db, actor, draft=draft, path=ours.path, blob=theirs.blob, size=theirs.size)
    else:
        now = draft_texts(db, draft.id, ours.path)
        if not now or now[0].text != ours.text:
            raise Conflict(N_("The draft has changed meanwhile. Look at it again."))
        save_file(db, actor, draft=draft, path=ours.path, text=theirs.text, base=now[0].revision)


def _add(db: Session, actor: Actor, draft: DraftHead, piece: Piece) -> None:
    """A file that we do not have: under its own name, or a free one where something else stands there."""
    there = select(DraftFile.path).where(DraftFile.draft_id == draft.id, DraftFile.removed_at.is_(None))
    taken, path, number = set(db.scalars(there)), piece.path, 1
    stem, dot, end = piece.path.rpartition(".")
    while path in taken:
        number += 1
        path = f"{stem}-{number}{dot}{end}"
    if piece.text is not None:
        add_file(db, actor, draft=draft, path=path, text=piece.text)
    else:
        add_blob(db, actor, draft=draft, path=path, blob=piece.blob, size=piece.size)


def leave_changes(db: Session, actor: Actor, *, adopted: Adopted, version: Version) -> None:
    """Say that a version of the original is of no use here; the next one is offered again."""
    row = db.scalars(select(Adoption).where(Adoption.id == adopted.id).with_for_update()).first()
    if row is None:
        raise NotFound(N_("There is no such course."))
    row.base_version_id, row.taken_version_id = version.id, None
    db.flush()
    audit.say(
        db,
        actor,
        "course.original-left",
        subject=adopted.slug,
        organisation_id=adopted.organisation_id,
        version=version.label,
    )
