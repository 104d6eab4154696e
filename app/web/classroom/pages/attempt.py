"""During a quiz: one question, where I am, what is left unanswered. Nothing of the key is ever here before it may be."""

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
from app.assessment.rules import Asked
from app.catalog import queries as catalog
from app.catalog.rules import in_lang
from app.kit import clock
from app.kit.i18n import clock_time, language, ngettext, number
from app.kit.i18n import gettext as _
from app.kit.markdown import markup
from app.learning import queries as learners
from app.learning.queries import CourseRun
from app.web.forms import Form

INPUTS = {"single": "radio", "truefalse": "radio", "multiple": "checkbox"}


@dataclass(frozen=True, slots=True)
class Option:
    id: str
    text: Markup
    checked: bool


@dataclass(frozen=True, slots=True)
class Step:
    """A question in the navigator."""

    number: int
    url: str
    answered: bool
    flagged: bool
    current: bool


@dataclass(frozen=True, slots=True)
class Timer:
    """How long is left, as text and for the script that counts down."""

    left: str
    until: str
    deadline: str
    over_url: str
    seconds: int


@dataclass(frozen=True, slots=True)
class Told:
    """Feedback on one answer, where the quiz gives it after each question."""

    right: bool
    verdict: str
    note: Markup
    explanation: Markup


@dataclass(frozen=True, slots=True)
class QuestionPage:
    """`input` radio | checkbox | text; `saved` is the time of the last save, empty when nothing was saved yet."""

    form: Form
    course_title: str
    quiz_title: str
    number: int
    of: int
    points: str
    text_lang: str
    title: str
    stem: Markup
    how: str
    input: str
    unit: str
    options: tuple[Option, ...]
    text: str
    flagged: bool
    saved: str
    told: Told | None
    timer: Timer | None
    steps: tuple[Step, ...]
    tally: str
    flags: str
    action: str
    review_url: str
    last: bool


def words_of(body: Mapping[str, Any], lang: str) -> Mapping[str, Any]:
    """A question's words in the language of the attempt, else in any it has."""
    texts: Mapping[str, Mapping[str, Any]] = body["texts"]
    return texts.get(lang) or next(iter(texts.values()))


def names(db: Session, run: CourseRun, quiz: str) -> tuple[str, str]:
    """The titles of the course and the quiz."""
    words = catalog.content_of(db, run.version_id, run.slug, run.digest).words(language())
    found = run.outline.quiz(run.outline.was.get(quiz, quiz))
    return words.title, in_lang(found[1].titles, language(), run.outline.lang) if found else ""


def steps_of(view: AttemptView, current: int = 0) -> tuple[Step, ...]:
    out = []
    for n, one in enumerate(view.asked, 1):
        given = view.given.get(one.question)
        out.append(
            Step(
                number=n,
                url=f"/attempts/{view.key}/{n}",
                answered=given is not None and given.answered,
                flagged=given is not None and given.flagged,
                current=n == current,
            )
        )
    return tuple(out)


