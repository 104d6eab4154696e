"""What a published course is made of, who may do what with it, and how versions are numbered. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from app.kit.actor import Actor, Role


class CourseState(StrEnum):
    LIVE = "live"
    WITHDRAWN = "withdrawn"  # no new learners; those who have started go on
    STAFF = "staff"  # published, and shown to those who teach there only; nobody learns from it yet


class ReviewState(StrEnum):
    ASKED = "asked"
    APPROVED = "approved"
    CHANGES = "changes"  # to be corrected first
    WITHDRAWN = "withdrawn"  # the author has taken the question back


class PublicationState(StrEnum):
    WAITING = "waiting"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"


class Stage(StrEnum):
    """Where a course, or one page of it, stands for those who teach it (the five of Open edX, and withdrawn)."""

    NEVER = "never"  # not published yet
    SCHEDULED = "scheduled"  # what has been made waits for its moment
    LIVE = "live"
    CHANGED = "changed"  # live, and there are changes that are not published
    STAFF = "staff"  # published for those who teach it only
    WITHDRAWN = "withdrawn"


def stage(state: CourseState | None, *, scheduled: bool, changed: bool) -> Stage:
    """Of a course; `state` None: it has never been published. What waits is told before what it waits for."""
    match state:
        case None:
            return Stage.SCHEDULED if scheduled else Stage.NEVER
        case CourseState.WITHDRAWN:
            return Stage.WITHDRAWN
        case CourseState.STAFF:
            return Stage.STAFF
        case CourseState.LIVE:
            return Stage.SCHEDULED if scheduled else Stage.CHANGED if changed else Stage.LIVE


def page_stage(published: str | None, made: str | None, *, staff: bool, scheduled: bool) -> Stage:
    """Of a page, by the addresses of its words in force and as made since (None: it is not there)."""
    if made is not None and made != published:
        changed = Stage.CHANGED if published is not None else Stage.NEVER
        return Stage.SCHEDULED if scheduled else changed
    return Stage.STAFF if staff else Stage.LIVE


class DraftState(StrEnum):
    OPEN = "open"
    PUBLISHED = "published"
    DISCARDED = "discarded"


class ChangeLevel(StrEnum):
    MAJOR = "major"
    MINOR = "minor"


TEACHES = (Role.ADMINISTRATOR, Role.TRAINER)
REVIEWS = (Role.ADMINISTRATOR, Role.TRAINER, Role.REVIEWER)


def in_lang(said: Mapping[str, str], lang: str, source: str) -> str:
    """The words in `lang` where there are any, else in the source language."""
    return said.get(lang) or said.get(source) or next(iter(said.values()), "")


def older(said: Mapping[str, Any]) -> tuple[str, ...]:
    """The languages of a text that were written to an earlier source; `said` is what `format.lagging` remembers."""
    return tuple(lang for lang, own in said.items() if lang != "source" and own["of"] != said["source"])


@dataclass(frozen=True, slots=True)
class OutlineQuiz:
    """`asked` is how many questions an attempt has; `seconds` and `attempts` 0 mean no limit."""

    id: str
    titles: dict[str, str]
    mode: str
    asked: int
    pass_percent: float
    attempts: int
    seconds: int

    @property
    def counts(self) -> bool:
        return self.mode in ("check", "exam")


@dataclass(frozen=True, slots=True)
class OutlinePage:
    """`older` names the languages whose text lags behind the source, as it was known when this was published."""

    id: str
    titles: dict[str, str]
    minutes: int
    required: bool
    quizzes: tuple[OutlineQuiz, ...] = ()
    requires: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()
    older: tuple[str, ...] = ()
    staff: bool = False


@dataclass(frozen=True, slots=True)
class OutlineModule:
    id: str
    titles: dict[str, str]
    intros: dict[str, str]
    pages: tuple[OutlinePage, ...]


@dataclass(frozen=True, slots=True)
class Outline:
    """The shape of one version: what there is to read and take, and what completing it asks."""

    lang: str
    langs: tuple[str, ...]
    minutes: int
    modules: tuple[OutlineModule, ...]
    needed_pages: tuple[str, ...]
    needed_quizzes: tuple[str, ...]
    requires: tuple[str, ...] = ()
    valid_months: int | None = None
    was: dict[str, str] = field(default_factory=dict)

    @property
    def pages(self) -> tuple[OutlinePage, ...]:
        return tuple(page for module in self.modules for page in module.pages)

    @property
    def quizzes(self) -> tuple[OutlineQuiz, ...]:
        return tuple(quiz for page in self.pages for quiz in page.quizzes)

    @property
    def needed(self) -> frozenset[str]:
        """Every page and quiz id that completion asks for; progress is counted in these."""
        return frozenset(self.needed_pages) | frozenset(self.needed_quizzes)

    def page(self, page_id: str) -> OutlinePage | None:
        return next((page for page in self.pages if page.id == page_id), None)

    def quiz(self, quiz_id: str) -> tuple[OutlinePage, OutlineQuiz] | None:
        return next(((page, quiz) for page in self.pages for quiz in page.quizzes if quiz.id == quiz_id), None)


@dataclass(frozen=True, slots=True)
class CourseWords:
    """A course's own words in one language; `outcomes` id → sentence; `body` is rendered HTML."""

    lang: str
    title: str
    summary: str
    audience: str
    contact: str
    outcomes: dict[str, str]
    body: str


