"""Two versions of a text side by side: which words went and which came, paragraph by paragraph."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

BLOCKS = {"p", "li", "h2", "h3", "h4", "h5", "h6", "tr", "pre", "figcaption", "blockquote", "div"}
PARAGRAPHS = 400  # compared word by word; longer pages are compared by whole paragraphs
_WORDS = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words: `kind` is same, came or went."""

    kind: str
    text: str


Line = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class TextDiff:
    """The paragraphs that are not alike, with how many words came and went."""

    lines: tuple[Line, ...]
    came: int
    went: int


class _Paragraphs(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = [""]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in BLOCKS:
            self.found.append("")
        if tag == "img":
            self.found[-1] += next((value or "" for name, value in attrs if name == "alt"), "")

    def handle_endtag(self, tag: str) -> None:
        if tag in BLOCKS:
            self.found.append("")
        elif tag in ("td", "th"):
            self.found[-1] += " | "

    def handle_data(self, data: str) -> None:
        self.found[-1] += data


def paragraphs(blocks: Iterable[Mapping[str, Any]]) -> list[str]:
    """The text of a page's prose, one paragraph an item."""
    found: list[str] = []
    for block in blocks:
        if "html" in block:
            parser = _Paragraphs()
            parser.feed(block["html"])
            found += [_WORDS.sub(" ", one).strip() for one in parser.found]
    return [one for one in found if one]


def compare_texts(old: list[str], new: list[str]) -> TextDiff:
    lines: list[Line] = []
    came = went = 0
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for kind, i1, i2, j1, j2 in matcher.get_opcodes():
        if kind == "equal":
            continue
        for line in _lines(old[i1:i2], new[j1:j2]):
            lines.append(line)
            came += sum(len(piece.text.split()) for piece in line if piece.kind == "came")
            went += sum(len(piece.text.split()) for piece in line if piece.kind == "went")
    return TextDiff(tuple(lines), came, went)


def _lines(old: list[str], new: list[str]) -> list[Line]:
    """Paragraphs that took one another's place are compared in pairs; what is left over went or came whole."""
    lines = [words(before, after) for before, after in zip(old, new, strict=False)]
    lines += [(Piece("went", one),) for one in old[len(new) :]]
    lines += [(Piece("came", one),) for one in new[len(old) :]]
    return lines


def words(old: str, new: str) -> Line:
    """One paragraph against another, word by word; two that have little in common are shown one after the other."""
    before, after = old.split(), new.split()
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    if len(before) + len(after) > 2 * PARAGRAPHS or matcher.ratio() < 0.3:
        return tuple(piece for piece in (Piece("went", old), Piece("came", new)) if piece.text)
    pieces: list[Piece] = []
    for kind, i1, i2, j1, j2 in matcher.get_opcodes():
        if kind == "equal":
            pieces.append(Piece("same", " ".join(after[j1:j2])))
            continue
        if i2 > i1:
            pieces.append(Piece("went", " ".join(before[i1:i2])))
        if j2 > j1:
            pieces.append(Piece("came", " ".join(after[j1:j2])))
    return tuple(pieces)
