"""Everything that is kept about the person who asks, as a page and for a machine."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from app.accounts import queries as people
from app.accounts.queries import RequestCard
from app.accounts.rules import Asked
from app.catalog import queries as catalog
from app.catalog.rules import Outline, in_lang
from app.certificates import queries as certificates
from app.groups import queries as groups
from app.kit import clock
from app.kit.actor import Actor
from app.kit.i18n import gettext as _
from app.kit.i18n import iso_date, language, moment
from app.kit.limits import DATA_REQUEST_CHARACTERS
from app.learning import queries as runs
from app.learning.queries import Happened
from app.learning.rules import Kind, RunState
from app.requirements import queries as requirements
from app.web.duties import met_word, subject_names
from app.web.forms import Form
from app.web.notices import line
from app.web.public.pages.account import Tab, tabs_of
from app.web.words import asked_name, language_name, role_name


@dataclass(frozen=True, slots=True)
class Cell:
    """One value, as it is kept and in words."""

    kept: str
    words: str


@dataclass(frozen=True, slots=True)
class Section:
    """One kind of data: `heads` as (name for machines, words), a row for each thing. `key` names it for machines."""

    key: str
    title: str
    heads: tuple[tuple[str, str], ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Ask:
    """A question about one's data: `kind` and `state` say how it stands, `told` what was answered or why it takes longer."""

    title: str
    text: str
    kind: str
    state: str
    told: str


def _ask(one: RequestCard) -> Ask:
    if one.answered_at is not None:
        state = ("done", _("Answered %(moment)s", moment=moment(one.answered_at)))
    else:
        late = one.due_on < clock.today()
        state = ("overdue" if late else "going", _("The answer is due by %(day)s", day=iso_date(one.due_on)))
    return Ask(asked_name(one.asked), one.text, *state, told=one.answer or one.because)


@dataclass(frozen=True, slots=True)
class DataPage:
    tabs: tuple[Tab, ...]
    asof: str
    sections: tuple[Section, ...]
    form: Form
    kinds: tuple[tuple[str, str], ...]
    most: int
    asks: tuple[Ask, ...]


def data_page(db: Session, actor: Actor, form: Form | None = None) -> DataPage:
    return DataPage(
        tabs=tabs_of("/account/data"),
        asof=_("Data: %(moment)s", moment=moment(clock.now())),
        sections=sections(db, actor),
        form=form or Form(),
        kinds=tuple((one.value, asked_name(one)) for one in Asked),
        most=DATA_REQUEST_CHARACTERS,
        asks=tuple(_ask(one) for one in people.requests_of(db, actor.id)),
    )


def as_json(found: Iterable[Section]) -> dict[str, Any]:
    """The same for a machine: a list of objects for each kind, times in UTC, days as they are."""
    keys = {section.key: [key for key, _words in section.heads] for section in found}
    said = {
        section.key: [dict(zip(keys[section.key], (cell.kept for cell in row), strict=True)) for row in section.rows]
        for section in found
    }
    return {"made_at": clock.now().isoformat(), **said}


def _cell(value: object) -> Cell:
    match value:
        case Cell():
            return value
        case None:
            return Cell("", "")
        case datetime():
            return Cell(value.isoformat(), moment(value))
        case date():
            return Cell(value.isoformat(), iso_date(value))
        case _:
            return Cell(str(value), str(value))


