"""Texts for pictures, leave to adopt a course, and what was adopted from whom."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _points(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}_{to}"))


def upgrade() -> None:
    op.create_table(
        "media_texts",
        sa.Column("organisation_id", NUMBER, nullable=False),
        sa.Column("slug", sa.String(length=64), nullable=False),
        sa.Column("path", sa.String(length=520), nullable=False),
        sa.Column("text", sa.String(length=300), nullable=False),
        sa.Column("decorative", sa.Boolean(), nullable=False),
        _points("media_texts", "organisation_id", "organisations"),
        sa.PrimaryKeyConstraint("organisation_id", "slug", "path", name=op.f("pk_media_texts")),
    )
    op.create_table(
        "sharings",
        sa.Column("course_id", NUMBER, nullable=False),
        sa.Column("licence", sa.String(length=32), nullable=False),
        sa.Column("since", sa.DateTime(), nullable=False),
        sa.Column("by_id", NUMBER, nullable=True),
        _points("sharings", "course_id", "courses"),
        _points("sharings", "by_id", "people"),
        sa.PrimaryKeyConstraint("course_id", name=op.f("pk_sharings")),
    )
    op.create_table(
        "adoptions",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("organisation_id", NUMBER, nullable=False),
        sa.Column("slug", sa.String(length=64), nullable=False),
        sa.Column("original_id", NUMBER, nullable=False),
        sa.Column("base_version_id", NUMBER, nullable=False),
        sa.Column("taken_version_id", NUMBER, nullable=True),
        sa.Column("draft_id", NUMBER, nullable=True),
        sa.Column("licence", sa.String(length=32), nullable=False),
        sa.Column("adopted_at", sa.DateTime(), nullable=False),
        sa.Column("adopted_by_id", NUMBER, nullable=True),
        _points("adoptions", "organisation_id", "organisations"),
        _points("adoptions", "original_id", "courses"),
        _points("adoptions", "base_version_id", "course_versions"),
        _points("adoptions", "taken_version_id", "course_versions"),
        _points("adoptions", "draft_id", "drafts"),
        _points("adoptions", "adopted_by_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adoptions")),
        sa.UniqueConstraint("organisation_id", "slug", name=op.f("uq_adoptions_organisation_id_slug")),
    )
    op.create_index("ix_adoptions_original_id", "adoptions", ["original_id"])


def downgrade() -> None:
    op.drop_index("ix_adoptions_original_id", table_name="adoptions")
    op.drop_table("adoptions")
    op.drop_table("sharings")
    op.drop_table("media_texts")
