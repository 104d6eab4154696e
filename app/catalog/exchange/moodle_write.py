"""Moodle XML, written: texts in Moodle's own Markdown format, so that nothing is lost between the two."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote
from xml.sax.saxutils import escape, quoteattr

from app.catalog.exchange import carried, embedded, escaping, gathering, source_inside
from app.catalog.exchange.desk import LABELS, PLUGINFILE, Item, decimal, spelled
from app.catalog.exchange.model import Report, Written
from app.catalog.exchange.moodle_types import GRADING, SAMPLE
from app.catalog.exchange.question_text import marks, number
from app.catalog.format.answers import option_id
from app.catalog.format.gaps import MARKS
from app.catalog.format.model import Course, Option, Question, QuestionText, QuestionType
from app.kit.i18n import N_
from app.kit.limits import MIB
from app.kit.markdown import parser, words

# Moodle takes these shares only, unless whoever imports asks for the nearest one.
GRADES = (
    *(100, 90, 83.33333, 80, 75, 70, 66.66667, 60, 50, 40, 33.33333, 30, 25, 20, 16.66667, 14.28571, 12.5, 11.11111),
    *(10, 5, 0),
)
_MEDIA = re.compile(r"(?<=\]\()(<?)media/([^\s()<>]+)|(?<=\]: )(<?)media/([^\s()<>]+)")


@dataclass(slots=True)
class Sheet:
    """What is being written, and the files it may need."""

    course: Course
    report: Report
    media: Mapping[str, bytes]
    lines: list[str] = field(default_factory=list)

    def put(self, name: str, value: str) -> None:
        self.lines.append(f"    <{name}>{escape(value)}</{name}>")

    def words(self, name: str, text: str, *, attributes: str = "", inner: str = "") -> None:
        """An element with a text in Markdown."""
        self.lines.append(f'    <{name}{attributes} format="markdown">{self.held(text)}{inner}</{name}>')

    def held(self, text: str) -> str:
        """A text with the files it shows, which Moodle looks for in the same element."""
        used: dict[str, bytes] = {}

        def turned(found: re.Match[str]) -> str:
            path = found[2] or found[4]
            data = self.media.get(f"media/{unquote(path)}")
            if data is None:
                return found[0]
            used[unquote(path)] = data
            return f"{found[1] or found[3] or ''}{PLUGINFILE}{path}"

        said = _MEDIA.sub(turned, text)
        return f"<text>{_cdata(said)}</text>" + "".join(_file(path, data) for path, data in used.items())


def write(course: Course) -> Written:
    report = Report()
    sheet = Sheet(course, report, gathering.media_of(course))
    sheet.lines += ['<?xml version="1.0" encoding="UTF-8"?>', "<quiz>"]
    gathering.lost_around(course, report)
    for group in gathering.groups(course):
        path = "/".join(["$course$", "top", *(step.replace("/", "//") for step in group.steps)])
        sheet.lines.append('  <question type="category">')
        sheet.lines.append(f"    <category><text>{_cdata(path)}</text></category>")
        sheet.lines.append("  </question>")
        for question in group.questions:
            _question(sheet, question)
    sheet.lines += ["</quiz>", ""]
    data = "\n".join(sheet.lines).encode()
    return Written(source_inside.embedded(data, course, source_inside.XML, report), tuple(report.notes))


def _question(sheet: Sheet, question: Question) -> None:
    said = question.texts[sheet.course.lang]
    writer = _WRITERS.get(question.type)
    if writer is None or question.match == "regex":
        sheet.report.left_out(
            question.id, question.line, N_("a question of this kind has no place in this format: %(kind)s"),
            kind="regex" if writer else question.type.value,
        )  # fmt: skip
        return
    gathering.lost_in(question, sheet.report)
    outside, sheet.lines = sheet.lines, []
    kind, spare = writer(sheet, question, said)
    _common(sheet, question, said)
    inside, sheet.lines = sheet.lines, []
    # Moodle shows a question's name to nobody who answers it, so the text says the title too.
    stem = _gaps(sheet, question, said) if question.type is QuestionType.CLOZE else said.stem
    sheet.words("questiontext", carried.behind(with_title(said.title, stem), spare=spare))
    name = f"    <name><text>{_cdata(words(said.title))}</text></name>"
    sheet.lines = [*outside, f"  <question type={quoteattr(kind)}>", name, *sheet.lines, *inside, "  </question>"]


def with_title(title: str, stem: str) -> str:
    """A title alone is a paragraph where it can be one, else a heading; above a stem it is a heading."""
    if not stem:
        tokens = parser(html=True).parse(title)
        if len(tokens) == 3 and tokens[0].type == "paragraph_open" and tokens[1].content == title:
            return title
    return f"### {title}\n\n{stem}".strip()


def _common(sheet: Sheet, question: Question, said: QuestionText) -> None:
    sheet.words("generalfeedback", said.explanation)
    sheet.put("defaultgrade", number(question.points))
    sheet.put("penalty", number(question.penalty))
    sheet.put("hidden", "0")
    sheet.put("idnumber", question.id)
    if question.type not in (QuestionType.ESSAY, QuestionType.UPLOAD):
        for name, text in (
            ("correctfeedback", said.correct),
            ("partiallycorrectfeedback", said.partial),
            ("incorrectfeedback", said.incorrect),
        ):
            if text:
                sheet.words(name, text)
    sheet.put("shuffleanswers", "true" if question.shuffle else "false")
    for hint in said.hints:
        sheet.words("hint", hint)
    if question.tags:
        tags = "".join(f"<tag><text>{_cdata(tag)}</text></tag>" for tag in question.tags)
        sheet.lines.append(f"    <tags>{tags}</tags>")


def _answer(sheet: Sheet, option: Option, text: str, *, feedback: str, form: str = "markdown") -> None:
    percent = f"{option.fraction * 100:.7f}".rstrip("0").rstrip(".")
    sheet.lines.append(
        f'    <answer fraction="{percent}" format="{form}">{sheet.held(text)}'
        f'<feedback format="markdown">{sheet.held(feedback)}</feedback>{_tolerance(option)}</answer>'
    )


def _tolerance(option: Option) -> str:
    if option.low is None or option.high is None:
        return ""
    return f"<tolerance>{_spread(option)}</tolerance>"


def _middle(option: Option) -> str:
    low, high = decimal(repr(option.low)), decimal(repr(option.high))
    assert low is not None and high is not None
    return spelled((low + high) / 2, (low + high) / 2)


def _spread(option: Option) -> str:
    low, high = decimal(repr(option.low)), decimal(repr(option.high))
    assert low is not None and high is not None
    return spelled((high - low) / 2, (high - low) / 2)


def bare(text: str) -> dict[str, str]:
    """A text that would begin a list or a heading if it stood alone is escaped, and says so."""
    safe = escaping.at_start(text)
    return {"bare": "yes"} if safe != text else {}


def own(name: str, text: str) -> str:
    """An id that the text alone does not make."""
    return "" if name == option_id(text) else name


def _grades(sheet: Sheet, question: Question, options: tuple[Option, ...]) -> None:
    for option in options:
        share = abs(option.fraction) * 100
        if all(abs(share - grade) > 0.0001 for grade in GRADES):
            sheet.report.changed(
                question.id, question.line,
                N_('Moodle has no grade of %(share)s percent: choose "nearest grade" when importing'), share=f"{share:g}",
            )  # fmt: skip


def _shares(question: Question, options: tuple[Option, ...]) -> tuple[Option, ...]:
    """An even share as Moodle's table has it: a third is 33.33333."""
    full = sum(mark == "[x]" for mark in marks(options, question.type))
    if question.type is not QuestionType.MULTIPLE or not full:
        return options
    share = round(100 / full, 5) / 100
    return tuple(
        Option(o.id, share, o.text, o.feedback) if mark == "[x]" else o
        for o, mark in zip(options, marks(options, question.type), strict=True)
    )


