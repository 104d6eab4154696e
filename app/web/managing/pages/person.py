"""One person as a manager sees them: courses, states, dates and the reasons for them. Nothing else."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.accounts.queries import PersonCard
from app.kit import clock
from app.kit.actor import Actor
from app.kit.i18n import gettext as _
from app.kit.i18n import iso_date, language, moment, ngettext
from app.organisations.queries import OrganisationCard
from app.reporting import access as reporting_access
from app.reporting import queries as reporting
from app.requirements import queries as requirements
from app.requirements.queries import Reason
from app.requirements.rules import is_behind
from app.web.managing.pages import parts
from app.web.managing.pages.institution import state_of
from app.web.site import NavItem


@dataclass(frozen=True, slots=True)
class PersonRun:
    """One course of this person, and who requires it."""

    course: str
    kind: str
    state: str
    due: str
    completed: str
    active: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PersonPage:
    """`remind_url` is empty where nothing waits."""

    title: str
    answer: str
    lead: str
    crumbs: tuple[NavItem, ...]
    asof: str
    facts: tuple[tuple[str, str], ...]
    runs: tuple[PersonRun, ...]
    remind_url: str
    private: tuple[str, ...]


def person_page(db: Session, actor: Actor, person: PersonCard, place: OrganisationCard) -> PersonPage:
    today = clock.today()
    view = reporting_access.view_of(actor, place)
    rows = reporting_access.runs_of_person(db, actor, person.id)
    titles = {one.id: one.title for one in reporting.course_names(db, [row.course_id for row in rows], language())}
    why = requirements.reasons(db, [row.enrolment_id for row in rows], language())
    above, _children = reporting.around(db, place)
    above = reporting_access.visible_above(actor, above)
    runs, waits = [], 0
    for row in rows:
        kind, said = state_of(row, today)
        waits += row.required and kind != "done" and is_behind(row.due_on, today)
        runs.append(
            PersonRun(
                course=titles.get(row.course_id, row.course_slug),
                kind=kind,
                state=said,
                due=iso_date(row.due_on) if row.due_on else "–",
                completed=iso_date(row.completed_at) if row.completed_at else "–",
                active=iso_date(row.active_at) if row.active_at else "–",
                reasons=tuple(_reason(one) for one in why.get(row.enrolment_id, ())) or (_("Their own choice"),),
            )
        )
    facts = [(_("Place"), place.name_in(language())), (_("Position"), person.job_title or "–")]
    facts.append((_("E-mail"), person.email or _("none: tell this person in another way")))
    return PersonPage(
        title=person.name,
        answer=person.name,
        lead=_lead(len(runs), waits),
        crumbs=(
            *parts.crumbs(actor, above),
            NavItem(place.name_in(language()), parts.place_url(place.code)),
        ),
        asof=_("Data: %(moment)s", moment=moment(clock.now())),
        facts=tuple(facts),
        runs=tuple(runs),
        remind_url=f"{parts.place_url(place.code)}/remind?person={person.key}" if waits and view.may_act else "",
        private=parts.private(view)[1:],
    )


def _lead(runs: int, waits: int) -> str:
    if not runs:
        return _("Not enrolled in any course yet.")
    if waits:
        return ngettext("%(num)s course needs action.", "%(num)s courses need action.", waits)
    return _("Nothing is overdue or due within 14 days.")


def _reason(one: Reason) -> str:
    said = _("%(organisation)s, by %(day)s", organisation=one.organisation_name, day=iso_date(one.due_on))
    more = [text for text in (one.reason, one.legal_basis) if text]
    return " · ".join([said, *more])
