"""Which files may stand in media/, and whether their bytes are what their names say."""

from __future__ import annotations

from collections.abc import Callable

from app.catalog.format import svg
from app.catalog.format.layout import decoded
from app.catalog.format.problems import Notes
from app.kit.i18n import N_


def _starts(*heads: bytes) -> Callable[[bytes], bool]:
    return lambda data: data.startswith(heads)


def _webp(data: bytes) -> bool:
    return data[:4] == b"RIFF" and data[8:12] == b"WEBP"


def _mp4(data: bytes) -> bool:
    return data[4:8] == b"ftyp"


def _mp3(data: bytes) -> bool:
    return data[:3] == b"ID3" or (len(data) > 1 and data[0] == 0xFF and data[1] & 0xE0 == 0xE0)


def _captions(data: bytes) -> bool:
    text = data.removeprefix(b"\xef\xbb\xbf")
    return text.startswith(b"WEBVTT") and text[6:7] in (b"", b" ", b"\t", b"\n", b"\r")


def _open_document(mime: bytes) -> Callable[[bytes], bool]:
    """An OpenDocument file begins with its type, unpacked, under a name of eight letters."""
    return lambda data: data[:4] == b"PK\x03\x04" and data[30:38] == b"mimetype" and data[38:].startswith(mime)


def _office(folder: bytes) -> Callable[[bytes], bool]:
    return lambda data: (
        data[:4] == b"PK\x03\x04"
        and b"[Content_Types].xml" in data
        and folder in data
        and b"vbaProject.bin" not in data
    )


SNIFFERS: dict[str, Callable[[bytes], bool]] = {
    "png": _starts(b"\x89PNG\r\n\x1a\n"),
    "jpg": _starts(b"\xff\xd8\xff"),
    "jpeg": _starts(b"\xff\xd8\xff"),
    "gif": _starts(b"GIF87a", b"GIF89a"),
    "webp": _webp,
    "svg": lambda data: b"<svg" in data[:4096],
    "pdf": _starts(b"%PDF-"),
    "mp4": _mp4,
    "webm": _starts(b"\x1a\x45\xdf\xa3"),
    "mp3": _mp3,
    "vtt": _captions,
    "odt": _open_document(b"application/vnd.oasis.opendocument.text"),
    "ods": _open_document(b"application/vnd.oasis.opendocument.spreadsheet"),
    "odp": _open_document(b"application/vnd.oasis.opendocument.presentation"),
    "docx": _office(b"word/"),
    "xlsx": _office(b"xl/"),
    "pptx": _office(b"ppt/"),
    "md": lambda data: True,
}


def check(path: str, data: bytes, notes: Notes) -> bool:
    """Whether this file may be part of a course; why not has then been said."""
    notes = notes.of(path)
    extension = path.rpartition("/")[2].rpartition(".")[2].lower() if "." in path.rpartition("/")[2] else ""
    sniffer = SNIFFERS.get(extension)
    if sniffer is None:
        notes.note(
            1, 1, "E173", N_("files of this kind are not taken; these are: %(kinds)s"), kinds=", ".join(SNIFFERS)
        )
        return False
    if extension == "md":
        return decoded(path, data, notes) is not None
    if not sniffer(data):
        notes.note(1, 1, "E174", N_("this file is not what its name says: it holds no %(kind)s"), kind=extension)
        return False
    if extension == "svg":
        why = svg.refusal(data)
        if why is not None:
            notes.note(1, 1, "E175", N_("this drawing cannot be taken: %(why)s"), why=why)
            return False
    return True
