"""Word, PowerPoint and PDF files, made by the tests themselves."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from typing import Any

import docx
import pptx
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"


def a_picture(size: tuple[int, int] = (4, 3), colour: str = "red", kind: str = "PNG", **more: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, format=kind, **more)
    return out.getvalue()


def photographed() -> bytes:
    """A photo that says where it was taken, and what its author wrote into it."""
    exif = Image.Exif()
    exif[0x010E] = "SECRET-PLACE"
    return a_picture((8, 6), "blue", "JPEG", exif=exif, comment=b"SECRET-COMMENT")


def described(document: Any, alt: str) -> None:
    """Give the last picture of a document a text, as Word keeps it."""
    list(document.element.body.iter(qn("wp:docPr")))[-1].set("descr", alt)


def linked(paragraph: Any, address: str, text: str) -> None:
    link = OxmlElement("w:hyperlink")
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
    link.set(qn("r:id"), paragraph.part.relate_to(address, kind, is_external=True))
    run = OxmlElement("w:r")
    word = OxmlElement("w:t")
    word.text = text
    run.append(word)
    link.append(run)
    paragraph._p.append(link)


def headed(table: Any) -> None:
    """Mark the first row as one that is repeated on each page."""
    properties = table.rows[0]._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:tblHeader"))


def a_docx(fill: Callable[[Any], None]) -> bytes:
    document = docx.Document()
    fill(document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def a_pptx(fill: Callable[[Any], None]) -> bytes:
    presentation = pptx.Presentation()
    fill(presentation)
    out = io.BytesIO()
    presentation.save(out)
    return out.getvalue()


def a_pdf(pages: list[list[str]], outline: Mapping[str, int] | None = None, password: str = "") -> bytes:
    """Pages of lines in a standard font, and titles with the pages they lead to."""
    writer = PdfWriter()
    for lines in pages:
        page = writer.add_blank_page(595, 842)
        font = DictionaryObject(
            {
                NameObject("/Type"): NameObject("/Font"),
                NameObject("/Subtype"): NameObject("/Type1"),
                NameObject("/BaseFont"): NameObject("/Helvetica"),
                NameObject("/Encoding"): NameObject("/WinAnsiEncoding"),
            }
        )
        page[NameObject("/Resources")] = DictionaryObject(
            {NameObject("/Font"): DictionaryObject({NameObject("/F1"): font})}
        )
        stream = DecodedStreamObject()
        shown = "".join(f"({line.replace('(', '').replace(')', '')}) Tj T*\n" for line in lines)
        stream.set_data(f"BT /F1 12 Tf 14 TL 50 800 Td\n{shown}ET".encode("cp1252"))
        page[NameObject("/Contents")] = writer._add_object(stream)
    for title, number in (outline or {}).items():
        writer.add_outline_item(title=title, page_number=number)
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def changed(data: bytes, files: Mapping[str, bytes | Callable[[bytes], bytes]], without: tuple[str, ...] = ()) -> bytes:
    """The same package with other bytes at some paths."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in [*old.namelist(), *(name for name in files if name not in old.namelist())]:
            if name in without:
                continue
            put = files.get(name)
            here = old.read(name) if name in old.namelist() else b""
            new.writestr(name, put(here) if callable(put) else here if put is None else put)
    return out.getvalue()
