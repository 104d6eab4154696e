"""Group sessions: the session, its roster, what was watched, sheets of answers; and who has entered an attempt."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
HAS_PIN = sa.text("pin <> ''")


def _word(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=False, length=32)


def upgrade() -> None:
    op.create_table(
        "group_sessions",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("key", sa.String(24), nullable=False),
        sa.Column("course_id", NUMBER, nullable=False),
        sa.Column("major", NUMBER, nullable=False),
        sa.Column("page", sa.String(64), nullable=False),
        sa.Column("organisation_id", NUMBER, nullable=False),
        sa.Column("room", sa.String(200), nullable=False),
        sa.Column("starts_at", sa.DateTime(), nullable=False),
        sa.Column("state", _word("groupstate", "planned", "open", "ended", "cancelled"), nullable=False),
        sa.Column("made_by_id", NUMBER, nullable=True),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("opened_at", sa.DateTime(), nullable=True),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.Column("code", sa.String(32), nullable=False),
        sa.Column("pin", sa.String(8), nullable=False),
        sa.Column("at_page", sa.String(64), nullable=False),
        sa.CheckConstraint(
            "state IN ('planned', 'open', 'ended', 'cancelled')", name=op.f("ck_group_sessions_groupstate")
        ),
        sa.ForeignKeyConstraint(["course_id"], ["courses.id"], name=op.f("fk_group_sessions_course_id_courses")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_group_sessions_organisation_id_organisations")
        ),
        sa.ForeignKeyConstraint(["made_by_id"], ["people.id"], name=op.f("fk_group_sessions_made_by_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_sessions")),
        sa.UniqueConstraint("key", name=op.f("uq_group_sessions_key")),
    )
    for column in ("course_id", "organisation_id", "made_by_id", "code"):
        op.create_index(op.f(f"ix_group_sessions_{column}"), "group_sessions", [column])
    op.create_index(
        "uq_group_sessions_pin", "group_sessions", ["pin"], unique=True, sqlite_where=HAS_PIN, postgresql_where=HAS_PIN
    )
    op.create_table(
        "group_members",
        sa.Column("session_id", NUMBER, nullable=False),
        sa.Column("person_id", NUMBER, nullable=False),
        sa.Column("how", _word("how", "device", "noted"), nullable=True),
        sa.Column("joined_at", sa.DateTime(), nullable=True),
        sa.Column("left_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint("how IN ('device', 'noted')", name=op.f("ck_group_members_how")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["group_sessions.id"], name=op.f("fk_group_members_session_id_group_sessions")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_group_members_person_id_people")),
        sa.PrimaryKeyConstraint("session_id", "person_id", name=op.f("pk_group_members")),
    )
    op.create_index(op.f("ix_group_members_person_id"), "group_members", ["person_id"])
    op.create_table(
        "group_steps",
        sa.Column("session_id", NUMBER, nullable=False),
        sa.Column("page", sa.String(64), nullable=False),
        sa.Column("watched_at", sa.DateTime(), nullable=False),
        sa.Column("present", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"], ["group_sessions.id"], name=op.f("fk_group_steps_session_id_group_sessions")
        ),
        sa.PrimaryKeyConstraint("session_id", "page", name=op.f("pk_group_steps")),
    )
    op.create_table(
        "answer_sheets",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("session_id", NUMBER, nullable=False),
        sa.Column("person_id", NUMBER, nullable=False),
        sa.Column("quiz", sa.String(64), nullable=False),
        sa.Column("number", NUMBER, nullable=False),
        sa.Column("code", sa.String(8), nullable=False),
        sa.Column("version_id", NUMBER, nullable=False),
        sa.Column("lang", sa.String(8), nullable=False),
        sa.Column("questions", sa.JSON(), nullable=False),
        sa.Column("printed_at", sa.DateTime(), nullable=False),
        sa.Column("entered_at", sa.DateTime(), nullable=True),
        sa.Column("entered_by_id", NUMBER, nullable=True),
        sa.Column("attempt_id", NUMBER, nullable=True),
        sa.ForeignKeyConstraint(
            ["session_id"], ["group_sessions.id"], name=op.f("fk_answer_sheets_session_id_group_sessions")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_answer_sheets_person_id_people")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["course_versions.id"], name=op.f("fk_answer_sheets_version_id_course_versions")
        ),
        sa.ForeignKeyConstraint(["entered_by_id"], ["people.id"], name=op.f("fk_answer_sheets_entered_by_id_people")),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempts.id"], name=op.f("fk_answer_sheets_attempt_id_attempts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_sheets")),
        sa.UniqueConstraint("session_id", "code", name=op.f("uq_answer_sheets_session_id_code")),
        sa.UniqueConstraint(
            "session_id", "person_id", "quiz", "number", name=op.f("uq_answer_sheets_session_id_person_id_quiz_number")
        ),
    )
    op.create_index(op.f("ix_answer_sheets_person_id"), "answer_sheets", ["person_id"])
    with op.batch_alter_table("attempts") as batch_op:
        batch_op.add_column(sa.Column("entered_by_id", NUMBER, nullable=True))
        batch_op.create_foreign_key(op.f("fk_attempts_entered_by_id_people"), "people", ["entered_by_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("attempts") as batch_op:
        batch_op.drop_constraint(op.f("fk_attempts_entered_by_id_people"), type_="foreignkey")
        batch_op.drop_column("entered_by_id")
    op.drop_table("answer_sheets")
    op.drop_table("group_steps")
    op.drop_table("group_members")
    op.drop_table("group_sessions")
