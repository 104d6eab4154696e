"""Presentations: a page for each section of slides, a heading for each slide, and what the speaker noted as words under it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE_TYPE, PP_PLACEHOLDER

from app.catalog.exchange import office, pptx_words
from app.catalog.exchange.desk import Desk, Item
from app.catalog.exchange.docx_styles import local
from app.catalog.exchange.model import Conversion, Given
from app.catalog.exchange.office import DAMAGED, Unreadable
from app.catalog.exchange.office_pages import NO_HEADER, Chapter, conversion, picture, words
from app.catalog.exchange.office_pictures import Pictures
from app.kit.i18n import N_

_SLIDE = {"lt": "%s skaidrė", "en": "Slide %s", "nb": "Lysbilde %s"}
_TITLES = (PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE, PP_PLACEHOLDER.VERTICAL_TITLE)
_SURROUNDINGS = (PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.HEADER, PP_PLACEHOLDER.SLIDE_NUMBER)
_BODIES = (PP_PLACEHOLDER.BODY, PP_PLACEHOLDER.OBJECT, PP_PLACEHOLDER.VERTICAL_BODY, PP_PLACEHOLDER.VERTICAL_OBJECT)
_OPENING = ("secHead", "title")
_DEEPEST_GROUP = 8


def read(given: Given) -> Conversion:
    desk = Desk(given)
    try:
        office.check(given, "ppt/presentation.xml", ".pptx")
        return _read(desk, Presentation(io.BytesIO(given.data)))
    except Unreadable as error:
        return office.refused(desk, error.template, **error.values)
    except office.BROKEN:
        return office.refused(desk, DAMAGED)


def _read(desk: Desk, presentation: Any) -> Conversion:
    pictures = Pictures(desk)
    slides = [Sheet(desk, pictures, number, slide) for number, slide in enumerate(presentation.slides, 1)]
    shown = [one for one in slides if one.slide.element.get("show") not in ("0", "false")]
    for one in slides:
        if one not in shown:
            desk.report.left_out(one.item.name, 0, N_("a hidden slide"))
    if not slides:
        return office.refused(desk, N_("there is no slide in this file"))
    sections = _sections(presentation.element)
    title = shown[0].title if shown and shown[0].opens else ""
    chapters: list[Chapter] = []
    section = ""
    for one in shown:
        named = sections.get(one.slide.slide_id, "")
        if not chapters or (named != section if sections else one.opens):
            chapters.append(Chapter(named or one.heading or title or desk.given.title))
            section = named
        blocks = list(one.blocks())
        # A slide that only says what the page is called has said it.
        if one.heading and one.heading != chapters[-1].title:
            chapters[-1].blocks.append(f"<h2>{words(one.heading)}</h2>")
        chapters[-1].blocks += blocks
    return conversion(desk, pictures, title, [one for one in chapters if one.blocks] or chapters[:1], ending=".pptx")


def _sections(root: Any) -> dict[int, str]:
    """The name of the section each slide is in, by the id of the slide."""
    found: dict[int, str] = {}
    for section in root.iter():
        if local(section) == "section":
            name = " ".join(section.get("name", "").split())
            found |= {
                int(one.get("id")): name
                for one in section.iter()
                if local(one) == "sldId" and one.get("id", "").isdecimal()
            }
    return found


@dataclass(slots=True)
class Sheet:
    """One slide."""

    desk: Desk
    pictures: Pictures
    number: int
    slide: Any

    @property
    def title(self) -> str:
        shape = self.slide.shapes.title
        return pptx_words.plain(shape.text_frame.text) if shape is not None else ""

    @property
    def heading(self) -> str:
        return self.title or self._numbered

    @property
    def _numbered(self) -> str:
        return _SLIDE.get(self.desk.lang, _SLIDE["en"]) % self.number

    @property
    def item(self) -> Item:
        return Item(f"{self._numbered}: {self.title}"[:100] if self.title else self._numbered, 0)

    @property
    def opens(self) -> bool:
        """Whether its layout is that of a first slide, or of one that begins a part."""
        return self.slide.slide_layout.element.get("type", "") in _OPENING

    def blocks(self) -> Iterator[str]:
        for shape in self.slide.shapes:
            yield from self._shape(shape, 0)
        if self.slide.has_notes_slide:
            frame = self.slide.notes_slide.notes_text_frame
            if frame is not None:
                yield from pptx_words.blocks(self._words(self.slide.notes_slide.part), frame.paragraphs, listing=False)

    def _words(self, part: Any) -> pptx_words.Words:
        return pptx_words.Words(self.desk.report, self.item, part)

    def _shape(self, shape: Any, depth: int) -> Iterator[str]:
        kind = shape.placeholder_format.type if shape.is_placeholder else None
        if kind in _TITLES or kind in _SURROUNDINGS:
            return
        what = shape.shape_type
        if what == MSO_SHAPE_TYPE.GROUP and depth < _DEEPEST_GROUP:
            for inner in shape.shapes:
                yield from self._shape(inner, depth + 1)
        elif getattr(shape, "has_table", False) and shape.has_table:
            yield self._table(shape.table)
        elif local(shape.element) == "pic":
            yield from self._picture(shape)
        elif local(shape.element) == "graphicFrame":
            self._left_out(N_("a chart or a SmartArt drawing: save it as a picture, or write what it says"))
        elif shape.has_text_frame:
            about = self._words(self.slide.part)
            yield from pptx_words.blocks(about, shape.text_frame.paragraphs, listing=kind in _BODIES)

    def _left_out(self, template: str) -> None:
        self.desk.report.left_out(self.item.name, 0, template)

    def _picture(self, shape: Any) -> Iterator[str]:
        names = {local(one) for one in shape.element.iter()}
        if names & {"videoFile", "audioFile", "quickTimeFile", "wavAudioFile"}:
            self._left_out(N_("a film or a recording: upload it with a transcript and captions"))
            return
        key = next(
            (value for one in shape.element.iter() if local(one) == "blip"
             for name, value in one.attrib.items() if name.endswith("}embed")), "",
        )  # fmt: skip
        relation = self.slide.part.rels.get(key)
        if relation is None or relation.is_external:
            self._left_out(N_("a picture that is not in the file but somewhere else"))
            return
        path = self.pictures.place(self.item, relation.target_part.blob)
        alt, decorative = pptx_words.alt(shape.element)
        if path and decorative and not alt:
            self.pictures.decorative.add(path)
        if path:
            yield f"<p>{picture(path, alt)}</p>"
        elif alt:
            yield f"<p>{words(alt)}</p>"

    def _table(self, table: Any) -> str:
        about = self._words(self.slide.part)
        if not table.first_row:
            self.desk.report.changed(self.item.name, 0, NO_HEADER)
        html = []
        for number, row in enumerate(table.rows):
            tag = "td" if number else "th"
            cells = []
            for cell in row.cells:
                if cell.is_merge_origin:
                    self.desk.report.changed(self.item.name, 0, N_("cells that were joined in a table now stand apart"))
                inner = "" if cell.is_spanned else "<br>".join(pptx_words.lines(about, cell.text_frame.paragraphs))
                cells.append(f"<{tag}>{inner}</{tag}>")
            html.append(f"<tr>{''.join(cells)}</tr>")
        return f"<table>{''.join(html)}</table>"
