"""Before a quiz: all its rules, and what came of earlier attempts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from markupsafe import Markup
from sqlalchemy.orm import Session

from app.assessment import queries as attempts
from app.assessment import rules as marking
from app.assessment.rules import AttemptState, QuizRules
from app.catalog import queries as catalog
from app.catalog.rules import OutlineQuiz, in_lang
from app.kit.i18n import gettext as _
from app.kit.i18n import language, ngettext, number, percent
from app.kit.markdown import markup
from app.learning.access import PageRun
from app.learning.rules import Standing
from app.web.classroom.pages import parts


@dataclass(frozen=True, slots=True)
class Rule:
    term: str
    text: str
    note: str


@dataclass(frozen=True, slots=True)
class AttemptRow:
    """An earlier attempt, in words."""

    number: int
    url: str
    started_at: datetime
    status: str
    status_text: str
    score: str


@dataclass(frozen=True, slots=True)
class QuizStartPage:
    """`start` is the button's word, empty when there is nothing left to start."""

    course_title: str
    course_url: str
    page_title: str
    page_url: str
    title: str
    text_lang: str
    eyebrow: str
    answer: str
    intro: Markup
    rules: tuple[Rule, ...]
    attempts: tuple[AttemptRow, ...]
    start: str
    start_url: str
    passed: bool
    used_up: bool
    contact: str


def quiz_start_page(db: Session, found: PageRun, quiz: OutlineQuiz) -> QuizStartPage:
    run, lang = found.run, language()
    assert run.enrolment_id is not None
    stored = catalog.quiz(db, run.version_id, quiz.id)
    held_to = attempts.quiz_rules(db, run.version_id, quiz.id)
    lines = attempts.attempts_at(db, run.enrolment_id, quiz.id)
    open_one = next((one for one in lines if one.state is AttemptState.OPEN), None)
    extra = attempts.extra_attempts(db, run.enrolment_id, quiz.id) if run.enrolment_id else 0
    left = marking.attempts_left(held_to, len(lines), extra)
    words = catalog.content_of(db, run.version_id, run.slug, run.digest).words(lang)
    passed = found.standings.get(quiz.id, Standing()).passed_at is not None
    used_up = left == 0 and open_one is None
    bodies = [one.body for one in catalog.revisions(db, _members(stored.items)).values()]
    by_hand = any(marking.is_by_hand(body) for body in bodies)
    # A scale has no right answer, so it is no part of what must be right.
    points = quiz.asked - sum(1 for body in bodies if not marking.is_graded(body))
    return QuizStartPage(
        course_title=words.title,
        course_url=f"/courses/{run.slug}",
        page_title=in_lang(found.page.titles, lang, run.outline.lang),
        page_url=parts.page_url(run.slug, found.page.id),
        title=in_lang(quiz.titles, lang, run.outline.lang),
        text_lang=lang if lang in quiz.titles else run.outline.lang,
        eyebrow=_eyebrow(held_to, len(lines), open_one is not None),
        answer=_answer(quiz, held_to, points),
        intro=markup(in_lang(stored.rules.get("intros", {}), lang, run.outline.lang)),
        rules=_rules(held_to, left, points, by_hand=by_hand),
        attempts=tuple(row(one) for one in reversed(lines)),
        start="" if used_up else _("Go on with the test") if open_one else _("Start the test"),
        start_url=f"/courses/{run.slug}/quizzes/{quiz.id}/start",
        passed=passed,
        used_up=used_up,
        contact=words.contact,
    )


def _members(items: Sequence[Mapping[str, Any]]) -> set[str]:
    return {revision for item in items for revision in item.get("members") or [item["revision"]]}


def row(one: attempts.AttemptLine) -> AttemptRow:
    url = f"/attempts/{one.key}"
    if one.state is AttemptState.OPEN or one.score is None:
        return AttemptRow(one.number, url, one.started_at, "now", _("Open"), "")
    score = _("%(score)s of %(all)s", score=number(one.score), all=number(one.max_score))
    share = percent(one.score / one.max_score if one.max_score else 1, 0)
    if one.waits:
        return AttemptRow(one.number, url, one.started_at, "now", _("Waiting to be marked"), score)
    status, word = ("done", _("Passed")) if one.passed else ("wrong", _("Not passed"))
    return AttemptRow(one.number, url, one.started_at, status, word, f"{score} ({share})")


