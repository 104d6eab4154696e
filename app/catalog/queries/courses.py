"""Courses as such, and as the catalogue shows them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import Session

from app.catalog.models import Course, CourseVersion
from app.catalog.queries.contents import load
from app.catalog.rules import CourseState
from app.organisations.models import Organisation
from app.organisations.queries import said_name


@dataclass(frozen=True, slots=True)
class CourseHead:
    """A course as such, with who owns it. `version_id` is what new learners get."""

    id: int
    slug: str
    state: CourseState
    version_id: int | None
    organisation_id: int
    owner_path: str
    owner_code: str
    owner_name: str
    created_at: datetime

    @property
    def live(self) -> bool:
        return self.state is CourseState.LIVE


_HEAD = (
    Course.id,
    Course.slug,
    Course.state,
    Course.current_version_id,
    Course.organisation_id,
    Organisation.path,
    Organisation.code,
    said_name(),
    Course.created_at,
)


def _heads(db: Session, where: ColumnElement[bool]) -> tuple[CourseHead, ...]:
    rows = select(*_HEAD).join(Organisation, Organisation.id == Course.organisation_id).where(where)
    return tuple(CourseHead(*row) for row in db.execute(rows.order_by(Course.slug, Course.id)))


def course_by_slug(db: Session, slug: str) -> CourseHead | None:
    return next(iter(_heads(db, Course.slug == slug)), None)


def course_by_id(db: Session, course_id: int) -> CourseHead | None:
    return next(iter(_heads(db, Course.id == course_id)), None)


def courses(db: Session, where: ColumnElement[bool] | None = None) -> tuple[CourseHead, ...]:
    return _heads(db, true() if where is None else where)


@dataclass(frozen=True, slots=True)
class CourseCard:
    """A course as the catalogue shows it, in one language. `search` is folded text of every language."""

    course_id: int
    slug: str
    state: CourseState
    version_id: int
    version: str
    title: str
    summary: str
    text_lang: str
    langs: tuple[str, ...]
    minutes: int
    pages: int
    quizzes: int
    tags: tuple[str, ...]
    competences: tuple[str, ...]
    organisation_id: int
    owner_name: str
    published_at: datetime
    search: str


def cards(db: Session, lang: str, where: ColumnElement[bool] | None = None) -> tuple[CourseCard, ...]:
    """The live courses (or those that `where` lets through), the newest first."""
    rows = db.execute(
        select(
            Course.id,
            Course.slug,
            Course.state,
            CourseVersion.id,
            CourseVersion.major,
            CourseVersion.minor,
            CourseVersion.digest,
            CourseVersion.published_at,
            Organisation.id,
            said_name(lang),
        )
        .join(CourseVersion, CourseVersion.id == Course.current_version_id)
        .join(Organisation, Organisation.id == Course.organisation_id)
        .where(Course.state == CourseState.LIVE if where is None else where)
        .order_by(CourseVersion.published_at.desc(), Course.slug)
    ).all()
    contents = load(db, {row[3]: (row.slug, row.digest) for row in rows})
    made = []
    for course_id, slug, state, version_id, major, minor, _, published_at, owner_id, owner_name in rows:
        said = contents[version_id]
        own = said.words(lang)
        made.append(
            CourseCard(
                course_id=course_id,
                slug=slug,
                state=state,
                version_id=version_id,
                version=f"{major}.{minor}",
                title=own.title,
                summary=own.summary,
                text_lang=own.lang,
                langs=said.outline.langs,
                minutes=said.outline.minutes,
                pages=len(said.outline.pages),
                quizzes=len(said.outline.quizzes),
                tags=tuple(said.about.get("tags", ())),
                competences=tuple(said.about.get("competences", ())),
                organisation_id=owner_id,
                owner_name=owner_name,
                published_at=published_at,
                search=said.search,
            )
        )
    return tuple(made)


def titles(db: Session, course_ids: Collection[int], lang: str) -> dict[int, str]:
    """What courses are called, live or withdrawn."""
    return {card.course_id: card.title for card in cards(db, lang, Course.id.in_(sorted(set(course_ids))))}
