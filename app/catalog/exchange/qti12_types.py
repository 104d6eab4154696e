"""The types of question of QTI 1.2, as Canvas and Common Cartridge write them, read one by one."""

from __future__ import annotations

import re
from collections.abc import Callable
from xml.etree.ElementTree import Element

from app.catalog.exchange import question_text, xml
from app.catalog.exchange.desk import decimal, spelled
from app.catalog.exchange.folder import Refusal
from app.catalog.exchange.qti12_source import Source, Test, as_html, within
from app.catalog.exchange.qti_gaps import picked
from app.catalog.exchange.qti_types import NO_KEY, Asked, of
from app.catalog.format.answers import option_id
from app.catalog.format.asking import ACCEPT, MAX_MB
from app.catalog.format.gaps import CLOSE, OPEN
from app.catalog.format.model import Option, Part, PartKind, QuestionType
from app.catalog.format.numbers import interval
from app.kit.i18n import N_

_HELD = "klasterisgap{}x"


def choice(source: Source) -> Asked:
    """One or several of a list. Where all right ones stand in one condition, only all of them together count."""
    response = _only(source)
    several = response.attrib.get("rcardinality", "Single").lower() == "multiple"
    labels = source.labels(response)
    name = response.attrib.get("ident", "")
    right = dict(source.right(name))
    if not any(value in labels for value in right):
        raise Refusal(NO_KEY)
    whole = several and any(sum(not t.wrong for t in c.tests) > 1 for c in source.conditions if (c.score or 0) > 0)
    whole = whole or (several and not any(c.added for c in source.conditions))
    even = 1 / sum(value in labels for value in right)
    options = []
    for label, element in labels.items():
        text = source.line(element)
        if not text:
            raise Refusal(N_("an answer has no words"), xml.line(element))
        share = right.get(label, 0.0)
        credit = (even if share > 0 else 0.0) if several else round(share, 9)
        options.append(Option(option_id(text), credit, text, _told_on(source, name, label)))
    kept = source.desk.choices(source.item, options)
    if several:
        return Asked(of(QuestionType.MULTIPLE, scoring="all-or-nothing" if whole else "partial"), kept)
    best = max(option.fraction for option in kept)
    if best < 1:
        kept = tuple(Option(o.id, round(o.fraction / best, 9), o.text, o.feedback) for o in kept)
    kind = QuestionType.TRUEFALSE if _is_truefalse(source, kept) else QuestionType.SINGLE
    return Asked(of(kind), kept)


def _is_truefalse(source: Source, options: tuple[Option, ...]) -> bool:
    said = source.fields.get("question_type", source.fields.get("cc_profile", ""))
    right = [option.fraction for option in options]
    return said.startswith(("true_false", "cc.true_false")) and sorted(right) == [0.0, 1.0]


def _told_on(source: Source, response: str, label: str) -> str:
    """What a condition says that asks for this answer alone and gives nothing for it."""
    found: list[str] = []
    for condition in source.conditions:
        if condition.score is None and [(t.response, t.value) for t in condition.tests if not t.wrong] == [
            (response, label)
        ]:
            found += [text for name in condition.told if (text := source.feedback(name))]
    return "\n\n".join(found)


def _only(source: Source) -> Element:
    found = source.responses
    if len(found) != 1:
        raise Refusal(N_("there is no answer field, or more than one"))
    return found[0]


def short(source: Source) -> Asked:
    response = _only(source)
    name = response.attrib.get("ident", "")
    values: dict[str, float] = {}
    pieces: dict[str, float] = {}
    case = []
    for condition in source.conditions:
        for test in condition.tests:
            if (condition.score or 0) <= 0 or test.wrong or test.response != name or not test.value:
                continue
            if test.how in ("varequal", "varsubstring"):
                kept = pieces if test.how == "varsubstring" else values
                kept.setdefault(" ".join(test.value.split()), condition.score or 0.0)
                case.append(test.case)
    stars = {f"*{value}*": score for value, score in pieces.items()}
    if not values and not stars:
        raise Refusal(NO_KEY)
    best = max([*values.values(), *stars.values()])
    options = [
        Option(option_id(text := question_text.code(value)), round(score / best, 9), text, "", value)
        for value, score in (values | stars).items()
    ]
    how = {"match": "wildcard" if stars else "exact", "case": "exact" if all(case) else "ignore"}
    return Asked(of(QuestionType.TEXT, **how), source.desk.choices(source.item, options))


def number(source: Source) -> Asked:
    """A number, a number with how far one may be off, or a range: what one condition compares with."""
    name = _only(source).attrib.get("ident", "")
    options: list[Option] = []
    for condition in source.conditions:
        tests = [t for t in condition.tests if t.response == name and not t.wrong]
        if (condition.score or 0) <= 0 or not tests:
            continue
        value = _number(tests)
        if value is None:
            raise Refusal(N_("not a number: %(value)s"), value=", ".join(test.value for test in tests))
        ends = interval(value)
        assert ends is not None
        text = question_text.code(value)
        options.append(Option(option_id(text), round(condition.score or 0.0, 9), text, "", value, *ends))
    best = max((option.fraction for option in options), default=0.0)
    if best <= 0:
        raise Refusal(NO_KEY)
    made = [Option(o.id, round(o.fraction / best, 9), o.text, "", o.value, o.low, o.high) for o in options]
    return Asked(of(QuestionType.NUMERIC), source.desk.choices(source.item, made))


