"""The list of contents of an IMS package: what it is, what is in it, and in which order it is read."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from app.catalog.exchange import xml
from app.catalog.exchange.proposing import one_line
from app.kit.i18n import N_

NAME = "imsmanifest.xml"
# More than anybody reads; a manifest may hold as many as it likes.
MOST_ITEMS = 3000
NOT_ONE = N_("this file is not a list of contents of a package")


@dataclass(frozen=True, slots=True)
class Resource:
    """`href` is where it begins, `files` everything that belongs to it, `depends` the ids of resources that it needs."""

    id: str
    type: str
    href: str
    files: tuple[str, ...] = ()
    depends: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    scorm: str = ""
    roles: tuple[str, ...] = ()
    line: int = 0

    @property
    def first(self) -> str:
        return self.href or (self.files[0] if self.files else "")


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the table of contents, with what stands below it."""

    id: str
    title: str
    resource: str
    entries: tuple[Entry, ...] = ()
    line: int = 0


@dataclass(frozen=True, slots=True)
class Manifest:
    schema: str
    version: str
    title: str
    lang: str
    entries: tuple[Entry, ...]
    resources: Mapping[str, Resource] = field(default_factory=dict)


def read(data: bytes) -> Manifest:
    """Raises BadXML. Addresses that lead out of the package are empty here, so that nobody follows them."""
    root = xml.parse(data)
    if xml.name(root) != "manifest":
        raise xml.BadXML(NOT_ONE, xml.line(root))
    about = xml.child(root, "metadata")
    general = next((one for one in _all(about, "general")), None)
    resources: dict[str, Resource] = {}
    for element in _all(xml.child(root, "resources"), "resource"):
        found = _resource(element)
        resources.setdefault(found.id, found)
    budget = [MOST_ITEMS]
    organisation = next(_all(xml.child(root, "organizations"), "organization"), None)
    title = _said(xml.child(general, "title")) or xml.text(xml.child(organisation, "title"))
    return Manifest(
        schema=xml.text(xml.child(about, "schema")).strip(),
        version=xml.text(xml.child(about, "schemaversion")).strip(),
        title=one_line(title)[:200],
        lang=_said(xml.child(general, "language")),
        entries=_entries(organisation, budget),
        resources=resources,
    )


def _all(element: Element | None, *names: str) -> Iterator[Element]:
    if element is not None:
        yield from (one for one in element.iter() if xml.name(one) in names)


def _said(element: Element | None) -> str:
    return one_line("".join(element.itertext())) if element is not None else ""


def _entries(element: Element | None, budget: list[int]) -> tuple[Entry, ...]:
    found: list[Entry] = []
    for item in xml.children(element, "item"):
        budget[0] -= 1
        if budget[0] < 0:
            break
        given = xml.attributes(item)
        found.append(
            Entry(
                given.get("identifier", ""),
                one_line(xml.text(xml.child(item, "title")))[:200],
                given.get("identifierref", ""),
                _entries(item, budget),
                xml.line(item),
            )
        )
    return tuple(found)


def _resource(element: Element) -> Resource:
    given = xml.attributes(element)
    base = element.attrib.get("{http://www.w3.org/XML/1998/namespace}base", "")
    files = [_path(base, xml.attributes(file).get("href", "")) for file in xml.children(element, "file")]
    return Resource(
        id=given.get("identifier", ""),
        type=given.get("type", "").lower(),
        href=_path(base, given.get("href", "")),
        files=tuple(file for file in files if file),
        depends=tuple(xml.attributes(one).get("identifierref", "") for one in xml.children(element, "dependency")),
        keywords=tuple(_said(one) for one in _all(xml.child(element, "metadata"), "keyword")),
        scorm=(given.get("scormtype") or given.get("scormType") or "").lower(),
        roles=tuple(_said(xml.child(one, "value")).lower() for one in _all(element, "intendedEndUserRole")),
        line=xml.line(element),
    )


def _path(base: str, href: str) -> str:
    """A path inside the package, or nothing."""
    written = unquote(href.partition("?")[0].partition("#")[0].strip())
    if not written or written.startswith(("/", "\\")) or "\\" in written or ":" in written.partition("/")[0]:
        return ""
    found = posixpath.normpath(posixpath.join(base, written))
    return "" if found.startswith(("..", "/")) or found == "." else found
