"""Moodle's two oldest text formats, read: a missing word in braces, and a text with embedded answers."""

from __future__ import annotations

import re
from dataclasses import replace

from app.catalog.exchange import embedded, escaping
from app.catalog.exchange.decoding import decoded
from app.catalog.exchange.desk import Desk, Item
from app.catalog.exchange.model import Conversion, Given
from app.catalog.exchange.moodle_source import Refusal
from app.catalog.exchange.moodle_types import full, of
from app.catalog.exchange.pages import Drawer, conversion
from app.catalog.format.answers import option_id
from app.catalog.format.model import Option, Question, QuestionType
from app.kit.i18n import N_
from app.kit.markdown import words

_WORD = re.compile(r"(?P<before>[^{}]*)\{(?P<answers>\s*[=~][^{}]*)\}(?P<after>[^{}]*)")
_ANSWER = re.compile(r"([=~])([^=~]*)")
_WEIGHT = re.compile(r"\s*%?(-?\d{1,3})%")
_OLD_WEIGHT = re.compile(r"~\s*\d{1,3}%")
_GAP = re.compile(rb"\{\d{0,4}:[A-Z_]{2,20}:")
_BLANK = "\\_\\_\\_\\_\\_"


def is_missing_word(name: str, data: bytes) -> bool:
    """Every question has its answers in the middle of a sentence, and none uses a sign that only GIFT has."""
    text = data[:200_000].decode("utf-8", errors="replace").replace("\r\n", "\n")
    if not name.endswith(".txt") or re.search(
        r"^[ \t]*(?:::|//|\$CATEGORY)|->|\{\s*#|%-?\d+%|####|\\[={}~#:]", text, re.M
    ):
        return False
    blocks = [block for block in re.split(r"\n\s*\n", text) if block.strip()]
    found = [_WORD.fullmatch(block) for block in blocks]
    if not found or not all(one and one["before"].strip() and "=" in one["answers"] for one in found):
        return False
    return _OLD_WEIGHT.search(text) is not None or all(one and one["after"].strip() for one in found)


def is_cloze(name: str, data: bytes) -> bool:
    return name.endswith((".txt", ".cloze")) and _GAP.search(data) is not None


def read_missing_word(given: Given) -> Conversion:
    desk = Desk(given)
    text = decoded(given.name, given.data, given.lang, desk.report)
    drawer = Drawer(desk)
    line = 1
    for block in re.split(r"(\n[ \t]*\n)", text or ""):
        if block.strip():
            _missing_word(desk, drawer, block, line + len(block) - len(block.lstrip("\n")))
        line += block.count("\n")
    return conversion(desk, drawer)


def _missing_word(desk: Desk, drawer: Drawer, block: str, line: int) -> None:
    item = Item(escaping.folded(block).strip()[:60], line)
    found = _WORD.fullmatch(block)
    if found is None:
        desk.report.refused(item.name, line, N_("its answers stand in one pair of braces, in the middle of a sentence"))
        return
    options: list[Option] = []
    for sign, piece in _ANSWER.findall(found["answers"]):
        text, _, feedback = piece.partition("#")
        weight = _WEIGHT.match(text) if sign == "~" else None
        said = escaping.inline(text[weight.end() :] if weight else text).strip()
        share = max(-1.0, min(1.0, int(weight[1]) / 100)) if weight else float(sign == "=")
        options.append(Option(option_id(said), share, said, escaping.words(feedback)))
    before, after = escaping.words(found["before"]), escaping.inline(found["after"]).strip()
    text = f"{before} {_BLANK}{'' if after[:1] in '.,;:!?' else ' '}{after}".strip()
    try:
        kind = QuestionType.SINGLE if "~" in found["answers"] else QuestionType.TEXT
        if kind is QuestionType.TEXT:
            options = [desk.typed(words(option.text), {}, option.fraction, option.feedback) for option in options]
        kept = desk.choices(item, options)
        full(kept)
        _put(desk, drawer, item, of(kind), text, options=kept)
    except Refusal as error:
        desk.report.refused(item.name, line, error.template, **error.values)


def read_cloze(given: Given) -> Conversion:
    """The whole file is one question."""
    desk = Desk(given)
    text = decoded(given.name, given.data, given.lang, desk.report)
    drawer = Drawer(desk)
    if text is not None:
        item = Item(given.title, 1)
        try:
            gaps = embedded.read(desk, item, text.strip())
            stem = gaps.marked(desk.blocks(item, gaps.text, "auto", {}))
            question = of(
                QuestionType.CLOZE, scoring="partial", points=float(sum(gaps.weights)),
                case="exact" if gaps.exact else "ignore", match="wildcard" if gaps.wildcard else "exact",
            )  # fmt: skip
            title = escaping.heading(escaping.inline(given.title))
            _put(desk, drawer, item, question, stem, title=title, parts=gaps.parts)
        except embedded.BadGap as error:
            desk.report.notes.clear()
            desk.report.refused(item.name, 1, error.template, **error.values)
    return conversion(desk, drawer)


def _put(
    desk: Desk, drawer: Drawer, item: Item, question: Question, stem: str, *, title: str = "", **said: object
) -> None:
    if not title:
        title, stem = desk.titled("", stem)
    asked = replace(question, id=desk.id(item, "", title), texts={desk.lang: desk.text(title, stem, **said)})
    checked = desk.question(item, asked)
    if checked is not None:
        drawer.put(checked)
