"""What stands between the braces of a GIFT question, and which type of question that makes."""

from __future__ import annotations

import re
from dataclasses import dataclass

from app.catalog.exchange import carried, escaping
from app.catalog.exchange.desk import LABELS, Desk, Item, decimal
from app.catalog.exchange.gift_signs import form_of, shown
from app.catalog.exchange.moodle_source import Refusal
from app.catalog.exchange.moodle_types import BAD_NUMBER, NO_ANSWERS, UNEVEN, even, full, of
from app.catalog.format.answers import option_id
from app.catalog.format.model import Option, Part, PartKind, Question, QuestionType
from app.kit.i18n import N_

_TRUE = re.compile(r"\s*(T|TRUE|F|FALSE)\s*(?:#(.*))?", re.S | re.I)
_WEIGHT = re.compile(r"\s*%\s*([+-]?\d{1,3}(?:[.,]\d{1,7})?)\s*%")
_RANGE = re.compile(r"\s*(\S+?)\s*\.\.\s*(\S+)\s*")


@dataclass(frozen=True, slots=True)
class Asked:
    question: Question
    options: tuple[Option, ...] = ()
    parts: tuple[Part, ...] = ()
    explanation: str = ""
    incorrect: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer as written: whether it began with =, its share in percent where one is written, its text and feedback."""

    right: bool
    weight: float | None
    text: str
    feedback: str

    @property
    def fraction(self) -> float:
        return round(self.weight / 100, 9) if self.weight is not None else float(self.right)


def read(desk: Desk, item: Item, inner: str, form: str, carries: dict[str, str]) -> Asked:
    inner, _, general = inner.partition("####")
    explanation = _words(desk, item, _arrows(general), form)
    asked = _read(desk, item, inner.strip(), form, carries)
    return Asked(asked.question, asked.options, asked.parts, explanation, asked.incorrect)


def _read(desk: Desk, item: Item, inner: str, form: str, carries: dict[str, str]) -> Asked:
    if not inner:
        return Asked(of(QuestionType.ESSAY))
    if inner.startswith("#"):
        return _numeric(desk, item, inner[1:].strip(), form)
    if found := _TRUE.fullmatch(inner):
        return _truefalse(desk, item, found[1], found[2] or "", form)
    answers = list(_answers(inner))
    if not answers:
        raise Refusal(N_("an answer begins with = or ~"))
    if all(answer.right for answer in answers):
        arrows = ["->" in answer.text for answer in answers]
        if all(arrows):
            return _match(desk, item, answers, form, carries)
        if any(arrows):
            raise Refusal(N_('in a question that matches, every answer has its "->"'))
        return _typed(desk, item, answers, form, carries)
    return _choice(desk, item, answers, form)


def _answers(inner: str) -> list[Answer]:
    found: list[Answer] = []
    for sign, piece in re.findall(r"([=~])([^=~]*)", inner):
        weight = _WEIGHT.match(piece)
        text, _, feedback = (piece[weight.end() :] if weight else piece).partition("#")
        share = float(weight[1].replace(",", ".")) if weight else None
        if share is not None and abs(share) > 100:
            raise Refusal(N_("an answer is worth %(value)s percent"), value=weight[1] if weight else "")
        found.append(Answer(sign == "=", share, text.strip(), feedback.strip()))
    return found


def _words(desk: Desk, item: Item, text: str, form: str) -> str:
    """Feedback, in its own format or in that of its question."""
    own, text = form_of(text, form)
    return desk.blocks(item, shown(text).strip(), own, {})


def _line(desk: Desk, item: Item, text: str, form: str) -> tuple[str, dict[str, str]]:
    own, text = form_of(text, form)
    said, carries = carried.taken(shown(text).strip())
    words = desk.line(item, said, own, {})
    return (words.removeprefix("\\") if carries.get("bare") else words), carries


def _choice(desk: Desk, item: Item, answers: list[Answer], form: str) -> Asked:
    options: list[Option] = []
    for answer in answers:
        text, carries = _line(desk, item, answer.text, form)
        if not text:
            raise Refusal(N_("an answer has no words"))
        options.append(
            Option(
                carried.name(carries) or option_id(text),
                answer.fraction,
                text,
                _words(desk, item, answer.feedback, form),
            )
        )
    kept = desk.choices(item, options)
    if any(answer.right for answer in answers):
        full(kept)
        if sum(option.fraction >= 1 for option in kept) > 1:
            raise Refusal(N_("more than one answer is completely right: write their shares as %%50%%"))
        return Asked(of(QuestionType.SINGLE), kept)
    total = sum(option.fraction for option in kept if option.fraction > 0)
    if not 0.999 <= total <= 1.001:
        raise Refusal(UNEVEN, sum=f"{total * 100:.5f}".rstrip("0").rstrip("."))
    return Asked(of(QuestionType.MULTIPLE, scoring="partial"), even(kept))


def _typed(desk: Desk, item: Item, answers: list[Answer], form: str, carries: dict[str, str]) -> Asked:
    values = [" ".join(escaping.visible(shown(_unformed(answer.text))).split()) for answer in answers]
    wildcard = any(re.search(r"(?<!\\)\*", value) for value in values)
    options: list[Option] = []
    names = carries.get("left", "").split(",")
    for place, (answer, value) in enumerate(zip(answers, values, strict=True)):
        if not value:
            continue
        feedback = _words(desk, item, _arrows(answer.feedback), form)
        plain = value if wildcard else value.replace("\\*", "*")
        said = {"id": names[place]} if place < len(names) else {}
        options.append(desk.typed(plain, said, answer.fraction, feedback))
    kept = desk.choices(item, options)
    full(kept)
    return Asked(of(QuestionType.TEXT, match="wildcard" if wildcard else "exact"), kept)


def _unformed(text: str) -> str:
    return form_of(text, "plain")[1]


def _feedback(desk: Desk, item: Item, text: str, form: str) -> tuple[str, dict[str, str]]:
    own, text = form_of(text, form)
    said, carries = carried.taken(shown(text).strip())
    return desk.blocks(item, said, own, {}), carries


def _truefalse(desk: Desk, item: Item, word: str, told: str, form: str) -> Asked:
    """The first feedback is for whoever answers wrongly, the second for whoever is right."""
    wrong, _, right = told.partition("#")
    is_true = word.upper().startswith("T")
    options: list[Option] = []
    for label, correct in zip(LABELS.get(desk.lang, LABELS["en"]), (is_true, not is_true), strict=True):
        said, carries = _feedback(desk, item, right if correct else wrong, form)
        text = carries.get("written") or label
        options.append(Option(carried.name(carries) or option_id(text), float(correct), text, said))
    return Asked(of(QuestionType.TRUEFALSE), tuple(options))


def _numeric(desk: Desk, item: Item, inner: str, form: str) -> Asked:
    """One number, or several that begin with =; what follows a ~ is told to whoever is wrong."""
    inner, _, other = inner.partition("~")
    incorrect = _words(desk, item, other.partition("#")[2], form)
    answers = _answers(inner) if "=" in inner else _answers("=" + inner)
    options: list[Option] = []
    for answer in answers:
        feedback, carries = _feedback(desk, item, answer.feedback, form)
        if answer.text.strip() == "*":
            incorrect = incorrect or feedback
            continue
        options.append(_number(desk, shown(answer.text), carries, answer.fraction, feedback))
    kept = desk.choices(item, options)
    if not kept:
        raise Refusal(NO_ANSWERS)
    full(kept)
    return Asked(of(QuestionType.NUMERIC), kept, incorrect=incorrect)


def _number(desk: Desk, text: str, carries: dict[str, str], fraction: float, feedback: str) -> Option:
    between = _RANGE.fullmatch(text)
    if between:
        low, high = decimal(between[1]), decimal(between[2])
        if low is None or high is None or low > high:
            raise Refusal(BAD_NUMBER, value=text)
        said = {"written": f"{low:f}..{high:f}"} | carries
        return desk.numeric(low, high, said, fraction, feedback)
    middle, _, spread = text.partition(":")
    value, off = decimal(middle), decimal(spread or "0")
    if value is None or off is None:
        raise Refusal(BAD_NUMBER, value=text)
    return desk.numeric(value - abs(off), value + abs(off), carries, fraction, feedback)


def _match(desk: Desk, item: Item, answers: list[Answer], form: str, carries: dict[str, str]) -> Asked:
    """The ids that nothing between the braces can carry stand in the question's text: left ones, then right ones, in order."""
    lefts, rights_carried = (carries.get(key, "").split(",") for key in ("left", "right"))
    rights: dict[str, Option] = {}
    parts: dict[str, Part] = {}
    for place, answer in enumerate(answers):
        if answer.feedback:
            desk.report.left_out(item.name, item.line, N_("the feedback on its pairs"))
        asked, _, right = answer.text.partition("->")
        text = escaping.words(_arrows(shown(_unformed(right)).strip()))
        if not text:
            raise Refusal(N_('nothing stands to the right of "%(text)s"'), text=shown(asked).strip())
        known = next((one for one in rights.values() if one.text == text), None)
        wanted = carried.name({"id": rights_carried[place] if place < len(rights_carried) else ""})
        option = known or Option(wanted or option_id(text), 0.0, text)
        rights.setdefault(option.id, option)
        left, _values = _line(desk, item, _arrows(asked.strip()), form)
        if not left:
            continue
        name = carried.name({"id": lefts[place] if place < len(lefts) else ""})
        part = Part(name or option_id(left), PartKind.PICK, key=option.id, text=left)
        if part.id in parts:
            desk.report.left_out(item.name, item.line, N_('the pair "%(text)s" is there twice'), text=left)
        parts.setdefault(part.id, part)
    return Asked(of(QuestionType.MATCH, scoring="partial"), tuple(rights.values()), tuple(parts.values()))


def _arrows(text: str) -> str:
    return text.replace("-&gt;", "->")
