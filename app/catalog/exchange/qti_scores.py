"""What a QTI item says about right answers: declarations, mappings, and the rules that compare answers with values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from app.catalog.exchange.desk import decimal
from app.catalog.exchange.qti_tree import attribute, child, children, inside, kind, words

_BRANCHES = ("response-if", "response-else-if")


@dataclass(frozen=True, slots=True)
class Entry:
    key: str
    points: float
    case: bool


@dataclass(frozen=True, slots=True)
class Declaration:
    """What may be answered to one interaction. `otherwise` is what an answer earns that is not in the mapping."""

    id: str
    cardinality: str
    base: str
    correct: tuple[str, ...]
    mapping: tuple[Entry, ...]
    otherwise: float


@dataclass(frozen=True, slots=True)
class Test:
    """An answer compared with a value. `how` is string, pattern, number or same; a number is written as in our language."""

    response: str
    how: str
    value: str
    case: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    tests: tuple[Test, ...]
    sets: Mapping[str, str]

    @property
    def score(self) -> float | None:
        """The number that it makes of the score, whichever name the score has."""
        for name, value in self.sets.items():
            found = decimal(value)
            if name.upper().startswith("SCORE") and found is not None:
                return float(found)
        return None


@dataclass(frozen=True, slots=True)
class Marking:
    """`mapped` are responses scored by their mapping, `matched` those compared with the right answer as a whole."""

    declarations: Mapping[str, Declaration]
    outcomes: Mapping[str, str]
    most: float | None
    rules: tuple[Rule, ...]
    mapped: frozenset[str] = frozenset()
    matched: frozenset[str] = frozenset()
    processed: bool = False
    modal: tuple[Element, ...] = field(default=())

    def tests(self, response: str) -> Iterator[tuple[Test, Rule]]:
        for rule in self.rules:
            yield from ((test, rule) for test in rule.tests if test.response == response)


def of(item: Element) -> Marking:
    processing = child(item, "response-processing")
    template = attribute(processing, "template").rpartition("/")[2].removesuffix(".xml")
    declarations = {one.id: one for one in map(_declaration, children(item, "response-declaration"))}
    outcomes = {
        attribute(one, "identifier"): words(child(one, "default-value"))
        for one in children(item, "outcome-declaration")
    }
    mapped = {attribute(one, "identifier") for one in inside(processing, "map-response")}
    matched = {attribute(one, "identifier") for one in inside(processing, "correct")}
    if template == "map_response":
        mapped |= set(declarations)
    elif template in ("match_correct", "CC2_match_basic"):
        matched |= set(declarations)
    return Marking(
        declarations, outcomes, _most(item, outcomes), tuple(_rules(processing)), frozenset(mapped), frozenset(matched),
        processing is not None and (bool(template) or len(processing) > 0),
        tuple(children(item, "modal-feedback")),
    )  # fmt: skip


def _number(text: str) -> float:
    found = decimal(text)
    return float(found) if found is not None else 0.0


def _declaration(element: Element) -> Declaration:
    mapping = child(element, "mapping")
    entries = tuple(
        Entry(
            attribute(entry, "map-key"),
            _number(attribute(entry, "mapped-value", "0")),
            attribute(entry, "case-sensitive", "true") == "true",
        )
        for entry in children(mapping, "map-entry")
    )
    return Declaration(
        attribute(element, "identifier"),
        attribute(element, "cardinality", "single"),
        attribute(element, "base-type").lower(),
        tuple(" ".join((value.text or "").split()) for value in children(child(element, "correct-response"), "value")),
        entries,
        _number(attribute(mapping, "default-value", "0")),
    )


def _most(item: Element, outcomes: Mapping[str, str]) -> float | None:
    """The greatest score: where it is declared, under either name, or as what the score may reach."""
    for name in ("MAXSCORE", "MAX_SCORE"):
        found = decimal(outcomes.get(name, ""))
        if found is not None:
            return float(found)
    for one in children(item, "outcome-declaration"):
        found = decimal(attribute(one, "normal-maximum"))
        if attribute(one, "identifier") == "SCORE" and found is not None:
            return float(found)
    return None


def _rules(processing: Element | None) -> Iterator[Rule]:
    for branch in inside(processing, *_BRANCHES):
        sets = {
            attribute(one, "identifier"): words(value)
            for one in children(branch, "set-outcome-value")
            if (value := _value(one)) is not None
        }
        tests = tuple(_tests(branch[0])) if len(branch) else ()
        if tests and sets:
            yield Rule(tests, sets)


def _value(rule: Element) -> Element | None:
    """The value that a rule sets, or adds to what there is."""
    found = child(rule, "base-value")
    return found if found is not None else child(child(rule, "sum"), "base-value")


def _tests(expression: Element) -> Iterator[Test]:
    between = _between(expression)
    if between is not None:
        yield between
        return
    if kind(expression) in ("or", "and"):
        for one in expression:
            yield from _tests(one)
        return
    found = _test(expression)
    if found is not None:
        yield found


def _test(element: Element) -> Test | None:
    name, variable = kind(element), attribute(child(element, "variable"), "identifier")
    value = child(element, "base-value")
    said = "".join(value.itertext()) if value is not None else ""
    match name:
        case "pattern-match" if variable:
            return Test(variable, "pattern", attribute(element, "pattern"))
        case "string-match" if variable and value is not None:
            return Test(variable, "string", said, attribute(element, "case-sensitive", "true") == "true")
        case "equal" if variable and value is not None:
            return Test(variable, "number", _spelled(element, said.strip()))
        case "match" if variable and value is not None:
            how = "number" if attribute(value, "base-type").lower() in ("float", "integer") else "same"
            return Test(variable, how, said.strip(), case=True)
    return None


def _spelled(element: Element, value: str) -> str:
    """A number with its tolerance; where that is not the same on both sides, as a range."""
    mode = attribute(element, "tolerance-mode", "exact")
    spread = attribute(element, "tolerance").split()
    if mode == "exact" or not spread:
        return value
    below, above = spread[0], spread[-1]
    if mode == "relative":
        return f"{value} ± {below}%"
    middle, less, more = decimal(value), decimal(below), decimal(above)
    if below == above or middle is None or less is None or more is None:
        return f"{value} ± {below}"
    return f"{middle - less:f}..{middle + more:f}"


def _between(element: Element) -> Test | None:
    """`and` of "at least" and "at most" for one answer."""
    if kind(element) != "and" or len(element) != 2:
        return None
    ends: dict[str, tuple[str, str]] = {}
    for one in element:
        side = {"gte": "low", "gt": "low", "lte": "high", "lt": "high"}.get(kind(one))
        value = child(one, "base-value")
        if side is None or value is None:
            return None
        ends[side] = (attribute(child(one, "variable"), "identifier"), words(value))
    if set(ends) != {"low", "high"} or ends["low"][0] != ends["high"][0]:
        return None
    return Test(ends["low"][0], "number", f"{ends['low'][1]}..{ends['high'][1]}")


def named(marking: Marking) -> dict[str, Element]:
    """Feedback by the word that shows it; what is shown when a word is *not* said is kept under an exclamation mark."""
    found: dict[str, Element] = {}
    for one in marking.modal:
        sign = "!" if attribute(one, "show-hide", "show") == "hide" else ""
        found.setdefault(sign + attribute(one, "identifier"), one)
    return found
