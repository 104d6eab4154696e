"""The audit trail: whatever is done to it shows."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from app.kit import audit
from app.kit.actor import SYSTEM
from app.kit.audit import AuditRow


@pytest.fixture
def trail(db: Session) -> Session:
    for n in range(20):
        audit.say(db, SYSTEM, "deed.done", subject=f"thing {n}", number=n)
    return db


def test_a_trail_that_nobody_touched_is_whole(trail: Session) -> None:
    assert audit.broken_links(trail) == []


@pytest.mark.parametrize(
    "values",
    [{"subject": "another"}, {"action": "deed.undone"}, {"data": {"number": 99}}, {"actor_name": "Ona"}],
    ids=["subject", "action", "data", "name"],
)
def test_a_changed_row_shows(trail: Session, values: dict[str, object]) -> None:
    trail.execute(update(AuditRow).where(AuditRow.id == 7).values(values))
    trail.expire_all()
    assert audit.broken_links(trail)


def test_a_row_taken_out_of_the_middle_shows(trail: Session) -> None:
    trail.execute(delete(AuditRow).where(AuditRow.id == 7))
    trail.expire_all()
    assert audit.broken_links(trail)


def test_two_rows_that_changed_places_show(trail: Session) -> None:
    hashes = {row.id: row.hash for row in trail.query(AuditRow).filter(AuditRow.id.in_([5, 6]))}
    trail.execute(update(AuditRow).where(AuditRow.id == 5).values(hash="x"))
    trail.execute(update(AuditRow).where(AuditRow.id == 6).values(hash=hashes[5]))
    trail.execute(update(AuditRow).where(AuditRow.id == 5).values(hash=hashes[6]))
    trail.expire_all()
    assert audit.broken_links(trail)
