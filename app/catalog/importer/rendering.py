"""Pages, quizzes and questions as they are stored: their words rendered once, in every language of the course."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from app.catalog.format import terms
from app.catalog.format.model import (
    Course,
    Draw,
    Page,
    PageText,
    Pool,
    Prose,
    Question,
    Quiz,
    Section,
)
from app.catalog.importer import keys, wording
from app.catalog.importer.places import Places
from app.kit import markdown
from app.kit.markdown import Thread


@dataclass(frozen=True, slots=True)
class PreparedPage:
    page: str
    lang: str
    title: str
    text_lang: str
    blocks: tuple[dict[str, Any], ...]
    sources: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class PreparedQuiz:
    quiz: str
    page: str
    rules: dict[str, Any]
    items: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class PreparedQuestion:
    revision: str
    question: str
    type: str
    body: dict[str, Any]


@dataclass(slots=True)
class Press:
    """Renders one course; every question that comes by is kept under its revision."""

    course: Course
    places: Places
    questions: dict[str, PreparedQuestion] = field(default_factory=dict)

    @property
    def langs(self) -> tuple[str, ...]:
        """The source language first."""
        return (self.course.lang, *sorted(set(self.course.texts) - {self.course.lang}))

    def html(self, text: str, path: str, lang: str, thread: Thread | None = None) -> str:
        link, file = partial(self.places.link, path), partial(self.places.file, path)
        return markdown.render(text, lang=lang, link=link, media=file, thread=thread).html

    def line(self, text: str, path: str) -> str:
        return markdown.render_line(text, link=partial(self.places.link, path), media=partial(self.places.file, path))

    # pages

    def pages(self) -> tuple[PreparedPage, ...]:
        return tuple(self.page(page, lang) for page in self.course.pages() for lang in self.langs)

    def page(self, page: Page, lang: str) -> PreparedPage:
        source = page.texts[self.course.lang]
        own = page.texts.get(lang)
        # Without words of its own a language shows those of the source, and says in which language they are.
        borrowed = own is None or own.borrowed
        text = source if own is None else own
        text_lang = self.course.lang if borrowed else lang
        return PreparedPage(
            page=page.id,
            lang=lang,
            title=text.title,
            text_lang=text_lang,
            blocks=self.blocks(source if borrowed else text, page.path, text_lang),
            sources=tuple(
                {
                    "act": s.act,
                    "number": s.number,
                    "article": s.article,
                    "url": s.url,
                    "checked_on": s.checked_on.isoformat() if s.checked_on else None,
                    "unchecked": s.unchecked,
                }
                for s in (page.sources or (self.course.sources if len(self.course.pages()) == 1 else ()))
            ),
        )

    def blocks(self, text: PageText, path: str, lang: str) -> tuple[dict[str, Any], ...]:
        thread = Thread()
        made: list[dict[str, Any]] = []
        for block in text.blocks:
            match block:
                case Prose():
                    html = self.html(block.markdown, text.path or path, lang, thread)
                    if html:
                        made.append({"html": html})
                case Question():
                    made.append({"question": self.question(block)})
                case Quiz():
                    made.append({"quiz": block.id})
        return tuple(made)

    # quizzes

    def quizzes(self) -> tuple[PreparedQuiz, ...]:
        return tuple(
            self.quiz(block, page.id)
            for page in self.course.pages()
            for block in page.texts[self.course.lang].blocks
            if isinstance(block, Quiz)
        )

    def quiz(self, quiz: Quiz, page: str) -> PreparedQuiz:
        rules = {
            "mode": quiz.mode.value,
            "pass_percent": quiz.pass_percent,
            "attempts": quiz.attempts,
            "seconds": quiz.seconds,
            "shuffle": quiz.shuffle,
            "feedback": quiz.feedback,
            "grading": quiz.grading,
            "show": {when: list(parts) for when, parts in quiz.show.items()},
            "tries": quiz.tries,
            "delay": quiz.delay,
            "opens": terms.opens(quiz.opens).isoformat() if quiz.opens else "",
            "closes": terms.closes(quiz.closes).isoformat() if quiz.closes else "",
            "grace": quiz.grace,
            "navigation": quiz.navigation,
            "certainty": quiz.certainty,
            "repeat": quiz.repeat,
            "sections": [self.section(one, quiz.path) for one in quiz.sections],
            "titles": {lang: markdown.words(title) for lang, title in quiz.titles.items()},
            "intros": {lang: self.html(intro, quiz.path, lang, Thread(top=3)) for lang, intro in quiz.intros.items()},
        }
        section_of = {item: one.id for one in quiz.sections for item in one.items}
        items = ({**self.item(item), "section": section_of.get(item.id, "")} for item in quiz.items)
        return PreparedQuiz(quiz.id, page, rules, tuple(items))

    def section(self, section: Section, path: str) -> dict[str, Any]:
        return {
            "id": section.id,
            "shuffle": section.shuffle,
            "titles": {lang: markdown.words(title) for lang, title in section.titles.items()},
            "intros": {lang: self.html(intro, path, lang, Thread(top=3)) for lang, intro in section.intros.items()},
        }

    def item(self, item: Question | Pool | Draw) -> dict[str, Any]:
        match item:
            case Question():
                return {"kind": "question", "revision": self.question(item)}
            case Pool():
                members = [self.question(question) for question in item.questions]
                return {"kind": "pool", "id": item.id, "count": item.draw, "points": item.points, "members": members}
            case Draw():
                members = [self.question(question) for question in fitting(self.course, item)]
                return {"kind": "draw", "id": item.id, "count": item.count, "points": item.points, "members": members}

    # questions

    def question(self, question: Question) -> str:
        body = self.body(question)
        said = json.dumps([self.course.id, body], ensure_ascii=False, sort_keys=True)
        revision = hashlib.sha256(said.encode()).hexdigest()
        self.questions[revision] = PreparedQuestion(revision, question.id, question.type.value, body)
        return revision

    def body(self, question: Question) -> dict[str, Any]:
        """A question as it is asked and marked; the key stands in `options` and `parts`, the words in `texts`."""
        options, scoring = keys.marks(question, self.course.lang)
        source = question.texts[self.course.lang]
        return {
            "id": question.id,
            "type": question.type.value,
            "points": question.points,
            "scoring": scoring,
            "shuffle": question.shuffle,
            "case": question.case,
            "match": question.match,
            "unit": question.unit,
            "penalty": question.penalty,
            "outcomes": list(question.outcomes),
            "see": question.see,
            "lang": self.course.lang,
            "options": options,
            "parts": keys.parts(question, self.course.lang),
            "graded": question.graded,
            "by_hand": question.by_hand,
            **keys.limits(question),
            "texts": {
                lang: wording.words(self, question, question.texts.get(lang, source), source) for lang in self.langs
            },
        }


def fitting(course: Course, draw: Draw) -> tuple[Question, ...]:
    """The questions of a bank that a draw may take: those with every tag it names."""
    bank = next((bank for bank in course.banks if bank.id == draw.bank), None)
    return tuple(q for q in (bank.questions if bank else ()) if set(draw.tags) <= set(q.tags))
