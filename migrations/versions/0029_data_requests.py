"""What people ask about their own data, with the day by which it is answered, and three kinds of notices about it."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KINDS = ("data.asked", "data.answered", "data.longer")
ASKED = ("correction", "erasure", "restriction", "objection", "other")


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


def upgrade() -> None:
    _notice_kinds(KINDS)
    listed = ", ".join(f"'{word}'" for word in ASKED)
    op.create_table(
        "data_requests",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("key", sa.String(24), nullable=False),
        sa.Column("person_id", NUMBER, nullable=False),
        sa.Column("organisation_id", NUMBER, nullable=False),
        sa.Column("asked", sa.String(32), nullable=False),
        sa.Column("text", sa.String(2000), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("because", sa.String(2000), nullable=False),
        sa.Column("answer", sa.String(2000), nullable=False),
        sa.Column("answered_at", sa.DateTime(), nullable=True),
        sa.Column("answered_by_id", NUMBER, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_requests")),
        sa.CheckConstraint(f"asked IN ({listed})", name=op.f("ck_data_requests_asked")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_data_requests_person_id_people")),
        sa.ForeignKeyConstraint(["answered_by_id"], ["people.id"], name=op.f("fk_data_requests_answered_by_id_people")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_data_requests_organisation_id_organisations")
        ),
        sa.UniqueConstraint("key", name=op.f("uq_data_requests_key")),
    )
    op.create_index(op.f("ix_data_requests_person_id"), "data_requests", ["person_id"])
    op.create_index(op.f("ix_data_requests_organisation_id"), "data_requests", ["organisation_id"])


def downgrade() -> None:
    op.drop_table("data_requests")
    op.execute("DELETE FROM notices WHERE kind LIKE 'data.%'")
    _notice_kinds((), KINDS)
