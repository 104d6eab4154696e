"""What a learner has behind them: the record by year, a confirmation to print, and notices."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from app.accounts import queries as people
from app.catalog import queries as catalog
from app.certificates import queries as certificates
from app.certificates.queries import CertificateCard
from app.certificates.rules import State
from app.kit import clock
from app.kit.actor import Actor
from app.kit.i18n import gettext as _
from app.kit.i18n import language, ngettext
from app.learning import queries as learners
from app.learning.queries import CourseRun
from app.learning.rules import RunState
from app.organisations import queries as organisations
from app.requirements import queries as requirements
from app.web.classroom.pages import parts
from app.web.classroom.pages.finish import valid_until
from app.web.notices import NoticeLine, line
from app.web.proofs import state_word
from app.web.words import language_list


@dataclass(frozen=True, slots=True)
class Entry:
    """A completed course. `valid_until` is empty when it is good for ever. `certificate`: its number, and how it stands
    where that is not simply valid; empty until it is issued."""

    title: str
    url: str
    version: str
    completed_at: datetime
    required: bool
    minutes: int
    valid_until: date | None
    expired: bool
    confirmation_url: str
    certificate: str
    certificate_state: str
    certificate_url: str
    check_url: str


@dataclass(frozen=True, slots=True)
class Year:
    year: int
    entries: tuple[Entry, ...]
    tally: str


@dataclass(frozen=True, slots=True)
class Going:
    """A course begun or waiting."""

    title: str
    url: str
    status: str
    status_text: str
    progress: str
    due_on: date | None


@dataclass(frozen=True, slots=True)
class RecordPage:
    person: str
    organisation: str
    answer: str
    years: tuple[Year, ...]
    going: tuple[Going, ...]
    as_of: datetime


def record_page(db: Session, actor: Actor) -> RecordPage:
    lang, today = language(), clock.today()
    runs = learners.runs_of(db, actor.id)
    titles = catalog.titles(db, [run.course_id for run in runs], lang)
    completed = sorted((run for run in runs if run.completed_at), key=_when, reverse=True)
    years: dict[int, list[Entry]] = {}
    required = requirements.validity(db, [run.enrolment_id for run in completed if run.enrolment_id is not None])
    papers = {card.enrolment_id: card for card in certificates.of_person(db, actor.id)}
    for run in completed:
        assert run.completed_at is not None
        years.setdefault(run.completed_at.astimezone(clock.LOCAL).year, []).append(
            _entry(run, titles, today, valid_until(run, required), papers.get(run.enrolment_id or 0))
        )
    going = [run for run in runs if run.state is not RunState.COMPLETED]
    answer = ngettext("You have completed %(num)s course", "You have completed %(num)s courses", len(completed))
    if going:
        answer = _(
            "%(completed)s; on your list: %(n)s",
            completed=answer,
            n=ngettext("%(num)s more", "%(num)s more", len(going)),
        )
    return RecordPage(
        person=actor.name,
        organisation=actor.organisation_name,
        answer=answer,
        years=tuple(
            Year(
                year,
                tuple(entries),
                ngettext("%(num)s course", "%(num)s courses", len(entries))
                + " · "
                + _("about %(minutes)s min", minutes=sum(entry.minutes for entry in entries)),
            )
            for year, entries in years.items()
        ),
        going=tuple(_going(run, titles) for run in going),
        as_of=clock.now(),
    )


def _when(run: CourseRun) -> datetime:
    assert run.completed_at is not None
    return run.completed_at


def _entry(
    run: CourseRun, titles: dict[int, str], today: date, until: date | None, paper: CertificateCard | None
) -> Entry:
    assert run.completed_at is not None
    return Entry(
        title=titles[run.course_id],
        url=f"/courses/{run.slug}",
        version=run.label,
        completed_at=run.completed_at,
        required=run.required,
        minutes=run.outline.minutes,
        valid_until=until,
        expired=until is not None and until < today,
        confirmation_url=f"/learning/record/{run.enrolment_id}/confirmation",
        certificate=paper.paper.number if paper else "",
        certificate_state=state_word(paper.state)[1]
        if paper and paper.state in (State.REVOKED, State.SUPERSEDED)
        else "",
        certificate_url=f"/learning/record/{run.enrolment_id}/certificate" if paper else "",
        check_url=f"/verify/{paper.paper.key}" if paper else "",
    )


def _going(run: CourseRun, titles: dict[int, str]) -> Going:
    kind, word = parts.state_word(run.state)
    done = parts.steps_text(run.done, run.outline)
    return Going(titles[run.course_id], f"/courses/{run.slug}", kind, word, done, run.due_on)


@dataclass(frozen=True, slots=True)
class ConfirmationPage:
    """A sheet to print: it says what the record says, and is not a certificate."""

    person: str
    organisation: str
    course_title: str
    course_url: str
    version: str
    completed_at: datetime
    minutes: int
    languages: str
    outcomes: tuple[str, ...]
    owner: str
    valid_until: date | None
    number: str
    printed_at: datetime
    certificate_url: str


def confirmation_page(db: Session, actor: Actor, run: CourseRun) -> ConfirmationPage:
    assert run.completed_at is not None
    lang = language()
    done = catalog.version(db, run.completed_version_id) if run.completed_version_id else None
    words = catalog.words(db, done.id if done else run.version_id, lang)
    owner = organisations.by_id(db, run.owner_id)
    return ConfirmationPage(
        person=actor.name,
        organisation=actor.organisation_name,
        course_title=words.title,
        course_url=f"/courses/{run.slug}",
        version=done.label if done else run.label,
        completed_at=run.completed_at,
        minutes=run.outline.minutes,
        languages=language_list(run.outline.langs),
        outcomes=tuple(words.outcomes.values()),
        owner=owner.name_in(lang) if owner else "",
        valid_until=valid_until(run, requirements.validity(db, [run.enrolment_id or 0])),
        number=f"{run.completed_at.astimezone(clock.LOCAL).year}-{run.enrolment_id:06d}",
        printed_at=clock.now(),
        certificate_url=f"/learning/record/{run.enrolment_id}/certificate"
        if certificates.of_enrolment(db, run.enrolment_id or 0)
        else "",
    )


@dataclass(frozen=True, slots=True)
class NoticesPage:
    answer: str
    notices: tuple[NoticeLine, ...]
    unread: int


def notices_page(db: Session, actor: Actor) -> NoticesPage:
    lines = tuple(line(card) for card in people.notices_of(db, actor.id))
    unread = sum(1 for one in lines if one.unread)
    answer = (
        ngettext("%(num)s new notice", "%(num)s new notices", unread) if unread else _("You have read every notice")
    )
    return NoticesPage(answer if lines else _("No notices yet"), lines, unread)
