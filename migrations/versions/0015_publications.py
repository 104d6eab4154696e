"""What a publication that waits does to answers given before, and whether it is for staff; one waits for a course."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

WAITING = {"sqlite_where": sa.text("state = 'waiting'"), "postgresql_where": sa.text("state = 'waiting'")}


def upgrade() -> None:
    with op.batch_alter_table("publications") as batch_op:
        batch_op.add_column(sa.Column("regrade", sa.String(16), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("staff", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index("uq_publications_waiting", "publications", ["slug"], unique=True, **WAITING)


def downgrade() -> None:
    op.drop_index("uq_publications_waiting", table_name="publications")
    with op.batch_alter_table("publications") as batch_op:
        batch_op.drop_column("staff")
        batch_op.drop_column("regrade")
