"""A draft as a whole: begun, brought up to what was published meanwhile, sent to be published, given up."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.catalog import queries
from app.catalog.actions.courses import home_of
from app.catalog.format import reader
from app.catalog.models import Draft, DraftCopy, DraftFile
from app.catalog.queries import CourseHead, DraftHead, Version
from app.catalog.rules import DraftState, may_edit
from app.kit import audit, clock
from app.kit.actor import Actor
from app.kit.blobs import Blobs
from app.kit.errors import Conflict, Forbidden, NotFound
from app.kit.i18n import N_


@dataclass(frozen=True, slots=True)
class Contents:
    """Files by path: texts, and everything else as (blob, bytes)."""

    texts: Mapping[str, str]
    blobs: Mapping[str, tuple[str, int]] = field(default_factory=dict)


def contents_of(blobs: Blobs, version: Version) -> Contents:
    """The files of a version, unpacked. Takes its time: not inside a transaction."""
    course = reader.read_zip(blobs.get(version.source), "source.zip").course
    if course is None:
        raise NotFound(N_("There is no such version."))
    return Contents(course.files, {one.path: (blobs.put(one.data), len(one.data)) for one in course.media})


def start_draft(
    db: Session,
    actor: Actor,
    *,
    slug: str,
    title: str,
    contents: Contents,
    course: CourseHead | None = None,
    version: Version | None = None,
) -> str:
    """Begin a draft, or go on with the one that is open for this id; answers its key.

    With `course` and `version` it is a draft of that course; else one of a new course of the actor's organisation.
    """
    if course is not None and not may_edit(actor, course.owner_path):
        raise Forbidden(N_("You may not change this course."))
    owner = course.organisation_id if course is not None else home_of(actor)
    now = clock.now()
    row = Draft(
        key=secrets.token_urlsafe(12),
        slug=slug[:64],
        course_id=course.id if course else None,
        organisation_id=owner,
        base_version_id=version.id if version else None,
        title=title[:200],
        state=DraftState.OPEN,
        created_at=now,
        created_by_id=actor.id or None,
        changed_at=now,
        upload_key="",
        published_version_id=None,
    )
    try:
        with db.begin_nested():
            db.add(row)
    except IntegrityError:  # the course has an open draft, which all its trainers share
        where = (Draft.slug == row.slug) & (Draft.organisation_id == owner) & (Draft.state == DraftState.OPEN)
        return db.scalars(select(Draft.key).where(where)).one()
    fill(db, actor, row.id, contents)
    audit.say(db, actor, "draft.started", subject=row.slug, organisation_id=owner, draft=row.key)
    return row.key


def fill(db: Session, actor: Actor, draft_id: int, contents: Contents) -> None:
    """Put files into a draft that has none under these paths."""
    now, who = clock.now(), actor.id or None
    common = {"draft_id": draft_id, "revision": 1, "changed_at": now, "changed_by_id": who, "removed_at": None}
    rows = [
        DraftFile(path=path, text=text, blob=None, size=len(text.encode()), **common)
        for path, text in contents.texts.items()
    ]
    rows += [
        DraftFile(path=path, text=None, blob=blob, size=size, **common) for path, (blob, size) in contents.blobs.items()
    ]
    db.add_all(rows)
    db.flush()


def keep_copy(db: Session, actor: Actor, *, draft: DraftHead, path: str, text: str, base: int) -> int:
    """Keep words that cannot be put in place, beside their file; the same words twice are kept once."""
    where = (DraftCopy.draft_id == draft.id) & (DraftCopy.path == path) & DraftCopy.settled_at.is_(None)
    mine = where & (DraftCopy.kept_by_id == (actor.id or None))
    row = db.scalars(select(DraftCopy).where(mine, DraftCopy.base_revision == base)).first()
    if row is None:
        row = DraftCopy(
            draft_id=draft.id,
            path=path,
            text=text,
            base_revision=base,
            kept_at=clock.now(),
            kept_by_id=actor.id or None,
        )
        db.add(row)
    else:  # somebody goes on typing in a page that has changed
        row.text, row.kept_at = text, clock.now()
    db.flush()
    return row.id


def settle_copy(db: Session, actor: Actor, *, draft: DraftHead, copy_id: int) -> str:
    """Put a copy away: its author has taken over what they wanted. Answers the path of its file."""
    settled = db.execute(
        update(DraftCopy)
        .where(DraftCopy.id == copy_id, DraftCopy.draft_id == draft.id)
        .values(settled_at=clock.now())
        .returning(DraftCopy.path)
    ).scalar()
    if settled is None:
        raise NotFound(N_("There is no such copy."))
    audit.say(db, actor, "draft.copy-settled", subject=draft.slug, organisation_id=draft.organisation_id, path=settled)
    return str(settled)


def take_copy(db: Session, actor: Actor, *, draft: DraftHead, copy_id: int) -> str:
    """Put a copy in the place of its file; what stood there becomes a copy itself. Answers the path."""
    locked(db, draft)
    where = (DraftCopy.id == copy_id) & (DraftCopy.draft_id == draft.id) & DraftCopy.settled_at.is_(None)
    copy = db.scalars(select(DraftCopy).where(where)).first()
    if copy is None:
        raise NotFound(N_("There is no such copy."))
    file = db.scalars(select(DraftFile).where(DraftFile.draft_id == draft.id, DraftFile.path == copy.path)).first()
    if file is None or file.text is None:
        raise Conflict(N_("The file of this copy is no longer in the draft."))
    now = clock.now()
    if file.text != copy.text:
        db.add(
            DraftCopy(
                draft_id=draft.id,
                path=file.path,
                text=file.text,
                base_revision=file.revision,
                kept_at=file.changed_at,
                kept_by_id=file.changed_by_id,
            )
        )
        file.text, file.size, file.removed_at = copy.text, len(copy.text.encode()), None
        file.revision, file.changed_at, file.changed_by_id = file.revision + 1, now, actor.id or None
    copy.settled_at = now
    db.execute(update(Draft).where(Draft.id == draft.id).values(changed_at=now))
    db.flush()
    return copy.path


def catch_up(db: Session, actor: Actor, *, draft: DraftHead, version: Version, old: Contents, new: Contents) -> int:
    """Bring in what was published since the draft began: `old` is its base, `new` the newest version.

    A file that only one side changed is taken from that side. Where both did, the draft keeps its own words and the
    published ones are kept as a copy beside them; answers how many.
    """
    locked(db, draft)
    rows = {row.path: row for row in db.scalars(select(DraftFile).where(DraftFile.draft_id == draft.id))}
    now, clashes = clock.now(), 0
    fresh = Contents(
        {p: t for p, t in new.texts.items() if p not in rows and p not in old.texts},
        {p: b for p, b in new.blobs.items() if p not in rows and p not in old.blobs},
    )
    fill(db, actor, draft.id, fresh)
    for path, row in rows.items():
        was, now_is = _file(old, path), _file(new, path)
        ours = None if row.removed_at else (row.text, row.blob)
        if was == now_is or ours == now_is:
            continue
        if ours == was:
            if now_is is None:
                row.removed_at = now
            else:
                row.text, row.blob = now_is
                row.size = new.blobs[path][1] if path in new.blobs else len(new.texts[path].encode())
                row.removed_at = None
            row.revision, row.changed_at, row.changed_by_id = row.revision + 1, now, actor.id or None
        elif now_is is not None and now_is[0] is not None:
            db.flush()
            keep_copy(db, actor, draft=draft, path=path, text=now_is[0], base=-version.id)
            clashes += 1
    db.execute(update(Draft).where(Draft.id == draft.id).values(base_version_id=version.id, changed_at=now))
    db.flush()
    audit.say(
        db,
        actor,
        "draft.caught-up",
        subject=draft.slug,
        organisation_id=draft.organisation_id,
        version=version.label,
        clashes=clashes,
    )
    return clashes


def _file(contents: Contents, path: str) -> tuple[str | None, str | None] | None:
    if path in contents.texts:
        return (contents.texts[path], None)
    return (None, contents.blobs[path][0]) if path in contents.blobs else None


def send_draft(db: Session, actor: Actor, *, draft: DraftHead, upload_key: str) -> None:
    """Remember the upload that was made of a draft to publish it; see `courses.mark_published`."""
    locked(db, draft)
    base = db.scalars(select(Draft.base_version_id).where(Draft.id == draft.id)).one()
    latest = queries.latest_version(db, draft.course_id) if draft.course_id else None
    if latest is not None and latest.id != base:
        raise Conflict(
            N_("Version %(version)s was published since this draft began. Bring it in first."), version=latest.label
        )
    db.execute(update(Draft).where(Draft.id == draft.id).values(upload_key=upload_key))


def discard_draft(db: Session, actor: Actor, *, draft: DraftHead) -> None:
    """Give a draft up. Its files stay in the database; what has been published is not touched."""
    locked(db, draft)
    db.execute(update(Draft).where(Draft.id == draft.id).values(state=DraftState.DISCARDED, changed_at=clock.now()))
    audit.say(db, actor, "draft.discarded", subject=draft.slug, organisation_id=draft.organisation_id, draft=draft.key)


def locked(db: Session, draft: DraftHead) -> None:
    """Hold the draft to the end of the transaction; refuse where it is no longer open."""
    state = db.scalars(select(Draft.state).where(Draft.id == draft.id).with_for_update()).one()
    if state is not DraftState.OPEN:
        raise Conflict(N_("This draft has been published or given up. Begin a new one from the course."))
