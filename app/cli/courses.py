"""Courses as files: check them, publish them, take them out again."""

from __future__ import annotations

import io
import zipfile
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from app.catalog import importer
from app.catalog import queries as catalog
from app.catalog.format import checks, naming, reader, report
from app.catalog.format.model import Problem, Severity
from app.cli import converting
from app.cli.console import err, house, out, progress, upgrade
from app.kit import clock
from app.kit.database import reading
from app.kit.errors import Conflict, NotFound
from app.kit.i18n import N_

app = typer.Typer(help="Courses as files.", no_args_is_help=True)
app.command()(converting.convert)


class Format(StrEnum):
    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"
    GITHUB = "github"


def _problems(path: Path) -> tuple[Problem, ...]:
    if path.is_dir():
        reading_ = reader.read_folder(path)
    elif path.suffix == ".zip":
        reading_ = reader.read_zip(path, path.name)
    else:
        reading_ = reader.read_files({path.name: path.read_bytes()})
    said = list(reading_.problems)
    if reading_.course is not None and not reading_.errors:
        said += checks.check(reading_.course, today=clock.today(), noticed=reading_.noticed)
    return tuple(said)


@app.command()
def check(
    paths: Annotated[list[Path], typer.Argument(help="Course folders, zips or single .md files.", exists=True)],
    format: Annotated[Format, typer.Option(help="How to print the problems.")] = Format.TEXT,
) -> None:
    """Check courses and print every problem as `path:line:column: CODE sentence`. Exit status 1 when one is an error.

    Example: `klasteris courses check courses/bdar-pagrindai --format sarif`
    """
    problems = tuple(problem for path in paths for problem in _problems(path))
    said = report.render(problems, format.value)
    if said:
        out.print(said, markup=False, soft_wrap=True)
    errors = sum(1 for problem in problems if problem.severity is Severity.ERROR)
    if format is Format.TEXT:
        err.print(f"{len(paths)} checked: {errors} errors, {len(problems) - errors} other remarks.")
    raise typer.Exit(1 if errors else 0)


@app.command()
def sync(folder: Annotated[Path | None, typer.Argument(help="Folder of course folders.")] = None) -> None:
    """Publish every course of a folder that has changed; what has not changed is left alone.

    Example: `klasteris courses sync courses`
    """
    home = house()
    upgrade(home)
    folder = folder or home.settings.courses
    faults = 0
    with progress("Publishing", sum(1 for path in folder.iterdir() if path.is_dir())) as ticker:
        for one in importer.sync(home.sessions, home.blobs, folder):
            ticker.step()
            for line in one.problems:
                err.print(f"{one.folder}: {line}", markup=False)
            if one.published is None:
                faults += 1
                out.print(f"{one.folder}: not published", markup=False)
            else:
                done = "published" if one.published.created else "is published already"
                out.print(f"{one.folder} {one.published.label} {done}", markup=False)
    raise typer.Exit(1 if faults else 0)


@app.command()
def export(
    slug: Annotated[str, typer.Argument(help="The course's id.")],
    target: Annotated[Path, typer.Argument(help="Zip file to write, or a new folder.")],
) -> None:
    """Write a published course in its own language as a zip or, without .zip at the end, as a folder. It reads back identically.

    Example: `klasteris courses export bdar-pagrindai bdar.zip`
    """
    home = house()
    with reading(home.sessions) as db:
        course = catalog.course_by_slug(db, slug)
        version = catalog.version(db, course.version_id or 0) if course else None
        if course is None or version is None:
            raise NotFound(N_("There is no such course."))
        data = importer.exported(db, home.blobs, course=course, version=version)
    if target.suffix.lower() == ".zip":
        target.write_bytes(data)
    elif target.exists():
        raise Conflict(N_("%(name)s is there already. Name a folder that is not."), name=target)
    else:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            archive.extractall(target)
    out.print(f"{target}: {len(data)} bytes.")


@app.command()
def ids(
    path: Annotated[Path, typer.Argument(help="A course folder, or a single .md file.", exists=True)],
    write: Annotated[bool, typer.Option("--write", help="Write them; without this, only name the files.")] = False,
) -> None:
    """Give questions, quizzes and pools that have no id one, and write those of gaps. Nothing else in the text is touched.

    Example: `klasteris courses ids courses/bdar-pagrindai --write`
    """
    changed = naming.with_ids(reader.read_folder(path))
    for name, text in sorted(changed.items()):
        out.print(name, markup=False)
        if write:
            (path / name if path.is_dir() else path).write_text(text, "utf-8")
    out.print(f"{len(changed)} files {'written' if write else 'would change; add --write to do it'}.")
