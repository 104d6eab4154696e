"""The courses that lie beside the program: published when it starts, each at most once."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from app.catalog import queries
from app.catalog.format.reader import folder_hash, read_folder
from app.catalog.importer.prepared import prepare
from app.catalog.importer.publishing import Published, keep, publish
from app.kit.actor import SYSTEM
from app.kit.blobs import Blobs
from app.kit.database import Sessions, reading, writing
from app.kit.errors import Invalid, KitError
from app.organisations import queries as organisations

log = logging.getLogger("klasteris.catalog")


@dataclass(frozen=True, slots=True)
class Synced:
    """What became of one folder: `published` is None when it has errors; `problems` are lines for the operator."""

    folder: str
    published: Published | None
    problems: tuple[str, ...] = ()


def sync(sessions: Sessions, blobs: Blobs, folder: Path) -> tuple[Synced, ...]:
    """Publish every course of a folder whose content has never been published; one that is broken stops no other."""
    done = tuple(_one(sessions, blobs, path) for path in _courses(folder))
    for one in done:
        for line in one.problems:
            log.warning("%s: %s", one.folder, line)
        if one.published is not None and one.published.created:
            log.info("published %s %s", one.published.slug, one.published.label)
    return done


def _courses(folder: Path) -> Iterator[Path]:
    if not folder.is_dir():
        return
    for path in sorted(folder.iterdir()):
        if path.is_dir() and not path.name.startswith((".", "_")):
            yield path


def _one(sessions: Sessions, blobs: Blobs, path: Path) -> Synced:
    # What is known already is not even read: a restart takes no longer for ten courses than for none.
    with reading(sessions) as db:
        known = _known(db, path)
    if known is not None:
        return Synced(path.name, known)
    reading_of = read_folder(path)
    if reading_of.course is None or reading_of.errors:
        return Synced(path.name, None, tuple(str(problem) for problem in reading_of.errors))
    course = reading_of.course
    prepared = prepare(course)
    keep(prepared, blobs)
    try:
        with writing(sessions) as db:
            owner = organisations.by_code(db, course.owner) if course.owner else None
            problems: tuple[str, ...] = ()
            if owner is None:
                owner = organisations.root(db)
                problems = (
                    f'there is no organisation with the code "{course.owner}"; the course belongs to the country',
                )
            owner_id = owner.id if owner else None
            published = publish(db, SYSTEM, prepared, blobs=blobs, owner_id=owner_id)
            return Synced(path.name, published, problems)
    except Invalid as refusal:
        return Synced(path.name, None, tuple(str(why) for why in refusal.fields.values()))
    except KitError as refusal:
        return Synced(path.name, None, (str(refusal),))


def _known(db: Session, path: Path) -> Published | None:
    same = queries.version_of(db, folder_hash(path))
    return Published(same.id, same.major, same.minor, False, same.course_id, same.slug) if same is not None else None
