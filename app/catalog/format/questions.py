"""A question: its heading, stem, answers and callouts, read by the rules of its type."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from markdown_it.token import Token

from app.catalog.format import answers as answer_lists
from app.catalog.format import callouts
from app.catalog.format.answers import Answer
from app.catalog.format.attributes import Comment
from app.catalog.format.ids import Ids
from app.catalog.format.model import Option, Question, QuestionText, QuestionType
from app.catalog.format.problems import nearest
from app.catalog.format.question_types import LATER, NO_RIGHT_ANSWER, PARSERS, Given
from app.catalog.format.source import Source
from app.catalog.format.structure import Heading, Part
from app.kit.i18n import N_

_LISTS = ("bullet_list_open", "ordered_list_open", "table_open")


@dataclass(slots=True)
class Said:
    """What one file has said so far: the comments and questions that its variants are held to."""

    comments: dict[str, Comment] = field(default_factory=dict)
    questions: dict[str, Question] = field(default_factory=dict)
    retired: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Body:
    """A file being read in its language. `like` is what the source language said, when this is a variant of it."""

    source: Source
    lang: str
    ids: Ids
    like: Said | None = None
    said: Said = field(default_factory=Said)

    def opened(self, comment: Comment) -> Comment | None:
        """Take in the comment of a heading: claim its id and, in a variant, hold it to the source."""
        self.ids.claim(comment.id, comment.kind, self.source.notes, comment.line + 1)
        if comment.id:
            self.said.comments.setdefault(comment.id, comment)
        if self.like is None:
            return comment
        origin = self.like.comments.get(comment.id)
        if origin is None or origin.kind != comment.kind:
            if comment.id:
                self.source.note(
                    comment.line, "E192", N_('%(kind)s "%(id)s" is not in the source language'),
                    kind=comment.kind, id=comment.id,
                )  # fmt: skip
            return None
        for key, value in comment.given.items():
            if key not in ("id", "unit") and origin.given.get(key) != value:
                self.source.notes.note(
                    comment.line + 1, comment.columns[key], "E192",
                    N_('a variant translates words only: "%(key)s" differs from the source language'), key=key,
                )  # fmt: skip
        return replace(comment, values={**origin.values, **comment.values})


@dataclass(slots=True)
class _Parts:
    """What a question's lines hold; lines from 0."""

    answers: list[Token] | None = None
    stem_end: int = 0
    callouts: list[list[Token]] = field(default_factory=list)


def read(body: Body, part: Part) -> Question | None:
    """The question, or None when it cannot be asked; why has then been said."""
    source, heading = body.source, part.heading
    comment = body.opened(part.comment)
    if comment is None:
        return None
    word = comment.get("type")
    if word is not None and word not in PARSERS:
        _no_such_type(source, comment, word)
        return None
    parts = _parts(source, heading)
    said = _callouts(source, parts)
    if parts.answers is None:
        _no_answers(source, comment, word)
        return None
    found = answer_lists.read(source, parts.answers) if parts.answers[0].type == "bullet_list_open" else []
    line = (parts.answers[0].map or (0, 0))[0]
    if parts.answers[0].type != "bullet_list_open":
        source.note(
            line, "E128", N_("the last list or table of a question is its answers: write them as - [x] and - [ ]")
        )
    if len(found) < len(list(answer_lists.items(parts.answers))) or not found:
        # Without its marks nobody can say what an answer is worth; the type would only be told off for it as well.
        return None
    given = Given(source, comment, found, line)
    if word is None:
        if not given.full:
            given.note("E141", NO_RIGHT_ANSWER)
            return None
        word = "single" if given.full == 1 else "multiple"
    options = PARSERS[word](given)
    if body.like is not None and comment.id in body.like.questions:
        origin = body.like.questions[comment.id]
        if origin.type != word:
            source.note(line, "E192", N_("the answers are marked otherwise than in the source language"))
            return None
        options = _paired(source, found, options, origin)
    stem = source.markdown(heading.body, parts.stem_end)
    if not stem and not heading.title:
        source.note(heading.first, "E127", N_("this question has no words"))
    text = QuestionText(
        lang=body.lang, title=heading.title, stem=stem, options=options, unit=comment.get("unit", ""),
        hints=tuple(said.get("HINT", ())), **{name.lower(): said.get(name, [""])[0] for name in _SINGLE},
    )  # fmt: skip
    question = _question(source, comment, QuestionType(word), text)
    body.said.questions[question.id] = question
    if comment.get("retired"):
        body.said.retired.append(question.id)
        return None
    return question


_SINGLE = ("CORRECT", "PARTIAL", "INCORRECT", "EXPLANATION")


