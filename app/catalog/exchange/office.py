"""The door for files of Word, PowerPoint and their kin: what is looked at before any library opens one."""

from __future__ import annotations

import io
import zipfile

from app.catalog.exchange.desk import Desk
from app.catalog.exchange.model import Conversion, Given
from app.catalog.format import archive
from app.catalog.format.model import Problem
from app.catalog.format.problems import Notes
from app.kit.i18n import N_
from app.kit.limits import MIB, OFFICE_UNPACKED, OFFICE_XML_BYTES

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LOCKED = "EncryptedPackage".encode("utf-16-le")
_XML = (".xml", ".rels", ".vml")
# In the encodings that XML may be written in without saying so.
_DOCTYPES = tuple(
    sign.encode(code) for sign in ("<!DOCTYPE", "<!ENTITY") for code in ("utf-8", "utf-16-le", "utf-16-be")
)
# What the libraries meet a broken file with: whatever of theirs fails first.
BROKEN = (*archive.BROKEN, LookupError, AttributeError, TypeError, AssertionError, SyntaxError, OSError)

WORD = (".docx", ".doc", ".docm", ".dotx", ".dotm", ".odt", ".rtf")
SLIDES = (".pptx", ".ppt", ".pptm", ".ppsx", ".ppsm", ".odp")
DAMAGED = N_("this file is damaged: open it in the program that made it, save it anew and upload that")


def read_word(given: Given) -> Conversion:
    # The libraries take half a second to load: whoever brings no such file does not wait for them.
    from app.catalog.exchange import docx_read

    return docx_read.read(given)


def read_slides(given: Given) -> Conversion:
    from app.catalog.exchange import pptx_read

    return pptx_read.read(given)


def read_pdf(given: Given) -> Conversion:
    from app.catalog.exchange import pdf_read

    return pdf_read.read(given)


class Unreadable(Exception):
    """A file that is not read: a sentence that says what to do, and its values."""

    def __init__(self, template: str, **values: object) -> None:
        super().__init__(template)
        self.template, self.values = template, values


def recognises_word(name: str, data: bytes) -> bool:
    return name.endswith(WORD) or (data[:2] == b"PK" and b"word/document.xml" in data)


def recognises_slides(name: str, data: bytes) -> bool:
    return name.endswith(SLIDES) or (data[:2] == b"PK" and b"ppt/presentation.xml" in data)


def recognises_pdf(name: str, data: bytes) -> bool:
    return name.endswith(".pdf") or data[:5] == b"%PDF-"


def refused(desk: Desk, template: str, **values: object) -> Conversion:
    desk.report.refused(desk.given.name, 0, template, **values)
    return Conversion({}, tuple(desk.report.notes))


def check(given: Given, document: str, ending: str) -> None:
    """Raises Unreadable. `document` is the file that makes an archive one of this kind, `ending` what it should be saved as."""
    data = given.data
    if data.startswith(_OLE):
        if _LOCKED in data:
            raise Unreadable(
                N_("this file is locked with a password: open it, remove the password, save it and upload that")
            )
        raise Unreadable(
            N_(
                "this is a file of an older program: open it in Word, PowerPoint or LibreOffice, save it as %(ending)s and upload that"
            ),
            ending=ending,
        )
    if data[:2] != b"PK":
        raise Unreadable(
            N_(
                "files of this kind are not read: open it in the program that made it, save it as %(ending)s and upload that"
            ),
            ending=ending,
        )
    problems: list[Problem] = []
    if archive.unpack(data, Notes(given.name, problems)) is None:
        raise Unreadable(problems[0].template, **dict(problems[0].values)) if problems else Unreadable(DAMAGED)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            _check_inside(packed, document, ending)
    except archive.BROKEN as error:
        raise Unreadable(DAMAGED) from error


def _check_inside(packed: zipfile.ZipFile, document: str, ending: str) -> None:
    entries = packed.infolist()
    # No more than this is ever unpacked of an entry, whatever its bytes would come to.
    if sum(entry.file_size for entry in entries) > OFFICE_UNPACKED:
        raise Unreadable(
            N_("it holds more than %(limit)s MB: make its pictures smaller, or part it into several files"),
            limit=OFFICE_UNPACKED // MIB,
        )
    names = {entry.filename for entry in entries}
    if any(name.rpartition("/")[2].lower().startswith("vba") and name.lower().endswith(".bin") for name in names):
        raise Unreadable(
            N_("it holds programs (macros): save it as %(ending)s, which has none, and upload that"), ending=ending
        )
    if document not in names:
        raise Unreadable(
            N_(
                "files of this kind are not read: open it in the program that made it, save it as %(ending)s and upload that"
            ),
            ending=ending,
        )
    for entry in entries:
        if not entry.filename.lower().endswith(_XML):
            continue
        if entry.file_size > OFFICE_XML_BYTES:
            raise Unreadable(
                N_("one part of it holds more than %(limit)s MB of text: part it into several files"),
                limit=OFFICE_XML_BYTES // MIB,
            )
        text = packed.read(entry)
        if any(sign in text for sign in _DOCTYPES):
            raise Unreadable(N_("a document type or an entity of its own is not read"))
