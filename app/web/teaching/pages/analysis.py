"""A quiz and its questions as item analysis sees them: words first, numbers behind them, nobody's name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.assessment import queries, rules
from app.assessment.queries import CorrectionLine, Sheet
from app.assessment.rules.analysis import FEWEST, ItemAnalysis, TestAnalysis
from app.assessment.rules.rasch import Rasch, RaschItem
from app.assessment.rules.verdicts import Finding
from app.catalog import queries as catalog
from app.catalog.queries import CourseHead
from app.catalog.rules import in_lang
from app.kit import clock
from app.kit.actor import Actor
from app.kit.errors import NotFound
from app.kit.i18n import N_, language, moment, ngettext, number, percent
from app.kit.i18n import gettext as _
from app.web.teaching.findings import said_of, trust

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class QuestionLine:
    """A question in the table of its quiz; numbers are words already, "–" where there is none."""

    title: str
    title_lang: str
    url: str
    kind: str
    word: str
    void: str
    facility: str
    discrimination: str
    point_biserial: str
    difficulty: str
    infit: str
    outfit: str
    people: str


@dataclass(frozen=True, slots=True)
class CorrectedLine:
    """A correction that was made; `progress` is empty once it has gone through."""

    title: str
    said: str
    reason: str
    policy: str
    who: str
    at: datetime
    result: str
    progress: str


@dataclass(frozen=True, slots=True)
class LockedLine:
    attempt: str
    who: str
    place: str
    used: str
    best: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class QuizPage:
    course_title: str
    course_url: str
    title: str
    url: str
    answer: str
    lead: str
    enough: bool
    people: str
    mean: str
    spread: str
    alpha: str
    error: str
    trust_kind: str
    trust: str
    questions: tuple[QuestionLine, ...]
    corrections: tuple[CorrectedLine, ...]
    locked: tuple[LockedLine, ...]
    asof: str


@dataclass(frozen=True, slots=True)
class Analysed:
    """A quiz with everything computed: pages, files and programs are made from it."""

    course: CourseHead
    quiz: str
    title: str
    course_title: str
    sheet: Sheet
    items: tuple[ItemAnalysis, ...]
    findings: tuple[Finding, ...]
    test: TestAnalysis | None
    rasch: Rasch | None


def analysed(db: Session, course: CourseHead, quiz: str) -> Analysed:
    """404 for a quiz that the course's newest version does not have."""
    assert course.version_id is not None
    content = catalog.content(db, course.version_id)
    found = content.outline.quiz(quiz)
    if found is None:
        raise NotFound(N_("There is no such quiz."))
    lang = language()
    made = queries.analysis(db, course.id, quiz)
    return Analysed(
        course,
        quiz,
        in_lang(found[1].titles, lang, content.outline.lang),
        content.words(lang).title,
        made.sheet,
        made.items,
        made.findings,
        made.test,
        made.rasch,
    )


def quiz_page(db: Session, actor: Actor, one: Analysed) -> QuizPage:
    url = quiz_url(one)
    grave = sum(1 for found in one.findings if found.verdict.grave)
    test = one.test
    kind, sentence = trust(test) if test else ("off", "")
    return QuizPage(
        course_title=one.course_title,
        course_url=f"/teaching/courses/{one.course.slug}",
        title=one.title,
        url=url,
        answer=_answer(one, grave),
        lead=_("Each person's first attempt, over all versions of the course."),
        enough=test is not None,
        people=number(one.sheet.people),
        mean=percent(test.mean, 0) if test else "–",
        spread=percent(test.deviation, 0) if test else "–",
        alpha=value_said(test.alpha if test else None),
        error=percent(test.error, 0) if test and test.error is not None else "",
        trust_kind=kind,
        trust=sentence,
        questions=tuple(_line(one, n) for n in _gravest_first(one)),
        corrections=corrections(db, one),
        locked=tuple(
            LockedLine(
                line.attempt,
                line.name if rules.may_name(actor, line.place_path) else _("Name hidden"),
                line.place if rules.may_name(actor, line.place_path) else _("Another organisation"),
                ngettext("%(num)s attempt", "%(num)s attempts", line.used),
                percent(line.best, 0),
                line.handed_in_at,
            )
            for line in queries.locked(db, one.course.id, one.quiz)
        ),
        asof=moment(clock.now()),
    )


def quiz_url(one: Analysed) -> str:
    return f"/teaching/courses/{one.course.slug}/quizzes/{one.quiz}"


