"""Questions corrected after they were asked, attempts marked anew, one attempt more, and a second marker."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
NOTICES = ("remarked", "unlocked")


def _notice_kinds(more: tuple[str, ...], fewer: tuple[str, ...] = ()) -> None:
    """The words a notice's kind may be, from what the database says of them now: another migration may have added some."""
    checks = sa.inspect(op.get_bind()).get_check_constraints("notices")
    there = next(one["sqltext"] for one in checks if one["name"] == "ck_notices_noticekind")
    words = [word for word in there.split("'")[1::2] if word not in fewer]
    listed = ", ".join(f"'{word}'" for word in dict.fromkeys((*words, *more)))
    with op.batch_alter_table("notices") as batch_op:
        if op.get_bind().dialect.name != "sqlite":  # whose copy of the table comes without the old check anyway
            batch_op.drop_constraint(op.f("ck_notices_noticekind"), type_="check")
        batch_op.create_check_constraint(op.f("ck_notices_noticekind"), f"kind IN ({listed})")


def _number(name: str, to: str, table: str, *, nullable: bool = False) -> list[sa.schema.SchemaItem]:
    column: sa.Column[int] = sa.Column(name, NUMBER, nullable=nullable)
    return [column, sa.ForeignKeyConstraint([name], [f"{to}.id"], name=op.f(f"fk_{table}_{name}_{to}"))]


def _word(name: str, kind: str, *words: str, **more: object) -> sa.Column[str]:
    return sa.Column(
        name,
        sa.Enum(*words, name=kind, native_enum=False, create_constraint=True, length=32),
        nullable=False,
        **more,  # type: ignore[arg-type]
    )


def upgrade() -> None:
    _notice_kinds(NOTICES)
    with op.batch_alter_table("attempts") as batch_op:
        batch_op.add_column(sa.Column("corrections", sa.JSON(), nullable=False, server_default="[]"))
    with op.batch_alter_table("marking_rules") as batch_op:
        batch_op.add_column(_word("second", "second", "none", "average", "third", server_default="none"))
    op.create_table(
        "corrections",
        sa.Column("id", NUMBER, nullable=False),
        *_number("course_id", "courses", "corrections"),
        sa.Column("question", sa.String(64), nullable=False),
        sa.Column("number", NUMBER, nullable=False),
        _word("how", "how", "void", "accept", "key", "revision"),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("revisions", sa.JSON(), nullable=False),
        _word("policy", "policy", "nothing", "raise", "all"),
        sa.Column("reason", sa.Text(), nullable=False),
        *_number("actor_id", "people", "corrections", nullable=True),
        sa.Column("corrected_at", sa.DateTime(), nullable=False),
        sa.Column("total", NUMBER, nullable=False),
        sa.Column("seen", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_corrections")),
        sa.UniqueConstraint("course_id", "question", "number", name=op.f("uq_corrections_course_id_question_number")),
    )
    op.create_table(
        "regradings",
        sa.Column("id", NUMBER, nullable=False),
        *_number("correction_id", "corrections", "regradings"),
        *_number("attempt_id", "attempts", "regradings"),
        sa.Column("score_before", sa.Double(), nullable=False),
        sa.Column("max_before", sa.Double(), nullable=False),
        sa.Column("passed_before", sa.Boolean(), nullable=True),
        sa.Column("score_after", sa.Double(), nullable=False),
        sa.Column("max_after", sa.Double(), nullable=False),
        sa.Column("passed_after", sa.Boolean(), nullable=True),
        sa.Column("regraded_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_regradings")),
        sa.UniqueConstraint("correction_id", "attempt_id", name=op.f("uq_regradings_correction_id_attempt_id")),
    )
    op.create_index("ix_regradings_attempt_id", "regradings", ["attempt_id"])
    op.create_table(
        "extra_attempts",
        sa.Column("id", NUMBER, nullable=False),
        *_number("enrolment_id", "enrolments", "extra_attempts"),
        sa.Column("quiz", sa.String(64), nullable=False),
        sa.Column("number", NUMBER, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        *_number("actor_id", "people", "extra_attempts", nullable=True),
        sa.Column("granted_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extra_attempts")),
        sa.UniqueConstraint("enrolment_id", "quiz", "number", name=op.f("uq_extra_attempts_enrolment_id_quiz_number")),
    )


def downgrade() -> None:
    op.drop_table("extra_attempts")
    op.drop_index("ix_regradings_attempt_id", table_name="regradings")
    op.drop_table("regradings")
    op.drop_table("corrections")
    with op.batch_alter_table("marking_rules") as batch_op:
        batch_op.drop_constraint(op.f("ck_marking_rules_second"), type_="check")
        batch_op.drop_column("second")
    with op.batch_alter_table("attempts") as batch_op:
        batch_op.drop_column("corrections")
    op.execute("DELETE FROM notices WHERE kind IN ('remarked', 'unlocked')")
    _notice_kinds((), NOTICES)
