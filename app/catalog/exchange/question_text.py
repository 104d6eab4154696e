"""A question as Markdown of the course language: the one spelling of it, whatever it was read from."""

from __future__ import annotations

import re
from collections.abc import Iterable

from app.catalog.format.answers import option_id
from app.catalog.format.asking import ACCEPT, MAX_MB
from app.catalog.format.gaps import MARKS
from app.catalog.format.model import Draw, Option, Part, PartKind, Pool, Question, QuestionText, QuestionType
from app.kit.markdown import parser

# What stands above the two columns of a match: the model does not keep the author's own words for it.
_COLUMNS = {"lt": ("Kas", "Kas tinka"), "en": ("What", "What belongs to it"), "nb": ("Hva", "Hva som hører til")}
_LISTS = ("bullet_list_close", "ordered_list_close")
_IN_GAP = re.compile(r"[\\`*_\[\]()#|<>~$&!]")
_BY_PART = (QuestionType.MATCH, QuestionType.CLOZE)
_INFERRED = (QuestionType.SINGLE, QuestionType.MULTIPLE)
# Two lists that touch are one list to Markdown: an empty comment keeps a list of the stem and the answers apart.
APART = "<!-- -->"


def question(asked: Question, lang: str, level: int = 3) -> str:
    """Heading, comment, stem, answers and callouts, without a line break at the end."""
    said = asked.texts[lang]
    heading = f"{'#' * level} {said.title}".rstrip()
    blocks = [f"{heading}\n<!-- question {_attributes(asked, said)} -->"]
    stem = with_gaps(said) if asked.type is QuestionType.CLOZE else said.stem
    if stem:
        blocks.append(stem)
    answers = _answers(asked, said)
    if answers:
        if stem and _ends_in_list(stem):
            blocks.append(APART)
        blocks.append(answers)
    blocks += _callouts(said)
    return "\n\n".join(blocks)


def pool(drawn: Pool, title: str, lang: str, level: int = 3) -> str:
    head = f"{'#' * level} {title}\n<!-- pool id={drawn.id} draw={drawn.draw} -->"
    return "\n\n".join([head, *(question(one, lang, level + 1) for one in drawn.questions)])


def draw(drawn: Draw, title: str, level: int = 3) -> str:
    tags = f" tags={_value(','.join(drawn.tags))}" if drawn.tags else ""
    points = f" points={number(drawn.points)}" if drawn.points != 1 else ""
    return f"{'#' * level} {title}\n<!-- draw id={drawn.id} bank={drawn.bank} count={drawn.count}{tags}{points} -->"


def code(value: str) -> str:
    """A code span that holds these words exactly: as many backticks around them as it takes."""
    ticks = "`"
    while ticks in value:
        ticks += "`"
    return f"{ticks} {value} {ticks}" if "`" in value else f"{ticks}{value}{ticks}"


def number(value: float) -> str:
    """Decimal, never scientific, without zeros that say nothing."""
    return f"{value:.9f}".rstrip("0").rstrip(".") if "." in f"{value:.9f}" else f"{value:g}"


def percent(fraction: float) -> str:
    """At most seven decimals, which is what Moodle writes and the course language reads."""
    return f"{fraction * 100:.7f}".rstrip("0").rstrip(".")


def marks(options: Iterable[Option], kind: QuestionType) -> list[str]:
    """How each answer is marked: [x] for full credit; in a multiple question, for an even share of it."""
    options = tuple(options)
    positive = [option.fraction for option in options if option.fraction > 0]
    even = (
        kind is QuestionType.MULTIPLE
        and bool(positive)
        and all(abs(fraction - 1 / len(positive)) < 1e-5 for fraction in positive)
    )
    return [_mark(option.fraction, full=even and option.fraction > 0, kind=kind) for option in options]


def _mark(fraction: float, *, full: bool, kind: QuestionType) -> str:
    if full or (fraction >= 1 - 1e-6 and kind is not QuestionType.MULTIPLE):
        return "[x]"
    return "[ ]" if abs(fraction) < 1e-9 else f"[{percent(fraction)}%]"


def _attributes(asked: Question, said: QuestionText) -> str:
    default = "partial" if asked.type in _BY_PART else "all-or-nothing"
    full = sum(mark == "[x]" for mark in marks(said.options, asked.type))
    inferred = asked.type in _INFERRED and (asked.type is QuestionType.SINGLE) == (full == 1) and full > 0
    pairs = [
        ("id", asked.id),
        ("type", "" if inferred else asked.type.value),
        ("points", number(asked.points) if asked.points != 1 and asked.graded else ""),
        ("scoring", asked.scoring if asked.scoring != default and asked.graded else ""),
        ("shuffle", "" if asked.shuffle else "no"),
        ("case", asked.case if asked.case != "ignore" else ""),
        ("match", asked.match if asked.match != "exact" else ""),
        ("unit", said.unit or asked.unit),
        ("min-words", str(asked.min_words or "")),
        ("max-words", str(asked.max_words or "")),
        ("accept", ",".join(asked.accept) if asked.accept != ACCEPT else ""),
        ("max-mb", number(asked.max_mb) if asked.type is QuestionType.UPLOAD and asked.max_mb != MAX_MB else ""),
        ("penalty", number(asked.penalty) if asked.penalty else ""),
        ("outcomes", ",".join(asked.outcomes)),
        ("see", asked.see),
        ("tags", ",".join(asked.tags)),
        ("was", ",".join(asked.was)),
    ]
    return " ".join(f"{key}={_value(value)}" for key, value in pairs if value)


