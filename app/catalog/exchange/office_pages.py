"""Chapters of a foreign document, in HTML, as pages of a proposed course: none too long, with the document itself beside them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape

from app.catalog.exchange import escaping, html_markdown, proposing
from app.catalog.exchange.desk import LOST_ELEMENTS, Desk, Item
from app.catalog.exchange.model import Conversion, Proposal, ProposedModule, ProposedPage
from app.catalog.exchange.office_pictures import Pictures
from app.catalog.exchange.proposing import one_line
from app.kit.i18n import N_
from app.kit.limits import MARKDOWN_BYTES, RUN_CHARACTERS
from app.kit.runs import heavy

_ORIGINAL = {"lt": "Pradinis failas", "en": "The original file", "nb": "Den opprinnelige filen"}
NO_HEADER = N_("a table has no header row, so its first row became one: see whether it says what stands in each column")
_TITLE_CHARACTERS = 200
# Room for front matter and for texts of pictures that are written later.
_PAGE_BYTES = MARKDOWN_BYTES * 3 // 4
_RUN = RUN_CHARACTERS * 3 // 4
_FILE = re.compile(r"\S{1,200}\.(?:png|jpe?g|gif|bmp|tiff?|webp|svg|emf|wmf)", re.I)
_ADDRESS = re.compile(r"(https?://[^\s<>\"()\[\]{}]{1,500}[^\s<>\"()\[\]{}.,;:!?'])")
_ITEM = re.compile(r"( *)(- |\d{1,9}\. )?")


@dataclass(slots=True)
class Chapter:
    """A page to be: `blocks` are whole HTML elements, one after the other."""

    title: str
    blocks: list[str] = field(default_factory=list)


def conversion(desk: Desk, pictures: Pictures, title: str, chapters: Sequence[Chapter], *, ending: str) -> Conversion:
    """The course that is proposed; the document itself stands at the top of the first page, under the `ending` of its kind."""
    title = one_line(title)[:150] or one_line(desk.given.title)[:150]
    pages = [page for chapter in chapters for page in _pages(desk, pictures, chapter, title)]
    pages = pages or [ProposedPage(title)]
    original = _original(desk, ending)
    if original:
        first = pages[0]
        pages[0] = ProposedPage(first.title, f"{original}\n\n{first.body}".strip())
    desk.report.carried(desk.given.name, 0, N_("pages proposed: %(count)s"), count=len(pages))
    proposal = Proposal(
        title, (ProposedModule(title, tuple(pages)),), lang=desk.lang, owner=desk.given.owner, media=desk.media
    )
    return Conversion(proposing.files(proposal), tuple(desk.report.notes))


def _original(desk: Desk, ending: str) -> str:
    name = f"{desk.given.title}{ending}"
    path = desk.file(Item(name, 0), name, desk.given.data)
    if path is None:
        return ""
    desk.report.carried(
        name, 0,
        N_("the file itself, which can be downloaded as it is, with its author, comments and earlier wordings, if it has any"),
    )  # fmt: skip
    said = _ORIGINAL.get(desk.lang, _ORIGINAL["en"])
    return f"[{escaping.inline(f'{said}: {name}')}]({escaping.address(path)})"


def _pages(desk: Desk, pictures: Pictures, chapter: Chapter, course: str) -> list[ProposedPage]:
    item = Item(one_line(chapter.title)[:100] or course, 0)
    found = html_markdown.blocks(
        "".join(chapter.blocks),
        image=lambda address: address if address in desk.media else None,
        top=2,
        formulas=False,
    )
    lost = found.lost - {"image"}  # what became of each picture has been said where it was met
    if lost:
        desk.report.left_out(item.name, 0, LOST_ELEMENTS, names=", ".join(sorted(lost)))
    markdown = found.markdown
    for path in pictures.decorative:
        markdown = markdown.replace(f"![]({path})", f"![]({path}) <!-- decorative -->")
    title = one_line(chapter.title)[:_TITLE_CHARACTERS] or course
    parts = _parted([light for block in markdown.split("\n\n") for light in _light(block)])
    if len(parts) > 1:
        desk.report.changed(item.name, 0, N_("it is too long for one page and is now %(count)s"), count=len(parts))
    return [
        ProposedPage(title if number == 1 else f"{title} ({number})", "\n\n".join(part))
        for number, part in enumerate(parts, 1)
    ]


def _parted(blocks: Sequence[str]) -> list[list[str]]:
    parts: list[list[str]] = [[]]
    size = 0
    for block in blocks:
        length = len(block.encode()) + 2
        if parts[-1] and size + length > _PAGE_BYTES:
            parts.append([])
            size = 0
        parts[-1].append(block)
        size += length
    return parts


def _light(block: str) -> list[str]:
    """The block, or the same in pieces that a Markdown parser is given: a longer one it would not be."""
    if len(block) <= _RUN and heavy(block) is None:
        return [block]
    lines = block.split("\n")
    if lines[0].startswith("| ") and len(lines) > 2:
        return _table(lines)
    return [piece for row in lines for piece in _line(row)]


def _table(lines: list[str]) -> list[str]:
    head, rows = lines[:2], lines[2:]
    tables: list[str] = []
    kept: list[str] = []
    for row in rows:
        if kept and (heavy("\n".join([*head, *kept, row])) is not None):
            tables.append("\n".join([*head, *kept]))
            kept = []
        kept.append(row)
    return [*tables, "\n".join([*head, *kept])]


def _line(line: str) -> list[str]:
    """A line in pieces that end at a space, each indented like the first."""
    line = line.removesuffix("\\")
    if len(line) <= _RUN and heavy(line) is None:
        return [line]
    mark = _ITEM.match(line)
    indent = " " * len(mark[0]) if mark else ""
    words = re.findall(r"\s*(?:\\.|[^\s\\]){1,100}|\s+|\\", line)
    pieces, piece = [], ""
    for word in words:
        if piece and (len(piece) + len(word) > _RUN or heavy(piece + word) is not None):
            pieces.append(piece)
            piece = indent + escaping.at_start(word.lstrip())
        else:
            piece += word
    return [*pieces, piece]


def paragraph(text: str) -> str:
    """Plain words as a paragraph."""
    return f"<p>{words(text)}</p>" if text.strip() else ""


def words(text: str) -> str:
    """Plain words as HTML. An address among them becomes a link here, since escaped for Markdown it would lead elsewhere."""
    parts = _ADDRESS.split(text)
    return "".join(
        f'<a href="{escape(part)}">{escape(part, quote=False)}</a>' if n % 2 else escape(part, quote=False)
        for n, part in enumerate(parts)
    )


def picture(path: str, alt: str) -> str:
    return f'<img src="{escape(path)}" alt="{escape(said(alt))}">'


def said(alt: str) -> str:
    """A text for those who do not see a picture; what programs fill in by themselves, the name of a file, says nothing."""
    alt = one_line(alt)[:500]
    return "" if _FILE.fullmatch(alt) else alt
