"""Before handing in: what is unanswered, and what was marked to come back to."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.assessment import queries as attempts
from app.assessment.queries import AttemptView
from app.kit.i18n import gettext as _
from app.kit.i18n import ngettext
from app.learning import queries as learners
from app.web.classroom.pages.attempt import (
    Group,
    Queue,
    Step,
    Timer,
    groups_of,
    names,
    saved_words,
    section_words,
    steps_of,
    timer_of,
)


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """Before handing in: what is unanswered and what was marked."""

    course_title: str
    quiz_title: str
    answer: str
    groups: tuple[Group, ...]
    one_way: bool
    unanswered: tuple[Step, ...]
    flagged: tuple[Step, ...]
    tally: str
    timer: Timer | None
    saved: str
    queue: Queue
    back_url: str
    submit_url: str
    attempts_left: str


def review_page(db: Session, view: AttemptView, queue: Queue) -> ReviewPage:
    run = learners.run_by_enrolment(db, view.person_id, view.enrolment_id)
    assert run is not None
    held_to = attempts.rules_of(db, view)
    terms = attempts.terms(
        db,
        course_id=view.course_id,
        quiz=view.quiz,
        rules=held_to,
        enrolment_id=view.enrolment_id,
    )
    course_title, quiz_title = names(db, run, view.quiz)
    steps = steps_of(view)
    unanswered = tuple(step for step in steps if not step.answered)
    saved_at = max((one.saved_at for one in view.given.values()), default=None)
    left = None if view.repeats else terms.left(view.number)
    return ReviewPage(
        course_title=course_title,
        quiz_title=quiz_title,
        answer=_("Everything is answered. Hand in?")
        if not unanswered
        else ngettext(
            "%(num)s question is not answered yet", "%(num)s questions are not answered yet", len(unanswered)
        ),
        groups=groups_of(view, steps, section_words(held_to, run.outline.lang)[0]),
        one_way=view.reached > 0,
        unanswered=unanswered,
        flagged=tuple(step for step in steps if step.flagged),
        tally=_("Answered %(n)s of %(all)s", n=view.answered, all=len(view.asked)),
        timer=timer_of(view),
        saved=saved_words(saved_at),
        queue=queue,
        back_url=(unanswered or steps)[0].url if not view.reached else "",
        submit_url=f"/attempts/{view.key}/submit",
        attempts_left=_("This is your last attempt.")
        if left == 0
        else ngettext("After this one, %(num)s attempt is left.", "After this one, %(num)s attempts are left.", left)
        if left
        else "",
    )
