"""The media of a draft, and one file of it: what it is, where it is used, what is still to be said of it."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from sqlalchemy.orm import Session

from app.catalog import queries
from app.catalog.format import library as media
from app.catalog.format.library import MediaKind
from app.catalog.format.media import SNIFFERS
from app.catalog.queries import DraftHead, Library, MediaFile
from app.kit.i18n import LANGUAGES, N_, ngettext, number
from app.kit.i18n import gettext as _
from app.kit.limits import MIB, UPLOAD_BYTES
from app.web.forms import Form
from app.web.words import language_within

ACCEPT = ",".join(f".{end}" for end in (*(end for end in SNIFFERS if end != "md"), "srt"))
SHORT = 16
KIND = {
    MediaKind.PICTURE: N_("Picture"),
    MediaKind.VIDEO: N_("Film"),
    MediaKind.AUDIO: N_("Sound"),
    MediaKind.CAPTIONS: N_("Captions"),
    MediaKind.TRANSCRIPT: N_("Transcript"),
    MediaKind.DOCUMENT: N_("Document"),
}
ICON = {MediaKind.PICTURE: "image", MediaKind.VIDEO: "play", MediaKind.AUDIO: "play"}


@dataclass(frozen=True, slots=True)
class FileRow:
    """`picture` is an address to show, of pictures only. `todo` says what is missing; `places` where it is used."""

    name: str
    url: str
    kind: str
    icon: str
    size: str
    picture: str
    places: tuple[str, ...]
    todo: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Untold:
    """A picture of which nothing has been said: the names of its fields, and how it looks."""

    name: str
    field: str
    box: str
    src: str


@dataclass(frozen=True, slots=True)
class GoneFile:
    name: str
    back_url: str


@dataclass(frozen=True, slots=True)
class LibraryPage:
    """`untold` are the pictures whose text is asked for; `form` is the one to add, `texts` the one to describe."""

    title: str
    draft_title: str
    draft_url: str
    url: str
    summary: str
    form: Form
    texts: Form
    accept: str
    limit: str
    open: bool
    files: tuple[FileRow, ...]
    untold: tuple[Untold, ...]
    gone: tuple[GoneFile, ...]


@dataclass(frozen=True, slots=True)
class MediaPage:
    """One file. `markdown` is what shows it in a page, empty as long as something has to be said first.

    `places` are the pages that use it, with where they are written; `pages` those it can be put into, by path.
    """

    title: str
    draft_title: str
    draft_url: str
    library_url: str
    url: str
    open: bool
    kind: str
    facts: tuple[tuple[str, str], ...]
    src: str
    captions_src: str
    is_picture: bool
    is_video: bool
    is_audio: bool
    recorded: bool
    has_captions: bool
    has_transcript: bool
    transcript: str
    markdown: str
    pages: tuple[tuple[str, str], ...]
    places: tuple[tuple[str, str], ...]
    form: Form
    accept: str


def studio_url(draft: DraftHead) -> str:
    return f"/teaching/drafts/{draft.key}"


def content_url(draft: DraftHead, file: MediaFile) -> str:
    return f"{studio_url(draft)}/files/{file.blob[:SHORT]}/{quote(file.name)}"


def size_said(size: int) -> str:
    if size >= MIB:
        return _("%(size)s MB", size=number(round(size / MIB, 1)))
    return _("%(size)s KB", size=number(max(1, round(size / 1024))))


def library_page(db: Session, draft: DraftHead, *, form: Form | None = None, texts: Form | None = None) -> LibraryPage:
    found = queries.media_library(db, draft)
    url = f"{studio_url(draft)}/media"
    there = found.there
    total = sum(file.size for file in found.files if not file.removed)
    summary = ngettext(
        "%(num)s file, %(size)s in all", "%(num)s files, %(size)s in all", len(there), size=size_said(total)
    )
    return LibraryPage(
        title=_("Media library"),
        draft_title=draft.title,
        draft_url=studio_url(draft),
        url=url,
        summary=summary if there else _("Nothing has been added yet"),
        form=form or Form(),
        texts=texts or Form(),
        accept=ACCEPT,
        limit=number(UPLOAD_BYTES // MIB),
        open=draft.open,
        files=tuple(_row(draft, found, file) for file in there),
        untold=tuple(
            Untold(file.name, f"text-{file.key}", f"decorative-{file.key}", content_url(draft, file))
            for file in there
            if file.untold
        ),
        gone=tuple(GoneFile(file.name, f"{url}/{file.key}/back") for file in found.files if file.removed),
    )


def _row(draft: DraftHead, found: Library, file: MediaFile) -> FileRow:
    return FileRow(
        name=file.name,
        url=f"{studio_url(draft)}/media/{file.key}",
        kind=_(KIND[file.kind]),
        icon=ICON.get(file.kind, "file"),
        size=size_said(file.size),
        picture=content_url(draft, file) if file.kind is MediaKind.PICTURE else "",
        places=_places(found, file),
        todo=_todo(file),
    )


def _places(found: Library, file: MediaFile) -> tuple[str, ...]:
    return tuple(media.title_of(path, found.texts[path].text) for path in file.used)


def _todo(file: MediaFile) -> tuple[str, ...]:
    todo = [_("Say what it shows")] if file.untold else []
    kinds = {media.kind_of(path) for path in file.missing}
    if MediaKind.CAPTIONS in kinds:
        todo.append(_("Captions are missing"))
    if MediaKind.TRANSCRIPT in kinds:
        todo.append(_("The transcript is missing"))
    return tuple(todo)


def _pages(found: Library) -> tuple[tuple[str, str], ...]:
    """Where a file can be put: pages in the language of the course first, translations after them, named as such."""
    own: list[tuple[str, str]] = []
    translated: list[tuple[str, str]] = []
    for path, one in found.texts.items():
        name = path.rpartition("/")[2]
        if path.startswith("banks/") or name.startswith("module."):
            continue
        title, lang = media.title_of(path, one.text), name.split(".")[-2] if name.count(".") > 1 else ""
        if lang in LANGUAGES:
            translated.append((path, f"{title} ({language_within(lang)})"))
        else:
            own.append((path, title))
    return (*own, *translated)


def media_page(
    db: Session, draft: DraftHead, found: Library, file: MediaFile, *, transcript: str, form: Form | None = None
) -> MediaPage:
    """`transcript` is what stands in the file beside a recording."""
    recorded = media.recorded(file.path)
    captions, words = (found.at(path) for path in media.beside(file.path)) if recorded else (None, None)
    said = file.said
    shows = not file.untold
    values = {
        "text": said.text if said else "",
        "decorative": "1" if said and said.decorative else "",
        "transcript": transcript,
    }
    return MediaPage(
        title=file.name,
        draft_title=draft.title,
        draft_url=studio_url(draft),
        library_url=f"{studio_url(draft)}/media",
        url=f"{studio_url(draft)}/media/{file.key}",
        open=draft.open and not file.removed,
        kind=_(KIND[file.kind]),
        facts=(
            (_("Kind"), f"{_(KIND[file.kind])} ({media.ending(file.path).upper()})"),
            (_("Size"), size_said(file.size)),
            (_("Used in"), ", ".join(_places(found, file)) or _("No page yet")),
        ),
        src=content_url(draft, file),
        captions_src=content_url(draft, captions) if captions else "",
        is_picture=file.kind is MediaKind.PICTURE,
        is_video=file.kind is MediaKind.VIDEO,
        is_audio=file.kind is MediaKind.AUDIO,
        recorded=recorded,
        has_captions=captions is not None,
        has_transcript=words is not None,
        transcript=transcript,
        markdown=media.markdown_for(file.path, text=values["text"], decorative=bool(values["decorative"]))
        if shows
        else "",
        pages=_pages(found),
        places=tuple(
            (media.title_of(path, found.texts[path].text), f"{studio_url(draft)}/edit?file={quote(path)}")
            for path in file.used
        ),
        form=form or Form(values=values),
        accept=f".{media.ending(file.path)}",
    )
