"""Correcting a page where it stands: its file as text, what is wrong in it, and how it will look."""

from __future__ import annotations

from dataclasses import dataclass

from app.catalog.format.model import Course
from app.catalog.importer import Plan, Prepared, problem_from, rows
from app.catalog.importer.examining import Examined
from app.catalog.queries import CourseHead, Version
from app.catalog.rules import ChangeLevel, in_lang
from app.kit.errors import NotFound
from app.kit.i18n import LANGUAGES, N_, language
from app.kit.i18n import gettext as _
from app.web.forms import Form
from app.web.teaching.pages.preview import Block, blocks_of
from app.web.teaching.pages.publish import reasons_said
from app.web.teaching.pages.report import Finding, finding


@dataclass(frozen=True, slots=True)
class EditLang:
    code: str
    name: str
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class EditPage:
    """`base` is the version the text was taken from; `newest` the text that stands there when another came between."""

    title: str
    course_title: str
    course_url: str
    url: str
    path: str
    lang: str
    langs: tuple[EditLang, ...]
    version: str
    next_minor: str
    base: str
    form: Form
    checked: bool
    findings: tuple[Finding, ...]
    blocks: tuple[Block, ...]
    minor_refused: str
    newest: str


def file_of(course: Course, page: str, lang: str) -> str:
    """The file in which a page stands in one language."""
    found = next((one for one in course.pages() if one.id == page), None)
    text = found.texts.get(lang) if found else None
    if text is None or text.path not in course.files:
        raise NotFound(N_("There is no such page."))
    return text.path


def edit_page(
    course: Course,
    head: CourseHead,
    version: Version,
    page: str,
    lang: str,
    *,
    form: Form | None = None,
    examined: Examined | None = None,
    prepared: Prepared | None = None,
    plan: Plan | None = None,
    newest: str = "",
) -> EditPage:
    path = file_of(course, page, lang)
    found = next(one for one in course.pages() if one.id == page)
    url = f"/teaching/courses/{head.slug}/pages/{page}/edit"
    texts = {code: text.title for code, text in course.texts.items()}
    problems = examined.problems if examined else ()
    files = examined.course.files if examined and examined.course else course.files
    # An error anywhere stops publishing, so those of other files are told as well.
    shown = [one for one in problems if one.path == path or one.severity == "E"]
    told = rows(shown, files)
    rendered = next((p for p in prepared.pages if (p.page, p.lang) == (page, lang)), None) if prepared else None
    return EditPage(
        title=found.texts[lang].title,
        course_title=in_lang(texts, language(), course.lang),
        course_url=f"/teaching/courses/{head.slug}",
        url=f"{url}?lang={lang}",
        path=path,
        lang=lang,
        langs=tuple(
            EditLang(code, LANGUAGES.get(code, code), f"{url}?lang={code}", code == lang)
            for code, text in found.texts.items()
            if text.path in course.files
        ),
        version=version.label,
        next_minor=f"{version.major}.{version.minor + 1}",
        base=version.digest,
        form=form or Form(values={"text": course.files[path], "level": ChangeLevel.MINOR.value}),
        checked=examined is not None,
        findings=tuple(finding(n, problem_from(row), row) for n, row in enumerate(told, 1)),
        blocks=blocks_of(prepared, rendered) if prepared and rendered else (),
        minor_refused=reasons_said(plan.changes.reasons) if plan and plan.changes.reasons else "",
        newest=newest,
    )


def stale_sentence() -> str:
    return _(
        "A newer version was published while you were writing. Your text is kept below and the newest one stands beneath it: "
        "take over what is new there, then publish again."
    )
