"""Which calendar of holidays a place goes by."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("organisations") as batch_op:
        batch_op.add_column(sa.Column("country", sa.String(2), nullable=False, server_default=""))
        batch_op.create_index(op.f("ix_organisations_country"), ["country"])


def downgrade() -> None:
    with op.batch_alter_table("organisations") as batch_op:
        batch_op.drop_index(op.f("ix_organisations_country"))
        batch_op.drop_column("country")
