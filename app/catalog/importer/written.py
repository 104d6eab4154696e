"""A version in the formats of other platforms: written once, when somebody asks for it, and kept beside the file store.

What is kept can be written anew at any time, so it stands in no backup. It is found by what it was made from: the
version's files, and the program that wrote it.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from functools import cache
from pathlib import Path

from sqlalchemy.orm import Session

from app.catalog import exchange, queries
from app.catalog import format as language
from app.catalog.exchange import Note, Outcome, Written
from app.catalog.format import reader
from app.catalog.queries import CourseHead, Version
from app.kit.blobs import Blobs
from app.kit.errors import NotFound
from app.kit.i18n import N_


def version_to_write(db: Session, head: CourseHead) -> Version:
    """The version that new learners get."""
    found = queries.version(db, head.version_id or 0)
    if found is None:
        raise NotFound(N_("There is no such version."))
    return found


def written(blobs: Blobs, version: Version, key: str) -> Written:
    """A version in one format, from the store or written now. Takes its time the first time."""
    kept = kept_of(blobs, version, key)
    if kept is not None:
        return kept
    course = reader.read_zip(blobs.get(version.source)).course
    if course is None:
        raise NotFound(N_("There is no such version."))
    made = exchange.write(course, key)
    _keep(_place(blobs, version, key), made)
    return made


def kept_of(blobs: Blobs, version: Version, key: str) -> Written | None:
    """What was written before; None where nobody has asked for it yet."""
    try:
        whole = _place(blobs, version, key).read_bytes()
        head, _line, data = whole.partition(b"\n")
        said = json.loads(head)
        if hashlib.sha256(data).hexdigest() != said["sha256"]:
            return None
        notes = tuple(
            Note(Outcome(one[0]), one[1], one[2], one[3], tuple((name, value) for name, value in one[4]))
            for one in said["notes"]
        )
    except (FileNotFoundError, ValueError, KeyError):  # written by half, or never: it is written anew
        return None
    return Written(data, notes)


def _keep(place: Path, made: Written) -> None:
    notes = [[one.outcome.value, one.item, one.line, one.template, [list(v) for v in one.values]] for one in made.notes]
    head = json.dumps({"sha256": hashlib.sha256(made.data).hexdigest(), "notes": notes}, ensure_ascii=False)
    place.parent.mkdir(parents=True, exist_ok=True)
    aside = place.with_name(f"{place.name}.{secrets.token_hex(4)}")
    aside.write_bytes(head.encode() + b"\n" + made.data)
    aside.replace(place)


def _place(blobs: Blobs, version: Version, key: str) -> Path:
    if key not in {one.key for one in exchange.writable()}:
        raise NotFound(N_("There is no such format."))
    return blobs.folder / "written" / f"{version.source}.{key}.{_program()}"


@cache
def _program() -> str:
    """The code that reads and writes: when it changes, everything is written anew."""
    digest = hashlib.sha256()
    for package in (exchange, language):
        for path in sorted(Path(package.__path__[0]).rglob("*.py")):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
