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
from app.assessment.queries import AttemptView, Given
from app.catalog import queries as catalog
from app.catalog.rules import in_lang
from app.kit import clock
from app.kit.i18n import clock_seconds, clock_time, language, ngettext, number
from app.kit.i18n import gettext as _
from app.kit.markdown import markup
from app.learning import queries as learners
from app.learning.queries import CourseRun
from app.web.classroom.pages.elsewhere import said_lines
from app.web.classroom.pages.fields import Field, field_of, notes_on, plain, response_from, verdict, words_of
from app.web.deps import PostedForm
from app.web.forms import Form


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
class Queue:
    """Where the script keeps answers until they are saved: the attempt's key, and a secret to lock them up with."""

    attempt: str
    secret: str


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What another tab or device has answered meanwhile, and when; `said` is empty where it took the answer away."""

    at: str
    said: tuple[Markup, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """Feedback on one answer, where the quiz gives it after each question."""

    right: bool
    verdict: str
    note: Markup
    explanation: Markup


@dataclass(frozen=True, slots=True)
class QuestionPage:
    """`saved` is the time of the last save, empty when nothing was saved yet; `hints` are those that were asked for,
    `more_hints` is the word of the button for another, empty when there is none. `base` is the revision of the answer
    that the page shows, 0 for none; `given_back` says that time was added, or is empty."""

    form: Form
    ids: dict[str, str]
    course_title: str
    quiz_title: str
    number: int
    of: int
    points: str
    field: Field
    flagged: bool
    saved: str
    base: int
    elsewhere: Elsewhere | None
    given_back: str
    queue: Queue
    told: Told | None
    hints: tuple[Markup, ...]
    more_hints: str
    hint_price: str
    timer: Timer | None
    steps: tuple[Step, ...]
    tally: str
    flags: str
    action: str
    file_action: str
    review_url: str
    last: bool


def names(db: Session, run: CourseRun, quiz: str) -> tuple[str, str]:
    """The titles of the course and the quiz."""
    words = catalog.content_of(db, run.version_id, run.slug, run.digest).words(language())
    found = run.outline.quiz(run.outline.was.get(quiz, quiz))
    if found is None:  # taken in a version that the learner has since left for a newer one
        return words.title, quiz
    return words.title, in_lang(found[1].titles, language(), run.outline.lang)


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
    db: Session,
    view: AttemptView,
    place: int,
    queue: Queue,
    *,
    form: Form | None = None,
    typed: Mapping[str, Any] | None = None,
    base: int | None = None,
    flagged: bool | None = None,
) -> QuestionPage:
    """Question number `place` (from 1) of an open attempt; `typed` is what was sent and could not be kept.

    With `flagged` it was refused because another tab has answered meanwhile: both answers are shown.
    """
    run = learners.run_by_enrolment(db, view.person_id, view.enrolment_id)
    assert run is not None
    asked = view.asked[place - 1]
    body = catalog.revisions(db, [asked.revision])[asked.revision].body
    held_to = attempts.quiz_rules(db, view.version_id, view.quiz)
    # The reader's language may change in the middle: ids are the same in all, so what was answered stays answered.
    words = words_of(body, language(), view.lang)
    given = view.given.get(asked.question)
    response = typed if typed is not None else given.response if given else {}
    course_title, quiz_title = names(db, run, view.quiz)
    steps = steps_of(view, place)
    flags = sum(1 for step in steps if step.flagged)
    saved_at = max((one.saved_at for one in view.given.values()), default=None)
    told = _told(body, words, given) if held_to.feedback == "after-each" and typed is None else None
    taken = given.hints if given is not None and held_to.hints else 0
    url = f"/attempts/{view.key}/{place}"
    elsewhere = None
    if flagged is not None and given is not None:
        elsewhere = Elsewhere(clock_seconds(given.saved_at), said_lines(body, words, given.response))
    form = form or Form()
    field = field_of(
        body,
        words,
        response,
        prefix="answer",
        offered=asked.options,
        told=told is not None,
        errors=form.errors,
        file_url=f"{url}/file",
    )
    return QuestionPage(
        form=form,
        ids={name: f"answer-{name}" if name.startswith("part-") else "answer" for name in form.errors},
        course_title=course_title,
        quiz_title=quiz_title,
        number=place,
        of=len(view.asked),
        points=_points(asked.points) if marking.is_graded(body) else _("without points"),
        field=field,
        flagged=flagged if flagged is not None else given is not None and given.flagged,
        saved=_saved(saved_at),
        base=base if base is not None else given.revision if given is not None else 0,
        elsewhere=elsewhere,
        given_back=given_back(db, view),
        queue=queue,
        told=told,
        hints=tuple(markup(hint) for hint in words["hints"][:taken]),
        more_hints=_more_hints(taken, len(words["hints"])) if held_to.hints else "",
        hint_price=_price(body, asked.points),
        timer=timer_of(view),
        steps=steps,
        tally=_("Answered %(n)s of %(all)s", n=view.answered, all=len(view.asked)),
        flags=_("Marked: %(n)s", n=flags) if flags else "",
        action=url,
        file_action=f"{url}/file",
        review_url=f"/attempts/{view.key}/review",
        last=place == len(view.asked),
    )


def given_back(db: Session, view: AttemptView) -> str:
    """That time was added because the platform was away, and when it was."""
    found = attempts.given_back(db, view.id) if view.deadline_at is not None else ()
    if not found:
        return ""
    spans = ", ".join(f"{clock_time(one.began_at)}–{clock_time(one.ended_at)}" for one in found)
    minutes = -(-sum(one.seconds for one in found) // 60)
    return ngettext(
        "The platform was away (%(spans)s): %(num)s minute was added to your time.",
        "The platform was away (%(spans)s): %(num)s minutes were added to your time.",
        minutes,
        spans=spans,
    )


def body_at(db: Session, view: AttemptView, place: int) -> Mapping[str, Any]:
    asked = view.asked[place - 1]
    return catalog.revisions(db, [asked.revision])[asked.revision].body


def typed_response(db: Session, view: AttemptView, place: int, posted: PostedForm) -> dict[str, Any] | None:
    """What was sent from a question's page; None where it says nothing about the answer.

    A file has its own way in. Things that stand as they were first shown, in a question nobody has touched, are no answer.
    """
    asked, body = view.asked[place - 1], body_at(db, view, place)
    if body["type"] == "upload":
        return {} if posted.has("remove") else None
    response = response_from(body, posted, asked.options)
    given = view.given.get(asked.question)
    untouched = given is None or not given.answered
    if body["type"] == "order" and untouched and tuple(response["options"]) == asked.options:
        return None
    return response


def moved_text(db: Session, view: AttemptView, place: int, which: str) -> str:
    """Where a thing stands after it was moved; empty when there is no such thing."""
    given = view.given.get(view.asked[place - 1].question)
    order = list(given.response.get("options") or ()) if given is not None else []
    if which not in order:
        return ""
    words = words_of(body_at(db, view, place), language(), view.lang)
    at, name = order.index(which) + 1, plain(words["options"][which]["text"])
    return _("“%(name)s” is now number %(n)s of %(all)s.", name=name, n=at, all=len(order))


def _points(points: float) -> str:
    if points == round(points):
        return ngettext("%(num)s point", "%(num)s points", round(points))
    return _("%(points)s points", points=number(points))


def _saved(moment: datetime | None) -> str:
    return _("Saved %(time)s", time=clock_seconds(moment)) if moment else ""


def _more_hints(taken: int, there_are: int) -> str:
    if taken >= there_are:
        return ""
    return _("Show another hint") if taken else _("Show a hint")


def _price(body: Mapping[str, Any], points: float) -> str:
    cost = float(body.get("penalty") or 0) * points
    return _("Each hint takes %(points)s off the points.", points=number(round(cost, 2))) if cost else ""


def _told(body: Mapping[str, Any], words: Mapping[str, Any], given: Given | None) -> Told | None:
    """What is said at once about an answer; nothing where there is none, or no rule can mark it."""
    if given is None or not given.answered:
        return None
    share = marking.grade(body, given.response)
    if share is None:
        return None
    return Told(
        right=share >= 1,
        verdict=verdict(share),
        note=markup(notes_on(body, words, given.response)),
        explanation=markup(words["explanation"]),
    )


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
    queue: Queue
    back_url: str
    submit_url: str
    attempts_left: str


def review_page(db: Session, view: AttemptView, queue: Queue) -> ReviewPage:
    run = learners.run_by_enrolment(db, view.person_id, view.enrolment_id)
    assert run is not None
    held_to = attempts.quiz_rules(db, view.version_id, view.quiz)
    course_title, quiz_title = names(db, run, view.quiz)
    steps = steps_of(view)
    unanswered = tuple(step for step in steps if not step.answered)
    saved_at = max((one.saved_at for one in view.given.values()), default=None)
    extra = attempts.extra_attempts(db, view.enrolment_id, view.quiz)
    left = marking.attempts_left(held_to, view.number, extra)
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
        queue=queue,
        back_url=(unanswered or steps)[0].url,
        submit_url=f"/attempts/{view.key}/submit",
        attempts_left=_("This is your last attempt.")
        if left == 0
        else ngettext("After this one, %(num)s attempt is left.", "After this one, %(num)s attempts are left.", left)
        if left
        else "",
    )
