"""Keep the head of the training report in an audit pack: how many, when, by when it is due, until when it is locked."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("audit_packs") as table:
        table.add_column(sa.Column("training", sa.JSON(), nullable=False, server_default="{}"))


def downgrade() -> None:
    with op.batch_alter_table("audit_packs") as table:
        table.drop_column("training")
