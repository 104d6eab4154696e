"""What publishing would change and whom it would touch, before anything is done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from app.catalog import importer
from app.catalog.importer import Changes, Plan
from app.catalog.importer.apart import Looked
from app.catalog.importer.changes import Snapshot
from app.catalog.queries import UploadCard
from app.catalog.rules import ChangeLevel
from app.kit.actor import Actor
from app.kit.i18n import gettext as _
from app.kit.i18n import ngettext
from app.learning import queries as learning
from app.learning.rules import RunState
from app.web.differences import Line, TextDiff, compare_texts, paragraphs, words
from app.web.forms import Form
from app.web.teaching.keys import KeyLine, key_lines
from app.web.teaching.pages.readiness import (
    Regrade,
    ReviewPanel,
    Waiting,
    regrade_cards,
    regrades,
    review_panel,
    waiting,
)
from app.web.teaching.pages.report import Finding, finding, title_of

PAGES_COMPARED = 30


@dataclass(frozen=True, slots=True)
class PageDiff:
    """A page whose words changed, in the first language in which they did."""

    title: str
    lang: str
    diff: TextDiff


@dataclass(frozen=True, slots=True)
class Listed:
    """A page or question that came or went whole."""

    id: str
    title: str
    kind: str
    word: str


@dataclass(frozen=True, slots=True)
class QuestionDiff:
    """`kind` is off for other words, soon for another key."""

    id: str
    kind: str
    word: str
    lang: str
    title: Line
    keys: tuple[KeyLine, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Affected:
    """How many people learn now and have completed, over all majors; `newest` those on the newest one."""

    going: int
    completed: int
    newest: int


@dataclass(frozen=True, slots=True)
class PublishPage:
    """`levels` are radio cards: value, label, hint, whether it cannot be chosen. `blocked` says why nothing can be published."""

    title: str
    first: bool
    blocked: str
    changed: str
    since: str
    people: Affected
    next_label: str
    pages: tuple[PageDiff, ...]
    pages_whole: tuple[Listed, ...]
    questions: tuple[QuestionDiff, ...]
    questions_whole: tuple[Listed, ...]
    questions_changed: int
    questions_all: int
    quizzes: tuple[str, ...]
    words_changed: bool
    problems: tuple[Finding, ...]
    levels: tuple[tuple[str, str, str, bool], ...]
    warnings: int
    reviewed_by: str
    reviewed_on: str
    review: ReviewPanel
    waiting: Waiting | None
    regrades: tuple[Regrade, ...]
    regrade_cards: tuple[tuple[str, str, str], ...]
    may_publish: bool
    form: Form
    url: str
    report_url: str
    course_url: str


def publish_page(
    db: Session,
    actor: Actor,
    upload: UploadCard,
    looked: Looked,
    plan: Plan,
    *,
    form: Form | None = None,
    blocked: str = "",
) -> PublishPage:
    summary = upload.summary
    changes = plan.changes
    people = affected(db, plan)
    listed = _pages_whole(changes), _questions_whole(changes)
    before, after = plan.before, plan.after
    labels = plan.number_if
    course = looked.examined.course
    if not blocked and looked.examined.errors:
        blocked = _("There are errors in this upload. Correct them first.")
    elif not blocked and plan.same_as is not None:
        blocked = _(
            "This very content was published before as version %(version)s. To go back to it, use the list of versions.",
            version=plan.same_as.label,
        )
    elif not blocked and any(problem.severity == "E" for problem in plan.problems):
        blocked = _("Some ids have vanished or become something else. Correct the course and upload it again.")
    review = review_panel(db, actor, upload, looked)
    changed = regrades(db, actor, plan, looked)
    values = {"level": _proposed(plan, summary), "note": _note(plan, summary), "regrade": "nothing", "time": "08:00"}
    return PublishPage(
        title=title_of(upload),
        first=plan.latest is None,
        blocked=blocked,
        changed=_changed(changes),
        since=plan.latest.label if plan.latest else "",
        people=people,
        next_label=labels[changes.least] if plan.latest else labels[ChangeLevel.MAJOR],
        pages=_page_diffs(before, after, changes),
        pages_whole=listed[0],
        questions=_question_diffs(before, after, changes),
        questions_whole=listed[1],
        questions_changed=changes.questions,
        questions_all=len(after.questions),
        quizzes=tuple(
            one.title for one in (*changes.quizzes_added, *changes.quizzes_changed, *changes.quizzes_removed)
        ),
        words_changed=changes.words and plan.latest is not None,
        problems=tuple(_problem(number, one, looked) for number, one in enumerate(plan.problems, 1)),
        levels=level_cards(plan, people),
        warnings=upload.warnings,
        reviewed_by=course.reviewed_by if course else "",
        reviewed_on=course.reviewed_on.isoformat() if course and course.reviewed_on else "",
        review=review,
        waiting=waiting(db, upload.slug),
        regrades=changed,
        regrade_cards=regrade_cards() if changed else (),
        may_publish=not blocked and (review.ready or not review.required),
        form=form or Form(values=values),
        url=f"/teaching/uploads/{upload.key}/publish",
        report_url=f"/teaching/uploads/{upload.key}",
        course_url=f"/teaching/courses/{plan.course.slug}" if plan.course else "",
    )


def _proposed(plan: Plan, summary: Mapping[str, Any]) -> str:
    wants_major = summary.get("proposed") == "major" and plan.latest is not None
    return ChangeLevel.MAJOR.value if wants_major else plan.changes.least.value


def _note(plan: Plan, summary: Mapping[str, Any]) -> str:
    """What the author wrote into the course, unless it is what was said last time."""
    said = str(summary.get("note", ""))
    return "" if plan.latest is not None and plan.latest.note == said else said


def affected(db: Session, plan: Plan) -> Affected:
    if plan.course is None or plan.latest is None:
        return Affected(0, 0, 0)
    by_major = learning.people_by_major(db, plan.course.id)

    def going(states: Mapping[RunState, int]) -> int:
        return states.get(RunState.ENROLLED, 0) + states.get(RunState.STARTED, 0)

    return Affected(
        going=sum(going(states) for states in by_major.values()),
        completed=sum(states.get(RunState.COMPLETED, 0) for states in by_major.values()),
        newest=going(by_major.get(plan.latest.major, {})),
    )


def _changed(changes: Changes) -> str:
    return _(
        "%(pages)s and %(questions)s",
        pages=ngettext("%(num)s page", "%(num)s pages", changes.pages),
        questions=ngettext("%(num)s question", "%(num)s questions", changes.questions),
    )


def reasons_said(reasons: tuple[str, ...]) -> str:
    """Why this cannot be a minor change, as one list of words."""
    said = {
        "pages": _("required pages came or went"),
        "quizzes": _("quizzes that count came or went"),
        "questions": _("questions that count came or went"),
        "types": _("a question changed its type"),
        "keys": _("what is right changed"),
    }
    return _("Not possible: %(reasons)s.", reasons="; ".join(said[one] for one in reasons))


def level_cards(plan: Plan, people: Affected) -> tuple[tuple[str, str, str, bool], ...]:
    if plan.latest is None:
        return ()
    numbers, now = plan.number_if, plan.latest.label
    reasons = plan.changes.reasons
    if reasons:
        minor = reasons_said(reasons)
    elif people.newest:
        minor = ngettext(
            "%(num)s learner goes on with the new text at once.",
            "%(num)s learners go on with the new text at once.",
            people.newest,
        )
    else:
        minor = _("Everybody on version %(version)s sees the new text at once.", version=now)
    if people.going:
        major = ngettext(
            "%(num)s learner stays with the version begun and is offered this one; new ones start with it.",
            "%(num)s learners stay with the version begun and are offered this one; new ones start with it.",
            people.going,
        )
    else:
        major = _("Nobody is learning now; new learners start with this one.")
    return (
        (ChangeLevel.MINOR, _("Minor, v%(version)s", version=numbers[ChangeLevel.MINOR]), minor, bool(reasons)),
        (ChangeLevel.MAJOR, _("Major, v%(version)s", version=numbers[ChangeLevel.MAJOR]), major, False),
    )


def _page_diffs(before: Snapshot | None, after: Snapshot, changes: Changes) -> tuple[PageDiff, ...]:
    if before is None:
        return ()
    made: list[PageDiff] = []
    for change in changes.pages_changed[:PAGES_COMPARED]:
        langs = sorted({lang for page, lang in after.pages if page == change.id}, key=lambda lang: lang != after.lang)
        for lang in langs:
            old, new = before.pages.get((change.id, lang)), after.pages[change.id, lang]
            if old is None or old == new:
                continue
            diff = compare_texts([old[0], *paragraphs(old[1])], [new[0], *paragraphs(new[1])])
            made.append(PageDiff(new[0], lang, diff))
            break
    return tuple(made)


def _pages_whole(changes: Changes) -> tuple[Listed, ...]:
    came = tuple(Listed(one.id, one.title, "done", _("New page")) for one in changes.pages_added)
    return came + tuple(Listed(one.id, one.title, "overdue", _("Removed page")) for one in changes.pages_removed)


def _questions_whole(changes: Changes) -> tuple[Listed, ...]:
    came = tuple(Listed(one.id, one.title, "done", _("New question")) for one in changes.questions_added)
    return came + tuple(
        Listed(one.id, one.title, "overdue", _("Removed question")) for one in changes.questions_removed
    )


def _question_diffs(before: Snapshot | None, after: Snapshot, changes: Changes) -> tuple[QuestionDiff, ...]:
    if before is None:
        return ()
    made = [
        _question_diff(before, after, one.id, "off", _("Words only"), _("Points stay as they are."))
        for one in changes.questions_reworded
    ]
    for one in changes.questions_rekeyed:
        old, new = before.questions[one.id]["type"], after.questions[one.id]["type"]
        if old != new:
            word = _("Another type")
            note = _("It is another question now: answers given before are not marked by it.")
        else:
            word = _("Another key")
            note = _("Answers already given stay as they were marked, unless you choose otherwise here.")
        made.append(_question_diff(before, after, one.id, "soon", word, note))
    return tuple(made)


def _question_diff(before: Snapshot, after: Snapshot, question: str, kind: str, word: str, note: str) -> QuestionDiff:
    old, new = before.questions[question], after.questions[question]
    lang = after.lang
    was, now = old["texts"].get(before.lang, {}), new["texts"][lang]
    return QuestionDiff(
        id=question,
        kind=kind,
        word=word,
        lang=lang,
        title=words(str(was.get("title", "")), str(now["title"])),
        keys=key_lines(old, new, was, now) if kind == "soon" else (),
        note=note,
    )


def _problem(number: int, problem: Any, looked: Looked) -> Finding:
    course = looked.examined.course
    (row,) = importer.rows([problem], course.files if course else {})
    return finding(number, problem, row)