def _choice(sheet: Sheet, question: Question, said: QuestionText) -> tuple[str, str]:
    options = _shares(question, said.options)
    _grades(sheet, question, options)
    for option in options:
        text = escaping.at_start(option.text)
        text = carried.behind(text, id=own(option.id, option.text), **bare(option.text))
        _answer(sheet, option, text, feedback=option.feedback)
    several = question.type is QuestionType.MULTIPLE
    sheet.put("single", "false" if several else "true")
    if several and question.scoring != "partial":
        sheet.report.changed(
            question.id,
            question.line,
            N_("Moodle gives part of the points for part of the answers; here it was all or nothing"),
        )
    return "multichoice", ""


def _truefalse(sheet: Sheet, question: Question, said: QuestionText) -> tuple[str, str]:
    labels = LABELS.get(said.lang, LABELS["en"])
    for word, label, option in zip(("true", "false"), labels, said.options, strict=True):
        written = {} if option.text == label else {"written": option.text}
        carry = carried.behind(option.feedback, id=own(option.id, option.text), **written)
        _answer(sheet, option, word, feedback=carry, form="plain_text")
    return "truefalse", ""


def _text(sheet: Sheet, question: Question, said: QuestionText) -> tuple[str, str]:
    _grades(sheet, question, said.options)
    if question.match == "wildcard" and any("\\*" in option.value for option in said.options):
        sheet.report.changed(question.id, question.line, N_("Moodle takes a star behind a backslash for a star"))
    for option in said.options:
        value = option.value if question.match == "wildcard" else option.value.replace("*", "\\*")
        _answer(
            sheet,
            option,
            value,
            feedback=carried.behind(option.feedback, id=own(option.id, option.text)),
            form="plain_text",
        )
    sheet.put("usecase", "1" if question.case == "exact" else "0")
    return "shortanswer", ""


