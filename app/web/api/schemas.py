"""What the API takes and answers; nothing that is not named here leaves the server."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import BaseModel, ConfigDict, Field


class Out(BaseModel):
    model_config = ConfigDict(frozen=True)


class CourseLine(Out):
    slug: str
    title: str
    summary: str
    version: str
    langs: list[str]
    minutes: int
    tags: list[str]
    owner: str


class QuizOut(Out):
    id: str
    title: str
    mode: str
    questions: int
    pass_percent: float
    attempts: int = Field(description="0: as many as you like")
    seconds: int = Field(description="0: no time limit")


class PageOut(Out):
    id: str
    title: str
    minutes: int
    required: bool
    quizzes: list[QuizOut]


class ModuleOut(Out):
    id: str
    title: str
    pages: list[PageOut]


class CourseOut(Out):
    slug: str
    title: str
    summary: str
    audience: str
    contact: str
    outcomes: list[str]
    version: str
    lang: str
    langs: list[str]
    minutes: int
    modules: list[ModuleOut]


class PersonOut(Out):
    key: str
    name: str
    organisation: str
    lang: str
    roles: list[str]


class RunLine(Out):
    course: str
    title: str
    version: str
    state: str
    required: bool
    due_on: date | None
    enrolled_at: datetime
    completed_at: datetime | None
    done: int = Field(description="needed pages and quizzes done")
    needed: int


class Standing(Out):
    id: str
    kind: str
    needed: bool
    finished_at: datetime | None
    passed_at: datetime | None
    best_score: float | None = Field(description="share of the points, 0 to 1")


class OfferOut(Out):
    """A newer major version one may move to, and what would be done there; nothing changes unless one takes it."""

    version: str
    done: int
    needed: int
    waiting: list[str] = Field(description="ids of pages and quizzes still to do there")
    gone: list[str] = Field(description="ids of what is done and not asked for there any more")
    declined: bool


class VersionBody(BaseModel):
    """`version` is the offer's, so that nobody takes what they have not seen."""

    version: str = Field(max_length=20)
    take: bool


class ProgressOut(Out):
    course: str
    version: str
    state: str
    required: bool
    due_on: date | None
    completed_at: datetime | None
    done: int
    needed: int
    offer: OfferOut | None = None
    steps: list[Standing]


class OptionOut(Out):
    id: str
    text: str


class PartOut(Out):
    """One pair to match or one gap. `kind`: pick (one of `options`, or of the question's), text or number."""

    id: str
    kind: str
    text: str
    options: list[OptionOut]


class FileOut(Out):
    name: str
    size: int


class AnswerOut(Out):
    """What was answered; only the field that belongs to the type is there."""

    options: list[str] | None = Field(None, description="choices; for order: in the order that was given")
    text: str | None = None
    parts: dict[str, str] | None = Field(None, description="part id → option id, or what was typed")
    file: FileOut | None = None


class QuestionOut(Out):
    """`html` fields are sanitised HTML. `share`, `right` and what follows come once they may be seen.

    In the stem of a cloze each gap is `<span data-gap="part id"></span>`. `graded` false: nobody marks it (a scale);
    `by_hand`: a person does, and until then `waiting` is true.
    """

    id: str
    type: str
    points: float
    graded: bool
    by_hand: bool
    title: str
    stem_html: str
    unit: str
    options: list[OptionOut]
    parts: list[PartOut]
    min_words: int | None = None
    max_words: int | None = None
    accept: list[str] | None = Field(None, description="endings of files that are taken; empty: any")
    max_mb: float | None = None
    hints_html: list[str] = Field(description="those that were asked for")
    answer: AnswerOut | None
    waiting: bool = False
    share: float | None = None
    comment: str | None = None
    explanation_html: str | None = None
    sample_html: str | None = None
    right: list[str] | None = Field(None, description="right options; for order: in their order")
    right_parts: dict[str, str] | None = Field(None, description="part id → what would have been right")


class AttemptOut(Out):
    key: str
    course: str
    quiz: str
    number: int
    state: str
    started_at: datetime
    deadline_at: datetime | None
    finished_at: datetime | None
    score: float | None
    max_score: float
    passed: bool | None = Field(description="null while it is open, and while an answer waits to be marked")
    questions: list[QuestionOut]


class AnswerBody(BaseModel):
    """`options` for a choice, a scale or an order, `parts` for pairs and gaps, `text` for all that is written.

    A file has an address of its own. Who may ask twice, or has other programs beside, says who speaks (`tab`), which of
    its saves in this attempt this is (`sequence`, from 1), and which `revision` of the answer it has seen (`base`).
    """

    model_config = ConfigDict(extra="forbid")
    tab: str = Field("", max_length=40, description="a name of your choice; the same save again gets the same reply")
    sequence: int = Field(1, ge=1, le=2**31)
    base: int | None = Field(None, ge=0, description="0: none; left out: whatever stands is overwritten")
    options: list[str] | None = Field(None, max_length=200)
    parts: dict[str, str] | None = Field(None, max_length=200)
    text: str | None = Field(None, max_length=50_000)
    flagged: bool = False
    certainty: int | None = Field(None, ge=1, le=3, description="1 a guess, 2 fairly sure, 3 sure; where the quiz asks")


class NotKeptOut(Out):
    """Why an answer was not kept: `late`, or `elsewhere`: somebody else has written `revision` of it meanwhile."""

    detail: str
    outcome: str
    revision: int
    saved_at: datetime


class CompletionLine(Out):
    """A number is null where it would tell about fewer than five people to somebody who sees numbers only."""

    organisation: str
    name: str
    assigned: int | None
    completed: int | None
    in_progress: int | None
    overdue: int | None
    denominator: int | None
    rate: float | None


class CompletionOut(Out):
    organisation: str
    course: str
    as_of: datetime
    total: CompletionLine
    rows: list[CompletionLine]


class ProblemOut(Out):
    path: str
    line: int
    column: int
    code: str
    severity: str
    message: str


class PublishedOut(Out):
    course: str
    version: str
    created: bool
    problems: list[ProblemOut]


class NoteOut(Out):
    outcome: str = Field(description="carried, changed, left-out or refused")
    item: str
    line: int = Field(description="0: not known")
    message: str


class ConversionOut(Out):
    """A foreign file as a proposed course. `course` is a zip in base64, empty when nothing could be read."""

    format: str = Field(description='What the file was made out to be; empty for a course, "?" for nothing we read')
    notes: list[NoteOut]
    problems: list[ProblemOut]
    course: str


class DraftLineOut(Out):
    """`base` is the number of the version that the draft was begun from, "" for a new course."""

    key: str
    course: str
    title: str
    base: str
    changed_at: datetime


class DraftFileOut(Out):
    path: str
    revision: int
    text: str


class DraftOut(DraftLineOut):
    open: bool
    texts: list[DraftFileOut]
    media: list[str]


class DraftTextBody(BaseModel):
    """`revision` is the one that was read; 0 adds a file."""

    path: str = Field(max_length=520)
    text: str
    revision: int = Field(ge=0)


class DraftSavedOut(Out):
    """With a `copy_id` the file had changed meanwhile: the text is kept as that copy, and nothing was overwritten."""

    revision: int
    copy_id: int | None
