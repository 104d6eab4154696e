"""A course's first page: a contract. Who asks for it and why, how long, what counts as done, who will see what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from markupsafe import Markup
from sqlalchemy.orm import Session

from app.assessment.rules import points_to_pass
from app.catalog import queries as catalog
from app.catalog.rules import CourseState, Outline
from app.kit import clock
from app.kit.actor import Actor
from app.kit.i18n import gettext as _
from app.kit.i18n import iso_date, language, ngettext, number
from app.kit.markdown import markup
from app.learning import queries as learners
from app.learning import rules
from app.learning.queries import CourseRun
from app.learning.rules import RunState, Standing
from app.organisations import queries as organisations
from app.requirements import queries as requirements
from app.web.classroom.pages import parts
from app.web.classroom.pages.duties import Terms, Why, terms_of, why_of
from app.web.forms import Form
from app.web.words import language_list


@dataclass(frozen=True, slots=True)
class Wanted:
    """A course to have completed before this one."""

    title: str
    url: str
    done: bool


@dataclass(frozen=True, slots=True)
class Newer:
    """A newer version to look at. `asks`: the learner has not yet said whether to take it; `done`: completed already."""

    label: str
    url: str
    asks: bool
    done: bool


@dataclass(frozen=True, slots=True)
class Reviewed:
    """Who has read this version before it was published, and when; `on` is a date as it is shown."""

    name: str
    on: str


@dataclass(frozen=True, slots=True)
class CourseFirstPage:
    """The contract. Without a sign-in there is no status, no button but "sign in", and no personal line."""

    slug: str
    title: str
    summary: str
    text_lang: str
    body: Markup
    body_lang: str
    version: str
    published_at: datetime
    signed_in: bool
    enrolled: bool
    withdrawn: bool
    status: str
    status_text: str
    required: bool
    why: tuple[Why, ...]
    terms: Terms
    due_on: date | None
    due_text: str
    overdue: bool
    time: str
    time_note: str
    done_when: str
    done_note: str
    gain: str
    languages: str
    languages_note: str
    audience: str
    contact: str
    outcomes: tuple[str, ...]
    wanted: tuple[Wanted, ...]
    wanted_met: bool
    action: str
    action_url: str
    left: str
    can_leave: bool
    confirmation_url: str
    newer: Newer | None
    reviewed: Reviewed | None
    outline: tuple[parts.OutlineSection, ...]
    shape: str
    owner: str
    contact_form: Form


def course_first_page(db: Session, actor: Actor, run: CourseRun, contact_form: Form | None = None) -> CourseFirstPage:
    lang, outline = language(), run.outline
    content = catalog.content_of(db, run.version_id, run.slug, run.digest)
    words = content.words(lang)
    standings = learners.standings(db, run.enrolment_id, outline.was) if run.enrolment_id and run.enrolled else {}
    reasons = requirements.reasons(db, [run.enrolment_id], lang).get(run.enrolment_id, ()) if run.enrolment_id else ()
    today = clock.today()
    subject, nobody = f"course:{run.course_id}", requirements.Absences({}, {})
    period = requirements.latest_period(db, actor.id, subject, today, nobody) if reasons else None
    days = (run.due_on - today).days if run.due_on else 0
    kind, word = parts.state_word(run.state)
    wanted = _wanted(db, actor, outline, lang)
    owner = organisations.by_id(db, run.owner_id)
    page = parts.next_page(outline, standings, run.last_page)
    started = run.state in (RunState.STARTED, RunState.COMPLETED)
    number_ = parts.number_of(outline, page)
    done_when, done_note = _done_when(outline)
    return CourseFirstPage(
        slug=run.slug,
        title=words.title,
        summary=words.summary,
        text_lang=words.lang,
        body=markup(words.body),
        body_lang=words.lang,
        version=run.label,
        published_at=run.published_at,
        signed_in=actor.signed_in,
        enrolled=run.enrolled,
        withdrawn=run.course_state is CourseState.WITHDRAWN,
        status=kind if run.enrolled else "",
        status_text=word,
        required=run.required and run.enrolled,
        why=why_of(one for one in reasons if not one.ended),
        terms=terms_of(period) if run.enrolled else Terms(),
        due_on=run.due_on if run.enrolled else None,
        due_text=parts.days_text(days) if run.due_on else "",
        overdue=run.urgency(today) is rules.Urgency.OVERDUE,
        time=_("About %(minutes)s minutes", minutes=outline.minutes),
        time_note=_("You may learn during working hours and in parts: a page takes a few minutes."),
        done_when=done_when,
        done_note=done_note,
        gain=_gain(outline),
        languages=language_list(outline.langs),
        languages_note=_("You can change the language on any page; progress stays the same."),
        audience=words.audience,
        contact=words.contact,
        outcomes=tuple(words.outcomes.values()),
        wanted=wanted,
        wanted_met=all(one.done for one in wanted),
        action=_action(run, started, number_),
        action_url=parts.page_url(run.slug, page.id),
        left=_left(run, standings),
        can_leave=run.enrolled and run.state is not None and rules.may_leave(state=run.state, required=run.required),
        confirmation_url=f"/learning/record/{run.enrolment_id}/confirmation" if run.completed_at else "",
        newer=_newer(db, run),
        reviewed=_reviewed(db, run.version_id, content.about),
        outline=parts.outline_sections(run, standings, links=run.enrolled),
        shape=parts.shape_text(outline),
        owner=owner.name_in(lang) if owner else "",
        contact_form=contact_form or Form(),
    )


def _action(run: CourseRun, started: bool, number_: int) -> str:
    if run.state is RunState.COMPLETED:
        return _("Read again")
    if not run.enrolled:
        return _("Register and start")
    return _("Continue from page %(n)s", n=number_) if started else _("Start the course")


def _left(run: CourseRun, standings: dict[str, Standing]) -> str:
    if run.state is RunState.COMPLETED or not run.enrolled:
        return ""
    minutes = max(1, parts.minutes_left(run.outline, standings))
    return ngettext("about %(num)s minute left", "about %(num)s minutes left", minutes)


def _wanted(db: Session, actor: Actor, outline: Outline, lang: str) -> tuple[Wanted, ...]:
    if not outline.requires:
        return ()
    had = learners.completed_slugs(db, actor.id)
    titles = {card.slug: card.title for card in catalog.cards(db, lang)}
    return tuple(Wanted(titles.get(slug, slug), f"/courses/{slug}", slug in had) for slug in outline.requires)


def _done_when(outline: Outline) -> tuple[str, str]:
    """What counts as done, in a sentence, and what does not."""
    needed = [quiz for quiz in outline.quizzes if quiz.id in outline.needed_quizzes]
    every = len(outline.needed_pages) == len(outline.pages)
    said = (
        _("Every page is read")
        if every
        else ngettext("%(num)s page is read", "%(num)s pages are read", len(outline.needed_pages))
    )
    exams = [quiz for quiz in needed if quiz.mode == "exam"]
    checks = len(needed) - len(exams)
    notes = []
    for exam in exams:
        least = points_to_pass(exam.asked, exam.pass_percent)
        said += ", " + _(
            "and in the final test at least %(least)s of %(all)s questions are right",
            least=number(least),
            all=exam.asked,
        )
        if exam.attempts:
            notes.append(ngettext("%(num)s attempt at the test.", "%(num)s attempts at the test.", exam.attempts))
        else:
            notes.append(_("As many attempts at the test as you like."))
    if checks:
        notes.append(
            ngettext(
                "The check after a module must be passed; you may repeat it.",
                "The %(num)s checks after the modules must be passed; you may repeat them.",
                checks,
            )
        )
    return said + ".", " ".join(notes)


def _gain(outline: Outline) -> str:
    said = _("An entry in your learning record and a printable confirmation.")
    if outline.valid_months:
        said += " " + ngettext("Valid for %(num)s month.", "Valid for %(num)s months.", outline.valid_months)
    return said


def _newer(db: Session, run: CourseRun) -> Newer | None:
    """The newer version a learner may take, or that came out after they had completed the course."""
    if not run.enrolled:
        return None
    latest = catalog.latest_version(db, run.course_id)
    if latest is None:
        return None
    url = f"/courses/{run.slug}/changes"
    if run.completed_at is not None:
        mine = catalog.version(db, run.completed_version_id) if run.completed_version_id else None
        return Newer(latest.label, url, False, True) if mine is not None and latest.number > mine.number else None
    if not run.offered:
        return None
    return Newer(latest.label, url, run.asks, False)


def _reviewed(db: Session, version_id: int, about: Mapping[str, Any]) -> Reviewed | None:
    """The second person who has read this version here; else whom its authors name, and when, in the course itself."""
    version = catalog.version(db, version_id)
    if version is not None and version.reviewed_at is not None:
        return Reviewed(version.reviewed_by, iso_date(version.reviewed_at))
    by, on = about.get("reviewed_by"), about.get("reviewed_on")
    return Reviewed(str(by), str(on or "")) if by else None
