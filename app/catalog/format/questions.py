"""A question: its heading, stem, answers and callouts, read by the rules of its type."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from markdown_it.token import Token

from app.catalog.format import answers as answer_lists
from app.catalog.format import asking, callouts
from app.catalog.format.asking import Place
from app.catalog.format.attributes import Comment
from app.catalog.format.ids import Ids
from app.catalog.format.model import Question, QuestionText, QuestionType
from app.catalog.format.source import Source
from app.catalog.format.structure import Heading, Part
from app.kit.i18n import N_

_LISTS = ("bullet_list_open", "ordered_list_open", "table_open")
_BY_PART = (QuestionType.MATCH, QuestionType.CLOZE)
_BY_HAND = ("essay", "upload")


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
class Parts:
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
    if not asking.known_type(source, comment):
        return None
    word = comment.get("type")
    parts = parts_of(source, heading, word)
    said = _callouts(source, parts, word)
    origin = body.like.questions.get(comment.id) if body.like is not None else None
    asked = asking.read(Place(source, comment, heading.body, parts.stem_end, parts.answers, origin))
    if asked is None:
        return None
    stem = source.markdown(heading.body, parts.stem_end)
    if not stem and not heading.title:
        source.note(heading.first, "E127", N_("this question has no words"))
    spoken = {name: said.get(name, [""])[0] for name in callouts.ON_QUESTIONS}
    text = QuestionText(
        lang=body.lang,
        title=heading.title,
        stem=stem,
        options=asked.options,
        parts=asked.parts,
        hints=tuple(said.get("HINT", ())),
        correct=spoken["CORRECT"],
        partial=spoken["PARTIAL"],
        incorrect=spoken["INCORRECT"],
        explanation=spoken["EXPLANATION"],
        rubric=spoken["RUBRIC"],
        sample=spoken["SAMPLE"],
        unit=comment.get("unit", ""),
    )
    question = _question(source, comment, asked.type, text)
    body.said.questions[question.id] = question
    if comment.get("retired"):
        body.said.retired.append(question.id)
        return None
    return question


def _question(source: Source, comment: Comment, kind: QuestionType, text: QuestionText) -> Question:
    return Question(
        id=comment.id,
        type=kind,
        texts={text.lang: text},
        # An opinion earns nothing.
        points=comment.get("points", 1.0) if kind is not QuestionType.SCALE else 0.0,
        scoring=comment.get("scoring", "partial" if kind in _BY_PART else "all-or-nothing"),
        shuffle=comment.get("shuffle", True),
        case=comment.get("case", "ignore"),
        match=comment.get("match", "exact"),
        unit=comment.get("unit", ""),
        penalty=comment.get("penalty", 0.0),
        min_words=comment.get("min-words", 0) if kind is QuestionType.ESSAY else 0,
        max_words=comment.get("max-words", 0) if kind is QuestionType.ESSAY else 0,
        accept=comment.get("accept", asking.ACCEPT) if kind is QuestionType.UPLOAD else (),
        max_mb=float(comment.get("max-mb", asking.MAX_MB)) if kind is QuestionType.UPLOAD else 0.0,
        outcomes=comment.get("outcomes", ()),
        see=comment.get("see", ""),
        tags=comment.get("tags", ()),
        was=comment.get("was", ()),
        path=source.path,
        line=comment.line + 1,
    )


def parts_of(source: Source, heading: Heading, word: str | None) -> Parts:
    """The last list or table is the answers; before it stands the stem, behind it nothing but callouts.

    Some types have no answers: their stem ends where the callouts begin.
    """
    blocks = list(source.blocks(heading.body, heading.end))
    answered = word not in asking.WITHOUT_ANSWERS
    lists = (n for n, block in enumerate(blocks) if answered and block[0].type in _LISTS)
    first = next((n for n, block in enumerate(blocks) if _belongs(block)), len(blocks))
    last = max(lists, default=None if answered else first - 1)
    parts = Parts(stem_end=heading.end)
    if not answered and first < len(blocks):
        parts.stem_end = (blocks[first][0].map or (heading.end, 0))[0]
    elif answered and last is not None:
        parts.answers = blocks[last]
        parts.stem_end = (blocks[last][0].map or (heading.end, 0))[0]
    for number, block in enumerate(blocks):
        line = (block[0].map or (heading.body, 0))[0]
        mark = callouts.mark(block) if block[0].type == "blockquote_open" else ""
        if mark in callouts.ON_QUESTIONS and (last is None or number > last):
            parts.callouts.append(block)
        elif mark in callouts.ON_QUESTIONS:
            source.note(line, "E123", N_("[!%(word)s] stands behind the answers, not before them"), word=mark)
        elif mark and mark not in callouts.ON_PAGES:
            callouts.unknown(source, block, mark)
        elif last is not None and number > last and block[0].type != "html_block":
            source.note(line, "E123", N_("only callouts such as > [!HINT] may stand behind the answers"))
        elif not answered and answer_lists.looks_like_answers(block):
            source.note(line, "E157", N_("type=%(type)s has no answers to choose from"), type=word)
    return parts


def _belongs(block: list[Token]) -> bool:
    return block[0].type == "blockquote_open" and callouts.mark(block) in callouts.ON_QUESTIONS


def _callouts(source: Source, parts: Parts, word: str | None) -> dict[str, list[str]]:
    said: dict[str, list[str]] = {}
    for quote in parts.callouts:
        mark = callouts.mark(quote)
        line = (quote[0].map or (0, 0))[0]
        if mark in said and mark != "HINT":
            source.note(line, "E133", N_("[!%(word)s] is given twice"), word=mark)
        if mark in ("RUBRIC", "SAMPLE") and word not in _BY_HAND:
            source.note(
                line, "W207", N_("[!%(word)s] is never shown: this question is marked by its answers"), word=mark
            )
        said.setdefault(mark, []).append(callouts.words(source, quote))
    return said
