"""An answer list as it is written: marks, texts, ids and feedback, before anybody asks what type of question it is."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from markdown_it.token import Token

from app.catalog.format import callouts
from app.catalog.format.frontmatter import BAD_ID, is_id
from app.catalog.format.source import Source, comments, without_comments
from app.kit.i18n import N_

MARK = re.compile(r"\[(?P<mark> |x|X|[-+]?\d{1,3}(?:\.\d{1,7})?[ ]?%)\](?:\s+(?P<text>.*)|\s*)", re.S)
_ID = re.compile(r"id=(\S+)")


class Named(Protocol):
    """Anything that is chosen among others: `named` says that its id was written down, not made from its text."""

    @property
    def id(self) -> str: ...

    @property
    def named(self) -> bool: ...

    @property
    def line(self) -> int: ...


@dataclass(slots=True)
class Answer:
    """`credit` is 1.0 for [x] and 0.0 for [ ]. `named`: the id was written down, not made from the text."""

    id: str
    credit: float
    full: bool
    text: str
    feedback: str
    named: bool
    line: int


def option_id(text: str) -> str:
    """Made from the words, so that answers may be put in another order; only new words need an id of their own."""
    plain = " ".join(unicodedata.normalize("NFC", text).split())
    return "o" + hashlib.sha256(plain.encode()).hexdigest()[:6]


def items(block: list[Token]) -> Iterator[list[Token]]:
    item: list[Token] = []
    for token in block[1:-1]:
        item.append(token)
        if token.type == "list_item_close" and token.level == block[0].level + 1:
            yield item
            item = []


def read(source: Source, block: list[Token]) -> list[Answer]:
    """The answers of a list; the first item without a mark is told, for one forgotten sentence makes two lists one."""
    found: list[Answer] = []
    unmarked = False
    for item in items(block):
        answer = _answer(source, item)
        if answer is not None:
            found.append(answer)
        elif not unmarked and not _is_marked(item):
            unmarked = True
            line = (item[0].map or (0, 0))[0]
            source.note(line, "E140", N_("an answer starts with [x], [ ] or a percentage in brackets"))
    twice(source, found)
    return found


def inline_of(item: list[Token]) -> Token | None:
    if len(item) > 2 and item[1].type == "paragraph_open":
        return item[2]
    return None


def _is_marked(item: list[Token]) -> bool:
    inline = inline_of(item)
    return inline is not None and MARK.fullmatch(inline.content) is not None


def looks_like_answers(block: list[Token]) -> bool:
    return block[0].type == "bullet_list_open" and any(_is_marked(item) for item in items(block))


def shows_a_key(block: list[Token]) -> bool:
    """Whether an answer list says which answers are right; a list of open boxes alone is a list of things to do."""
    if block[0].type != "bullet_list_open":
        return False
    marks = (MARK.fullmatch(inline.content) for item in items(block) if (inline := inline_of(item)) is not None)
    return any(found is not None and found["mark"] != " " for found in marks)


def _answer(source: Source, item: list[Token]) -> Answer | None:
    inline = inline_of(item)
    line = (item[0].map or (0, 0))[0]
    found = MARK.fullmatch(inline.content) if inline is not None else None
    if found is None:
        return None
    credit = _credit(found["mark"])
    if not -1 <= credit <= 1:
        source.note(line, "E148", N_("an answer is worth from -100 to 100 percent, not %(mark)s"), mark=found["mark"])
        credit = max(-1.0, min(1.0, credit))
    raw = found["text"] or ""
    named = written_id(source, line, raw)
    text = " ".join(without_comments(raw).split())
    if not text:
        source.note(line, "E148", N_("this answer has no text"))
    return Answer(
        id=named or option_id(text),
        credit=credit,
        full=found["mark"] in "xX",
        text=text,
        feedback=_feedback(source, item, line),
        named=bool(named),
        line=line,
    )


def _credit(mark: str) -> float:
    if mark in ("x", "X"):
        return 1.0
    return 0.0 if mark == " " else round(float(mark.rstrip("%").strip()) / 100, 9)


def written_id(source: Source, line: int, text: str) -> str:
    """The id in the comment behind an answer, or nothing."""
    name = ""
    for comment in comments(text):
        found = _ID.fullmatch(comment.strip())
        if found is None:
            if "=" in comment:
                source.note(
                    line, "E103", N_("the comment behind an answer holds its id and nothing else: <!-- id=a1 -->")
                )
        elif not is_id(found[1], 1):
            source.note(line, "E111", BAD_ID, needle=comment, id=found[1])
        else:
            name = found[1]
    return name


def _feedback(source: Source, item: list[Token], line: int) -> str:
    level = item[0].level + 1
    feedback = ""
    outer = [token for token in item[1:-1] if token.level == level and token.nesting >= 0]
    if any(token.type not in ("paragraph_open", "blockquote_open") for token in outer) or (
        sum(token.type == "paragraph_open" for token in outer) > 1
    ):
        source.note(line, "E148", N_("an answer is one paragraph, with at most one quote under it as feedback"))
    told = [quote for quote in callouts.quotes(item) if quote[0].level == level]
    for number, quote in enumerate(told):
        where = (quote[0].map or (line, line))[0]
        if number == 1:
            source.note(where, "E131", N_("one quote of feedback to an answer"))
        if callouts.mark(quote):
            source.note(
                where, "E132", N_("[!%(word)s] belongs to a question, behind its answers"), word=callouts.mark(quote)
            )
        elif number == 0:
            feedback = callouts.words(source, quote)
    return feedback


def twice(source: Source, found: Iterable[Named]) -> None:
    seen: dict[str, int] = {}
    for answer in found:
        if answer.id in seen:
            source.note(answer.line, "E145", N_("same answer as on line %(line)s"), line=seen[answer.id] + 1)
        else:
            seen[answer.id] = answer.line