def _value(value: str) -> str:
    return f'"{value}"' if re.search(r"\s", value) else value


def named(text: str, name: str) -> str:
    """The text with its id behind it, unless the words make the same id."""
    return text if name == option_id(text) else f"{text} <!-- id={name} -->"


def _answers(asked: Question, said: QuestionText) -> str:
    match asked.type:
        case QuestionType.MATCH:
            return _table(said)
        case QuestionType.ORDER:
            return "\n".join(f"{n}. {named(option.text, option.id)}" for n, option in enumerate(said.options, 1))
        case QuestionType.SCALE:
            return "\n".join(f"- {named(option.text, option.id)}" for option in said.options)
        case QuestionType.CLOZE | QuestionType.ESSAY | QuestionType.UPLOAD:
            return ""
    lines: list[str] = []
    for mark, option in zip(marks(said.options, asked.type), said.options, strict=True):
        lines.append(f"- {mark} {named(option.text, option.id)}")
        lines += [f"  {line}" for line in quoted(option.feedback)]
    return "\n".join(lines)


def _table(said: QuestionText) -> str:
    left, right = _COLUMNS.get(said.lang, _COLUMNS["en"])
    rows = [f"| {left} | {right} |", "| --- | --- |"]
    options = {option.id: option for option in said.options}
    keys = {part.key for part in said.parts}
    for part in said.parts:
        rows.append(f"| {_cell(part.text, part.id)} | {_cell(options[part.key].text, part.key)} |")
    rows += [f"|  | {_cell(option.text, option.id)} |" for option in said.options if option.id not in keys]
    return "\n".join(rows)


def _cell(text: str, name: str) -> str:
    return named(text, name).replace("|", "\\|")


def with_gaps(said: QuestionText) -> str:
    """The stem of a cloze as its author writes it, each gap in its place."""
    places = {part.id: place for place, part in enumerate(said.parts, 1)}
    parts = {part.id: part for part in said.parts}
    tables = _table_lines(said.stem)
    lines: list[str] = []
    for row, line in enumerate(said.stem.split("\n")):
        bar = "\\|" if row in tables else "|"
        lines.append(MARKS.sub(lambda found, bar=bar: gap(parts[found[1]], places[found[1]], bar), line))  # type: ignore[misc]
    return "\n".join(lines)


def gap(part: Part, place: int, bar: str = "|") -> str:
    if part.kind is PartKind.PICK:
        inner = f" {bar} ".join(
            f"({'x' if option.id == part.key else ' '}) {_in_gap(option.text, bar)}" for option in part.options
        )
    elif part.kind is PartKind.NUMBER:
        inner = "#" + bar.join(option.value for option in part.options)
    else:
        inner = bar.join(_in_gap(option.value, bar) for option in part.options)
    return f"[[{inner}]]" + ("" if part.id == f"g{place}" else f"<!-- id={part.id} -->")


def _in_gap(text: str, bar: str) -> str:
    escaped = _IN_GAP.sub(r"\\\g<0>", text)
    return escaped.replace("\\|", "\\\\\\|") if bar != "|" else escaped


def _table_lines(stem: str) -> set[int]:
    return {
        line
        for token in parser(html=True).parse(stem)
        if token.type == "table_open" and token.map
        for line in range(*token.map)
    }


def _ends_in_list(stem: str) -> bool:
    tokens = parser(html=True).parse(stem)
    return bool(tokens) and tokens[-1].type in _LISTS


def quoted(text: str, mark: str = "") -> list[str]:
    lines = ([f"[!{mark}]"] if mark else []) + (text.split("\n") if text else [])
    return [f"> {line}".rstrip() for line in lines]


def _callouts(said: QuestionText) -> list[str]:
    told = [("HINT", hint) for hint in said.hints]
    told += [("CORRECT", said.correct), ("PARTIAL", said.partial), ("INCORRECT", said.incorrect)]
    told += [("EXPLANATION", said.explanation), ("RUBRIC", said.rubric), ("SAMPLE", said.sample)]
    return ["\n".join(quoted(text, mark)) for mark, text in told if text]
