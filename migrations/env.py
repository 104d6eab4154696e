"""Where migrations run: on the connection that is handed over, on -x url=…, or on the database of the settings."""

from collections.abc import Iterable
from typing import Any, Literal

from alembic import context
from alembic.operations import MigrationScript
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from app import models
from app.kit.database import Moment, make_engine
from app.settings import Settings

ONE_AT_A_TIME = 7_104_001  # the number that processes starting together agree to lock on


def render_item(kind: str, item: Any, _context: object) -> str | Literal[False]:
    # A migration outlives the code of its day, so it may not import our column types.
    return "sa.DateTime()" if kind == "type" and isinstance(item, Moment) else False


def number_the_revision(
    migration: MigrationContext, _revision: str | Iterable[str | None] | Iterable[str], scripts: list[MigrationScript]
) -> None:
    """0001, 0002, …: the order is read off the folder, and two people with the same number conflict in git."""
    directory = ScriptDirectory.from_config(context.config)
    for script in scripts:
        script.rev_id = f"{sum(1 for _ in directory.walk_revisions()) + 1:04d}"


def migrate(connection: Connection) -> None:
    if connection.dialect.name != "sqlite" or connection.in_transaction():
        run(connection)
        return
    # Batch mode drops a table and puts its copy in place; with foreign keys on, the drop would empty its children.
    foreign_keys(connection, "OFF")
    try:
        run(connection)
    finally:
        foreign_keys(connection, "ON")


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=models.metadata,
        render_as_batch=True,
        render_item=render_item,
        process_revision_directives=number_the_revision,
        compare_type=True,
        transactional_ddl=True,  # SQLite's too, since make_engine says BEGIN itself
    )
    with context.begin_transaction():
        if connection.dialect.name == "postgresql":
            # Rather fail than queue behind a long reader with every request queued behind us.
            connection.execute(text("SET LOCAL lock_timeout = '5s'"))
            connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": ONE_AT_A_TIME})
        context.run_migrations()
        if connection.dialect.name == "sqlite":
            refuse_loose_ends(connection)


def refuse_loose_ends(connection: Connection) -> None:
    if broken := connection.exec_driver_sql("PRAGMA foreign_key_check").first():
        raise RuntimeError(f"The migration would leave rows that point at nothing, first in table {broken[0]}.")


def foreign_keys(connection: Connection, state: str) -> None:
    # Past SQLAlchemy, because its BEGIN would come first and this pragma is deaf inside a transaction.
    connection.connection.execute(f"PRAGMA foreign_keys = {state}")


def main() -> None:
    connection: Connection | None = context.config.attributes.get("connection")
    if connection is not None:
        migrate(connection)
        return
    said = context.get_x_argument(as_dictionary=True)
    url = said.get("url") or context.config.attributes.get("url") or Settings().database_url
    engine = make_engine(url)
    with engine.connect() as connection:
        migrate(connection)
    engine.dispose()


main()