def _gravest_first(one: Analysed) -> list[int]:
    order = {"overdue": 0, "soon": 1, "done": 2, "off": 3}
    kinds = [said_of(item, found, letters={}).kind for item, found in zip(one.items, one.findings, strict=True)]
    return sorted(range(len(one.items)), key=lambda n: (order[kinds[n]], n))


def _answer(one: Analysed, grave: int) -> str:
    if one.test is None:
        return _("Too few have taken it to say anything")
    if grave:
        return ngettext("%(num)s question is likely wrong", "%(num)s questions are likely wrong", grave)
    return _("No question looks wrong")


def value_said(value: float | None) -> str:
    return "–" if value is None else number(round(value, 2) + 0.0, 2).replace("-", "−")


def _line(one: Analysed, n: int) -> QuestionLine:
    question, item, found = one.sheet.questions[n], one.items[n], one.findings[n]
    words = words_of(question.body)
    said = said_of(item, found, letters={})
    enough = item.people >= FEWEST
    fit: RaschItem | None = one.rasch.items.get(n) if one.rasch and enough else None
    return QuestionLine(
        title=words["title"],
        title_lang=words["lang"],
        url=f"{quiz_url(one)}/questions/{question.question}",
        kind=said.kind,
        word=said.word,
        void=_("left out of the count") if question.void else "",
        facility=value_said(item.facility) if enough else "–",
        discrimination=value_said(item.discrimination) if enough else "–",
        point_biserial=value_said(item.point_biserial) if enough else "–",
        difficulty=value_said(fit.difficulty) if fit else "–",
        infit=value_said(fit.infit) if fit else "–",
        outfit=value_said(fit.outfit) if fit else "–",
        people=number(item.people),
    )


def words_of(body: Mapping[str, Any]) -> Mapping[str, Any]:
    texts = body["texts"]
    found: Mapping[str, Any] = texts.get(language()) or texts[body["lang"]]
    return found


def corrections(db: Session, one: Analysed, question: str = "") -> tuple[CorrectedLine, ...]:
    """What was corrected in this quiz, or in one of its questions, the latest first."""
    bodies = {asked.question: asked.body for asked in one.sheet.questions}
    lines = [line for line in queries.corrections_of(db, one.course.id) if line.question in bodies]
    return tuple(_corrected(line, bodies[line.question]) for line in lines if not question or line.question == question)


def _corrected(line: CorrectionLine, body: Mapping[str, Any]) -> CorrectedLine:
    said = ngettext("%(num)s attempt was marked anew", "%(num)s attempts were marked anew", line.changed)
    return CorrectedLine(
        title=words_of(body)["title"],
        said=change_said(line.change, body),
        reason=line.reason,
        policy=policy_said(line.policy),
        who=line.who,
        at=line.corrected_at,
        result=said,
        progress=""
        if line.done
        else _("%(n)s of %(all)s attempts looked at so far", n=number(line.seen), all=number(line.total)),
    )


def change_said(change: rules.Change, body: Mapping[str, Any]) -> str:
    """A correction in a sentence."""
    named = letters(body)
    options = ", ".join(named.get(one, one) for one in change.right)
    match change.how:
        case rules.How.VOID:
            return _("Left out of the count")
        case rules.How.KEY:
            return _("The key is now: %(options)s", options=options)
        case rules.How.ACCEPT if change.value:
            return _("Accepted too: “%(value)s”", value=change.value)
        case rules.How.ACCEPT:
            return _("Accepted too: %(options)s", options=options)
        case rules.How.REVISION:
            return _("The key of the newer version is taken")


def policy_said(policy: rules.Policy) -> str:
    return {
        rules.Policy.NOTHING: _("Only from now on"),
        rules.Policy.RAISE: _("Earlier attempts too, where somebody gains"),
        rules.Policy.ALL: _("All earlier attempts too"),
    }[policy]


def letters(body: Mapping[str, Any]) -> dict[str, str]:
    """A, B, C … for the options in the order they are written."""
    return (
        {option["id"]: LETTERS[n % 26] for n, option in enumerate(body["options"])}
        if body["type"] in rules.CHOSEN
        else {}
    )


def place_of(one: Analysed, question: str) -> int:
    for n, asked in enumerate(one.sheet.questions):
        if asked.question == question:
            return n
    raise NotFound(N_("Nobody has been asked this question yet."))
