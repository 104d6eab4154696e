"""How the text is built and how it reads: QC10 and QC12."""

from __future__ import annotations

import re

from app.catalog.format.checks.told import ADVICE, Told
from app.catalog.format.model import PageText, Prose
from app.kit.i18n import N_

SENTENCE_WORDS = 20
LIX = 45
LIX_LANGUAGES = ("lt", "nb")
_LONG = 6
# A short text has too few sentences for an average to mean anything.
_ENOUGH_WORDS = 100
_SENTENCE = re.compile(r"[.!?…:]+(?=\s|$)|\n\s*\n|\n(?=\s*(?:[-*+|>]|\d+\.)\s)")
_MARKS = re.compile(r"!?\[([^\]]*)\]\([^)]*\)|[*_`#>|~]|\[![A-Z]+\]|^\s*[-+]\s", re.M)
_FENCED = re.compile(r"^(```|~~~).*?^\1", re.M | re.S)
_WORD = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*")


def check(told: Told) -> None:
    told.problems += told.noticed()
    for page in told.course.pages():
        for text in page.texts.values():
            if not text.borrowed:
                _readability(told, text)


def _readability(told: Told, text: PageText) -> None:
    prose = "\n\n".join(block.markdown for block in text.blocks if isinstance(block, Prose))
    plain = _MARKS.sub(lambda found: found[1] or " ", _FENCED.sub(" ", prose))
    sentences = [words for part in _SENTENCE.split(plain) if (words := _WORD.findall(part))]
    words = [word for sentence in sentences for word in sentence]
    if len(words) < _ENOUGH_WORDS:
        return
    mean = len(words) / len(sentences)
    longest = told.where(text.path, max(sentences, key=len))
    if mean > SENTENCE_WORDS:
        told.say(
            longest, "QC12", ADVICE, N_("sentences have %(mean)s words on average; %(limit)s read well"),
            mean=round(mean), limit=SENTENCE_WORDS,
        )  # fmt: skip
    lix = mean + 100 * sum(len(word) > _LONG for word in words) / len(words)
    if text.lang in LIX_LANGUAGES and lix >= LIX:
        told.say(
            longest, "QC12", ADVICE, N_("the text reads hard: LIX %(lix)s, below %(limit)s reads well"),
            lix=round(lix), limit=LIX,
        )  # fmt: skip
