"""What a course is once it has been read: frozen values, no files, no database."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any


class Severity(StrEnum):
    """How much a problem matters: an error blocks publishing, a warning and an advice do not."""

    ERROR = "E"
    WARNING = "W"
    ADVICE = "I"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong at one place, told in a sentence that says what to do.

    `template` and `values` carry the sentence before its values were filled in, so that pages can
    translate it; `message` is the English sentence the command line prints. Lines and columns count from 1.
    """

    path: str
    line: int
    column: int
    code: str
    template: str
    values: tuple[tuple[str, str], ...] = ()
    severity: Severity = Severity.ERROR

    @property
    def message(self) -> str:
        return self.template % dict(self.values)

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}: {self.code} {self.message}"


class QuestionType(StrEnum):
    SINGLE = "single"
    MULTIPLE = "multiple"
    TRUEFALSE = "truefalse"
    NUMERIC = "numeric"
    TEXT = "text"
    MATCH = "match"
    ORDER = "order"
    CLOZE = "cloze"
    ESSAY = "essay"
    UPLOAD = "upload"
    SCALE = "scale"


class PartKind(StrEnum):
    """How a part of a question is answered: by choosing, by typing words, by typing a number."""

    PICK = "pick"
    TEXT = "text"
    NUMBER = "number"


class QuizMode(StrEnum):
    """Presets; only `check` and `exam` count towards completion."""

    PRACTICE = "practice"
    CHECK = "check"
    EXAM = "exam"
    SURVEY = "survey"


@dataclass(frozen=True, slots=True)
class Option:
    """One line of an answer list. `fraction` is the share of the question's points, -1.0 to 1.0.

    Choice questions use `text` (Markdown, one line); numeric ones `low` and `high` (inclusive); text ones `value`.
    `feedback` is Markdown, empty when there is none.
    """

    id: str
    fraction: float
    text: str = ""
    feedback: str = ""
    value: str = ""
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """One gap of a cloze, or one left-hand cell of a match (its words in `text`), worth its share of the points.

    A part that is picked has a `key`, the id of the right option: among its own `options` in a cloze, among those of
    the question in a match. One that is typed has accepted spellings or intervals as `options`.
    """

    id: str
    kind: PartKind
    options: tuple[Option, ...] = ()
    key: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class QuestionText:
    """The words of a question in one language; ids, marks and points are the question's own.

    An empty `stem` means that the title asks; in that of a cloze a mark stands for each gap (see `gaps`). `unit` is the
    question's own in this language. `rubric` and `sample` are for whoever marks by hand.
    """

    lang: str
    title: str
    stem: str
    options: tuple[Option, ...]
    parts: tuple[Part, ...] = ()
    hints: tuple[str, ...] = ()
    correct: str = ""
    partial: str = ""
    incorrect: str = ""
    explanation: str = ""
    rubric: str = ""
    sample: str = ""
    unit: str = ""
    rev: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """`texts` maps a language code to its words; the course's source language is always there.

    `see` is "page-id" or "page-id#heading-slug". `unit` is shown behind a numeric field; `min_words` and `max_words`
    (0 = no limit) belong to an essay, `accept` (endings with their dot) and `max_mb` to an upload. Where it came from
    stays in `path` and `line`.
    """

    id: str
    type: QuestionType
    texts: dict[str, QuestionText]
    points: float = 1.0
    scoring: str = "all-or-nothing"
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
    path: str = ""
    line: int = 0

    @property
    def graded(self) -> bool:
        """A scale asks for an opinion: it is never marked."""
        return self.type is not QuestionType.SCALE

    @property
    def by_hand(self) -> bool:
        return self.type in (QuestionType.ESSAY, QuestionType.UPLOAD)


@dataclass(frozen=True, slots=True)
class Pool:
    """Draw `draw` of these questions, afresh for each attempt."""

    id: str
    draw: int
    questions: tuple[Question, ...]
    points: float = 1.0


@dataclass(frozen=True, slots=True)
class Draw:
    """Draw `count` questions from a bank, only those that carry every tag named."""

    id: str
    bank: str
    count: int
    tags: tuple[str, ...] = ()
    points: float = 1.0


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a quiz: the ids of its questions, pools and draws. `shuffle` is empty where the quiz's own holds."""

    id: str
    titles: dict[str, str]
    items: tuple[str, ...]
    shuffle: str = ""
    intros: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Quiz:
    """`attempts`, `seconds`, `tries` 0 = no limit; `delay` and `grace` in seconds; `items`: those of sections too."""

    id: str
    titles: dict[str, str]
    mode: QuizMode
    items: tuple[Question | Pool | Draw, ...]
    pass_percent: float = 80.0
    attempts: int = 0
    seconds: int = 0
    shuffle: str = "none"
    feedback: str = "after-quiz"
    grading: str = "best"
    show: dict[str, tuple[str, ...]] = field(default_factory=dict)
    tries: int = 0
    delay: int = 0
    opens: str = ""
    closes: str = ""
    grace: int = 30
    navigation: str = "free"
    certainty: bool = False
    repeat: bool = True
    sections: tuple[Section, ...] = ()
    intros: dict[str, str] = field(default_factory=dict)
    was: tuple[str, ...] = ()
    path: str = ""
    line: int = 0

    @property
    def counts(self) -> bool:
        return self.mode in (QuizMode.CHECK, QuizMode.EXAM)