def _numeric(sheet: Sheet, question: Question, said: QuestionText) -> tuple[str, str]:
    _grades(sheet, question, said.options)
    for option in said.options:
        low, high = decimal(repr(option.low)), decimal(repr(option.high))
        assert low is not None and high is not None
        written = {} if option.value == spelled(low, high) else {"written": option.value}
        carry = carried.behind(option.feedback, id=own(option.id, option.text), **written)
        _answer(sheet, option, _middle(option), feedback=carry, form="plain_text")
    unit = said.unit or question.unit
    if unit:
        sheet.lines.append(
            f"    <units><unit><multiplier>1</multiplier><unit_name>{escape(unit)}</unit_name></unit></units>"
        )
        for name, value in (("unitgradingtype", "0"), ("unitpenalty", "0"), ("showunits", "0"), ("unitsleft", "0")):
            sheet.put(name, value)
    return "numerical", ""


def _match(sheet: Sheet, question: Question, said: QuestionText) -> tuple[str, str]:
    rights = {option.id: option for option in said.options}
    keys = {part.key for part in said.parts}
    spare = [option for option in said.options if option.id not in keys]
    for part in said.parts:
        right = rights[part.key]
        left = carried.behind(
            escaping.at_start(part.text), id=own(part.id, part.text), key=own(right.id, right.text),
            **_written(sheet, question, right), **bare(part.text),
        )  # fmt: skip
        _pair(sheet, left, right)
    for right in spare:
        if _written(sheet, question, right):
            sheet.report.changed(question.id, question.line, N_('the form of "%(text)s" is lost'), text=right.text)
        _pair(sheet, "", right)
    _all_or_nothing(sheet, question)
    names = [own(option.id, option.text) for option in spare]
    return "matching", ",".join(names) if any(names) else ""


def _pair(sheet: Sheet, left: str, right: Option) -> None:
    sheet.words("subquestion", left, inner=f"<answer><text>{_cdata(words(right.text))}</text></answer>")


def _written(sheet: Sheet, question: Question, right: Option) -> dict[str, str]:
    """The right-hand side is plain text in Moodle: how it was written goes along where that is more."""
    return {} if escaping.words(words(right.text)) == right.text else {"written": right.text}


def _all_or_nothing(sheet: Sheet, question: Question) -> None:
    if question.scoring != "partial":
        sheet.report.changed(
            question.id,
            question.line,
            N_("Moodle gives part of the points for part of the answers; here it was all or nothing"),
        )


