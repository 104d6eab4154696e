"""Reading courses, versions, pages, questions and files, as frozen values."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select, true
from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.catalog.models import Asset, Course, CourseVersion, KnownId, PageText, QuestionRevision, QuizRow, Upload
from app.catalog.rules import CourseState, CourseWords, Outline, outline_from, words_from
from app.kit.errors import NotFound
from app.kit.i18n import N_
from app.organisations.models import Organisation


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
    Organisation.name,
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
class Version:
    """One published state of a course, without its contents. `source` is the blob of its files, zipped."""

    id: int
    course_id: int
    slug: str
    major: int
    minor: int
    digest: str
    lang: str
    note: str
    source: str
    changes: Mapping[str, Any]
    published_at: datetime
    published_by: str

    @property
    def number(self) -> tuple[int, int]:
        return (self.major, self.minor)

    @property
    def label(self) -> str:
        return f"{self.major}.{self.minor}"


def _versions(db: Session, where: ColumnElement[bool]) -> tuple[Version, ...]:
    rows: Select[Any] = (
        select(
            CourseVersion.id,
            CourseVersion.course_id,
            Course.slug,
            CourseVersion.major,
            CourseVersion.minor,
            CourseVersion.digest,
            CourseVersion.lang,
            CourseVersion.note,
            CourseVersion.source,
            CourseVersion.changes,
            CourseVersion.published_at,
            Person.given_name,
            Person.family_name,
        )
        .join(Course, Course.id == CourseVersion.course_id)
        .outerjoin(Person, Person.id == CourseVersion.published_by_id)
        .where(where)
        .order_by(CourseVersion.major.desc(), CourseVersion.minor.desc())
    )
    return tuple(Version(*row, f"{given or ''} {family or ''}".strip()) for *row, given, family in db.execute(rows))


def version(db: Session, version_id: int) -> Version | None:
    return next(iter(_versions(db, CourseVersion.id == version_id)), None)


def versions(db: Session, course_id: int) -> tuple[Version, ...]:
    """Every version of a course, the newest first."""
    return _versions(db, CourseVersion.course_id == course_id)


def latest_version(db: Session, course_id: int) -> Version | None:
    """The one with the highest number, whatever new learners get."""
    return next(iter(versions(db, course_id)), None)


def effective_version(db: Session, course_id: int, major: int) -> Version | None:
    """What somebody pinned to a major version reads: its highest minor one."""
    found = _versions(db, (CourseVersion.course_id == course_id) & (CourseVersion.major == major))
    return next(iter(found), None)


def version_with(db: Session, course_id: int, digest: str) -> Version | None:
    same = (CourseVersion.course_id == course_id) & (CourseVersion.digest == digest)
    return next(iter(_versions(db, same)), None)


@dataclass(frozen=True, slots=True)
class Content:
    """What a version says of itself: its outline, its words and what the catalogue searches."""

    outline: Outline
    texts: Mapping[str, Any]
    about: Mapping[str, Any]
    search: str

    def words(self, lang: str) -> CourseWords:
        return words_from(self.texts, lang, self.outline.lang)


# A version never changes, so what was read once holds for ever. The key is its content, not its number:
# two databases in one process (tests, a restored copy) may number different courses alike.
_contents: dict[tuple[str, str], Content] = {}
_KEPT = 500


def _remember(key: tuple[str, str], content: Content) -> Content:
    if len(_contents) >= _KEPT:
        _contents.pop(next(iter(_contents)))
    _contents[key] = content
    return content


def _load(db: Session, wanted: Mapping[int, tuple[str, str]]) -> dict[int, Content]:
    missing = [version_id for version_id, key in wanted.items() if key not in _contents]
    loaded: dict[int, Content] = {}
    if missing:
        rows = db.execute(
            select(CourseVersion.id, CourseVersion.outline, CourseVersion.texts, CourseVersion.search).where(
                CourseVersion.id.in_(missing)
            )
        )
        for version_id, outline, texts, search in rows:
            content = Content(outline_from(outline), texts, outline.get("about", {}), search)
            loaded[version_id] = _remember(wanted[version_id], content)
    for version_id, key in wanted.items():
        if version_id not in loaded and key in _contents:
            loaded[version_id] = _contents[key]
    return loaded


def content_of(db: Session, version_id: int, slug: str, digest: str) -> Content:
    """The contents of a version whose digest is known already; costs nothing when it was read before."""
    return _load(db, {version_id: (slug, digest)})[version_id]


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
            Organisation.name,
        )
        .join(CourseVersion, CourseVersion.id == Course.current_version_id)
        .join(Organisation, Organisation.id == Course.organisation_id)
        .where(Course.state == CourseState.LIVE if where is None else where)
        .order_by(CourseVersion.published_at.desc(), Course.slug)
    ).all()
    contents = _load(db, {row[3]: (row.slug, row.digest) for row in rows})
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
    return {name: StoredQuiz(name, page, rules, tuple(items)) for name, page, rules, items in rows}


def quiz(db: Session, version_id: int, quiz: str) -> StoredQuiz:
    found = db.execute(
        select(QuizRow.page, QuizRow.rules, QuizRow.items).where(
            QuizRow.version_id == version_id, QuizRow.quiz == quiz
        )
    ).first()
    if found is None:
        raise NotFound(N_("There is no such quiz."))
    return StoredQuiz(quiz, found.page, found.rules, tuple(found.items))


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


@dataclass(frozen=True, slots=True)
class Known:
    """An id of the ledger. `now_called` is its new name, "" when it was retired, None while it is in use."""

    key: str
    kind: str
    type: str
    now_called: str | None


def known_ids(db: Session, course_id: int) -> dict[str, Known]:
    rows = db.execute(
        select(KnownId.key, KnownId.kind, KnownId.type, KnownId.now_called).where(KnownId.course_id == course_id)
    )
    return {row.key: Known(*row) for row in rows}


@dataclass(frozen=True, slots=True)
class UploadCard:
    """An upload with what was found in it; `version_id` says that it has been published."""

    key: str
    person_id: int
    person_name: str
    organisation_id: int
    owner_path: str
    filename: str
    blob: str
    slug: str
    summary: Mapping[str, Any]
    problems: tuple[Mapping[str, Any], ...]
    created_at: datetime
    version_id: int | None

    @property
    def errors(self) -> int:
        return sum(problem["severity"] == "E" for problem in self.problems)


def uploads(db: Session, where: ColumnElement[bool]) -> tuple[UploadCard, ...]:
    rows = db.execute(
        select(
            Upload.key,
            Upload.person_id,
            Person.given_name,
            Person.family_name,
            Upload.organisation_id,
            Organisation.path,
            Upload.filename,
            Upload.blob,
            Upload.slug,
            Upload.summary,
            Upload.problems,
            Upload.created_at,
            Upload.published_version_id,
        )
        .join(Person, Person.id == Upload.person_id)
        .join(Organisation, Organisation.id == Upload.organisation_id)
        .where(where)
        .order_by(Upload.created_at.desc(), Upload.id.desc())
    )
    return tuple(
        UploadCard(key, person_id, f"{given} {family}", organisation_id, path, filename, blob, slug, summary, tuple(found), at, done)
        for key, person_id, given, family, organisation_id, path, filename, blob, slug, summary, found, at, done in rows
    )
