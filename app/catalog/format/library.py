"""The media of a course as a library: what each file is, where it is used, what is missing beside it, how it is put into a page."""

from __future__ import annotations

import posixpath
import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum
from urllib.parse import quote, unquote

from app.catalog.format.layout import MEDIA
from app.kit.slugs import slug

# Where a link or a picture leads, in brackets or behind the name of a reference; and the files that the front matter names.
_TARGET = re.compile(r"\]\(\s*<?([^)>\s]+)|^\s{0,3}\[[^\]]+\]:\s*<?([^>\s]+)|file:\s*[\"']?(media/[^\s\"',}]+)", re.M)
_SIGNS = re.compile(r"([\\`*_\[\]<>!|#$&~])")
_TITLE = re.compile(r"^title:\s*[\"']?(.+?)[\"']?\s*$", re.M)


class MediaKind(StrEnum):
    PICTURE = "picture"
    VIDEO = "video"
    AUDIO = "audio"
    CAPTIONS = "captions"
    TRANSCRIPT = "transcript"
    DOCUMENT = "document"


_KINDS = {
    **dict.fromkeys(("png", "jpg", "jpeg", "gif", "webp", "svg"), MediaKind.PICTURE),
    **dict.fromkeys(("mp4", "webm"), MediaKind.VIDEO),
    "mp3": MediaKind.AUDIO,
    "vtt": MediaKind.CAPTIONS,
    "md": MediaKind.TRANSCRIPT,
}


def ending(path: str) -> str:
    return path.rpartition(".")[2].lower()


def kind_of(path: str) -> MediaKind:
    return _KINDS.get(ending(path), MediaKind.DOCUMENT)


def recorded(path: str) -> bool:
    return kind_of(path) in (MediaKind.VIDEO, MediaKind.AUDIO)


def captions_of(path: str) -> str:
    return f"{path.rpartition('.')[0]}.vtt"


def transcript_of(path: str) -> str:
    return f"{path.rpartition('.')[0]}.md"


def beside(path: str) -> tuple[str, str]:
    """Where the captions and the transcript of a recording stand."""
    return captions_of(path), transcript_of(path)


def uses(texts: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Media path → the files that lead there, in the order of the course; a recording leads to what stands beside it."""
    found: dict[str, list[str]] = {}
    for path, text in sorted(texts.items()):
        for one in dict.fromkeys(_targets(path, text)):
            for used in (one, *(beside(one) if recorded(one) else ())):
                found.setdefault(used, []).append(path)
    return {path: tuple(dict.fromkeys(places)) for path, places in found.items()}


def _targets(path: str, text: str) -> Iterable[str]:
    for match in _TARGET.finditer(text):
        written = next(group for group in match.groups() if group)
        written = unicodedata.normalize("NFC", unquote(written.partition("#")[0].partition("?")[0]))
        base = "" if written.startswith(MEDIA) else posixpath.dirname(path)
        target = posixpath.normpath(posixpath.join(base, written))
        if target.startswith(MEDIA):
            yield target


def markdown_for(path: str, *, text: str = "", decorative: bool = False) -> str:
    """What is written into a page to show a file there; `text` is what a picture shows, or what a recording is called."""
    name = path.rpartition("/")[2].rpartition(".")[0]
    said = _SIGNS.sub(r"\\\1", " ".join(text.split()))
    target = quote(path, safe="/-._~")
    if kind_of(path) is MediaKind.PICTURE:
        return f"![]({target}) <!-- decorative -->" if decorative else f"![{said}]({target})"
    named = said or _SIGNS.sub(r"\\\1", name.replace("-", " "))
    return f"[{named}]({target})"


def with_text(source: str, path: str, *, text: str, decorative: bool) -> str:
    """A page with the text at each place where the picture stands without one."""
    bare = re.compile(r"!\[\s*\]\(" + re.escape(quote(path, safe="/-._~")) + r"\)(?!\s*<!--\s*decorative)")
    return bare.sub(lambda _: markdown_for(path, text=text, decorative=decorative), source)


def alt_in(source: str, path: str) -> tuple[str, bool] | None:
    """What a page says of a picture in it, and whether it says that it only decorates; None where it says neither."""
    found = re.search(r"!\[([^\]]*)\]\(" + re.escape(quote(path, safe="/-._~")) + r"\)(\s*<!--\s*decorative)?", source)
    if found is None or not (found[1].strip() or found[2]):
        return None
    return re.sub(r"\\(.)", r"\1", found[1].strip()), bool(found[2])


def free_name(name: str, taken: Collection[str]) -> str:
    """Where a file of this name is put: words of small letters, and a number where the name is taken."""
    stem, _dot, end = name.rpartition(".")
    base = slug(stem)[:80].strip("-")
    number, path = 1, f"{MEDIA}{base}.{end.lower()}"
    # Captions and transcript are found by the name, so that two files with one name would share them.
    stems = {one.rpartition(".")[0] for one in taken}
    while path.rpartition(".")[0] in stems:
        number += 1
        path = f"{MEDIA}{base}-{number}.{end.lower()}"
    return path


def title_of(path: str, text: str) -> str:
    """What a page is called, for whoever has to find it."""
    head = text.split("\n---", 1)[0] if text.startswith("---") else ""
    found = _TITLE.search(head)
    return found[1] if found else path
