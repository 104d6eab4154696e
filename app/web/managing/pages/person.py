"""One person as a manager sees them: what is required, how they stand, how dates came about; and what to record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from sqlalchemy.orm import Session

from app.accounts.queries import PersonCard
from app.assessment import queries as assessment
from app.assessment.rules import FACTORS, Accommodation
from app.kit import clock
from app.kit.actor import Actor
from app.kit.i18n import gettext as _
from app.kit.i18n import iso_date, language, moment, ngettext, number
from app.organisations.queries import OrganisationCard
from app.reporting import access as reporting_access
from app.reporting import queries as reporting
from app.reporting.queries import UNFINISHED
from app.requirements import queries as requirements
from app.requirements.queries import PeriodCard, Reason
from app.requirements.rules import Status, is_behind, waits
from app.web.duties import CREDIT_KINDS, explained, met_word, status_word, subject_names
from app.web.forms import Form
from app.web.managing.pages import parts
from app.web.managing.pages.institution import state_of
from app.web.site import NavItem

# What the run says of itself, with the days, says more than the word for it.
PLAIN = (Status.OPEN, Status.DUE_SOON, Status.OVERDUE)


@dataclass(frozen=True, slots=True)
class PersonRun:
    """One thing on this person's list, who requires it, and how its date came about."""

    course: str
    kind: str
    state: str
    due: str
    completed: str
    how: str
    active: str
    valid_until: str
    reasons: tuple[str, ...]
    why: tuple[str, ...]
    revoke_url: str


@dataclass(frozen=True, slots=True)
class Excused:
    """One exemption in force."""

    what: str
    reason: str
    days: str
    end_url: str


@dataclass(frozen=True, slots=True)
class PersonPage:
    """`remind_url` is empty where nothing waits. `may_act`: the forms that record are there."""

    key: str
    title: str
    answer: str
    lead: str
    crumbs: tuple[NavItem, ...]
    asof: str
    facts: tuple[tuple[str, str], ...]
    runs: tuple[PersonRun, ...]
    remind_url: str
    private: tuple[str, ...]
    may_act: bool
    url: str
    form: Form
    about: tuple[tuple[str, str], ...]
    about_all: tuple[tuple[str, str], ...]
    kinds: tuple[tuple[str, str], ...]
    exemptions: tuple[Excused, ...]
    leaves: tuple[str, ...]
    is_away: bool
    tags: str
    factors: tuple[tuple[str, str], ...]
    terms: tuple[tuple[str, str], ...]


