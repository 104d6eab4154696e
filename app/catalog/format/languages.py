"""The same course in another language: words laid beside words, by id."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from app.catalog.format.model import Draw, Pool, Prose, Question, QuestionText, Quiz, Section
from app.catalog.format.pages import Blocks
from app.catalog.format.source import Source
from app.kit.i18n import N_


@dataclass(slots=True)
class Words:
    """What the variants of a file say, by id."""

    questions: dict[str, dict[str, QuestionText]] = field(default_factory=dict)
    titles: dict[str, dict[str, str]] = field(default_factory=dict)
    intros: dict[str, dict[str, str]] = field(default_factory=dict)
    sections: dict[str, Section] = field(default_factory=dict)

    def take(self, blocks: Iterable[Prose | Question | Quiz]) -> None:
        for block in blocks:
            if isinstance(block, Question):
                self._question(block)
            elif isinstance(block, Quiz):
                self.titles.setdefault(block.id, {}).update(block.titles)
                self.intros.setdefault(block.id, {}).update(block.intros)
                for section in block.sections:
                    self.sections[section.id] = _together(self.sections.get(section.id, section), section)
                for question in questions_of(block):
                    self._question(question)

    def _question(self, question: Question) -> None:
        self.questions.setdefault(question.id, {}).update(question.texts)

    def spread(self, question: Question) -> Question:
        return replace(question, texts=question.texts | self.questions.get(question.id, {}))

    def spread_quiz(self, quiz: Quiz) -> Quiz:
        items: list[Question | Pool | Draw] = []
        for item in quiz.items:
            if isinstance(item, Question):
                items.append(self.spread(item))
            elif isinstance(item, Pool):
                items.append(replace(item, questions=tuple(self.spread(q) for q in item.questions)))
            else:
                items.append(item)
        return replace(
            quiz,
            items=tuple(items),
            titles=quiz.titles | self.titles.get(quiz.id, {}),
            intros=quiz.intros | self.intros.get(quiz.id, {}),
            sections=tuple(_together(one, self.sections.get(one.id, one)) for one in quiz.sections),
        )

    def spread_blocks(self, blocks: Blocks) -> Blocks:
        return tuple(
            self.spread(block) if isinstance(block, Question)
            else self.spread_quiz(block) if isinstance(block, Quiz)
            else block
            for block in blocks
        )  # fmt: skip


def _together(one: Section, other: Section) -> Section:
    return replace(one, titles=one.titles | other.titles, intros=one.intros | other.intros)


def questions_of(quiz: Quiz) -> list[Question]:
    """The questions that are written in a quiz, those of its pools too; drawn ones stand in their bank."""
    found: list[Question] = []
    for item in quiz.items:
        if isinstance(item, Question):
            found.append(item)
        elif isinstance(item, Pool):
            found += item.questions
    return found


def all_questions(blocks: Iterable[Prose | Question | Quiz]) -> list[Question]:
    found: list[Question] = []
    for block in blocks:
        if isinstance(block, Question):
            found.append(block)
        elif isinstance(block, Quiz):
            found += questions_of(block)
    return found


def in_place(translated: Blocks, merged: Blocks) -> Blocks:
    """The blocks of a variant, with the questions and quizzes of the source in every language."""
    whole = {block.id: block for block in merged if not isinstance(block, Prose)}
    placed = (block if isinstance(block, Prose) else whole.get(block.id) for block in translated)
    return tuple(block for block in placed if block is not None)


def compare(source: Source, lang: str, here: set[str], there: set[str]) -> None:
    """The set of quizzes and questions equals the source's; the ones too many were told where they stand."""
    for missing in sorted(there - here):
        source.notes.note(1, 1, "E192", N_('"%(id)s" is missing in %(lang)s'), id=missing, lang=lang)
