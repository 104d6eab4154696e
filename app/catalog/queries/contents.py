"""What versions say of themselves: outlines and words, read once and kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalog.models import Course, CourseVersion
from app.catalog.rules import CourseWords, Outline, outline_from, words_from


@dataclass(frozen=True, slots=True)
class Content:
    """What a version says of itself: its outline, its words and what the catalogue searches.

    `whole` is the outline with the pages for staff; `sources` the address of each page's words in the source language.
    """

    outline: Outline
    whole: Outline
    texts: Mapping[str, Any]
    about: Mapping[str, Any]
    sources: Mapping[str, str]
    search: str

    def words(self, lang: str) -> CourseWords:
        return words_from(self.texts, lang, self.outline.lang)


# A version never changes, so what was read once holds for ever. The key is its content, not its number:
# two databases in one process (tests, a restored copy) may number different courses alike. How old translations are
# comes of what was published before, so there only a test with a history must take an id of its own.
_contents: dict[tuple[str, str], Content] = {}
_KEPT = 500


def _remember(key: tuple[str, str], content: Content) -> Content:
    if len(_contents) >= _KEPT:
        _contents.pop(next(iter(_contents)))
    _contents[key] = content
    return content


def load(db: Session, wanted: Mapping[int, tuple[str, str]]) -> dict[int, Content]:
    missing = [version_id for version_id, key in wanted.items() if key not in _contents]
    loaded: dict[int, Content] = {}
    if missing:
        rows = db.execute(
            select(CourseVersion.id, CourseVersion.outline, CourseVersion.texts, CourseVersion.search).where(
                CourseVersion.id.in_(missing)
            )
        )
        for version_id, outline, texts, search in rows:
            shown, whole = outline_from(outline), outline_from(outline, staff=True)
            sources = {name: str(said["source"]) for name, said in outline.get("texts", {}).items()}
            content = Content(shown, whole, texts, outline.get("about", {}), sources, search)
            loaded[version_id] = _remember(wanted[version_id], content)
    for version_id, key in wanted.items():
        if version_id not in loaded and key in _contents:
            loaded[version_id] = _contents[key]
    return loaded


def content_of(db: Session, version_id: int, slug: str, digest: str) -> Content:
    """The contents of a version whose digest is known already; costs nothing when it was read before."""
    return load(db, {version_id: (slug, digest)})[version_id]


def outline_of(db: Session, version_id: int, slug: str, digest: str) -> Outline:
    return content_of(db, version_id, slug, digest).outline


def content(db: Session, version_id: int) -> Content:
    found = db.execute(
        select(Course.slug, CourseVersion.digest)
        .join(Course, Course.id == CourseVersion.course_id)
        .where(CourseVersion.id == version_id)
    ).one()
    return content_of(db, version_id, found.slug, found.digest)


def outline(db: Session, version_id: int) -> Outline:
    return content(db, version_id).outline


def words(db: Session, version_id: int, lang: str) -> CourseWords:
    """The course's own words in `lang`, those that are missing in its source language."""
    return content(db, version_id).words(lang)
