"""The structure rule: which headings open a quiz, a question, a pool or a draw, and where each of them ends."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice, takewhile

from markdown_it.token import Token

from app.catalog.format import attributes
from app.catalog.format.attributes import Comment
from app.catalog.format.source import OURS, Source, is_comment, without_comments
from app.kit.i18n import N_
from app.kit.markdown import plain

_INDENTED = re.compile(r"\s*<!--")


@dataclass(slots=True)
class Heading:
    """`first` is its line, `body` the first line behind it and its comment, `end` the line it ends before; all from 0."""

    level: int
    title: str
    first: int
    body: int
    end: int
    setext: bool
    comment: Comment | None
    plain: str
    # A comment that could not be made out: its heading is judged as little as possible.
    broken: bool = False

    @property
    def kind(self) -> str:
        return self.comment.kind if self.comment else ""


@dataclass(slots=True)
class Run:
    """Lines of prose."""

    first: int
    end: int


@dataclass(slots=True)
class Part:
    """A heading that opens something, with what belongs to it."""

    heading: Heading
    parts: list[Part] = field(default_factory=list)
    intro: Run | None = None

    @property
    def comment(self) -> Comment:
        assert self.heading.comment is not None
        return self.heading.comment


def headings(source: Source) -> list[Heading]:
    """Every heading that is not inside a list or a quote, with the comment under it."""
    found: list[Heading] = []
    used: set[int] = set()
    for here, token in enumerate(source.tokens):
        if token.type != "heading_open" or token.level != 0 or token.map is None:
            continue
        inline = source.tokens[here + 1]
        comment, body, broken = _comment_under(source, token, source.tokens[here + 3 : here + 4], used)
        found.append(
            Heading(
                level=int(token.tag[1]),
                title=without_comments(inline.content).strip(),
                first=token.map[0],
                body=body,
                end=source.end,
                setext=token.markup in ("=", "-"),
                comment=comment,
                plain=plain(inline),
                broken=broken,
            )
        )
    still_open: list[Heading] = []
    for heading in found:
        while still_open and still_open[-1].level >= heading.level:
            still_open.pop().end = heading.first
        still_open.append(heading)
    _strays(source, used)
    return found


def _inside(found: list[Heading], here: int) -> list[Heading]:
    return list(takewhile(lambda other: other.first < found[here].end, islice(found, here + 1, None)))


def _comment_under(
    source: Source, heading: Token, after: list[Token], used: set[int]
) -> tuple[Comment | None, int, bool]:
    assert heading.map is not None
    body = heading.map[1]
    if not after or after[0].map is None:
        return None, body, False
    token = after[0]
    first, last = token.map or (body, body)
    if token.type == "code_block" and _INDENTED.match(source.lines[first]) and OURS.match(source.lines[first].strip()):
        source.note(first, "E101", N_("four spaces before a comment make it code"))
        return None, body, True
    if not is_comment(token) or token.level != 0:
        return None, body, False
    used.add(first)
    comment = attributes.read(source, first, token.content)
    if comment is None:
        return None, last, True
    comment.line = first
    return comment, last, False


def _strays(source: Source, used: set[int]) -> None:
    """A comment of ours that is not directly under its heading does nothing, so it must be wrong."""
    for token in source.tokens:
        if token.type == "html_block" and token.map and token.map[0] not in used and OURS.match(token.content.lstrip()):
            source.note(token.map[0], "E101", N_("this comment must directly follow its heading"))


def outline(source: Source, found: list[Heading], start: int) -> Iterator[Run | Part]:
    """The file from `start` on, as prose and as what its headings open, in order of reading."""
    if any(heading.kind or heading.broken for heading in found):
        for heading in found:
            if heading.setext:
                source.note(
                    heading.first, "E122", N_("write headings with #, not underlined, in a file with questions")
                )
    position = start
    here = 0
    while here < len(found):
        heading = found[here]
        if heading.comment is None:
            here += 1
            continue
        inside = _inside(found, here)
        if heading.first > position:
            yield Run(position, heading.first)
        position = heading.end
        here += 1 + len(inside)
        if heading.kind == "quiz":
            yield _quiz(source, heading, inside)
        elif heading.kind == "question":
            yield _question(source, heading, inside)
        else:
            _misplaced(source, heading)
    if position < source.end:
        yield Run(position, source.end)


def _misplaced(source: Source, heading: Heading) -> None:
    assert heading.comment is not None
    words = {
        "quiz": N_("a quiz cannot stand inside a quiz"),
        "section": N_("a section stands in a quiz, one heading level below it"),
        "question": N_("a question of a quiz, section or pool stands one heading level below it"),
        "pool": N_("a pool stands in a quiz or section, one heading level below it"),
        "draw": N_("a draw stands in a quiz or section, one heading level below it"),
    }
    source.note(heading.comment.line, "E126", words[heading.kind])


def _question(source: Source, heading: Heading, inside: list[Heading]) -> Part:
    for deeper in inside:
        if deeper.comment is not None:
            source.note(
                deeper.comment.line, "E121", N_('heading "%(title)s" inside a question may not carry a comment'),
                title=deeper.title,
            )  # fmt: skip
    return Part(heading)


def _quiz(source: Source, heading: Heading, inside: list[Heading]) -> Part:
    """A quiz, or a section of one, which holds the same except further sections."""
    quiz = Part(heading)
    first = next((other.first for other in inside if other.level == heading.level + 1), heading.end)
    quiz.intro = Run(heading.body, first)
    without = {
        "quiz": N_('heading "%(title)s" inside quiz "%(id)s" has no question/pool/draw comment'),
        "section": N_('heading "%(title)s" inside section "%(id)s" has no question/pool/draw comment'),
    }
    for member, deeper in _members(source, heading, inside):
        if member.comment is None:
            if not member.broken:
                source.note(
                    member.first, "E120", without[heading.kind],
                    title=member.title, id=heading.comment.id if heading.comment else "",
                )  # fmt: skip
        elif member.kind == "section" and heading.kind == "quiz":
            quiz.parts.append(_quiz(source, member, deeper))
        elif member.kind == "question":
            quiz.parts.append(_question(source, member, deeper))
        elif member.kind == "pool":
            quiz.parts.append(_pool(source, member, deeper))
        elif member.kind == "draw":
            quiz.parts.append(Part(member))
        else:
            _misplaced(source, member)
    return quiz


def _pool(source: Source, heading: Heading, inside: list[Heading]) -> Part:
    pool = Part(heading)
    for member, deeper in _members(source, heading, inside):
        if member.kind == "question":
            pool.parts.append(_question(source, member, deeper))
        elif member.comment is not None:
            _misplaced(source, member)
        elif not member.broken:
            source.note(
                member.first, "E120", N_('heading "%(title)s" inside pool "%(id)s" has no question comment'),
                title=member.title, id=heading.comment.id if heading.comment else "",
            )  # fmt: skip
    return pool


def _members(source: Source, heading: Heading, inside: list[Heading]) -> Iterator[tuple[Heading, list[Heading]]]:
    """The headings one level below, each with those below it; one that skips a level belongs nowhere."""
    below: Heading | None = None
    deeper: list[Heading] = []
    for other in inside:
        if other.level == heading.level + 1:
            if below is not None:
                yield below, deeper
            below, deeper = other, []
        elif below is None:
            if other.comment is not None:
                _misplaced(source, other)
        else:
            deeper.append(other)
    if below is not None:
        yield below, deeper


def bank(source: Source, found: list[Heading]) -> Iterator[Part]:
    """The questions of a bank. Headings above them may sort them; a heading without any question below is a mistake."""
    here = 0
    while here < len(found):
        heading = found[here]
        inside = _inside(found, here)
        if heading.kind == "question":
            yield _question(source, heading, inside)
            here += 1 + len(inside)
            continue
        here += 1
        if heading.comment is not None:
            source.note(heading.comment.line, "E126", N_("a bank holds questions only"))
        elif not heading.broken and heading.level > 1 and not any(other.kind == "question" for other in inside):
            source.note(
                heading.first, "E120", N_('heading "%(title)s" in a bank has no question comment'), title=heading.title
            )
