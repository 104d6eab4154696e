"""Saves that are numbered and listed, when the service was away, and the time that was given back for it."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("attempts", sa.Column("digest", sa.String(64), nullable=True))
    op.create_table(
        "beats",
        sa.Column("service", sa.String(32), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("service", name=op.f("pk_beats")),
    )
    op.create_table(
        "outages",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("began_at", sa.DateTime(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outages")),
    )
    op.create_table(
        "time_given_back",
        sa.Column("attempt_id", NUMBER, nullable=False),
        sa.Column("outage_id", NUMBER, nullable=False),
        sa.Column("seconds", NUMBER, nullable=False),
        sa.Column("was_until", sa.DateTime(), nullable=False),
        sa.Column("given_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempts.id"], name=op.f("fk_time_given_back_attempt_id_attempts")),
        sa.ForeignKeyConstraint(["outage_id"], ["outages.id"], name=op.f("fk_time_given_back_outage_id_outages")),
        sa.PrimaryKeyConstraint("attempt_id", "outage_id", name=op.f("pk_time_given_back")),
    )
    outcomes = "outcome IN ('kept', 'older', 'elsewhere', 'late')"
    op.create_table(
        "answer_saves",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("attempt_id", NUMBER, nullable=False),
        sa.Column("question", sa.String(64), nullable=False),
        sa.Column("tab", sa.String(40), nullable=False),
        sa.Column("sequence", NUMBER, nullable=False),
        sa.Column("base", NUMBER, nullable=True),
        sa.Column("revision", NUMBER, nullable=False),
        sa.Column("outcome", sa.String(32), nullable=False),
        sa.Column("response", sa.JSON(), nullable=True),
        sa.Column("flagged", sa.Boolean(), nullable=True),
        sa.Column("saved_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint(outcomes, name=op.f("ck_answer_saves_outcome")),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempts.id"], name=op.f("fk_answer_saves_attempt_id_attempts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_saves")),
        sa.UniqueConstraint("attempt_id", "tab", "sequence", name=op.f("uq_answer_saves_attempt_id_tab_sequence")),
    )
    op.create_index("ix_answer_saves_attempt_id_question", "answer_saves", ["attempt_id", "question"])


def downgrade() -> None:
    op.drop_index("ix_answer_saves_attempt_id_question", table_name="answer_saves")
    op.drop_table("answer_saves")
    op.drop_table("time_given_back")
    op.drop_table("outages")
    op.drop_table("beats")
    with op.batch_alter_table("attempts") as batch_op:
        batch_op.drop_column("digest")
