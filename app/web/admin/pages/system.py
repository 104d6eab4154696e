"""The state of the installation, for whoever looks after it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.accounts import access
from app.kit import clock, health, i18n
from app.kit.actor import Actor
from app.kit.i18n import gettext as _
from app.kit.i18n import ngettext
from app.kit.jobs import JobState
from app.kit.mail import MailState
from app.settings import Mode, Settings
from app.web.outages import lately_away

LITTLE_ROOM = 0.05
PILED_UP = 50


@dataclass(frozen=True, slots=True)
class TroubleRow:
    kind: str
    state: str
    tries: int
    error: str
    run_at: datetime


@dataclass(frozen=True, slots=True)
class HealthPage:
    """`figures`: (what, value, note, sign). Troubles name other people's work, so only for whoever administers all.
    `away`: (when nobody was answered, what was done about it)."""

    answer: str
    good: bool
    as_of: datetime
    figures: tuple[tuple[str, str, str, str], ...]
    facts: tuple[tuple[str, str], ...]
    troubles: tuple[TroubleRow, ...]
    outbox_url: str
    away: tuple[tuple[str, str], ...]


def health_page(db: Session, actor: Actor, settings: Settings, version: str) -> HealthPage:
    jobs, mails = health.jobs_by_state(db), health.mails_by_state(db)
    late, failed = health.jobs_overdue(db), jobs[JobState.FAILED]
    disk = health.disk(settings.files)
    little = disk.free < disk.total * LITTLE_ROOM
    piled_up = late >= PILED_UP
    problems = sum((bool(failed), piled_up, little))
    return HealthPage(
        answer=(
            ngettext("%(num)s thing is not as it should be", "%(num)s things are not as they should be", problems)
            if problems
            else _("The system is well")
        ),
        good=not problems,
        as_of=clock.now(),
        figures=(
            (_("Jobs waiting"), i18n.number(late), _("due now"), "overdue" if piled_up else ""),
            (_("Jobs failed"), i18n.number(failed), _("tried eight times"), "overdue" if failed else ""),
            (_("Letters waiting"), i18n.number(mails[MailState.WAITING]), "", ""),
            (
                _("Room on the disk"),
                i18n.percent(disk.free / disk.total, 0) if disk.total else "–",
                _("%(n)s GB free", n=i18n.number(disk.free / 2**30, 1)),
                "overdue" if little else "",
            ),
        ),
        facts=(
            (_("Version"), version),
            (_("Database"), health.database_name(db)),
            (_("Schema"), health.schema_version(db) or _("made without migrations")),
            (_("Mode"), _mode(settings.mode)),
            (_("Letters sent"), i18n.number(mails[MailState.SENT])),
            (_("Letters kept, no server set"), i18n.number(mails[MailState.KEPT])),
            (_("Jobs done"), i18n.number(jobs[JobState.DONE])),
            (_("Time zone"), settings.timezone),
        ),
        troubles=tuple(
            TroubleRow(t.kind, _state(t.state), t.tries, _last_line(t.error), t.run_at)
            for t in health.jobs_in_trouble(db)
        )
        if access.administers_all(db, actor)
        else (),
        outbox_url="/outbox" if settings.demo else "",
        away=lately_away(db),
    )


def _mode(mode: Mode) -> str:
    match mode:
        case Mode.PRODUCTION:
            return _("in use")
        case Mode.DEVELOPMENT:
            return _("development")
        case Mode.DEMO:
            return _("demonstration")


def _state(state: JobState) -> str:
    return _("given up") if state is JobState.FAILED else _("will be tried again")


def _last_line(error: str) -> str:
    lines = error.strip().splitlines()
    return lines[-1][:300] if lines else ""
