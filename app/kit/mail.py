"""Mail: templates become messages in the reader's language, kept in an outbox and sent by a job."""

from __future__ import annotations

import re
import smtplib
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sqlalchemy import String, Text, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.kit import clock, i18n, jobs
from app.kit.blobs import Blobs
from app.kit.database import Base, BigId, Id, word
from app.settings import ROOT, Settings

XLSX = "vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class MailState(StrEnum):
    WAITING = "waiting"
    SENT = "sent"
    KEPT = "kept"  # nowhere to send it: the outbox page shows it


class Mail(Base):
    """One message as it was (or would have been) sent. `attachment` is a file in the file store, kept for a few days."""

    __tablename__ = "mails"
    id: Mapped[Id]
    person_id: Mapped[int | None] = mapped_column(BigId, index=True)
    address: Mapped[str]
    lang: Mapped[str] = mapped_column(String(8))
    subject: Mapped[str]
    text: Mapped[str] = mapped_column(Text)
    state: Mapped[MailState] = mapped_column(word(MailState), default=MailState.WAITING)
    created_at: Mapped[datetime] = mapped_column(index=True)
    sent_at: Mapped[datetime | None]
    attachment: Mapped[str] = mapped_column(String(64), default="")
    attachment_name: Mapped[str] = mapped_column(String(100), default="")


@dataclass(frozen=True, slots=True)
class MailCard:
    """One message as the outbox page shows it."""

    id: int
    address: str
    lang: str
    subject: str
    text: str
    state: MailState
    created_at: datetime


_CARD = (Mail.id, Mail.address, Mail.lang, Mail.subject, Mail.text, Mail.state, Mail.created_at)


def latest(db: Session, *, limit: int = 50, offset: int = 0) -> tuple[MailCard, ...]:
    """The messages written last, newest first."""
    query = select(*_CARD).order_by(Mail.created_at.desc(), Mail.id.desc()).limit(limit).offset(offset)
    return tuple(MailCard(*row) for row in db.execute(query))


def by_id(db: Session, mail_id: int) -> MailCard | None:
    row = db.execute(select(*_CARD).where(Mail.id == mail_id)).first()
    return MailCard(*row) if row else None


def count(db: Session) -> int:
    return db.scalar(select(func.count(Mail.id))) or 0


@cache
def _environment(folder: Path) -> Environment:
    # Plain text: nothing is escaped because nothing is markup.
    env = Environment(
        loader=FileSystemLoader(folder),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    env.install_gettext_callables(i18n.raw_gettext, i18n.raw_ngettext, newstyle=True)  # type: ignore[attr-defined]
    env.filters.update(
        day=i18n.day,
        date=i18n.iso_date,
        longdate=i18n.long_date,
        number=i18n.number,
        clock=i18n.clock_time,
        weekday=i18n.weekday,
    )
    return env


def write(
    db: Session,
    template: str,
    *,
    address: str,
    lang: str,
    person_id: int | None = None,
    attach: tuple[str, str] | None = None,
    **values: Any,
) -> None:
    """Write one message from `templates/mail/<template>.txt` (first line: the subject) and ask for it to be sent.

    `attach`: a workbook in the file store, and its name.
    """
    with i18n.speaking(lang):
        rendered = _environment(ROOT / "templates" / "mail").get_template(f"{template}.txt").render(**values)
    subject, _, text = rendered.strip().partition("\n")
    mail = Mail(
        person_id=person_id,
        address=address,
        lang=lang,
        subject=re.sub(r"\s+", " ", subject).strip(),
        text=text.strip() + "\n",
        created_at=clock.now(),
        attachment=attach[0] if attach else "",
        attachment_name=attach[1] if attach else "",
    )
    db.add(mail)
    db.flush()
    jobs.later(db, "mail.send", key=f"mail:{mail.id}", mail_id=mail.id)


def send(db: Session, settings: Settings, mail_id: int) -> None:
    """Send one message by SMTP, or keep it for the outbox page when no server is configured. Once is enough."""
    mail = db.scalar(select(Mail).where(Mail.id == mail_id).with_for_update())
    if mail is None or mail.state is not MailState.WAITING:
        return
    if not settings.smtp_host:
        mail.state = MailState.KEPT
        return
    message = EmailMessage()
    message["From"] = f"{settings.operator} <{settings.mail_from}>"
    message["To"] = mail.address
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(mail.created_at)
    message["Message-ID"] = make_msgid(domain=settings.mail_from.partition("@")[2])
    message["Auto-Submitted"] = "auto-generated"
    message["Content-Language"] = mail.lang
    message.set_content(mail.text)
    store = Blobs(settings.files)
    if mail.attachment and store.has(mail.attachment):
        message.add_attachment(
            store.get(mail.attachment), maintype="application", subtype=XLSX, filename=mail.attachment_name
        )
    with smtplib.SMTP(settings.smtp_host, settings.smtp_port, timeout=30) as server:
        if settings.smtp_starttls:
            server.starttls()
        if settings.smtp_user:
            server.login(settings.smtp_user, settings.smtp_password.get_secret_value())
        server.send_message(message)
    mail.state = MailState.SENT
    mail.sent_at = clock.now()