def _question(source: Source, comment: Comment, kind: QuestionType, text: QuestionText) -> Question:
    return Question(
        id=comment.id,
        type=kind,
        texts={text.lang: text},
        points=comment.get("points", 1.0),
        scoring=comment.get("scoring", "all-or-nothing"),
        shuffle=comment.get("shuffle", True),
        case=comment.get("case", "ignore"),
        match=comment.get("match", "exact"),
        unit=comment.get("unit", ""),
        penalty=comment.get("penalty", 0.0),
        outcomes=comment.get("outcomes", ()),
        see=comment.get("see", ""),
        tags=comment.get("tags", ()),
        was=comment.get("was", ()),
        path=source.path,
        line=comment.line + 1,
    )


def _no_such_type(source: Source, comment: Comment, word: str) -> None:
    at = (comment.line + 1, comment.columns["type"])
    guess = nearest(word, (*PARSERS, *LATER))
    if word in LATER:
        source.notes.note(*at, "E125", N_('question type "%(type)s" is not supported by this version'), type=word)
    elif guess:
        source.notes.note(
            *at, "E124", N_('unknown question type "%(type)s", did you mean "%(guess)s"?'), type=word, guess=guess
        )
    else:
        source.notes.note(*at, "E124", N_('unknown question type "%(type)s"'), type=word)


def _no_answers(source: Source, comment: Comment, word: str | None) -> None:
    if word is None:
        source.note(comment.line, "E128", N_("this question has no answers: a list of - [x] and - [ ]"))
    else:
        source.note(comment.line, "E128", N_("type=%(type)s needs a list of answers: - [x] and - [ ]"), type=word)


def _parts(source: Source, heading: Heading) -> _Parts:
    """The last list or table is the answers; before it stands the stem, behind it nothing but callouts."""
    blocks = list(source.blocks(heading.body, heading.end))
    last = max((n for n, block in enumerate(blocks) if block[0].type in _LISTS), default=None)
    parts = _Parts(stem_end=heading.end)
    if last is not None:
        parts.answers = blocks[last]
        parts.stem_end = (blocks[last][0].map or (heading.end, 0))[0]
    for number, block in enumerate(blocks):
        line = (block[0].map or (heading.body, 0))[0]
        quote = block[0].type == "blockquote_open"
        word = callouts.mark(block) if quote else ""
        if word in callouts.ON_QUESTIONS and (last is None or number > last):
            parts.callouts.append(block)
        elif word in callouts.ON_QUESTIONS:
            source.note(line, "E123", N_("[!%(word)s] stands behind the answers, not before them"), word=word)
        elif word and word not in callouts.ON_PAGES:
            callouts.unknown(source, block, word)
        elif last is not None and number > last and block[0].type != "html_block":
            source.note(line, "E123", N_("only callouts such as > [!HINT] may stand behind the answers"))
    return parts


def _callouts(source: Source, parts: _Parts) -> dict[str, list[str]]:
    said: dict[str, list[str]] = {}
    for quote in parts.callouts:
        word = callouts.mark(quote)
        line = (quote[0].map or (0, 0))[0]
        if word in said and word != "HINT":
            source.note(line, "E133", N_("[!%(word)s] is given twice"), word=word)
        if word in ("RUBRIC", "SAMPLE"):
            source.note(
                line, "W207", N_("[!%(word)s] is never shown: this question is marked by its answers"), word=word
            )
        said.setdefault(word, []).append(callouts.words(source, quote))
    return said


def _paired(source: Source, found: list[Answer], options: tuple[Option, ...], origin: Question) -> tuple[Option, ...]:
    """The options of a variant under the ids of the source. Spellings that are accepted may differ by language."""
    theirs = next(iter(origin.texts.values())).options
    if origin.type is QuestionType.TEXT:
        return options
    line = found[0].line
    if len(options) != len(theirs):
        source.note(
            line,
            "E192",
            N_("%(here)s answers here, %(there)s in the source language"),
            here=len(options),
            there=len(theirs),
        )
        return options
    named = {answer.id for answer in found if answer.named}
    by_id = {option.id: option for option in theirs}
    # What is named pairs by its id, wherever it stands; the others pair in order.
    unnamed = iter([option for option in theirs if option.id not in named])
    paired: list[Option] = []
    for option in options:
        other = by_id.get(option.id) if option.id in named else next(unnamed, None)
        where = next((answer.line for answer in found if answer.id == option.id), line)
        if other is None:
            source.note(where, "E192", N_('no answer has the id "%(id)s" in the source language'), id=option.id)
            continue
        same = abs(option.fraction - other.fraction) < 1e-9 and (option.low, option.high) == (other.low, other.high)
        if not same:
            source.note(where, "E192", N_("this answer is marked otherwise than in the source language"))
        paired.append(replace(option, id=other.id))
    return tuple(paired)
