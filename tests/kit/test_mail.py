"""Mail: written in the reader's language, sent once through a real SMTP server, kept where there is none."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import select

from app.jobs import handlers
from app.kit import jobs, mail
from app.kit.database import Sessions, reading, writing
from app.kit.mail import Mail, MailState
from app.settings import Settings


class Inbox:
    """What an SMTP server has been given."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        message = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.messages.append(message)
        return "250 OK"


@pytest.fixture
def inbox() -> Iterator[tuple[Inbox, int]]:
    box = Inbox()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    yield box, port
    controller.stop()


def write_one(sessions: Sessions, lang: str = "en") -> None:
    with writing(sessions) as db:
        mail.write(
            db, "password", address="ona@sav.example", lang=lang, name="Ona Petraitienė", url="https://x/y", minutes=120
        )


def test_a_mail_goes_out_once_and_says_what_it_should(
    sessions: Sessions, settings: Settings, inbox: tuple[Inbox, int]
) -> None:
    box, port = inbox
    sending = settings.model_copy(update={"smtp_host": "127.0.0.1", "smtp_port": port})
    write_one(sessions)
    jobs.drain(sessions, handlers(sending))
    with writing(sessions) as db:
        mail.send(db, sending, db.scalars(select(Mail.id)).one())
    assert len(box.messages) == 1
    message = box.messages[0]
    assert message["To"] == "ona@sav.example"
    assert message["Auto-Submitted"] == "auto-generated"
    assert "https://x/y" in message.get_content()
    assert "Ona Petraitienė" in message.get_content()


def test_without_a_server_a_mail_is_kept_to_be_looked_at(sessions: Sessions, settings: Settings) -> None:
    write_one(sessions)
    jobs.drain(sessions, handlers(settings))
    with reading(sessions) as db:
        kept = db.scalars(select(Mail)).one()
    assert kept.state is MailState.KEPT


def test_a_mail_is_written_in_its_readers_language(sessions: Sessions) -> None:
    write_one(sessions, lang="lt")
    write_one(sessions, lang="nb")
    with reading(sessions) as db:
        subjects = set(db.scalars(select(Mail.subject)))
    assert len(subjects) == 2


def test_a_server_that_is_away_loses_no_mail(sessions: Sessions, settings: Settings) -> None:
    away = settings.model_copy(update={"smtp_host": "127.0.0.1", "smtp_port": 1})
    write_one(sessions)
    jobs.drain(sessions, handlers(away))
    with reading(sessions) as db:
        assert db.scalars(select(Mail)).one().state is MailState.WAITING
        assert jobs.waiting(db) == {jobs.JobState.READY: 1}
