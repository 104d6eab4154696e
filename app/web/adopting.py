"""A course made from another, and held against its original: the steps that the pages and the API share.

Archives are read between two transactions, so that nothing is locked meanwhile.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.catalog import access, actions, queries
from app.catalog.actions import Contents
from app.catalog.drafting import adopting
from app.catalog.drafting.adopting import Split
from app.catalog.format.frontmatter import is_id
from app.catalog.format.layout import MEDIA
from app.catalog.queries import Adopted, CourseHead, DraftHead, Version
from app.kit.actor import Actor
from app.kit.blobs import Blobs
from app.kit.database import Sessions, reading, writing
from app.kit.errors import Invalid, NotFound
from app.kit.i18n import N_
from app.organisations import queries as organisations


def shared(db: Session, actor: Actor, slug: str) -> tuple[CourseHead, Version, str]:
    """A course that others may adopt, the version that is learned from now, and its licence."""
    head = access.course_for(db, actor, slug)
    licence = queries.sharing(db, head.id)
    version = queries.version(db, head.version_id or 0)
    if not licence or not head.live or version is None:
        raise NotFound(N_("There is no such course."))
    return head, version, licence


def newest(db: Session, head: CourseHead) -> Version:
    version = queries.latest_version(db, head.id)
    if version is None:
        raise NotFound(N_("There is no such version."))
    return version


def copy(
    sessions: Sessions,
    actor: Actor,
    blobs: Blobs,
    *,
    head: CourseHead,
    version: Version,
    licence: str,
    slug: str,
    title: str,
) -> str:
    """A draft of a course of one's own made from a version; answers its key. With a licence it is an adoption."""
    if not is_id(slug):
        raise Invalid(id=N_("Small letters a–z, digits and hyphens only, at least two: for example fire-safety."))
    contents = actions.contents_of(blobs, version)
    with reading(sessions) as db:
        own = organisations.by_id(db, actions.home_of(actor))
        source = _source(db, head, version, licence) if licence else ""
        named = title or queries.content_of(db, version.id, head.slug, version.digest).words(version.lang).title
    ready = made_ready(contents, slug=slug, owner=own.code if own is not None else "", title=title, source=source)
    with writing(sessions) as db:
        return actions.copy_course(
            db,
            actor,
            slug=slug,
            title=named,
            contents=ready,
            original=head if licence else None,
            version=version,
            licence=licence,
        )


def _source(db: Session, original: CourseHead, version: Version, licence: str) -> str:
    """Where a course comes from, in its own language."""
    words = queries.content_of(db, version.id, original.slug, version.digest).words(version.lang)
    return adopting.credit(words.title, original.owner_name, licence, version.lang)


def made_ready(contents: Contents, *, slug: str, owner: str, title: str = "", source: str = "") -> Contents:
    """The files of another course under an id of one's own."""
    texts = adopting.made_from(contents.texts, slug=slug, owner=owner, title=title, source=source)
    return Contents(texts, {path: blob for path, blob in contents.blobs.items() if path.startswith(MEDIA)})


@dataclass(frozen=True, slots=True)
class Sides:
    """An adopted course beside its original; `draft` is the open one, if there is one."""

    head: CourseHead
    adopted: Adopted
    base: Version
    newest: Version | None
    draft: DraftHead | None
    own: Version
    source: str

    @property
    def offered(self) -> Version | None:
        """The version of the original that is newer than what was taken."""
        return self.newest if self.newest is not None and self.newest.id != self.base.id else None


def sides(db: Session, actor: Actor, slug: str) -> Sides:
    head = access.editable_course(db, actor, slug)
    adopted = queries.adoption(db, head.organisation_id, slug)
    if adopted is None:
        raise NotFound(N_("This course was not made from another."))
    base, latest = queries.original_versions(db, adopted)
    original = queries.course_by_id(db, adopted.original_id)
    assert base is not None and original is not None
    open_ones = (one for one in access.drafts_of(db, actor) if one.course_id == head.id)
    source = _source(db, original, base, adopted.licence)
    return Sides(head, adopted, base, latest, next(open_ones, None), newest(db, head), source)


def _theirs(blobs: Blobs, both: Sides, version: Version) -> adopting.Pieces:
    """A version of the original as it would be if it were adopted now."""
    head, contents = both.head, actions.contents_of(blobs, version)
    ready = made_ready(contents, slug=head.slug, owner=head.owner_code, source=both.source)
    return adopting.pieces(ready.texts, ready.blobs)


def _ours(db: Session, blobs: Blobs, both: Sides) -> adopting.Pieces:
    if both.draft is None:
        contents = actions.contents_of(blobs, both.own)
    else:
        texts = {one.path: one.text for one in queries.draft_texts(db, both.draft.id) if not one.removed}
        there = (one for one in queries.draft_blobs(db, both.draft.id) if not one.removed)
        contents = Contents(texts, {one.path: (one.blob, one.size) for one in there})
    return adopting.pieces(contents.texts, contents.blobs)


def splits(db: Session, blobs: Blobs, both: Sides) -> tuple[Split, ...]:
    """What the original has changed and what stands here, file by file; nothing where it has no newer version."""
    if both.offered is None:
        return ()
    base, theirs = (_theirs(blobs, both, version) for version in (both.base, both.offered))
    return adopting.held_against(base, theirs, _ours(db, blobs, both))


def follow(
    sessions: Sessions,
    actor: Actor,
    blobs: Blobs,
    both: Sides,
    *,
    found: tuple[Split, ...],
    taken: Collection[str],
    beside: Collection[str],
) -> str:
    """Take what was chosen into the draft, and leave the rest for good; answers the draft's key, "" where all is left."""
    assert both.offered is not None
    if not taken and not beside:
        with writing(sessions) as db:
            actions.leave_changes(db, actor, adopted=both.adopted, version=both.offered)
        return ""
    slug, own = both.head.slug, both.own
    with reading(sessions) as db:
        title = queries.content_of(db, own.id, slug, own.digest).words(own.lang).title
    contents = actions.contents_of(blobs, own)
    with writing(sessions) as db:
        key = actions.start_draft(db, actor, slug=slug, title=title, contents=contents, course=both.head, version=own)
        actions.bring_changes(
            db,
            actor,
            draft=access.draft_for(db, actor, key),
            adopted=both.adopted,
            version=both.offered,
            splits=found,
            taken=taken,
            beside=beside,
        )
    return key
