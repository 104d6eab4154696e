"""How the installation is doing: what an operator, a monitor and the health page ask for."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, inspect, select, text
from sqlalchemy.orm import Session

from app.kit import clock
from app.kit.jobs import Job, JobState
from app.kit.mail import Mail, MailState


@dataclass(frozen=True, slots=True)
class JobTrouble:
    """A job that was tried and has not succeeded."""

    id: int
    kind: str
    state: JobState
    tries: int
    error: str
    run_at: datetime


@dataclass(frozen=True, slots=True)
class Disk:
    """Bytes on the disk that holds `folder`."""

    free: int
    total: int


def database_name(db: Session) -> str:
    """Which database this is, with its version."""
    if db.get_bind().dialect.name == "sqlite":
        return f"SQLite {db.scalar(text('SELECT sqlite_version()'))}"
    return f"PostgreSQL {str(db.scalar(text('SHOW server_version'))).split(' ')[0]}"


def schema_version(db: Session) -> str:
    """The last migration that was run; empty where tables were made without migrations (tests)."""
    if not inspect(db.connection()).has_table("alembic_version"):
        return ""
    return str(db.scalar(text("SELECT version_num FROM alembic_version")) or "")


def jobs_by_state(db: Session) -> dict[JobState, int]:
    found = {row[0]: row[1] for row in db.execute(select(Job.state, func.count(Job.id)).group_by(Job.state))}
    return {state: found.get(state, 0) for state in JobState}


def jobs_overdue(db: Session) -> int:
    """Jobs that should have been done by now; a few are normal, many mean that nobody is working."""
    late = select(func.count(Job.id)).where(Job.state == JobState.READY, Job.run_at <= clock.now())
    return db.scalar(late) or 0


def jobs_in_trouble(db: Session, *, limit: int = 20) -> tuple[JobTrouble, ...]:
    query = select(Job.id, Job.kind, Job.state, Job.tries, Job.error, Job.run_at)
    query = query.where(Job.error != "", Job.state != JobState.DONE).order_by(Job.id.desc()).limit(limit)
    return tuple(JobTrouble(*row) for row in db.execute(query))


def mails_by_state(db: Session) -> dict[MailState, int]:
    found = {row[0]: row[1] for row in db.execute(select(Mail.state, func.count(Mail.id)).group_by(Mail.state))}
    return {state: found.get(state, 0) for state in MailState}


def disk(folder: Path) -> Disk:
    there = next(place for place in (folder, *folder.parents) if place.exists())
    usage = shutil.disk_usage(there)
    return Disk(free=usage.free, total=usage.total)
