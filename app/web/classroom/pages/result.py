"""After a quiz: the score in a sentence, then why each answer is right or wrong and where to read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from markupsafe import Markup
from sqlalchemy.orm import Session

from app.assessment import queries as attempts
from app.assessment import rules as marking
from app.assessment.queries import AttemptView
from app.assessment.rules import Asked, QuizRules
from app.catalog import queries as catalog
from app.catalog.rules import Outline, in_lang
from app.kit.i18n import gettext as _
from app.kit.i18n import language, number
from app.kit.markdown import markup
from app.learning import queries as learners
from app.learning.queries import CourseRun
from app.learning.rules import RunState
from app.web.classroom.pages import parts
from app.web.classroom.pages.attempt import names, notes_on, words_of


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """One question as it was answered. `key` is there only when it may be shown."""

    number: int
    title: str
    text_lang: str
    stem: Markup
    right: bool
    partly: bool
    score: str
    yours: tuple[Markup, ...]
    key: tuple[Markup, ...]
    note: Markup
    explanation: Markup
    reread_title: str
    reread_url: str


@dataclass(frozen=True, slots=True)
class OutcomeLine:
    """How one learning outcome came out over the questions that belong to it."""

    text: str
    right: int
    all: int
    low: bool


@dataclass(frozen=True, slots=True)
class ResultPage:
    """`passed` is empty of meaning in practice, where `counts` is false."""

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
    marks: tuple[bool, ...]
    next_label: str
    next_url: str
    again_url: str
    again: str
    shows_answers: bool
    hides_key: bool
    answers: tuple[AnswerLine, ...]
    outcomes: tuple[OutcomeLine, ...]
    contact: str


@dataclass(frozen=True, slots=True)
class TimeUpPage:
    """Time ran out and nobody has marked the attempt yet: one button does it."""

    course_title: str
    quiz_title: str
    submit_url: str
    tally: str


def time_up_page(db: Session, view: AttemptView) -> TimeUpPage:
    run = learners.run_by_enrolment(db, view.person_id, view.enrolment_id)
    assert run is not None
    course_title, quiz_title = names(db, run, view.quiz)
    tally = _("Answered %(n)s of %(all)s", n=view.answered, all=len(view.asked))
    return TimeUpPage(course_title, quiz_title, f"/attempts/{view.key}/submit", tally)


def result_page(db: Session, view: AttemptView) -> ResultPage:
    run = learners.run_by_enrolment(db, view.person_id, view.enrolment_id)
    assert run is not None and view.score is not None
    held_to = attempts.quiz_rules(db, view.version_id, view.quiz)
    used = len(attempts.attempts_at(db, view.enrolment_id, view.quiz))
    left = marking.attempts_left(held_to, used)
    passed = bool(view.passed)
    shown = marking.shown(held_to, passed=passed, left=left)
    bodies = {name: one.body for name, one in catalog.revisions(db, {a.revision for a in view.asked}).items()}
    course_title, quiz_title = names(db, run, view.quiz)
    lines = tuple(
        _line(n, view, one, bodies[one.revision], run.outline, run.slug, key=shown.key)
        for n, one in enumerate(view.asked, 1)
    )
    least = marking.points_to_pass(view.max_score, held_to.pass_percent)
    next_label, next_url = _next(run, view, passed or not held_to.counts)
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
        marks=tuple(line.right for line in lines) if shown.feedback else (),
        next_label=next_label,
        next_url=next_url,
        again_url=f"/courses/{run.slug}/quizzes/{view.quiz}",
        again=_again(held_to, left, passed),
        shows_answers=shown.feedback,
        hides_key=shown.feedback and not shown.key,
        answers=lines if shown.feedback else (),
        outcomes=_outcomes(words.outcomes, view, bodies) if shown.feedback else (),
        contact=words.contact,
    )


def _attempt(held_to: QuizRules, view: AttemptView) -> str:
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


def _line(
    n: int, view: AttemptView, one: Asked, body: Mapping[str, Any], outline: Outline, slug: str, *, key: bool
) -> AnswerLine:
    words = words_of(body, view.lang)
    given = view.given.get(one.question)
    response = given.response if given is not None else None
    fraction = (given.fraction or 0.0) if given is not None else 0.0
    title, url = _reread(body, outline, slug)
    return AnswerLine(
        number=n,
        title=words["title"],
        text_lang=str(words.get("lang") or view.lang),
        stem=markup(words["stem"]),
        right=fraction >= 1,
        partly=0 < fraction < 1,
        score=_("%(score)s of %(all)s", score=number(round(fraction * one.points, 2)), all=number(one.points)),
        yours=_yours(body, words, response),
        key=_key(body, words) if key and fraction < 1 else (),
        note=markup(notes_on(body, words, response)),
        explanation=markup(words["explanation"] if key or fraction >= 1 else ""),
        reread_title=title,
        reread_url=url,
    )


def _yours(body: Mapping[str, Any], words: Mapping[str, Any], response: marking.Response | None) -> tuple[Markup, ...]:
    if not marking.is_answered(response):
        return ()
    assert response is not None
    if "options" in response:
        return tuple(markup(words["options"][one]["text"]) for one in response["options"] if one in words["options"])
    return (Markup.escape(f"{response['text']} {words.get('unit') or body['unit']}".strip()),)


def _key(body: Mapping[str, Any], words: Mapping[str, Any]) -> tuple[Markup, ...]:
    right = [option for option in body["options"] if option["fraction"] >= 1]
    if body["type"] in ("single", "multiple", "truefalse"):
        right = right or [option for option in body["options"] if option["fraction"] > 0]
        return tuple(markup(words["options"][option["id"]]["text"]) for option in right)
    if body["type"] == "numeric":
        unit = words.get("unit") or body["unit"]
        return tuple(Markup.escape(f"{_range(option)} {unit}".strip()) for option in right[:1])
    return tuple(Markup.escape(option["value"]) for option in right[:1])


def _range(option: Mapping[str, Any]) -> str:
    low, high = option["low"], option["high"]
    return number(low) if low == high else f"{number(low)}–{number(high)}"


def _reread(body: Mapping[str, Any], outline: Outline, slug: str) -> tuple[str, str]:
    """The paragraph to read again: `see` is "page" or "page#anchor"."""
    page_id, _hash, anchor = str(body.get("see") or "").partition("#")
    page = outline.page(outline.was.get(page_id, page_id)) if page_id else None
    if page is None:
        return "", ""
    url = parts.page_url(slug, page.id) + (f"#{anchor}" if anchor else "")
    return in_lang(page.titles, language(), outline.lang), url


def _outcomes(
    texts: Mapping[str, str], view: AttemptView, bodies: Mapping[str, Mapping[str, Any]]
) -> tuple[OutcomeLine, ...]:
    right: dict[str, int] = {}
    every: dict[str, int] = {}
    for one in view.asked:
        given = view.given.get(one.question)
        for outcome in bodies[one.revision].get("outcomes", ()):
            every[outcome] = every.get(outcome, 0) + 1
            right[outcome] = right.get(outcome, 0) + int(given is not None and (given.fraction or 0) >= 1)
    return tuple(
        OutcomeLine(texts[name], right[name], count, right[name] * 2 <= count and right[name] < count)
        for name, count in every.items()
        if name in texts
    )
