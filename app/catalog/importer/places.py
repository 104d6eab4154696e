"""Where the files of a course come to lie: media under their content, pages under their ids."""

from __future__ import annotations

import hashlib
import posixpath
import unicodedata
from dataclasses import dataclass, field
from urllib.parse import quote

from app.catalog.format.model import Course, MediaFile

SHORT = 16  # digits of a content address that stand in a URL
MEDIA_TYPES = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "svg": "image/svg+xml",
    "mp4": "video/mp4",
    "webm": "video/webm",
    "mp3": "audio/mpeg",
    "vtt": "text/vtt",
    "md": "text/plain",
    "pdf": "application/pdf",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odp": "application/vnd.oasis.opendocument.presentation",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}


@dataclass(frozen=True, slots=True)
class Addresses:
    """What links of a course begin with: as published, or as a preview shows it."""

    course: str
    pages: str
    media: str

    @classmethod
    def published(cls, slug: str) -> Addresses:
        return cls(f"/courses/{slug}", f"/courses/{slug}/pages", f"/courses/{slug}/media")


@dataclass(frozen=True, slots=True)
class PreparedAsset:
    path: str
    blob: str
    media_type: str
    data: bytes = field(repr=False)


def asset_of(media: MediaFile) -> PreparedAsset:
    kind = media.path.rpartition(".")[2].lower()
    blob = hashlib.sha256(media.data).hexdigest()
    return PreparedAsset(media.path, blob, MEDIA_TYPES.get(kind, "application/octet-stream"), media.data)


@dataclass(frozen=True, slots=True)
class Places:
    """Answers where a relative address, written in some file of the course, leads."""

    addresses: Addresses
    media: dict[str, str]
    pages: dict[str, str]
    others: frozenset[str]

    @classmethod
    def of(cls, course: Course, assets: tuple[PreparedAsset, ...], addresses: Addresses) -> Places:
        media = {a.path: f"{addresses.media}/{a.blob[:SHORT]}/{quote(a.path.rpartition('/')[2])}" for a in assets}
        pages: dict[str, str] = {}
        for page in course.pages():
            for path in (page.path, *(text.path for text in page.texts.values())):
                if path:
                    pages[path] = f"{addresses.pages}/{page.id}"
        return cls(addresses, media, pages, frozenset(set(course.files) - set(pages)))

    def link(self, path: str, href: str) -> str | None:
        """A page, a file to fetch, or the front of the course; None leads nowhere."""
        written, _, anchor = href.partition("#")
        target = _from(path, written.partition("?")[0])
        found = self.media.get(target) or self.pages.get(target)
        if found is None and target in self.others:
            found = self.addresses.course
        return f"{found}#{quote(anchor)}" if found and anchor else found

    def file(self, path: str, href: str) -> str | None:
        return self.media.get(_from(path, href.partition("#")[0]))


def _from(path: str, written: str) -> str:
    """As the course language counts: media/ from the course folder, every other path from the file it stands in."""
    written = unicodedata.normalize("NFC", written)
    base = "" if written.startswith("media/") else posixpath.dirname(path)
    return posixpath.normpath(posixpath.join(base, written))
