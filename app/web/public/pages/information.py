"""Privacy, accessibility, help, and the outbox of the demonstration."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from app.accounts import rules
from app.kit import mail
from app.kit.actor import Actor
from app.settings import Settings
from app.web.forms import Form
from app.web.policy import Policy, admits

STATEMENT_CHECKED = date(2026, 11, 24)  # when the accessibility statement was last gone through
PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class PrivacyPage:
    """Who answers for personal data here, and how long a sign-in lasts."""

    operator: str
    contact: str
    session_hours: int


@dataclass(frozen=True, slots=True)
class AccessibilityPage:
    form: Form
    operator: str
    contact: str
    checked_on: date
    sent: bool


@dataclass(frozen=True, slots=True)
class HelpPage:
    """Help for learners always; for the working roles only to those who hold them, and to visitors."""

    teaches: bool
    manages: bool
    administers: bool
    contact: str


@dataclass(frozen=True, slots=True)
class MailRow:
    url: str
    subject: str
    lang: str
    address: str
    at: datetime


@dataclass(frozen=True, slots=True)
class OutboxPage:
    rows: tuple[MailRow, ...]
    first: int
    last: int
    total: int
    previous_url: str
    next_url: str


@dataclass(frozen=True, slots=True)
class MailPage:
    """A message; the text in pieces, of which those that are addresses of this site can be followed."""

    subject: str
    lang: str
    address: str
    at: datetime
    lines: tuple[tuple[str, str], ...]


def privacy_page(settings: Settings) -> PrivacyPage:
    hours = int(rules.SESSION_ABSOLUTE.total_seconds() // 3600)
    return PrivacyPage(operator=settings.operator, contact=settings.operator_contact, session_hours=hours)


def accessibility_page(settings: Settings, form: Form, *, sent: bool = False) -> AccessibilityPage:
    return AccessibilityPage(
        form=form,
        operator=settings.operator,
        contact=settings.operator_contact,
        checked_on=STATEMENT_CHECKED,
        sent=sent,
    )


def help_page(actor: Actor, settings: Settings) -> HelpPage:
    visitor = not actor.signed_in
    return HelpPage(
        teaches=visitor or admits(Policy.TEACHES, actor),
        manages=visitor or admits(Policy.SEES_NUMBERS, actor),
        administers=visitor or admits(Policy.ADMINISTERS, actor),
        contact=settings.operator_contact,
    )


def outbox_page(db: Session, page: int) -> OutboxPage:
    total = mail.count(db)
    first = (page - 1) * PER_PAGE
    rows = tuple(
        MailRow(f"/outbox/{m.id}", m.subject, m.lang, m.address, m.created_at)
        for m in mail.latest(db, limit=PER_PAGE, offset=first)
    )
    return OutboxPage(
        rows=rows,
        first=first + 1 if rows else 0,
        last=first + len(rows),
        total=total,
        previous_url=f"/outbox?page={page - 1}" if page > 1 else "",
        next_url=f"/outbox?page={page + 1}" if first + len(rows) < total else "",
    )


def mail_page(card: mail.MailCard, base_url: str) -> MailPage:
    base = base_url.rstrip("/")
    lines = tuple(
        (line, line[len(base) :] or "/")
        if line == base or (line.startswith(f"{base}/") and " " not in line)
        else (line, "")
        for line in card.text.splitlines()
    )
    return MailPage(card.subject, card.lang, card.address, card.created_at, lines)
