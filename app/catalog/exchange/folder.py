"""The files of a foreign package, and the words in them that point at one another."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote

from app.catalog.exchange import html_markdown
from app.catalog.exchange.desk import LOST_ELEMENTS, Desk, Item
from app.catalog.exchange.html_markdown import Converted
from app.kit.i18n import N_
from app.kit.limits import EXCHANGE_QUESTIONS

NOT_THERE = N_("what %(address)s points to, since it is not in the package")
_OUTSIDE = ("http://", "https://", "mailto:")
Elsewhere = Callable[[str, str], str | None]


class Refusal(Exception):
    """A question that cannot be asked here: a sentence to translate, its values, and the line if it is not the question's."""

    def __init__(self, template: str, line: int = 0, **values: object) -> None:
        super().__init__(template)
        self.template, self.line, self.values = template, line, values


def _nowhere(address: str, base: str) -> str | None:
    return None


@dataclass(slots=True)
class Folder:
    """`shown` fills up with the paths that words have shown or pointed to; `elsewhere` knows addresses that are no files."""

    desk: Desk
    files: Mapping[str, bytes]
    shown: set[str] = field(default_factory=set)
    elsewhere: Elsewhere = _nowhere
    # Other platforms write the places of their files in words of their own.
    roots: Mapping[str, str] = field(default_factory=dict)
    names: dict[str, list[str]] = field(default_factory=dict)
    asked: int = 0

    def one_more(self) -> bool:
        """Whether another question may be read; that no more are is told once."""
        self.asked += 1
        if self.asked == EXCHANGE_QUESTIONS + 1:
            self.desk.report.refused(
                self.desk.given.name, 0, N_("more than %(limit)s questions: split the file"), limit=EXCHANGE_QUESTIONS
            )
        return self.asked <= EXCHANGE_QUESTIONS

    def blocks(self, item: Item, html: str, base: str = "", *, top: int = 4) -> str:
        found = html_markdown.blocks(
            html, link=self._link(item, base), image=lambda address: self.media(item, address, base), top=top
        )
        return self._told(item, found)

    def line(self, item: Item, html: str, base: str = "") -> str:
        found = html_markdown.line(
            html, link=self._link(item, base), image=lambda address: self.media(item, address, base)
        )
        return self._told(item, found)

    def _told(self, item: Item, found: Converted) -> str:
        if found.lost:
            self.desk.report.left_out(item.name, item.line, LOST_ELEMENTS, names=", ".join(sorted(found.lost)))
        return found.markdown

    def _link(self, item: Item, base: str) -> html_markdown.Resolver:
        def resolve(address: str) -> str | None:
            if address.lower().startswith(_OUTSIDE):
                return address
            return self.elsewhere(address, base) or self.media(item, address, base)

        return resolve

    def media(self, item: Item, address: str, base: str = "") -> str | None:
        """Where a file of the package stands with us; None, with a note, when it is not there or not taken."""
        path = self.path(address, base)
        if path not in self.files:
            if address and not address.startswith("#"):
                self.missing(item, address)
            return None
        self.shown.add(path)
        return self.desk.file(item, path, self.files[path])

    def missing(self, item: Item, address: str) -> None:
        self.desk.report.left_out(item.name, item.line, NOT_THERE, address=unquote(address)[:200])

    def path(self, address: str, base: str = "") -> str:
        """The path in the package that an address means, seen from the file it stands in; empty for any other address."""
        written = unquote(address.strip()).partition("?")[0].partition("#")[0]
        for root, folder in self.roots.items():
            if written.startswith(root):
                return self.there(posixpath.normpath(posixpath.join(folder, written.removeprefix(root).lstrip("/"))))
        if not written or written.startswith(("/", "\\")) or ":" in written.partition("/")[0]:
            return ""
        found = posixpath.normpath(posixpath.join(posixpath.dirname(base), written))
        return "" if found.startswith("..") else self.there(found)

    def there(self, path: str) -> str:
        """The path, or that of the only file of this name: exports are not agreed on which folder theirs begin in."""
        if path in self.files or not path:
            return path
        if not self.names:
            for other in self.files:
                self.names.setdefault(other.rpartition("/")[2], []).append(other)
        found = self.names.get(path.rpartition("/")[2], [])
        return found[0] if len(found) == 1 else path
