"""Links from page to page: other platforms name their pages, here a link is the path from file to file."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
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
_MARK = re.compile(rf"^<!-- {_SCHEME}([A-Za-z0-9_.~-]+) -->\n\n?", re.M)


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


def marked(resource: str, body: str) -> str:
    """The body of a page, with the resource that it was made of noted above it until links have been resolved."""
    return f"<!-- {_SCHEME}{_safe(resource)} -->\n\n{body}".rstrip() if resource else body


def resolved(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files with every mark turned into a path; where a page has not come along, only the words of the link stay."""
    texts = {path: data.decode() for path, data in files.items() if path.endswith(".md")}
    places = {found[1]: path for path, text in texts.items() if (found := _MARK.search(text))}
    turned = {path: _turned(path, _MARK.sub("", text), places).encode() for path, text in texts.items()}
    return {path: turned.get(path, data) for path, data in files.items()}


def _turned(path: str, text: str, places: Mapping[str, str]) -> str:
    def turned(found: re.Match[str]) -> str:
        target = places.get(found[2])
        return f"[{found[1]}]({posixpath.relpath(target, posixpath.dirname(path) or '.')})" if target else found[1]

    return _LINK.sub(turned, text)
