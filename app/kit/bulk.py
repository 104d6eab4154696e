"""Writing very many rows at once: by COPY where the database has it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Column, Table, insert
from sqlalchemy.orm import Session

Write = Callable[[Any], Any]


def write_rows(db: Session, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add rows of one shape, which must not clash with any that are there. Columns left out get their defaults."""
    if not rows:
        return
    connection = db.connection()
    if connection.dialect.name != "postgresql":
        db.execute(insert(table), rows)
        return
    columns = [column for column in table.columns if column.name in rows[0] or column.default is not None]
    given = [_given(column, connection.dialect) for column in columns]
    names = ", ".join(f'"{column.name}"' for column in columns)
    driver = connection.connection.driver_connection
    assert driver is not None
    with driver.cursor() as cursor, cursor.copy(f'COPY "{table.name}" ({names}) FROM STDIN') as copy:
        for row in rows:
            copy.write_row([one(row) for one in given])


def _given(column: Column[Any], dialect: Any) -> Callable[[Mapping[str, Any]], Any]:
    """What a row says for a column, as the driver takes it: `insert` would do the same."""
    name = column.name
    process: Write = column.type.dialect_impl(dialect).bind_processor(dialect) or (lambda value: value)
    default: Any = column.default

    def said(row: Mapping[str, Any]) -> Any:
        if name in row:
            value = row[name]
        elif default is None:
            value = None
        else:
            value = default.arg(None) if default.is_callable else default.arg
        return None if value is None else process(value)

    return said