def _section(key: str, title: str, heads: tuple[tuple[str, str], ...], rows: Iterable[tuple[object, ...]]) -> Section:
    return Section(key, title, heads, tuple(tuple(_cell(value) for value in row) for row in rows))


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
        (_("Language"), Cell(card.lang, language_name(card.lang))),
        (_("Account since"), card.created_at),
        (_("Last seen"), card.seen_at),
    )
    return (
        _section("account", _("Account"), (("what", _("What is kept")), ("said", _("As it is kept"))), who),
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
    own = runs.runs_of(db, actor.id)
    titles = catalog.titles(db, [one.course_id for one in own], language())
    outlines = {one.course_id: one.outline for one in own}
    meetings = (
        ("course", _("Course")), ("place", _("Where")), ("at", _("When")), ("joined", _("Came")), ("left", _("Left")),
    )  # fmt: skip
    papers = (("number", _("Certificate number")), ("completed", _("Completed on")), ("valid_until", _("Valid until")))
    return (
        _section(
            "courses",
            _("Courses"),
            courses,
            (
                (Cell(one.slug, titles.get(one.course_id, one.slug)), one.label, _state(one.state), one.enrolled_at,
                 one.started_at, one.completed_at, one.due_on)
                for one in own
            ),
        ),
        _section(
            "evidence",
            _("What was recorded of your learning"),
            evidence,
            (
                (one.occurred_at, Cell(one.kind.value, _said(one)), Cell(one.subject, _about(one, titles, outlines)))
                for one in runs.evidence_of(db, actor.id)
            ),
        ),
        _section(
            "group_sessions",
            _("Group sessions"),
            meetings,
            (
                (one.slug, one.place, one.starts_at, one.joined_at, one.left_at)
                for one in groups.attended(db, actor.id)
            ),
        ),
        _section(
            "certificates",
            _("Certificates"),
            papers,
            ((one.paper.number, one.paper.completed_on, one.paper.valid_until) for one in certificates.of_person(db, actor.id)),
        ),
    )  # fmt: skip


def _state(state: RunState | None) -> Cell:
    match state:
        case None:
            return Cell("", "")
        case RunState.STARTED:
            return Cell(state.value, _("Started"))
        case RunState.COMPLETED:
            return Cell(state.value, _("Completed"))
        case RunState.EXEMPT:
            return Cell(state.value, _("Excused"))
        case RunState.PAUSED:
            return Cell(state.value, _("On leave"))
        case _:
            return Cell(state.value, _("Not started"))


def _about(one: Happened, titles: Mapping[int, str], outlines: Mapping[int, Outline]) -> str:
    """The page or quiz by its title in its course, where there is one; else the course, else what was written down."""
    if one.course_id is None:
        return one.subject
    title, outline = titles.get(one.course_id, ""), outlines.get(one.course_id)
    if outline is None or not one.subject:
        return title or one.subject
    page, quiz = outline.page(one.subject), outline.quiz(one.subject)
    part = page or (quiz[1] if quiz else None)
    name = in_lang(part.titles, language(), outline.lang) if part else ""
    return f"{title}: {name}" if name else title


def _said(one: Happened) -> str:
    """What happened in words; a page that was watched in a group says so."""
    if one.kind is Kind.PAGE_FINISHED and one.data.get("group"):
        return _("Page watched in a group session")
    return _deed(one.kind)


def _deed(kind: Kind) -> str:
    match kind:
        case Kind.ENROLLED:
            return _("Enrolled")
        case Kind.ASSIGNED:
            return _("Course required")
        case Kind.LEFT:
            return _("Left the course")
        case Kind.MOVED:
            return _("Moved to another organisation")
        case Kind.PAGE_FINISHED:
            return _("Page read")
        case Kind.QUIZ_GRADED:
            return _("Quiz marked")
        case Kind.COURSE_COMPLETED:
            return _("Course completed")
        case Kind.DUE_SET:
            return _("Due date set")
        case Kind.EXEMPTED:
            return _("Excused")
        case Kind.PAUSED:
            return _("On leave")
        case Kind.RETURNED:
            return _("Back from leave")
        case Kind.PERIOD_CLOSED:
            return _("Period over")
        case Kind.REVOKED:
            return _("Evidence taken back")
        case Kind.VERSION_TAKEN:
            return _("New version of the course taken")
        case Kind.VERSION_DECLINED:
            return _("Version of the course kept")
        case _:
            return met_word(kind.value)


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
            "questions",
            _("Questions about your data"),
            (
                ("asked_at", _("When")),
                ("asked", _("What")),
                ("text", _("In your words")),
                ("due", _("The answer is due by")),
                ("because", _("Why it takes longer")),
                ("answer", _("The answer")),
                ("answered_at", _("Answered")),
            ),
            (
                (
                    one.asked_at,
                    Cell(one.asked.value, asked_name(one.asked)),
                    one.text,
                    one.due_on,
                    one.because,
                    one.answer,
                    one.answered_at,
                )
                for one in people.requests_of(db, actor.id)
            ),
        ),
        _section(
            "notices",
            _("Notices"),
            (("at", _("When")), ("kind", _("What")), ("read", _("Read"))),
            (
                (one.created_at, Cell(one.kind.value, line(one).text), one.read_at)
                for one in people.notices_of(db, actor.id)
            ),
        ),
    )
