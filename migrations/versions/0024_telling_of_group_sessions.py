"""What people who are expected at a group session were told of it, and four kinds of notices about it."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

KINDS = ("group.planned", "group.changed", "group.cancelled", "group.soon")
COLUMNS = ("told_at", "told_starts_at", "told_room", "reminded_of")


def _notice_kinds(more: tuple[str, ...], fewer: tuple[str, ...] = ()) -> None:
    """The words a notice's kind may be, from what the database says of them now: another migration may have added some."""
    checks = sa.inspect(op.get_bind()).get_check_constraints("notices")
    there = next(one["sqltext"] for one in checks if one["name"] == "ck_notices_noticekind")
    words = [word for word in there.split("'")[1::2] if word not in fewer]
    listed = ", ".join(f"'{word}'" for word in dict.fromkeys((*words, *more)))
    with op.batch_alter_table("notices") as batch_op:
        if op.get_bind().dialect.name != "sqlite":  # whose copy of the table comes without the old check anyway
            batch_op.drop_constraint(op.f("ck_notices_noticekind"), type_="check")
        batch_op.create_check_constraint(op.f("ck_notices_noticekind"), f"kind IN ({listed})")


def upgrade() -> None:
    _notice_kinds(KINDS)
    with op.batch_alter_table("group_members") as batch_op:
        batch_op.add_column(sa.Column("told_at", sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column("told_starts_at", sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column("told_room", sa.String(200), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("reminded_of", sa.DateTime(), nullable=True))
    with op.batch_alter_table("group_members") as batch_op:
        batch_op.alter_column("told_room", server_default=None, existing_type=sa.String(200))


def downgrade() -> None:
    with op.batch_alter_table("group_members") as batch_op:
        for column in COLUMNS:
            batch_op.drop_column(column)
    op.execute("DELETE FROM notices WHERE kind LIKE 'group.%'")
    _notice_kinds((), KINDS)
