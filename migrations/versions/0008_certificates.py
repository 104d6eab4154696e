"""Certificates, and the numbers they are given."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "certificate_series",
        sa.Column("organisation_id", NUMBER, nullable=False),
        sa.Column("prefix", sa.String(16), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_certificate_series_organisation_id_organisations")
        ),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_certificate_series")),
        sa.UniqueConstraint("prefix", name=op.f("uq_certificate_series_prefix")),
    )
    op.create_table(
        "certificate_years",
        sa.Column("organisation_id", NUMBER, nullable=False),
        sa.Column("year", NUMBER, nullable=False),
        sa.Column("last", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["certificate_series.organisation_id"],
            name=op.f("fk_certificate_years_organisation_id_certificate_series"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "year", name=op.f("pk_certificate_years")),
    )
    keys = (
        ("organisation_id", "organisations"),
        ("person_id", "people"),
        ("course_id", "courses"),
        ("enrolment_id", "enrolments"),
        ("version_id", "course_versions"),
        ("revoked_by_id", "people"),
    )
    op.create_table(
        "certificates",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("key", sa.String(32), nullable=False),
        sa.Column("number", sa.String(40), nullable=False),
        sa.Column("organisation_id", NUMBER, nullable=False),
        sa.Column("year", NUMBER, nullable=False),
        sa.Column("serial", NUMBER, nullable=False),
        sa.Column("person_id", NUMBER, nullable=False),
        sa.Column("course_id", NUMBER, nullable=False),
        sa.Column("enrolment_id", NUMBER, nullable=False),
        sa.Column("version_id", NUMBER, nullable=True),
        sa.Column("lang", sa.String(8), nullable=False),
        sa.Column("said", sa.JSON(), nullable=False),
        sa.Column("completed_on", sa.Date(), nullable=False),
        sa.Column("issued_at", sa.DateTime(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(), nullable=True),
        sa.Column("revoked_by_id", NUMBER, nullable=True),
        sa.Column("reason", sa.String(500), nullable=False),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_certificates_{column}_{table}"))
            for column, table in keys
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificates")),
        sa.UniqueConstraint("key", name=op.f("uq_certificates_key")),
        sa.UniqueConstraint("number", name=op.f("uq_certificates_number")),
        sa.UniqueConstraint("enrolment_id", name=op.f("uq_certificates_enrolment_id")),
        sa.UniqueConstraint(
            "organisation_id", "year", "serial", name=op.f("uq_certificates_organisation_id_year_serial")
        ),
    )
    op.create_index(op.f("ix_certificates_person_id"), "certificates", ["person_id"])
    op.create_index(op.f("ix_certificates_course_id"), "certificates", ["course_id"])


def downgrade() -> None:
    for table in ("certificates", "certificate_years", "certificate_series"):
        op.drop_table(table)
