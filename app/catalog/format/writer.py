"""A course back into an archive, and the address of its content."""

from __future__ import annotations

import hashlib
import io
import unicodedata
import zipfile
from collections.abc import Mapping

from app.catalog.format.layout import LOCK, is_ignored
from app.catalog.format.model import Course

# The earliest day an archive can name: the same content makes the same bytes whenever it is written.
_DAY = (1980, 1, 1, 0, 0, 0)


def contents(course: Course) -> dict[str, bytes]:
    """Every file of a course by path, as it was read."""
    files = {path: text.encode() for path, text in course.files.items()}
    files |= {media.path: media.data for media in course.media}
    return dict(sorted(files.items()))


def write_zip(course: Course) -> bytes:
    return pack(contents(course))


def pack(files: Mapping[str, bytes]) -> bytes:
    """Files by path as an archive."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, data in files.items():
            entry = zipfile.ZipInfo(path, _DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o100644 << 16
            archive.writestr(entry, data)
    return packed.getvalue()


def with_lock(packed: bytes, lock: str) -> bytes:
    """A written course with its list of ids beside it; who reads the course passes over that."""
    whole = io.BytesIO(packed)
    with zipfile.ZipFile(whole, "a", zipfile.ZIP_DEFLATED) as archive:
        entry = zipfile.ZipInfo(LOCK, _DAY)
        entry.compress_type = zipfile.ZIP_DEFLATED
        entry.external_attr = 0o100644 << 16
        archive.writestr(entry, lock)
    return whole.getvalue()


def content_hash(course: Course) -> str:
    """The address of a version."""
    return hash_of(contents(course))


def hash_of(files: Mapping[str, bytes]) -> str:
    """The same of files that nobody has read yet. Lengths go in beside the bytes, so that no two courses run together alike."""
    digest = hashlib.sha256()
    for path, data in sorted((unicodedata.normalize("NFC", path), data) for path, data in files.items()):
        if not is_ignored(path):
            name = path.encode()
            digest.update(b"%d:%b%d:" % (len(name), name, len(data)))
            digest.update(data)
    return digest.hexdigest()
