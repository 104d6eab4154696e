"""Rules instead of dates: audiences, periods, exemptions, leave, more time, recognition, tags."""

import hashlib
import json
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
STATES = ("enrolled", "started", "completed", "left")
KINDS = ("enrolled", "assigned", "left", "moved", "page.finished", "quiz.graded", "course.completed")
NOTICES = ("assigned", "due-soon", "overdue", "reminded", "completed", "welcome", "question", "marked")
NEW_STATES = ("exempt", "paused")
NEW_KINDS = (
    "due.set", "exempted", "paused", "returned", "period.closed", "proof.accepted", "tested-out", "event.attended",
    "session.attended", "waived", "recognised", "revoked",
)  # fmt: skip
NEW_NOTICES = ("held", "renew", "escalated", "extension.asked", "extension.granted", "extension.refused")
CHECKED = (
    ("enrolments", "state", "runstate", STATES, NEW_STATES),
    ("completion_counts", "state", "runstate", STATES, NEW_STATES),
    ("evidence", "kind", "kind", KINDS, NEW_KINDS),
    ("notices", "kind", "noticekind", NOTICES, NEW_NOTICES),
)
ACTIVE = {"sqlite_where": sa.text("ended_at IS NULL"), "postgresql_where": sa.text("ended_at IS NULL")}
ASKED = {"sqlite_where": sa.text("state = 'asked'"), "postgresql_where": sa.text("state = 'asked'")}


def _words(table: str, column: str, name: str, words: tuple[str, ...]) -> None:
    with op.batch_alter_table(table) as batch_op:
        if op.get_bind().dialect.name != "sqlite":  # whose copy of the table comes without the old check anyway
            batch_op.drop_constraint(op.f(f"ck_{table}_{name}"), type_="check")
        listed = ", ".join(f"'{word}'" for word in words)
        batch_op.create_check_constraint(op.f(f"ck_{table}_{name}"), f"{column} IN ({listed})")


def _number(name: str, to: str | None, table: str, *, nullable: bool = False) -> list[Any]:
    column = sa.Column(name, NUMBER, nullable=nullable)
    if to is None:
        return [column]
    return [column, sa.ForeignKeyConstraint([name], [f"{to}.id"], name=op.f(f"fk_{table}_{name}_{to}"))]


def upgrade() -> None:
    for table, column, name, old, new in CHECKED:
        _words(table, column, name, (*old, *new))
    with op.batch_alter_table("enrolments") as batch_op:
        batch_op.add_column(sa.Column("current", sa.Boolean(), nullable=False, server_default=sa.true()))
    _tables()
    _requirements()
    _assignments()
    with op.batch_alter_table("reminders") as batch_op:
        batch_op.alter_column("enrolment_id", existing_type=NUMBER, nullable=True)
        batch_op.alter_column("occasion", existing_type=sa.String(32), type_=sa.String(64), existing_nullable=False)
        batch_op.add_column(sa.Column("period_id", NUMBER, nullable=True))
        batch_op.add_column(sa.Column("person_id", NUMBER, nullable=True))
        batch_op.create_foreign_key(op.f("fk_reminders_period_id_periods"), "periods", ["period_id"], ["id"])
        batch_op.create_foreign_key(op.f("fk_reminders_person_id_people"), "people", ["person_id"], ["id"])
        batch_op.create_unique_constraint(op.f("uq_reminders_period_id_occasion"), ["period_id", "occasion"])


