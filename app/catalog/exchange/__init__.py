"""Courses and questions from and to other platforms: every foreign format has one module here and one row in FORMATS."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from app.catalog.exchange import (
    aiken,
    gift_read,
    gift_write,
    moodle_read,
    moodle_write,
    office,
    packages,
    plain_texts,
    qti_write,
)
from app.catalog.exchange.model import Conversion, Given, Note, Outcome, Report, Written
from app.catalog.format.model import Course
from app.kit.i18n import N_
from app.kit.limits import EXCHANGE_BYTES, MIB

__all__ = [
    "FORMATS",
    "Conversion",
    "Format",
    "Note",
    "Outcome",
    "Written",
    "endings",
    "format_of",
    "read",
    "writable",
    "write",
]


@dataclass(frozen=True, slots=True)
class Format:
    """`recognises` looks at the name and the bytes; the first format that does is the one that reads.

    A format without `read` is only written, one without `write` only read. `ending` is what a file written in it is called,
    `takes` what a file may be called that is read as it.
    """

    key: str
    name: str
    ending: str
    media_type: str
    recognises: Callable[[str, bytes], bool]
    read: Callable[[Given], Conversion] | None = None
    write: Callable[[Course], Written] | None = None
    takes: tuple[str, ...] = ()


_OFFICE = "application/vnd.openxmlformats-officedocument."
# In the order in which they are tried: what looks only at a few signs comes last.
FORMATS: tuple[Format, ...] = (
    Format("ims", "QTI, Common Cartridge, Canvas or IMS package", ".imscc", "application/zip", packages.recognises,
           packages.read, None, (".imscc", ".zip", ".qti", ".xml")),
    Format("docx", "Word", ".docx", _OFFICE + "wordprocessingml.document", office.recognises_word,
           office.read_word, None, office.WORD),
    Format("pptx", "PowerPoint", ".pptx", _OFFICE + "presentationml.presentation", office.recognises_slides,
           office.read_slides, None, office.SLIDES),
    Format("pdf", "PDF", ".pdf", "application/pdf", office.recognises_pdf,
           office.read_pdf, None, (".pdf",)),
    Format("moodle-xml", "Moodle XML", ".xml", "application/xml", moodle_read.recognises,
           moodle_read.read, moodle_write.write, (".xml",)),
    Format("aiken", "Aiken", ".aiken.txt", "text/plain", aiken.recognises,
           aiken.read, aiken.write, (".txt", ".aiken")),
    Format("cloze", "Moodle cloze", ".cloze.txt", "text/plain", plain_texts.is_cloze,
           plain_texts.read_cloze, None, (".txt", ".cloze")),
    Format("missing-word", "Moodle missing word", ".txt", "text/plain", plain_texts.is_missing_word,
           plain_texts.read_missing_word, None, (".txt",)),
    Format("gift", "GIFT", ".gift.txt", "text/plain", gift_read.recognises,
           gift_read.read, gift_write.write, (".txt", ".gift")),
    Format("qti-3", "QTI 3.0", ".qti3.zip", "application/zip", packages.recognises, None, qti_write.write3),
    Format("qti-2.1", "QTI 2.1", ".qti21.zip", "application/zip", packages.recognises, None, qti_write.write21),
)  # fmt: skip


def endings() -> tuple[str, ...]:
    """What a foreign file may be called, each ending once."""
    return tuple(dict.fromkeys(ending for one in FORMATS if one.read for ending in one.takes))


def writable() -> tuple[Format, ...]:
    return tuple(one for one in FORMATS if one.write)


def format_of(name: str, data: bytes) -> Format | None:
    return next((one for one in FORMATS if one.read and one.recognises(name.lower(), data)), None)


def read(name: str, data: bytes, *, lang: str = "lt", owner: str = "") -> Conversion:
    """A foreign file as files of our own language. Never raises for what is in the file: a refusal is a note."""
    found = format_of(name, data)
    if found is None or found.read is None:
        report = Report()
        report.refused(
            name,
            0,
            N_(
                "This is no format that we read: Moodle XML, GIFT, Aiken, missing word or cloze text, QTI or Common Cartridge, Word, PowerPoint or PDF."
            ),
        )
        return Conversion({}, tuple(report.notes))
    if len(data) > EXCHANGE_BYTES and not data.startswith(b"PK"):
        report = Report()
        report.refused(name, 0, N_("This file is larger than %(limit)s MB. Split it."), limit=EXCHANGE_BYTES // MIB)
        return Conversion({}, tuple(report.notes))
    return found.read(Given(name, data, lang, owner))


def write(course: Course, key: str) -> Written:
    """A course in a foreign format, in its source language."""
    found = next(one for one in writable() if one.key == key)
    assert found.write is not None
    return found.write(course)
