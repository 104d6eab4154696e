"""The tables of saved views, and of the figures of wide places that are counted each night."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.database import Base, BigId, Id, word
from app.reporting.rules.views import Cadence


class SavedView(Base):
    """Filters and columns of the figures of one place, under a name. What it shows is computed for whoever opens it."""

    __tablename__ = "saved_views"
    id: Mapped[Id]
    key: Mapped[str] = mapped_column(String(24), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    owner_id: Mapped[int] = mapped_column(BigId, ForeignKey("people.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(BigId, ForeignKey("organisations.id"), index=True)
    filters: Mapped[dict[str, Any]] = mapped_column(JSON)
    columns: Mapped[list[Any]] = mapped_column(JSON)
    shared: Mapped[bool] = mapped_column(default=False)
    cadence: Mapped[Cadence] = mapped_column(word(Cadence), default=Cadence.NEVER)
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class ViewRecipient(Base):
    """Somebody who gets a view by mail, with the rights they have when it is sent."""

    __tablename__ = "view_recipients"
    view_id: Mapped[int] = mapped_column(BigId, ForeignKey("saved_views.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("people.id"), primary_key=True, index=True)
    last_sent_on: Mapped[date | None]


class RequirementCount(Base):
    """How one required thing stands at one place below a wide one (`below_id` 0: with its own people), as of a night.

    Wide are the root and what stands directly below it. What is valid changes with the day, not only with what people
    do, so this is no running total.
    """

    __tablename__ = "requirement_counts"
    place_id: Mapped[int] = mapped_column(BigId, ForeignKey("organisations.id"), primary_key=True)
    below_id: Mapped[int] = mapped_column(BigId, primary_key=True)
    subject: Mapped[str] = mapped_column(String(64), primary_key=True)
    reached: Mapped[int]
    excused: Mapped[int]
    completed: Mapped[int]
    overdue: Mapped[int]
    counted_at: Mapped[datetime]
