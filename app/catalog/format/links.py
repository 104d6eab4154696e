"""What a file points at: pictures, recordings, documents, other pages; all of it must be there."""

from __future__ import annotations

import posixpath
import re
import unicodedata
from urllib.parse import unquote

from markdown_it.token import Token

from app.catalog.format.layout import MEDIA
from app.catalog.format.source import Source
from app.kit.i18n import N_

RECORDINGS = (".mp4", ".webm", ".mp3")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_OUTSIDE = ("https:", "http:", "mailto:", "tel:")
_DECORATIVE = re.compile(r"<!--\s*decorative\s*-->")


def check(source: Source, files: set[str], anchors: set[str]) -> None:
    for token in source.tokens:
        children = token.children or []
        for position, child in enumerate(children):
            if child.type == "image":
                _picture(source, files, token, child, children[position + 1 :])
            elif child.type == "link_open":
                _link(source, files, anchors, token, str(child.attrs.get("href", "")))


def _line(source: Source, token: Token, target: str) -> tuple[int, str]:
    """Where a target stands in the lines of its paragraph, and how it is written there."""
    first, last = token.map or (source.start, source.start + 1)
    for written in (target, unquote(target)):
        for number in range(first, last):
            if written and written in source.lines[number]:
                return number, written
    return first, ""


def _picture(source: Source, files: set[str], token: Token, image: Token, after: list[Token]) -> None:
    target = str(image.attrs.get("src", ""))
    line, needle = _line(source, token, target)
    follows = next((other for other in after if other.content.strip()), None)
    decorative = follows is not None and _DECORATIVE.fullmatch(follows.content.strip())
    if not image.content.strip() and not decorative:
        source.note(line, "E170", N_("a picture has a text for those who do not see it, or <!-- decorative --> behind it"),
                    needle=needle)  # fmt: skip
    if _SCHEME.match(target) or target.startswith("//"):
        source.note(
            line, "E183", N_("pictures come with the course, in media/: %(target)s"), needle=needle, target=target
        )
        return
    _found(source, files, line, needle, target)


def _link(source: Source, files: set[str], anchors: set[str], token: Token, target: str) -> None:
    line, needle = _line(source, token, target)
    if target.startswith("#"):
        if unquote(target[1:]) not in anchors:
            source.note(line, "E181", N_('no heading "%(target)s" on this page'), needle=needle, target=unquote(target))
    elif _SCHEME.match(target):
        if not target.lower().startswith(_OUTSIDE):
            source.note(line, "E183", N_("links lead to https, mailto, tel or a file of the course: %(target)s"),
                        needle=needle, target=target)  # fmt: skip
    elif target:
        path = _found(source, files, line, needle, target)
        if path is not None and path.lower().endswith(RECORDINGS):
            _recording(source, files, line, needle, path)


def _found(source: Source, files: set[str], line: int, needle: str, target: str) -> str | None:
    written = unicodedata.normalize("NFC", unquote(target.partition("#")[0].partition("?")[0]))
    if target.startswith("/"):
        source.note(line, "E183", N_("paths are relative: %(target)s"), needle=needle, target=target)
        return None
    # media/ is counted from the course folder in whatever file it is written; every other path from its own file.
    base = "" if written.startswith(MEDIA) else posixpath.dirname(source.path)
    path = posixpath.normpath(posixpath.join(base, written))
    if path == ".." or path.startswith("../"):
        source.note(line, "E182", N_("a path may not lead out of the course: %(target)s"), needle=needle, target=target)
        return None
    if path not in files:
        source.note(line, "E181", N_("there is no file %(path)s"), needle=needle, path=path)
        return None
    return path


def _recording(source: Source, files: set[str], line: int, needle: str, path: str) -> None:
    stem = path.rpartition(".")[0]
    for beside, what in ((f"{stem}.vtt", _CAPTIONS), (f"{stem}.md", _TRANSCRIPT)):
        if beside not in files:
            source.note(line, "E171", what, needle=needle, path=beside)


_CAPTIONS = N_("a recording needs captions: %(path)s")
_TRANSCRIPT = N_("a recording needs a transcript: %(path)s")
