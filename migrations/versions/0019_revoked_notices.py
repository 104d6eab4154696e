"""A notice for whoever held a certificate that was revoked."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

KIND = "certificate.revoked"


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
    _notice_kinds((KIND,))


def downgrade() -> None:
    op.execute(f"DELETE FROM notices WHERE kind = '{KIND}'")  # noqa: S608 - a constant
    _notice_kinds((), (KIND,))
