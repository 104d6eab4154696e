"""The media of a draft: files, where they are used, and the texts that were said of pictures."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalog.format import library
from app.catalog.format.layout import MEDIA
from app.catalog.format.library import MediaKind
from app.catalog.models import MediaText
from app.catalog.queries.drafts import DraftHead, DraftText, draft_blobs, draft_texts

FILE_DIGITS = 12


@dataclass(frozen=True, slots=True)
class Said:
    """What a picture shows; one that only decorates says nothing."""

    text: str
    decorative: bool


@dataclass(frozen=True, slots=True)
class MediaFile:
    """A file of a draft. `used` are the paths of texts that lead to it; `missing` what has to stand beside it and does not.

    `key` stands for the path in addresses. `size` is bytes.
    """

    key: str
    path: str
    blob: str
    size: int
    kind: MediaKind
    used: tuple[str, ...]
    said: Said | None
    missing: tuple[str, ...]
    removed: bool

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]

    @property
    def untold(self) -> bool:
        """A picture of which nothing has been said."""
        return self.kind is MediaKind.PICTURE and self.said is None


@dataclass(frozen=True, slots=True)
class Library:
    files: tuple[MediaFile, ...]
    texts: Mapping[str, DraftText]

    def file(self, key: str) -> MediaFile | None:
        return next((one for one in self.files if one.key == key), None)

    def at(self, path: str) -> MediaFile | None:
        return next((one for one in self.files if one.path == path and not one.removed), None)

    @property
    def there(self) -> tuple[MediaFile, ...]:
        """What learners can meet by itself: captions and transcripts come with their recording."""
        beside = {one for file in self.files if library.recorded(file.path) for one in library.beside(file.path)}
        return tuple(file for file in self.files if not file.removed and file.path not in beside)


def file_key(path: str) -> str:
    return hashlib.sha256(path.encode()).hexdigest()[:FILE_DIGITS]


def media_said(db: Session, draft: DraftHead) -> dict[str, Said]:
    rows = select(MediaText.path, MediaText.text, MediaText.decorative)
    rows = rows.where(MediaText.organisation_id == draft.organisation_id, MediaText.slug == draft.slug)
    return {path: Said(text, decorative) for path, text, decorative in db.execute(rows)}


def media_library(db: Session, draft: DraftHead) -> Library:
    """Every file in media/, by path, those that were removed too."""
    texts = {one.path: one for one in draft_texts(db, draft.id) if not one.removed}
    used, said = library.uses({path: one.text for path, one in texts.items()}), media_said(db, draft)
    blobs = [one for one in draft_blobs(db, draft.id) if one.path.startswith(MEDIA)]
    there = {one.path for one in blobs if not one.removed} | set(texts)
    files = []
    for one in blobs:
        kind = library.kind_of(one.path)
        wanted = library.beside(one.path) if library.recorded(one.path) else ()
        files.append(
            MediaFile(
                key=file_key(one.path),
                path=one.path,
                blob=one.blob,
                size=one.size,
                kind=kind,
                used=used.get(one.path, ()),
                said=said.get(one.path) or _written(one.path, texts),
                missing=tuple(path for path in wanted if path not in there),
                removed=one.removed,
            )
        )
    return Library(tuple(files), texts)


def _written(path: str, texts: Mapping[str, DraftText]) -> Said | None:
    """What the pages themselves say of a picture, where nobody was asked: courses that came as files."""
    if library.kind_of(path) is not MediaKind.PICTURE:
        return None
    found = [library.alt_in(one.text, path) for one in texts.values()]
    return next((Said(*one) for one in found if one is not None), None)
