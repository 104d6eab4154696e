"""Time and attempts of one's own, tries at one question, quizzes without a way back, practising what was wrong."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("attempts") as batch_op:
        batch_op.add_column(sa.Column("seconds", NUMBER, nullable=True))
        batch_op.add_column(sa.Column("grace", NUMBER, nullable=False, server_default="30"))
        batch_op.add_column(sa.Column("reached", NUMBER, nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("repeats_id", NUMBER, nullable=True))
        batch_op.create_foreign_key(op.f("fk_attempts_repeats_id_attempts"), "attempts", ["repeats_id"], ["id"])
    with op.batch_alter_table("answers") as batch_op:
        batch_op.add_column(sa.Column("tries", sa.JSON(), nullable=False, server_default="[]"))
    op.create_table(
        "accommodations",
        sa.Column("person_id", NUMBER, nullable=False),
        sa.Column("time_factor", sa.Double(), nullable=False),
        sa.Column("extra_attempts", NUMBER, nullable=False),
        sa.Column("set_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_accommodations_person_id_people")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_accommodations")),
    )
    op.create_table(
        "quiz_overrides",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("course_id", NUMBER, nullable=False),
        sa.Column("quiz", sa.String(length=64), nullable=False),
        sa.Column("person_id", NUMBER, nullable=True),
        sa.Column("organisation_id", NUMBER, nullable=True),
        sa.Column("opens_at", sa.DateTime(), nullable=True),
        sa.Column("closes_at", sa.DateTime(), nullable=True),
        sa.Column("seconds", NUMBER, nullable=True),
        sa.Column("attempts", NUMBER, nullable=True),
        sa.Column("set_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint(
            "(person_id IS NULL) <> (organisation_id IS NULL)", name=op.f("ck_quiz_overrides_one_of_two")
        ),
        sa.ForeignKeyConstraint(["course_id"], ["courses.id"], name=op.f("fk_quiz_overrides_course_id_courses")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_quiz_overrides_person_id_people")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_quiz_overrides_organisation_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quiz_overrides")),
        sa.UniqueConstraint(
            "course_id",
            "quiz",
            "person_id",
            "organisation_id",
            name=op.f("uq_quiz_overrides_course_id_quiz_person_id_organisation_id"),
        ),
    )
    op.create_index("ix_quiz_overrides_person_id", "quiz_overrides", ["person_id"])


def downgrade() -> None:
    # What was practised again counts for nothing, and without its mark it would look like an attempt.
    op.execute("DELETE FROM answers WHERE attempt_id IN (SELECT id FROM attempts WHERE repeats_id IS NOT NULL)")
    op.execute("DELETE FROM attempts WHERE repeats_id IS NOT NULL")
    op.drop_index("ix_quiz_overrides_person_id", table_name="quiz_overrides")
    op.drop_table("quiz_overrides")
    op.drop_table("accommodations")
    with op.batch_alter_table("answers") as batch_op:
        batch_op.drop_column("tries")
    with op.batch_alter_table("attempts") as batch_op:
        batch_op.drop_constraint(op.f("fk_attempts_repeats_id_attempts"), type_="foreignkey")
        batch_op.drop_column("repeats_id")
        batch_op.drop_column("reached")
        batch_op.drop_column("grace")
        batch_op.drop_column("seconds")