def _number(tests: list[Test]) -> str | None:
    exact = low = high = None
    for test in tests:
        value = decimal(test.value)
        if value is None:
            return None
        if test.how == "varequal":
            exact = value
        elif test.how in ("vargte", "vargt"):
            low = value
        elif test.how in ("varlte", "varlt"):
            high = value
    if low is not None and high is not None and low <= high:
        around = exact is not None and low + high == 2 * exact
        return spelled(low, high) if around else f"{low:f}..{high:f}"
    return f"{exact:f}" if exact is not None else None


def matching(source: Source) -> Asked:
    rights: dict[str, Option] = {}
    parts: dict[str, Part] = {}
    for response in source.responses:
        left = source.folder.line(source.item, _head(response), source.path)
        labels = source.labels(response)
        texts = {label: source.line(element) for label, element in labels.items()}
        key = next((value for value, _score in source.right(response.attrib.get("ident", "")) if value in texts), None)
        if not left or key is None or not texts[key]:
            raise Refusal(N_('"%(text)s" belongs to nothing or to several things'), xml.line(response), text=left)
        for text in texts.values():
            if text:
                rights.setdefault(option_id(text), Option(option_id(text), 0.0, text))
        parts.setdefault(option_id(left), Part(option_id(left), PartKind.PICK, key=option_id(texts[key]), text=left))
    return Asked(of(QuestionType.MATCH, scoring="partial"), tuple(rights.values()), tuple(parts.values()))


def _head(response: Element) -> str:
    return "".join(
        as_html(one) for material in xml.children(response, "material") for one in within(material, "mattext")
    )


def blanks(source: Source) -> Asked:
    """Words in square brackets, each a gap: to be typed, or to be chosen from a list."""
    listed = source.fields.get("question_type") == "multiple_dropdowns_question"
    html = source.html
    held: list[Part] = []
    for response in source.responses:
        name = " ".join(xml.text(one) for one in within(xml.child(response, "material"), "mattext")).strip()
        place = re.search(re.escape(f"[{name}]"), html) if name else None
        if place is None:
            raise Refusal(N_('the gap "%(name)s" is not in the text'), xml.line(response), name=name)
        html = html[: place.start()] + _HELD.format(len(held)) + html[place.end() :]
        held.append(_gap(source, response, f"g{len(held) + 1}", listed=listed))
    stem = source.blocks(html)
    for number_, part in enumerate(held):
        stem = stem.replace(_HELD.format(number_), f"{OPEN}{part.id}{CLOSE}", 1)
    if not held:
        raise Refusal(N_("there is no gap in this text"))
    order = sorted(held, key=lambda part: stem.find(f"{OPEN}{part.id}{CLOSE}"))
    return Asked(of(QuestionType.CLOZE, scoring="partial"), parts=tuple(order), stem=stem)


def _gap(source: Source, response: Element, name: str, *, listed: bool) -> Part:
    texts = {label: source.plain(element) for label, element in source.labels(response).items()}
    right = [value for value, _score in source.right(response.attrib.get("ident", ""))]
    if listed:
        key = next((texts[value] for value in right if value in texts), "")
        return picked(name, list(texts.values()), key)
    values = [text for text in dict.fromkeys(texts.get(value, value) for value in right) if text]
    values = values or [text for text in dict.fromkeys(texts.values()) if text]
    if not values:
        raise Refusal(NO_KEY)
    return Part(name, PartKind.TEXT, tuple(Option(option_id(value), 1.0, value=value) for value in values))


def essay(source: Source) -> Asked:
    return Asked(of(QuestionType.ESSAY))


def upload(source: Source) -> Asked:
    return Asked(of(QuestionType.UPLOAD, accept=ACCEPT, max_mb=float(MAX_MB)))


CANVAS: dict[str, Callable[[Source], Asked]] = {
    "multiple_choice_question": choice,
    "true_false_question": choice,
    "multiple_answers_question": choice,
    "short_answer_question": short,
    "fill_in_multiple_blanks_question": blanks,
    "multiple_dropdowns_question": blanks,
    "matching_question": matching,
    "numerical_question": number,
    "essay_question": essay,
    "file_upload_question": upload,
    "cc.multiple_choice.v0p1": choice,
    "cc.multiple_response.v0p1": choice,
    "cc.true_false.v0p1": choice,
    "cc.fib.v0p1": short,
    "cc.pattern_match.v0p1": short,
    "cc.essay.v0p1": essay,
}
