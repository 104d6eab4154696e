"""Moodle's embedded answers ("cloze"): `{1:SHORTANSWER:=Paris~%50%Marseille#Nearly}` inside a text, read and written."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass

from app.catalog.exchange import escaping
from app.catalog.exchange.desk import Desk, Item, decimal, spelled
from app.catalog.exchange.model import Report
from app.catalog.format.answers import option_id
from app.catalog.format.frontmatter import is_id
from app.catalog.format.gaps import CLOSE, OPEN
from app.catalog.format.model import Option, Part, PartKind
from app.kit.i18n import N_

_TYPED = ("SHORTANSWER", "SA", "MW", "SHORTANSWER_C", "SAC", "MWC")
_EXACT = ("SHORTANSWER_C", "SAC", "MWC")
_NUMBER = ("NUMERICAL", "NM")
_PICKED = (
    *("MULTICHOICE", "MC", "MULTICHOICE_V", "MCV", "MULTICHOICE_H", "MCH"),
    *("MULTICHOICE_S", "MCS", "MULTICHOICE_VS", "MCVS", "MULTICHOICE_HS", "MCHS"),
)
_SEVERAL = ("MULTIRESPONSE", "MR", "MULTIRESPONSE_H", "MRH", "MULTIRESPONSE_S", "MRS", "MULTIRESPONSE_HS", "MRHS")
_OPENS = re.compile(
    r"(?<!\\)\{(\d{0,4}):(" + "|".join(sorted((*_TYPED, *_NUMBER, *_PICKED, *_SEVERAL), key=len, reverse=True)) + r"):?"
)
_BREAKS = re.compile(r"<br\s*/?>|\s+", re.I)
_TAGS = re.compile(r"</?[a-zA-Z][^<>]*>")
_CREDIT = re.compile(r"\s*(?:(=)|%(-?\d{1,3}(?:[.,]\d{1,7})?)%)?")
_ID_BEHIND = re.compile(r" ?<!-- id=\"?([a-z0-9-]+)\"? -->")
# A mark in the place of a gap while the words around it are turned into Markdown: letters, so that nothing changes it.
_HELD = "klasterisgap{}x"


_MOST = 200


class BadGap(Exception):
    """A gap that nobody could fill: a sentence to translate."""

    def __init__(self, template: str, **values: object) -> None:
        super().__init__(template)
        self.template, self.values = template, values


@dataclass(frozen=True, slots=True)
class Several:
    """A gap in which several answers are ticked: a question of its own with us. `around` is the line it stood in."""

    around: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Gaps:
    """The text with a word held in the place of each gap; `exact` when every typed gap minds its capitals."""

    text: str
    parts: tuple[Part, ...]
    weights: tuple[int, ...]
    exact: bool
    wildcard: bool
    several: tuple[Several, ...] = ()

    def marked(self, markdown: str) -> str:
        """Turn the held words into the marks that the course language keeps gaps in."""
        for place, part in enumerate(self.parts):
            markdown = markdown.replace(_HELD.format(place), f"{OPEN}{part.id}{CLOSE}", 1)
        return markdown


def read(desk: Desk, item: Item, text: str) -> Gaps:
    """Raises BadGap for the first gap that cannot be asked."""
    out: list[str] = []
    parts: list[Part] = []
    weights: list[int] = []
    kinds: list[str] = []
    several: list[tuple[str, tuple[Option, ...]]] = []
    at = 0
    while found := _OPENS.search(text, at):
        if len(parts) + len(several) >= _MOST:
            raise BadGap(N_("more than %(limit)s gaps in one text"), limit=_MOST)
        end = _closing(text, found.end())
        if end < 0:
            raise BadGap(N_("a gap that opens with %(gap)s is not closed"), gap=found[0])
        out.append(text[at : found.start()])
        if found[2] in _SEVERAL:
            held = f"klasterisgapof{len(several)}x"
            several.append((held, _ticked(text[found.end() : end])))
            out.append(held)
            at = end + 1
            continue
        behind = _ID_BEHIND.match(text, end + 1)
        named = behind[1] if behind and is_id(behind[1], 1) else f"g{len(parts) + 1}"
        parts.append(_part(desk, item, named, found[2], text[found.end() : end]))
        weights.append(int(found[1] or 1))
        kinds.append(found[2])
        out.append(_HELD.format(len(parts) - 1))
        at = behind.end() if behind else end + 1
    if not parts:
        raise BadGap(N_("there is no gap in this text that could be filled"))
    out.append(text[at:])
    whole = "".join(out)
    alone = tuple(Several(_around(whole, held), options) for held, options in several)
    for held, _options in several:
        whole = whole.replace(held, "…")
    typed = [kind in _EXACT for kind in kinds if kind in _TYPED]
    if any(typed) and not all(typed):
        desk.report.changed(item.name, item.line, N_("capitals count in some gaps only; now they count in none"))
    stars = any("*" in option.value for part in parts if part.kind is PartKind.TEXT for option in part.options)
    return Gaps(whole, tuple(parts), tuple(weights), bool(typed) and all(typed), stars, alone)


def _ticked(inner: str) -> tuple[Option, ...]:
    answers = {text: (share, feedback) for share, text, feedback in map(_answer, _pieces(inner, "~")) if text}
    right = sum(share >= 0.999 for share, _feedback in answers.values())
    if not right or len(answers) < 2:
        raise BadGap(N_("a gap has no answer that is completely right"))
    return tuple(
        Option(option_id(said), 1 / right if share >= 0.999 else 0.0, said, escaping.words(feedback))
        for text, (share, feedback) in answers.items()
        if (said := escaping.inline(text).strip())
    )


def _around(text: str, held: str) -> str:
    """The words of the line that a gap stands in, with an ellipsis for it and for any other gap."""
    line = next(part for part in re.split(r"\n|</?p[^>]*>|<br[^>]*>|</?li[^>]*>", text) if held in part)
    return escaping.words(_plain(re.sub(r"klasterisgap(?:of)?\d+x", "…", line)))


def _closing(text: str, at: int) -> int:
    while at < len(text):
        if text[at] == "\\":
            at += 2
        elif text[at] == "}":
            return at
        else:
            at += 1
    return -1


def _part(desk: Desk, item: Item, name: str, kind: str, inner: str) -> Part:
    answers = [_answer(piece) for piece in _pieces(inner, "~")] if inner.strip() else []
    if any(feedback for _fraction, _text, feedback in answers):
        desk.report.left_out(item.name, item.line, N_("the feedback on the answers of its gaps"))
    full = [text for fraction, text, _feedback in answers if fraction >= 0.999]
    if not answers:
        raise BadGap(N_("a gap has no answers"))
    if not full:
        raise BadGap(N_("a gap has no answer that is completely right"))
    partial = [text for fraction, text, _feedback in answers if 0 < fraction < 0.999]
    if kind in _PICKED:
        texts = list(dict.fromkeys(text for _fraction, text, _feedback in answers))
        if len(texts) < 2:
            raise BadGap(N_("a gap to choose from has only one answer"))
        if len(full) > 1:
            raise BadGap(N_("a gap to choose from has more than one right answer"))
        options = tuple(Option(option_id(text), float(text == full[0]), text) for text in texts)
        _partial(desk, item, partial)
        return Part(name, PartKind.PICK, options, key=option_id(full[0]))
    _partial(desk, item, partial)
    if kind in _NUMBER:
        return Part(name, PartKind.NUMBER, tuple(_number(text) for text in dict.fromkeys(full)))
    values = dict.fromkeys(full)
    return Part(name, PartKind.TEXT, tuple(Option(option_id(value), 1.0, value=value) for value in values))


def _partial(desk: Desk, item: Item, texts: Sequence[str]) -> None:
    """An answer of a gap is right or it is not."""
    if texts:
        desk.report.changed(
            item.name, item.line, N_("an answer of a gap is right or wrong: no longer accepted in part: %(texts)s"),
            texts=", ".join(texts),
        )  # fmt: skip


def _number(text: str) -> Option:
    middle, _, spread = text.partition(":")
    value, off = decimal(middle), decimal(spread or "0")
    if value is None or off is None:
        raise BadGap(N_("not a number: %(value)s"), value=text)
    low, high = value - abs(off), value + abs(off)
    written = spelled(low, high)
    return Option(option_id(written), 1.0, value=written, low=float(low), high=float(high))


def _pieces(text: str, sign: str) -> list[str]:
    """The parts between signs that are not escaped; `&#39;` holds a sign that means itself."""
    return re.split(r"(?<!\\)" + sign if sign != "#" else r"(?<!\\)(?<!&)#", text)


def _answer(piece: str) -> tuple[float, str, str]:
    """Its share, its words, its feedback."""
    head, *feedback = _pieces(piece, "#")
    found = _CREDIT.match(head)
    assert found is not None
    share = 1.0 if found[1] else float((found[2] or "0").replace(",", ".")) / 100
    return share, _plain(head[found.end() :]), _plain("#".join(feedback))


def _plain(text: str) -> str:
    text = re.sub(r"\\([}{~#\\/=%\"])", r"\1", _BREAKS.sub(" ", text))
    return escaping.visible(html.unescape(_TAGS.sub("", text))).strip()


# Writing

_SIGNS = re.compile(r"[}{~#\\=%&<>\"]")


def written(part: Part, *, weight: int, exact: bool, wildcard: bool, place: int, report: Report, item: Item) -> str:
    """A gap as Moodle writes it, and its id in a comment behind it where the place alone does not say it."""
    if part.kind is PartKind.PICK:
        answers = [("=" if option.id == part.key else "") + _escaped(option.text) for option in part.options]
        kind = "MULTICHOICE"
    elif part.kind is PartKind.NUMBER:
        answers = [f"={_moodle_number(option)}" for option in part.options]
        kind = "NUMERICAL"
    else:
        values = (option.value if wildcard else option.value.replace("*", "\\*") for option in part.options)
        answers = [f"={_escaped(value)}" for value in values]
        kind = "SHORTANSWER_C" if exact else "SHORTANSWER"
    name = "" if part.id == f"g{place}" else f"<!-- id={part.id} -->"
    return f"{{{weight}:{kind}:{'~'.join(answers)}}}{name}"


def _escaped(text: str) -> str:
    """Signs that would end an answer, as characters by number, which Moodle turns back."""
    return _SIGNS.sub(lambda found: f"&#{ord(found[0])};", text)


def _moodle_number(option: Option) -> str:
    low, high = decimal(repr(option.low)), decimal(repr(option.high))
    assert low is not None and high is not None
    middle = (low + high) / 2
    return f"{middle.normalize():f}:{(high - middle).normalize():f}"
