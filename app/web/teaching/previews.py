"""Uploads rendered for a look at them: made when first asked for, and kept while somebody goes through the pages."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass

from app.catalog import importer
from app.catalog.importer import Addresses, Prepared
from app.catalog.queries import UploadCard
from app.kit import clock
from app.kit.blobs import Blobs

KEPT = 4
_kept: OrderedDict[tuple[str, str], Prepared | None] = OrderedDict()
_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class Looked:
    """What an upload holds now; `prepared` is None when no course could be made out."""

    examined: importer.Examined
    prepared: Prepared | None


def preview_of(upload: UploadCard, blobs: Blobs) -> Prepared | None:
    """The upload as learners would see it, with addresses that stay inside the preview."""
    key = (upload.key, upload.blob)
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
    course = importer.examine(upload.filename, blobs.get(upload.blob), today=clock.today()).course
    base = f"/teaching/uploads/{upload.key}"
    addresses = Addresses(f"{base}/preview", f"{base}/preview/pages", f"{base}/media")
    prepared = importer.prepare(course, addresses) if course is not None else None
    with _lock:
        _kept[key] = prepared
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return prepared


def look_at(upload: UploadCard, blobs: Blobs) -> Looked:
    """Read an upload again, as it would be published."""
    examined = importer.examine(upload.filename, blobs.get(upload.blob), today=clock.today())
    prepared = importer.prepare(examined.course) if examined.course is not None else None
    return Looked(examined, prepared)
