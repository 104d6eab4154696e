"""A question as a form: the fields of every type, read from Markdown and written back as Markdown that means the same."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from app.catalog.drafting.finding import parsed
from app.catalog.exchange import question_text
from app.catalog.format import questions, structure
from app.catalog.format.answers import option_id
from app.catalog.format.asking import ACCEPT, MAX_MB
from app.catalog.format.ids import Ids
from app.catalog.format.layout import to_parse
from app.catalog.format.model import Option, Part, PartKind, Problem, Question, QuestionText, QuestionType, Severity
from app.catalog.format.problems import Notes
from app.catalog.format.questions import Body
from app.catalog.format.structure import Heading
from app.kit.i18n import N_

MARKED = (
    QuestionType.SINGLE,
    QuestionType.MULTIPLE,
    QuestionType.TRUEFALSE,
    QuestionType.NUMERIC,
    QuestionType.TEXT,
)
TYPED = (QuestionType.NUMERIC, QuestionType.TEXT)
LISTED = (QuestionType.ORDER, QuestionType.SCALE)
BY_PART = (QuestionType.MATCH, QuestionType.CLOZE)
BY_HAND = (QuestionType.ESSAY, QuestionType.UPLOAD)
CALLOUTS = ("correct", "partial", "incorrect", "explanation", "rubric", "sample")
_COMMENT = re.compile(r"<!--(.*?)-->", re.S)
_OURS = re.compile(r"\s*(question\b.*|id=\S+|)\s*", re.S)


@dataclass(frozen=True, slots=True)
class Row:
    """One answer. `text` are its words, what may be typed, or a left cell; `to` is the right cell of a match.

    `worth` is right, wrong or part, and then `share` the percent. An `id` that is kept lets words change.
    """

    text: str = ""
    worth: str = "wrong"
    share: str = ""
    feedback: str = ""
    to: str = ""
    id: str = ""
    to_id: str = ""

    @property
    def empty(self) -> bool:
        return not (self.text or self.to or self.feedback)


@dataclass(frozen=True, slots=True)
class QuestionForm:
    """Everything that can be said of a question, as text. `hints` are given one after the other."""

    type: QuestionType
    id: str
    title: str
    stem: str = ""
    rows: tuple[Row, ...] = ()
    hints: tuple[str, ...] = ()
    said: tuple[tuple[str, str], ...] = ()
    points: float = 1.0
    scoring: str = ""
    shuffle: bool = True
    case: str = "ignore"
    match: str = "exact"
    unit: str = ""
    penalty: float = 0.0
    min_words: int = 0
    max_words: int = 0
    accept: tuple[str, ...] = ()
    max_mb: float = 0.0
    outcomes: tuple[str, ...] = ()
    see: str = ""
    tags: tuple[str, ...] = ()
    was: tuple[str, ...] = ()

    def callout(self, name: str) -> str:
        return dict(self.said).get(name, "")


def blank(kind: QuestionType, name: str) -> QuestionForm:
    """A new question of a type, with as many rows as it needs at least."""
    rows = 0 if kind is QuestionType.CLOZE or kind in BY_HAND else 2 if kind is QuestionType.TRUEFALSE else 3
    first = Row(worth="right") if kind in MARKED else Row()
    return QuestionForm(
        kind,
        name,
        "",
        rows=(first, *(Row() for _ in range(rows - 1))) if rows else (),
        scoring=default_scoring(kind),
        accept=ACCEPT if kind is QuestionType.UPLOAD else (),
        max_mb=float(MAX_MB) if kind is QuestionType.UPLOAD else 0.0,
        points=0.0 if kind is QuestionType.SCALE else 1.0,
    )


def default_scoring(kind: QuestionType) -> str:
    return "partial" if kind in BY_PART else "all-or-nothing"


def form_of(question: Question, lang: str) -> QuestionForm:
    said = question.texts[lang]
    return QuestionForm(
        type=question.type,
        id=question.id,
        title=said.title,
        stem=question_text.with_gaps(said) if question.type is QuestionType.CLOZE else said.stem,
        rows=tuple(_rows(question, said)),
        hints=said.hints,
        said=tuple((name, text) for name in CALLOUTS if (text := getattr(said, name))),
        points=question.points,
        scoring=question.scoring,
        shuffle=question.shuffle,
        case=question.case,
        match=question.match,
        unit=said.unit or question.unit,
        penalty=question.penalty,
        min_words=question.min_words,
        max_words=question.max_words,
        accept=question.accept,
        max_mb=question.max_mb,
        outcomes=question.outcomes,
        see=question.see,
        tags=question.tags,
        was=question.was,
    )


def _rows(question: Question, said: QuestionText) -> list[Row]:
    if question.type is QuestionType.MATCH:
        options = {option.id: option for option in said.options}
        keys = {part.key for part in said.parts}
        rows = [Row(part.text, to=options[part.key].text, id=part.id, to_id=part.key) for part in said.parts]
        return rows + [Row(to=one.text, to_id=one.id) for one in said.options if one.id not in keys]
    if question.type in LISTED:
        return [Row(option.text, id=option.id) for option in said.options]
    if question.type not in MARKED:
        return []
    rows = []
    for mark, option in zip(question_text.marks(said.options, question.type), said.options, strict=True):
        worth = {"[x]": "right", "[ ]": "wrong"}.get(mark, "part")
        text = option.value if question.type in TYPED and option.value else option.text
        share = mark.strip("[]%") if worth == "part" else ""
        rows.append(Row(text, worth, share, option.feedback, id=option.id))
    return rows


def question_of(form: QuestionForm, lang: str) -> Question:
    """The question a form describes; whether it can be asked is for `checked` to say."""
    rows = [row for row in form.rows if not row.empty]
    options: tuple[Option, ...] = ()
    parts: tuple[Part, ...] = ()
    if form.type is QuestionType.MATCH:
        options, parts = _pairs(rows)
    elif form.type in LISTED:
        options = tuple(Option(row.id or option_id(_line(row.text)), 0.0, _line(row.text)) for row in rows)
    elif form.type in MARKED:
        options = tuple(_options(form, rows))
    text = QuestionText(
        lang=lang,
        title=_line(form.title),
        stem=form.stem,
        options=options,
        parts=parts,
        hints=tuple(hint for hint in form.hints if hint.strip()),
        unit=form.unit,
        **{name: words for name, words in form.said if words.strip()},
    )
    return Question(
        id=form.id,
        type=form.type,
        texts={lang: text},
        points=form.points,
        scoring=form.scoring or default_scoring(form.type),
        shuffle=form.shuffle,
        case=form.case,
        match=form.match,
        unit=form.unit,
        penalty=form.penalty,
        min_words=form.min_words,
        max_words=form.max_words,
        accept=form.accept,
        max_mb=form.max_mb,
        outcomes=form.outcomes,
        see=form.see,
        tags=form.tags,
        was=form.was,
    )


def _line(text: str) -> str:
    return " ".join(text.split())


def _options(form: QuestionForm, rows: list[Row]) -> list[Option]:
    right = sum(row.worth == "right" for row in rows) if form.type is QuestionType.MULTIPLE else 1
    made = []
    for row in rows:
        full = 1 / right if right else 1.0
        fraction = {"right": full, "wrong": 0.0}.get(row.worth)
        if fraction is None:
            fraction = round(float(row.share or 0) / 100, 9)
        words = _line(row.text)
        text = question_text.code(words) if form.type in TYPED else words
        value = words if form.type in TYPED else ""
        made.append(Option(row.id or option_id(text), fraction, text, row.feedback, value))
    return made


def _pairs(rows: list[Row]) -> tuple[tuple[Option, ...], tuple[Part, ...]]:
    """Right cells of the same words are one option; where an id is shared by other words, these get their own."""
    options: dict[str, Option] = {}
    parts: list[Part] = []
    for row in rows:
        words = _line(row.to)
        name = row.to_id or option_id(words)
        if name in options and options[name].text != words:
            name = option_id(words)
        same = next((one.id for one in options.values() if one.text == words), None)
        name = same or name
        options.setdefault(name, Option(name, 0.0, words))
        if row.text:
            left = _line(row.text)
            parts.append(Part(row.id or option_id(left), PartKind.PICK, key=name, text=left))
    return tuple(options.values()), tuple(parts)


def markdown(form: QuestionForm, lang: str, level: int) -> str:
    """The question as Markdown, from its heading to its last callout."""
    return question_text.question(question_of(form, lang), lang, level)


@dataclass(frozen=True, slots=True)
class Read:
    """A question of a file. None where it cannot be made out; `loses` says what a form could not keep of it."""

    question: Question | None
    heading: Heading
    problems: tuple[Problem, ...]
    loses: str = ""


def read(text: str, name: str, lang: str) -> Read | None:
    """The question with this id in a file of the source language; None when there is none."""
    source, headings = parsed(text)
    heading = next((h for h in headings if h.kind == "question" and h.comment and h.comment.id == name), None)
    if heading is None or heading.comment is None:
        return None
    problems: list[Problem] = []
    source.notes = Notes("", problems)
    retired = bool(heading.comment.get("retired"))
    found = questions.read(Body(source, lang, Ids()), structure.Part(heading))
    lines = to_parse(text).split("\n")[heading.first : heading.end]
    loses = ""
    if retired:
        loses = N_("This question is retired: change it in the text.")
    elif any(not _OURS.fullmatch(comment[1]) for comment in _COMMENT.finditer("\n".join(lines))):
        loses = N_("There is a note in a comment inside this question, which a form would lose: change it in the text.")
    return Read(found, heading, tuple(problems), loses)


@dataclass(frozen=True, slots=True)
class Checked:
    """A form as Markdown, with what stops it from being a question. `form` is what would be read back."""

    markdown: str
    problems: tuple[Problem, ...]
    form: QuestionForm | None


HEADINGS = N_("A heading in the text of a question must be smaller than the one of the question itself.")


def checked(form: QuestionForm, lang: str, level: int = 3) -> Checked:
    """Write a form and read it again, as the one reader will."""
    said = markdown(form, lang, level)
    got = read(f"---\nkind: page\nid: page\ntitle: Page\n---\n\n{said}\n", form.id, lang)
    if got is None:
        return Checked(said, (Problem("", 1, 1, "E121", HEADINGS),), None)
    errors = tuple(p for p in got.problems if p.severity is Severity.ERROR)
    whole = got.heading.end >= said.count("\n") + 7
    if not errors and (got.question is None or not whole):
        errors = (Problem("", 1, 1, "E121", HEADINGS),)
    return Checked(said, errors, form_of(got.question, lang) if got.question is not None else None)


def put(text: str, name: str, said: str) -> str:
    """The file with this Markdown in the place of a question. Addresses of links that stand there are kept."""
    source, headings = parsed(text)
    heading = next(h for h in headings if h.kind == "question" and h.comment and h.comment.id == name)
    lines = to_parse(text).split("\n")
    kept = [
        "\n".join(lines[first:last])
        for first, last in source.references.values()
        if heading.first <= first < heading.end and "\n".join(lines[first:last]) not in said
    ]
    block = [*said.split("\n"), "", *([*kept, ""] if kept else [])]
    return "\n".join([*lines[: heading.first], *block, *lines[heading.end :]])


def add(text: str, said: str, quiz: str = "") -> str:
    """The file with a question more: the last one of a quiz, or at its end."""
    _source, headings = parsed(text)
    lines = to_parse(text).rstrip("\n").split("\n")
    around = next((h for h in headings if h.kind == "quiz" and h.comment and h.comment.id == quiz), None)
    at = min(around.end, len(lines)) if around is not None else len(lines)
    before = lines[:at]
    while before and not before[-1].strip():
        before.pop()
    return "\n".join([*before, "", *said.split("\n"), "", *lines[at:]])


def level_in(text: str, quiz: str) -> int:
    """The level of heading that a new question has: one below its quiz, else the second."""
    _source, headings = parsed(text)
    around = next((h for h in headings if h.kind == "quiz" and h.comment and h.comment.id == quiz), None)
    return around.level + 1 if around is not None else 2


def renamed(form: QuestionForm, name: str) -> QuestionForm:
    """The same question under an id of its own, for use in another place."""
    return replace(form, id=name, was=())


def form_from(values: Mapping[str, str], form: QuestionForm) -> QuestionForm:
    """What somebody typed, on top of `form`: fields that were not sent stay as they are."""

    def said(name: str, old: str) -> str:
        return values.get(name, old)

    def several(name: str, old: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(one.strip() for one in values[name].split(",") if one.strip()) if name in values else old

    count = sum(name.startswith("text-") for name in values)
    rows = tuple(
        Row(
            text=values.get(f"text-{n}", "").strip(),
            worth=values.get(f"worth-{n}", "wrong"),
            share=values.get(f"share-{n}", "").replace(",", ".").strip().rstrip("%").strip(),
            feedback=values.get(f"feedback-{n}", "").strip(),
            to=values.get(f"to-{n}", "").strip(),
            id=values.get(f"id-{n}", ""),
            to_id=values.get(f"to_id-{n}", ""),
        )
        for n in range(count)
    )
    hints = sorted((int(name[5:]), text) for name, text in values.items() if re.fullmatch(r"hint-\d{1,3}", name))
    callouts = {name: said(name, form.callout(name)).strip() for name in CALLOUTS}
    return replace(
        form,
        title=said("title", form.title).strip(),
        stem=said("stem", form.stem).strip("\n"),
        rows=rows if count else form.rows,
        hints=tuple(text.strip() for _n, text in hints if text.strip()) if hints else form.hints,
        said=tuple((name, text) for name, text in callouts.items() if text),
        points=_number(values.get("points"), form.points),
        scoring=said("scoring", form.scoring),
        shuffle=values["shuffle"] == "yes" if "shuffle" in values else form.shuffle,
        case=said("case", form.case),
        match=said("match", form.match),
        unit=said("unit", form.unit),
        penalty=_number(values.get("penalty"), form.penalty),
        min_words=int(_number(values.get("min_words"), form.min_words)),
        max_words=int(_number(values.get("max_words"), form.max_words)),
        accept=several("accept", form.accept),
        max_mb=_number(values.get("max_mb"), form.max_mb),
        outcomes=several("outcomes", form.outcomes),
        see=said("see", form.see),
        tags=several("tags", form.tags),
    )


def _number(said: str | None, old: float) -> float:
    """A number as people write it; nothing sensible leaves the old one (the web form says what was wrong)."""
    if said is None:
        return old
    try:
        return float(said.replace(",", ".").strip() or 0)
    except ValueError:
        return old
