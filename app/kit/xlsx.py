"""The first sheet of a workbook as rows of text: read as it comes, within limits, without running anything in it."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException  # type: ignore[import-untyped]
from defusedxml.ElementTree import iterparse  # type: ignore[import-untyped]

from app.kit import limits

COLUMNS = 200  # what stands farther to the right is not read
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_CELL = re.compile(r"([A-Z]{1,3})\d+")
_WHOLE = re.compile(r"-?\d+\.0+")


class BadWorkbook(Exception):
    """This is no workbook that can be read."""


class TooLarge(Exception):
    """The workbook unpacks to more than the limits allow."""


def is_workbook(data: bytes) -> bool:
    """Whether the bytes begin as a zip archive does; a table written as text never does."""
    return data.startswith(b"PK\x03\x04")


def rows(data: bytes, *, most: int) -> list[tuple[int, list[str]]]:
    """The rows that hold something, each with its number in the spreadsheet; at most `most` of them and one more.

    Whole numbers are written without a fraction, so that a staff number stays what it was.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _read(archive, most)
    except (zipfile.BadZipFile, KeyError, ParseError, DefusedXmlException, ValueError, NotImplementedError) as wrong:
        raise BadWorkbook(str(wrong)) from wrong


def _read(archive: zipfile.ZipFile, most: int) -> list[tuple[int, list[str]]]:
    if sum(info.file_size for info in archive.infolist()) > limits.OFFICE_UNPACKED:
        raise TooLarge
    words = _shared(archive)
    found: list[tuple[int, list[str]]] = []
    number = 0
    for row in _elements(archive, _first_sheet(archive), f"{_MAIN}row"):
        said = row.get("r", "")
        number = int(said) if said.isdigit() else number + 1
        cells = _cells(row, words)
        if any(cells):
            found.append((number, cells))
        if len(found) > most:
            break
    return found


def _part(archive: zipfile.ZipFile, name: str) -> io.BytesIO:
    if archive.getinfo(name).file_size > limits.OFFICE_XML_BYTES:
        raise TooLarge
    with archive.open(name) as part:
        data = part.read(limits.OFFICE_XML_BYTES + 1)
    if len(data) > limits.OFFICE_XML_BYTES:  # the archive does not tell the truth about itself
        raise TooLarge
    return io.BytesIO(data)


def _elements(archive: zipfile.ZipFile, name: str, tag: str) -> Iterator[Element]:
    """Each element of one kind, forgotten again once it has been looked at."""
    for _event, element in iterparse(_part(archive, name), events=("end",), forbid_dtd=True):
        if element.tag == tag:
            yield element
            element.clear()


def _shared(archive: zipfile.ZipFile) -> list[str]:
    name = "xl/sharedStrings.xml"
    if name not in archive.namelist():
        return []
    return [_text(one) for one in _elements(archive, name, f"{_MAIN}si")]


def _text(element: Element) -> str:
    """The words of an element, without how they are read aloud (`rPh`)."""
    direct = element.find(f"{_MAIN}t")
    if direct is not None:
        return direct.text or ""
    return "".join(run.findtext(f"{_MAIN}t") or "" for run in element.findall(f"{_MAIN}r"))


def _first_sheet(archive: zipfile.ZipFile) -> str:
    """Which part is the first sheet: the workbook names a link, the links name the part."""
    sheet = next(_elements(archive, "xl/workbook.xml", f"{_MAIN}sheet"), None)
    wanted = sheet.get(_LINK) if sheet is not None else None
    tag = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
    for link in _elements(archive, "xl/_rels/workbook.xml.rels", tag):
        if link.get("Id") == wanted:
            target = link.get("Target", "")
            return target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    raise BadWorkbook("no sheet")


def _cells(row: Element, words: list[str]) -> list[str]:
    found: list[str] = []
    for cell in row.findall(f"{_MAIN}c"):
        place = _CELL.fullmatch(cell.get("r", ""))
        at = _column(place.group(1)) if place else len(found)
        if at >= COLUMNS:
            break
        found += [""] * (at + 1 - len(found))
        found[at] = _value(cell, words)
    return found


def _column(letters: str) -> int:
    """ "A" → 0, "Z" → 25, "AA" → 26."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _value(cell: Element, words: list[str]) -> str:
    kind, said = cell.get("t", "n"), cell.findtext(f"{_MAIN}v") or ""
    if kind == "inlineStr":
        inside = cell.find(f"{_MAIN}is")
        return _text(inside) if inside is not None else ""
    if kind == "s":
        at = int(said or "-1")
        return words[at] if 0 <= at < len(words) else ""
    if kind == "e":
        return ""
    return said.split(".")[0] if kind == "n" and _WHOLE.fullmatch(said) else said
