"""What is required of a learner, as their own pages say it: why, by when and how that came about, valid until when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from app.kit.i18n import gettext as _
from app.kit.i18n import iso_date, language, ngettext, number
from app.requirements import queries as requirements
from app.requirements.queries import PeriodCard, Reason
from app.requirements.rules import Rule, Status, WhatKind, paths
from app.web.duties import explained, met_word, status_word, subject_names, what_word
from app.web.forms import Form


@dataclass(frozen=True, slots=True)
class Why:
    """Why a thing is required: who decided, what they said, on which law, and the date of this reason alone."""

    text: str
    legal_basis: str
    decided: str
    due: str


@dataclass(frozen=True, slots=True)
class Terms:
    """What goes with a due date: how it came about, until when the last completion is good, and asking for more time.

    `ask_url` is empty where there is nothing to ask for; `asked` says that a question waits.
    """

    explained: tuple[str, ...] = ()
    valid: str = ""
    ask_url: str = ""
    asked: bool = False


@dataclass(frozen=True, slots=True)
class Outside:
    """A path of several courses, or a certificate that somebody else issues, as the list of duties shows it."""

    key: int
    title: str
    what: str
    status: str
    status_text: str
    due_on: date
    progress: str
    waits: bool
    why: tuple[Why, ...]
    terms: Terms


MARKS = {"overdue": "late", "soon": "soon", "going": "todo", "done": "done", "off": "skip"}
OPEN = (Status.FUTURE, Status.OPEN, Status.DUE_SOON, Status.OVERDUE, Status.EXPIRING, Status.EXPIRED)


def why_of(reasons: Iterable[Reason]) -> tuple[Why, ...]:
    """The reasons, the strictest first; with several, each says its own date."""
    found = tuple(reasons)
    return tuple(
        Why(
            text=one.reason,
            legal_basis=one.legal_basis,
            decided=decided(one),
            due=_("For this reason by %(day)s.", day=iso_date(one.due_on)) if len(found) > 1 else "",
        )
        for one in found
    )


def decided(reason: Reason) -> str:
    return _("Required by %(place)s since %(day)s.", place=reason.organisation_name, day=iso_date(reason.assigned_at))


def terms_of(card: PeriodCard | None) -> Terms:
    """What is said about the date of one thing."""
    if card is None:
        return Terms()
    period = card.period
    valid = ""
    if period.held_until is not None and period.met_on is None:
        valid = _("Your last completion is valid until %(day)s.", day=iso_date(period.held_until))
    waiting = period.met_on is None and card.status in OPEN
    return Terms(
        explained=explained(card.steps),
        valid=valid,
        ask_url=f"/learning/time/{card.id}" if waiting else "",
        asked=card.asked,
    )


def outside_of(
    db: Session, cards: Iterable[PeriodCard], reasons: Mapping[str, tuple[Reason, ...]], done: frozenset[int]
) -> tuple[Outside, ...]:
    """Paths and certificates; `done` are the courses that the learner has completed."""
    found = [card for card in cards if not card.subject.startswith("course:")]
    if not found:
        return ()
    names = subject_names(db, {card.subject for card in found}, language())
    rules = requirements.rules_about(db, [card.subject for card in found])
    return tuple(_outside(card, names, rules, reasons.get(card.subject, ()), done) for card in found)


def _outside(
    card: PeriodCard,
    names: Mapping[str, str],
    rules: Mapping[str, Rule],
    reasons: tuple[Reason, ...],
    done: frozenset[int],
) -> Outside:
    kind, word = status_word(card.status)
    rule = rules.get(card.subject)
    how = met_word(card.met_by)
    if card.period.met_on is not None:
        progress = _("Completed on %(day)s", day=iso_date(card.period.met_on)) + (f" · {how}" if how else "")
        if card.period.valid_until is not None:
            progress += " · " + _("valid until %(day)s", day=iso_date(card.period.valid_until))
    else:
        progress = _progress(rule, done)
    return Outside(
        key=card.id,
        title=names.get(card.subject, ""),
        what=what_word(rule) if rule is not None else "",
        status=MARKS[kind],
        status_text=word,
        due_on=card.period.due_on,
        progress=progress,
        waits=card.period.met_on is None,
        why=why_of(reasons),
        terms=terms_of(card),
    )


def _progress(rule: Rule | None, done: frozenset[int]) -> str:
    if rule is None or rule.what.kind is WhatKind.EXTERNAL or rule.what.path is None:
        return _("Give the certificate to the person in charge of training; they record it here.")
    reached = paths.reached(rule.what.path, done)
    if rule.what.path.kind is paths.PathKind.POINTS:
        return ngettext(
            "%(have)s of %(num)s point", "%(have)s of %(num)s points", reached.need, have=number(reached.have)
        )
    return ngettext(
        "%(have)s of %(num)s course", "%(have)s of %(num)s courses", reached.need, have=number(reached.have)
    )


@dataclass(frozen=True, slots=True)
class AskPage:
    """More time, in one form: the day is filled in, the reason is the learner's."""

    title: str
    due: str
    explained: tuple[str, ...]
    action: str
    form: Form


def ask_page(db: Session, card: PeriodCard, form: Form | None, offered: date) -> AskPage:
    names = subject_names(db, [card.subject], language())
    return AskPage(
        title=names.get(card.subject, ""),
        due=iso_date(card.period.due_on),
        explained=explained(card.steps),
        action=f"/learning/time/{card.id}",
        form=form or Form(values={"until": offered.isoformat()}),
    )
