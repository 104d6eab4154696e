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


class ProgressOut(Out):
    course: str
    version: str
    state: str
    required: bool
    due_on: date | None
    completed_at: datetime | None
    done: int
    needed: int
    steps: list[Standing]


class OptionOut(Out):
    id: str
    text: str


class QuestionOut(Out):
    """`html` fields are sanitised HTML. `share`, `feedback` and `right` come once they may be seen."""

    id: str
    type: str
    points: float
    title: str
    stem_html: str
    unit: str
    options: list[OptionOut]
    answer: dict[str, list[str] | str] | None
    share: float | None = None
    explanation_html: str | None = None
    right: list[str] | None = None


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
    passed: bool | None
    questions: list[QuestionOut]


class AnswerBody(BaseModel):
    """`options` for a choice, `text` for a number or a word."""

    model_config = ConfigDict(extra="forbid")
    options: list[str] | None = Field(None, max_length=50)
    text: str | None = Field(None, max_length=2000)
    flagged: bool = False


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
