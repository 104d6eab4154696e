"""From and to the formats of other platforms, on the command line."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from app.catalog import exchange
from app.catalog.exchange import Format, Note, Outcome, alt_texts
from app.catalog.format import reader, writer
from app.catalog.format.model import Course, Problem
from app.cli.console import err, out, progress
from app.kit import limits
from app.kit.errors import KitError
from app.kit.i18n import N_

_WORDS = {
    Outcome.CARRIED: "read",
    Outcome.CHANGED: "changed",
    Outcome.LEFT_OUT: "left out",
    Outcome.REFUSED: "[red]not read[/red]",
}
_NONE_FOR_FOLDERS = N_("There is neither a course.md nor anything from another platform in %(path)s.")


def convert(
    source: Annotated[
        Path,
        typer.Argument(metavar="IN", help="A file of another platform, or a course: folder, .zip, .md.", exists=True),
    ],
    target: Annotated[
        Path, typer.Argument(metavar="OUT", help="A folder or .zip for a course; .xml, .gift … for another platform.")
    ],
    format: Annotated[str, typer.Option(help="The format to write, where the ending of OUT does not say it.")] = "",
    lang: Annotated[str, typer.Option(help="The language that a foreign file is written in.")] = "lt",
    owner: Annotated[str, typer.Option(help="Code of the organisation that a proposed course belongs to.")] = "",
) -> None:
    """Make a course of a foreign file, or a foreign file of a course, and say what could not be carried and why.

    Exit status 1 when anything was refused; whatever could be read is written all the same.

    Example: `klasteris courses convert klausimai.xml kursas/` · `klasteris courses convert tvarka.docx kursas/` · `klasteris courses convert courses/bdar-pagrindai bdar.gift`
    """
    wanted = _wanted(target, format)
    if wanted is None and target.is_dir() and any(target.iterdir()):
        raise KitError(N_("%(path)s is not empty."), path=target)
    with progress("Converting", 3) as ticker:
        files, notes = _read(source, lang, owner)
        ticker.step()
        course, problems = _course(files) if wanted is not None and files else (None, ())
        ticker.step()
        if wanted is not None and course is not None:
            written = exchange.write(course, wanted.key)
            notes = (*notes, *written.notes)
            if written.data:
                target.write_bytes(written.data)
        elif wanted is None and files:
            _write(target, files)
        ticker.step()
    for problem in problems:
        err.print(str(problem), markup=False, soft_wrap=True)
    _tell(notes)
    if wanted is None and (bare := alt_texts.missing(files)):
        out.print("Pictures that need a text for those who do not see them:")
        for path in bare:
            out.print(f"  {path}", markup=False, soft_wrap=True)
    done = target.exists() and bool(files) and not (wanted is not None and course is None)
    out.print(
        f"{source} → {target}: {_result(wanted, files) if done else 'nothing was written'}",
        markup=False,
        soft_wrap=True,
    )
    refused = any(note.outcome is Outcome.REFUSED for note in notes)
    raise typer.Exit(1 if refused or not done else 0)


def _wanted(target: Path, key: str) -> Format | None:
    """The format to write; None for a course of our own language."""
    if key:
        found = next((one for one in exchange.writable() if one.key == key), None)
        if found is None:
            keys = ", ".join(one.key for one in exchange.writable())
            raise KitError(N_("There is no format %(key)s to write; there are: %(keys)s."), key=key, keys=keys)
        return found
    name = target.name.lower()
    # A package of another platform is a zip as well: its whole ending says which.
    for one in exchange.writable():
        if name.endswith(one.ending):
            return one
    if name.endswith(".zip") or not target.suffix:
        return None
    # "x.gift" and "x.gift.txt" are one; an ending that two formats share means the one that comes first.
    for one in exchange.writable():
        if name.endswith(one.takes):
            return one
    raise KitError(
        N_("What is to be written? %(name)s has an ending that says nothing; add --format."), name=target.name
    )


def _read(source: Path, lang: str, owner: str) -> tuple[Mapping[str, bytes], tuple[Note, ...]]:
    """Course files by path, and what is to be said of a foreign file."""
    if source.is_dir():
        files = _folder(source)
        if "course.md" in files:
            return files, ()
        name, data = f"{source.name}.zip", writer.pack(files)
        if exchange.format_of(name, data) is None:
            raise KitError(_NONE_FOR_FOLDERS, path=source)
    else:
        if source.stat().st_size > limits.ZIP_BYTES:
            raise KitError(
                N_("%(path)s is larger than %(limit)s MB."), path=source, limit=limits.ZIP_BYTES // limits.MIB
            )
        name, data = source.name, source.read_bytes()
    if exchange.format_of(name, data) is None and name.lower().endswith((".zip", ".md")):
        if name.lower().endswith(".md"):
            return {name: data}, ()
        reading = reader.read_zip(data, name)
        return (writer.contents(reading.course) if reading.course else {}), _as_notes(reading.problems, name)
    converted = exchange.read(name, data, lang=lang, owner=owner)
    return converted.files, converted.notes


def _as_notes(problems: Iterable[Problem], name: str) -> tuple[Note, ...]:
    """What is wrong with an archive itself, so that nothing in it can be read."""
    return tuple(Note(Outcome.REFUSED, name, p.line, p.template, p.values) for p in problems if p.path == name)


def _folder(folder: Path) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    total = 0
    for where, inner, names in os.walk(folder, followlinks=False):
        inner.sort()
        for path in (Path(where) / name for name in sorted(names)):
            if path.is_symlink() or not path.is_file() or path.name.startswith("."):
                continue
            total += path.stat().st_size
            if total > limits.ZIP_UNPACKED or len(files) >= limits.ZIP_ENTRIES:
                raise KitError(N_("%(path)s holds more than a course may."), path=folder)
            files[path.relative_to(folder).as_posix()] = path.read_bytes()
    return files


def _course(files: Mapping[str, bytes]) -> tuple[Course | None, tuple[Problem, ...]]:
    """The course to write; one with errors can be read wrongly, so it is not written into another format."""
    reading = reader.read_files(dict(files))
    serious = tuple(problem for problem in reading.errors if problem.code not in ("E170", "E171", "E172"))
    return (None, serious) if serious else (reading.course, ())


def _write(target: Path, files: Mapping[str, bytes]) -> None:
    if target.suffix.lower() == ".zip":
        target.write_bytes(writer.pack(files))
        return
    for path, data in files.items():
        place = target / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)


def _result(wanted: Format | None, files: Mapping[str, bytes]) -> str:
    return wanted.name if wanted is not None else f"a course of {len(files)} files"


def _tell(notes: tuple[Note, ...]) -> None:
    """The worst first; nothing is cut off, since nobody can ask for the rest."""
    if not notes:
        return
    table = Table(box=None, pad_edge=False)
    for head in ("What happened", "To what", "Line", "Why"):
        table.add_column(head, overflow="fold")
    order = [Outcome.REFUSED, Outcome.LEFT_OUT, Outcome.CHANGED, Outcome.CARRIED]
    for note in sorted(notes, key=lambda note: order.index(note.outcome)):
        item, why = (text.replace("[", "\\[") for text in (note.item, note.message))
        table.add_row(_WORDS[note.outcome], item, str(note.line or ""), why)
    out.print(table)
