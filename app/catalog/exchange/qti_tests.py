"""Quizzes as QTI tests, pools and draws as sections of them that select, banks as sections of their own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.catalog.exchange import qti_marking as marking
from app.catalog.exchange.gathering import lost_rules
from app.catalog.exchange.model import Report
from app.catalog.exchange.qti_dialect import Dialect
from app.catalog.exchange.qti_item import TOOL, item_id
from app.catalog.exchange.qti_words import Writer
from app.catalog.exchange.question_text import number
from app.catalog.format.model import Bank, Course, Draw, Page, Pool, Question, Quiz
from app.kit.i18n import N_
from app.kit.markdown import words


@dataclass(frozen=True, slots=True)
class Document:
    """A file of the package, and the questions that it refers to."""

    id: str
    kind: str
    xml: str
    questions: tuple[Question, ...]

    @property
    def path(self) -> str:
        return f"{self.id}.xml"


def of_quiz(d: Dialect, course: Course, quiz: Quiz, report: Report) -> Document:
    banks = {bank.id: bank for bank in course.banks}
    intro = quiz.intros.get(course.lang, "")
    title = words(quiz.titles[course.lang])
    used: list[Question] = []
    content = [_item(d, course, item, banks, used) for item in quiz.items]
    rubric = d.tag(
        "rubric-block", d.words(Writer(d).blocks(intro)), view="candidate", use="instructions" if d.three else None
    )
    section = d.tag(
        "assessment-section",
        d.tag("ordering", shuffle=quiz.shuffle in ("questions", "all")),
        rubric if intro else "",
        *content,
        identifier="section", title=title, visible=True,
    )  # fmt: skip
    part = d.tag(
        "test-part", d.tag("item-session-control", max_attempts=quiz.attempts), section,
        identifier="part", navigation_mode="linear" if quiz.navigation == "sequential" else "nonlinear", submission_mode="simultaneous",
    )  # fmt: skip
    report.left_out(
        quiz.id, quiz.line, N_("of its rules: mode, when feedback is given, which attempt counts, order of answers")
    )
    lost_rules(quiz, report)
    xml = d.document(
        "assessment-test",
        marking.outcome(d, "SCORE", "float", default="0"),
        marking.outcome(d, "MAXSCORE", "float", default="0"),
        marking.outcome(d, "PASS", "boolean", default="false"),
        d.tag("time-limits", max_time=quiz.seconds) if quiz.seconds else "",
        part,
        _passed(d, quiz),
        lang=course.lang if d.three else "",
        identifier=f"t-{quiz.id}", title=title, tool_name=TOOL,
    )  # fmt: skip
    return Document(f"t-{quiz.id}", "test", xml, tuple(used_once(used)))


def used_once(questions: Iterable[Question]) -> list[Question]:
    return list({question.id: question for question in questions}.values())


def _passed(d: Dialect, quiz: Quiz) -> str:
    sums = [
        marking.put(d, name, d.tag("sum", d.tag("test-variables", variable_identifier=name)))
        for name in ("SCORE", "MAXSCORE")
    ]
    share = marking.base(d, "float", number(quiz.pass_percent / 100))
    needed = d.tag("product", marking.variable(d, "MAXSCORE"), share)
    test = d.tag("gte", marking.variable(d, "SCORE"), needed)
    yes = marking.put(d, "PASS", marking.base(d, "boolean", "true"))
    condition = d.tag("outcome-condition", d.tag("outcome-if", test, yes))
    return d.tag("outcome-processing", *sums, condition)


def _item(
    d: Dialect, course: Course, item: Question | Pool | Draw, banks: Mapping[str, Bank], used: list[Question]
) -> str:
    match item:
        case Question():
            used.append(item)
            return _reference(d, item)
        case Pool():
            used += item.questions
            refs = [_reference(d, question) for question in item.questions]
            return _section(d, f"pool-{item.id}", item.id, item.draw, refs)
    bank = banks.get(item.bank)
    drawn = [q for q in bank.questions if set(item.tags) <= set(q.tags)] if bank else []
    used += drawn
    refs = [_reference(d, question, inside=item.id, points=item.points) for question in drawn]
    tags = f": {', '.join(item.tags)}" if item.tags else ""
    return _section(d, f"draw-{item.id}", f"{item.bank}{tags}", item.count, refs)


def _section(d: Dialect, name: str, title: str, count: int, refs: list[str]) -> str:
    return d.tag(
        "assessment-section", d.tag("selection", select=count), d.tag("ordering", shuffle=True), *refs,
        identifier=name, title=title, visible=False,
    )  # fmt: skip


def _reference(d: Dialect, question: Question, *, inside: str = "", points: float | None = None) -> str:
    """A question that is drawn may be there more than once in a test, so what draws it is part of its name there."""
    weight = ""
    if points is not None and question.points and points != question.points:
        weight = d.tag("weight", identifier="WEIGHT", value=repr(points / question.points))
    name = f"{inside}-{item_id(question)}" if inside else item_id(question)
    return d.tag(
        "assessment-item-ref", weight, identifier=name, href=f"{item_id(question)}.xml", required=False, fixed=False
    )


def of_page(d: Dialect, course: Course, page: Page) -> Document | None:
    """The questions that stand alone on a page, outside any quiz."""
    said = page.texts[course.lang]
    alone = tuple(block for block in said.blocks if isinstance(block, Question))
    return _standing(d, course, f"page-{page.id}", words(said.title), alone) if alone else None


def of_bank(d: Dialect, course: Course, bank: Bank) -> Document:
    return _standing(d, course, f"bank-{bank.id}", bank.title or bank.id, bank.questions)


def _standing(d: Dialect, course: Course, name: str, title: str, questions: tuple[Question, ...]) -> Document:
    refs = [_reference(d, question) for question in questions]
    xml = d.document(
        "assessment-section", *refs, lang=course.lang if d.three else "", identifier=name, title=title, visible=True
    )
    return Document(name, "section", xml, questions)
