"""Who must learn what by when, decided without looking anything up: audiences, dates, periods, paths, reminders. Pure."""

from __future__ import annotations

from datetime import date, timedelta

from app.accounts.rules import ASSIGNS
from app.kit.actor import Actor
from app.learning.rules import DUE_SOON_DAYS
from app.requirements.rules.audience import Audience, By, Condition, Facts, everybody_at, narrowed, reaches, within
from app.requirements.rules.dates import (
    FAIR_DAYS,
    FARTHEST_DAYS,
    Dated,
    Due,
    DueKind,
    Leave,
    Next,
    Renewal,
    Service,
    Step,
    StepKind,
    Terms,
    due_fault,
    newcomers_due,
    too_near,
)
from app.requirements.rules.ladder import (
    LADDER,
    OVERDUE_EVERY,
    SHIPPED,
    Ladder,
    escalations,
    loud,
    manual_occasion,
    occasion,
)
from app.requirements.rules.paths import Item, Path, PathKind
from app.requirements.rules.rule import (
    LEGAL_BASIS_MAX,
    REASON_MAX,
    Rule,
    What,
    WhatKind,
    course_subject,
    courses_of,
    fingerprint,
    subject,
)
from app.requirements.rules.status import Period, Status, status, waits

__all__ = [
    "FAIR_DAYS",
    "FARTHEST_DAYS",
    "LADDER",
    "LEGAL_BASIS_MAX",
    "OVERDUE_EVERY",
    "REASON_MAX",
    "SHIPPED",
    "Audience",
    "By",
    "Condition",
    "Dated",
    "Due",
    "DueKind",
    "Facts",
    "Item",
    "Ladder",
    "Leave",
    "Next",
    "Path",
    "PathKind",
    "Period",
    "Renewal",
    "Rule",
    "Service",
    "Status",
    "Step",
    "StepKind",
    "Terms",
    "What",
    "WhatKind",
    "course_subject",
    "courses_of",
    "due_fault",
    "escalations",
    "everybody_at",
    "fingerprint",
    "is_behind",
    "loud",
    "manual_occasion",
    "may_assign",
    "narrowed",
    "newcomers_due",
    "occasion",
    "reaches",
    "status",
    "subject",
    "too_near",
    "waits",
    "within",
]


def may_assign(actor: Actor, path: str) -> bool:
    """Whether the actor may require courses of the people at this place, and remind them."""
    return actor.covers(path, *ASSIGNS)


def is_behind(due_on: date | None, today: date) -> bool:
    """Whether an unfinished run is one to remind of: overdue, or due within fourteen days."""
    return due_on is not None and due_on <= today + timedelta(days=DUE_SOON_DAYS)
