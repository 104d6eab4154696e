"""The table of audit packs."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.database import Base, BigId, Id, word
from app.packs.rules import PackState


class AuditPack(Base):
    """One pack that was asked for: `as_of` is the day it is about, `done` how many steps are behind it.

    Once it is ready, `blob` names the signed archive, which never changes. `named` false: without names, and with
    groups under five hidden. `training` is the head of the training report in it, as `rules.Head.kept` writes it; empty
    where there is none.
    """

    __tablename__ = "audit_packs"
    id: Mapped[Id]
    key: Mapped[str] = mapped_column(String(24), unique=True)
    person_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("people.id"), index=True)
    requirement_id: Mapped[int] = mapped_column(BigId, ForeignKey("requirements.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(BigId, ForeignKey("organisations.id"), index=True)
    as_of: Mapped[date]
    named: Mapped[bool]
    lang: Mapped[str] = mapped_column(String(8))
    state: Mapped[PackState] = mapped_column(word(PackState), default=PackState.WAITING)
    done: Mapped[int] = mapped_column(default=0)
    asked_at: Mapped[datetime]
    ready_at: Mapped[datetime | None]
    blob: Mapped[str] = mapped_column(String(64), default="")
    size: Mapped[int] = mapped_column(default=0)
    public_key: Mapped[str] = mapped_column(String(64), default="")
    training: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    error: Mapped[str] = mapped_column(String(500), default="")
