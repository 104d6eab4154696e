"""One course for its trainers: its versions, what changed in each, who is on which, and its pages to correct."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.catalog import queries
from app.catalog.drafting.adopting import LICENCES
from app.catalog.importer import Changes, Difference
from app.catalog.queries import CourseHead, Version
from app.catalog.rules import CourseState, in_lang
from app.kit.i18n import LANGUAGES, iso_date, language, ngettext
from app.kit.i18n import gettext as _
from app.learning import queries as learning
from app.learning.rules import RunState
from app.web.forms import Form
from app.web.teaching.pages.readiness import Waiting, waiting
from app.web.teaching.stages import stage_said


@dataclass(frozen=True, slots=True)
class VersionLine:
    """`going` and `completed` are given on the newest version of each major, where those people are."""

    label: str
    current: bool
    note: str
    published_at: datetime
    published_by: str
    reviewed: str
    changes: tuple[str, ...]
    counted: bool
    going: int
    completed: int
    source_url: str
    may_revert: bool


@dataclass(frozen=True, slots=True)
class PageLink:
    """A page to correct, in the languages it is written in: (language, address). `stage` is a label: kind, word, icon."""

    title: str
    stage: tuple[str, str, str]
    links: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class PageGroup:
    title: str
    pages: tuple[PageLink, ...]


@dataclass(frozen=True, slots=True)
class SharingForm:
    """Whether others may adopt the course; `said` is the licence as people know it, empty where nobody may."""

    form: Form
    licences: tuple[tuple[str, str], ...]
    said: str


@dataclass(frozen=True, slots=True)
class AdoptedFrom:
    """Whose course this was made from; `update` says that the original has been published anew."""

    owner_name: str
    licence: str
    update: bool
    url: str


@dataclass(frozen=True, slots=True)
class QuizLink:
    """A quiz of the newest version, and where its results are."""

    title: str
    mode: str
    url: str


@dataclass(frozen=True, slots=True)
class CoursePage:
    title: str
    title_lang: str
    slug: str
    owner_name: str
    stage: tuple[str, str, str]
    withdrawn: bool
    staff: bool
    version: str
    going: int
    completed: int
    waiting: Waiting | None
    made_url: str
    versions: tuple[VersionLine, ...]
    groups: tuple[PageGroup, ...]
    quizzes: tuple[QuizLink, ...]
    course_url: str
    url: str
    source_url: str
    formats_url: str
    upload_url: str
    sharing: SharingForm
    adopted: AdoptedFrom | None


def course_page(db: Session, course: CourseHead) -> CoursePage:
    lang = language()
    versions = queries.versions(db, course.id)
    people = learning.people_by_major(db, course.id)
    url = f"/teaching/courses/{course.slug}"
    current = next(one for one in versions if one.id == course.version_id)
    content = queries.content_of(db, current.id, course.slug, current.digest)
    words = content.words(lang)
    newest = {one.major: one.id for one in reversed(versions)}  # the newest come first, so the last one stays
    outline = content.whole
    standing = queries.stages(db, [course.slug])[course.slug]
    return CoursePage(
        title=words.title,
        title_lang=words.lang,
        slug=course.slug,
        owner_name=course.owner_name,
        stage=stage_said(standing.stage),
        withdrawn=course.state is CourseState.WITHDRAWN,
        staff=course.state is CourseState.STAFF,
        version=current.label,
        going=sum(_going(states) for states in people.values()),
        completed=sum(states.get(RunState.COMPLETED, 0) for states in people.values()),
        waiting=waiting(db, course.slug),
        made_url=f"/teaching/uploads/{standing.made}/publish" if standing.made else "",
        versions=tuple(
            _line(one, url, one.id == course.version_id, one.id in newest.values(), people, one.id == versions[0].id)
            for one in versions
        ),
        groups=tuple(
            PageGroup(
                in_lang(module.titles, lang, outline.lang),
                tuple(
                    PageLink(
                        in_lang(page.titles, lang, outline.lang),
                        stage_said(standing.of_page(page.id, content.sources.get(page.id), staff=page.staff)),
                        tuple(
                            (code, LANGUAGES.get(code, code), f"{url}/pages/{page.id}/edit?lang={code}")
                            for code in page.titles
                        ),
                    )
                    for page in module.pages
                ),
            )
            for module in outline.modules
        ),
        quizzes=tuple(
            QuizLink(in_lang(quiz.titles, lang, outline.lang), mode_said(quiz.mode), f"{url}/quizzes/{quiz.id}")
            for page in outline.pages
            for quiz in page.quizzes
        ),
        course_url=f"/courses/{course.slug}",
        url=url,
        source_url=f"{url}/source.zip",
        formats_url=f"{url}/formats",
        upload_url="/teaching/uploads/new",
        sharing=_sharing(queries.sharing(db, course.id)),
        adopted=_adopted(db, course, url),
    )


def _sharing(licence: str) -> SharingForm:
    nobody = ("", _("Nobody: it stays ours alone"))
    return SharingForm(Form(values={"licence": licence}), (nobody, *LICENCES.items()), LICENCES.get(licence, ""))


def _adopted(db: Session, course: CourseHead, url: str) -> AdoptedFrom | None:
    found = queries.adoption(db, course.organisation_id, course.slug)
    if found is None:
        return None
    licence = LICENCES.get(found.licence, found.licence)
    return AdoptedFrom(found.original_owner, licence, found.update, f"{url}/original")


def mode_said(mode: str) -> str:
    return {"practice": _("Practice"), "check": _("Test"), "exam": _("Final test"), "survey": _("Survey")}[mode]


def _going(states: Mapping[RunState, int]) -> int:
    return states.get(RunState.ENROLLED, 0) + states.get(RunState.STARTED, 0)


def _line(
    version: Version, url: str, current: bool, counted: bool, people: Mapping[int, Mapping[RunState, int]], newest: bool
) -> VersionLine:
    states = people.get(version.major, {})
    changes = Changes.from_json(version.changes)
    return VersionLine(
        label=version.label,
        current=current,
        note=version.note,
        published_at=version.published_at,
        published_by=version.published_by or _("the platform itself"),
        reviewed=_("read by %(name)s, %(day)s", name=version.reviewed_by, day=iso_date(version.reviewed_at))
        if version.reviewed_at
        else "",
        changes=changes_said(changes) or ((_("The first version."),) if not changes.since else ()),
        counted=counted,
        going=_going(states),
        completed=states.get(RunState.COMPLETED, 0),
        source_url=f"{url}/source.zip?version={version.label}",
        may_revert=not newest,
    )


def changes_said(changes: Changes) -> tuple[str, ...]:
    """What changed, one sentence for each kind of change, with the titles of what it concerns."""
    said = []
    if changes.reverted_to:
        said.append(_("Back to the content of version %(version)s.", version=changes.reverted_to))
    if found := changes.pages_added:
        said.append(
            ngettext(
                "%(num)s page added: %(titles)s", "%(num)s pages added: %(titles)s", len(found), titles=_titles(found)
            )
        )
    if found := changes.pages_removed:
        said.append(
            ngettext(
                "%(num)s page removed: %(titles)s",
                "%(num)s pages removed: %(titles)s",
                len(found),
                titles=_titles(found),
            )
        )
    if found := changes.pages_changed:
        said.append(
            ngettext(
                "%(num)s page changed: %(titles)s",
                "%(num)s pages changed: %(titles)s",
                len(found),
                titles=_titles(found),
            )
        )
    if found := changes.quizzes_added:
        said.append(
            ngettext(
                "%(num)s quiz added: %(titles)s", "%(num)s quizzes added: %(titles)s", len(found), titles=_titles(found)
            )
        )
    if found := changes.quizzes_removed:
        said.append(
            ngettext(
                "%(num)s quiz removed: %(titles)s",
                "%(num)s quizzes removed: %(titles)s",
                len(found),
                titles=_titles(found),
            )
        )
    if found := changes.quizzes_changed:
        said.append(
            ngettext(
                "Rules of %(num)s quiz changed: %(titles)s",
                "Rules of %(num)s quizzes changed: %(titles)s",
                len(found),
                titles=_titles(found),
            )
        )
    if found := changes.questions_added:
        said.append(
            ngettext(
                "%(num)s question added: %(titles)s",
                "%(num)s questions added: %(titles)s",
                len(found),
                titles=_titles(found),
            )
        )
    if found := changes.questions_removed:
        said.append(
            ngettext(
                "%(num)s question removed: %(titles)s",
                "%(num)s questions removed: %(titles)s",
                len(found),
                titles=_titles(found),
            )
        )
    if found := changes.questions_reworded:
        said.append(
            ngettext(
                "%(num)s question reworded: %(titles)s",
                "%(num)s questions reworded: %(titles)s",
                len(found),
                titles=_titles(found),
            )
        )
    if found := changes.questions_rekeyed:
        said.append(
            ngettext(
                "%(num)s question with another key: %(titles)s",
                "%(num)s questions with another key: %(titles)s",
                len(found),
                titles=_titles(found),
            )
        )
    if changes.words:
        said.append(_("The course's own description changed."))
    return tuple(said)


def _titles(found: tuple[Difference, ...]) -> str:
    shown = "; ".join(one.title for one in found[:3])
    return _("%(titles)s and others", titles=shown) if len(found) > 3 else shown
