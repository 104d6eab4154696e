"""Block quotes that begin with [!WORD]: notes on a page, hints and explanations under a question."""

from __future__ import annotations

import re
from collections.abc import Iterator

from markdown_it.token import Token

from app.catalog.format.problems import nearest
from app.catalog.format.source import Source
from app.kit.i18n import N_

ON_PAGES = ("NOTE", "TIP", "IMPORTANT", "WARNING", "CAUTION")
ON_QUESTIONS = ("HINT", "CORRECT", "PARTIAL", "INCORRECT", "EXPLANATION", "RUBRIC", "SAMPLE")

_MARK = re.compile(r"[ \t]*\[!([A-Za-z]+)\]")
_QUOTE = re.compile(r"^[ \t]*>[ ]?", re.M)


def quotes(tokens: list[Token]) -> Iterator[list[Token]]:
    """Every block quote, at any depth, with all its tokens."""
    for here, token in enumerate(tokens):
        if token.type == "blockquote_open":
            end = here
            while tokens[end].type != "blockquote_close" or tokens[end].level != token.level:
                end += 1
            yield tokens[here : end + 1]


def mark(quote: list[Token]) -> str:
    """The word of a callout, or nothing when the quote is only a quote."""
    if len(quote) > 2 and quote[1].type == "paragraph_open":
        found = _MARK.match(quote[2].content)
        return found[1].upper() if found else ""
    return ""


def words(source: Source, quote: list[Token]) -> str:
    """What a quote says, as Markdown, without its marks."""
    first, last = quote[0].map or (0, 0)
    text = "\n".join(source.stripped.get(number, source.lines[number]) for number in range(first, last))
    text = _QUOTE.sub("", text)
    if mark(quote):
        text = _MARK.sub("", text, count=1)
    return source.complete(text.strip(), first, last)


def check(source: Source) -> None:
    """One callout to a quote: a second would be hidden in the first, an explanation in a hint."""
    for quote in quotes(source.tokens):
        first = True
        for token in quote:
            if token.type != "inline" or token.map is None or token.level != quote[0].level + 2:
                continue
            for number, line in enumerate(token.content.split("\n"), token.map[0]):
                if not first and _MARK.match(line):
                    source.note(number, "E130", N_("one callout to a quote: leave a line without > before this one"))
                first = False


def check_prose(source: Source, start: int, end: int) -> None:
    for block in source.blocks(start, end):
        for quote in quotes(block):
            word = mark(quote)
            if word and word not in ON_PAGES:
                unknown(source, quote, word)


def unknown(source: Source, quote: list[Token], word: str) -> None:
    line = (quote[0].map or (0, 0))[0]
    if word in ON_QUESTIONS:
        source.note(line, "E132", N_("[!%(word)s] belongs to a question, behind its answers"), word=word)
        return
    guess = nearest(word, ON_PAGES + ON_QUESTIONS)
    if guess:
        source.note(line, "E132", N_("unknown callout [!%(word)s], did you mean [!%(guess)s]?"), word=word, guess=guess)
    else:
        source.note(line, "E132", N_("unknown callout [!%(word)s]"), word=word)
