"""Counters of whole subtrees, added up from those of single places."""

from collections import Counter

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
STATES = ("enrolled", "started", "completed", "left", "exempt", "paused")
NAMES = ("organisation_id", "course_id", "state", "required", "due_on", "number")


def upgrade() -> None:
    table = op.create_table(
        "subtree_counts",
        sa.Column("organisation_id", NUMBER, nullable=False),
        sa.Column("course_id", NUMBER, nullable=False),
        sa.Column(
            "state",
            sa.Enum(*STATES, name="runstate", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("number", NUMBER, nullable=False),
        sa.CheckConstraint("number >= 0", name=op.f("ck_subtree_counts_not_negative")),
        sa.ForeignKeyConstraint(["course_id"], ["courses.id"], name=op.f("fk_subtree_counts_course_id_courses")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_subtree_counts_organisation_id_organisations")
        ),
        sa.PrimaryKeyConstraint(
            "organisation_id", "course_id", "state", "required", "due_on", name=op.f("pk_subtree_counts")
        ),
    )
    assert table is not None
    db = op.get_bind()
    paths = db.execute(sa.text("SELECT id, path FROM organisations")).all()
    holds = {row[0]: [int(part) for part in row[1].strip("/").split("/")[1:]] for row in paths}
    counts = sa.table("completion_counts", *(sa.column(name, table.c[name].type) for name in NAMES))
    totals: Counter[tuple[object, ...]] = Counter()
    for place, *rest, number in db.execute(sa.select(*(counts.c[name] for name in NAMES)).where(counts.c.number > 0)):
        for one in holds[place]:
            totals[(one, *rest)] += number
    rows = [dict(zip(NAMES, (*cell, number), strict=True)) for cell, number in totals.items()]
    for start in range(0, len(rows), 5000):
        db.execute(table.insert(), rows[start : start + 5000])


def downgrade() -> None:
    op.drop_table("subtree_counts")
