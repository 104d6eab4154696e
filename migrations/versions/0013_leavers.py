"""When somebody left, and since when nobody knows who it was."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("people") as batch_op:
        batch_op.add_column(sa.Column("left_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("nameless_at", sa.DateTime(), nullable=True))
        batch_op.create_index(op.f("ix_people_left_on"), ["left_on"])


def downgrade() -> None:
    with op.batch_alter_table("people") as batch_op:
        batch_op.drop_index(op.f("ix_people_left_on"))
        batch_op.drop_column("nameless_at")
        batch_op.drop_column("left_on")