def person_page(
    db: Session, actor: Actor, person: PersonCard, place: OrganisationCard, form: Form | None = None
) -> PersonPage:
    today = clock.today()
    view = reporting_access.view_of(actor, place)
    rows = reporting_access.runs_of_person(db, actor, person.id)
    titles = {one.id: one.title for one in reporting.course_names(db, [row.course_id for row in rows], language())}
    absences = requirements.absences_of(db, [person.id])
    periods = {one.subject: one for one in requirements.periods_of(db, person.id, today, absences)}
    why = requirements.reasons_of(db, person.id, language())
    names = {f"course:{one}": title for one, title in titles.items() if f"course:{one}" in periods}
    names |= subject_names(db, periods.keys() - names.keys(), language())
    above, _children = reporting.around(db, place)
    above = reporting_access.visible_above(actor, above)
    url = f"/managing/people/{person.key}"
    runs, waiting, behind = [], 0, 0
    for row in rows:
        subject = f"course:{row.course_id}"
        period = periods.pop(subject, None)
        kind, said = state_of(row, today)
        if period is not None:
            if period.status not in PLAIN:
                kind, said = status_word(period.status)
            waiting += waits(period.status) and is_behind(row.due_on, today)
        behind += row.required and row.state in UNFINISHED and is_behind(row.due_on, today)
        runs.append(
            PersonRun(
                course=titles.get(row.course_id, row.course_slug),
                kind=kind,
                state=said,
                due=iso_date(row.due_on) if row.due_on else "–",
                completed=iso_date(row.completed_at) if row.completed_at else "–",
                how=_how(period),
                active=iso_date(row.active_at) if row.active_at else "–",
                valid_until=_until(period),
                reasons=tuple(_reason(one) for one in why.get(subject, ())) or (_("Their own choice"),),
                why=explained(period.steps) if period is not None else (),
                revoke_url=_revoke(period, url),
            )
        )
    for subject, period in periods.items():
        kind, said = status_word(period.status)
        waiting += waits(period.status) and is_behind(period.period.due_on, today)
        runs.append(
            PersonRun(
                course=names.get(subject, ""),
                kind=kind,
                state=said,
                due=iso_date(period.period.due_on),
                completed=iso_date(period.period.met_on) if period.period.met_on else "–",
                how=_how(period),
                active="–",
                valid_until=_until(period),
                reasons=tuple(_reason(one) for one in why.get(subject, ())),
                why=explained(period.steps),
                revoke_url=_revoke(period, url),
            )
        )
    facts = [(_("Place"), place.name_in(language())), (_("Position"), person.job_title or "–")]
    facts.append((_("E-mail"), person.email or _("none: tell this person in another way")))
    needs = assessment.accommodation(db, person.id)
    if needs is not None:
        facts.append((_("In tests"), _("has time or attempts of their own")))
    tags = absences.tags.get(person.id, ())
    if tags:
        facts.append((_("Tags"), ", ".join(tags)))
    away = absences.leaves.get(person.id, ())
    given = form or Form()
    return PersonPage(
        key=person.key,
        title=person.name,
        answer=person.name,
        lead=_lead(len(runs), max(waiting, behind)),
        crumbs=(
            *parts.crumbs(actor, above),
            NavItem(place.name_in(language()), parts.place_url(place.code)),
        ),
        asof=_("Data: %(moment)s", moment=moment(clock.now())),
        facts=tuple(facts),
        runs=tuple(runs),
        remind_url=f"{parts.place_url(place.code)}/remind?person={person.key}" if behind and view.may_act else "",
        private=parts.private(view)[1:],
        may_act=view.may_act and actor.id != person.id,
        url=url,
        form=Form(
            values={"tags-tags": ", ".join(tags), **_needed(needs, view.may_act), **given.values},
            errors=given.errors,
            error=given.error,
        ),
        about=tuple(sorted(names.items(), key=lambda one: one[1])),
        about_all=(("", _("everything")), *sorted(names.items(), key=lambda one: one[1])),
        kinds=tuple((kind.value, met_word(kind.value)) for kind in CREDIT_KINDS),
        exemptions=tuple(
            Excused(
                what=names.get(one.subject) or _("everything"),
                reason=one.reason,
                days=_days(one.since, one.until),
                end_url=f"{url}/exempt/{one.id}/end",
            )
            for one in absences.exemptions.get(person.id, ())
            if one.until is None or one.until >= today
        ),
        leaves=tuple(_days(one.since, one.until) for one in away if one.until is None or one.until >= today),
        is_away=any(one.holds(today) for one in away),
        tags=", ".join(tags),
        factors=factors(),
        terms=tuple(
            (titles.get(row.course_id, row.course_slug), _terms_url(row.course_slug, person.email))
            for row in rows
            if row.completed_at is None and person.email
        ),
    )


def _terms_url(slug: str, email: str | None) -> str:
    return f"/managing/courses/{slug}/terms?" + urlencode({"whom": email or ""})


def factors() -> tuple[tuple[str, str], ...]:
    """How much time somebody may need in every test, as (value, words)."""
    usual = [
        (f"{one:g}", _("%(times)s times the usual", times=number(one)) if one != 1 else _("the usual"))
        for one in FACTORS
    ]
    return (*usual, ("0", _("no time limit")))


def _needed(needs: Accommodation | None, may_act: bool) -> dict[str, str]:
    """What is set for this person, for those who may change it; others learn only that something is."""
    if needs is None or not may_act:
        return {"needs-factor": "1", "needs-extra": ""}
    return {"needs-factor": f"{needs.time_factor:g}", "needs-extra": str(needs.extra_attempts or "")}


def _days(since: date, until: date | None) -> str:
    if until is None:
        return _("from %(day)s on", day=iso_date(since))
    return _("%(since)s – %(until)s", since=iso_date(since), until=iso_date(until))


def _how(period: PeriodCard | None) -> str:
    """What counted, where it was not the course itself."""
    return met_word(period.met_by) if period is not None and period.period.met_on is not None else ""


def _until(period: PeriodCard | None) -> str:
    until = period.period.valid_until or period.period.held_until if period is not None else None
    return iso_date(until) if until else "–"


def _revoke(period: PeriodCard | None, url: str) -> str:
    """Only what was recorded by hand can be taken back."""
    if period is None or period.evidence_id is None or period.met_by not in {kind.value for kind in CREDIT_KINDS}:
        return ""
    return f"{url}/evidence/{period.evidence_id}/revoke"


def _lead(runs: int, waiting: int) -> str:
    if not runs:
        return _("Not enrolled in any course yet.")
    if waiting:
        return ngettext("%(num)s course needs action.", "%(num)s courses need action.", waiting)
    return _("Nothing is overdue or due within 14 days.")


def _reason(one: Reason) -> str:
    said = _("%(organisation)s, by %(day)s", organisation=one.organisation_name, day=iso_date(one.due_on))
    more = [text for text in (one.reason, one.legal_basis) if text]
    return " · ".join([said, *more])
