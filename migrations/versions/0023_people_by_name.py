"""People in the order of their names, for lists of more than one can count."""

from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_people_sort_key_id", "people", ["sort_key", "id"])


def downgrade() -> None:
    op.drop_index("ix_people_sort_key_id", "people")
