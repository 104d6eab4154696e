"""Rules instead of dates (0003) over tables that hold something: what was required and done is there afterwards, and back."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, Table, text

from app.models import metadata
from app.settings import ROOT

THEN = datetime(2026, 2, 2, 8, 0)
NIGHT = datetime(2026, 4, 30, 22, 30)  # in Vilnius it is May already
LIBRARY_DUE, TOWN_DUE = date(2026, 5, 1), date(2026, 6, 1)
BY_TYPE: dict[type, Any] = {sa.Boolean: False, sa.Integer: 0, sa.Float: 0.0, sa.DateTime: THEN, sa.Date: LIBRARY_DUE}


class Old:
    """The tables as they were, read from the database itself; what a row does not say is filled in."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.tables = sa.MetaData()
        self.tables.reflect(connection)

    def put(self, name: str, *rows: dict[str, Any]) -> None:
        table = self.tables.tables[name]
        for row in rows:
            self.connection.execute(table.insert().values(_filled(table, row)))


def _filled(table: Table, row: dict[str, Any]) -> dict[str, Any]:
    found = dict(row)
    for column in table.columns:
        if column.name in found or column.nullable or column.server_default is not None or column.primary_key:
            continue
        kind = column.type
        if isinstance(kind, sa.JSON):
            found[column.name] = {}
        else:
            found[column.name] = next(
                (v for k, v in BY_TYPE.items() if isinstance(kind, k)), f"{table.name}-{row.get('id', '')}"
            )
    return found


def fill(connection: Connection) -> None:
    """A country, a town and its library; four people, a course, and three requirements, one of which is over."""
    old = Old(connection)
    places = ((1, None, "/1/", "country"), (2, 1, "/1/2/", "municipality"), (3, 2, "/1/2/3/", "institution"))
    old.put(
        "organisations",
        *(
            {"id": n, "parent_id": up, "path": path, "code": f"p{n}", "kind": kind, "sector": "public"}
            for n, up, path, kind in places
        ),
    )
    old.put(
        "people",
        *(
            {
                "id": n,
                "key": f"k{n}",
                "email": f"p{n}@example.test",
                "state": "active",
                "lang": "lt",
                "organisation_id": 3,
            }
            for n in (1, 2, 3, 4)
        ),
    )
    old.put("courses", {"id": 1, "slug": "rules", "organisation_id": 1, "state": "live"})
    old.put(
        "course_versions", {"id": 1, "course_id": 1, "major": 1, "minor": 0, "digest": "d", "lang": "en", "source": "s"}
    )
    connection.execute(text("UPDATE courses SET current_version_id = 1"))
    runs = (
        (1, 1, "completed", LIBRARY_DUE, NIGHT),
        (2, 2, "started", LIBRARY_DUE, None),
        (3, 3, "enrolled", TOWN_DUE, None),
    )
    old.put(
        "enrolments",
        *(
            {
                "id": n, "person_id": who, "course_id": 1, "period": 1, "major": 1, "organisation_id": 3, "state": state,
                "required": True, "due_on": due, "completed_at": done, "completed_version_id": 1 if done else None,
            }
            for n, who, state, due, done in runs
        ),
        {"id": 4, "person_id": 4, "course_id": 1, "period": 1, "major": 1, "organisation_id": 3, "state": "enrolled"},
    )  # fmt: skip
    said = [(n, f"enrolled:{n}", n, "enrolled") for n in (1, 2, 3, 4)] + [(9, "completed:1", 1, "course.completed")]
    old.put(
        "evidence",
        *({"id": n, "key": key, "person_id": run, "enrolment_id": run, "kind": kind} for n, key, run, kind in said),
    )
    for state, due in (("completed", LIBRARY_DUE), ("started", LIBRARY_DUE), ("enrolled", TOWN_DUE)):
        counted = {"organisation_id": 3, "course_id": 1, "state": state, "required": True, "due_on": due, "number": 1}
        old.put("completion_counts", counted)
    old.put(
        "completion_counts",
        {
            "organisation_id": 3,
            "course_id": 1,
            "state": "enrolled",
            "required": False,
            "due_on": date(9999, 12, 31),
            "number": 1,
        },
    )
    asked = ((1, 3, LIBRARY_DUE, None), (2, 2, TOWN_DUE, None), (3, 3, date(2025, 1, 1), THEN))
    old.put(
        "requirements",
        *(
            {
                "id": n,
                "key": f"r{n}",
                "course_id": 1,
                "organisation_id": place,
                "due_on": due,
                "reason": "Because",
                "legal_basis": "Law 1",
                "ended_at": end,
            }
            for n, place, due, end in asked
        ),
    )
    old.put(
        "assignments",
        *(
            {"requirement_id": r, "person_id": run, "enrolment_id": run, "assigned_at": THEN}
            for r, run in ((1, 1), (1, 2), (2, 2), (2, 3))
        ),
    )
    old.put("reminders", {"id": 1, "enrolment_id": 2, "occasion": "before:7"})
    old.put("notices", {"id": 1, "person_id": 2, "kind": "assigned"})
    # The numbers above were given by hand; PostgreSQL counts on from them.
    if connection.dialect.name == "postgresql":
        for name in ("organisations", "people", "courses", "course_versions", "enrolments", "evidence", "requirements"):
            connection.execute(text(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), 100)"))


