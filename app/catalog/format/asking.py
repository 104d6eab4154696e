"""What a question asks: its lists, tables and gaps turned into options and parts, by its type."""

from __future__ import annotations

from dataclasses import dataclass

from markdown_it.token import Token

from app.catalog.format import answers as answer_lists
from app.catalog.format import gaps, matching, pairing, sequences
from app.catalog.format.attributes import Comment
from app.catalog.format.model import Option, Part, Question, QuestionType
from app.catalog.format.problems import nearest
from app.catalog.format.question_types import NO_RIGHT_ANSWER, PARSERS, Given
from app.catalog.format.source import Source
from app.kit.i18n import N_

UNMARKED = ("order", "scale")
WITHOUT_ANSWERS = ("cloze", "essay", "upload")
TYPES = (*PARSERS, "match", *UNMARKED, *WITHOUT_ANSWERS)

# What an upload takes when its author does not say.
ACCEPT = (".pdf", ".odt", ".docx")
MAX_MB = 10

_ONLY_FOR = {
    "case": ("text", "cloze"),
    "match": ("text", "cloze"),
    "unit": ("numeric",),
    "min-words": ("essay",),
    "max-words": ("essay",),
    "accept": ("upload",),
    "max-mb": ("upload",),
}


@dataclass(frozen=True, slots=True)
class Asked:
    type: QuestionType
    options: tuple[Option, ...] = ()
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """A question in its file. `block` is its list or table, if any; the text of a cloze stands between two lines.

    `origin` is the question in the source language, when this is a variant of it.
    """

    source: Source
    comment: Comment
    first: int
    last: int
    block: list[Token] | None
    origin: Question | None

    @property
    def line(self) -> int:
        return (self.block[0].map or (0, 0))[0] if self.block else self.comment.line


def known_type(source: Source, comment: Comment) -> bool:
    word = comment.get("type")
    if word is None or word in TYPES:
        return True
    at = (comment.line + 1, comment.columns["type"])
    guess = nearest(word, TYPES)
    if guess:
        source.notes.note(
            *at, "E124", N_('unknown question type "%(type)s", did you mean "%(guess)s"?'), type=word, guess=guess
        )
    else:
        source.notes.note(*at, "E124", N_('unknown question type "%(type)s"'), type=word)
    return False


def read(place: Place) -> Asked | None:
    """None when there is nothing that could be asked; why has then been said."""
    word = place.comment.get("type")
    asked = _read(place, word)
    if asked is None:
        return None
    if place.origin is not None and place.origin.type != asked.type:
        place.source.note(place.line, "E192", N_("the answers are marked otherwise than in the source language"))
        return None
    _idle(place.source, place.comment, asked.type)
    return asked


def _read(place: Place, word: str | None) -> Asked | None:
    if word == "cloze":
        return _cloze(place)
    if word in WITHOUT_ANSWERS:
        return Asked(QuestionType(word))
    if place.block is None:
        _no_answers(place.source, place.comment, word)
        return None
    if word == "match":
        return _match(place, place.block)
    if word in UNMARKED:
        return _sequence(place, place.block, str(word))
    return _marked(place, place.block, word)


def _no_answers(source: Source, comment: Comment, word: str | None) -> None:
    if word is None:
        source.note(comment.line, "E128", N_("this question has no answers: a list of - [x] and - [ ]"))
    elif word == "match":
        source.note(comment.line, "E128", N_("type=match needs a table of two columns"))
    elif word in UNMARKED:
        source.note(comment.line, "E128", N_("type=%(type)s needs a list"), type=word)
    else:
        source.note(comment.line, "E128", N_("type=%(type)s needs a list of answers: - [x] and - [ ]"), type=word)


def _marked(place: Place, block: list[Token], word: str | None) -> Asked | None:
    source = place.source
    if block[0].type != "bullet_list_open":
        source.note(
            place.line, "E128", N_("the last list or table of a question is its answers: write them as - [x] and - [ ]")
        )
        return None
    found = answer_lists.read(source, block)
    if len(found) < len(list(answer_lists.items(block))) or not found:
        # Without its marks nobody can say what an answer is worth; the type would only be told off for it as well.
        return None
    given = Given(source, place.comment, found, place.line)
    if word is None:
        if not given.full:
            given.note("E141", NO_RIGHT_ANSWER)
            return None
        word = "single" if given.full == 1 else "multiple"
    options = PARSERS[word](given)
    if place.origin is not None and place.origin.type == word:
        options = pairing.answers(source, found, options, place.origin)
    return Asked(QuestionType(word), options)


def _match(place: Place, block: list[Token]) -> Asked | None:
    rows = matching.read(place.source, block)
    if rows is None:
        return None
    if place.origin is not None and place.origin.type is QuestionType.MATCH:
        paired = pairing.rows(place.source, rows, place.origin)
        return Asked(QuestionType.MATCH, *paired) if paired is not None else None
    return Asked(QuestionType.MATCH, *matching.asked(rows))


def _sequence(place: Place, block: list[Token], word: str) -> Asked | None:
    items = sequences.read(place.source, block, word)
    if items is None:
        return None
    options: tuple[Option, ...] | None = tuple(Option(item.id, 0.0, item.text) for item in items)
    if place.origin is not None and place.origin.type == word:
        options = pairing.items(place.source, items, place.origin)
    return Asked(QuestionType(word), options) if options is not None else None


def _cloze(place: Place) -> Asked | None:
    source = place.source
    found = gaps.read(source, place.first, place.last, match=place.comment.get("match", "exact"))
    if found == []:
        source.note(place.comment.line, "E153", N_("type=cloze needs a gap in its text: [[right answer]]"))
    if found and place.origin is not None and place.origin.type is QuestionType.CLOZE:
        found = pairing.gaps(source, found, place.origin)
    if not found or not gaps.leave_marks(source, found, place.first, place.last):
        return None
    return Asked(QuestionType.CLOZE, (), tuple(gap.part for gap in found))


def _idle(source: Source, comment: Comment, kind: QuestionType) -> None:
    """Keys that do nothing for a question of this type; whoever wrote them expected something."""
    idle = [key for key, types in _ONLY_FOR.items() if key in comment.given and kind not in types]
    if kind is QuestionType.SCALE and "points" in comment.given:
        idle.append("points")
    for key in idle:
        source.notes.note(
            comment.line + 1, comment.columns[key], "W206", N_('"%(key)s" does nothing for type=%(type)s'),
            key=key, type=kind.value,
        )  # fmt: skip
    least, most = comment.get("min-words", 0), comment.get("max-words", 0)
    if kind is QuestionType.ESSAY and most and least > most:
        source.notes.note(
            comment.line + 1, comment.columns.get("max-words", 1), "E104",
            N_('"max-words" is less than "min-words"'),
        )  # fmt: skip
