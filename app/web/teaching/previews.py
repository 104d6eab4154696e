"""Uploads rendered for a look at them: made when first asked for, and kept while somebody goes through the pages."""

from __future__ import annotations

import threading
from collections import OrderedDict

from app.catalog.importer import Addresses, Prepared, apart
from app.catalog.importer.apart import Looked
from app.catalog.queries import UploadCard
from app.kit import clock
from app.kit.blobs import Blobs

KEPT = 4
_kept: OrderedDict[tuple[str, str], Prepared | None] = OrderedDict()
_lock = threading.Lock()


def preview_of(upload: UploadCard, blobs: Blobs) -> Prepared | None:
    """The upload as learners would see it, with addresses that stay inside the preview."""
    key = (upload.key, upload.blob)
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
    base = f"/teaching/uploads/{upload.key}"
    addresses = Addresses(f"{base}/preview", f"{base}/preview/pages", f"{base}/media")
    looked = apart.look(upload.filename, blobs.get(upload.blob), today=clock.today(), addresses=addresses)
    prepared = looked.prepared
    with _lock:
        _kept[key] = prepared
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return prepared


def look_at(upload: UploadCard, blobs: Blobs) -> Looked:
    """Read an upload again, as it would be published."""
    return apart.look(upload.filename, blobs.get(upload.blob), today=clock.today())
