"""Courses while they are being written: drafts, their files, and copies that wait for their author."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
OPEN = {"sqlite_where": sa.text("state = 'open'"), "postgresql_where": sa.text("state = 'open'")}


def _number(
    name: str, to: str, table: str, *, nullable: bool = False
) -> tuple[sa.Column[int], sa.ForeignKeyConstraint]:
    return (
        sa.Column(name, NUMBER, nullable=nullable),
        sa.ForeignKeyConstraint([name], [f"{to}.id"], name=op.f(f"fk_{table}_{name}_{to}")),
    )


def upgrade() -> None:
    states = sa.Enum(
        "open", "published", "discarded", name="draftstate", native_enum=False, create_constraint=True, length=32
    )
    op.create_table(
        "drafts",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("key", sa.String(24), nullable=False),
        sa.Column("slug", sa.String(64), nullable=False),
        *_number("course_id", "courses", "drafts", nullable=True),
        *_number("organisation_id", "organisations", "drafts"),
        *_number("base_version_id", "course_versions", "drafts", nullable=True),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("state", states, nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        *_number("created_by_id", "people", "drafts", nullable=True),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("upload_key", sa.String(24), nullable=False),
        *_number("published_version_id", "course_versions", "drafts", nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drafts")),
        sa.UniqueConstraint("key", name=op.f("uq_drafts_key")),
    )
    for name in ("slug", "course_id", "organisation_id", "upload_key"):
        op.create_index(f"ix_drafts_{name}", "drafts", [name])
    op.create_index("uq_drafts_open", "drafts", ["slug", "organisation_id"], unique=True, **OPEN)
    op.create_table(
        "draft_files",
        sa.Column("id", NUMBER, nullable=False),
        *_number("draft_id", "drafts", "draft_files"),
        sa.Column("path", sa.String(520), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("blob", sa.String(64), nullable=True),
        sa.Column("size", NUMBER, nullable=False),
        sa.Column("revision", NUMBER, nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        *_number("changed_by_id", "people", "draft_files", nullable=True),
        sa.Column("removed_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint("(text IS NULL) <> (blob IS NULL)", name=op.f("ck_draft_files_text_or_blob")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_files")),
        sa.UniqueConstraint("draft_id", "path", name=op.f("uq_draft_files_draft_id_path")),
    )
    op.create_index("ix_draft_files_blob", "draft_files", ["blob"])
    op.create_table(
        "draft_copies",
        sa.Column("id", NUMBER, nullable=False),
        *_number("draft_id", "drafts", "draft_copies"),
        sa.Column("path", sa.String(520), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("base_revision", NUMBER, nullable=False),
        sa.Column("kept_at", sa.DateTime(), nullable=False),
        *_number("kept_by_id", "people", "draft_copies", nullable=True),
        sa.Column("settled_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_copies")),
    )
    op.create_index("ix_draft_copies_draft_id_path", "draft_copies", ["draft_id", "path"])


def downgrade() -> None:
    for table in ("draft_copies", "draft_files", "drafts"):
        op.drop_table(table)
