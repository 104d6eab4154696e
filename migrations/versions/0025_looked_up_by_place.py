"""Where the person of a period works, and who is behind at a place: for the weeks and dashboards of large places."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WEEK = ["organisation_id", "latest", "dropped_at", "met_on", "valid_until", "person_id"]


def upgrade() -> None:
    with op.batch_alter_table("periods") as table:
        table.add_column(sa.Column("organisation_id", NUMBER, nullable=True))
        table.create_foreign_key(
            op.f("fk_periods_organisation_id_organisations"), "organisations", ["organisation_id"], ["id"]
        )
    op.execute(
        "UPDATE periods SET organisation_id ="
        " (SELECT people.organisation_id FROM people WHERE people.id = periods.person_id)"
    )
    op.create_index("ix_periods_week", "periods", WEEK)
    op.create_index("ix_people_organisation_id_state", "people", ["organisation_id", "state", "id"])
    op.create_index(
        "ix_enrolments_behind", "enrolments", ["organisation_id", "required", "state", "due_on", "person_id"]
    )


def downgrade() -> None:
    op.drop_index("ix_enrolments_behind", "enrolments")
    op.drop_index("ix_people_organisation_id_state", "people")
    op.drop_index("ix_periods_week", "periods")
    with op.batch_alter_table("periods") as table:
        table.drop_constraint(op.f("fk_periods_organisation_id_organisations"), type_="foreignkey")
        table.drop_column("organisation_id")
