"""The words of a question in one language, rendered for the pages that ask, answer and mark it."""

from __future__ import annotations

from html import escape
from typing import Any, Protocol

from app.catalog.format.model import Option, Part, PartKind, Question, QuestionText, QuestionType
from app.catalog.importer import keys
from app.kit import markdown
from app.kit.markdown import Thread


class Renders(Protocol):
    def html(self, text: str, path: str, lang: str, thread: Thread | None = None) -> str: ...

    def line(self, text: str, path: str) -> str: ...


def words(press: Renders, question: Question, text: QuestionText, source: QuestionText) -> dict[str, Any]:
    def html(written: str) -> str:
        return press.html(written, question.path, text.lang, Thread(top=4, anchored=False))

    def row(option: Option) -> dict[str, str]:
        return {
            "text": press.line(option.text, question.path),
            "feedback": html(option.feedback),
            "value": option.value,
        }

    # A language that lacks an answer (a course with errors, in preview) shows that of the source.
    said = {option.id: option for option in source.options} | {option.id: option for option in text.options}
    if question.type is QuestionType.TEXT:
        said = dict(keys.accepted(question, source.lang))
    own = {part.id: part for part in text.parts}
    return {
        "lang": text.lang,
        "rev": text.rev,
        "title": markdown.words(text.title),
        "stem": html(text.stem),
        "options": {name: row(option) for name, option in said.items()},
        "parts": {
            part.id: {
                "text": press.line(own.get(part.id, part).text, question.path),
                "options": _choices(question, part, own.get(part.id, part), source.lang),
            }
            for part in source.parts
        },
        "hints": [html(hint) for hint in text.hints],
        "correct": html(text.correct),
        "partial": html(text.partial),
        "incorrect": html(text.incorrect),
        "explanation": html(text.explanation),
        "rubric": html(text.rubric),
        "sample": html(text.sample),
    }


def _choices(question: Question, part: Part, own: Part, lang: str) -> dict[str, dict[str, str]]:
    """What stands in a gap. A drop-down shows words only, so its choices carry no marks, yet are HTML as all words are."""
    options = {option.id: option for option in part.options} | {option.id: option for option in own.options}
    if part.kind is PartKind.TEXT:
        options = dict(keys.accepted_in(question, part, lang))
    return {
        name: {"text": escape(markdown.words(option.text)), "feedback": "", "value": option.value}
        for name, option in options.items()
    }
