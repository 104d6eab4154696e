"""Everything in one file and back again: each table as JSON lines, each stored file, and a manifest of hashes.

The form knows no database, so a backup of SQLite restores into PostgreSQL and the other way round.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import JSON, Column, Date, MetaData, Table, func, insert, select
from sqlalchemy.orm import Session

from app.kit import clock
from app.kit.blobs import Blobs
from app.kit.database import Moment, number_on
from app.kit.errors import Conflict
from app.kit.i18n import N_

FORMAT = 1
BATCH = 500
Tell = Callable[[str], None]


def write(db: Session, blobs: Blobs, metadata: MetaData, *, revision: str, target: Path, tell: Tell) -> dict[str, Any]:
    """Write a backup to `target`; answers its manifest. `db` must see one state throughout."""
    manifest: dict[str, Any] = {
        "format": FORMAT,
        "revision": revision,
        "made_at": clock.now().isoformat(),
        "tables": {},
    }
    aside = target.with_suffix(target.suffix + ".part")
    with zipfile.ZipFile(aside, "w", zipfile.ZIP_DEFLATED, compresslevel=6, allowZip64=True) as archive:
        for table in metadata.sorted_tables:
            digest, rows = hashlib.sha256(), 0
            with archive.open(f"tables/{table.name}.jsonl", "w", force_zip64=True) as out:
                for line in _lines(db, table):
                    out.write(line)
                    digest.update(line)
                    rows += 1
            manifest["tables"][table.name] = {"rows": rows, "sha256": digest.hexdigest()}
            tell(table.name)
        manifest["files"] = blobs.keys()
        for key in manifest["files"]:
            archive.writestr(f"files/{key}", blobs.get(key), zipfile.ZIP_STORED)
        archive.writestr("manifest.json", json.dumps(manifest, indent=1, sort_keys=True))
    aside.replace(target)
    return manifest


def _lines(db: Session, table: Table) -> Iterator[bytes]:
    rows = db.connection().execution_options(yield_per=BATCH).execute(select(table).order_by(*table.primary_key))
    for row in rows:
        values = {name: _plain(value) for name, value in row._mapping.items()}
        yield json.dumps(values, ensure_ascii=False, sort_keys=True).encode() + b"\n"


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value


def manifest_of(source: Path) -> dict[str, Any]:
    """The manifest of a backup, after every hash in it has been checked."""
    try:
        with zipfile.ZipFile(source) as archive:
            manifest: dict[str, Any] = json.loads(archive.read("manifest.json"))
            if manifest["format"] != FORMAT:
                raise Conflict(N_("This backup was made by another version of the program."))
            for name, said in manifest["tables"].items():
                digest = hashlib.sha256()
                with archive.open(f"tables/{name}.jsonl") as lines:
                    while part := lines.read(1 << 20):
                        digest.update(part)
                if digest.hexdigest() != said["sha256"]:
                    raise Conflict(N_("This backup is damaged: a table is not what its manifest says."))
            for key in manifest["files"]:
                if hashlib.sha256(archive.read(f"files/{key}")).hexdigest() != key:
                    raise Conflict(N_("This backup is damaged: a file is not what its name says."))
    except (zipfile.BadZipFile, KeyError, ValueError, OSError) as broken:
        raise Conflict(N_("This is not a backup, or it is damaged.")) from broken
    return manifest


def read(db: Session, blobs: Blobs, metadata: MetaData, *, source: Path, tell: Tell) -> None:
    """Fill an empty database and the file store from a backup whose manifest has been checked."""
    for table in metadata.sorted_tables:
        if db.scalar(select(func.count()).select_from(table)):
            raise Conflict(N_("The database is not empty. Restore into a new one, then switch over."))
    later = _postponed(metadata)
    with zipfile.ZipFile(source) as archive:
        for table in metadata.sorted_tables:
            with archive.open(f"tables/{table.name}.jsonl") as raw:
                _fill(db, table, io.TextIOWrapper(raw, encoding="utf-8"), later.get(table.name, set()))
            tell(table.name)
        for table in metadata.sorted_tables:
            if table.name in later:
                with archive.open(f"tables/{table.name}.jsonl") as raw:
                    _point(db, table, io.TextIOWrapper(raw, encoding="utf-8"), later[table.name])
        for name in archive.namelist():
            if name.startswith("files/"):
                blobs.put(archive.read(name))
    number_on(db, metadata)


def _postponed(metadata: MetaData) -> dict[str, set[str]]:
    """Columns that point forward or at their own table: filled in once all rows are there."""
    out: dict[str, set[str]] = {}
    for table in metadata.tables.values():
        for key in table.foreign_keys:
            if key.column.table is table or key.use_alter:
                out.setdefault(table.name, set()).add(key.parent.name)
    return out


def _typed(column: Column[Any], value: Any) -> Any:
    if value is None or isinstance(column.type, JSON):
        return value
    if isinstance(column.type, Moment):
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if isinstance(column.type, Date) else value


def _rows(table: Table, lines: io.TextIOWrapper) -> Iterator[dict[str, Any]]:
    for line in lines:
        said = json.loads(line)
        yield {name: _typed(table.columns[name], value) for name, value in said.items()}


def _fill(db: Session, table: Table, lines: io.TextIOWrapper, later: set[str]) -> None:
    batch: list[dict[str, Any]] = []
    for row in _rows(table, lines):
        batch.append({**row, **dict.fromkeys(later)})
        if len(batch) == BATCH:
            db.execute(insert(table), batch)
            batch = []
    if batch:
        db.execute(insert(table), batch)


def _point(db: Session, table: Table, lines: io.TextIOWrapper, later: set[str]) -> None:
    keys = list(table.primary_key)
    for row in _rows(table, lines):
        values = {name: row[name] for name in later if row[name] is not None}
        if values:
            same = [key == row[key.name] for key in keys]
            db.execute(table.update().where(*same).values(values))
