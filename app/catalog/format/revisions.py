"""What a question's score depends on, as twelve letters: they change when a stored answer would mean something else."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import Any

from app.catalog.format.model import Bank, Course, Draw, Pool, Prose, Question, QuestionText, Quiz
from app.catalog.format.pages import Blocks


def revision(question: Question, text: QuestionText) -> str:
    """Once for each language: other words in English do not touch what was answered in Lithuanian."""
    content: list[Any] = [
        question.type.value,
        text.stem or text.title,
        [[option.id, option.text, round(option.fraction, 6)] for option in text.options],
        question.points,
        question.scoring,
        question.case,
        question.match,
        text.unit or question.unit,
        question.penalty,
    ]
    # Only where there is something of it: what was answered before these came keeps its revision.
    parts = [
        [part.id, part.kind, part.key, part.text, [[o.id, o.text, o.value, o.low, o.high] for o in part.options]]
        for part in text.parts
    ]
    for more in (parts, [question.min_words, question.max_words], [list(question.accept), question.max_mb]):
        if any(more):
            content.append(more)
    said = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(said.encode()).hexdigest()[:12]


def revised(course: Course, banks: tuple[Bank, ...]) -> Course:
    """The course with the revision of every question in every language."""
    modules = tuple(
        replace(
            module,
            pages=tuple(
                replace(
                    page, texts={lang: replace(text, blocks=_blocks(text.blocks)) for lang, text in page.texts.items()}
                )
                for page in module.pages
            ),
        )
        for module in course.modules
    )
    return replace(
        course,
        modules=modules,
        banks=tuple(replace(bank, questions=tuple(_question(q) for q in bank.questions)) for bank in banks),
    )


def _blocks(blocks: Blocks) -> Blocks:
    found: list[Prose | Question | Quiz] = []
    for block in blocks:
        if isinstance(block, Question):
            found.append(_question(block))
        elif isinstance(block, Quiz):
            found.append(replace(block, items=tuple(_item(item) for item in block.items)))
        else:
            found.append(block)
    return tuple(found)


def _item(item: Question | Pool | Draw) -> Question | Pool | Draw:
    if isinstance(item, Question):
        return _question(item)
    if isinstance(item, Pool):
        return replace(item, questions=tuple(_question(q) for q in item.questions))
    return item


def _question(question: Question) -> Question:
    return replace(
        question, texts={lang: replace(text, rev=revision(question, text)) for lang, text in question.texts.items()}
    )
