"""PDF: the file as a download, and its words under the headings of its table of contents."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pypdf import PdfReader
from pypdf.errors import DependencyError, PyPdfError

from app.catalog.exchange import office
from app.catalog.exchange.desk import Desk
from app.catalog.exchange.escaping import folded
from app.catalog.exchange.model import Conversion, Given
from app.catalog.exchange.office_lists import ListItem, listed
from app.catalog.exchange.office_pages import Chapter, conversion, paragraph, words
from app.catalog.exchange.office_pictures import Pictures
from app.kit.i18n import N_
from app.kit.limits import PDF_PAGES

_BROKEN = (PyPdfError, *office.BROKEN, ArithmeticError)
_LOCKED = N_("this file is locked with a password: open it, remove the password, save it and upload that")
_BULLET = re.compile(r"\s*[•●▪◦‣–-]\s+(\S.*)")
_HEADINGS = 500
_DEEPEST = 5


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the table of contents: how deep it stands, and on which page it begins."""

    level: int
    title: str
    page: int


def read(given: Given) -> Conversion:
    desk = Desk(given)
    try:
        reader = PdfReader(io.BytesIO(given.data), strict=False)
        # Many files only forbid printing: they open with an empty password.
        if reader.is_encrypted and not reader.decrypt(""):
            return office.refused(desk, _LOCKED)
        count = len(reader.pages)
    except DependencyError:
        return office.refused(desk, _LOCKED)
    except _BROKEN:
        return office.refused(desk, office.DAMAGED)
    if count > PDF_PAGES:
        return office.refused(desk, N_("it has more than %(limit)s pages: part it into several files"), limit=PDF_PAGES)
    if not count:
        return office.refused(desk, office.DAMAGED)
    pages = _without_margins(desk, [_lines(desk, reader, number) for number in range(count)])
    entries = _outline(reader)
    chapter = Chapter(desk.given.title)
    for number, lines in enumerate(pages):
        chapter.blocks += _page(lines, [one for one in entries if one.page == number])
    if not any(pages):
        desk.report.changed(
            given.name,
            0,
            N_("it holds pictures of pages, not words: only those who see can read it, so write what it says"),
        )
    elif any("/XObject" in str(page.get("/Resources", "")) for page in reader.pages):
        desk.report.left_out(given.name, 0, N_("pictures and tables of a PDF: only its words can be taken out"))
    return conversion(desk, Pictures(desk), "", [chapter], ending=".pdf")


def _lines(desk: Desk, reader: PdfReader, number: int) -> list[str]:
    try:
        text = reader.pages[number].extract_text()
    except _BROKEN:
        desk.report.left_out(desk.given.name, number + 1, N_("a page that cannot be read"))
        return []
    return [folded(line).strip() for line in text.split("\n")]


def _without_margins(desk: Desk, pages: list[list[str]]) -> list[list[str]]:
    """Without what stands at the head or the foot of most pages: a title, a number."""

    def bare(line: str) -> str:
        return re.sub(r"\d+", "#", line)

    pages = [_stripped(lines) for lines in pages]
    edges = Counter(bare(line) for lines in pages if lines for line in {lines[0], lines[-1]})
    usual = {line for line, count in edges.items() if count >= 3 and count * 2 > len(pages)}
    if not usual:
        return pages
    desk.report.left_out(desk.given.name, 0, N_("what stands at the head and the foot of each page"))
    return [
        [line for n, line in enumerate(lines) if n not in (0, len(lines) - 1) or bare(line) not in usual]
        for lines in pages
    ]


def _stripped(lines: list[str]) -> list[str]:
    while lines and not lines[0]:
        lines = lines[1:]
    while lines and not lines[-1]:
        lines = lines[:-1]
    return lines


def _outline(reader: PdfReader) -> list[Entry]:
    try:
        found = list(_entries(reader, reader.outline, 1))
    except _BROKEN:
        return []
    return found[:_HEADINGS]


def _entries(reader: PdfReader, outline: Any, level: int) -> Iterator[Entry]:
    for one in outline:
        if isinstance(one, list):
            if level < _DEEPEST:
                yield from _entries(reader, one, level + 1)
            continue
        page = reader.get_destination_page_number(one)
        title = folded(str(one.title or "")).strip()
        if title and page is not None and page >= 0:
            yield Entry(level, title[:200], page)


def _page(lines: list[str], entries: list[Entry]) -> list[str]:
    """The words of a page, with each heading where its words stand, else at the top."""
    places: dict[int, list[Entry]] = {}
    taken: set[int] = set()
    after = 0
    for entry in entries:
        wanted = _same(entry.title)
        found = next((n for n in range(after, len(lines)) if _same(lines[n]) == wanted), None)
        if found is not None:
            taken.add(found)
            after = found + 1
        places.setdefault(found if found is not None else after, []).append(entry)
    blocks: list[str] = []
    start = 0
    for place in sorted(places):
        blocks += _prose([line for n, line in enumerate(lines[start:place], start) if n not in taken])
        blocks += [f"<h{one.level + 1}>{words(one.title)}</h{one.level + 1}>" for one in places[place]]
        start = place
    return blocks + _prose([line for n, line in enumerate(lines[start:], start) if n not in taken])


def _same(text: str) -> str:
    """A heading without its number, since the table of contents may leave that out."""
    return re.sub(r"^[\d.]+\s*|\W+", "", text.casefold())


def _prose(lines: list[str]) -> list[str]:
    """Lines as paragraphs: a new one begins at an empty line, and behind a short line that ends a sentence."""
    width = max((len(line) for line in lines), default=0)
    blocks: list[str] = []
    items: list[ListItem] = []
    held = ""

    def close() -> None:
        nonlocal held
        if items and held:
            items[-1] = ListItem(0, False, 1, words(held))
        elif held:
            blocks.append(paragraph(held))
        held = ""

    def end_list() -> None:
        if items:
            blocks.append(listed(items))
            items.clear()

    for line in lines:
        bullet = _BULLET.fullmatch(line)
        if not line:
            close()
            end_list()
        elif bullet:
            close()
            items.append(ListItem(0, False, 1, words(bullet[1])))
            held = bullet[1]
        else:
            held = _continued(held, line)
            if line[-1] in ".!?:" and len(line) < width * 0.7:
                close()
                end_list()
    close()
    end_list()
    return blocks


def _continued(held: str, line: str) -> str:
    """A word that was parted at the end of a line is one word again."""
    if held.endswith(("-", "\u00ad")) and line[:1].islower() and held[-2:-1].isalpha():
        return held[:-1] + line
    return f"{held} {line}".strip()