def outline_from(data: Mapping[str, Any], *, staff: bool = False) -> Outline:
    """Read an outline back from the JSON that `outline_json` made; with the pages for `staff`, or as learners see it."""
    texts = data.get("texts", {})
    modules = tuple(
        OutlineModule(
            id=m["id"],
            titles=m["titles"],
            intros=m["intros"],
            pages=tuple(
                OutlinePage(
                    id=p["id"],
                    titles=p["titles"],
                    minutes=p["minutes"],
                    required=p["required"],
                    quizzes=tuple(OutlineQuiz(**q) for q in p["quizzes"]),
                    requires=tuple(p["requires"]),
                    outcomes=tuple(p["outcomes"]),
                    older=older(texts.get(p["id"], {})),
                    staff=p.get("staff", False),
                )
                for p in m["pages"]
                if staff or not p.get("staff", False)
            ),
        )
        for m in data["modules"]
        if staff or not all(p.get("staff", False) for p in m["pages"])
    )
    return Outline(
        lang=data["lang"],
        langs=tuple(data["langs"]),
        minutes=data["minutes"],
        modules=modules,
        needed_pages=tuple(data["needed_pages"]),
        needed_quizzes=tuple(data["needed_quizzes"]),
        requires=tuple(data["requires"]),
        valid_months=data["valid_months"],
        was=data["was"],
    )


def words_from(data: Mapping[str, Any], lang: str, source: str) -> CourseWords:
    """The course's words in `lang`, each missing one taken from the source language."""
    base, own = data[source], data.get(lang, {})
    return CourseWords(
        lang=lang if lang in data else source,
        title=own.get("title") or base["title"],
        summary=own.get("summary") or base["summary"],
        audience=own.get("audience") or base["audience"],
        contact=own.get("contact") or base["contact"],
        outcomes={**base["outcomes"], **own.get("outcomes", {})},
        body=own.get("body") or base["body"],
    )


@dataclass(frozen=True, slots=True)
class Shape:
    """What decides whether a change is major: the needed pages and quizzes, and each question's type and key.

    `keys` maps a quiz-bound question id to "type:digest of its key".
    """

    needed_pages: frozenset[str]
    needed_quizzes: frozenset[str]
    keys: dict[str, str] = field(default_factory=dict)


def least_level(old: Shape, new: Shape) -> ChangeLevel:
    """The least a change may be called. Minor: the required set, question ids, types and keys are unchanged."""
    same = (old.needed_pages, old.needed_quizzes, old.keys) == (new.needed_pages, new.needed_quizzes, new.keys)
    return ChangeLevel.MINOR if same else ChangeLevel.MAJOR


def next_number(latest: tuple[int, int] | None, level: ChangeLevel) -> tuple[int, int]:
    """The number of the version after `latest` (None: there is none yet, and the first is 1.0)."""
    if latest is None:
        return (1, 0)
    major, minor = latest
    return (major + 1, 0) if level is ChangeLevel.MAJOR else (major, minor + 1)


def may_see(actor: Actor, state: CourseState, owner_path: str) -> bool:
    """A live course is everybody's to find; a withdrawn one only its owners'. (Learners come in by `learning.access`.)"""
    return state is CourseState.LIVE or may_edit(actor, owner_path)


def may_edit(actor: Actor, owner_path: str) -> bool:
    return actor.covers(owner_path, *TEACHES)


# What only a person can see in a course, each to be ticked before a review approves it.
CHECKLIST = ("facts", "outcomes", "keys", "plain", "access", "rights")
REVIEW_DAYS = 365  # a course that was read longer ago than this is to be read again (QC13)


def may_review(actor: Actor, owner_path: str, author_id: int) -> bool:
    """Four eyes: whoever has made a course does not review it."""
    return actor.id != author_id and actor.covers(owner_path, *REVIEWS)
