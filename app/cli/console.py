"""What every command shares: where it prints, its settings, its database, and how progress looks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from alembic import command
from alembic.config import Config
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from sqlalchemy import Engine

from app import models  # noqa: F401 - every table must be known
from app.kit import i18n
from app.kit.blobs import Blobs
from app.kit.database import Sessions, make_engine, make_sessions
from app.settings import ROOT, Settings

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)


@dataclass(frozen=True, slots=True)
class House:
    """One installation: its settings, database and files."""

    settings: Settings
    sessions: Sessions
    blobs: Blobs


def house(settings: Settings | None = None) -> House:
    settings = settings or Settings()
    i18n.speak("en")
    prepare_folders(settings)
    engine = make_engine(settings.database_url)
    _engines.append(engine)
    return House(settings, make_sessions(engine), Blobs(settings.files))


_engines: list[Engine] = []


def close() -> None:
    """Let go of every database connection; what each command ends with."""
    while _engines:
        _engines.pop().dispose()


def prepare_folders(settings: Settings) -> None:
    """A fresh installation has no folders yet."""
    settings.files.mkdir(parents=True, exist_ok=True)
    prefix = "sqlite:///"
    if settings.database_url.startswith(prefix) and len(settings.database_url) > len(prefix):
        Path(settings.database_url.removeprefix(prefix)).parent.mkdir(parents=True, exist_ok=True)


def alembic_config(settings: Settings) -> Config:
    config = Config(ROOT / "alembic.ini")
    config.cmd_opts = None
    config.attributes["url"] = settings.database_url
    return config


def upgrade(home: House, revision: str = "head") -> None:
    """Bring the database to a revision of the schema."""
    config = alembic_config(home.settings)
    with home.sessions.kw["bind"].connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        if connection.in_transaction():
            connection.commit()


@contextmanager
def progress(label: str, total: int | None = None) -> Iterator[Ticker]:
    """A bar that says how far a long command is."""
    columns = (
        SpinnerColumn(finished_text="[green]✓[/green]"),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=err) as bars:
        yield Ticker(bars, bars.add_task(label, total=total))


@dataclass(frozen=True, slots=True)
class Ticker:
    bars: Progress
    task: TaskID

    def at(self, done: int, total: int | None = None) -> None:
        if total is None:
            self.bars.update(self.task, completed=done)
        else:
            self.bars.update(self.task, completed=done, total=total)

    def step(self, what: str = "") -> None:
        self.bars.update(self.task, advance=1)