def _tables() -> None:
    op.create_table(
        "periods",
        sa.Column("id", NUMBER, nullable=False),
        *_number("person_id", "people", "periods"),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("number", NUMBER, nullable=False),
        *_number("enrolment_id", "enrolments", "periods", nullable=True),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("steps", sa.JSON(), nullable=False),
        sa.Column("extended_until", sa.Date(), nullable=True),
        sa.Column("held_until", sa.Date(), nullable=True),
        sa.Column("met_on", sa.Date(), nullable=True),
        sa.Column("met_by", sa.String(32), nullable=False),
        *_number("evidence_id", "evidence", "periods", nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("next_opens_on", sa.Date(), nullable=True),
        sa.Column("next_due_on", sa.Date(), nullable=True),
        sa.Column("next_steps", sa.JSON(), nullable=False),
        sa.Column("latest", sa.Boolean(), nullable=False),
        sa.Column("dropped_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_periods")),
        sa.UniqueConstraint("person_id", "subject", "number", name=op.f("uq_periods_person_id_subject_number")),
    )
    op.create_index("ix_periods_subject_due_on", "periods", ["subject", "due_on"])
    op.create_index("ix_periods_enrolment_id", "periods", ["enrolment_id"])
    op.create_index("ix_periods_next_opens_on", "periods", ["next_opens_on"])
    op.create_table(
        "exemptions",
        sa.Column("id", NUMBER, nullable=False),
        *_number("person_id", "people", "exemptions"),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("granted_at", sa.DateTime(), nullable=False),
        *_number("granted_by_id", "people", "exemptions", nullable=True),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exemptions")),
    )
    op.create_index("ix_exemptions_person_id", "exemptions", ["person_id"])
    op.create_table(
        "leaves",
        sa.Column("id", NUMBER, nullable=False),
        *_number("person_id", "people", "leaves"),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        *_number("recorded_by_id", "people", "leaves", nullable=True),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leaves")),
    )
    op.create_index("ix_leaves_person_id", "leaves", ["person_id"])
    op.create_table(
        "extensions",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("key", sa.String(24), nullable=False),
        *_number("period_id", "periods", "extensions"),
        *_number("person_id", "people", "extensions"),
        sa.Column(
            "state",
            sa.Enum(
                "asked",
                "granted",
                "refused",
                name="extensionstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("was_on", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        *_number("decided_by_id", "people", "extensions", nullable=True),
        sa.Column("answer", sa.String(500), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extensions")),
        sa.UniqueConstraint("key", name=op.f("uq_extensions_key")),
    )
    op.create_index("ix_extensions_period_id", "extensions", ["period_id"])
    op.create_index("ix_extensions_person_id", "extensions", ["person_id"])
    op.create_index("uq_extensions_asked", "extensions", ["period_id"], unique=True, **ASKED)
    op.create_table(
        "recognitions",
        sa.Column("id", NUMBER, nullable=False),
        *_number("signer_id", "organisations", "recognitions"),
        *_number("other_id", "organisations", "recognitions"),
        sa.Column("signed_at", sa.DateTime(), nullable=False),
        *_number("signed_by_id", "people", "recognitions", nullable=True),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recognitions")),
    )
    op.create_index("ix_recognitions_signer_id", "recognitions", ["signer_id"])
    op.create_index("ix_recognitions_other_id", "recognitions", ["other_id"])
    op.create_index("uq_recognitions_active", "recognitions", ["signer_id", "other_id"], unique=True, **ACTIVE)
    op.create_table(
        "person_tags",
        *_number("person_id", "people", "person_tags"),
        sa.Column("tag", sa.String(40), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "tag", name=op.f("pk_person_tags")),
    )
    op.create_index("ix_person_tags_tag", "person_tags", ["tag"])


def _requirements() -> None:
    with op.batch_alter_table("requirements") as batch_op:
        batch_op.drop_index("uq_requirements_active")
        batch_op.alter_column("course_id", existing_type=NUMBER, nullable=True)
        batch_op.alter_column("due_on", existing_type=sa.Date(), nullable=True)
        batch_op.add_column(sa.Column("kind", sa.String(32), nullable=False, server_default="course"))
        batch_op.add_column(sa.Column("title", sa.String(120), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("subject", sa.String(64), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("rule", sa.JSON(), nullable=False, server_default="{}"))
        batch_op.add_column(sa.Column("fingerprint", sa.String(64), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("changed_at", sa.DateTime(), nullable=True))
        batch_op.create_check_constraint(op.f("ck_requirements_whatkind"), "kind IN ('course', 'path', 'external')")
    table = _table("requirements", "id", "course_id", "organisation_id", "due_on", "reason", "legal_basis", "rule",
                   "fingerprint", "subject")  # fmt: skip
    db = op.get_bind()
    for row in db.execute(sa.select(table)).all():
        rule = _rule(row)
        told = {name: rule[name] for name in ("what", "organisation", "audience", "due")}
        db.execute(
            table.update()
            .where(table.c.id == row.id)
            .values(
                rule=rule,
                fingerprint=hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest(),
                subject=f"course:{row.course_id}",
            )
        )
    op.create_index("ix_requirements_subject", "requirements", ["subject"])
    op.create_index("uq_requirements_active", "requirements", ["fingerprint"], unique=True, **ACTIVE)


def _table(name: str, *columns: str) -> sa.TableClause:
    types = {"due_on": sa.Date(), "rule": sa.JSON(), "steps": sa.JSON(), "next_steps": sa.JSON(), "opens_on": sa.Date(),
             "met_on": sa.Date(), "latest": sa.Boolean(), "completed_at": sa.DateTime(), "assigned_at": sa.DateTime()}  # fmt: skip
    return sa.table(name, *(sa.column(one, types.get(one)) for one in columns))


def _rule(row: Any) -> dict[str, Any]:
    """What the plainest rule says: a course, everybody at a place, a date."""
    return {
        "what": {"kind": "course", "course": row.course_id, "title": "", "path": None},
        "organisation": row.organisation_id,
        "audience": {"groups": [[["place", str(row.organisation_id)]]], "exceptions": []},
        "due": {"kind": "fixed", "on": row.due_on.isoformat(), "days": 0, "working": False},
        "terms": {"valid_months": 0, "renewal": "completion", "base": None, "window_days": 60, "grace_days": 0},
        "equivalents": [],
        "proof": True,
        "ladder": {"before": [30, 14, 7, 1], "every": 7, "manager_after": 8, "head_after": 22},
        "reason": row.reason,
        "legal_basis": row.legal_basis,
        "starts_on": None,
        "template": "",
    }


def _assignments() -> None:
    with op.batch_alter_table("assignments") as batch_op:
        batch_op.add_column(sa.Column("subject", sa.String(64), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("number", NUMBER, nullable=False, server_default="1"))
        batch_op.add_column(sa.Column("due_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("not_before", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("steps", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.add_column(sa.Column("ended_at", sa.DateTime(), nullable=True))
        batch_op.alter_column("enrolment_id", existing_type=NUMBER, nullable=True)
        batch_op.drop_index("ix_assignments_person_id")
    _first_periods()
    with op.batch_alter_table("assignments") as batch_op:
        batch_op.drop_constraint(op.f("pk_assignments"), type_="primary")
        batch_op.alter_column("due_on", existing_type=sa.Date(), nullable=False)
        batch_op.create_primary_key(op.f("pk_assignments"), ["requirement_id", "person_id", "subject"])
    op.create_index("ix_assignments_person_id_subject", "assignments", ["person_id", "subject"])


def _first_periods() -> None:
    """Every run that was assigned is somebody's first period, by the date it has."""
    db = op.get_bind()
    assignments = _table("assignments", "requirement_id", "person_id", "enrolment_id", "subject", "due_on", "steps",
                         "assigned_at")  # fmt: skip
    enrolments = _table("enrolments", "id", "course_id", "due_on", "completed_at")
    requirements = _table("requirements", "id", "due_on")
    periods = _table("periods", "person_id", "subject", "number", "enrolment_id", "opens_on", "due_on", "steps",
                     "met_on", "met_by", "next_steps", "latest", "evidence_id")  # fmt: skip
    evidence = _table("evidence", "id", "enrolment_id", "kind")
    rows = db.execute(
        sa.select(
            assignments.c.requirement_id,
            assignments.c.person_id,
            assignments.c.enrolment_id,
            assignments.c.assigned_at,
            enrolments.c.course_id,
            enrolments.c.due_on,
            enrolments.c.completed_at,
            requirements.c.due_on.label("asked"),
        )
        .select_from(assignments)
        .join(enrolments, enrolments.c.id == assignments.c.enrolment_id)
        .join(requirements, requirements.c.id == assignments.c.requirement_id)
        .order_by(assignments.c.requirement_id, assignments.c.person_id)
    ).all()
    done = dict(
        db.execute(sa.select(evidence.c.enrolment_id, evidence.c.id).where(evidence.c.kind == "course.completed")).all()
    )
    seen: set[int] = set()
    for row in rows:
        subject = f"course:{row.course_id}"
        asked = max(row.asked, row.due_on or row.asked)
        steps = [["fixed", asked.isoformat(), 0]]
        db.execute(
            assignments.update()
            .where(assignments.c.requirement_id == row.requirement_id, assignments.c.person_id == row.person_id)
            .values(subject=subject, due_on=asked, steps=steps)
        )
        if row.enrolment_id in seen:
            continue
        seen.add(row.enrolment_id)
        due_on = row.due_on or row.asked
        db.execute(
            periods.insert().values(
                person_id=row.person_id,
                subject=subject,
                number=1,
                enrolment_id=row.enrolment_id,
                opens_on=_day(row.assigned_at),
                due_on=due_on,
                steps=[["fixed", due_on.isoformat(), 0]],
                met_on=_day(row.completed_at) if row.completed_at else None,
                met_by="course.completed" if row.completed_at else "",
                evidence_id=done.get(row.enrolment_id) if row.completed_at else None,
                next_steps=[],
                latest=True,
            )
        )


def _day(moment: datetime) -> date:
    return moment.replace(tzinfo=UTC).astimezone(ZoneInfo("Europe/Vilnius")).date()


def downgrade() -> None:
    """What has no place in the old tables goes: paths, certificates of others, dates that are counted, later periods' marks."""
    with op.batch_alter_table("reminders") as batch_op:
        batch_op.drop_constraint(op.f("uq_reminders_period_id_occasion"), type_="unique")
        batch_op.drop_constraint(op.f("fk_reminders_period_id_periods"), type_="foreignkey")
        batch_op.drop_constraint(op.f("fk_reminders_person_id_people"), type_="foreignkey")
        batch_op.drop_column("period_id")
        batch_op.drop_column("person_id")
    op.execute("DELETE FROM reminders WHERE enrolment_id IS NULL OR length(occasion) > 32")
    with op.batch_alter_table("reminders") as batch_op:
        batch_op.alter_column("enrolment_id", existing_type=NUMBER, nullable=False)
        batch_op.alter_column("occasion", existing_type=sa.String(64), type_=sa.String(32), existing_nullable=False)
    op.drop_index("ix_assignments_person_id_subject", table_name="assignments")
    plain = "SELECT id FROM requirements WHERE kind = 'course' AND due_on IS NOT NULL"
    op.execute(f"DELETE FROM assignments WHERE enrolment_id IS NULL OR requirement_id NOT IN ({plain})")  # noqa: S608
    with op.batch_alter_table("assignments") as batch_op:
        batch_op.drop_constraint(op.f("pk_assignments"), type_="primary")
        for name in ("subject", "number", "due_on", "not_before", "steps", "ended_at"):
            batch_op.drop_column(name)
        batch_op.alter_column("enrolment_id", existing_type=NUMBER, nullable=False)
        batch_op.create_primary_key(op.f("pk_assignments"), ["requirement_id", "person_id"])
        batch_op.create_index("ix_assignments_person_id", ["person_id"])
    op.drop_index("uq_requirements_active", table_name="requirements")
    op.drop_index("ix_requirements_subject", table_name="requirements")
    op.execute("DELETE FROM requirements WHERE kind <> 'course' OR due_on IS NULL")
    # Of several rules that the old table cannot tell apart the first stays in force.
    op.execute(
        "UPDATE requirements SET ended_at = created_at WHERE ended_at IS NULL AND EXISTS (SELECT 1 FROM requirements AS r"
        " WHERE r.ended_at IS NULL AND r.id < requirements.id AND r.course_id = requirements.course_id"
        " AND r.organisation_id = requirements.organisation_id AND r.due_on = requirements.due_on)"
    )
    with op.batch_alter_table("requirements") as batch_op:
        batch_op.drop_constraint(op.f("ck_requirements_whatkind"), type_="check")
        for name in ("kind", "title", "subject", "rule", "fingerprint", "changed_at"):
            batch_op.drop_column(name)
        batch_op.alter_column("course_id", existing_type=NUMBER, nullable=False)
        batch_op.alter_column("due_on", existing_type=sa.Date(), nullable=False)
        batch_op.create_index(
            "uq_requirements_active", ["course_id", "organisation_id", "due_on"], unique=True, **ACTIVE
        )
    for table in ("person_tags", "recognitions", "extensions", "leaves", "exemptions", "periods"):
        op.drop_table(table)
    op.execute("DELETE FROM completion_counts WHERE state IN ('exempt', 'paused')")
    op.execute("UPDATE enrolments SET state = 'enrolled' WHERE state IN ('exempt', 'paused')")
    with op.batch_alter_table("enrolments") as batch_op:
        batch_op.drop_column("current")
    for table, column, name, old, new in CHECKED:
        if table in ("evidence", "notices"):
            listed = ", ".join(f"'{word}'" for word in new)
            op.execute(f"DELETE FROM {table} WHERE {column} IN ({listed})")  # noqa: S608
        _words(table, column, name, old)
