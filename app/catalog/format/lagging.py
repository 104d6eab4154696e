"""Translations that lag behind: the source has changed since, and they have not."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from app.catalog.format.languages import questions_of
from app.catalog.format.model import Course, CourseText, Problem, Prose, Question, QuestionText, Quiz, Severity
from app.catalog.format.pages import Blocks
from app.catalog.format.problems import told
from app.catalog.rules import older
from app.kit.i18n import N_

# What is remembered of a text: {"source": hash, "en": {"text": hash, "of": hash of the source it was written to}}.
Texts = dict[str, Any]

OLDER = N_("the text in %(source)s has changed since this one was written")


def texts(course: Course) -> dict[str, Texts]:
    """The words of everything that can be translated, by id, each as the address of its content."""
    hashes: dict[str, dict[str, str]] = {}
    for name, lang, _, words in _said(course):
        hashes.setdefault(name, {})[lang] = _hash(words)
    found: dict[str, Texts] = {}
    for name, said in hashes.items():
        if course.lang in said:
            source = said.pop(course.lang)
            found[name] = {"source": source} | {lang: {"text": own, "of": source} for lang, own in said.items()}
    return found


def carried(now: Mapping[str, Texts], before: Mapping[str, Texts]) -> dict[str, Texts]:
    """What to remember: a translation that stays as it was still belongs to the source it was written to."""
    kept: dict[str, Texts] = {}
    for name, said in now.items():
        kept[name] = dict(said)
        for lang, own in said.items():
            old = before.get(name, {}).get(lang)
            if lang != "source" and isinstance(old, Mapping) and old.get("text") == own["text"]:
                kept[name][lang] = {"text": own["text"], "of": old.get("of", own["of"])}
    return kept


def problems(course: Course, before: Mapping[str, Texts]) -> list[Problem]:
    now = carried(texts(course), before)
    found: list[Problem] = []
    for name, lang, path, _ in _said(course):
        if lang in older(now.get(name, {})):
            found.append(told(path, 1, 1, "QC17", OLDER, Severity.WARNING, {"source": course.lang}))
    return found


def _hash(words: Iterable[str]) -> str:
    said = json.dumps(list(words), ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(said.encode()).hexdigest()[:12]


Said = tuple[str, str, str, list[str]]


def _said(course: Course) -> Iterator[Said]:
    """Id, language, path and words of every text; one that only borrows its body says nothing of its own."""
    home = next((path for path in course.files if path.rpartition("/")[2].startswith("course.")), "course.md")
    single = any(page.id == course.id for page in course.pages())
    for lang, text in course.texts.items():
        yield f"course:{course.id}", lang, _variant(course, home, lang), _course_words(text)
    for module in course.modules:
        for lang, words in module.texts.items() if not single else ():
            yield f"module:{module.id}", lang, _variant(course, module.path, lang), [words.title, words.intro]
        for page in module.pages:
            for lang, own in page.texts.items():
                if not own.borrowed:
                    yield page.id, lang, own.path or page.path, [own.title, *_block_words(own.blocks, lang)]
    for bank in course.banks:
        for lang in {lang for question in bank.questions for lang in question.texts}:
            spoken = [question.texts[lang] for question in bank.questions if lang in question.texts]
            yield bank.id, lang, _variant(course, bank.path, lang), [w for text in spoken for w in _words(text)]


def _variant(course: Course, path: str, lang: str) -> str:
    variant = f"{path.removesuffix('.md')}.{lang}.md"
    return variant if lang != course.lang and variant in course.files else path


def _course_words(text: CourseText) -> list[str]:
    return [text.title, text.summary, text.body, text.audience, text.contact, *text.outcomes.values()]


def _block_words(blocks: Blocks, lang: str) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, Prose):
            yield block.markdown
            continue
        asked = [block] if isinstance(block, Question) else questions_of(block)
        if isinstance(block, Quiz):
            yield block.titles.get(lang, "")
            yield block.intros.get(lang, "")
            for section in block.sections:
                yield from (section.titles.get(lang, ""), section.intros.get(lang, ""))
        for question in asked:
            if lang in question.texts:
                yield from _words(question.texts[lang])


def _words(text: QuestionText) -> Iterator[str]:
    """Only words: whoever changes points or marks need not translate anything."""
    yield from (text.title, text.stem, text.unit, text.correct, text.partial, text.incorrect)
    yield from (text.explanation, text.rubric, text.sample, *text.hints)
    for option in text.options:
        yield from (option.text, option.feedback, option.value)
    for part in text.parts:
        yield part.text
        for option in part.options:
            yield from (option.text, option.value)
