"""What is typed or chosen inside a text of QTI: one field as a question of words or of a number, several as gaps."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from app.catalog.exchange import qti_tree as tree
from app.catalog.exchange import question_text
from app.catalog.exchange.desk import decimal
from app.catalog.exchange.folder import Refusal
from app.catalog.exchange.qti_item import KINDS
from app.catalog.exchange.qti_scores import Declaration, Test
from app.catalog.exchange.qti_source import Source
from app.catalog.exchange.qti_types import NO_KEY, Asked, of, plain
from app.catalog.format.answers import option_id
from app.catalog.format.asking import ACCEPT, MAX_MB
from app.catalog.format.frontmatter import is_id
from app.catalog.format.gaps import CLOSE, OPEN
from app.catalog.format.model import Option, Part, PartKind, Question, QuestionType
from app.catalog.format.numbers import interval
from app.kit.i18n import N_

NUMBERS = ("float", "integer")
# Stands in the place of a gap while the words around it become Markdown: letters, so that nothing changes it.
_HELD = "klasterisgap{}x"


def is_alone(source: Source) -> bool:
    """Whether the only thing asked is a field behind all words: then it is a question of words or of a number."""
    if source.own:
        return source.setting("type") in ("text", "numeric")
    found = source.interactions
    if len(found) != 1 or tree.kind(found[0]) != "text-entry-interaction":
        return False
    mark = _HELD.format(0)
    html = source.html(source.body, lambda element: mark)
    behind = html.partition(mark)[2]
    return not "".join(_outside_tags(behind)).strip(" .\n\t")


def _outside_tags(html: str) -> list[str]:
    return [piece.rpartition(">")[2] for piece in html.split("<")]


# One field


def typed(source: Source, interaction: Element) -> Asked:
    declared = source.declaration(interaction)
    numeric = declared.base in NUMBERS
    accepted = list(_accepted(source, declared))
    best = max((points for _test, points, _name in accepted), default=0.0)
    most = source.marking.most
    if best <= 0 and not (source.own and most == 0):
        raise Refusal(NO_KEY)
    scale = (most or 1.0) if source.own else best
    asked = Asked(of(QuestionType.TEXT), points=most if most is not None else best)
    options = []
    for test, points, name in accepted:
        value = _value(test.value, numeric=numeric)
        text = question_text.code(value)
        low, high = interval(value) or (None, None) if numeric else (None, None)
        if numeric and low is None:
            raise Refusal(N_("not a number: %(value)s"), value=value)
        share = round(min(max(points / scale, -1.0), 1.0), 9)
        told = source.said_on(name) if name else ""
        asked.used.add(name)
        options.append(Option(source.name(name, "c", text), share, text, told, value, low, high))
    asked.options = source.desk.choices(source.item, options)
    scoring = source.setting("scoring", "all-or-nothing")
    if numeric:
        asked.question = of(QuestionType.NUMERIC, scoring=scoring, unit=source.unit)
    else:
        asked.question = of(QuestionType.TEXT, scoring=scoring, **_how(source, [test for test, _p, _n in accepted]))
    return asked


def _how(source: Source, tests: list[Test]) -> dict[str, object]:
    """How typed words are compared. Foreign patterns are regular expressions, in which capitals count."""
    patterns = any(test.how == "pattern" for test in tests)
    match = source.setting("match", "regex" if patterns else "exact")
    exact = all(test.case or test.how == "pattern" for test in tests) and bool(tests)
    return {"match": match, "case": source.setting("case", "exact" if exact else "ignore")}


def _value(value: str, *, numeric: bool) -> str:
    value = value.strip() if numeric else " ".join(value.split())
    return value.replace(",", ".") if numeric and decimal(value) is not None else value


def _accepted(source: Source, declared: Declaration) -> list[tuple[Test, float, str]]:
    """What may be typed, with the points it earns and the name that feedback knows it by."""
    found: list[tuple[Test, float, str]] = []
    for test, rule in source.marking.tests(declared.id):
        said = test
        if test.how == "pattern" and source.setting("match") == "wildcard":
            said = Test(test.response, "pattern", unescaped(test.value), test.case)
        # A rule that sets the score to the greatest there is, instead of to a number.
        score = rule.score if rule.score is not None else 1.0
        found.append((said, score, rule.sets.get("FEEDBACK", "")))
    if found:
        return found
    how = "number" if declared.base in NUMBERS else "string"
    if declared.mapping and declared.id not in source.marking.matched:
        return [(Test(declared.id, how, one.key, one.case), one.points, "") for one in declared.mapping]
    return [(Test(declared.id, how, value), 1.0, "") for value in declared.correct]


def unescaped(pattern: str) -> str:
    """Stars again, from the pattern that they were written as: letters in both cases, signs behind a backslash."""
    found: list[str] = []
    at = 0
    while at < len(pattern):
        if pattern.startswith(".*", at):
            found.append("*")
            at += 2
        elif pattern[at] == "\\" and at + 1 < len(pattern):
            found.append(pattern[at + 1])
            at += 2
        elif pattern[at] == "[" and pattern[at + 3 : at + 4] == "]":
            found.append(pattern[at + 1])
            at += 4
        else:
            found.append(pattern[at])
            at += 1
    return "".join(found)


# Gaps


def cloze(source: Source) -> Asked:
    held: list[Part] = []
    tests: list[Test] = []

    def place(element: Element) -> str:
        if tree.kind(element) not in ("text-entry-interaction", "inline-choice-interaction"):
            return ""
        held.append(_part(source, element, len(held) + 1, tests))
        return _HELD.format(len(held) - 1)

    stem = _marked(source, source.stem(place), held)
    question = of(QuestionType.CLOZE, scoring=source.setting("scoring", "partial"), **_how(source, tests))
    return Asked(question, parts=tuple(held), stem=stem)


def _marked(source: Source, stem: str, held: list[Part]) -> str:
    if not held:
        raise Refusal(N_("there is no gap in this text"))
    for number, part in enumerate(held):
        stem = stem.replace(_HELD.format(number), f"{OPEN}{part.id}{CLOSE}", 1)
    return stem


def _gap_name(source: Source, identifier: str, place: int) -> str:
    name = identifier.removeprefix("g-")
    return name if source.own and is_id(name, 1) else f"g{place}"


def _part(source: Source, element: Element, place: int, tests: list[Test]) -> Part:
    declared = source.declaration(element)
    name = _gap_name(source, declared.id, place)
    if tree.kind(element) == "inline-choice-interaction":
        choices = {tree.attribute(one, "identifier"): plain(one) for one in tree.children(element, "inline-choice")}
        right = [key for key in declared.correct if key in choices] or [
            entry.key for entry in declared.mapping if entry.points > 0 and entry.key in choices
        ]
        return picked(name, list(choices.values()), choices[right[0]] if right else "")
    accepted = _accepted(source, declared)
    best = max((points for _test, points, _name in accepted), default=0.0)
    full = [test for test, points, _name in accepted if points >= best > 0]
    if not full:
        raise Refusal(NO_KEY)
    partly = [test.value for test, points, _name in accepted if 0 < points < best]
    if partly:
        source.desk.report.changed(
            source.item.name, source.item.line,
            N_("an answer of a gap is right or wrong: no longer accepted in part: %(texts)s"), texts=", ".join(partly),
        )  # fmt: skip
    numeric = declared.base in NUMBERS
    values = list(dict.fromkeys(_value(test.value, numeric=numeric) for test in full))
    if not numeric:
        tests += full
        return Part(name, PartKind.TEXT, tuple(Option(option_id(value), 1.0, value=value) for value in values))
    options = []
    for value in values:
        ends = interval(value)
        if ends is None:
            raise Refusal(N_("not a number: %(value)s"), value=value)
        options.append(Option(option_id(value), 1.0, value=value, low=ends[0], high=ends[1]))
    return Part(name, PartKind.NUMBER, tuple(options))


def picked(name: str, texts: list[str], right: str) -> Part:
    texts = [text for text in dict.fromkeys(texts) if text]
    if right not in texts:
        raise Refusal(NO_KEY)
    if len(texts) < 2:
        raise Refusal(N_("a gap to choose from has only one answer"))
    options = tuple(Option(option_id(text), float(text == right), text) for text in texts)
    return Part(name, PartKind.PICK, options, key=option_id(right))


def gap_match(source: Source, interaction: Element) -> Asked:
    """Words to be dragged into gaps: each gap offers all of them."""
    declared = source.declaration(interaction)
    offered = {tree.attribute(one, "identifier"): plain(one) for one in tree.children(interaction, "gap-text")}
    keys: dict[str, str] = {}
    for pair in declared.correct or [entry.key for entry in declared.mapping if entry.points > 0]:
        one, _, other = pair.partition(" ")
        word, gap = (one, other) if one in offered else (other, one)
        keys.setdefault(gap, offered.get(word, ""))
    held: list[Part] = []

    def place(element: Element) -> str:
        if tree.kind(element) != "gap":
            return source.html(element, place, lambda one: tree.kind(one) in ("gap-text", "gap-img"))
        held.append(
            picked(f"g{len(held) + 1}", list(offered.values()), keys.get(tree.attribute(element, "identifier"), ""))
        )
        return _HELD.format(len(held) - 1)

    stem = _marked(source, source.stem(place), held)
    source.desk.report.changed(
        source.item.name, source.item.line, N_("words to be dragged are now chosen from a list in each gap")
    )
    return Asked(of(QuestionType.CLOZE, scoring="partial"), parts=tuple(held), stem=stem)


# Files


def upload(source: Source, interaction: Element) -> Asked:
    accept = tuple(f".{ending}" for ending in source.settings("accept"))
    if not accept:
        kinds = tree.attribute(interaction, "type").lower().split()
        accept = tuple(ending for ending, kind in KINDS.items() if kind in kinds)
    most = decimal(source.setting("max-mb", str(MAX_MB)))
    question: Question = of(QuestionType.UPLOAD, accept=accept or ACCEPT, max_mb=float(most or MAX_MB))
    return Asked(question)
