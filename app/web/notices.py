"""The words of a notice, made when it is read, in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from app.accounts.queries import NoticeCard
from app.accounts.rules import NoticeKind
from app.kit.i18n import clock_time, day_and_year
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
    due = day_and_year(date.fromisoformat(data["due_on"])) if data.get("due_on") else ""
    url, link, status = f"/courses/{data.get('course', '')}", _("To the course"), "todo"
    if not data.get("course"):  # a path, or a certificate that somebody else issues
        url, link = "/learning", _("To my learning")
    match card.kind:
        case NoticeKind.HELD:
            until = data.get("valid_until")
            ends = day_and_year(date.fromisoformat(until)) if until else ""
            text, status = _("“%(title)s” is required of you, and you hold it already.", title=title), "done"
            if ends:
                text = _("“%(title)s” is required of you; yours is valid until %(day)s.", title=title, day=ends)
        case NoticeKind.RENEW:
            text, status = _("“%(title)s” is to be renewed by %(day)s.", title=title, day=due), "soon"
        case NoticeKind.ESCALATED:
            text, url, link = _("People of yours are overdue. The list says who."), "/managing", _("To the list")
            status = "late"
        case NoticeKind.EXTENSION_ASKED:
            person = data.get("person", "")
            text = _("%(person)s asks for more time, until %(day)s.", person=person, day=due)
            url, link, status = "/managing/assignments", _("Answer"), "soon"
        case NoticeKind.EXTENSION_GRANTED:
            text, status = _("You have more time: until %(day)s.", day=due), "done"
        case NoticeKind.EXTENSION_REFUSED:
            text = _("You asked for more time. The date stays: %(day)s.", day=due)
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
        case NoticeKind.REVIEW_ASKED:
            text = _("%(person)s asks for a review of “%(title)s”.", person=str(data.get("person", "")), title=title)
            url, link, status = f"/teaching/reviews/{data.get('review', '')}", _("To the review"), "soon"
        case NoticeKind.REVIEW_DECIDED:
            who = str(data.get("person", ""))
            text, status = _("%(person)s has approved “%(title)s”.", person=who, title=title), "done"
            if not data.get("approved"):
                text, status = _("%(person)s asks for changes in “%(title)s”.", person=who, title=title), "soon"
            url, link = f"/teaching/reviews/{data.get('review', '')}", _("To the review")
        case NoticeKind.PUBLICATION_FAILED:
            text, status = _("“%(title)s” could not be published at its time.", title=title), "late"
            url, link = f"/teaching/uploads/{data.get('upload', '')}/publish", _("See why")
        case NoticeKind.REMARKED:
            said = {name: str(data.get(name, "")) for name in ("before", "after")}
            text = _(
                "Your answers in “%(title)s” were marked anew: %(before)s before, %(after)s now.", title=title, **said
            )
            url, link, status = f"/attempts/{data.get('attempt', '')}", _("See the result"), "done"
        case NoticeKind.UNLOCKED:
            text, status = _("You may take a test in “%(title)s” once more.", title=title), "todo"
            url, link = f"/courses/{data.get('course', '')}/quizzes/{data.get('quiz', '')}", _("To the test")
        case NoticeKind.CERTIFICATE_REVOKED:
            said = {name: str(data.get(name, "")) for name in ("number", "ask")}
            text = _(
                "Your certificate %(number)s for “%(title)s” has been revoked. Questions? Ask: %(ask)s. The reason:",
                title=title,
                **said,
            )
            url, link, status = "/learning/record", _("Learning record"), "late"
        case NoticeKind.GROUP_PLANNED | NoticeKind.GROUP_CHANGED | NoticeKind.GROUP_CANCELLED | NoticeKind.GROUP_SOON:
            text, status = _about_group(card.kind, title, data)
            url, link = f"/joined/{data.get('group', '')}", _("To the session")
        case NoticeKind.DATA_ASKED:
            person = str(data.get("person", ""))
            text = _("%(person)s asks about their data. The answer is due by %(day)s.", person=person, day=due)
            url, link, status = f"/admin/data-requests/{data.get('request', '')}", _("Answer"), "soon"
        case NoticeKind.DATA_ANSWERED:
            text, url, link, status = (
                _("What you asked about your data is answered:"),
                "/account/data",
                _("My data"),
                "done",
            )
        case NoticeKind.DATA_LONGER:
            text = _("The answer about your data comes by %(day)s at the latest, because:", day=due)
            url, link, status = "/account/data", _("My data"), "soon"
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


def _about_group(kind: NoticeKind, title: str, data: dict[str, object]) -> tuple[str, str]:
    """The sentence about a group session, and the kind of its mark."""
    at = datetime.fromisoformat(str(data["starts_at"]))
    said = {"title": title, "day": day_and_year(at), "time": clock_time(at), "where": str(data.get("where", ""))}
    match kind:
        case NoticeKind.GROUP_CANCELLED:
            return _("The group session “%(title)s” on %(day)s, %(time)s, is called off.", **said), "skip"
        case NoticeKind.GROUP_CHANGED:
            return _("The group session “%(title)s” is now on %(day)s, %(time)s, %(where)s.", **said), "soon"
        case NoticeKind.GROUP_SOON:
            return _("Soon: the group session “%(title)s”, %(day)s, %(time)s, %(where)s.", **said), "soon"
        case _:
            return _("You are expected at a group session: “%(title)s”, %(day)s, %(time)s, %(where)s.", **said), "todo"
