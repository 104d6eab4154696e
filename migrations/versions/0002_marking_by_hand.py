"""Answers that a person marks: what waits, each marking, hints that were taken, and the notice of it."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

BEFORE = ("assigned", "due-soon", "overdue", "reminded", "completed", "welcome", "question")
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _notice_kinds(*kinds: str) -> None:
    with op.batch_alter_table("notices") as batch_op:
        if op.get_bind().dialect.name != "sqlite":  # whose copy of the table comes without the old check anyway
            batch_op.drop_constraint(op.f("ck_notices_noticekind"), type_="check")
        words = ", ".join(f"'{kind}'" for kind in kinds)
        batch_op.create_check_constraint(op.f("ck_notices_noticekind"), f"kind IN ({words})")


def upgrade() -> None:
    with op.batch_alter_table("answers") as batch_op:
        batch_op.add_column(sa.Column("hints", NUMBER, nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("waiting", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index(
        "ix_answers_waiting",
        "answers",
        ["attempt_id"],
        sqlite_where=sa.text("waiting = 1"),
        postgresql_where=sa.text("waiting = true"),
    )
    op.create_table(
        "gradings",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("attempt_id", NUMBER, nullable=False),
        sa.Column("question", sa.String(length=64), nullable=False),
        sa.Column("number", NUMBER, nullable=False),
        sa.Column("fraction", sa.Double(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("marker_id", NUMBER, nullable=False),
        sa.Column("graded_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempts.id"], name=op.f("fk_gradings_attempt_id_attempts")),
        sa.ForeignKeyConstraint(["marker_id"], ["people.id"], name=op.f("fk_gradings_marker_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gradings")),
        sa.UniqueConstraint("attempt_id", "question", "number", name=op.f("uq_gradings_attempt_id_question_number")),
    )
    op.create_index("ix_gradings_graded_at", "gradings", ["graded_at"])
    op.create_table(
        "marking_rules",
        sa.Column("course_id", NUMBER, nullable=False),
        sa.Column("shows_names", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["courses.id"], name=op.f("fk_marking_rules_course_id_courses")),
        sa.PrimaryKeyConstraint("course_id", name=op.f("pk_marking_rules")),
    )
    _notice_kinds(*BEFORE, "marked")


def downgrade() -> None:
    op.execute("DELETE FROM notices WHERE kind = 'marked'")
    _notice_kinds(*BEFORE)
    op.drop_table("marking_rules")
    op.drop_index("ix_gradings_graded_at", table_name="gradings")
    op.drop_table("gradings")
    op.drop_index("ix_answers_waiting", table_name="answers")
    with op.batch_alter_table("answers") as batch_op:
        batch_op.drop_column("waiting")
        batch_op.drop_column("hints")
