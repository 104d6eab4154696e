"""The first page of the administration: what waits, in one sentence."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.accounts import access as people_access
from app.accounts import queries as people
from app.accounts.rules import PersonState
from app.kit import audit, clock, health, i18n
from app.kit.actor import Actor, Role
from app.kit.i18n import gettext as _
from app.kit.i18n import ngettext
from app.kit.jobs import JobState
from app.organisations import access as organisation_access
from app.organisations import queries as organisations
from app.web.admin.pages.trail import AuditRow, audit_rows

LATEST = 8
JOBS_PILED_UP = 50


@dataclass(frozen=True, slots=True)
class Work:
    """Something that waits for an administrator. `kind`: overdue, soon or going."""

    kind: str
    text: str
    detail: str
    url: str
    link: str


@dataclass(frozen=True, slots=True)
class OverviewPage:
    """`figures`: (what, how many, note)."""

    answer: str
    places: str
    figures: tuple[tuple[str, str, str], ...]
    work: tuple[Work, ...]
    latest: tuple[AuditRow, ...]


def overview_page(db: Session, actor: Actor) -> OverviewPage:
    mine = people_access.managed_by(actor)
    states = people.states_within(db, mine)
    tops = [line.card.name_in(i18n.language()) for line in _tree(db, actor) if line.depth == 0]
    entries, _total = audit.entries(db, people_access.trail_visible_to(actor), audit.AuditFilter(), limit=LATEST)
    work = _work(db, actor, states)
    return OverviewPage(
        answer=(
            ngettext("%(num)s matter waits for you", "%(num)s matters wait for you", len(work))
            if work
            else _("Nothing waits for you")
        ),
        places=", ".join(tops),
        figures=(
            (_("People with an account in use"), i18n.number(states[PersonState.ACTIVE]), ""),
            (_("Waiting for a password"), i18n.number(states[PersonState.INVITED]), ""),
            (_("Disabled"), i18n.number(states[PersonState.DISABLED]), ""),
            (_("Organisations"), i18n.number(organisations.count(db, mine)), ""),
        ),
        work=work,
        latest=audit_rows(db, entries),
    )


def _tree(db: Session, actor: Actor) -> tuple[organisations.OrganisationOption, ...]:
    return organisations.tree(db, organisation_access.visible_to(actor, Role.ADMINISTRATOR))


def _work(db: Session, actor: Actor, states: dict[PersonState, int]) -> tuple[Work, ...]:
    out: list[Work] = []
    if people_access.administers_all(db, actor):
        out += _system_work(db)
    out += _asked_work(db, actor)
    if waiting := states[PersonState.INVITED]:
        out.append(
            Work(
                "soon",
                ngettext(
                    "%(num)s person has not chosen a password yet",
                    "%(num)s people have not chosen a password yet",
                    waiting,
                ),
                _("An invitation works for fourteen days. You can send it again, or hand over a link."),
                "/admin/people?state=invited",
                _("Show"),
            )
        )
    return tuple(out)


def _asked_work(db: Session, actor: Actor) -> list[Work]:
    asked = people.requests(db, organisation_access.visible_to(actor, Role.ADMINISTRATOR) & people.waiting())
    if not asked:
        return []
    first = asked[0].due_on
    text = ngettext(
        "%(num)s question about somebody’s data waits for an answer",
        "%(num)s questions about people’s data wait for an answer",
        len(asked),
    )
    kind = "overdue" if first < clock.today() else "soon"
    detail = _("The first answer is due by %(day)s.", day=i18n.iso_date(first))
    return [Work(kind, text, detail, "/admin/data-requests", _("Answer"))]


def _system_work(db: Session) -> list[Work]:
    out: list[Work] = []
    if failed := health.jobs_by_state(db)[JobState.FAILED]:
        out.append(
            Work(
                "overdue",
                ngettext("%(num)s job has failed for good", "%(num)s jobs have failed for good", failed),
                _("Letters or notices may not have gone out."),
                "/admin/health",
                _("See why"),
            )
        )
    if (late := health.jobs_overdue(db)) >= JOBS_PILED_UP:
        out.append(
            Work(
                "overdue",
                ngettext("%(num)s job waits to be done", "%(num)s jobs wait to be done", late),
                _("Perhaps no process is working on them."),
                "/admin/health",
                _("See why"),
            )
        )
    return out
