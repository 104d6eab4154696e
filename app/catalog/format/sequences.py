"""Lists without marks: steps to put in order, labels of a scale."""

from __future__ import annotations

from dataclasses import dataclass

from markdown_it.token import Token

from app.catalog.format.answers import MARK, inline_of, items, option_id, twice, written_id
from app.catalog.format.source import Source, without_comments
from app.kit.i18n import N_


@dataclass(frozen=True, slots=True)
class Item:
    id: str
    text: str
    named: bool
    line: int


def read(source: Source, block: list[Token], kind: str) -> list[Item] | None:
    """The items in the order they are written, which is the right one; None when there is nothing to ask."""
    line = (block[0].map or (0, 0))[0]
    if block[0].type == "table_open":
        source.note(line, "E152", N_("type=%(type)s needs a list, not a table"), type=kind)
        return None
    found: list[Item] = []
    for item in items(block):
        line = (item[0].map or (0, 0))[0]
        text = _text(source, item, line)
        if text is not None:
            named = written_id(source, line, text)
            words = " ".join(without_comments(text).split())
            found.append(Item(named or option_id(words), words, bool(named), line))
    if len(found) < 2:
        source.note(
            (block[0].map or (0, 0))[0], "E152", N_("type=%(type)s needs a list of at least two items"), type=kind
        )
        return None
    twice(source, found)
    return found


def _text(source: Source, item: list[Token], line: int) -> str | None:
    inline = inline_of(item)
    if inline is None or not without_comments(inline.content).strip():
        source.note(line, "E148", N_("this answer has no text"))
        return None
    level = item[0].level + 1
    if any(token.level == level and token.nesting >= 0 for token in item[4:-1]):
        source.note(line, "E148", N_("an item of this list is one paragraph"))
    marked = MARK.fullmatch(inline.content)
    if marked is None:
        return inline.content
    source.note(line, "E152", N_("the items of this list are not marked: write them without [x] and [ ]"))
    return marked["text"] or None
