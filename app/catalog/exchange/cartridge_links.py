"""Links from page to page: other platforms name their pages, here a link is the path from file to file."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from app.catalog.exchange.folder import Folder
from app.catalog.exchange.imsmanifest import Manifest

# How Canvas and Common Cartridge write "the folder of files"; the folder they mean is this one.
ROOTS = {
    "$IMS-CC-FILEBASE$": "web_resources",
    "$IMS_CC_FILEBASE$": "web_resources",
    "$1EdTech-CC-FILEBASE$": "web_resources",
    "$CANVAS_COURSE_REFERENCE$/files": "web_resources",
}
_PAGES = ("$WIKI_REFERENCE$/pages/", "$CANVAS_OBJECT_REFERENCE$/pages/")
_OBJECTS = re.compile(r"\$CANVAS_OBJECT_REFERENCE\$/(?:assignments|quizzes|discussion_topics)/([^/?#]+)")
# Stands for a page until it is known which file it is.
_SCHEME = "klpage:"
_LINK = re.compile(r"\[((?:[^\[\]\\]|\\.)*)\]\(" + _SCHEME + r"([A-Za-z0-9_.~-]+)\)")


@dataclass(frozen=True, slots=True)
class Links:
    folder: Folder
    manifest: Manifest

    def found(self, address: str, base: str) -> str | None:
        """A mark for the page that an address means, if it means one."""
        written = unquote(address)
        for start in _PAGES:
            if written.startswith(start):
                name = written.removeprefix(start).partition("?")[0].partition("#")[0]
                return self._mark(self._by_path(f"wiki_content/{name}.html") or self._by_id(name))
        meant = _OBJECTS.match(written)
        if meant:
            return self._mark(self._by_id(meant[1]))
        path = self.folder.path(address, base)
        return self._mark(self._by_path(path)) if path.lower().endswith((".html", ".htm", ".xhtml")) else None

    def _by_id(self, name: str) -> str:
        return name if name in self.manifest.resources else ""

    def _by_path(self, path: str) -> str:
        return next((r.id for r in self.manifest.resources.values() if path and r.first == path), "")

    def _mark(self, resource: str) -> str | None:
        return f"{_SCHEME}{_safe(resource)}" if resource else None


def _safe(resource: str) -> str:
    return re.sub(r"[^A-Za-z0-9_.-]", lambda found: f"~{ord(found[0]):x}", resource)


def resolved(files: Mapping[str, bytes], pages: Sequence[str]) -> dict[str, bytes]:
    """The files with every mark turned into a path; where a page has not come along, only the words of the link stay.

    `pages` are the resources that became pages, in the order in which the files of the pages come.
    """
    written = [path for path in files if path.endswith(".md") and path.count("/") == 1 and _is_page(path)]
    places = {_safe(name): path for name, path in zip(pages, written, strict=True) if name}
    return {path: _turned(path, data, places) if path.endswith(".md") else data for path, data in files.items()}


def _is_page(path: str) -> bool:
    return not path.startswith(("banks/", "media/")) and not path.endswith("/module.md")


def _turned(path: str, data: bytes, places: Mapping[str, str]) -> bytes:
    def turned(found: re.Match[str]) -> str:
        target = places.get(found[2])
        return f"[{found[1]}]({posixpath.relpath(target, posixpath.dirname(path) or '.')})" if target else found[1]

    return _LINK.sub(turned, data.decode()).encode()
