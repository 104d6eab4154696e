"""When this service was answering: a beat every few seconds, and the gaps in it as rows that stay."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import String, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.kit import clock
from app.kit.database import Base, Id

EVERY = timedelta(seconds=5)
# Four beats may go missing on a busy machine before the silence counts as an outage.
SILENCE = timedelta(seconds=20)
SERVICE = "web"


class Beat(Base):
    """When a service last said that it is there; however many processes it has, they keep one row."""

    __tablename__ = "beats"
    service: Mapped[str] = mapped_column(String(32), primary_key=True)
    at: Mapped[datetime]


class Outage(Base):
    """A time in which nobody answered: from the last beat before it to the first one after it."""

    __tablename__ = "outages"
    id: Mapped[Id]
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime]


def beat(db: Session) -> Outage | None:
    """Say that the service is there; answers the outage that this beat has ended, once for all processes."""
    now = clock.now()
    row = db.scalar(select(Beat).where(Beat.service == SERVICE).with_for_update())
    if row is None:
        try:
            with db.begin_nested():
                db.add(Beat(service=SERVICE, at=now))
        except IntegrityError:  # another process was first by a moment
            pass
        return None
    last, row.at = row.at, max(row.at, now)
    if now - last <= SILENCE:
        db.flush()
        return None
    outage = Outage(began_at=last, ended_at=now)
    db.add(outage)
    db.flush()
    return outage


def is_answering(db: Session) -> bool:
    """Whether the last beat is fresh. True where no service ever beat: a test, or a database only ever looked into."""
    last = db.scalar(select(Beat.at).where(Beat.service == SERVICE))
    return last is None or clock.now() - last <= SILENCE


def outages(db: Session, *, limit: int = 10) -> tuple[Outage, ...]:
    """The latest first."""
    return tuple(db.scalars(select(Outage).order_by(Outage.id.desc()).limit(limit)))