def _order(sheet: Sheet, question: Question, said: QuestionText) -> tuple[str, str]:
    for option in said.options:
        text = carried.behind(escaping.at_start(option.text), id=own(option.id, option.text), **bare(option.text))
        _answer(sheet, Option(option.id, 1.0, option.text), text, feedback="")
    for name, value in (("layouttype", "VERTICAL"), ("selecttype", "ALL"), ("selectcount", "0"), ("showgrading", "SHOW"),
                        ("numberingstyle", "none")):  # fmt: skip
        sheet.put(name, value)
    sheet.put("gradingtype", next(way for way, scoring in GRADING.items() if scoring == question.scoring))
    return "ordering", ""


def _cloze(sheet: Sheet, question: Question, said: QuestionText) -> tuple[str, str]:
    _all_or_nothing(sheet, question)
    return "cloze", ""


def _gaps(sheet: Sheet, question: Question, said: QuestionText) -> str:
    share = question.points / len(said.parts)
    weight = int(share) if share == int(share) and share >= 1 else 1
    if weight * len(said.parts) != question.points:
        sheet.report.changed(
            question.id,
            question.line,
            N_("Moodle counts %(points)s points for its gaps"),
            points=weight * len(said.parts),
        )
    item = Item(question.id, question.line)
    places = {part.id: place for place, part in enumerate(said.parts, 1)}
    parts = {part.id: part for part in said.parts}
    return MARKS.sub(
        lambda found: embedded.written(
            parts[found[1]], weight=weight, exact=question.case == "exact", wildcard=question.match == "wildcard",
            place=places[found[1]], report=sheet.report, item=item,
        ),
        said.stem,
    )  # fmt: skip


def _essay(sheet: Sheet, question: Question, said: QuestionText) -> tuple[str, str]:
    upload = question.type is QuestionType.UPLOAD
    settings = [("responseformat", "noinline" if upload else "editor"), ("responserequired", "0" if upload else "1")]
    settings += [("responsefieldlines", "15"), ("attachments", "1" if upload else "0")]
    settings += [("attachmentsrequired", "1" if upload else "0")]
    if question.min_words:
        settings.append(("minwordlimit", str(question.min_words)))
    if question.max_words:
        settings.append(("maxwordlimit", str(question.max_words)))
    if upload:
        settings += [("maxbytes", str(int(question.max_mb * MIB))), ("filetypeslist", ",".join(question.accept))]
    for name, value in settings:
        sheet.put(name, value)
    # Moodle has one place for those who mark; the model answer goes behind the rubric.
    told = f"{said.rubric}\n\n{SAMPLE}\n\n{said.sample}".strip() if said.sample else said.rubric
    sheet.words("graderinfo", told)
    sheet.words("responsetemplate", "")
    return "essay", ""


_WRITERS: dict[QuestionType, Callable[[Sheet, Question, QuestionText], tuple[str, str]]] = {
    QuestionType.SINGLE: _choice,
    QuestionType.MULTIPLE: _choice,
    QuestionType.TRUEFALSE: _truefalse,
    QuestionType.TEXT: _text,
    QuestionType.NUMERIC: _numeric,
    QuestionType.MATCH: _match,
    QuestionType.ORDER: _order,
    QuestionType.CLOZE: _cloze,
    QuestionType.ESSAY: _essay,
    QuestionType.UPLOAD: _essay,
}


def _cdata(text: str) -> str:
    """Text as it is; the marks that XML itself cannot hold are none that anybody sees."""
    kept = "".join(mark for mark in text if mark in "\t\n" or (ord(mark) >= 32 and not 0xFFFE <= ord(mark) <= 0xFFFF))
    return "<![CDATA[" + kept.replace("]]>", "]]]]><![CDATA[>") + "]]>" if re.search(r"[<>&]", kept) else escape(kept)


def _file(path: str, data: bytes) -> str:
    folder, _, name = path.rpartition("/")
    where = f"/{folder}/" if folder else "/"
    return f'<file name={quoteattr(name)} path={quoteattr(where)} encoding="base64">{base64.b64encode(data).decode()}</file>'
