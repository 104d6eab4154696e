"""Two columns to be matched: what stands left is asked, what stands right is chosen from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from markdown_it.token import Token

from app.catalog.format.answers import option_id, twice, written_id
from app.catalog.format.model import Option, Part, PartKind
from app.catalog.format.source import Source, without_comments
from app.kit.i18n import N_


@dataclass(frozen=True, slots=True)
class Cell:
    id: str
    text: str
    named: bool
    line: int


@dataclass(frozen=True, slots=True)
class Row:
    """`left` is None where the right cell is a distractor, which belongs to nothing."""

    left: Cell | None
    right: Cell


def read(source: Source, block: list[Token]) -> list[Row] | None:
    """The rows of a table; None when they cannot be asked, which has then been said."""
    line = (block[0].map or (0, 0))[0]
    if block[0].type != "table_open" or len(_cells(block, "th_open")) != 2:
        source.note(line, "E150", N_("type=match needs a table of two columns: what is asked, and what belongs to it"))
        return None
    rows: list[Row] = []
    for tokens in _rows(block):
        left, right = (_cell(source, inline) for inline in tokens)
        if right is None:
            where = (tokens[1].map or (line, 0))[0]
            if left is not None:
                source.note(where, "E151", N_('nothing stands to the right of "%(text)s"'), text=left.text)
            else:
                source.note(where, "E151", N_("this row is empty"))
            continue
        rows.append(Row(left, right))
    pairs = [row.left for row in rows if row.left is not None]
    if len(pairs) < 2:
        source.note(line, "E155", N_("type=match needs at least two pairs"))
        return None
    twice(source, pairs)
    _spare(source, rows)
    return rows


def _rows(block: list[Token]) -> Iterator[tuple[Token, Token]]:
    body = next((here for here, token in enumerate(block) if token.type == "tbody_open"), len(block))
    cells = [block[here + 1] for here in range(body, len(block)) if block[here].type == "td_open"]
    yield from zip(cells[::2], cells[1::2], strict=True)


def _cells(block: list[Token], kind: str) -> list[Token]:
    return [token for token in block if token.type == kind]


def _cell(source: Source, inline: Token) -> Cell | None:
    line = (inline.map or (source.start, 0))[0]
    text = " ".join(without_comments(inline.content).split())
    if not text:
        return None
    named = written_id(source, line, inline.content)
    return Cell(named or option_id(text), text, bool(named), line)


def _spare(source: Source, rows: list[Row]) -> None:
    """A distractor that says what another right cell says takes nobody in."""
    seen: dict[str, int] = {}
    for row in sorted(rows, key=lambda row: row.left is None):
        if row.left is None and row.right.id in seen:
            source.note(row.right.line, "E145", N_("same answer as on line %(line)s"), line=seen[row.right.id] + 1)
        seen.setdefault(row.right.id, row.right.line)


def asked(rows: list[Row]) -> tuple[tuple[Option, ...], tuple[Part, ...]]:
    """What may be chosen, each text once, and what it is chosen for."""
    options: dict[str, Option] = {}
    for row in rows:
        options.setdefault(row.right.id, Option(row.right.id, 0.0, row.right.text))
    parts = tuple(
        Part(row.left.id, PartKind.PICK, key=row.right.id, text=row.left.text) for row in rows if row.left is not None
    )
    return tuple(options.values()), parts
