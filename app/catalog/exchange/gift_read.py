"""GIFT, read: questions between blank lines, answers in braces, as Moodle reads them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from app.catalog.exchange import carried, gift_answers, source_inside
from app.catalog.exchange.decoding import decoded
from app.catalog.exchange.desk import Desk, Item, headed
from app.catalog.exchange.gift_signs import form_of, hidden, shown
from app.catalog.exchange.model import Conversion, Given
from app.catalog.exchange.moodle_source import Refusal
from app.catalog.exchange.moodle_types import tag
from app.catalog.exchange.pages import Drawer, conversion
from app.catalog.exchange.proposing import one_line
from app.kit.i18n import N_

_NAME = re.compile(r"\s*::(.*?)::", re.S)
_MARKS = re.compile(r"(?<!\\)\[(id|tag):((?:\\\]|[^\]])+)\]")
# What somebody once wrote behind a question without meaning it; Moodle takes it for text.
_STRAY = ('";', '"', ";")
_BLANK = "\\_\\_\\_\\_\\_"


@dataclass(slots=True)
class Block:
    """The lines of one question, and the comment above it."""

    line: int
    lines: list[str] = field(default_factory=list)
    id: str = ""
    tags: tuple[str, ...] = ()


def recognises(name: str, data: bytes) -> bool:
    if name.endswith((".gift", ".gift.txt")):
        return True
    text = data[:200_000].decode("utf-8", errors="replace")
    if not name.endswith(".txt") or re.search(r"^ANSWER[ \t]*:", text, re.M):
        return False
    return bool(
        re.search(r"^[ \t]*(?:::|//|\$CATEGORY:)", text, re.M) or re.search(r"(?<!\\)\{(?!\s*\d*:[A-Z_]+:)", text)
    )


def read(given: Given) -> Conversion:
    desk = Desk(given)
    inside = source_inside.found(given.data, source_inside.GIFT)
    if inside is not None:
        return source_inside.taken(desk.report, given, inside)
    text = decoded(given.name, given.data, given.lang, desk.report)
    if text is None:
        return Conversion({}, tuple(desk.report.notes))
    drawer = Drawer(desk)
    for block in _blocks(text):
        if drawer.full:
            break
        first = block.lines[0].strip()
        if first.startswith("$CATEGORY:"):
            _category(drawer, first.removeprefix("$CATEGORY:"))
            block = replace(block, line=block.line + 1, lines=block.lines[1:])
            if not any(line.strip() for line in block.lines):
                continue
        _read(desk, drawer, block)
    return conversion(desk, drawer)


def _blocks(text: str) -> Iterator[Block]:
    block: Block | None = None
    name, tags = "", ()  # type: tuple[str, tuple[str, ...]]
    for number, line in enumerate([*text.split("\n"), ""], 1):
        if line.lstrip().startswith("//"):
            marks = _MARKS.findall(line)
            if marks:
                name = next((value.replace("\\]", "]") for key, value in marks if key == "id"), "")
                tags = tuple(value.replace("\\]", "]") for key, value in marks if key == "tag")
            continue
        if not line.strip():
            if block is not None:
                yield block
                block, name, tags = None, "", ()
            continue
        if block is None:
            block = Block(number, [], name, tags)
        block.lines.append(line)


def _category(drawer: Drawer, path: str) -> None:
    steps = [part.replace("//", "/") for part in re.split(r"(?<!/)/(?!/)", path.strip())]
    drawer.open(
        tuple(one_line(part) for part in steps if part.strip("/ ") and not part.startswith("$") and part != "top")
    )


def _read(desk: Desk, drawer: Drawer, block: Block) -> None:
    text = hidden("\n".join(block.lines))
    name = ""
    found = _NAME.match(text)
    if found:
        name, text = one_line(shown(found[1])), text[found.end() :]
    item = Item(name or one_line(shown(text))[:60], block.line)
    try:
        _question(desk, drawer, item, block, name, text)
    except Refusal as error:
        desk.report.refused(item.name, error.line or item.line, error.template, **error.values)


def _question(desk: Desk, drawer: Drawer, item: Item, block: Block, name: str, text: str) -> None:
    form, text = form_of(text, "auto")
    if form == "auto":
        # Lines are wrapped as it suits the eye; a break that is meant is written \\n.
        text = text.replace("\n", " ")
    before, braces, rest = text.partition("{")
    if not braces:
        if "}" in text:
            raise Refusal(N_("a } without a {"))
        drawer.prose(desk.blocks(item, shown(text).strip(), form, {}, top=3))
        desk.report.changed(item.name, item.line, N_("a description is now text on the page, above the questions"))
        return
    inner, closed, after = rest.partition("}")
    if not closed:
        raise Refusal(N_("its answers begin with { and end with }"))
    if "{" in inner or "{" in after or "}" in after:
        raise Refusal(N_("more than one pair of braces: one question has one list of answers"))
    after = shown(after).strip()
    if after in _STRAY:
        desk.report.left_out(item.name, item.line, N_("the signs behind it: %(signs)s"), signs=after)
        after = ""
    said, carries = carried.taken(shown(before).strip())
    title, said = headed(name, said, form)
    stem = desk.blocks(item, said, form, {})
    if after:
        stem = f"{stem} {_BLANK}{'' if after[0] in '.,;:!?' else ' '}{desk.line(item, after, form, {})}".strip()
    if not title:
        title, stem = desk.titled(name, stem)
    asked = gift_answers.read(desk, item, inner, form, carries)
    words = desk.text(
        title, stem, options=asked.options, parts=asked.parts, explanation=asked.explanation, incorrect=asked.incorrect
    )
    tags = tuple(dict.fromkeys(cleaned for value in block.tags if (cleaned := tag(value.replace(",", " ")))))
    question = replace(asked.question, id=desk.id(item, block.id, name or title), texts={desk.lang: words}, tags=tags)
    checked = desk.question(item, question)
    if checked is not None:
        drawer.put(checked)
