"""A draft opened for work: its texts, its outline, where its files and pages are shown, and looks at it."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from sqlalchemy.orm import Session

from app.catalog import access, queries
from app.catalog.drafting import finding
from app.catalog.drafting.outline import File, Shape, shape
from app.catalog.importer import Addresses, Glance, Glanced, apart
from app.catalog.importer.apart import Looked
from app.catalog.importer.places import SHORT
from app.catalog.queries import DraftBlob, DraftHead, DraftText
from app.kit import clock
from app.kit.actor import Actor
from app.kit.blobs import Blobs
from app.kit.errors import NotFound
from app.kit.i18n import N_

KEPT = 4
_looked: OrderedDict[tuple[str, str], Looked] = OrderedDict()
_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class Desk:
    """A draft with everything that stands in it now, and what was removed."""

    draft: DraftHead
    texts: Mapping[str, DraftText]
    blobs: Mapping[str, DraftBlob]
    removed: tuple[DraftText, ...]
    shape: Shape

    @property
    def url(self) -> str:
        return f"/teaching/drafts/{self.draft.key}"

    def words(self) -> dict[str, str]:
        return {path: one.text for path, one in self.texts.items()}

    def ids(self) -> set[str]:
        return finding.ids_in((*self.words().values(), *(one.text for one in self.removed)))

    def file(self, path: str) -> tuple[File, str, DraftText]:
        """A file of the course with its language and its text."""
        found = self.shape.find(path)
        if found is None or path not in self.texts:
            raise NotFound(N_("There is no such file."))
        return (*found, self.texts[path])

    def write_url(self, path: str) -> str:
        return f"{self.url}/edit?file={quote(path)}"

    def media_url(self, blob: DraftBlob) -> str:
        return f"{self.url}/files/{blob.blob[:SHORT]}/{quote(blob.path.rpartition('/')[2])}"

    def addresses(self) -> Addresses:
        return Addresses(f"{self.url}/preview", f"{self.url}/preview/pages", f"{self.url}/files")


def open_desk(db: Session, actor: Actor, key: str) -> Desk:
    draft = access.draft_for(db, actor, key)
    texts = queries.draft_texts(db, draft.id)
    blobs = {one.path: one for one in queries.draft_blobs(db, draft.id) if not one.removed}
    standing = {one.path: one for one in texts if not one.removed}
    outline = shape({path: one.text for path, one in standing.items()})
    return Desk(draft, standing, blobs, tuple(one for one in texts if one.removed), outline)


def look(db: Session, blobs: Blobs, desk: Desk, author: str = "") -> Looked:
    """The whole draft read, checked and rendered, as it stands; kept while nobody changes anything."""
    key = (desk.draft.key, desk.draft.changed_at.isoformat())
    with _lock:
        if key in _looked:
            _looked.move_to_end(key)
            return _looked[key]
    files = queries.draft_source(db, blobs, desk.draft)
    looked = apart.look_at_files(files, today=clock.today(), author=author, addresses=desk.addresses())
    with _lock:
        _looked[key] = looked
        while len(_looked) > KEPT:
            _looked.popitem(last=False)
    return looked


def glance(desk: Desk, path: str, text: str) -> Glanced:
    """One file as it is being typed."""
    file, lang, _stored = desk.file(path)
    source = desk.texts[file.path].text if path != file.path and file.path in desk.texts else ""
    pages = {
        one: desk.write_url(one)
        for page in desk.shape.files()
        if page.kind == "page"
        for one in (page.path, *page.variants.values())
    }
    return apart.glance(
        Glance(
            path=path,
            text=text,
            kind="page" if desk.shape.single and file.kind == "course" else file.kind,
            lang=lang,
            source_lang=desk.shape.lang,
            source=source,
            media={one.path: desk.media_url(one) for one in desk.blobs.values()},
            pages=pages,
            base=desk.url,
        )
    )
