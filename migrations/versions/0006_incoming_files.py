"""Files that are sent in pieces: how much of each is safe on the disk."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "incoming_files",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("person_id", NUMBER, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("size", NUMBER, nullable=False),
        sa.Column("received", NUMBER, nullable=False),
        sa.Column("touched_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_incoming_files_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incoming_files")),
        sa.UniqueConstraint("key", name=op.f("uq_incoming_files_key")),
    )
    op.create_index("ix_incoming_files_person_id", "incoming_files", ["person_id"])
    op.create_index("ix_incoming_files_touched_at", "incoming_files", ["touched_at"])


def downgrade() -> None:
    op.drop_index("ix_incoming_files_touched_at", table_name="incoming_files")
    op.drop_index("ix_incoming_files_person_id", table_name="incoming_files")
    op.drop_table("incoming_files")
