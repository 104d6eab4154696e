"""How a question is marked, said in QTI: declarations of what may be answered, and the rules that make points of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import pairwise

from app.catalog.exchange.qti_dialect import Dialect, text
from app.catalog.exchange.question_text import number
from app.catalog.format.model import Option, Part, PartKind, Question

RESPONSE = "RESPONSE"
CORRECT, PARTLY, INCORRECT, EXPLANATION = "correct", "partly", "incorrect", "explanation"
_AROUND = re.compile(r"(\S+?)\s*(?:±|\+-)\s*(\S+?)\s*(%?)")
_ACTIVE = re.compile(r"[\\.?*+(){}\[\]|^$-]")


def points_of(question: Question, fraction: float) -> str:
    """A share as points; of a question worth nothing the share itself, which its upper bound of 0 then holds down."""
    scale = Decimal(repr(question.points)) if question.points else Decimal(1)
    # Eleven decimals: as exact as shares are written, and few enough digits for whoever reads numbers carefully.
    return f"{round(Decimal(repr(fraction)) * scale, 11).normalize():f}"


# Declarations


def response(d: Dialect, name: str, base: str, cardinality: str, correct: Sequence[str] = (), mapping: str = "") -> str:
    right = d.tag("correct-response", *(d.tag("value", text(value)) for value in correct)) if correct else ""
    return d.tag("response-declaration", right, mapping, identifier=name, cardinality=cardinality, base_type=base)


def outcome(
    d: Dialect, name: str, base: str, *, default: str | None = None, cardinality: str = "single", **more: object
) -> str:
    value = d.tag("default-value", d.tag("value", text(default))) if default is not None else ""
    return d.tag("outcome-declaration", value, identifier=name, cardinality=cardinality, base_type=base, **more)


def mapping(d: Dialect, question: Question, entries: Iterable[tuple[str, float]], *, case: bool | None = None) -> str:
    """Each answer with the points it earns or takes; all of them together never less than 0 nor more than the points."""
    written = [
        d.tag("map-entry", map_key=key, mapped_value=points_of(question, fraction), case_sensitive=case)
        for key, fraction in entries
    ]
    if not written:
        return ""
    return d.tag("mapping", *written, lower_bound="0", upper_bound=number(question.points), default_value="0")


# Expressions


def variable(d: Dialect, name: str) -> str:
    return d.tag("variable", identifier=name)


def base(d: Dialect, kind: str, value: str) -> str:
    return d.tag("base-value", text(value), base_type=kind)


def put(d: Dialect, name: str, *expression: str) -> str:
    return d.tag("set-outcome-value", *expression, identifier=name)


def is_right(d: Dialect, name: str) -> str:
    return d.tag("match", variable(d, name), d.tag("correct", identifier=name))


def branches(d: Dialect, cases: Sequence[tuple[str, str]], otherwise: str = "") -> str:
    """The first case that holds decides."""
    words = ["response-if", *["response-else-if"] * (len(cases) - 1)]
    written = [d.tag(word, test, rules) for word, (test, rules) in zip(words, cases, strict=True)]
    return d.tag("response-condition", *written, d.tag("response-else", otherwise) if otherwise else "")


def all_or_nothing(d: Dialect) -> str:
    return branches(d, [(is_right(d, RESPONSE), put(d, "SCORE", variable(d, "MAXSCORE")))])


def mapped(d: Dialect) -> str:
    return put(d, "SCORE", d.tag("map-response", identifier=RESPONSE))


def neighbours(d: Dialect, names: Sequence[str]) -> list[str]:
    """Each item that stands right behind the one that should precede it earns the same."""
    one_more = put(d, "SCORE", d.tag("sum", variable(d, "SCORE"), base(d, "float", "1")))
    rules: list[str] = []
    for one, other in pairwise(names):
        places = [d.tag("and", _stands(d, one, at), _stands(d, other, at + 1)) for at in range(1, len(names))]
        rules.append(branches(d, [(_any(d, places), one_more)]))
    return [*rules, put(d, "SCORE", _share(d, variable(d, "SCORE"), len(names) - 1))]


def _share(d: Dialect, counted: str, most: int) -> str:
    """Reckoned from the whole, so that thirds of it make the whole again."""
    return d.tag("divide", d.tag("product", counted, variable(d, "MAXSCORE")), base(d, "float", str(most)))


def _stands(d: Dialect, name: str, at: int) -> str:
    return d.tag("match", d.tag("index", variable(d, RESPONSE), n=at), base(d, "identifier", name))


def _any(d: Dialect, tests: Sequence[str]) -> str:
    return tests[0] if len(tests) == 1 else d.tag("or", *tests)


# What is typed


def is_number(d: Dialect, name: str, option: Option) -> str:
    """The number as its author wrote it: alone, with a tolerance, or as a range."""
    low, dots, high = option.value.partition("..")
    if dots:
        least = d.tag("gte", variable(d, name), base(d, "float", low.strip()))
        most = d.tag("lte", variable(d, name), base(d, "float", high.strip()))
        return d.tag("and", least, most)
    around = _AROUND.fullmatch(option.value)
    if around is None:
        return _equal(d, name, option.value.strip(), mode="exact", spread=None)
    spread = around[2].lstrip("+-")
    return _equal(d, name, around[1], mode="relative" if around[3] else "absolute", spread=f"{spread} {spread}")


def _equal(d: Dialect, name: str, value: str, *, mode: str, spread: str | None) -> str:
    return d.tag("equal", variable(d, name), base(d, "float", value), tolerance_mode=mode, tolerance=spread)


def is_text(d: Dialect, question: Question, name: str, option: Option) -> str:
    if question.match == "exact":
        said = base(d, "string", option.value)
        return d.tag("string-match", variable(d, name), said, case_sensitive=question.case == "exact")
    return d.tag("pattern-match", variable(d, name), pattern=_pattern(question, option.value))


def _pattern(question: Question, value: str) -> str:
    """A regular expression as it is; stars as one, with both cases of each letter where case does not count."""
    if question.match == "regex":
        return value
    pieces = value.split("*")
    return ".*".join("".join(_letter(mark, question.case == "ignore") for mark in piece) for piece in pieces)


def _letter(mark: str, ignore: bool) -> str:
    upper, lower = mark.upper(), mark.lower()
    if ignore and upper != lower and len(upper) == len(lower) == 1:
        return f"[{mark}{lower if mark == upper else upper}]"
    return _ACTIVE.sub(r"\\\g<0>", mark)


def is_typed(d: Dialect, question: Question, name: str, option: Option) -> str:
    if option.low is not None:
        return is_number(d, name, option)
    return is_text(d, question, name, option)


def a_number(option: Option) -> str:
    """One that is right, to be shown as the right answer."""
    assert option.low is not None and option.high is not None
    return number((option.low + option.high) / 2)


# Gaps


def gap_declaration(d: Dialect, question: Question, name: str, part: Part, choices: Sequence[str]) -> str:
    match part.kind:
        case PartKind.PICK:
            return response(d, name, "identifier", "single", choices)
        case PartKind.NUMBER:
            return response(d, name, "float", "single", [a_number(part.options[0])])
    if question.match != "exact":
        return response(d, name, "string", "single")
    entries = [
        d.tag("map-entry", map_key=option.value, mapped_value="1", case_sensitive=question.case == "exact")
        for option in part.options
    ]
    return response(d, name, "string", "single", [part.options[0].value], d.tag("mapping", *entries, default_value="0"))


def gaps(d: Dialect, question: Question, named: Sequence[tuple[str, Part]]) -> list[str]:
    """Every gap is right or not, and worth the same; all together they make the points."""
    rules: list[str] = []
    for name, part in named:
        test = (
            is_right(d, name)
            if part.kind is PartKind.PICK
            else _any(d, [is_typed(d, question, name, option) for option in part.options])
        )
        rules.append(branches(d, [(test, put(d, score_of(name), base(d, "float", "1")))]))
    total = d.tag("sum", *(variable(d, score_of(name)) for name, _part in named))
    if question.scoring == "partial":
        return [*rules, put(d, "SCORE", _share(d, total, len(named)))]
    whole = d.tag("gte", total, base(d, "float", str(len(named))))
    return [*rules, branches(d, [(whole, put(d, "SCORE", variable(d, "MAXSCORE")))])]


def score_of(name: str) -> str:
    return f"SCORE-{name}"


def verdict(d: Dialect) -> str:
    """Whether the whole answer is right, for feedback on it."""
    # Shares such as thirds may add up to a hair less than the whole.
    nearly = d.tag("sum", variable(d, "SCORE"), base(d, "float", "0.000001"))
    kinds = (
        (d.tag("gte", nearly, variable(d, "MAXSCORE")), CORRECT),
        (d.tag("gt", variable(d, "SCORE"), base(d, "float", "0")), PARTLY),
    )
    cases = [(test, put(d, "VERDICT", base(d, "identifier", word))) for test, word in kinds]
    return branches(d, cases, put(d, "VERDICT", base(d, "identifier", INCORRECT)))
