"""Totals by day of the places directly below the root: who began, who completed, and how long it took them."""

from collections import Counter
from datetime import date

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
UNLIMITED = 1_000_000
RUNS = """
    SELECT e.course_id, e.state, e.required, date(e.enrolled_at), date(e.completed_at), e.due_on, count(*)
    FROM enrolments e WHERE e.organisation_id IN (SELECT id FROM organisations WHERE {where})
    AND e.current AND e.state IN ('enrolled', 'started', 'completed') AND (e.required OR e.state = 'completed') GROUP BY 1, 2, 3, 4, 5, 6
"""


def _day(value: object) -> date | None:
    return value if value is None or isinstance(value, date) else date.fromisoformat(str(value))


def upgrade() -> None:
    marked = op.create_table(
        "day_counts",
        sa.Column("organisation_id", NUMBER, nullable=False),
        sa.Column(
            "mark",
            sa.Enum("begun", "completed", name="mark", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("course_id", NUMBER, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("number", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_day_counts_organisation_id_organisations")
        ),
        sa.PrimaryKeyConstraint("organisation_id", "mark", "required", "course_id", "day", name=op.f("pk_day_counts")),
        sqlite_with_rowid=False,
    )
    spent = op.create_table(
        "took_counts",
        sa.Column("organisation_id", NUMBER, nullable=False),
        sa.Column("course_id", NUMBER, nullable=False),
        sa.Column("allowed", NUMBER, nullable=False),
        sa.Column("took", NUMBER, nullable=False),
        sa.Column("number", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_took_counts_organisation_id_organisations")
        ),
        sa.PrimaryKeyConstraint("organisation_id", "course_id", "allowed", "took", name=op.f("pk_took_counts")),
        sqlite_with_rowid=False,
    )
    db = op.get_bind()
    places = db.execute(sa.text("SELECT id, path, parent_id FROM organisations ORDER BY id")).all()
    roots = {row[0] for row in places if row[2] is None}
    for place, path, parent in places:
        if parent is None:
            _fill(marked, spent, place, "path = :path", path)
        elif parent in roots:
            _fill(marked, spent, place, "path LIKE :path || '%'", path)


def _fill(marked: sa.Table, spent: sa.Table, place: int, where: str, path: str) -> None:
    db = op.get_bind()
    days: Counter[tuple[str, bool, int, date]] = Counter()
    took: Counter[tuple[int, int, int]] = Counter()
    for course_id, state, required, began, ended, due, number in db.execute(
        sa.text(RUNS.format(where=where)), {"path": path}
    ):
        enrolled, completed, due_on = _day(began), _day(ended), _day(due)
        assert enrolled is not None
        for course in (0, course_id):
            if state != "completed" or completed is None:
                days[("begun", True, course, enrolled)] += number
                continue
            days[("completed", bool(required), course, completed)] += number
            if required:
                allowed = UNLIMITED if due_on is None else (due_on - enrolled).days
                days[("begun", True, course, min(enrolled, completed))] += number
                took[(course, allowed, (completed - enrolled).days)] += number
    for table, cells in ((marked, days), (spent, took)):
        names = [column.name for column in table.columns]
        rows = [dict(zip(names, (place, *cell, n), strict=True)) for cell, n in cells.items()]
        for start in range(0, len(rows), 5000):
            db.execute(table.insert(), rows[start : start + 5000])


def downgrade() -> None:
    op.drop_table("took_counts")
    op.drop_table("day_counts")
