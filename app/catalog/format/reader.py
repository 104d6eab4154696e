"""The one door for course files: from a folder, an archive or a single file to a course and everything wrong with it."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from app.catalog.format import archive, courses, lock, writer
from app.catalog.format import layout as layouts
from app.catalog.format import media as media_files
from app.catalog.format.assembly import Desk
from app.catalog.format.model import MediaFile, Problem, Reading
from app.catalog.format.problems import Notes, in_order
from app.kit import limits
from app.kit.i18n import N_


def read_files(files: dict[str, bytes]) -> Reading:
    """Read a course from its files by path; lock files and what editors leave behind are passed over."""
    problems: list[Problem] = []
    notes = Notes("", problems)
    taken = {unicodedata.normalize("NFC", path): data for path, data in files.items() if not layouts.is_ignored(path)}
    texts: dict[str, str] = {}
    media: list[MediaFile] = []
    for path, data in sorted(taken.items()):
        if not archive.is_safe(path):
            notes.of(path).note(1, 1, "E184", N_("this name is not taken: %(name)s"), name=path)
        elif path.startswith(layouts.MEDIA):
            if media_files.check(path, data, notes):
                media.append(MediaFile(path, data))
        elif path.endswith(".md"):
            text = layouts.decoded(path, data, notes)
            if text is not None:
                texts[path] = text
        else:
            layouts.arrange([path], notes)
    desk = Desk(notes, texts, set(taken))
    course = courses.read(desk, layouts.arrange(texts, notes), tuple(media))
    return Reading(course, in_order(problems), tuple(desk.noticed))


def read_single(name: str, text: str) -> Reading:
    """One Markdown file as a course of one module and one page."""
    return read_files({name: text.encode()})


def read_zip(data: bytes | str | os.PathLike[str], name: str = "upload.zip") -> Reading:
    """A zipped course folder. Whatever is wrong with the archive itself is told under its name, before anything is read."""
    problems: list[Problem] = []
    files = archive.unpack(data, Notes(name, problems))
    if files is None:
        return Reading(None, in_order(problems))
    return read_files(files)


def read_folder(path: Path) -> Reading:
    """A course folder on disk, or one Markdown file; an ids.lock.json in it is held against what was read."""
    problems: list[Problem] = []
    notes = Notes("", problems)
    if path.is_file():
        return read_files({path.name: path.read_bytes()})
    files = _files(path, notes)
    reading = read_files(files)
    locked = path / layouts.LOCK
    if reading.course is not None and locked.is_file() and not locked.is_symlink():
        problems += lock.lint(reading.course, locked.read_text("utf-8", errors="replace"))
    return Reading(reading.course, in_order([*reading.problems, *problems]), reading.noticed)


def folder_hash(path: Path) -> str:
    """The address that the course in a folder has if nothing is wrong with it, without reading it as one."""
    return writer.hash_of(_files(path, Notes("", [])))


def _files(path: Path, notes: Notes) -> dict[str, bytes]:
    return {name: file.read_bytes() for name, file in _walk(path, notes)}


def _walk(folder: Path, notes: Notes) -> Iterator[tuple[str, Path]]:
    """Links are not followed: a course is what is in its folder. A single file may be large only in media/."""
    count = total = 0
    for where, inner, names in os.walk(folder, followlinks=False):
        inner[:] = sorted(name for name in inner if not layouts.is_ignored(name))
        for name in [*inner, *sorted(names)]:
            file = Path(where) / name
            path = file.relative_to(folder).as_posix()
            if layouts.is_ignored(path):
                continue
            if file.is_symlink() or not (file.is_dir() or file.is_file()):
                notes.of(path).note(
                    1, 1, "E185", N_("only files and folders are read, no links or devices: %(name)s"), name=path
                )
                continue
            if file.is_dir():
                continue
            count += 1
            total += file.stat().st_size
            if count > limits.ZIP_ENTRIES or total > limits.ZIP_UNPACKED:
                notes.of(path).note(1, 1, "E186", N_("this folder holds more than a course may"))
                return
            yield path, file
