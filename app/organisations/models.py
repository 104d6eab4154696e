"""The table of organisations."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.database import Base, BigId, Id, word
from app.organisations.rules import Kind, Sector


class Organisation(Base):
    """One place in the tree. `path` is the ids from the root down, "/1/5/22/", so that "below" is a prefix.

    `name` is what it calls itself; `name_en` and `name_nb` are what readers of English and Norwegian know it by.
    `country` chooses the calendar of holidays; empty: that of the place above.
    """

    __tablename__ = "organisations"
    __table_args__ = (Index("ix_organisations_parent_id_sort_key", "parent_id", "sort_key"),)
    id: Mapped[Id]
    parent_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("organisations.id"))
    path: Mapped[str] = mapped_column(String(255), index=True)
    code: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200), default="")
    name_nb: Mapped[str] = mapped_column(String(200), default="")
    sort_key: Mapped[str] = mapped_column(String(255))
    kind: Mapped[Kind] = mapped_column(word(Kind))
    sector: Mapped[Sector] = mapped_column(word(Sector), default=Sector.PUBLIC)
    county: Mapped[str] = mapped_column(String(64), default="")
    legal_code: Mapped[str] = mapped_column(String(16), default="")
    review_required: Mapped[bool] = mapped_column(default=False)
    country: Mapped[str] = mapped_column(String(2), default="", index=True)
    closed_at: Mapped[datetime | None]
