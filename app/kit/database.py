"""Engine, transactions and column types: the only module that knows which database it talks to."""

from __future__ import annotations

import enum
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Annotated, Any, cast

from sqlalchemy import (
    BigInteger,
    Connection,
    DateTime,
    Dialect,
    Engine,
    Enum,
    Integer,
    MetaData,
    String,
    Table,
    TypeDecorator,
    create_engine,
    event,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import DeclarativeBase, Session, mapped_column, sessionmaker
from sqlalchemy.sql.functions import FunctionElement

from app.kit.i18n import fold

WRITER_SECONDS = 30.0  # in line for SQLite's one writer; then SQLite itself is asked
POOL_SIZE = 20  # open sessions per process; scale with processes

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

BigId = BigInteger().with_variant(Integer(), "sqlite")  # SQLite numbers rows by itself only for INTEGER


class Moment(TypeDecorator[datetime]):
    """An aware moment, kept as UTC without a zone so that both databases compare it alike."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)


def word(kind: type[enum.StrEnum]) -> Enum:
    """A closed set of words, kept as text with a CHECK."""
    return Enum(
        kind,
        native_enum=False,
        create_constraint=True,
        length=32,
        name=kind.__name__.lower(),
        values_callable=lambda e: [member.value for member in e],
    )


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {datetime: Moment, int: BigId, str: String(255)}  # noqa: RUF012


class folded(FunctionElement[str]):
    """`i18n.fold` in the database: lower case without marks, for searches."""

    type = String()
    inherit_cache = True


@compiles(folded, "sqlite")
def _folded_on_sqlite(element: Any, compiler: Any, **options: Any) -> str:
    return f"fold({compiler.process(element.clauses, **options)})"


@compiles(folded, "postgresql")
def _folded_on_postgresql(element: Any, compiler: Any, **options: Any) -> str:
    # lower() in the plain "C" collation knows no letters with marks, so their capitals are named too.
    marked, plain = "ąčęėįšųūžåøäöüéó", "aceeisuuzaoaoueo"
    inner = compiler.process(element.clauses, **options)
    return f"translate(replace(replace(lower({inner}), 'æ', 'ae'), 'Æ', 'ae'), '{marked + marked.upper()}', '{plain + plain}')"


Id = Annotated[int, mapped_column(BigId, primary_key=True)]
Sessions = sessionmaker[Session]


def make_engine(url: str, **options: Any) -> Engine:
    # A reader may have something to note in a second, short transaction; if that waited for a connection that only
    # other readers in the same position could give back, nobody would go on.
    engine = create_engine(url, pool_size=POOL_SIZE, max_overflow=POOL_SIZE, **options)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        _write_in_turn(engine)  # before the next, which asks SQLite itself
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def make_sessions(engine: Engine) -> Sessions:
    return sessionmaker(engine, expire_on_commit=False)


def _prepare_sqlite(dbapi_connection: Any, _record: object) -> None:
    dbapi_connection.isolation_level = None  # we say BEGIN ourselves
    dbapi_connection.create_function("fold", 1, lambda said: said and fold(said), deterministic=True)
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "busy_timeout = 10000"):
        dbapi_connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    # A deferred BEGIN that later writes fails at once with SQLITE_BUSY_SNAPSHOT, whatever the timeout;
    # so writers take the lock first, and readers are held to reading.
    read_only = connection.get_execution_options().get("read_only", False)
    connection.exec_driver_sql(f"PRAGMA query_only = {int(read_only)}")
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")


class _Turn:
    """Who may write now: one at a time, in the order in which they asked."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._taken = False
        self._waiting: deque[threading.Lock] = deque()

    def take(self, seconds: float) -> bool:
        with self._guard:
            if not self._taken:
                self._taken = True
                return True
            gate = threading.Lock()
            gate.acquire()
            self._waiting.append(gate)
        if gate.acquire(timeout=seconds):
            return True
        with self._guard:
            if gate in self._waiting:
                self._waiting.remove(gate)
                return False
            return True  # it was given at the very moment when we gave up

    def give(self) -> None:
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._taken = False


def _write_in_turn(engine: Engine) -> None:
    # SQLite lets waiting writers look again after pauses that grow, so that of hundreds at once some never find the
    # door open. Within a process they stand in line; `busy_timeout` is left for other processes.
    turn = _Turn()

    def begin(connection: Connection) -> None:
        held = connection.connection.record_info
        read_only = connection.get_execution_options().get("read_only", False)
        if not read_only and held is not None and not held.get("turn"):
            held["turn"] = turn.take(WRITER_SECONDS)

    def back(_connection: object, record: Any) -> None:
        if record.record_info.pop("turn", False):
            turn.give()

    event.listen(engine, "begin", begin)
    event.listen(engine, "checkin", back)


@contextmanager
def reading(sessions: Sessions) -> Iterator[Session]:
    """A session that the database itself keeps from writing."""
    with sessions() as session:
        session.connection(execution_options={"read_only": True, "postgresql_readonly": True})
        yield session


@contextmanager
def writing(sessions: Sessions) -> Iterator[Session]:
    """One transaction: all of it or none of it. The only commit in the project."""
    with sessions.begin() as session:
        yield session


def upsert(db: Session, table: type[Base], *, key: dict[str, Any], **changes: Any) -> None:
    """Insert a row, or change the one that has this key. A change may be a function of the stored column."""
    insert = postgresql.insert if db.get_bind().dialect.name == "postgresql" else sqlite.insert
    fresh = {name: value(None) if callable(value) else value for name, value in changes.items()}
    said = insert(table).values(**key, **fresh)
    stored = {
        name: value(getattr(table, name)) if callable(value) else getattr(said.excluded, name)
        for name, value in changes.items()
    }
    db.execute(said.on_conflict_do_update(index_elements=list(key), set_=stored))


def add_up(db: Session, table: type[Base], rows: list[dict[str, Any]]) -> None:
    """Add each row's `number` to that of the row with the same primary key, which is inserted where there is none."""
    if not rows:
        return
    into = cast(Table, table.__table__)
    insert = postgresql.insert if db.get_bind().dialect.name == "postgresql" else sqlite.insert
    said = insert(into)
    key = [column.name for column in into.primary_key]
    db.execute(
        said.on_conflict_do_update(index_elements=key, set_={"number": into.c.number + said.excluded.number}), rows
    )


def number_on(db: Session, metadata: MetaData) -> None:
    """After rows that came with their numbers: PostgreSQL numbers on from its own counter, which must stand behind them."""
    if db.get_bind().dialect.name != "postgresql":
        return
    for table in metadata.sorted_tables:
        if "id" in table.columns:
            db.execute(
                text(
                    f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), "  # noqa: S608 - our own names
                    f'coalesce((SELECT max(id) FROM "{table.name}"), 0) + 1, false)'
                )
            )
