"""GIFT, written: texts as Markdown, one question after another, with what GIFT has no place for told."""

from __future__ import annotations

from collections.abc import Callable

from app.catalog.exchange import carried, escaping, gathering, source_inside
from app.catalog.exchange.desk import LABELS, decimal, spelled
from app.catalog.exchange.gift_signs import escaped
from app.catalog.exchange.model import Report, Written
from app.catalog.exchange.moodle_write import bare, own, with_title
from app.catalog.exchange.question_text import marks, percent
from app.catalog.format.model import Course, Option, Question, QuestionText, QuestionType
from app.kit.i18n import N_
from app.kit.markdown import words

Lines = list[str]


def write(course: Course) -> Written:
    report = Report()
    gathering.lost_around(course, report)
    lines: Lines = []
    for group in gathering.groups(course):
        path = "/".join(["$course$", "top", *(step.replace("/", "//") for step in group.steps)])
        lines += [f"$CATEGORY: {path}", ""]
        for question in group.questions:
            lines += _question(question, question.texts[course.lang], report)
    data = ("\n".join(lines) + "\n").encode()
    return Written(source_inside.embedded(data, course, source_inside.GIFT, report), tuple(report.notes))


def _question(question: Question, said: QuestionText, report: Report) -> Lines:
    writer = _WRITERS.get(question.type)
    if writer is None or question.match == "regex":
        report.left_out(
            question.id, question.line, N_("a question of this kind has no place in this format: %(kind)s"),
            kind="regex" if writer else question.type.value,
        )  # fmt: skip
        return []
    if question.type is QuestionType.TEXT and any("->" in option.value for option in said.options):
        report.left_out(question.id, question.line, N_('an answer with "->" in it: GIFT takes that for a pair'))
        return []
    gathering.lost_in(question, report)
    _lost(question, said, report)
    answers, carry = writer(question, said, report)
    if said.explanation:
        typed = question.type is QuestionType.TEXT
        answers.append(f"####{escaped(_arrows(said.explanation) if typed else said.explanation)}")
    tags = "".join(f" [tag:{tag.replace(']', chr(92) + ']')}]" for tag in question.tags)
    text = carried.behind(with_title(said.title, said.stem), **carry)
    head = f"::{escaped(words(said.title))}::[markdown]{escaped(text)}{{"
    return [f"// [id:{question.id}]{tags}", head, *(f"\t{line}" for line in answers), "}", ""]


def _lost(question: Question, said: QuestionText, report: Report) -> None:
    told = (
        ("points", question.points != 1),
        ("penalty", bool(question.penalty)),
        ("case", question.case == "exact"),
        ("shuffle", not question.shuffle),
        ("unit", bool(said.unit or question.unit)),
        ("[!HINT]", bool(said.hints)),
        ("[!CORRECT]", bool(said.correct)),
        ("[!PARTIAL]", bool(said.partial)),
        ("[!INCORRECT]", bool(said.incorrect)),
        ("[!RUBRIC]", bool(said.rubric)),
        ("[!SAMPLE]", bool(said.sample)),
        ("min-words", bool(question.min_words)),
        ("max-words", bool(question.max_words)),
    )
    for key, there in told:
        if there:
            report.left_out(question.id, question.line, N_('"%(key)s" has no place in this format'), key=key)
    if question.scoring != "partial" and question.type in (QuestionType.MULTIPLE, QuestionType.MATCH):
        report.changed(
            question.id,
            question.line,
            N_("Moodle gives part of the points for part of the answers; here it was all or nothing"),
        )
    if any("](media/" in text for text in (said.stem, said.title, said.explanation, *(o.text for o in said.options))):
        report.left_out(question.id, question.line, N_("its pictures: this format is text only"))


def _told(option: Option, **values: str) -> str:
    carry = carried.behind(option.feedback, id=own(option.id, option.text), **values)
    return f"#{escaped(carry)}" if carry else ""


