"""What stands in a list of headings or links, or in a table, must make sense there: QC10, as tokens show it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from markdown_it.token import Token

from app.catalog.format.model import Problem, Severity
from app.catalog.format.problems import told
from app.catalog.format.source import Source
from app.kit.i18n import N_

_EMPTY_WORDS = frozenset({
    "čia", "spausti", "spauskite", "spausti čia", "spauskite čia", "paspauskite", "paspauskite čia", "nuoroda",
    "here", "click", "click here", "link", "this link", "read more",
    "her", "klikk", "klikk her", "trykk her", "lenke", "les mer",
})  # fmt: skip


_FILE_NAME = re.compile(r"[\w() -]+\.(?:png|jpe?g|gif|svg|webp|avif)|(?:img|dsc|image|scan|screenshot)[_ -]?\d+", re.I)


def notice(source: Source) -> list[Problem]:
    """Told with the quality of a course, but seen while its files are read: nobody need keep or parse them again."""
    found = [*_headings(source)]
    for position, token in enumerate(source.tokens):
        if token.type == "inline":
            found += _links(source, token)
            found += _pictures(source, token)
        elif token.type == "thead_open" and token.map:
            found += _header(source, source.tokens[position:], token.map[0])
    return found


def _problem(source: Source, line: int, template: str, **values: object) -> Problem:
    return told(source.path, line + 1, source.column(line), "QC10", template, Severity.ERROR, values)


def _headings(source: Source) -> Iterator[Problem]:
    before = 1
    for token in source.tokens:
        if token.type == "heading_open" and token.level == 0 and token.map:
            level = int(token.tag[1])
            if level > before + 1:
                yield _problem(
                    source, token.map[0], N_("heading skips a level: %(before)s is followed by %(level)s"),
                    before="#" * before, level="#" * level,
                )  # fmt: skip
            before = level


def _links(source: Source, token: Token) -> Iterator[Problem]:
    words: list[str] | None = None
    for child in token.children or ():
        if child.type == "link_open":
            words = []
        elif child.type == "link_close" and words is not None:
            text = " ".join("".join(words).split()).strip(" .,:;»›→").lower()
            if not text or text in _EMPTY_WORDS:
                line = (token.map or (source.start, 0))[0]
                yield _problem(source, line, N_('say where a link leads, not "%(text)s"'), text="".join(words))
            words = None
        elif words is not None:
            words.append(child.content)


def _pictures(source: Source, token: Token) -> Iterator[Problem]:
    for child in token.children or ():
        if child.type == "image" and _FILE_NAME.fullmatch(child.content.strip()):
            line = (token.map or (source.start, 0))[0]
            yield _problem(
                source,
                line,
                N_('say what a picture shows, not what its file is called: "%(text)s"'),
                text=child.content,
            )


def _header(source: Source, tokens: list[Token], line: int) -> Iterator[Problem]:
    cells: list[str] = []
    for token in tokens:
        if token.type == "thead_close":
            break
        if token.type == "inline":
            cells.append(token.content.strip())
    if not any(cells):
        yield _problem(source, line, N_("a table has a first row that says what its columns are"))
