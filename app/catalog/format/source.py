"""One Markdown file as lines and tokens: what stands where, and what may not stand there at all."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass

from markdown_it.token import Token

from app.catalog.format.problems import Notes
from app.kit.i18n import N_
from app.kit.limits import NESTING
from app.kit.markdown import parser

KINDS = ("quiz", "section", "question", "pool", "draw")
COMMENT = re.compile(r"<!--(.*?)-->", re.S)
OURS = re.compile(rf"<!--\s*(?:{'|'.join(KINDS)})\b")
# Code spans and escapes come first, so that a comment shown as code, or written with a backslash, stays.
_CODE_OR_COMMENT = re.compile(
    r"(?P<kept>(?P<ticks>`+)(?!`).+?(?<!`)(?P=ticks)(?!`)|\\[!-/:-@\[-`{-~])|[ \t]*<!--(?P<comment>.*?)-->", re.S
)
_REFERENCE = re.compile(r"\[([^\[\]]+)\]")

ALONE = N_("a comment stands alone on its line")
RAW_HTML = N_("no HTML in a course, only Markdown: %(html)s")


@dataclass(slots=True)
class Source:
    """The body of a file. Lines are counted from 0 here, as tokens count them; the front matter is blank lines."""

    notes: Notes
    lines: list[str]
    start: int
    tokens: list[Token]
    references: dict[str, tuple[int, int]]
    stripped: dict[int, str]
    outermost: list[list[Token]]

    @property
    def path(self) -> str:
        return self.notes.path

    @property
    def end(self) -> int:
        return len(self.lines)

    def column(self, line: int, needle: str = "") -> int:
        """The column of some text on a line, or of the first thing on it."""
        found = self.lines[line]
        at = found.find(needle) if needle else len(found) - len(found.lstrip())
        return max(at, 0) + 1

    def note(self, line: int, code: str, template: str, /, *, needle: str = "", **values: object) -> None:
        """Say what is wrong on a line (from 0), at some text on it."""
        self.notes.note(line + 1, self.column(line, needle), code, template, **values)

    def blocks(self, start: int, end: int) -> list[list[Token]]:
        """The outermost blocks between two lines, each with all its tokens."""
        first = bisect_left(self.outermost, start, key=_first_line)
        return self.outermost[first : bisect_left(self.outermost, end, key=_first_line)]

    def markdown(self, start: int, end: int) -> str:
        """The text between two lines as it was written, less the comments, plus the link addresses it borrows."""
        kept = (self.stripped.get(number, self.lines[number]) for number in range(start, end))
        return self.complete("\n".join(kept), start, end)

    def complete(self, text: str, start: int, end: int) -> str:
        """Add the link reference definitions that a piece of the file uses and that stand elsewhere in it."""
        text = _trimmed(text)
        if not text or not self.references:
            return text
        named = {_label(found) for found in _REFERENCE.findall(text)}
        borrowed = [
            "\n".join(self.lines[first:last])
            for label, (first, last) in self.references.items()
            if label in named and not start <= first < end
        ]
        return "\n\n".join([text, "\n".join(borrowed)]) if borrowed else text


def parse(text: str) -> list[Token]:
    return parser(html=True).parse(text)


def read(text: str, start: int, notes: Notes) -> Source:
    """`text` is the whole file; the first `start` lines are its front matter."""
    lines = text.split("\n")
    environment: dict[str, dict[str, dict[str, object]]] = {}
    tokens = parser(html=True).parse("\n" * start + "\n".join(lines[start:]), environment)
    references = {
        label: (where[0], where[1])
        for label, found in environment.get("references", {}).items()
        if isinstance(where := found.get("map"), list)
    }
    source = Source(notes, lines, start, tokens, references, {}, _outermost(tokens))
    _strip_comments(source)
    _check(source)
    return source


def _outermost(tokens: list[Token]) -> list[list[Token]]:
    found: list[list[Token]] = []
    block: list[Token] = []
    for token in tokens:
        block.append(token)
        if token.level == 0 and token.nesting <= 0:
            if block[0].map is not None:
                found.append(block)
            block = []
    return found


def _first_line(block: list[Token]) -> int:
    return block[0].map[0] if block[0].map else 0


def without_comments(text: str) -> str:
    """A comment that spans lines leaves its line breaks, so that every line keeps its number."""
    return _CODE_OR_COMMENT.sub(lambda found: found["kept"] or "\n" * found[0].count("\n"), text)


def comments(text: str) -> list[str]:
    """What the comments in a line of text say; one that is shown as code or escaped is none."""
    return [found["comment"] for found in _CODE_OR_COMMENT.finditer(text) if found["comment"] is not None]


def is_comment(token: Token) -> bool:
    return token.type in ("html_inline", "html_block") and token.content.lstrip().startswith("<!--")


def _strip_comments(source: Source) -> None:
    for token in source.tokens:
        if token.map and (is_comment(token) or any(is_comment(child) for child in token.children or ())):
            first, last = token.map
            # Two cells of a table share their line.
            before = [source.stripped.get(number, source.lines[number]) for number in range(first, last)]
            for number, line in enumerate(without_comments("\n".join(before)).split("\n"), first):
                source.stripped[number] = line


def _check(source: Source) -> None:
    for token in source.tokens:
        if token.map is None:
            continue
        line = token.map[0]
        if token.level >= NESTING - 1:
            source.note(line, "E109", N_("lists and quotes are nested more than %(limit)s deep"), limit=NESTING)
            break
        if token.type == "html_block":
            _check_block(source, line, token.content)
        for child in token.children or ():
            if child.type == "html_inline" and not is_comment(child):
                where = _line_of(source, token, child.content)
                source.note(where, "E180", RAW_HTML, needle=child.content, html=child.content)
            elif is_comment(child) and OURS.match(child.content):
                source.note(_line_of(source, token, child.content), "E101", ALONE, needle=child.content)
    if "X" in source.references:
        line = source.references["X"][0]
        source.note(line, "E105", N_("a link may not be named [x], since that is the mark of a right answer"))


def _check_block(source: Source, line: int, html: str) -> None:
    stripped = html.strip()
    rest = COMMENT.sub("", stripped).strip()
    if not rest:
        return
    if rest.startswith("<!--"):
        source.note(line, "E101", N_("a comment is closed with -->"))
    elif stripped.startswith("<!--") and "<" not in rest:
        source.note(line, "E101", ALONE)
    else:
        source.note(line, "E180", RAW_HTML, html=rest.split("\n")[0][:40])


def _line_of(source: Source, token: Token, needle: str) -> int:
    first, last = token.map or (0, 1)
    head = needle.split("\n")[0]
    return next((number for number in range(first, last) if head in source.lines[number]), first)


def _label(text: str) -> str:
    """As markdown-it compares the names of links."""
    return re.sub(r"\s+", " ", text.strip()).lower().upper()


def _trimmed(text: str) -> str:
    """Blank lines at both ends go; the indentation of the first line stays, since it can mean code."""
    lines = text.split("\n")
    while lines and not lines[0].strip():
        lines.pop(0)
    while lines and not lines[-1].strip():
        lines.pop()
    return "\n".join(lines)
