"""Files on their way in, piece by piece: how much of each has arrived and is on the disk, and whose they are.

The row says what is kept: bytes behind `received` in the file were never acknowledged and are written over.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import ForeignKey, String, delete, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.kit import clock
from app.kit.actor import Actor
from app.kit.database import Base, BigId, Id
from app.kit.errors import Conflict, NotFound
from app.kit.i18n import N_
from app.kit.limits import INCOMING_FILES, INCOMING_HOURS, MIB

KEPT = timedelta(hours=INCOMING_HOURS)
RESERVE = 64 * MIB  # room that is left to the database when a file is let in


class IncomingFile(Base):
    """One file that is being sent. `size` is what was announced, `received` what is safe on the disk, in bytes."""

    __tablename__ = "incoming_files"
    id: Mapped[Id]
    key: Mapped[str] = mapped_column(String(32), unique=True)
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("people.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    size: Mapped[int]
    received: Mapped[int] = mapped_column(default=0)
    touched_at: Mapped[datetime] = mapped_column(index=True)


@dataclass(frozen=True, slots=True)
class Incoming:
    """A file on its way; `until` is when it is given up."""

    key: str
    name: str
    size: int
    received: int
    until: datetime

    @property
    def whole(self) -> bool:
        return self.received == self.size


def place(files: Path, key: str) -> Path:
    """Where the bytes of a file lie; `files` is the folder of the file store."""
    if not key.replace("-", "").replace("_", "").isalnum():
        raise ValueError("not a key")
    return files / "incoming" / key


def room(files: Path) -> int:
    """Bytes that may still be taken in."""
    there = next(folder for folder in (files, *files.parents) if folder.exists())
    return max(0, shutil.disk_usage(there).free - RESERVE)


def begin(db: Session, actor: Actor, *, name: str, size: int) -> Incoming:
    """Announce a file of `size` bytes; nothing of it is kept yet."""
    if not may_begin(db, actor):
        raise Conflict(N_("You have begun to send many files. Finish them, or try again tomorrow."))
    row = IncomingFile(
        key=secrets.token_urlsafe(18), person_id=actor.id, name=name[:200], size=size, touched_at=clock.now()
    )
    db.add(row)
    db.flush()
    return _incoming(row)


def may_begin(db: Session, actor: Actor) -> bool:
    count = select(func.count()).select_from(IncomingFile).where(IncomingFile.person_id == actor.id)
    return (db.scalar(count) or 0) < INCOMING_FILES


def found(db: Session, actor: Actor, key: str) -> Incoming:
    """A file that the actor is sending; everybody else's is not there, and neither is one that was given up."""
    row = db.scalar(select(IncomingFile).where(IncomingFile.key == key, IncomingFile.person_id == actor.id))
    if row is None or row.touched_at + KEPT < clock.now():
        raise NotFound(N_("There is no such file, or it was given up."))
    return _incoming(row)


def _incoming(row: IncomingFile) -> Incoming:
    return Incoming(row.key, row.name, row.size, row.received, row.touched_at + KEPT)


def advance(db: Session, *, key: str, known: int, received: int) -> bool:
    """Say that more has arrived; False when somebody else has said so first, or the file was given up."""
    changed = db.execute(
        update(IncomingFile)
        .where(IncomingFile.key == key, IncomingFile.received == known)
        .values(received=received, touched_at=clock.now())
        .returning(IncomingFile.id)
    )
    return changed.scalar() is not None


def forget(db: Session, files: Path, key: str) -> None:
    """Give a file up, or let go of it once it has been taken over."""
    db.execute(delete(IncomingFile).where(IncomingFile.key == key))
    place(files, key).unlink(missing_ok=True)


def sweep(db: Session, files: Path) -> int:
    """Give up what nobody has gone on sending; answers how many files. Bytes without a row go as well."""
    old = clock.now() - KEPT
    keys = db.scalars(select(IncomingFile.key).where(IncomingFile.touched_at < old)).all()
    for key in keys:
        forget(db, files, key)
    known = set(db.scalars(select(IncomingFile.key)))
    for path in (files / "incoming").glob("*"):
        if path.name not in known and path.stat().st_mtime < old.timestamp():
            path.unlink(missing_ok=True)
    return len(keys)


@contextmanager
def at(path: Path, offset: int) -> Iterator[BinaryIO]:
    """The file, open to be written on from `offset`.

    Two senders of one file write the same bytes to the same place; `advance` lets one of them go on.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)
    with os.fdopen(descriptor, "r+b", buffering=0) as file:
        file.seek(offset)
        yield file


def write(file: BinaryIO, data: bytes) -> None:
    """All of it: an unbuffered file may take less than it was given."""
    left = memoryview(data)
    while left:
        left = left[file.write(left) :]


def settle(file: BinaryIO) -> None:
    """Onto the disk, so that what is acknowledged next outlives a power cut."""
    os.fsync(file.fileno())
