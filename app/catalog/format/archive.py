"""A zip from outside, unpacked in memory: counted while reading, and refused by name before anything is believed."""

from __future__ import annotations

import io
import os
import re
import stat
import struct
import unicodedata
import zipfile
import zlib
from pathlib import Path
from typing import BinaryIO

from app.catalog.format.layout import is_ignored
from app.catalog.format.problems import Notes
from app.kit import limits
from app.kit.i18n import N_

BROKEN = (
    zipfile.BadZipFile,
    EOFError,
    zlib.error,
    NotImplementedError,
    RuntimeError,
    struct.error,
    OverflowError,
    ValueError,
)
_END = b"PK\x05\x06"
_END_SIZE = 22
_LOCATOR = b"PK\x06\x07"
_LOCAL_SIZE = 30
_CHUNK = 64 * 1024
_ENCRYPTED = 0x1 | 0x40 | 0x2000


class Refused(Exception):
    """This archive is not read; what is wrong with it has been noted."""


def unpack(data: bytes | str | os.PathLike[str], notes: Notes) -> dict[str, bytes] | None:
    """The files of an archive by path, without the folder they all stand in; None when the archive was refused."""
    try:
        if isinstance(data, bytes):
            return _unpack(io.BytesIO(data), len(data), notes)
        with Path(data).open("rb") as file:
            return _unpack(file, os.fstat(file.fileno()).st_size, notes)
    except Refused:
        return None
    except BROKEN:
        notes.note(1, 1, "E188", N_("this archive is broken"))
        return None
    except OSError:
        notes.note(1, 1, "E188", N_("this archive cannot be read"))
        return None


def _refuse(notes: Notes, code: str, template: str, **values: object) -> Refused:
    notes.note(1, 1, code, template, **values)
    return Refused()


def _unpack(file: BinaryIO, size: int, notes: Notes) -> dict[str, bytes]:
    if size > limits.ZIP_BYTES:
        raise _refuse(notes, "E186", N_("this archive is larger than %(limit)s bytes"), limit=limits.ZIP_BYTES)
    _check_ends(file, size, notes)
    with zipfile.ZipFile(file) as archive:
        entries = archive.infolist()
        if len(entries) > limits.ZIP_ENTRIES:
            raise _refuse(notes, "E186", N_("this archive holds more than %(limit)s files"), limit=limits.ZIP_ENTRIES)
        refused = [entry for entry in entries if not _acceptable(entry, notes)]
        if refused:
            raise Refused
        _check_twice([entry.orig_filename for entry in entries], notes)
        _check_overlap(file, entries, archive.start_dir, notes)
        return without_top_folder(_read(archive, entries, notes))


def _check_ends(file: BinaryIO, size: int, notes: Notes) -> None:
    """Nothing before the first file, nothing behind the last record, and a list of contents of a sane size.

    zipfile would look past a page of HTML in front and would read a list of millions of entries into memory.
    """
    file.seek(max(0, size - _END_SIZE - 65535))
    tail = file.read()
    at = len(tail) - _END_SIZE if tail[-_END_SIZE:][:4] == _END and tail[-2:] == b"\0\0" else tail.rfind(_END)
    if at < 0 or len(tail) - at < _END_SIZE:
        raise _refuse(notes, "E188", N_("this file is not a zip archive"))
    disk, start, here, count, directory, offset, comment = struct.unpack("<4x4H2LH", tail[at : at + _END_SIZE])
    if tail[max(0, at - 20) : at][:4] == _LOCATOR or 0xFFFF in (disk, count) or 0xFFFFFFFF in (directory, offset):
        raise _refuse(notes, "E188", N_("archives of the zip64 kind are not read"))
    if count > limits.ZIP_ENTRIES or directory > limits.ZIP_DIRECTORY_BYTES:
        raise _refuse(notes, "E186", N_("this archive holds more than %(limit)s files"), limit=limits.ZIP_ENTRIES)
    end = size - len(tail) + at
    if disk or start or here != count or at + _END_SIZE + comment != len(tail) or offset + directory != end:
        raise _refuse(notes, "E188", N_("this archive is broken"))
    file.seek(0)
    if count and file.read(4) != b"PK\x03\x04":
        raise _refuse(notes, "E188", N_("this archive is broken"))


