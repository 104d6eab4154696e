"""During a quiz: one question, where I am, what is left unanswered. Nothing of the key is ever here before it may be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from markupsafe import Markup
from sqlalchemy.orm import Session

from app.assessment import queries as attempts
from app.assessment import rules as marking
from app.assessment.queries import AttemptView, Given
from app.assessment.rules import QuizRules
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
from app.web.outages import given_back


@dataclass(frozen=True, slots=True)
class Step:
    """A question in the navigator; `url` is empty where there is no way to it."""

    number: int
    url: str
    answered: bool
    flagged: bool
    current: bool


@dataclass(frozen=True, slots=True)
class Group:
    """The questions of one section in the navigator; a quiz without sections is one group without a title."""

    title: str
    steps: tuple[Step, ...]


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
    """Feedback on one answer, where the quiz gives it after each question; `verdict` is empty where it may not be told."""

    right: bool
    verdict: str
    note: Markup
    explanation: Markup


@dataclass(frozen=True, slots=True)
class QuestionPage:
    """`saved` is the time of the last save, empty when nothing was saved yet; `hints` are those that were asked for,
    `more_hints` is the word of the button for another, empty when there is none. `base` is the revision of the answer
    that the page shows, 0 for none; `given_back` says that time was added, or is empty. `sure` are the levels of
    certainty as (value, words, chosen), empty where the quiz does not ask. `check` says how many tries are left, empty
    where answers are not checked one by one or this one stays. `one_way`: there is no way back."""

    form: Form
    ids: dict[str, str]
    course_title: str
    quiz_title: str
    quiz_lang: str
    section: str
    section_intro: Markup
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
    settled: bool
    check: str
    sure: tuple[tuple[str, str, bool], ...]
    sure_price: str
    one_way: bool
    hints: tuple[Markup, ...]
    more_hints: str
    hint_price: str
    timer: Timer | None
    groups: tuple[Group, ...]
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
                url=f"/attempts/{view.key}/{n}" if not view.reached or n == view.reached else "",
                answered=given is not None and given.answered,
                flagged=given is not None and given.flagged,
                current=n == current,
            )
        )
    return tuple(out)


def groups_of(view: AttemptView, steps: tuple[Step, ...], sections: Mapping[str, str]) -> tuple[Group, ...]:
    """The steps by section; `sections` are titles by id."""
    paired = zip(view.asked, steps, strict=True)
    return tuple(
        Group(sections.get(section, ""), tuple(step for _one, step in members))
        for section, members in groupby(paired, key=lambda pair: pair[0].section)
    )


def section_words(held_to: QuizRules, source: str) -> tuple[dict[str, str], dict[str, str]]:
    """The titles and the introductions of the sections of a quiz, by id, in the reader's language."""
    said, lang = held_to.sections, language()
    titles = {one["id"]: in_lang(one["titles"], lang, source) for one in said}
    return titles, {one["id"]: in_lang(one["intros"], lang, source) for one in said if one["intros"]}


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
    held_to = attempts.rules_of(db, view)
    # The reader's language may change in the middle: ids are the same in all, so what was answered stays answered.
    words = words_of(body, language(), view.lang)
    given = view.given.get(asked.question)
    response = typed if typed is not None else given.response if given else {}
    course_title, quiz_title = names(db, run, view.quiz)
    steps = steps_of(view, place)
    flags = sum(1 for step in steps if step.flagged)
    saved_at = max((one.saved_at for one in view.given.values()), default=None)
    tries = given.tries if given is not None else ()
    settled = marking.is_settled(tries, body, held_to.tries)
    told = _told(body, words, given, held_to, settled) if typed is None else None
    titles, intros = section_words(held_to, run.outline.lang)
    first = place == 1 or view.asked[place - 2].section != asked.section
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
        told=told is not None and bool(told.verdict),
        errors=form.errors,
        file_url=f"{url}/file",
    )
    return QuestionPage(
        form=form,
        ids={name: f"answer-{name}" if name.startswith("part-") else "answer" for name in form.errors},
        course_title=course_title,
        quiz_title=quiz_title,
        quiz_lang=language() if language() in run.outline.langs else run.outline.lang,
        section=titles.get(asked.section, ""),
        section_intro=markup(intros.get(asked.section, "") if first else ""),
        number=place,
        of=len(view.asked),
        points=_points(asked.points) if marking.is_graded(body) else _("without points"),
        field=field,
        flagged=flagged if flagged is not None else given is not None and given.flagged,
        saved=saved_words(saved_at),
        base=base if base is not None else given.revision if given is not None else 0,
        elsewhere=elsewhere,
        given_back=given_back(db, view.id) if view.deadline_at else "",
        queue=queue,
        told=told,
        settled=settled,
        check="" if settled or marking.is_by_hand(body) or not marking.is_graded(body) else _check(held_to, len(tries)),
        sure=_sure(response) if held_to.certainty and marking.is_graded(body) else (),
        sure_price=_sure_price(asked.points) if held_to.certainty else "",
        one_way=view.reached > 0,
        hints=tuple(markup(hint) for hint in words["hints"][:taken]),
        more_hints=_more_hints(taken, len(words["hints"])) if held_to.hints else "",
        hint_price=_price(body, asked.points),
        timer=timer_of(view),
        groups=groups_of(view, steps, titles),
        tally=_("Answered %(n)s of %(all)s", n=view.answered, all=len(view.asked)),
        flags=_("Marked: %(n)s", n=flags) if flags else "",
        action=url,
        file_action=f"{url}/file",
        review_url=f"/attempts/{view.key}/review",
        last=place == len(view.asked),
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
    if (sure := posted.text("certainty")).isdigit():
        response["certainty"] = int(sure)
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


def saved_words(moment: datetime | None) -> str:
    return _("Saved %(time)s", time=clock_seconds(moment)) if moment else ""


def _more_hints(taken: int, there_are: int) -> str:
    if taken >= there_are:
        return ""
    return _("Show another hint") if taken else _("Show a hint")


def _price(body: Mapping[str, Any], points: float) -> str:
    cost = float(body.get("penalty") or 0) * points
    return _("Each hint takes %(points)s off the points.", points=number(round(cost, 2))) if cost else ""


def _check(held_to: QuizRules, used: int) -> str:
    if not held_to.tries:
        return ""
    left = held_to.tries - used
    return ngettext("%(num)s try is left.", "%(num)s tries are left.", left)


def _sure(response: Mapping[str, Any]) -> tuple[tuple[str, str, bool], ...]:
    said = (_("I am guessing"), _("I am fairly sure"), _("I am sure"))
    chosen = response.get("certainty")
    return tuple((str(level), words, level == chosen) for level, words in zip(marking.LEVELS, said, strict=True))


def _sure_price(points: float) -> str:
    """What each level earns and costs, in points."""
    gains = [number(round(points * marking.certain_share(level, right=True), 2)) for level in marking.LEVELS]
    losses = [number(abs(round(points * marking.certain_share(level, right=False), 2))) for level in marking.LEVELS]
    return _(
        "Right: %(low)s, %(mid)s or %(high)s points. Wrong: %(none)s, less %(some)s or less %(much)s.",
        low=gains[0], mid=gains[1], high=gains[2], none=losses[0], some=losses[1], much=losses[2],
    )  # fmt: skip


def _told(
    body: Mapping[str, Any], words: Mapping[str, Any], given: Given | None, held_to: QuizRules, settled: bool
) -> Told | None:
    """What is said at once about an answer; nothing where there is none, or no rule can mark it.

    Where tries are counted only a checked answer is told about, and what is right only once no try is left.
    """
    shown = marking.at_moment(held_to, "during")
    if given is None or not given.answered or not shown.anything:
        return None
    if held_to.tries and (not given.tries or given.tries[-1] != given.response):
        return None
    share = marking.grade(body, given.response)
    if share is None:
        return None
    told = Told(
        right=share >= 1,
        verdict=verdict(share) if shown.correctness else "",
        note=markup(notes_on(body, words, given.response) if shown.feedback else ""),
        explanation=markup(words["explanation"] if shown.key and (settled or not held_to.tries) else ""),
    )
    return told if told.verdict or told.note or told.explanation else None
