"""The words of a notice, made when it is read, in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from app.accounts.queries import NoticeCard
from app.accounts.rules import NoticeKind
from app.kit.i18n import day
from app.kit.i18n import gettext as _


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """A notice in words. `status` is the kind of its mark; `quote` somebody's own words."""

    text: str
    quote: str
    url: str
    link: str
    status: str
    created_at: datetime
    unread: bool


def line(card: NoticeCard) -> NoticeLine:
    data = card.data
    title = str(data.get("title", ""))
    due = day(date.fromisoformat(data["due_on"])) if data.get("due_on") else ""
    url, link, status = f"/courses/{data.get('course', '')}", _("To the course"), "todo"
    match card.kind:
        case NoticeKind.ASSIGNED:
            text = _("A course is required of you: “%(title)s”. Complete it by %(day)s.", title=title, day=due)
        case NoticeKind.DUE_SOON:
            text, status = _("“%(title)s” is due by %(day)s.", title=title, day=due), "soon"
        case NoticeKind.OVERDUE:
            text, status = _("“%(title)s” was due by %(day)s and is not completed.", title=title, day=due), "late"
        case NoticeKind.REMINDED:
            text = _("Your manager reminds you of “%(title)s”, due by %(day)s.", title=title, day=due)
            status = "soon"
        case NoticeKind.COMPLETED:
            text, status = _("You have completed “%(title)s”. It is recorded.", title=title), "done"
            url, link = f"/learning/record/{data.get('enrolment', '')}/confirmation", _("Confirmation")
        case NoticeKind.QUESTION:
            text = _("%(person)s asks about “%(title)s”:", person=str(data.get("person", "")), title=title)
        case NoticeKind.MARKED:
            text, status = _("Your answers in “%(title)s” have been marked.", title=title), "done"
            url, link = f"/attempts/{data.get('attempt', '')}", _("See the result")
        case NoticeKind.WELCOME:
            text, url, link = _("Welcome to Klasteris."), "/catalogue", _("Course catalogue")
    return NoticeLine(
        text=text,
        quote=str(data.get("question", "")),
        url=url,
        link=link,
        status=status,
        created_at=card.created_at,
        unread=card.read_at is None,
    )
