"""Word documents: a page for each heading of the highest level, with its lists, tables, pictures and notes."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from docx import Document
from docx.oxml import parse_xml

from app.catalog.exchange import docx_styles, office
from app.catalog.exchange.desk import Desk, Item
from app.catalog.exchange.docx_styles import Numbering, Styles, child, inside, is_on, local, value, whole
from app.catalog.exchange.docx_words import Words
from app.catalog.exchange.model import Conversion, Given
from app.catalog.exchange.office import DAMAGED, Unreadable
from app.catalog.exchange.office_lists import ListItem, listed
from app.catalog.exchange.office_pages import NO_HEADER, Chapter, conversion, words
from app.catalog.exchange.office_pictures import Pictures
from app.kit.i18n import N_

_BEFORE = {"lt": "Įvadas", "en": "Introduction", "nb": "Innledning"}
_PLAIN_TABLES = ("", "table grid", "normal table", "table normal")
_QUOTES = ("quote", "intense quote", "block text")


@dataclass(frozen=True, slots=True)
class Heading:
    level: int
    text: str


Block = Heading | str


def read(given: Given) -> Conversion:
    desk = Desk(given)
    try:
        office.check(given, "word/document.xml", ".docx")
        document = Document(io.BytesIO(given.data))
        return _read(desk, document.part)
    except Unreadable as error:
        return office.refused(desk, error.template, **error.values)
    except office.BROKEN:
        return office.refused(desk, DAMAGED)


def _read(desk: Desk, part: Any) -> Conversion:
    def led_to(key: str) -> tuple[bool, str, bytes]:
        relation = part.rels.get(key)
        if relation is None:
            return False, "", b""
        if relation.is_external:
            return True, relation.target_ref, b""
        return False, "", relation.target_part.blob

    pictures = Pictures(desk)
    item = Item(desk.given.name, 0)
    styles = docx_styles.styles(_root(part, "styles"))
    said = Words(styles, pictures, desk.report, led_to, item)
    reader = Reader(desk, styles, docx_styles.numbering(_root(part, "numbering")), said)
    # With each block goes how many notes had been pointed to when it was done.
    blocks = [(block, len(said.cited)) for block in reader.blocks(inside(part.element, "body"))]
    reader.roots = {kind: _root(part, f"{kind}s") for kind in ("footnote", "endnote")}
    chapters = _chapters(blocks, reader, desk.lang)
    _tell_of_the_rest(desk, part)
    return conversion(desk, pictures, reader.title, chapters, ending=".docx")


def _root(part: Any, kind: str) -> Any | None:
    """The root element of the part of this kind that belongs to the document."""
    for relation in part.rels.values():
        if relation.reltype.endswith(f"/{kind}") and not relation.is_external:
            target = relation.target_part
            element = getattr(target, "element", None)
            return element if element is not None else parse_xml(target.blob)
    return None


def _tell_of_the_rest(desk: Desk, part: Any) -> None:
    for relation in part.rels.values():
        if relation.is_external:
            continue
        kind = relation.reltype.rpartition("/")[2]
        if kind in ("header", "footer") and any(
            (one.text or "").strip() for one in relation.target_part.element.iter() if local(one) == "t"
        ):
            desk.report.left_out(desk.given.name, 0, N_("what stands at the head and the foot of each page"))
        elif kind == "comments":
            desk.report.left_out(desk.given.name, 0, N_("comments"))


def _chapters(blocks: list[tuple[Block, int]], reader: Reader, lang: str) -> list[Chapter]:
    top = min((one.level for one, _cited in blocks if isinstance(one, Heading)), default=0)
    chapters: list[Chapter] = []
    told = seen = 0
    for block, cited in blocks:
        if isinstance(block, Heading) and block.level == top:
            if chapters:
                chapters[-1].blocks += reader.notes(told, seen)
                told = seen
            chapters.append(Chapter(block.text))
            seen = cited
            continue
        seen = cited
        if not chapters:
            # With no heading at all the document is one page, which is called what the document is.
            chapters.append(Chapter(_BEFORE.get(lang, _BEFORE["en"]) if top else reader.title))
        if isinstance(block, Heading):
            level = min(block.level, 6)
            block = f"<h{level}>{words(block.text)}</h{level}>"
        chapters[-1].blocks.append(block)
    if chapters:
        chapters[-1].blocks += reader.notes(told, seen)
    return chapters


@dataclass(slots=True)
class Reader:
    """`title` is what the document calls itself on its first page."""

    desk: Desk
    styles: Styles
    numbering: Numbering
    words: Words
    title: str = ""
    waiting: list[ListItem] = field(default_factory=list)
    roots: dict[str, Any | None] = field(default_factory=dict)

    def blocks(self, parent: Iterable[Any]) -> Iterator[Block]:
        for element in self._elements(parent):
            if local(element) == "tbl":
                yield from self._list()
                yield from self._table(element)
            else:
                yield from self._paragraph(element)
            boxes, self.words.boxes = self.words.boxes, []
            for box in boxes:
                self.desk.report.changed(
                    self.words.item.name, 0, N_("a text box now stands under the paragraph it hung on")
                )
                yield from self._list()
                yield from (
                    f"<p>{words(one.text)}</p>" if isinstance(one, Heading) else one for one in self.blocks(box)
                )
        yield from self._list()

    def _elements(self, parent: Iterable[Any]) -> Iterator[Any]:
        """Paragraphs and tables, out of whatever is around them."""
        for element in parent:
            name = local(element)
            if name in ("p", "tbl"):
                yield element
            elif name == "sdt":
                if any("Table of Contents" in value(one) for one in element.iter() if local(one) == "docPartGallery"):
                    self._contents()
                    continue
                yield from self._elements(inside(element, "sdtContent"))
            elif name in ("customXml", "ins", "moveTo", "smartTag"):
                yield from self._elements(element)

    def _contents(self) -> None:
        self.desk.report.left_out(self.desk.given.name, 0, N_("the table of contents, since every course has its own"))

    def _list(self) -> Iterator[str]:
        items, self.waiting = self.waiting, []
        if items:
            yield listed(items)

    def _paragraph(self, element: Any) -> Iterator[Block]:
        properties = child(element, "pPr")
        style = value(child(properties, "pStyle")) if properties is not None else ""
        name = self.styles.name(style)
        if name.startswith("toc "):
            self._contents()
            return
        level = self._level(properties, style)
        if level or name in ("title", "toc heading"):
            yield from self._list()
            yield from self._heading(element, level, name)
            return
        number, depth = self._number(properties, style)
        html = self.words.html(element)
        if not _says(html):
            return
        form = self.numbering.form(number, depth) if number else "none"
        if form != "none":
            ordered = form != "bullet"
            self.waiting.append(ListItem(depth, ordered, self.numbering.next(number, depth), html))
            return
        yield from self._list()
        yield f"<blockquote><p>{html}</p></blockquote>" if name in _QUOTES else f"<p>{html}</p>"

    def _level(self, properties: Any | None, style: str) -> int:
        outline = value(child(properties, "outlineLvl")) if properties is not None else ""
        own = whole(outline, 9) + 1 if outline else 0
        return own if 1 <= own <= 9 else 0 if own else self.styles.level(style)

    def _heading(self, element: Any, level: int, name: str) -> Iterator[Block]:
        text, pictures = self.words.plain(element)
        if name == "title" and text and not self.title:
            self.title = text
        elif text and level:
            self.words.item = Item(text[:100], 0)
            yield Heading(level, text)
        elif text and name == "title":
            yield f"<p>{words(text)}</p>"
        if pictures:
            yield f"<p>{pictures}</p>"

    def _number(self, properties: Any | None, style: str) -> tuple[str, int]:
        own = child(properties, "numPr") if properties is not None else None
        number, depth = self.styles.number(style)
        if own is not None:
            said = value(child(own, "numId"))
            number = said or number
            depth = whole(value(child(own, "ilvl")), depth)
        return ("", 0) if number == "0" else (number, max(0, min(depth, 8)))

    # Tables

    def _table(self, table: Any) -> Iterator[Block]:
        rows = list(self._inside(table, "tr"))
        cells = [list(self._inside(row, "tc")) for row in rows]
        if sum(len(row) for row in cells) == 1:
            # A table of one cell is a frame around something.
            yield from (
                f"<p>{words(one.text)}</p>" if isinstance(one, Heading) else one
                for one in self.blocks(cells[-1][0] if cells[-1] else cells[0][0])
            )
            return
        if not self._has_head(table, rows, cells):
            self.desk.report.changed(self.words.item.name, 0, NO_HEADER)
        html = []
        for number, row in enumerate(cells):
            tag = "td" if number else "th"
            html.append("<tr>" + "".join(self._cell(cell, tag) for cell in row) + "</tr>")
        if html:
            yield f"<table>{''.join(html)}</table>"

    def _inside(self, parent: Any, name: str) -> Iterator[Any]:
        for element in parent:
            if local(element) == name:
                yield element
            elif local(element) in ("sdt", "sdtContent", "ins", "customXml"):
                yield from self._inside(element, name)

    def _cell(self, cell: Any, tag: str) -> str:
        span = whole(value(child(cell, "tcPr", "gridSpan")), 1)
        merged = child(cell, "tcPr", "vMerge")
        if span > 1 or merged is not None:
            self.desk.report.changed(self.words.item.name, 0, N_("cells that were joined in a table now stand apart"))
        parts = []
        # Headings and lists inside a cell are lines of it: a cell of ours has one.
        for element in self._elements(cell):
            if local(element) == "tbl":
                self.desk.report.changed(self.words.item.name, 0, N_("a table inside a table is now words in its cell"))
                parts += [self.words.html(one) for one in element.iter() if local(one) == "p"]
            else:
                parts.append(self.words.html(element))
        html = "<br>".join(part for part in parts if _says(part))
        return f"<{tag}>{html}</{tag}>" + f"<{tag}></{tag}>" * (min(span, 60) - 1)

    def _has_head(self, table: Any, rows: list[Any], cells: list[list[Any]]) -> bool:
        if not rows or len(rows) < 2:
            return False
        if is_on(child(rows[0], "trPr", "tblHeader")):
            return True
        look = child(table, "tblPr", "tblLook")
        first = value(look, "firstRow") in ("1", "true") or whole_hex(value(look)) & 0x20 > 0
        styled = self.styles.name(value(child(table, "tblPr", "tblStyle"))) not in _PLAIN_TABLES
        return (first and styled) or all(self._is_bold(cell) for cell in cells[0])

    def _is_bold(self, cell: Any) -> bool:
        runs = [
            one
            for one in cell.iter()
            if local(one) == "r" and any((t.text or "").strip() for t in one if local(t) == "t")
        ]
        return all(is_on(child(run, "rPr", "b")) for run in runs) and bool(runs)

    # Notes at the foot of a page

    def notes(self, first: int, last: int) -> list[str]:
        """The notes that a chapter points to, in that order; they stand at its end."""
        items: list[ListItem] = []
        for number in range(first, last):
            kind, name = self.words.cited[number]
            found = next((one for one in inside_root(self.roots.get(kind)) if value(one, "id") == name), None)
            said = [self.words.html(one) for one in found if local(one) == "p"] if found is not None else []
            items.append(ListItem(0, True, number + 1, " ".join(part for part in said if _says(part)) or "–"))
        return [listed(items)] if items else []


def inside_root(root: Any | None) -> list[Any]:
    return list(root) if root is not None else []


def _says(html: str) -> bool:
    """Whether anything can be seen of it."""
    return bool(html.replace("<br>", "").strip())


def whole_hex(text: str) -> int:
    try:
        return int(text, 16)
    except ValueError:
        return 0