def _acceptable(entry: zipfile.ZipInfo, notes: Notes) -> bool:
    name = entry.orig_filename
    shown = "".join(mark if mark.isprintable() else "?" for mark in name)[:100]
    if not is_safe(name.removesuffix("/")):
        notes.note(1, 1, "E184", N_("this name is not taken: %(name)s"), name=shown)
        return False
    mode = stat.S_IFMT(entry.external_attr >> 16)
    if mode not in (0, stat.S_IFREG, stat.S_IFDIR):
        notes.note(1, 1, "E185", N_("only files and folders are read, no links or devices: %(name)s"), name=shown)
        return False
    if entry.flag_bits & _ENCRYPTED:
        notes.note(1, 1, "E185", N_("encrypted files are not read: %(name)s"), name=shown)
        return False
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        # Only these two unpack in steps of a known size.
        notes.note(1, 1, "E188", N_("this way of packing is not read: %(name)s"), name=shown)
        return False
    return True


def is_safe(path: str) -> bool:
    """A relative path of plain names that means the same file on every system."""
    if not path or len(path) > limits.PATH_CHARACTERS or "\\" in path or re.match(r"[A-Za-z]:", path):
        return False
    if any(unicodedata.category(mark) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp") for mark in path):
        return False
    parts = path.split("/")
    return all(part not in ("", ".", "..") and len(part) <= limits.NAME_CHARACTERS for part in parts)


def _check_twice(names: list[str], notes: Notes) -> None:
    seen: dict[str, str] = {}
    for name in names:
        key = unicodedata.normalize("NFC", unicodedata.normalize("NFC", name.rstrip("/")).casefold())
        if key in seen:
            raise _refuse(
                notes, "E187", N_("two files have one name: %(one)s and %(other)s"), one=seen[key], other=name
            )
        seen[key] = name


def _check_overlap(file: BinaryIO, entries: list[zipfile.ZipInfo], directory: int, notes: Notes) -> None:
    """Files that share bytes can unpack to far more than the archive holds."""
    end = 0
    for entry in sorted(entries, key=lambda one: one.header_offset):
        if entry.header_offset < end:
            raise _refuse(notes, "E188", N_("files in this archive overlap"))
        file.seek(entry.header_offset)
        head = file.read(_LOCAL_SIZE)
        name, extra = struct.unpack("<26x2H", head)
        end = entry.header_offset + _LOCAL_SIZE + name + extra + entry.compress_size
        if end > directory:
            raise _refuse(notes, "E188", N_("files in this archive overlap"))


def _read(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], notes: Notes) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    packed = unpacked = 0
    for entry in entries:
        if entry.orig_filename.endswith("/") or is_ignored(entry.orig_filename):
            continue
        packed += entry.compress_size
        chunks: list[bytes] = []
        with archive.open(entry) as stream:
            while chunk := stream.read(_CHUNK):
                unpacked += len(chunk)
                if unpacked > limits.ZIP_UNPACKED:
                    raise _refuse(
                        notes, "E186", N_("this archive is larger than %(limit)s bytes when unpacked"),
                        limit=limits.ZIP_UNPACKED,
                    )  # fmt: skip
                if unpacked > limits.ZIP_RATIO_ABOVE and unpacked > limits.ZIP_RATIO * packed:
                    raise _refuse(
                        notes, "E186", N_("this archive unpacks to more than %(limit)s times its size"),
                        limit=limits.ZIP_RATIO,
                    )  # fmt: skip
                chunks.append(chunk)
        files[unicodedata.normalize("NFC", entry.orig_filename)] = b"".join(chunks)
    return files


def without_top_folder(files: dict[str, bytes]) -> dict[str, bytes]:
    tops = {path.partition("/")[0] for path in files}
    if len(tops) == 1 and all("/" in path for path in files):
        return {path.partition("/")[2]: data for path, data in files.items()}
    return files
