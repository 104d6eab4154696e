"""The last page: what exactly was recorded, or what is still missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from app.catalog import queries as catalog
from app.catalog.rules import in_lang
from app.kit import clock
from app.kit.actor import Actor
from app.kit.days import add_months
from app.kit.i18n import gettext as _
from app.kit.i18n import language, ngettext
from app.learning import queries as learners
from app.learning.queries import CourseRun
from app.learning.rules import Standing
from app.requirements import queries as requirements
from app.web.classroom.pages import parts


@dataclass(frozen=True, slots=True)
class Need:
    """Something still to do before the course is complete."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class FinishPage:
    """What was recorded, or what is still missing. `course_title` and version say of what."""

    complete: bool
    title: str
    course_url: str
    version: str
    completed_at: datetime | None
    ahead: str
    person: str
    organisation: str
    done: str
    valid_until: date | None
    confirmation_url: str
    missing: tuple[Need, ...]


def finish_page(db: Session, actor: Actor, run: CourseRun) -> FinishPage:
    assert run.enrolment_id is not None
    lang, outline = language(), run.outline
    words = catalog.content_of(db, run.version_id, run.slug, run.digest).words(lang)
    standings = learners.standings(db, run.enrolment_id, outline.was)
    completed = None
    if run.completed_version_id is not None:
        completed = catalog.version(db, run.completed_version_id)
    return FinishPage(
        complete=run.completed_at is not None,
        title=words.title,
        course_url=f"/courses/{run.slug}",
        version=completed.label if completed else run.label,
        completed_at=run.completed_at,
        ahead=_ahead(run),
        person=actor.name,
        organisation=actor.organisation_name,
        done=_done(run, standings),
        valid_until=valid_until(run, requirements.validity(db, [run.enrolment_id])),
        confirmation_url=f"/learning/record/{run.enrolment_id}/confirmation",
        missing=_missing(run, standings, lang),
    )


def _ahead(run: CourseRun) -> str:
    """How the completion stands to the due date, where there was one."""
    if run.completed_at is None or run.due_on is None:
        return ""
    days = (run.due_on - run.completed_at.astimezone(clock.LOCAL).date()).days
    if days < 0:
        return ngettext("%(num)s day after the due date", "%(num)s days after the due date", -days)
    return ngettext("%(num)s day before the due date", "%(num)s days before the due date", days)


def _done(run: CourseRun, standings: dict[str, Standing]) -> str:
    pages = sum(1 for page in run.outline.pages if page.id in standings and standings[page.id].finished_at)
    quizzes = sum(1 for quiz in run.outline.quizzes if quiz.id in standings and standings[quiz.id].passed_at)
    said = [ngettext("%(num)s page read", "%(num)s pages read", pages)]
    if quizzes:
        said.append(ngettext("%(num)s test passed", "%(num)s tests passed", quizzes))
    return ", ".join(said)


def valid_until(run: CourseRun, required: Mapping[int, date | None]) -> date | None:
    """Until when a completion is good: as the requirement has it (`required`, by enrolment), else as the course says."""
    if run.completed_at is None:
        return None
    if run.enrolment_id is not None and run.enrolment_id in required:
        return required[run.enrolment_id]
    months = run.outline.valid_months
    return add_months(run.completed_at.astimezone(clock.LOCAL).date(), months) if months else None


def _missing(run: CourseRun, standings: dict[str, Standing], lang: str) -> tuple[Need, ...]:
    blank = Standing()
    out = []
    for page in run.outline.pages:
        title = in_lang(page.titles, lang, run.outline.lang)
        failed = [
            quiz
            for quiz in page.quizzes
            if quiz.id in run.outline.needed_quizzes and standings.get(quiz.id, blank).passed_at is None
        ]
        unread = page.id in run.outline.needed_pages and standings.get(page.id, blank).finished_at is None
        for quiz in failed:
            said = _("Pass the test: %(title)s", title=in_lang(quiz.titles, lang, run.outline.lang))
            out.append(Need(said, f"/courses/{run.slug}/quizzes/{quiz.id}"))
        if unread and not failed:
            out.append(Need(_("Read the page: %(title)s", title=title), parts.page_url(run.slug, page.id)))
    return tuple(out)
