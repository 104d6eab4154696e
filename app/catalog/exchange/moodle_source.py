"""One question element of Moodle XML: its values, its words in the format each is written in, and its files."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from app.catalog.exchange import carried, xml
from app.catalog.exchange.desk import Desk, Item, headed
from app.kit.i18n import N_


class Refusal(Exception):
    """A question that cannot be asked: a sentence to translate, its values, and the line if it is not the question's."""

    def __init__(self, template: str, line: int = 0, **values: object) -> None:
        super().__init__(template)
        self.template, self.line, self.values = template, line, values


def form(element: Element | None) -> tuple[str, str]:
    """The words of an element and the format they are written in."""
    said = xml.text(xml.child(element, "text"))
    given = (element.attrib.get("format", "") if element is not None else "").lower()
    how = {"html": "html", "markdown": "markdown", "plain_text": "plain", "plain": "plain"}.get(given, "auto")
    return said, how


@dataclass(slots=True)
class Source:
    """One question element, with the files that stand in it; `words` turns a part of it into Markdown."""

    desk: Desk
    item: Item
    element: Element
    files: dict[str, bytes] = field(default_factory=dict)

    def child(self, name: str) -> Element | None:
        return xml.child(self.element, name)

    def all(self, name: str) -> Iterator[Element]:
        return xml.children(self.element, name)

    def value(self, name: str, default: str = "") -> str:
        """Elements hold their value, or a <text> that does; of several the last one counts."""
        found = default
        for element in self.all(name):
            inner = xml.child(element, "text")
            found = (xml.text(inner) if inner is not None else xml.text(element)).strip()
        return found

    def asked(self) -> tuple[str, str, str]:
        """The title that the question text begins with (or nothing), the rest of it, and its format."""
        said, how = form(self.child("questiontext"))
        return (*headed(self.item.name if self.child("name") is not None else "", carried.taken(said)[0], how), how)

    def blocks(self, element: Element | None) -> str:
        if element is None:
            return ""
        said, how = form(element)
        return self.desk.blocks(self.item, said, how, self.files)

    def line(self, element: Element, text: str | None = None) -> str:
        said, how = form(element)
        return self.desk.line(self.item, said if text is None else text, how, self.files)


def files_of(desk: Desk, item: Item, element: Element) -> dict[str, bytes]:
    """Every file of a question by its path: in questions, answers and feedback alike the name means the same file."""
    found: dict[str, bytes] = {}
    for file in element.iter():
        if xml.name(file) != "file" or file.attrib.get("encoding", "base64") != "base64":
            continue
        path = (file.attrib.get("path", "/").strip("/") + "/" + file.attrib.get("name", "")).lstrip("/")
        data = decoded(xml.text(file))
        if data is None:
            desk.report.left_out(item.name, xml.line(file), N_("the file %(name)s, since it is not whole"), name=path)
        else:
            found[path] = data
    return found


def decoded(text: str) -> bytes | None:
    try:
        return base64.b64decode("".join(text.split()), validate=True) or None
    except (binascii.Error, ValueError):
        return None
