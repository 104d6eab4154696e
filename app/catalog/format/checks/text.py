"""How the text is built and how it reads: QC10 and QC12."""

from __future__ import annotations

import re

from markdown_it.token import Token

from app.catalog.format.checks.told import ADVICE, ERROR, Told
from app.catalog.format.model import PageText, Prose
from app.catalog.format.source import Source
from app.kit.i18n import N_

SENTENCE_WORDS = 20
LIX = 45
LIX_LANGUAGES = ("lt", "nb")
_LONG = 6
# A short text has too few sentences for an average to mean anything.
_ENOUGH_WORDS = 100
_EMPTY_WORDS = frozenset({
    "čia", "spausti", "spauskite", "spausti čia", "spauskite čia", "paspauskite", "paspauskite čia", "nuoroda",
    "here", "click", "click here", "link", "this link", "read more",
    "her", "klikk", "klikk her", "trykk her", "lenke", "les mer",
})  # fmt: skip
_SENTENCE = re.compile(r"[.!?…:]+(?=\s|$)|\n\s*\n|\n(?=\s*(?:[-*+|>]|\d+\.)\s)")
_MARKS = re.compile(r"!?\[([^\]]*)\]\([^)]*\)|[*_`#>|~]|\[![A-Z]+\]|^\s*[-+]\s", re.M)
_FENCED = re.compile(r"^(```|~~~).*?^\1", re.M | re.S)
_WORD = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*")


def check(told: Told) -> None:
    for source in told.sources():
        _headings(told, source)
        for position, token in enumerate(source.tokens):
            if token.type == "inline":
                _links(told, source, token)
            elif token.type == "thead_open" and token.map:
                _header(told, source, source.tokens[position:], token.map[0])
    for page in told.course.pages():
        for text in page.texts.values():
            if not text.borrowed:
                _readability(told, text)


def _at(source: Source, line: int) -> tuple[str, int, int]:
    return source.path, line + 1, source.column(line)


def _headings(told: Told, source: Source) -> None:
    before = 1
    for token in source.tokens:
        if token.type == "heading_open" and token.level == 0 and token.map:
            level = int(token.tag[1])
            if level > before + 1:
                told.say(
                    _at(source, token.map[0]), "QC10", ERROR, N_("heading skips a level: %(before)s is followed by %(level)s"),
                    before="#" * before, level="#" * level,
                )  # fmt: skip
            before = level


def _links(told: Told, source: Source, token: Token) -> None:
    words: list[str] | None = None
    for child in token.children or ():
        if child.type == "link_open":
            words = []
        elif child.type == "link_close" and words is not None:
            text = " ".join("".join(words).split()).strip(" .,:;»›→").lower()
            if not text or text in _EMPTY_WORDS:
                line = (token.map or (source.start, 0))[0]
                told.say(
                    _at(source, line), "QC10", ERROR, N_('say where a link leads, not "%(text)s"'), text="".join(words)
                )
            words = None
        elif words is not None:
            words.append(child.content)


def _header(told: Told, source: Source, tokens: list[Token], line: int) -> None:
    cells: list[str] = []
    for token in tokens:
        if token.type == "thead_close":
            break
        if token.type == "inline":
            cells.append(token.content.strip())
    if not any(cells):
        told.say(_at(source, line), "QC10", ERROR, N_("a table has a first row that says what its columns are"))


def _readability(told: Told, text: PageText) -> None:
    prose = "\n\n".join(block.markdown for block in text.blocks if isinstance(block, Prose))
    plain = _MARKS.sub(lambda found: found[1] or " ", _FENCED.sub(" ", prose))
    sentences = [words for part in _SENTENCE.split(plain) if (words := _WORD.findall(part))]
    words = [word for sentence in sentences for word in sentence]
    if len(words) < _ENOUGH_WORDS:
        return
    mean = len(words) / len(sentences)
    if mean > SENTENCE_WORDS:
        told.say(
            (text.path, 1, 1), "QC12", ADVICE, N_("sentences have %(mean)s words on average; %(limit)s read well"),
            mean=round(mean), limit=SENTENCE_WORDS,
        )  # fmt: skip
    lix = mean + 100 * sum(len(word) > _LONG for word in words) / len(words)
    if text.lang in LIX_LANGUAGES and lix >= LIX:
        told.say(
            (text.path, 1, 1), "QC12", ADVICE, N_("the text reads hard: LIX %(lix)s, below %(limit)s reads well"),
            lix=round(lix), limit=LIX,
        )  # fmt: skip
