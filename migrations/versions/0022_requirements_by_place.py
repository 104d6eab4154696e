"""How what is required stands at wide places, counted each night."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "requirement_counts",
        sa.Column("place_id", NUMBER, nullable=False),
        sa.Column("below_id", NUMBER, nullable=False),
        sa.Column("subject", sa.String(64), nullable=False),
        *(sa.Column(name, NUMBER, nullable=False) for name in ("reached", "excused", "completed", "overdue")),
        sa.Column("counted_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["place_id"], ["organisations.id"], name=op.f("fk_requirement_counts_place_id_organisations")
        ),
        sa.PrimaryKeyConstraint("place_id", "below_id", "subject", name=op.f("pk_requirement_counts")),
    )


def downgrade() -> None:
    op.drop_table("requirement_counts")
