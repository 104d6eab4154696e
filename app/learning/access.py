"""The only way to a run, a page or a quiz of a course: load it, or refuse."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.catalog.rules import CourseState, OutlinePage, OutlineQuiz
from app.kit.actor import Actor
from app.kit.errors import Forbidden, NotFound
from app.kit.i18n import N_
from app.learning import queries
from app.learning.queries import CourseRun
from app.learning.rules import Standing


@dataclass(frozen=True, slots=True)
class PageRun:
    """A page a learner may read, the run it belongs to, and where that stands."""

    run: CourseRun
    page: OutlinePage
    standings: dict[str, Standing]


class NotEnrolled(Forbidden):
    """The actor may see the course and is not in it."""


def course_for(db: Session, actor: Actor, slug: str) -> CourseRun:
    """A course as this actor stands to it: a live one for anybody, a withdrawn one for those who are in it."""
    run = queries.run_for(db, actor.id, slug)
    if run is None or (run.course_state is not CourseState.LIVE and not run.enrolled):
        raise NotFound(N_("There is no such course."))
    return run


def run_for(db: Session, actor: Actor, slug: str) -> CourseRun:
    """The run of a course the actor is enrolled in."""
    run = course_for(db, actor, slug)
    if not run.enrolled:
        raise NotEnrolled(N_("Register for the course first; its first page has the button."))
    return run


def page_for(db: Session, actor: Actor, slug: str, page_id: str) -> PageRun:
    run = run_for(db, actor, slug)
    page = run.outline.page(run.outline.was.get(page_id, page_id))
    if page is None:
        raise NotFound(N_("There is no such page."))
    assert run.enrolment_id is not None
    standings = queries.standings(db, run.enrolment_id, run.outline.was)
    for needed in page.requires:
        if needed not in standings or standings[needed].finished_at is None:
            raise Forbidden(
                N_("This page opens after you have finished an earlier one; the course's outline shows which.")
            )
    return PageRun(run, page, standings)


def quiz_for(db: Session, actor: Actor, slug: str, quiz_id: str) -> tuple[PageRun, OutlineQuiz]:
    run = run_for(db, actor, slug)
    found = run.outline.quiz(run.outline.was.get(quiz_id, quiz_id))
    if found is None:
        raise NotFound(N_("There is no such quiz."))
    page, quiz = found
    return page_for(db, actor, slug, page.id), quiz


def confirmation_for(db: Session, actor: Actor, enrolment_id: int) -> CourseRun:
    """A completed run of the actor's own."""
    run = queries.run_by_enrolment(db, actor.id, enrolment_id)
    if run is None or run.completed_at is None:
        raise NotFound(N_("There is no such record."))
    return run
