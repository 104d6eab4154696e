"""What differs between two versions of a course, told page by page and question by question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalog import queries
from app.catalog.importer.keys import complete, key_of
from app.catalog.importer.prepared import Prepared, revisions_in, shape_of
from app.catalog.models import CourseVersion
from app.catalog.rules import ChangeLevel, Shape, least_level


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A version as it is compared, whether stored already or only prepared. Pages are (page, lang) → (title, blocks)."""

    lang: str
    outline: Mapping[str, Any]
    texts: Mapping[str, Any]
    pages: dict[tuple[str, str], tuple[str, list[Any]]]
    quizzes: dict[str, tuple[Mapping[str, Any], list[str]]]
    questions: dict[str, Mapping[str, Any]]

    @property
    def shape(self) -> Shape:
        return shape_of(dict(self.outline))

    def page_ids(self) -> list[str]:
        """Those that learners see."""
        pages = [page for module in self.outline["modules"] for page in module["pages"]]
        return [page["id"] for page in pages if not page.get("staff", False)]

    def page_title(self, page: str) -> str:
        return self.pages[page, self.lang][0]

    def question_title(self, question: str) -> str:
        return str(self.questions[question]["texts"][self.lang]["title"])


def snapshot_of(prepared: Prepared) -> Snapshot:
    bodies = {one.revision: one.body for one in prepared.questions.values()}
    return _snapshot(
        prepared.outline,
        prepared.texts,
        {(page.page, page.lang): (page.title, list(page.blocks)) for page in prepared.pages},
        {quiz.quiz: (quiz.rules, revisions_in(quiz.items)) for quiz in prepared.quizzes},
        bodies,
    )


def stored_snapshot(db: Session, version_id: int) -> Snapshot:
    outline, texts = db.execute(
        select(CourseVersion.outline, CourseVersion.texts).where(CourseVersion.id == version_id)
    ).one()
    pages = {(page.page, page.lang): (page.title, list(page.blocks)) for page in queries.pages_of(db, version_id)}
    quizzes = {
        name: (quiz.rules, revisions_in(tuple(dict(item) for item in quiz.items)))
        for name, quiz in queries.quizzes(db, version_id).items()
    }
    wanted = {one for _, members in quizzes.values() for one in members}
    wanted |= {block["question"] for _, blocks in pages.values() for block in blocks if "question" in block}
    bodies = {one.revision: one.body for one in queries.revisions(db, wanted).values()}
    return _snapshot(outline, texts, pages, quizzes, bodies)


def _snapshot(
    outline: Mapping[str, Any],
    texts: Mapping[str, Any],
    pages: dict[tuple[str, str], tuple[str, list[Any]]],
    quizzes: dict[str, tuple[Mapping[str, Any], list[str]]],
    bodies: Mapping[str, Mapping[str, Any]],
) -> Snapshot:
    questions: dict[str, Mapping[str, Any]] = {str(body["id"]): complete(body) for body in bodies.values()}
    # A self-check is compared as a question, not as part of its page: only that it stands there belongs to the page.
    said = {
        place: (title, [{"question": bodies[b["question"]]["id"]} if "question" in b else b for b in blocks])
        for place, (title, blocks) in pages.items()
    }
    return Snapshot(str(outline["lang"]), outline, texts, said, quizzes, questions)


@dataclass(frozen=True, slots=True)
class Difference:
    """One page, quiz or question, by id and by its title in the source language."""

    id: str
    title: str


