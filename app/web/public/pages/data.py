"""Everything that is kept about the person who asks, as a page and for a machine."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from app.accounts import queries as people
from app.certificates import queries as certificates
from app.kit import clock
from app.kit.actor import Actor
from app.kit.i18n import gettext as _
from app.kit.i18n import language, moment
from app.learning import queries as runs
from app.requirements import queries as requirements
from app.web.duties import subject_names
from app.web.public.pages.account import Tab, tabs_of
from app.web.words import role_name


@dataclass(frozen=True, slots=True)
class Section:
    """One kind of data: `heads` as (name for machines, words), a row for each thing. `key` names it for machines."""

    key: str
    title: str
    heads: tuple[tuple[str, str], ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class DataPage:
    tabs: tuple[Tab, ...]
    asof: str
    sections: tuple[Section, ...]


def data_page(db: Session, actor: Actor) -> DataPage:
    return DataPage(
        tabs=tabs_of("/account/data"),
        asof=_("Data: %(moment)s", moment=moment(clock.now())),
        sections=sections(db, actor),
    )


def as_json(found: Iterable[Section]) -> dict[str, Any]:
    """The same for a machine: a list of objects for each kind, times in UTC, days as they are."""
    keys = {section.key: [key for key, _words in section.heads] for section in found}
    said = {section.key: [dict(zip(keys[section.key], row, strict=True)) for row in section.rows] for section in found}
    return {"made_at": clock.now().isoformat(), **said}


def _text(value: object) -> str:
    match value:
        case None:
            return ""
        case datetime() | date():
            return value.isoformat()
        case _:
            return str(value)


def _section(key: str, title: str, heads: tuple[tuple[str, str], ...], rows: Iterable[tuple[object, ...]]) -> Section:
    return Section(key, title, heads, tuple(tuple(_text(value) for value in row) for row in rows))


def sections(db: Session, actor: Actor) -> tuple[Section, ...]:
    """Each kind of data in the order of a life with the platform; kinds of which there is nothing are left out."""
    found = (*_account(db, actor), *_learning(db, actor), *_duties(db, actor), *_traces(db, actor))
    return tuple(section for section in found if section.rows)


def _account(db: Session, actor: Actor) -> tuple[Section, ...]:
    card = people.person_by_id(db, actor.id)
    assert card is not None  # who asks is signed in
    who = (
        (_("Given name"), card.given_name),
        (_("Family name"), card.family_name),
        (_("E-mail"), card.email),
        (_("Staff number"), card.staff_number),
        (_("Job title"), card.job_title),
        (_("Organisation"), card.organisation_name),
        (_("Language"), card.lang),
        (_("Account since"), card.created_at),
        (_("Last seen"), card.seen_at),
    )
    return (
        _section("account", _("Account"), (("what", _("What")), ("said", _("Kept"))), who),
        _section(
            "posts",
            _("Posts"),
            (
                ("organisation", _("Organisation")),
                ("title", _("Job title")),
                ("from", _("First day")),
                ("to", _("Last day")),
            ),
            ((one.organisation_name, one.title, one.started_on, one.ended_on) for one in people.posts_of(db, actor.id)),
        ),
        _section(
            "roles",
            _("Roles"),
            (("role", _("Role")), ("organisation", _("Organisation")), ("since", _("Since"))),
            ((role_name(one.role), one.organisation_name, one.granted_at) for one in people.grants_of(db, actor.id)),
        ),
    )


def _learning(db: Session, actor: Actor) -> tuple[Section, ...]:
    courses = (
        ("course", _("Course")), ("version", _("Version")), ("state", _("State")), ("enrolled", _("Enrolled")),
        ("started", _("Started")), ("completed", _("Completed on")), ("due", _("Due date")),
    )  # fmt: skip
    evidence = (("at", _("When")), ("kind", _("What")), ("about", _("About")))
    papers = (("number", _("Number")), ("completed", _("Completed on")), ("valid_until", _("Valid until")))
    return (
        _section(
            "courses",
            _("Courses"),
            courses,
            (
                (one.slug, one.label, one.state.value if one.state else "", one.enrolled_at, one.started_at,
                 one.completed_at, one.due_on)
                for one in runs.runs_of(db, actor.id)
            ),
        ),
        _section(
            "evidence",
            _("What was recorded of your learning"),
            evidence,
            ((one.occurred_at, one.kind.value, one.subject) for one in runs.evidence_of(db, actor.id)),
        ),
        _section(
            "certificates",
            _("Certificates"),
            papers,
            ((one.paper.number, one.paper.completed_on, one.paper.valid_until) for one in certificates.of_person(db, actor.id)),
        ),
    )  # fmt: skip


def _duties(db: Session, actor: Actor) -> tuple[Section, ...]:
    periods = requirements.history_of(db, actor.id, clock.today())
    names = subject_names(db, {one.subject for one in periods}, language())
    absences = requirements.absences_of(db, [actor.id])
    heads = (
        ("about", _("Required")), ("number", _("Period")), ("opens", _("Opens")), ("due", _("Due date")),
        ("met", _("Completed on")), ("valid_until", _("Valid until")), ("extended", _("Extended until")),
    )  # fmt: skip
    excuses = (("since", _("Since")), ("until", _("Until")), ("reason", _("Reason")))
    return (
        _section(
            "requirements",
            _("What is and was required of you"),
            heads,
            (
                (names.get(one.subject, one.subject), one.period.number, one.period.opens_on, one.period.due_on,
                 one.period.met_on, one.period.valid_until, one.extended_until)
                for one in periods
            ),
        ),
        _section(
            "excuses",
            _("Excuses"),
            excuses,
            ((one.since, one.until, one.reason) for one in absences.exemptions.get(actor.id, ())),
        ),
        _section(
            "leave",
            _("Leave"),
            excuses[:2],
            ((one.since, one.until) for one in absences.leaves.get(actor.id, ())),
        ),
    )  # fmt: skip


def _traces(db: Session, actor: Actor) -> tuple[Section, ...]:
    return (
        _section(
            "sign_ins",
            _("Sign-ins"),
            (("began", _("Began")), ("seen", _("Last seen")), ("browser", _("Browser")), ("address", _("Address"))),
            ((one.created_at, one.seen_at, one.agent, one.address) for one in people.sign_ins_of(db, actor.id)),
        ),
        _section(
            "tokens",
            _("API tokens"),
            (("name", _("Name")), ("made", _("Made")), ("used", _("Last used"))),
            ((one.name, one.created_at, one.used_at) for one in people.tokens_of(db, actor.id)),
        ),
        _section(
            "notices",
            _("Notices"),
            (("at", _("When")), ("kind", _("What")), ("read", _("Read"))),
            ((one.created_at, one.kind.value, one.read_at) for one in people.notices_of(db, actor.id)),
        ),
    )
