"""Aiken: one right answer out of several, a line each. Read, and written for what is as simple as that."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from app.catalog.exchange import escaping, gathering
from app.catalog.exchange.decoding import decoded
from app.catalog.exchange.desk import Desk, Item
from app.catalog.exchange.model import Conversion, Given, Outcome, Report, Written
from app.catalog.exchange.moodle_source import Refusal
from app.catalog.exchange.moodle_types import of
from app.catalog.exchange.pages import Drawer, conversion
from app.catalog.format.answers import option_id
from app.catalog.format.model import Course, Option, Question, QuestionText, QuestionType
from app.kit.i18n import N_
from app.kit.markdown import words

# Both are held against a line without spaces at its ends.
_ANSWER = re.compile(r"([A-Za-z])[.)]\s*(\S.*)")
_KEY = re.compile(r"ANSWER\s*:\s*(.*)", re.I)
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(slots=True)
class Block:
    """One question as it stands in the file; `key` is what follows ANSWER:, None while it has not come."""

    line: int
    text: list[str] = field(default_factory=list)
    answers: list[tuple[str, str]] = field(default_factory=list)
    key: str | None = None


def recognises(name: str, data: bytes) -> bool:
    return name.endswith((".txt", ".aiken")) and re.search(rb"^[ \t]*ANSWER[ \t]*:", data, re.M) is not None


def read(given: Given) -> Conversion:
    desk = Desk(given)
    text = decoded(given.name, given.data, given.lang, desk.report)
    if text is None:
        return Conversion({}, tuple(desk.report.notes))
    drawer = Drawer(desk)
    for block in _blocks(text):
        if drawer.full:
            break
        name = " ".join(block.text) or (block.answers[0][1] if block.answers else f"ANSWER: {block.key}")
        item = Item(escaping.folded(name).strip()[:60], block.line)
        try:
            question = desk.question(item, _question(desk, item, block))
        except Refusal as error:
            desk.report.refused(item.name, item.line, error.template, **error.values)
            continue
        if question is not None:
            drawer.put(question)
    if any(note.outcome is Outcome.REFUSED for note in desk.report.notes):
        # Aiken has nothing but the order of its lines: with one out of place, nobody knows what the others belong to.
        return Conversion({}, tuple(desk.report.notes))
    return conversion(desk, drawer)


def _blocks(text: str) -> Iterator[Block]:
    """ANSWER: ends a question, and so does a blank line in front of words, since those begin another one."""
    block: Block | None = None
    blank = False
    for number, line in enumerate(text.split("\n"), 1):
        line = line.strip()
        if not line:
            blank = True
            continue
        answer, key = _ANSWER.fullmatch(line), _KEY.fullmatch(line)
        starts = answer is None and key is None
        if block is not None and starts and (blank or block.answers):
            yield block
            block = None
        blank = False
        if block is None:
            block = Block(number)
        if key is not None:
            block.key = key[1]
            yield block
            block = None
        elif answer is not None:
            block.answers.append((answer[1].upper(), answer[2]))
        else:
            block.text.append(line)
    if block is not None:
        yield block


def _question(desk: Desk, item: Item, block: Block) -> Question:
    if not block.text:
        raise Refusal(N_("there are answers here, but no question above them"))
    if block.key is None:
        raise Refusal(N_('this question does not end with "ANSWER:" and a letter'))
    letters = [letter for letter, _text in block.answers]
    if len(letters) < 2:
        raise Refusal(N_("a choice question needs at least two answers"))
    if block.key.upper() not in letters:
        raise Refusal(N_('"ANSWER: %(key)s" names none of its answers'), key=block.key)
    right = letters.index(block.key.upper())
    options: list[Option] = []
    for place, (_letter, said) in enumerate(block.answers):
        text = escaping.inline(said).strip()
        options.append(Option(option_id(text), float(place == right), text))
    title, stem = desk.titled("", escaping.words(" ".join(block.text)))
    asked = desk.text(title, stem, options=desk.choices(item, options))
    return replace(of(QuestionType.SINGLE), id=desk.id(item, "", title), texts={desk.lang: asked})


def write(course: Course) -> Written:
    report = Report()
    gathering.lost_around(course, report)
    lines: list[str] = []
    for group in gathering.groups(course):
        for question in group.questions:
            lines += _written(question, question.texts[course.lang], report)
    return Written(("\n".join(lines) + "\n").encode() if lines else b"", tuple(report.notes))


def _written(question: Question, said: QuestionText, report: Report) -> list[str]:
    if question.type not in (QuestionType.SINGLE, QuestionType.TRUEFALSE):
        report.left_out(
            question.id, question.line, N_("a question of this kind has no place in this format: %(kind)s"),
            kind=question.type.value,
        )  # fmt: skip
        return []
    if len(said.options) > len(_LETTERS):
        report.left_out(question.id, question.line, N_("it has more than 26 answers"))
        return []
    gathering.lost_in(question, report)
    lost = [key for key, there in _lost(question, said) if there]
    for key in lost:
        report.left_out(question.id, question.line, N_('"%(key)s" has no place in this format'), key=key)
    texts = [words(option.text) for option in said.options]
    asked = " ".join(f"{said.title} {said.stem}".split())
    if words(asked) != asked or texts != [option.text for option in said.options]:
        report.changed(question.id, question.line, N_("its texts are written as plain words on one line each"))
    right = next(place for place, option in enumerate(said.options) if option.fraction >= 1)
    answers = [f"{letter}) {text}" for letter, text in zip(_LETTERS, texts, strict=False)]
    return [words(asked), *answers, f"ANSWER: {_LETTERS[right]}", ""]


def _lost(question: Question, said: QuestionText) -> list[tuple[str, bool]]:
    return [
        ("id", True),
        ("points", question.points != 1),
        ("tags", bool(question.tags)),
        ("%", any(0 < abs(option.fraction) < 1 for option in said.options)),
        (">", any(option.feedback for option in said.options)),
        ("[!HINT]", bool(said.hints)),
        ("[!EXPLANATION]", bool(said.explanation)),
        ("[!CORRECT]", bool(said.correct)),
        ("[!INCORRECT]", bool(said.incorrect)),
    ]
