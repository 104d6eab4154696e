"""The gaps of a text: where each of them stands, what may fill it, and the mark that is left in its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from markdown_it.token import Token

from app.catalog.format.answers import option_id
from app.catalog.format.frontmatter import BAD_ID, is_id
from app.catalog.format.model import Option, Part, PartKind
from app.catalog.format.numbers import interval
from app.catalog.format.patterns import check_pattern
from app.catalog.format.source import Source, parse, without_comments
from app.kit.i18n import N_

# Private-use characters: nothing in Markdown or HTML means them, so a mark comes through every step as it is.
OPEN, CLOSE = "\ue000", "\ue001"
MARKS = re.compile(f"{OPEN}([a-z0-9-]+){CLOSE}")

_TICKS = re.compile(r"`+")
_BEHIND = re.compile(r"[ \t]*<!--((?:(?!-->)[^\n=])*=(?:(?!-->)[^\n])*)-->")
_NAME = re.compile(r"\s*id=(\S+)\s*")
_BAR = re.compile(r"(?<!\\)\|")
_CHOICE = re.compile(r"\s*\((?P<mark>[ xX]?)\)(?:\s+(?P<text>.*))?", re.S)
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")

# What begins anything but text: a link, a picture, an address, a formula.
_SWALLOWS = re.compile(r"[\[<$@]|://|www\.|mailto:|xmpp:")


@dataclass(frozen=True, slots=True)
class Gap:
    """`start` and `end` are places in its line as written, the comment with its id included; the line counts from 0.

    `lines` are those of the paragraph or cell around it.
    """

    part: Part
    named: bool
    line: int
    start: int
    end: int
    lines: tuple[int, int]

    @property
    def id(self) -> str:
        return self.part.id


@dataclass(frozen=True, slots=True)
class _Found:
    """A gap in the text of one paragraph or cell, places counted in that text; `comment` is what stands behind it."""

    start: int
    end: int
    inner: str
    comment: str = ""


def read(source: Source, first: int, last: int, *, match: str) -> list[Gap] | None:
    """The gaps between two lines in order of reading; None when something is wrong with them, which has then been said."""
    for number in range(first, last):
        for sign in (OPEN, CLOSE):
            if sign in source.lines[number]:
                source.note(number, "E153", N_("this character is kept for gaps"), needle=sign)
                return None
    gaps: list[Gap] = []
    before = len(source.notes.problems)
    for token, head, reached in _inlines(source, first, last):
        rows = _rows(source, token, reached)
        for found in _scan(source, token):
            line, start, end = _place(source, token, found, rows)
            around = (token.map[0], token.map[1]) if token.map else (line, line + 1)
            if head:
                source.note(line, "E156", _NO_CONTROL, needle="[[")
                continue
            name = _name(source, line, found.comment)
            part = _part(source, line, name or f"g{len(gaps) + 1}", found.inner, match)
            if part is not None:
                gaps.append(Gap(part, bool(name), line, start, end, around))
    _distinct(source, gaps)
    return gaps if len(source.notes.problems) == before else None


def _inlines(source: Source, first: int, last: int) -> Iterator[tuple[Token, bool, dict[int, int]]]:
    """Every text that may hold a gap, whether it heads a table, and how far the lines of its block have been searched."""
    for block in source.blocks(first, last):
        head = False
        reached: dict[int, int] = {}
        for token in block:
            head = token.type == "thead_open" or (head and token.type != "thead_close")
            if token.type == "inline" and token.map is not None and "[[" in token.content:
                yield token, head, reached


def _scan(source: Source, token: Token) -> Iterator[_Found]:
    """Every [[…]] outside code, comments and escapes."""
    text = token.content
    at = 0
    while at < len(text):
        sign = text[at]
        if sign == "\\":
            at += 2
        elif sign == "`":
            ticks = _TICKS.match(text, at)
            assert ticks is not None
            closing = next((run for run in _TICKS.finditer(text, ticks.end()) if len(run[0]) == len(ticks[0])), None)
            at = closing.end() if closing else ticks.end()
        elif text.startswith("<!--", at):
            closed = text.find("-->", at)
            if _NAME.fullmatch(text[at + 4 : closed]):
                line = (token.map or (0, 0))[0] + text.count("\n", 0, at)
                source.note(line, "E101", N_("this id stands behind no gap"), needle=text[at : closed + 3])
            at = closed + 3 if closed >= 0 else len(text)
        elif text.startswith("[[", at):
            end = _closing(text, at + 2)
            if end < 0:
                line = (token.map or (0, 0))[0] + text.count("\n", 0, at)
                source.note(line, "E153", N_("a gap is closed with ]] on its line; a bracket that opens none is written \\["),
                            needle="[[")  # fmt: skip
                return
            behind = _BEHIND.match(text, end + 2)
            stop = behind.end() if behind else end + 2
            yield _Found(at, stop, text[at + 2 : end], behind[1] if behind else "")
            at = stop
        else:
            at += 1


def _closing(text: str, at: int) -> int:
    while at < len(text) and text[at] != "\n":
        if text[at] == "\\":
            at += 2
        elif text.startswith("]]", at):
            return at
        elif text.startswith("[[", at):
            return -1
        else:
            at += 1
    return -1


def _rows(source: Source, token: Token, reached: dict[int, int]) -> list[tuple[int, str]]:
    """Where each line of a text begins in its line of the file (-1: not to be found), and how it is written there.

    The cells of a row share their line, and a bar in a cell is written with a backslash.
    """
    rows: list[tuple[int, str]] = []
    for line, text in enumerate(token.content.split("\n"), (token.map or (0, 0))[0]):
        written, start = source.lines[line], reached.get(line, 0)
        base = written.find(text, start)
        if base < 0 and "|" in text:
            text = text.replace("|", "\\|")
            base = written.find(text, start)
        if base >= 0:
            reached[line] = base + len(text)
        rows.append((base, text))
    return rows


def _place(source: Source, token: Token, found: _Found, rows: list[tuple[int, str]]) -> tuple[int, int, int]:
    """The line of a gap and where it begins and ends in that line, as written."""
    head = token.content[: found.start]
    row = head.count("\n")
    line = (token.map or (0, 0))[0] + row
    base, text = rows[row]
    raw = token.content[found.start : found.end]
    before = head[head.rfind("\n") + 1 :]
    if text not in token.content:
        raw, before = raw.replace("|", "\\|"), before.replace("|", "\\|")
    start = base + len(before) if base >= 0 else source.lines[line].find(raw)
    return line, max(start, 0), max(start, 0) + len(raw)


def _name(source: Source, line: int, comment: str) -> str:
    if not comment:
        return ""
    found = _NAME.fullmatch(comment)
    if found is None:
        source.note(
            line, "E103", N_("the comment behind a gap holds its id and nothing else: <!-- id=a1 -->"), needle=comment
        )
        return ""
    if not is_id(found[1], 1):
        source.note(line, "E111", BAD_ID, needle=comment.strip(), id=found[1])
        return ""
    return found[1]


def _part(source: Source, line: int, name: str, inner: str, match: str) -> Part | None:
    pieces = [piece.strip() for piece in _BAR.split(inner)]
    if inner.lstrip().startswith("#"):
        return _number(source, line, name, [pieces[0].removeprefix("#").strip(), *pieces[1:]])
    if _CHOICE.fullmatch(pieces[0]):
        return _pick(source, line, name, pieces)
    spellings = [_ESCAPED.sub(r"\1", piece) for piece in pieces]
    if not all(spellings):
        source.note(line, "E153", N_("this gap has an empty answer"), needle=f"[[{inner}")
        return None
    for spelling in spellings if match == "regex" else ():
        check_pattern(source, line, spelling)
    options = tuple(Option(option_id(spelling), 1.0, value=spelling) for spelling in dict.fromkeys(spellings))
    return Part(name, PartKind.TEXT, options)


def _number(source: Source, line: int, name: str, pieces: list[str]) -> Part | None:
    options: list[Option] = []
    for piece in pieces:
        ends = interval(piece)
        if ends is None:
            source.note(
                line, "E147", N_('not a number, "a ± b" or "a..b": %(value)s'), needle=piece or "[[", value=piece
            )
            return None
        options.append(Option(option_id(piece), 1.0, value=piece, low=ends[0], high=ends[1]))
    return Part(name, PartKind.NUMBER, tuple(options))


def _pick(source: Source, line: int, name: str, pieces: list[str]) -> Part | None:
    choices = [_CHOICE.fullmatch(piece) for piece in pieces]
    texts = [_ESCAPED.sub(r"\1", (choice["text"] or "").strip()) if choice else "" for choice in choices]
    right = [text for choice, text in zip(choices, texts, strict=True) if choice and choice["mark"] in ("x", "X")]
    if len(texts) < 2 or not all(texts) or len(set(texts)) < len(texts) or len(right) != 1:
        source.note(line, "E154", N_("a gap to choose from is [[( ) one | (x) another]], with exactly one (x)"),
                    needle=pieces[0])  # fmt: skip
        return None
    options = tuple(Option(option_id(text), float(text == right[0]), text) for text in texts)
    return Part(name, PartKind.PICK, options, key=option_id(right[0]))


def _distinct(source: Source, gaps: list[Gap]) -> None:
    seen: dict[str, int] = {}
    for gap in gaps:
        if gap.id in seen:
            source.notes.note(
                gap.line + 1, gap.start + 1, "E112", N_('id "%(id)s" already used on line %(line)s'),
                id=gap.id, line=seen[gap.id] + 1,
            )  # fmt: skip
        seen.setdefault(gap.id, gap.line)


_NO_CONTROL = N_("a gap may not stand in a link, a picture or the head of a table")


def leave_marks(source: Source, gaps: list[Gap], first: int, last: int) -> bool:
    """Put marks in the place of gaps, so that `source.markdown` has them; whether each of them can be filled there."""
    # From the end of each line, so that the places before stay what they are; other comments go, as they do anywhere.
    marked: dict[int, str] = {}
    for gap in sorted(gaps, key=lambda gap: (gap.line, -gap.start)):
        line = marked.get(gap.line, source.lines[gap.line])
        marked[gap.line] = line[: gap.start] + OPEN + gap.id + CLOSE + line[gap.end :]
    for start, end in {gap.lines for gap in gaps}:
        lines = (marked.get(number, source.lines[number]) for number in range(start, end))
        for number, line in enumerate(without_comments("\n".join(lines)).split("\n"), start):
            source.stripped[number] = line
    return _all_shown(source, gaps, first, last)


def _all_shown(source: Source, gaps: list[Gap], first: int, last: int) -> bool:
    """Whether every mark comes out as text of its own: a control cannot be put into an address or a description."""
    text = "\n".join(source.stripped.get(number, source.lines[number]) for number in range(first, last))
    if _SWALLOWS.search(text) is None:
        return True
    shown: list[str] = []
    for token in parse(text):
        links = 0
        for child in token.children or ():
            links += child.nesting if child.type.startswith("link_") else 0
            if child.type == "text" and not links:
                shown += MARKS.findall(child.content)
    for gap in gaps:
        if gap.id not in shown:
            source.notes.note(gap.line + 1, gap.start + 1, "E156", _NO_CONTROL)
    return all(gap.id in shown for gap in gaps)
