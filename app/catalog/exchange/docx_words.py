"""The words of one Word paragraph as HTML: their form, links, pictures and notes; what cannot be carried is told."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from html import escape
from typing import Any

from app.catalog.exchange.desk import Item
from app.catalog.exchange.docx_styles import Styles, child, inside, is_on, local, value
from app.catalog.exchange.model import Report
from app.catalog.exchange.office_pages import picture, said, words
from app.catalog.exchange.office_pictures import Pictures
from app.kit.i18n import N_

_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_HYPERLINK = re.compile(r'\s*HYPERLINK\s+"([^"]{1,2000})"', re.I)
_INSIDE = ("ins", "smartTag", "fldSimple", "sdtContent", "bdo", "dir", "moveTo", "customXml", "Choice")
_SIGNS = {"tab": " ", "noBreakHyphen": "\u2011", "ptab": " "}
_LINKED = ("http://", "https://", "mailto:")


@dataclass(frozen=True, slots=True)
class Piece:
    """Words of one form, or a whole element (`form` is None)."""

    text: str
    form: frozenset[str] | None
    href: str = ""


@dataclass(slots=True)
class Field:
    """A field of Word: what it asks for, and whether its answer has begun."""

    asked: str = ""
    answered: bool = False

    @property
    def href(self) -> str:
        found = _HYPERLINK.match(self.asked) if self.answered else None
        return found[1] if found and found[1].lower().startswith(_LINKED) else ""


@dataclass(slots=True)
class Words:
    """`part` answers what a reference of the document leads to: (is it outside, its address, its bytes)."""

    styles: Styles
    pictures: Pictures
    report: Report
    part: Callable[[str], tuple[bool, str, bytes]]
    item: Item
    fields: list[Field] = field(default_factory=list)
    # References to notes in the order they were met, as (kind, id).
    cited: list[tuple[str, str]] = field(default_factory=list)
    boxes: list[Any] = field(default_factory=list)

    def html(self, paragraph: Any) -> str:
        return _joined(self._pieces(paragraph, ""))

    def plain(self, paragraph: Any) -> tuple[str, str]:
        """The words alone, on one line, and the pictures that stand among them."""
        pieces = self._pieces(paragraph, "")
        text = " ".join("".join(" " if one.form is None else one.text for one in pieces).split())
        return text, "".join(one.text for one in pieces if one.form is None and one.text.startswith("<img"))

    def _pieces(self, parent: Iterable[Any], href: str) -> list[Piece]:
        found: list[Piece] = []
        for element in parent:
            match local(element):
                case "r":
                    found += self._run(element, href)
                case "hyperlink":
                    found += self._pieces(element, self._target(element) or href)
                case "sdt":
                    inner = child(element, "sdtContent")
                    found += self._pieces(inner, href) if inner is not None else []
                case "AlternateContent":
                    found += self._pieces(list(element)[:1], href)
                case "del" | "moveFrom":
                    self.report.left_out(self.item.name, 0, N_("words that were struck out while changes were tracked"))
                case "oMath" | "oMathPara":
                    self.report.changed(
                        self.item.name, 0, N_("a formula is now plain words: write it anew between two $")
                    )
                    found.append(Piece("".join(t.text or "" for t in element.iter() if local(t) == "t"), frozenset()))
                case name if name in _INSIDE:
                    found += self._pieces(element, href)
        return found

    def _target(self, link: Any) -> str:
        key = link.get(f"{_R}id")
        outside, address, _data = self.part(key) if key else (False, "", b"")
        if not outside:
            return ""
        if not address.lower().startswith(_LINKED):
            self.report.left_out(
                self.item.name, 0, N_("a link to %(address)s, which is no web page"), address=address[:200]
            )
            return ""
        return address

    def _run(self, run: Any, href: str) -> list[Piece]:
        properties = child(run, "rPr")
        form = self._form(properties)
        if "hidden" in form:
            self.report.left_out(self.item.name, 0, N_("hidden words"))
            return []
        found: list[Piece] = []
        for element in run:
            name = local(element)
            if name == "AlternateContent":
                element = next((one for one in inside(element, "Choice") if local(one)), element)
                name = local(element)
            if name == "fldChar":
                self._field(value(element, "fldCharType"))
            elif name == "instrText" and self.fields:
                self.fields[-1].asked += element.text or ""
            elif any(not one.answered for one in self.fields):
                continue  # what a field keeps of its question
            elif name == "t":
                here = next((one.href for one in reversed(self.fields) if one.href), href)
                found.append(Piece(element.text or "", form, here))
            elif name in _SIGNS:
                found.append(Piece(_SIGNS[name], form, href))
            elif name in ("br", "cr"):
                found.append(Piece("<br>" if value(element, "type") in ("", "textWrapping") else " ", None))
            elif name in ("footnoteReference", "endnoteReference"):
                self.cited.append((name.removesuffix("Reference"), value(element, "id")))
                found.append(Piece(f"<sup>{len(self.cited)}</sup>", None))
            elif name in ("drawing", "pict", "object"):
                found += self._drawn(element)
            elif name == "sym":
                self.report.left_out(self.item.name, 0, N_("a sign from a font of symbols"))
        return found

    def _field(self, what: str) -> None:
        if what == "begin":
            self.fields.append(Field())
        elif what == "separate" and self.fields:
            self.fields[-1].answered = True
        elif what == "end" and self.fields:
            self.fields.pop()

    def _form(self, properties: Any | None) -> frozenset[str]:
        if properties is None:
            return frozenset()
        form = {name for name in ("b", "i", "strike") if is_on(child(properties, name))}
        for style in self.styles.chain(value(child(properties, "rStyle"))):
            # What the run says itself counts before its style.
            form |= {"b"} if style.bold and child(properties, "b") is None else set()
            form |= {"i"} if style.italic and child(properties, "i") is None else set()
        raised = value(child(properties, "vertAlign"))
        form |= (
            {{"superscript": "sup", "subscript": "sub"}[raised]} if raised in ("superscript", "subscript") else set()
        )
        return frozenset(form | ({"hidden"} if is_on(child(properties, "vanish")) else set()))

    # Drawings

    def _drawn(self, element: Any) -> list[Piece]:
        names = {local(one) for one in element.iter()}
        if "txbxContent" in names:
            self.boxes += [one for one in element.iter() if local(one) == "txbxContent"][:1]
            return []
        found = [picture for one in element.iter() if (picture := self._picture(element, one))]
        if not found and names & {"relIds", "dgm", "chart"}:
            self.report.left_out(
                self.item.name, 0, N_("a chart or a SmartArt drawing: save it as a picture, or write what it says")
            )
        elif not found and not names & {"blip", "imagedata"}:
            self.report.left_out(self.item.name, 0, N_("a drawn shape or an embedded object"))
        return [Piece(one, None) for one in found]

    def _picture(self, drawing: Any, element: Any) -> str:
        key = element.get(f"{_R}embed") if element.tag == f"{_A}blip" else None
        key = element.get(f"{_R}id") if local(element) == "imagedata" else key
        if key is None:
            if element.tag == f"{_A}blip":
                self.report.left_out(self.item.name, 0, N_("a picture that is not in the file but somewhere else"))
            return ""
        outside, _address, data = self.part(key)
        if outside or not data:
            self.report.left_out(self.item.name, 0, N_("a picture that is not in the file but somewhere else"))
            return ""
        path = self.pictures.place(self.item, data)
        alt, decorative = _alt(drawing)
        if path and decorative and not alt:
            self.pictures.decorative.add(path)
        return picture(path, alt) if path else f"<span>{escape(alt)}</span>" if alt else ""


def _alt(drawing: Any) -> tuple[str, bool]:
    """The text for those who do not see it, and whether it is marked as decoration."""
    alt, decorative = "", False
    for one in drawing.iter():
        if local(one) == "docPr":
            alt = alt or one.get("descr", "")
        elif local(one) == "shape":
            alt = alt or one.get("alt", "")
        elif local(one) == "decorative":
            decorative = decorative or one.get("val", "") in ("1", "true")
    return said(alt), decorative


_TAGS = (("strike", "s"), ("sup", "sup"), ("sub", "sub"))


def _joined(pieces: list[Piece]) -> str:
    """Word parts a sentence in many runs; those of one form become one again, or Markdown could not mark them."""
    html: list[str] = []
    held: list[Piece] = []
    for piece in [*pieces, Piece("", None)]:
        if held and (piece.form != held[0].form or piece.href != held[0].href):
            html.append(_formed("".join(one.text for one in held), held[0]))
            held = []
        if piece.form is None:
            html.append(piece.text)
        else:
            held.append(piece)
    return "".join(html)


def _formed(text: str, piece: Piece) -> str:
    html = escape(text, quote=False) if piece.href else words(text)
    form = piece.form or frozenset()
    if not text.strip():
        return html
    for name, tag in _TAGS:
        html = f"<{tag}>{html}</{tag}>" if name in form else html
    # Both at once come out as neither: bold is what readers notice.
    tag = "strong" if "b" in form else "em" if "i" in form else ""
    html = f"<{tag}>{html}</{tag}>" if tag else html
    return f'<a href="{escape(piece.href)}">{html}</a>' if piece.href else html