def _choice(question: Question, said: QuestionText, report: Report) -> tuple[Lines, dict[str, str]]:
    several = question.type is QuestionType.MULTIPLE
    full = sum(mark == "[x]" for mark in marks(said.options, question.type))
    lines: Lines = []
    for mark, option in zip(marks(said.options, question.type), said.options, strict=True):
        text = carried.behind(escaping.at_start(option.text), id=own(option.id, option.text), **bare(option.text))
        share = f"%{percent(option.fraction)}%" if option.fraction else ""
        if mark == "[x]":
            share = f"%{round(100 / full, 5):g}%" if several else ""
        sign = "=" if mark == "[x]" and not several else "~"
        feedback = f"#{escaped(option.feedback)}" if option.feedback else ""
        lines.append(f"{sign}{share}{escaped(text)}{feedback}")
    return lines, {}


def _truefalse(question: Question, said: QuestionText, report: Report) -> tuple[Lines, dict[str, str]]:
    told: dict[bool, str] = {}
    for label, option in zip(LABELS.get(said.lang, LABELS["en"]), said.options, strict=True):
        told[option.fraction >= 1] = _told(option, written="" if option.text == label else option.text) or "#"
    word = "TRUE" if said.options[0].fraction >= 1 else "FALSE"
    return [f"{word}{told[False]}{told[True]}".rstrip("#")], {}


def _text(question: Question, said: QuestionText, report: Report) -> tuple[Lines, dict[str, str]]:
    """No comment stands in here: its arrow would make a question that matches of it. The ids stand in the question's text."""
    lines: Lines = []
    for option in said.options:
        value = option.value if question.match == "wildcard" else option.value.replace("*", "\\*")
        told = f"#{escaped(_arrows(option.feedback))}" if option.feedback else ""
        lines.append(f"={_share(option)}{escaped(value)}{told}")
    names = [own(option.id, option.text) for option in said.options]
    return lines, {"left": ",".join(names)} if any(names) else {}


def _share(option: Option) -> str:
    return "" if option.fraction >= 1 else f"%{percent(option.fraction) or '0'}%"


def _numeric(question: Question, said: QuestionText, report: Report) -> tuple[Lines, dict[str, str]]:
    lines: Lines = ["#"]
    for option in said.options:
        low, high = decimal(repr(option.low)), decimal(repr(option.high))
        assert low is not None and high is not None
        ranged = f"{low:f}..{high:f}"
        plain = spelled(low, high)
        written = "" if option.value in (plain, ranged) else option.value
        number = ranged if option.value == ranged else plain.replace(" ± ", ":")
        lines.append(f"={_share(option)}{number}{_told(option, written=written)}")
    return lines, {}


def _match(question: Question, said: QuestionText, report: Report) -> tuple[Lines, dict[str, str]]:
    rights = {option.id: option for option in said.options}
    keys = {part.key for part in said.parts}
    pairs = [(part.text, own(part.id, part.text), rights[part.key]) for part in said.parts]
    pairs += [("", "", option) for option in said.options if option.id not in keys]
    for right in rights.values():
        if escaping.words(words(right.text)) != right.text:
            report.changed(question.id, question.line, N_('the form of "%(text)s" is lost'), text=right.text)
    lines = [
        f"={escaped(_arrows(escaping.at_start(left)))} -> {escaped(_arrows(words(right.text)))}"
        for left, _name, right in pairs
    ]
    carry: dict[str, str] = {}
    lefts = [name for _left, name, _right in pairs]
    names = [own(right.id, right.text) for _left, _name, right in pairs]
    if any(lefts):
        carry["left"] = ",".join(lefts)
    if any(names):
        carry["right"] = ",".join(names)
    return lines, carry


def _arrows(text: str) -> str:
    """An arrow in a text would part it in two."""
    return text.replace("->", "-&gt;")


def _essay(question: Question, said: QuestionText, report: Report) -> tuple[Lines, dict[str, str]]:
    return [], {}


_WRITERS: dict[QuestionType, Callable[[Question, QuestionText, Report], tuple[Lines, dict[str, str]]]] = {
    QuestionType.SINGLE: _choice,
    QuestionType.MULTIPLE: _choice,
    QuestionType.TRUEFALSE: _truefalse,
    QuestionType.TEXT: _text,
    QuestionType.NUMERIC: _numeric,
    QuestionType.MATCH: _match,
    QuestionType.ESSAY: _essay,
}
