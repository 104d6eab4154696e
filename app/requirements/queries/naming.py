"""People as forms name them: by e-mail or staff number."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.accounts.rules import PersonState
from app.organisations.models import Organisation


def people_named(db: Session, path: str, words: Sequence[str]) -> tuple[dict[str, int], tuple[str, ...]]:
    """Word → the person at or below a place with this e-mail or staff number; and the words that name nobody there,
    or more than one."""
    wanted = {word.lower(): word for word in words}
    rows = db.execute(
        select(Person.id, func.lower(Person.email), func.lower(Person.staff_number))
        .join(Organisation, Organisation.id == Person.organisation_id)
        .where(
            Organisation.path.startswith(path, autoescape=True),
            Person.state != PersonState.DISABLED,
            func.lower(Person.email).in_(sorted(wanted)) | func.lower(Person.staff_number).in_(sorted(wanted)),
        )
    )
    found: dict[str, set[int]] = {}
    for person_id, email, number in rows:
        for word in (email, number):
            if word in wanted:
                found.setdefault(wanted[word], set()).add(person_id)
    single = {word: next(iter(ids)) for word, ids in found.items() if len(ids) == 1}
    return single, tuple(word for word in words if word not in single)


def named_as(db: Session, person_ids: Iterable[int]) -> dict[int, str]:
    """How a form names these people."""
    rows = db.execute(
        select(Person.id, func.coalesce(Person.email, Person.staff_number, "")).where(
            Person.id.in_(sorted(set(person_ids)))
        )
    )
    return {row[0]: row[1] for row in rows}