def rows(connection: Connection, said: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in connection.execute(text(said))]


def read(connection: Connection, table: str, *columns: str, order: str = "") -> list[tuple[Any, ...]]:
    reflected = Table(table, sa.MetaData(), autoload_with=connection)
    wanted = sa.select(*(reflected.c[name] for name in columns)).order_by(reflected.c[order or columns[0]])
    return [tuple(row) for row in connection.execute(wanted)]


def test_what_was_required_and_done_outlives_the_migration_there_and_back(engine: Engine) -> None:
    metadata.drop_all(engine)
    config = Config(ROOT / "alembic.ini")
    try:
        with engine.connect() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "0002")
            fill(connection)
            before = {
                name: rows(connection, f"SELECT count(*) FROM {name}") for name in ("evidence", "enrolments", "people")
            }
            _migrate(connection, config, "head")
            _rules_and_periods(connection)
            _migrate(connection, config, "0002")
            assert read(connection, "requirements", "id", "due_on") == [
                (1, LIBRARY_DUE), (2, TOWN_DUE), (3, date(2025, 1, 1)),
            ]  # fmt: skip
            kept = read(connection, "assignments", "requirement_id", "person_id", "enrolment_id")
            assert sorted(kept) == [(1, 1, 1), (1, 2, 2), (2, 2, 2), (2, 3, 3)]
            for name, number in before.items():
                assert rows(connection, f"SELECT count(*) FROM {name}") == number, name
            _migrate(connection, config, "head")
            _rules_and_periods(connection)
            _migrate(connection, config, "base")
            connection.execute(text("DROP TABLE IF EXISTS alembic_version"))
            connection.commit()
    finally:
        metadata.drop_all(engine)
        metadata.create_all(engine)


def _migrate(connection: Connection, config: Config, to: str) -> None:
    """As the command does it: with no transaction open, so that SQLite may copy tables that others point at."""
    connection.commit()
    (command.upgrade if to == "head" else command.downgrade)(config, to)
    connection.commit()


def _rules_and_periods(connection: Connection) -> None:
    """Each requirement is a rule now, and each run that was assigned somebody's first period."""
    found = read(connection, "requirements", "id", "kind", "subject", "rule", "fingerprint")
    assert [(n, kind, subject) for n, kind, subject, _rule, _print in found] == [
        (n, "course", "course:1") for n in (1, 2, 3)
    ]
    first = found[0][3]
    assert first["due"] == {"kind": "fixed", "on": "2026-05-01", "days": 0, "working": False}
    assert first["audience"]["groups"] == [[["place", "3"]]] and first["legal_basis"] == "Law 1"
    assert len({mark for *_rest, mark in found}) == 3 and all(mark for *_rest, mark in found)
    periods = read(
        connection, "periods", "person_id", "subject", "number", "enrolment_id", "due_on", "met_on", "met_by",
        "evidence_id", "latest", "opens_on",
    )  # fmt: skip
    opened = THEN.replace(tzinfo=UTC).date()
    assert periods == [
        (1, "course:1", 1, 1, LIBRARY_DUE, date(2026, 5, 1), "course.completed", 9, True, opened),
        (2, "course:1", 1, 2, LIBRARY_DUE, None, "", None, True, opened),
        (3, "course:1", 1, 3, TOWN_DUE, None, "", None, True, opened),
    ]
    assigned = read(connection, "assignments", "requirement_id", "person_id", "subject", "number", "due_on", "steps")
    assert sorted(assigned, key=lambda row: row[:2]) == [
        (1, 1, "course:1", 1, LIBRARY_DUE, [["fixed", "2026-05-01", 0]]),
        (1, 2, "course:1", 1, LIBRARY_DUE, [["fixed", "2026-05-01", 0]]),
        (2, 2, "course:1", 1, TOWN_DUE, [["fixed", "2026-06-01", 0]]),
        (2, 3, "course:1", 1, TOWN_DUE, [["fixed", "2026-06-01", 0]]),
    ]
    assert read(connection, "enrolments", "id", "state", "current", "declined") == [
        (1, "completed", True, 0), (2, "started", True, 0), (3, "enrolled", True, 0), (4, "enrolled", True, 0),
    ]  # fmt: skip
    assert read(connection, "reminders", "id", "enrolment_id", "occasion") == [(1, 2, "before:7")]
    assert read(connection, "organisations", "id", "review_required") == [(1, False), (2, False), (3, False)]