def timer_of(view: AttemptView) -> Timer | None:
    if view.deadline_at is None:
        return None
    seconds = max(0, int((view.deadline_at - clock.now()).total_seconds()))
    return Timer(
        left=ngettext("%(num)s min", "%(num)s min", -(-seconds // 60)),
        until=clock_time(view.deadline_at),
        deadline=view.deadline_at.isoformat(),
        over_url=f"/attempts/{view.key}",
        seconds=seconds,
    )


def question_page(
    db: Session, view: AttemptView, place: int, *, form: Form | None = None, typed: Mapping[str, Any] | None = None
) -> QuestionPage:
    """Question number `place` (from 1) of an open attempt; `typed` is what was sent and could not be kept."""
    run = learners.run_by_enrolment(db, view.person_id, view.enrolment_id)
    assert run is not None
    asked = view.asked[place - 1]
    body = catalog.revisions(db, [asked.revision])[asked.revision].body
    held_to = attempts.quiz_rules(db, view.version_id, view.quiz)
    words = words_of(body, view.lang)
    given = view.given.get(asked.question)
    response = typed if typed is not None else given.response if given else {}
    chosen = set(response.get("options", []))
    course_title, quiz_title = names(db, run, view.quiz)
    steps = steps_of(view, place)
    flags = sum(1 for step in steps if step.flagged)
    saved_at = max((one.saved_at for one in view.given.values()), default=None)
    kind = INPUTS.get(body["type"], "text")
    return QuestionPage(
        form=form or Form(),
        course_title=course_title,
        quiz_title=quiz_title,
        number=place,
        of=len(view.asked),
        points=ngettext("%(num)s point", "%(num)s points", round(asked.points))
        if asked.points == round(asked.points)
        else _("%(points)s points", points=number(asked.points)),
        text_lang=str(words.get("lang") or view.lang),
        title=words["title"],
        stem=markup(words["stem"]),
        how=_how(body["type"]),
        input=kind,
        unit=str(words.get("unit") or body["unit"]),
        options=tuple(
            Option(option, markup(words["options"][option]["text"]), option in chosen) for option in asked.options
        ),
        text=str(response.get("text", "")),
        flagged=given is not None and given.flagged,
        saved=_saved(saved_at),
        told=_told(asked, body, words, given.response if given else None)
        if held_to.feedback == "after-each" and given is not None and given.answered
        else None,
        timer=timer_of(view),
        steps=steps,
        tally=_("Answered %(n)s of %(all)s", n=view.answered, all=len(view.asked)),
        flags=_("Marked: %(n)s", n=flags) if flags else "",
        action=f"/attempts/{view.key}/{place}",
        review_url=f"/attempts/{view.key}/review",
        last=place == len(view.asked),
    )


def _saved(moment: datetime | None) -> str:
    return _("Saved %(time)s", time=clock_time(moment)) if moment else ""


def _how(kind: str) -> str:
    match kind:
        case "multiple":
            return _("Choose all that are right.")
        case "numeric":
            return _("Write a number.")
        case "text":
            return _("Write a word or a few.")
        case _:
            return _("Choose one answer.")


def _told(asked: Asked, body: Mapping[str, Any], words: Mapping[str, Any], response: marking.Response | None) -> Told:
    share = marking.grade(body, response)
    return Told(
        right=share >= 1,
        verdict=_("Right.") if share >= 1 else _("Partly right.") if share > 0 else _("Not quite."),
        note=markup(notes_on(body, words, response)),
        explanation=markup(words["explanation"]),
    )


def notes_on(body: Mapping[str, Any], words: Mapping[str, Any], response: marking.Response | None) -> str:
    """What the author says about this answer: the feedback of each chosen option, else the general one."""
    if not marking.is_answered(response):
        return ""
    assert response is not None
    hit = marking.option_hit(body, response)
    chosen = [hit] if hit else [one for one in response.get("options", []) if one in words["options"]]
    said = "".join(words["options"][one]["feedback"] for one in chosen if one in words["options"])
    share = marking.grade(body, response)
    general = words["correct"] if share >= 1 else words["partial"] if share > 0 else words["incorrect"]
    return said or general


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """Before handing in: what is unanswered and what was marked."""

    course_title: str
    quiz_title: str
    answer: str
    steps: tuple[Step, ...]
    unanswered: tuple[Step, ...]
    flagged: tuple[Step, ...]
    tally: str
    timer: Timer | None
    saved: str
    back_url: str
    submit_url: str
    attempts_left: str


def review_page(db: Session, view: AttemptView) -> ReviewPage:
    run = learners.run_by_enrolment(db, view.person_id, view.enrolment_id)
    assert run is not None
    held_to = attempts.quiz_rules(db, view.version_id, view.quiz)
    course_title, quiz_title = names(db, run, view.quiz)
    steps = steps_of(view)
    unanswered = tuple(step for step in steps if not step.answered)
    saved_at = max((one.saved_at for one in view.given.values()), default=None)
    left = marking.attempts_left(held_to, view.number)
    return ReviewPage(
        course_title=course_title,
        quiz_title=quiz_title,
        answer=_("Everything is answered. Hand in?")
        if not unanswered
        else ngettext(
            "%(num)s question is not answered yet", "%(num)s questions are not answered yet", len(unanswered)
        ),
        steps=steps,
        unanswered=unanswered,
        flagged=tuple(step for step in steps if step.flagged),
        tally=_("Answered %(n)s of %(all)s", n=view.answered, all=len(view.asked)),
        timer=timer_of(view),
        saved=_saved(saved_at),
        back_url=(unanswered or steps)[0].url,
        submit_url=f"/attempts/{view.key}/submit",
        attempts_left=_("This is your last attempt.")
        if left == 0
        else ngettext("After this one, %(num)s attempt is left.", "After this one, %(num)s attempts are left.", left)
        if left
        else "",
    )
