"""After a quiz: the score in a sentence, then why each answer is right or wrong and where to read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.assessment import queries as attempts
from app.assessment import rules as marking
from app.assessment.queries import AttemptView, RegradingLine
from app.assessment.rules import QuizRules
from app.catalog import queries as catalog
from app.catalog.rules import in_lang
from app.kit.i18n import gettext as _
from app.kit.i18n import iso_date, language, ngettext, number
from app.learning import queries as learners
from app.learning.queries import CourseRun
from app.learning.rules import RunState
from app.web.classroom.pages import parts
from app.web.classroom.pages.answers import AnswerLine, answer_line
from app.web.classroom.pages.attempt import Queue, names
from app.web.outages import given_back


@dataclass(frozen=True, slots=True)
class OutcomeLine:
    """How one learning outcome came out over the questions that belong to it; `pages` teach it, as (title, address)."""

    text: str
    right: int
    all: int
    low: bool
    pages: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ResultPage:
    """`passed` is empty of meaning in practice, where `counts` is false. `repeat_url` leads to practising what was wrong,
    empty where there is nothing to practise; `repeated`: this was such practice."""

    course_title: str
    course_url: str
    quiz_title: str
    quiz_url: str
    counts: bool
    passed: bool
    attempt: str
    finished_at: datetime | None
    score: str
    all: str
    missing: str
    limit: str
    waiting: str
    by_hand: bool
    nothing_yet: bool
    marks: tuple[bool, ...]
    next_label: str
    next_url: str
    again_url: str
    again: str
    repeat_url: str
    repeated: bool
    shows_answers: bool
    hides_key: bool
    key_when: str
    answers: tuple[AnswerLine, ...]
    outcomes: tuple[OutcomeLine, ...]
    contact: str
    given_back: str
    queue: Queue
    remarked: tuple[str, ...] = ()
    from_paper: str = ""


@dataclass(frozen=True, slots=True)
class TimeUpPage:
    """Time ran out and nobody has marked the attempt yet: one button does it."""

    course_title: str
    quiz_title: str
    submit_url: str
    tally: str
    queue: Queue


def time_up_page(db: Session, view: AttemptView, queue: Queue) -> TimeUpPage:
    run = learners.run_by_enrolment(db, view.person_id, view.enrolment_id)
    assert run is not None
    course_title, quiz_title = names(db, run, view.quiz)
    tally = _("Answered %(n)s of %(all)s", n=view.answered, all=len(view.asked))
    return TimeUpPage(course_title, quiz_title, f"/attempts/{view.key}/submit", tally, queue)


def result_page(db: Session, view: AttemptView, queue: Queue) -> ResultPage:
    run = learners.run_by_enrolment(db, view.person_id, view.enrolment_id)
    assert run is not None and view.score is not None
    held_to = attempts.rules_of(db, view)
    shown, left = attempts.shown_of(db, view, held_to)
    passed = bool(view.passed)
    bodies, void = attempts.corrected_bodies(db, view.asked, view.corrections)
    course_title, quiz_title = names(db, run, view.quiz)
    comments = attempts.comments(db, view.id)
    lines = tuple(
        answer_line(
            n, view, one, bodies[one.revision], run.outline, run.slug, shown=shown, held_to=held_to, comments=comments
        )
        for n, one in enumerate(view.asked, 1)
    )
    lines = tuple(
        replace(line, score=_("not counted")) if one.question in void else line
        for line, one in zip(lines, view.asked, strict=True)
    )
    least = marking.points_to_pass(view.max_score, held_to.pass_percent)
    next_label, next_url = _next(run, view, passed or view.waits or not held_to.counts)
    words = catalog.content_of(db, run.version_id, run.slug, run.digest).words(language())
    return ResultPage(
        course_title=course_title,
        course_url=f"/courses/{run.slug}",
        quiz_title=quiz_title,
        quiz_url=f"/courses/{run.slug}/quizzes/{view.quiz}",
        counts=held_to.counts,
        passed=passed,
        attempt=_attempt(held_to, view),
        finished_at=view.finished_at,
        score=number(view.score),
        all=number(view.max_score),
        missing="" if passed else number(max(0.0, round(least - view.score, 2))),
        limit=number(least),
        waiting=ngettext(
            "%(num)s answer waits for a person to mark it.",
            "%(num)s answers wait for a person to mark them.",
            view.waiting,
        )
        if view.waiting
        else "",
        nothing_yet=view.waiting > 0 and not view.score,
        by_hand=any(marking.is_by_hand(body) for body in bodies.values()),
        marks=tuple(line.right for line in lines if line.state in ("right", "partly", "wrong"))
        if shown.correctness
        else (),
        next_label=next_label,
        next_url=next_url,
        again_url=f"/courses/{run.slug}/quizzes/{view.quiz}",
        again="" if view.waits or view.repeats else _again(held_to, left, passed),
        repeat_url=f"/attempts/{view.key}/repeat"
        if shown.correctness and held_to.repeat and any(one.state in ("partly", "wrong") for one in lines)
        else "",
        repeated=view.repeats,
        shows_answers=shown.anything,
        hides_key=shown.feedback and not shown.key and marking.at_moment(held_to, "closed").key,
        key_when=_("The right answers are shown once the test has closed.")
        if held_to.closes
        else _("The right answers are shown once you pass or have no attempts left."),
        answers=lines if shown.anything else (),
        outcomes=_outcomes(words.outcomes, view, bodies, run, strict=held_to.counts and not passed)
        if shown.correctness
        else (),
        contact=words.contact,
        given_back=given_back(db, view.id) if view.deadline_at else "",
        queue=queue,
        remarked=tuple(remarked_said(one) for one in attempts.regradings(db, view.id)),
        from_paper=_("Entered from a sheet of paper by %(name)s.", name=view.entered_by) if view.entered_by else "",
    )


def remarked_said(one: RegradingLine) -> str:
    """That, when and why an attempt was marked anew, and what it was before."""
    said = _(
        "Marked anew on %(day)s, because: “%(reason)s” It was %(before)s of %(most_before)s, now it is %(after)s of %(most_after)s.",
        day=iso_date(one.regraded_at),
        reason=one.reason,
        before=number(one.score_before),
        most_before=number(one.max_before),
        after=number(one.score_after),
        most_after=number(one.max_after),
    )
    passed = one.passed_after and not one.passed_before
    return f"{said} {_('With that you have passed.')}" if passed else said


def _attempt(held_to: QuizRules, view: AttemptView) -> str:
    if view.repeats:
        return _("practising what was wrong")
    if held_to.attempts:
        return _("attempt %(n)s of %(all)s", n=view.number, all=held_to.attempts)
    return _("attempt %(n)s", n=view.number)


def _again(held_to: QuizRules, left: int | None, passed: bool) -> str:
    if left == 0:
        return ""
    if not held_to.counts or passed:
        return _("Take it once more")
    return _("Try again")


def _next(run: CourseRun, view: AttemptView, on: bool) -> tuple[str, str]:
    """Where to go on: the next page, the end of the course, or the page of the quiz."""
    place = run.outline.quiz(run.outline.was.get(view.quiz, view.quiz))
    if run.state is RunState.COMPLETED:
        return _("See what is recorded"), f"/courses/{run.slug}/finish"
    if place is None:
        return _("To the course"), f"/courses/{run.slug}"
    pages = run.outline.pages
    index = pages.index(place[0])
    if on and index + 1 < len(pages):
        return _("Next page"), parts.page_url(run.slug, pages[index + 1].id)
    if on:
        return _("See what is left"), f"/courses/{run.slug}/finish"
    return _("Back to the course"), parts.page_url(run.slug, place[0].id)


def _outcomes(
    texts: Mapping[str, str],
    view: AttemptView,
    bodies: Mapping[str, Mapping[str, Any]],
    run: CourseRun,
    *,
    strict: bool,
) -> tuple[OutcomeLine, ...]:
    """What is known of each outcome. After an attempt that failed (`strict`) whatever was not all right is repeated."""
    right: dict[str, int] = {}
    every: dict[str, int] = {}
    for one in view.asked:
        given = view.given.get(one.question)
        if not marking.is_graded(bodies[one.revision]) or (given is not None and given.waiting):
            continue
        for outcome in bodies[one.revision].get("outcomes", ()):
            every[outcome] = every.get(outcome, 0) + 1
            right[outcome] = right.get(outcome, 0) + int(given is not None and (given.fraction or 0) >= 1)
    return tuple(
        OutcomeLine(
            texts[name],
            right[name],
            count,
            low := right[name] < count and (strict or right[name] * 2 <= count),
            _taught(run, name) if low else (),
        )
        for name, count in every.items()
        if name in texts
    )


def _taught(run: CourseRun, outcome: str) -> tuple[tuple[str, str], ...]:
    """The pages that teach an outcome, as (title, address)."""
    outline = run.outline
    return tuple(
        (in_lang(page.titles, language(), outline.lang), parts.page_url(run.slug, page.id))
        for page in outline.pages
        if outcome in page.outcomes and not page.quizzes
    )
