"""Whether questions are fair and useful: QC08."""

from __future__ import annotations

import re

from app.catalog.format.checks.told import WARNING, Told
from app.catalog.format.model import Draw, Pool, Question, QuestionType
from app.kit.i18n import N_

_ALL_OF_THEM = re.compile(
    r"visi (?:atsakymai|variantai|išvardyti|teiginiai)|visi aukščiau|n(?:ė|ei) vienas (?:iš|atsakym|variant)"
    r"|(?:all|none) of the above|all answers"
    r"|alle (?:svarene|alternativene|de ovennevnte)|ingen av (?:de|alternativene|svarene)",
    re.I,
)
_CHOICES = (QuestionType.SINGLE, QuestionType.MULTIPLE)


def check(told: Told) -> None:
    for question in told.questions():
        _question(told, question)
    sizes = {bank.id: bank.questions for bank in told.course.banks}
    for _, quiz in told.quizzes():
        for item in quiz.items:
            if isinstance(item, Pool) and len(item.questions) < 1.5 * item.draw:
                _small(told, (quiz.path, quiz.line, 1), item.id, len(item.questions), item.draw)
            elif isinstance(item, Draw) and item.bank in sizes:
                fitting = [question for question in sizes[item.bank] if set(item.tags) <= set(question.tags)]
                if len(fitting) < 1.5 * item.count:
                    _small(told, (quiz.path, quiz.line, 1), item.id, len(fitting), item.count)


def _small(told: Told, at: tuple[str, int, int], name: str, found: int, drawn: int) -> None:
    told.say(
        at, "QC08", WARNING, N_('"%(id)s" draws %(drawn)s of %(found)s questions; have at least half as many again'),
        id=name, drawn=drawn, found=found,
    )  # fmt: skip


def _question(told: Told, question: Question) -> None:
    at = (question.path, question.line, 1)
    text = question.texts[told.course.lang]
    if not question.graded:
        return
    if question.type in _CHOICES and not 3 <= len(text.options) <= 5:
        told.say(at, "QC08", WARNING, N_("offer 3 to 5 answers, not %(count)s"), count=len(text.options))
    if question.by_hand and not text.rubric:
        told.say(at, "QC08", WARNING, N_("say how this is marked, in a > [!RUBRIC]"))
    spoken = (
        text.explanation,
        text.correct,
        text.partial,
        text.incorrect,
        text.rubric,
        text.sample,
        *(option.feedback for option in text.options),
    )
    if not any(spoken):
        told.say(at, "QC08", WARNING, N_("explain the answer: no feedback is written for this question"))
    for words in question.texts.values():
        for option in words.options if question.type in _CHOICES else ():
            if _ALL_OF_THEM.search(option.text):
                told.say(at, "QC08", WARNING, N_('do not offer "%(text)s" as an answer'), text=option.text)
