"""Versions that are taken or declined, reviews by a second person, publications that wait for their moment."""

import re

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORDS = (
    ("evidence", "kind", "kind", ("version.taken", "version.declined")),
    ("notices", "kind", "noticekind", ("review.asked", "review.decided", "publication.failed")),
    ("courses", "state", "coursestate", ("staff",)),
)


def _words(table: str, column: str, name: str, more: tuple[str, ...], fewer: tuple[str, ...] = ()) -> None:
    """The words a column may hold, from what the database says of them now: another migration may have added some."""
    checks = {one["name"]: one["sqltext"] for one in sa.inspect(op.get_bind()).get_check_constraints(table)}
    known = re.findall(r"'([^']+)'", checks[f"ck_{table}_{name}"])
    words = ", ".join(f"'{word}'" for word in (*known, *more) if word not in fewer)
    with op.batch_alter_table(table) as batch_op:
        if op.get_bind().dialect.name != "sqlite":  # whose copy of the table comes without the old check anyway
            batch_op.drop_constraint(op.f(f"ck_{table}_{name}"), type_="check")
        batch_op.create_check_constraint(op.f(f"ck_{table}_{name}"), f"{column} IN ({words})")


def _states(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=32)


def _link(column: str, to: str, table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}_{to}"))


def upgrade() -> None:
    for table, column, name, more in WORDS:
        _words(table, column, name, more)
    with op.batch_alter_table("enrolments") as batch_op:
        batch_op.add_column(sa.Column("declined", NUMBER, nullable=False, server_default="0"))
    with op.batch_alter_table("organisations") as batch_op:
        batch_op.add_column(sa.Column("review_required", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("course_versions") as batch_op:
        batch_op.add_column(sa.Column("reviewed_by_id", NUMBER, nullable=True))
        batch_op.add_column(sa.Column("reviewed_at", sa.DateTime(), nullable=True))
        batch_op.create_foreign_key(
            op.f("fk_course_versions_reviewed_by_id_people"), "people", ["reviewed_by_id"], ["id"]
        )
    op.create_table(
        "reviews",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("key", sa.String(24), nullable=False),
        sa.Column("upload_key", sa.String(24), nullable=False),
        sa.Column("slug", sa.String(64), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("organisation_id", NUMBER, nullable=False),
        sa.Column("filename", sa.String(200), nullable=False),
        sa.Column("blob", sa.String(64), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("state", _states("reviewstate", "asked", "approved", "changes", "withdrawn"), nullable=False),
        sa.Column("author_id", NUMBER, nullable=False),
        sa.Column("note", sa.String(1000), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("reviewer_id", NUMBER, nullable=True),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        sa.Column("answer", sa.String(2000), nullable=False),
        sa.Column("checklist", sa.JSON(), nullable=False),
        _link("organisation_id", "organisations", "reviews"),
        _link("author_id", "people", "reviews"),
        _link("reviewer_id", "people", "reviews"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviews")),
        sa.UniqueConstraint("key", name=op.f("uq_reviews_key")),
    )
    op.create_index("ix_reviews_organisation_id_state", "reviews", ["organisation_id", "state"])
    op.create_index("ix_reviews_slug", "reviews", ["slug"])
    op.create_index("ix_reviews_digest", "reviews", ["digest"])
    op.create_table(
        "review_comments",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("review_id", NUMBER, nullable=False),
        sa.Column("path", sa.String(255), nullable=False),
        sa.Column("line", NUMBER, nullable=False),
        sa.Column("text", sa.String(2000), nullable=False),
        sa.Column("person_id", NUMBER, nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        _link("review_id", "reviews", "review_comments"),
        _link("person_id", "people", "review_comments"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_comments")),
    )
    op.create_index("ix_review_comments_review_id", "review_comments", ["review_id"])
    op.create_table(
        "publications",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("key", sa.String(24), nullable=False),
        sa.Column("upload_key", sa.String(24), nullable=False),
        sa.Column("slug", sa.String(64), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("organisation_id", NUMBER, nullable=False),
        sa.Column("filename", sa.String(200), nullable=False),
        sa.Column("blob", sa.String(64), nullable=False),
        sa.Column("level", sa.String(16), nullable=False),
        sa.Column("note", sa.String(1000), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("state", _states("publicationstate", "waiting", "done", "cancelled", "failed"), nullable=False),
        sa.Column("error", sa.String(1000), nullable=False),
        sa.Column("person_id", NUMBER, nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("settled_at", sa.DateTime(), nullable=True),
        sa.Column("version_id", NUMBER, nullable=True),
        _link("organisation_id", "organisations", "publications"),
        _link("person_id", "people", "publications"),
        _link("version_id", "course_versions", "publications"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publications")),
        sa.UniqueConstraint("key", name=op.f("uq_publications_key")),
    )
    op.create_index("ix_publications_slug_state", "publications", ["slug", "state"])


def downgrade() -> None:
    """Reviews and waiting publications go; who has taken a newer version keeps it, only not the evidence of it."""
    for table in ("publications", "review_comments", "reviews"):
        op.drop_table(table)
    with op.batch_alter_table("course_versions") as batch_op:
        batch_op.drop_constraint(op.f("fk_course_versions_reviewed_by_id_people"), type_="foreignkey")
        batch_op.drop_column("reviewed_at")
        batch_op.drop_column("reviewed_by_id")
    with op.batch_alter_table("organisations") as batch_op:
        batch_op.drop_column("review_required")
    with op.batch_alter_table("enrolments") as batch_op:
        batch_op.drop_column("declined")
    op.execute("UPDATE courses SET state = 'withdrawn' WHERE state = 'staff'")
    for table, column, name, more in WORDS:
        if table != "courses":
            listed = ", ".join(f"'{word}'" for word in more)
            op.execute(f"DELETE FROM {table} WHERE {column} IN ({listed})")  # noqa: S608
        _words(table, column, name, (), more)