@dataclass(frozen=True, slots=True)
class Prose:
    """A run of Markdown between questions, in one language; `line` is where it starts in its file."""

    markdown: str
    line: int = 1


@dataclass(frozen=True, slots=True)
class Source:
    """A legal act a page leans on. Either `checked_on` is given or `unchecked` is true and the page says so."""

    act: str
    number: str = ""
    article: str = ""
    url: str = ""
    checked_on: date | None = None
    unchecked: bool = False


@dataclass(frozen=True, slots=True)
class PageText:
    """A page in one language: `blocks` are prose, self-check questions and quizzes, in order of reading.

    A variant file with an empty body has `borrowed` true and the source's blocks.
    """

    lang: str
    title: str
    blocks: tuple[Prose | Question | Quiz, ...]
    borrowed: bool = False
    path: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """`minutes` is declared or, when absent, estimated from the text at 180 words a minute (at least 1).

    A page for `staff` is published with the rest and shown to those who teach the course only.
    """

    id: str
    texts: dict[str, PageText]
    minutes: int
    required: bool = True
    staff: bool = False
    outcomes: tuple[str, ...] = ()
    requires: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()
    was: tuple[str, ...] = ()
    path: str = ""


@dataclass(frozen=True, slots=True)
class ModuleText:
    lang: str
    title: str
    intro: str = ""


@dataclass(frozen=True, slots=True)
class Module:
    id: str
    texts: dict[str, ModuleText]
    pages: tuple[Page, ...]
    outcomes: tuple[str, ...] = ()
    requires: tuple[str, ...] = ()
    path: str = ""


@dataclass(frozen=True, slots=True)
class Bank:
    """Questions that are only ever drawn from."""

    id: str
    title: str
    questions: tuple[Question, ...]
    path: str = ""


@dataclass(frozen=True, slots=True)
class CourseText:
    """The course's own words in one language; `outcomes` maps outcome id to sentence."""

    lang: str
    title: str
    summary: str
    body: str = ""
    audience: str = ""
    contact: str = ""
    outcomes: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MediaFile:
    """A file under media/: `path` relative to the course folder, with the bytes as they were read."""

    path: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Credit:
    """Whose a media file is: under which licence it may be used, and where it is from."""

    file: str
    licence: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    level: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Course:
    """A whole course, in every language it has. `lang` is the source language.

    `completion` holds "all" or ids under "pages" and "quizzes"; `files` are the text files as they were
    read (path → text), which is what a version is the content address of, together with `media`.
    """

    id: str
    lang: str
    texts: dict[str, CourseText]
    modules: tuple[Module, ...]
    owner: str = ""
    minutes: int = 0
    tags: tuple[str, ...] = ()
    competences: tuple[str, ...] = ()
    requires: tuple[str, ...] = ()
    banks: tuple[Bank, ...] = ()
    sources: tuple[Source, ...] = ()
    media: tuple[MediaFile, ...] = ()
    credits: tuple[Credit, ...] = ()
    files: dict[str, str] = field(default_factory=dict)
    completion: dict[str, Any] = field(default_factory=dict)
    valid_months: int | None = None
    reviewed_by: str = ""
    reviewed_on: date | None = None
    change: Change = field(default_factory=Change)
    retired: tuple[str, ...] = ()
    was: tuple[str, ...] = ()

    def pages(self) -> tuple[Page, ...]:
        return tuple(page for module in self.modules for page in module.pages)


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of reading some files: the course when it could be made out at all, and every problem found.

    A course with errors is still given where possible, so that it can be previewed; only one without may be published.
    """

    course: Course | None
    problems: tuple[Problem, ...]
    # What the quality checks will say of the text, seen while it was parsed; None when nobody looked.
    noticed: tuple[Problem, ...] | None = field(default=None, compare=False, repr=False)

    @property
    def errors(self) -> tuple[Problem, ...]:
        return tuple(p for p in self.problems if p.severity is Severity.ERROR)
