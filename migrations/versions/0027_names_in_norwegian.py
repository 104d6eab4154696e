"""What places are called in Norwegian; and the top of the tree says whose calendar of holidays holds where nothing else is said."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("organisations") as batch_op:
        batch_op.add_column(sa.Column("name_nb", sa.String(200), nullable=False, server_default=""))
    with op.batch_alter_table("organisations") as batch_op:
        batch_op.alter_column("name_nb", server_default=None, existing_type=sa.String(200))
    # What was taken for granted so far.
    op.execute("UPDATE organisations SET country = 'LT' WHERE parent_id IS NULL AND country = ''")


def downgrade() -> None:
    with op.batch_alter_table("organisations") as batch_op:
        batch_op.drop_column("name_nb")
