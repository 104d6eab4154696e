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
from app.assessment.rules import AttemptState, QuizRules, Terms
from app.catalog import queries as catalog
from app.catalog.rules import OutlineQuiz, in_lang
from app.kit import clock
from app.kit.i18n import gettext as _
from app.kit.i18n import language, moment, ngettext, number, percent
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
    """`start` is the button's word, empty when there is nothing left to start; `not_now` says why it may not be begun
    now."""

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
    not_now: str
    is_survey: bool
    contact: str


def quiz_start_page(db: Session, found: PageRun, quiz: OutlineQuiz) -> QuizStartPage:
    run, lang = found.run, language()
    assert run.enrolment_id is not None
    stored = catalog.quiz(db, run.version_id, quiz.id)
    held_to = attempts.rules_in(stored)
    lines = attempts.attempts_at(db, run.enrolment_id, quiz.id)
    open_one = next((one for one in lines if one.state is AttemptState.OPEN), None)
    terms = attempts.terms(db, course_id=run.course_id, quiz=quiz.id, rules=held_to, enrolment_id=run.enrolment_id)
    left = terms.left(len(lines))
    last = max((one.finished_at for one in lines if one.finished_at is not None), default=None)
    why, when = marking.refusal(terms, now=clock.now(), finished=last, delay=held_to.delay)
    words = catalog.content_of(db, run.version_id, run.slug, run.digest).words(lang)
    passed = found.standings.get(quiz.id, Standing()).passed_at is not None
    used_up = left == 0 and open_one is None
    bodies = [one.body for one in catalog.revisions(db, _members(stored.items)).values()]
    by_hand = not held_to.is_survey and any(marking.is_by_hand(body) for body in bodies)
    # A scale has no right answer, so it is no part of what must be right.
    points = 0 if held_to.is_survey else quiz.asked - sum(1 for body in bodies if not marking.is_graded(body))
    not_now = _not_now(why, when) if not used_up and open_one is None else ""
    return QuizStartPage(
        course_title=words.title,
        course_url=f"/courses/{run.slug}",
        page_title=in_lang(found.page.titles, lang, run.outline.lang),
        page_url=parts.page_url(run.slug, found.page.id),
        title=in_lang(quiz.titles, lang, run.outline.lang),
        text_lang=lang if lang in quiz.titles else run.outline.lang,
        eyebrow=_eyebrow(held_to, terms, len(lines), open_one is not None),
        answer=_answer(quiz, held_to, terms, points),
        intro=markup(in_lang(stored.rules.get("intros", {}), lang, run.outline.lang)),
        rules=_rules(held_to, terms, left, points, by_hand=by_hand),
        attempts=tuple(row(one) for one in reversed(lines)),
        start="" if used_up or not_now else _start(held_to, open_one is not None),
        start_url=f"/courses/{run.slug}/quizzes/{quiz.id}/start",
        passed=passed,
        used_up=used_up,
        not_now=not_now,
        is_survey=held_to.is_survey,
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
        return AttemptRow(one.number, url, one.started_at, "now", _("Waiting to be marked"), score if one.score else "")
    status, word = ("done", _("Passed")) if one.passed else ("wrong", _("Not passed"))
    return AttemptRow(one.number, url, one.started_at, status, word, f"{score} ({share})")


def _start(held_to: QuizRules, is_open: bool) -> str:
    if held_to.is_survey:
        return _("Go on answering") if is_open else _("Start answering")
    return _("Go on with the test") if is_open else _("Start the test")


def _not_now(why: str, when: datetime | None) -> str:
    if when is None:
        return ""
    said = {
        "early": _("It opens %(moment)s.", moment=moment(when)),
        "closed": _("It closed %(moment)s.", moment=moment(when)),
        "waiting": _("The next attempt may begin %(moment)s.", moment=moment(when)),
    }
    return said[why]


def _eyebrow(held_to: QuizRules, terms: Terms, used: int, is_open: bool) -> str:
    modes = {"practice": _("Practice"), "check": _("Test"), "exam": _("Final test"), "survey": _("Survey")}
    mode = modes[held_to.mode]
    if terms.attempts and not held_to.is_survey:
        number_ = min(terms.attempts, used if is_open else used + 1)
        return f"{mode} · " + _("attempt %(n)s of %(all)s", n=max(1, number_), all=terms.attempts)
    return mode


def _answer(quiz: OutlineQuiz, held_to: QuizRules, terms: Terms, points: int) -> str:
    """The h1: how much there is and what is asked."""
    questions = ngettext("%(num)s question", "%(num)s questions", quiz.asked)
    if points <= 0:
        return _("%(questions)s without right or wrong", questions=questions)
    if not held_to.counts:
        return _("%(questions)s to practise on", questions=questions)
    least = number(marking.points_to_pass(points, held_to.pass_percent))
    if terms.seconds:
        minutes = ngettext("%(num)s minute", "%(num)s minutes", terms.seconds // 60)
        return _(
            "%(questions)s, %(minutes)s; %(least)s must be right", questions=questions, minutes=minutes, least=least
        )
    return _("%(questions)s; %(least)s must be right", questions=questions, least=least)


def _rules(held_to: QuizRules, terms: Terms, left: int | None, points: int, *, by_hand: bool) -> tuple[Rule, ...]:
    out = [_time(terms), *_dates(terms)]
    if points <= 0:
        out.append(Rule(_("Pass mark"), _("None: handing in is enough"), ""))
    elif held_to.counts:
        least = number(marking.points_to_pass(points, held_to.pass_percent))
        said = _("%(least)s of %(all)s questions", least=least, all=points)
        out.append(Rule(_("Pass mark"), said, _("A wrong answer takes nothing away in most questions: answer all.")))
    else:
        out.append(Rule(_("Pass mark"), _("None: this is practice and does not count"), ""))
    if held_to.is_survey:
        out.append(Rule(_("Attempts"), _("You answer it once"), ""))
    elif terms.attempts:
        best = {"best": _("the best one counts"), "last": _("the last one counts"), "first": _("the first one counts"),
                "average": _("their average counts")}[held_to.grading]  # fmt: skip
        said = ngettext("%(num)s attempt", "%(num)s attempts", terms.attempts)
        if terms.attempts != terms.usual_attempts and terms.usual_attempts:
            said = _("%(yours)s (usually %(usual)s)", yours=said, usual=number(terms.usual_attempts))
        note = ngettext("%(num)s is left.", "%(num)s are left.", left or 0)
        out.append(Rule(_("Attempts"), f"{said}, {best}", f"{note} {_delay(held_to)}".strip()))
    else:
        out.append(Rule(_("Attempts"), _("As many as you like"), _delay(held_to)))
    out.append(_questions(held_to))
    if held_to.certainty:
        out.append(
            Rule(
                _("Certainty"),
                _("With each answer you say how sure you are"),
                _(
                    "Whoever is sure earns more when right and loses points when wrong; a guess earns a third and loses nothing."
                ),
            )
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
    if held_to.is_survey:
        said = _("The trainers, all answers together and without names")
        out.append(Rule(_("Who sees it"), said, _("What you write in words they see once five people have answered.")))
        return tuple(out)
    who = _("You, and the trainer who marks your answers") if by_hand else _("Only you")
    out.append(Rule(_("Who sees it"), who, _("Your manager sees only whether the course is completed.")))
    return tuple(out)


def _afterwards(held_to: QuizRules) -> str:
    during, after, closed = (marking.at_moment(held_to, when) for when in ("during", "after", "closed"))
    if held_to.is_survey:
        return _("Nothing: there is no right and wrong")
    if not (during.anything or after.anything or closed.anything):
        return _("Your result only")
    if during.key or (during.anything and after.key):
        return _("After each question: what is right and why")
    if after.key:
        return _("At once: what is right, why, and where to read it")
    if not after.anything:
        return _("At once your result only; the answers once the test has closed for you")
    if not closed.key:
        return _("At once: why your answer is right or wrong")
    if held_to.closes:
        return _("At once: why your answer is right or wrong; the right answers once the test has closed")
    return _("At once: why your answer is right or wrong; the right answers once you pass or have no attempts left")


def _time(terms: Terms) -> Rule:
    if not terms.seconds:
        return Rule(_("Time"), _("No limit"), _("You may stop and go on another day."))
    minutes = ngettext("%(num)s minute", "%(num)s minutes", terms.seconds // 60)
    if terms.usual_seconds and terms.seconds != terms.usual_seconds:
        minutes = _("%(yours)s (usually %(usual)s)", yours=minutes, usual=number(terms.usual_seconds // 60))
    return Rule(_("Time"), minutes, _("When time is up, everything saved until then is handed in."))


def _dates(terms: Terms) -> list[Rule]:
    """From when to when it may be taken, where that is said."""
    said = []
    if terms.opens_at is not None:
        said.append(_("from %(moment)s", moment=moment(terms.opens_at)))
    if terms.closes_at is not None:
        said.append(_("until %(moment)s", moment=moment(terms.closes_at)))
    note = _("An attempt that is open then is handed in.") if terms.closes_at is not None else ""
    return [Rule(_("Open"), " ".join(said), note)] if said else []


def _delay(held_to: QuizRules) -> str:
    if not held_to.delay:
        return ""
    hours = -(-held_to.delay // 3600)
    if held_to.delay < 3600:
        return ngettext(
            "%(num)s minute lies between two attempts.", "%(num)s minutes lie between two attempts.",
            -(-held_to.delay // 60),
        )  # fmt: skip
    return ngettext("%(num)s hour lies between two attempts.", "%(num)s hours lie between two attempts.", hours)


def _questions(held_to: QuizRules) -> Rule:
    note = ""
    if held_to.tries > 0:
        note = ngettext(
            "Each answer can be checked %(num)s time.", "Each answer can be checked %(num)s times.", held_to.tries
        )
    if held_to.sequential:
        no_way_back = _("Look at your answer before you go on.")
        return Rule(_("Questions"), _("One on a page, with no way back"), f"{no_way_back} {note}".strip())
    free = _("You may mark a question and come back to it.")
    return Rule(_("Questions"), _("One on a page, in any order"), f"{free} {note}".strip())
