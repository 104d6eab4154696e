"""Work to do after commit, as rows written in the same transaction as the reason for it."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Index, String, Text, func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.kit import clock
from app.kit.database import Base, Id, Sessions, word, writing

log = logging.getLogger("klasteris.jobs")
LEASE = timedelta(minutes=5)
MAX_TRIES = 8


class JobState(StrEnum):
    READY = "ready"
    DONE = "done"
    FAILED = "failed"


class Job(Base):
    """One thing to do. `key` makes asking twice the same as asking once."""

    __tablename__ = "jobs"
    __table_args__ = (Index("ix_jobs_state_run_at", "state", "run_at"),)
    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(String(64))
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    key: Mapped[str | None] = mapped_column(String(200), unique=True)
    state: Mapped[JobState] = mapped_column(word(JobState), default=JobState.READY)
    run_at: Mapped[datetime]
    leased_until: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime]
    done_at: Mapped[datetime | None]


@dataclass(frozen=True, slots=True)
class Claimed:
    id: int
    kind: str
    data: dict[str, Any]
    tries: int


@dataclass(frozen=True, slots=True)
class Slow:
    """Work of which a part takes its time: `before` is done without a transaction, and `work` with what came of it."""

    before: Callable[[Sessions, dict[str, Any]], Any]
    work: Callable[[Session, dict[str, Any], Any], None]


Handler = Callable[[Session, dict[str, Any]], None] | Slow


def later(db: Session, kind: str, *, key: str | None = None, at: datetime | None = None, **data: Any) -> None:
    """Ask for work, in the caller's transaction. The same `key` a second time changes nothing."""
    now = clock.now()
    job = Job(kind=kind, data=data, key=key, run_at=at or now, created_at=now)
    if key is None:
        db.add(job)
        db.flush()
        return
    try:
        with db.begin_nested():
            db.add(job)
    except IntegrityError:  # already asked for
        return


def claim(db: Session) -> Claimed | None:
    """Take the oldest ready job for a while; `SKIP LOCKED` lets many processes do so side by side."""
    now = clock.now()
    free = or_(Job.leased_until.is_(None), Job.leased_until < now)
    pick = select(Job.id).where(Job.state == JobState.READY, Job.run_at <= now, free)
    pick = pick.order_by(Job.run_at, Job.id).limit(1).with_for_update(skip_locked=True)
    taken = (
        update(Job)
        .where(Job.id == pick.scalar_subquery())
        .values(leased_until=now + LEASE, tries=Job.tries + 1)
        .returning(Job.id, Job.kind, Job.data, Job.tries)
        .execution_options(synchronize_session=False)
    )
    row = db.execute(taken).first()
    return Claimed(*row) if row else None


def run_one(sessions: Sessions, handlers: Mapping[str, Handler]) -> bool:
    """Do one job in its own transaction; a failure is kept with its reason and tried again later, more slowly."""
    with writing(sessions) as db:
        job = claim(db)
    if job is None:
        return False
    try:
        handler = handlers[job.kind]
        ready = handler.before(sessions, job.data) if isinstance(handler, Slow) else None
        with writing(sessions) as db:
            if isinstance(handler, Slow):
                handler.work(db, job.data, ready)
            else:
                handler(db, job.data)
            db.execute(update(Job).where(Job.id == job.id).values(state=JobState.DONE, done_at=clock.now()))
    except Exception:  # whatever a handler raises, the queue must go on and the reason must be kept
        log.exception("job %s (%s) failed", job.id, job.kind)
        over = job.tries >= MAX_TRIES
        with writing(sessions) as db:
            db.execute(
                update(Job)
                .where(Job.id == job.id)
                .values(
                    state=JobState.FAILED if over else JobState.READY,
                    run_at=clock.now() + timedelta(seconds=10 * 2**job.tries),
                    leased_until=None,
                    error=traceback.format_exc(limit=3)[-2000:],
                )
            )
    return True


def drain(sessions: Sessions, handlers: Mapping[str, Handler], *, limit: int = 100_000) -> int:
    """Do ready jobs until none is left; answers how many."""
    done = 0
    while done < limit and run_one(sessions, handlers):
        done += 1
    return done


def waiting(db: Session) -> dict[str, int]:
    """How many jobs are in each state."""
    return {row[0]: row[1] for row in db.execute(select(Job.state, func.count()).group_by(Job.state))}
