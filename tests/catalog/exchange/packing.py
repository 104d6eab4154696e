"""Zip archives made and opened for tests of packages."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from app.catalog import exchange
from app.catalog.exchange import Conversion
from app.catalog.format import reader
from app.catalog.format.model import Course


def opened(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(files: dict[str, bytes] | dict[str, str] | dict[str, str | bytes]) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, data in files.items():
            archive.writestr(path, data)
    return whole.getvalue()


def folder(path: Path) -> bytes:
    """A folder as the archive that it was once taken from."""
    return packed(
        {file.relative_to(path).as_posix(): file.read_bytes() for file in sorted(path.rglob("*")) if file.is_file()}
    )


def read(files: dict[str, str] | dict[str, str | bytes], name: str = "paketas.imscc") -> Conversion:
    return exchange.read(name, packed(files), lang="lt")


def course_in(found: Conversion) -> Course:
    assert not found.refused, said(found)
    reading = reader.read_files(dict(found.files))
    assert reading.course is not None
    assert {problem.code for problem in reading.errors} <= {"E170"}, reading.errors
    return reading.course


def said(found: Conversion) -> list[tuple[str, str, str]]:
    return [(note.outcome.value, note.item, note.message) for note in found.notes]
