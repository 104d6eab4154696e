"""What each type of question asks of its answers: one function a type, from answers to options."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from app.catalog.format.answers import Answer
from app.catalog.format.attributes import Comment
from app.catalog.format.model import Option
from app.catalog.format.numbers import interval
from app.catalog.format.patterns import check_pattern
from app.catalog.format.source import Source
from app.kit.i18n import N_

_CODE = re.compile(r"(`+)(?!`)\s?(.+?)\s?(?<!`)\1")


@dataclass(frozen=True, slots=True)
class Given:
    """A question's comment and answers; `line` is where the list begins, from 0."""

    source: Source
    comment: Comment
    answers: list[Answer]
    line: int

    def note(self, code: str, template: str, /, **values: object) -> None:
        self.source.notes.note(self.line + 1, self.source.column(self.line), code, template, **values)

    @property
    def full(self) -> int:
        return sum(answer.full for answer in self.answers)


def _option(answer: Answer, fraction: float) -> Option:
    return Option(id=answer.id, fraction=fraction, text=answer.text, feedback=answer.feedback)


def _at_least_two(given: Given) -> None:
    if len(given.answers) < 2:
        given.note("E143", N_("a choice question needs at least two answers"))


def single(given: Given) -> tuple[Option, ...]:
    if given.full != 1:
        given.note("E142", N_("single choice needs exactly one [x], found %(found)s"), found=given.full)
    _at_least_two(given)
    return tuple(_option(answer, answer.credit) for answer in given.answers)


def multiple(given: Given) -> tuple[Option, ...]:
    """Each of n right answers is worth 1/n; what is written as a percentage stays as it is written."""
    share = 1 / given.full if given.full else 0.0
    options = tuple(_option(a, share if a.full else a.credit) for a in given.answers)
    if not given.full and sum(max(option.fraction, 0) for option in options) < 0.999:
        given.note("E141", NO_RIGHT_ANSWER)
    _at_least_two(given)
    return options


def truefalse(given: Given) -> tuple[Option, ...]:
    if len(given.answers) != 2 or given.full != 1:
        given.note("E144", N_("truefalse needs exactly two answers, one of them marked [x]"))
    return tuple(_option(answer, answer.credit) for answer in given.answers)


def _literal(given: Given, answer: Answer, kind: str) -> str | None:
    found = _CODE.fullmatch(answer.text)
    if found is None:
        given.source.note(answer.line, "E146", N_("%(type)s answers are written in backticks: `72`"), type=kind)
        return None
    return found[2].strip()


def _needs_right_answer(given: Given) -> None:
    if not given.full:
        given.note("E141", NO_RIGHT_ANSWER)


def numeric(given: Given) -> tuple[Option, ...]:
    _needs_right_answer(given)
    options: list[Option] = []
    for answer in given.answers:
        value = _literal(given, answer, "numeric")
        if value is None:
            continue
        ends = interval(value)
        if ends is None:
            given.source.note(answer.line, "E147", N_('not a number, "a ± b" or "a..b": %(value)s'), value=value)
            continue
        options.append(
            Option(answer.id, answer.credit, answer.text, answer.feedback, value=value, low=ends[0], high=ends[1])
        )
    return tuple(options)


def text(given: Given) -> tuple[Option, ...]:
    _needs_right_answer(given)
    options: list[Option] = []
    for answer in given.answers:
        value = _literal(given, answer, "text")
        if value is None:
            continue
        if given.comment.get("match") == "regex":
            check_pattern(given.source, answer.line, value)
        options.append(Option(answer.id, answer.credit, answer.text, answer.feedback, value=value))
    return tuple(options)


NO_RIGHT_ANSWER = N_("no answer is marked [x]")
PARSERS: dict[str, Callable[[Given], tuple[Option, ...]]] = {
    "single": single,
    "multiple": multiple,
    "truefalse": truefalse,
    "numeric": numeric,
    "text": text,
}
