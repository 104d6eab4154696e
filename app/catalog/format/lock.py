"""Every id a course ever published: written down, and held against what a later reading finds."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from app.catalog.format import lagging
from app.catalog.format.languages import all_questions
from app.catalog.format.layout import LOCK
from app.catalog.format.model import Course, Draw, Pool, Problem, Question, QuestionType, Quiz
from app.catalog.format.problems import problem
from app.kit.i18n import N_

Entry = dict[str, str]
_COUNTED = re.compile(r"g\d+")


def ids_lock(course: Course) -> dict[str, Any]:
    """Every id and every text of a course: what a later reading is held against."""
    return {"course": course.id, "ids": ids_of(course), "texts": lagging.texts(course)}


def ids_of(course: Course) -> dict[str, Entry]:
    """Every id with its kind, and for questions the type and the revision in the source language."""
    found = {name: entry for name, entry, _, _, _ in _entries(course)}
    return dict(sorted(found.items()))


def ids_lock_json(course: Course) -> str:
    return json.dumps(ids_lock(course), ensure_ascii=False, indent=1) + "\n"


def _entries(course: Course) -> Iterator[tuple[str, Entry, tuple[str, ...], str, int]]:
    """Id, what the lock says of it, its earlier ids, and where it stands."""
    for module in course.modules:
        if len(module.pages) != 1 or module.pages[0].id != module.id:
            yield module.id, {"kind": "module"}, (), module.path, 1
        for page in module.pages:
            yield page.id, {"kind": "page"}, page.was, page.path, 1
            blocks = page.texts[course.lang].blocks
            for quiz in (block for block in blocks if isinstance(block, Quiz)):
                yield quiz.id, {"kind": "quiz"}, quiz.was, quiz.path, quiz.line
                for section in quiz.sections:
                    yield section.id, {"kind": "section"}, (), quiz.path, quiz.line
                for item in quiz.items:
                    if isinstance(item, Pool | Draw):
                        kind = "pool" if isinstance(item, Pool) else "draw"
                        yield item.id, {"kind": kind}, (), quiz.path, quiz.line
            for question in all_questions(blocks):
                yield _question(question, course.lang)
    for bank in course.banks:
        yield bank.id, {"kind": "bank"}, (), bank.path, 1
        for question in bank.questions:
            yield _question(question, course.lang)


def _question(question: Question, lang: str) -> tuple[str, Entry, tuple[str, ...], str, int]:
    text = question.texts[lang]
    entry = {"kind": "question", "type": question.type.value, "rev": text.rev}
    if question.type is QuestionType.CLOZE:
        entry["gaps"] = gaps_in(part.id for part in text.parts)
    return question.id, entry, question.was, question.path, question.line


def lint(course: Course, text: str) -> list[Problem]:
    """Hold a course against its lock file."""
    locked, texts = _locked(text)
    if locked is None:
        return [problem(LOCK, 1, 1, "E195", N_("this is not a list of ids: make it anew"))]
    found: list[Problem] = []
    here: dict[str, Entry] = {}
    renamed: set[str] = set()
    for name, entry, was, path, line in _entries(course):
        here[name] = entry
        renamed |= set(was)
        before = locked.get(name, {})
        for key in ("kind", "type"):
            if before.get(key, entry.get(key)) != entry.get(key):
                found.append(
                    problem(
                        path, line, 1, "E191", N_('id "%(id)s" was a %(before)s and is now a %(now)s: give it a new id'),
                        id=name, before=before.get(key), now=entry.get(key),
                    )
                )  # fmt: skip
                break
        if _recounted(before, entry):
            found.append(
                problem(path, line, 1, "E162", N_('question "%(id)s" had %(before)s gaps and now has %(now)s: give its gaps ids first'),
                        id=name, before=len(before["gaps"].split()), now=len(entry["gaps"].split()))
            )  # fmt: skip
    found += lagging.problems(course, texts)
    # What an export says has gone, went on purpose.
    gone = {name for name, entry in locked.items() if "gone" in entry}
    vanished = set(locked) - set(here) - renamed - set(course.retired) - gone
    revisions = {locked[name].get("rev"): name for name in sorted(vanished) if locked[name].get("rev")}
    for name, entry, was, path, line in _entries(course):
        old = revisions.get(entry.get("rev"))
        if name not in locked and old is not None and not was:
            found.append(
                problem(path, line, 1, "W192", N_('"%(id)s" says what "%(old)s" said: write was=%(old)s if it is the same question'),
                        id=name, old=old)
            )  # fmt: skip
    lines = text.split("\n")
    for name in sorted(vanished):
        line = next((number for number, one in enumerate(lines, 1) if f'"{name}"' in one), 1)
        found.append(problem(LOCK, line, 1, "E190", N_('id "%(id)s" is gone: name it under retired or was'), id=name))
    return found


def gaps_in(ids: Iterable[str]) -> str:
    """The gaps of a question as its entry keeps them."""
    return " ".join(ids)


def _recounted(before: Entry, now: Entry) -> bool:
    """Whether gaps came or went where they are only counted: each of them would then take another's answers."""
    was, here = before.get("gaps", "").split(), now.get("gaps", "").split()
    if not was or not here or len(was) == len(here):
        return False
    counted = [[name for name in names if _COUNTED.fullmatch(name)] for names in (was, here)]
    return counted[0] != counted[1] and bool(counted[1])


def _locked(text: str) -> tuple[dict[str, Entry] | None, dict[str, lagging.Texts]]:
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        return None, {}
    ids = said.get("ids") if isinstance(said, dict) else None
    if not isinstance(ids, dict) or not all(_is_entry(entry) for entry in ids.values()):
        return None, {}
    texts = said.get("texts")
    sound = isinstance(texts, dict) and all(isinstance(one, dict) for one in texts.values())
    return ids, texts if sound else {}


def _is_entry(entry: object) -> bool:
    return isinstance(entry, dict) and all(isinstance(value, str) for value in entry.values())
