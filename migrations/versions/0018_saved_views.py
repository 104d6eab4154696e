"""Views of figures under a name, who gets them by mail, and files that go with a mail."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "saved_views",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("key", sa.String(24), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("owner_id", NUMBER, nullable=False),
        sa.Column("organisation_id", NUMBER, nullable=False),
        sa.Column("filters", sa.JSON(), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column(
            "cadence",
            sa.Enum(
                "never", "weekly", "monthly", name="cadence", native_enum=False, create_constraint=False, length=32
            ),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint("cadence IN ('never', 'weekly', 'monthly')", name=op.f("ck_saved_views_cadence")),
        sa.ForeignKeyConstraint(["owner_id"], ["people.id"], name=op.f("fk_saved_views_owner_id_people")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_saved_views_organisation_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_views")),
        sa.UniqueConstraint("key", name=op.f("uq_saved_views_key")),
    )
    op.create_index(op.f("ix_saved_views_owner_id"), "saved_views", ["owner_id"])
    op.create_index(op.f("ix_saved_views_organisation_id"), "saved_views", ["organisation_id"])
    op.create_table(
        "view_recipients",
        sa.Column("view_id", NUMBER, nullable=False),
        sa.Column("person_id", NUMBER, nullable=False),
        sa.Column("last_sent_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["view_id"], ["saved_views.id"], name=op.f("fk_view_recipients_view_id_saved_views")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_view_recipients_person_id_people")),
        sa.PrimaryKeyConstraint("view_id", "person_id", name=op.f("pk_view_recipients")),
    )
    op.create_index(op.f("ix_view_recipients_person_id"), "view_recipients", ["person_id"])
    with op.batch_alter_table("mails") as batch_op:
        batch_op.add_column(sa.Column("attachment", sa.String(64), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("attachment_name", sa.String(100), nullable=False, server_default=""))


def downgrade() -> None:
    with op.batch_alter_table("mails") as batch_op:
        batch_op.drop_column("attachment_name")
        batch_op.drop_column("attachment")
    op.drop_table("view_recipients")
    op.drop_table("saved_views")
