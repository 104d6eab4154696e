"""Audit packs: asked for, being made, and kept."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
STATES = ("waiting", "working", "ready", "failed")


def upgrade() -> None:
    keys = (("person_id", "people"), ("requirement_id", "requirements"), ("organisation_id", "organisations"))
    listed = ", ".join(f"'{word}'" for word in STATES)
    op.create_table(
        "audit_packs",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("key", sa.String(24), nullable=False),
        sa.Column("person_id", NUMBER, nullable=True),
        sa.Column("requirement_id", NUMBER, nullable=False),
        sa.Column("organisation_id", NUMBER, nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("named", sa.Boolean(), nullable=False),
        sa.Column("lang", sa.String(8), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("done", NUMBER, nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("ready_at", sa.DateTime(), nullable=True),
        sa.Column("blob", sa.String(64), nullable=False),
        sa.Column("size", NUMBER, nullable=False),
        sa.Column("public_key", sa.String(64), nullable=False),
        sa.Column("error", sa.String(500), nullable=False),
        sa.CheckConstraint(f"state IN ({listed})", name=op.f("ck_audit_packs_packstate")),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_audit_packs_{column}_{table}"))
            for column, table in keys
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_packs")),
        sa.UniqueConstraint("key", name=op.f("uq_audit_packs_key")),
    )
    for column, _table in keys:
        op.create_index(op.f(f"ix_audit_packs_{column}"), "audit_packs", [column])


def downgrade() -> None:
    op.drop_table("audit_packs")
