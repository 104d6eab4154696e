"""The ledger of ids: what a course may not lose or turn into something else without saying so."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalog import queries
from app.catalog.format import lagging, lock
from app.catalog.format.layout import LOCK
from app.catalog.format.model import Course, Problem
from app.catalog.format.problems import in_order
from app.catalog.importer.prepared import ids_of
from app.catalog.models import CourseVersion, KnownId


def problems(db: Session, course: Course) -> tuple[Problem, ...]:
    """What the ledger has against a course: ids that vanished, ids that became something else."""
    head = queries.course_by_slug(db, course.id)
    if head is None:
        return ()
    here = ids_of(course)
    latest = queries.latest_version(db, head.id)
    outline = outline_of(db, latest.id) if latest is not None else {"ids": {}}
    said: dict[str, dict[str, str]] = outline["ids"]
    entries: dict[str, dict[str, str]] = {}
    for key, known in queries.known_ids(db, head.id).items():
        # What was retired or renamed may be gone; if it is here again it must be what it was.
        if known.now_called is None or key in here:
            entry = {"kind": known.kind, "type": known.type}
            entries[key] = {name: value for name, value in entry.items() if value} | said.get(key, {})
    found = lock.lint(course, json.dumps({"course": course.id, "ids": entries}, ensure_ascii=False, indent=1))
    home = next((path for path in course.files if path.startswith("course.")), next(iter(course.files), ""))
    # The list of ids is no file of the author's: what it says is said at the course.
    found += lagging.problems(course, outline.get("texts", {}))
    return in_order(replace(one, path=home, line=1) if one.path == LOCK else one for one in found)


def outline_of(db: Session, version_id: int) -> dict[str, Any]:
    outline: dict[str, Any] = db.scalars(select(CourseVersion.outline).where(CourseVersion.id == version_id)).one()
    return outline


def lock_json(db: Session, course_id: int, slug: str) -> str:
    """Every id that the course ever published, as the file that `courses check` holds a folder against."""
    latest = queries.latest_version(db, course_id)
    outline = outline_of(db, latest.id) if latest is not None else {"ids": {}}
    entries: dict[str, dict[str, str]] = {}
    for key, known in sorted(queries.known_ids(db, course_id).items()):
        entries[key] = {"kind": known.kind} | ({"type": known.type} if known.type else {})
        # "" is an id that was given up, any other word what the thing is called now.
        entries[key] |= outline["ids"].get(key, {}) if known.now_called is None else {"gone": known.now_called}
    said = {"course": slug, "ids": entries, "texts": outline.get("texts", {})}
    return json.dumps(said, ensure_ascii=False, indent=1) + "\n"


def write(db: Session, course_id: int, version_id: int, outline: Mapping[str, Any]) -> None:
    """Enter what is new in a version, and note what has gone and what it is called now."""
    here: dict[str, dict[str, str]] = outline["ids"]
    renamed: dict[str, str] = outline["was"]
    known = queries.known_ids(db, course_id)
    for key, entry in here.items():
        if key not in known:
            row = KnownId(
                course_id=course_id,
                key=key,
                kind=entry["kind"],
                type=entry.get("type", ""),
                first_version_id=version_id,
                now_called=None,
            )
            db.add(row)
    for key, one in known.items():
        now_called = None if key in here else renamed.get(key, one.now_called or "")
        if now_called != one.now_called:
            row = db.get_one(KnownId, (course_id, key))
            row.now_called = now_called
    db.flush()


def renamed(db: Session, course_id: int, outline: Mapping[str, Any]) -> dict[str, str]:
    """Earlier id → id now, for all that has ever been renamed and is still there, over any number of renamings.

    An author need not carry old names along for ever: somebody may come from the first version to the tenth.
    """
    known = {one.key: one.now_called or "" for one in queries.known_ids(db, course_id).values()}
    said: dict[str, str] = {**known, **outline["was"]}
    here = outline["ids"]
    found: dict[str, str] = {}
    for key in said:
        name, seen = key, {key}
        while name not in here and said.get(name) and said[name] not in seen:
            name = said[name]
            seen.add(name)
        if name != key and name in here:
            found[key] = name
    return found
