"""The tables of certificates and of the numbers they were given."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.database import Base, BigId, Id


class CertificateSeries(Base):
    """What the numbers of one institution begin with. It is chosen once and stays, whatever the place is called later."""

    __tablename__ = "certificate_series"
    organisation_id: Mapped[int] = mapped_column(BigId, ForeignKey("organisations.id"), primary_key=True)
    prefix: Mapped[str] = mapped_column(String(16), unique=True)


class CertificateYear(Base):
    """The last number that an institution has given in a year."""

    __tablename__ = "certificate_years"
    organisation_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("certificate_series.organisation_id"), primary_key=True
    )
    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int]


class Certificate(Base):
    """One certificate for one completed run. `said` is what stands on it; only a revocation is ever added.

    `organisation_id` is the institution where the holder worked then: it issued the certificate and may revoke it.
    """

    __tablename__ = "certificates"
    __table_args__ = (UniqueConstraint("organisation_id", "year", "serial"),)
    id: Mapped[Id]
    key: Mapped[str] = mapped_column(String(32), unique=True)
    number: Mapped[str] = mapped_column(String(40), unique=True)
    organisation_id: Mapped[int] = mapped_column(BigId, ForeignKey("organisations.id"))
    year: Mapped[int]
    serial: Mapped[int]
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("people.id"), index=True)
    course_id: Mapped[int] = mapped_column(BigId, ForeignKey("courses.id"), index=True)
    enrolment_id: Mapped[int] = mapped_column(BigId, ForeignKey("enrolments.id"), unique=True)
    version_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("course_versions.id"))
    lang: Mapped[str] = mapped_column(String(8))
    said: Mapped[dict[str, Any]] = mapped_column(JSON)
    completed_on: Mapped[date]
    issued_at: Mapped[datetime]
    valid_until: Mapped[date | None]
    revoked_at: Mapped[datetime | None]
    revoked_by_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("people.id"))
    reason: Mapped[str] = mapped_column(String(500), default="")
