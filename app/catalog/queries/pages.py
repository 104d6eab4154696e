"""What a version holds: pages, quizzes, questions and files."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from app.catalog.format import terms
from app.catalog.models import (
    Asset,
    Course,
    CourseVersion,
    Draft,
    DraftFile,
    PageText,
    QuestionRevision,
    QuizRow,
)
from app.catalog.rules import DraftState
from app.kit.errors import NotFound
from app.kit.i18n import N_


@dataclass(frozen=True, slots=True)
class StoredPage:
    """One page of one version in one language; `text_lang` differs where the words are borrowed from the source."""

    page: str
    lang: str
    title: str
    text_lang: str
    blocks: tuple[Mapping[str, Any], ...]
    sources: tuple[Mapping[str, Any], ...]


def _pages(db: Session, *where: ColumnElement[bool]) -> tuple[StoredPage, ...]:
    rows = db.execute(
        select(PageText.page, PageText.lang, PageText.title, PageText.text_lang, PageText.blocks, PageText.sources)
        .where(*where)
        .order_by(PageText.page, PageText.lang)
    )
    return tuple(
        StoredPage(page, lang, title, text_lang, tuple(blocks), tuple(sources))
        for page, lang, title, text_lang, blocks, sources in rows
    )


def page_text(db: Session, version_id: int, page: str, lang: str) -> StoredPage | None:
    """A page in `lang`, or in the source language where the course does not speak it."""
    source = select(CourseVersion.lang).where(CourseVersion.id == version_id).scalar_subquery()
    here = (PageText.version_id == version_id, PageText.page == page)
    found = _pages(db, *here, or_(PageText.lang == lang, PageText.lang == source))
    return next((one for one in found if one.lang == lang), found[0] if found else None)


def pages_of(db: Session, version_id: int) -> tuple[StoredPage, ...]:
    """Every page in every language: what two versions are compared by."""
    return _pages(db, PageText.version_id == version_id)


@dataclass(frozen=True, slots=True)
class StoredQuiz:
    """`rules` holds what `assessment.rules.QuizRules` asks for, and `titles` and `intros` by language."""

    quiz: str
    page: str
    rules: Mapping[str, Any]
    items: tuple[Mapping[str, Any], ...]


def quizzes(db: Session, version_id: int) -> dict[str, StoredQuiz]:
    rows = db.execute(
        select(QuizRow.quiz, QuizRow.page, QuizRow.rules, QuizRow.items)
        .where(QuizRow.version_id == version_id)
        .order_by(QuizRow.quiz)
    )
    return {name: StoredQuiz(name, page, terms.complete(rules), tuple(items)) for name, page, rules, items in rows}


def quiz(db: Session, version_id: int, quiz: str) -> StoredQuiz:
    found = db.execute(
        select(QuizRow.page, QuizRow.rules, QuizRow.items).where(QuizRow.version_id == version_id, QuizRow.quiz == quiz)
    ).first()
    if found is None:
        raise NotFound(N_("There is no such quiz."))
    return StoredQuiz(quiz, found.page, terms.complete(found.rules), tuple(found.items))


@dataclass(frozen=True, slots=True)
class Revision:
    """A question as it once stood; `body` is what `assessment.rules.grade` takes, with its words by language."""

    revision: str
    question: str
    type: str
    body: Mapping[str, Any]


def revisions(db: Session, wanted: Iterable[str]) -> dict[str, Revision]:
    ids = sorted(set(wanted))
    if not ids:
        return {}
    rows = db.execute(
        select(
            QuestionRevision.revision, QuestionRevision.question, QuestionRevision.type, QuestionRevision.body
        ).where(QuestionRevision.revision.in_(ids))
    )
    return {row.revision: Revision(*row) for row in rows}


@dataclass(frozen=True, slots=True)
class StoredAsset:
    """A media file by its content; `name` is how it is called when somebody saves it."""

    path: str
    blob: str
    media_type: str
    size: int

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]


_SHORT = re.compile(r"[0-9a-f]{16}")


def asset(db: Session, slug: str, blob: str) -> StoredAsset | None:
    """A file of any version of a course, by the first sixteen digits of its content's address."""
    if not _SHORT.fullmatch(blob):
        return None
    row = db.execute(
        select(Asset.path, Asset.blob, Asset.media_type, Asset.size)
        .join(CourseVersion, CourseVersion.id == Asset.version_id)
        .join(Course, Course.id == CourseVersion.course_id)
        # The letter after f bounds the range, so that the index on blob is used whatever the collation.
        .where(Asset.blob >= blob, Asset.blob < f"{blob}g", Course.slug == slug)
        .order_by(Asset.version_id.desc(), Asset.path)
        .limit(1)
    ).first()
    return StoredAsset(*row) if row else None


def assets_of(db: Session, version_id: int) -> tuple[StoredAsset, ...]:
    rows = select(Asset.path, Asset.blob, Asset.media_type, Asset.size).where(Asset.version_id == version_id)
    return tuple(StoredAsset(*row) for row in db.execute(rows.order_by(Asset.path)))


def needed_blobs(db: Session) -> frozenset[str]:
    """Every file the store must hold for what has been published, and for what is being written."""
    written = select(DraftFile.blob).join(Draft, Draft.id == DraftFile.draft_id)
    written = written.where(DraftFile.blob.is_not(None), Draft.state != DraftState.DISCARDED)
    blobs = (select(Asset.blob), select(CourseVersion.source), written)
    return frozenset(key for asked in blobs for key in db.scalars(asked) if key is not None)
