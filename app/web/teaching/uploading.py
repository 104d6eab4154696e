"""What an upload holds, as it is kept: read, checked, and held against what was published before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import Request

from app.catalog import importer
from app.catalog.importer import apart
from app.kit import clock
from app.kit.actor import Actor
from app.kit.database import reading


@dataclass(frozen=True, slots=True)
class Looked:
    slug: str
    summary: dict[str, Any]
    problems: list[Mapping[str, Any]]


def examined(request: Request, actor: Actor, name: str, data: bytes) -> Looked:
    """Takes its time, so nothing may be locked yet. No data: a file that nothing could be made of."""
    found = apart.examine(name, data, today=clock.today(), author=actor.name) if data else None
    course = found.course if found else None
    problems = list(found.problems) if found else []
    if course is not None:
        with reading(request.app.state.sessions) as db:
            problems += importer.ledger_problems(db, course)
    rows = importer.rows(problems, course.files if course else {})
    return Looked(course.id if course else "", importer.summary(course), list(rows))