Differences = tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Changes:
    """`reasons` say why a change cannot be called minor: pages, quizzes, questions, types, keys."""

    since: str = ""
    pages_added: Differences = ()
    pages_removed: Differences = ()
    pages_changed: Differences = ()
    quizzes_added: Differences = ()
    quizzes_removed: Differences = ()
    quizzes_changed: Differences = ()
    questions_added: Differences = ()
    questions_removed: Differences = ()
    questions_reworded: Differences = ()
    questions_rekeyed: Differences = ()
    words: bool = False
    reasons: tuple[str, ...] = ()
    reverted_to: str = ""

    @property
    def pages(self) -> int:
        return len(self.pages_added) + len(self.pages_removed) + len(self.pages_changed)

    @property
    def questions(self) -> int:
        return (
            len(self.questions_added)
            + len(self.questions_removed)
            + len(self.questions_reworded)
            + len(self.questions_rekeyed)
        )

    @property
    def least(self) -> ChangeLevel:
        return ChangeLevel.MAJOR if self.reasons else ChangeLevel.MINOR

    def as_json(self) -> dict[str, Any]:
        return {name: value for name, value in asdict(self).items() if value}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Changes:
        said: dict[str, Any] = {}
        for name, value in data.items():
            if isinstance(value, list | tuple):
                value = tuple(Difference(**one) if isinstance(one, dict) else one for one in value)
            said[name] = value
        return cls(**said)


def compare(old: Snapshot, new: Snapshot, since: str) -> Changes:
    """Everything that came, went or changed; what a translation changes counts for its page and its question."""
    was, now = old.page_ids(), new.page_ids()
    changed = [page for page in now if page in set(was) and _of(old.pages, page) != _of(new.pages, page)]
    same = set(old.questions) & set(new.questions)
    rekeyed = {one for one in same if key_of(dict(old.questions[one])) != key_of(dict(new.questions[one]))}
    reworded = {one for one in same - rekeyed if old.questions[one] != new.questions[one]}
    return Changes(
        since=since,
        pages_added=_pages(new, [page for page in now if page not in set(was)]),
        pages_removed=_pages(old, [page for page in was if page not in set(now)]),
        pages_changed=_pages(new, changed),
        quizzes_added=_quizzes(new, set(new.quizzes) - set(old.quizzes)),
        quizzes_removed=_quizzes(old, set(old.quizzes) - set(new.quizzes)),
        quizzes_changed=_quizzes(
            new, {one for one in set(old.quizzes) & set(new.quizzes) if old.quizzes[one][0] != new.quizzes[one][0]}
        ),
        questions_added=_questions(new, set(new.questions) - set(old.questions)),
        questions_removed=_questions(old, set(old.questions) - set(new.questions)),
        questions_reworded=_questions(new, reworded),
        questions_rekeyed=_questions(new, rekeyed),
        words=dict(old.texts) != dict(new.texts),
        reasons=reasons(old.shape, new.shape),
    )


def reasons(old: Shape, new: Shape) -> tuple[str, ...]:
    """Why `rules.least_level` says major; empty when it says minor."""
    if least_level(old, new) is ChangeLevel.MINOR:
        return ()
    both = set(old.keys) & set(new.keys)
    types = {one for one in both if old.keys[one].partition(":")[0] != new.keys[one].partition(":")[0]}
    found = {
        "pages": old.needed_pages != new.needed_pages,
        "quizzes": old.needed_quizzes != new.needed_quizzes,
        "questions": set(old.keys) != set(new.keys),
        "types": bool(types),
        "keys": any(old.keys[one] != new.keys[one] for one in both - types),
    }
    return tuple(name for name, is_so in found.items() if is_so)


def _of(pages: Mapping[tuple[str, str], Any], page: str) -> dict[str, Any]:
    return {lang: said for (one, lang), said in pages.items() if one == page}


def _pages(snapshot: Snapshot, ids: list[str]) -> Differences:
    return tuple(Difference(one, snapshot.page_title(one)) for one in ids)


def _quizzes(snapshot: Snapshot, ids: set[str]) -> Differences:
    titles = {name: rules["titles"] for name, (rules, _) in snapshot.quizzes.items()}
    return tuple(Difference(one, str(titles[one].get(snapshot.lang, one))) for one in sorted(ids))


def _questions(snapshot: Snapshot, ids: set[str]) -> Differences:
    return tuple(Difference(one, snapshot.question_title(one)) for one in snapshot.questions if one in ids)