def _eyebrow(held_to: QuizRules, used: int, is_open: bool) -> str:
    mode = {"practice": _("Practice"), "check": _("Test"), "exam": _("Final test")}[held_to.mode]
    if held_to.attempts:
        number_ = min(held_to.attempts, used if is_open else used + 1)
        return f"{mode} · " + _("attempt %(n)s of %(all)s", n=max(1, number_), all=held_to.attempts)
    return mode


def _answer(quiz: OutlineQuiz, held_to: QuizRules, points: int) -> str:
    """The h1: how much there is and what is asked."""
    questions = ngettext("%(num)s question", "%(num)s questions", quiz.asked)
    if points <= 0:
        return _("%(questions)s without right or wrong", questions=questions)
    if not held_to.counts:
        return _("%(questions)s to practise on", questions=questions)
    least = number(marking.points_to_pass(points, held_to.pass_percent))
    if held_to.seconds:
        minutes = ngettext("%(num)s minute", "%(num)s minutes", held_to.seconds // 60)
        return _(
            "%(questions)s, %(minutes)s; %(least)s must be right", questions=questions, minutes=minutes, least=least
        )
    return _("%(questions)s; %(least)s must be right", questions=questions, least=least)


def _rules(held_to: QuizRules, left: int | None, points: int, *, by_hand: bool) -> tuple[Rule, ...]:
    out = []
    if held_to.seconds:
        minutes = ngettext("%(num)s minute", "%(num)s minutes", held_to.seconds // 60)
        out.append(Rule(_("Time"), minutes, _("When time is up, everything saved until then is handed in.")))
    else:
        out.append(Rule(_("Time"), _("No limit"), _("You may stop and go on another day.")))
    if points <= 0:
        out.append(Rule(_("Pass mark"), _("None: handing in is enough"), ""))
    elif held_to.counts:
        least = number(marking.points_to_pass(points, held_to.pass_percent))
        said = _("%(least)s of %(all)s questions", least=least, all=points)
        out.append(Rule(_("Pass mark"), said, _("A wrong answer takes nothing away in most questions: answer all.")))
    else:
        out.append(Rule(_("Pass mark"), _("None: this is practice and does not count"), ""))
    if held_to.attempts:
        best = {"best": _("the best one counts"), "last": _("the last one counts"), "first": _("the first one counts"),
                "average": _("their average counts")}[held_to.grading]  # fmt: skip
        said = ngettext("%(num)s attempt", "%(num)s attempts", held_to.attempts) + ", " + best
        out.append(Rule(_("Attempts"), said, ngettext("%(num)s is left.", "%(num)s are left.", left or 0)))
    else:
        out.append(Rule(_("Attempts"), _("As many as you like"), ""))
    out.append(
        Rule(_("Questions"), _("One on a page, in any order"), _("You may mark a question and come back to it."))
    )
    out.append(
        Rule(
            _("Saving"),
            _("Every answer is saved when you go on"),
            _("If the connection breaks or you close the window, you go on where you were."),
        )
    )
    out.append(Rule(_("What you see afterwards"), _afterwards(held_to), ""))
    if by_hand:
        said = _("Some answers are marked by a person, so the result may take a few days. You get a notice.")
        out.append(Rule(_("Marking"), said, ""))
    who = _("You, and the trainer who marks your answers") if by_hand else _("Only you")
    out.append(Rule(_("Who sees it"), who, _("Your manager sees only whether the course is completed.")))
    return tuple(out)


def _afterwards(held_to: QuizRules) -> str:
    if held_to.feedback == "none":
        return _("Your result only")
    if held_to.feedback == "after-each":
        return _("After each question: what is right and why")
    if held_to.show_key:
        return _("At once: what is right, why, and where to read it")
    return _("At once: why your answer is right or wrong; the right answers once you pass or have no attempts left")
