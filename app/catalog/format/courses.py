"""The course itself: its own file in every language, and everything that belongs to it."""

from __future__ import annotations

from typing import Any

from app.catalog.format import assembly, frontmatter, references, schemas
from app.catalog.format.assembly import Desk
from app.catalog.format.frontmatter import FrontMatter
from app.catalog.format.layout import Layout, to_parse
from app.catalog.format.model import Change, Course, CourseText, Credit, MediaFile, Module, ModuleText
from app.catalog.format.problems import Notes
from app.catalog.format.revisions import revised
from app.kit.i18n import N_


def read(desk: Desk, layout: Layout, media: tuple[MediaFile, ...]) -> Course | None:
    if layout.course is None:
        desk.notes.of("course.md").note(1, 1, "E109", N_("a course has a course.md, or is a single Markdown file"))
        return None
    path = layout.course.path
    if layout.single:
        desk.lang = _language(desk, path)
        page = assembly.read_page(desk, layout.course, "course")
        names = {lang: ModuleText(lang, text.title) for lang, text in page.texts.items()}
        modules: tuple[Module, ...] = (Module(page.id, names, (page,), path=path),)
        texts = {lang: _text(desk.fronts[text.path], desk.fronts[path], lang, "") for lang, text in page.texts.items()}
        front = desk.fronts[path]
        name = page.id
    else:
        front, body = desk.opened(path, "course")
        desk.lang = front.get("lang", desk.lang)
        name = front.get("id") or "course"
        title = front.get("title", name)
        texts = {desk.lang: _text(front, front, desk.lang, assembly.introduction(desk, body, title))}
        for lang, variant, words in desk.variants(layout.course, front):
            said = assembly.introduction(desk, words, variant.get("title", title))
            texts[lang] = _text(variant, front, lang, said or texts[desk.lang].body)
        modules = assembly.modules(desk, layout)
    for text in texts.values():
        _same_outcomes(desk, path, layout.course.variants.get(text.lang), texts[desk.lang], text)
    banks = assembly.banks(desk, layout)
    course = _course(desk, front, name, texts, modules, media)
    course = revised(course, banks)
    return references.check(desk, course)


def _language(desk: Desk, path: str) -> str:
    """The language must be known before a single file is read as a page; what is wrong with it is told then."""
    front = schemas.read(frontmatter.split(to_parse(desk.texts[path]))[0], "course", Notes(path, []))
    return str(front.get("lang", desk.lang))


def _text(front: FrontMatter, origin: FrontMatter, lang: str, body: str) -> CourseText:
    """A variant that leaves a field out borrows the words of the source."""

    def said(key: str) -> str:
        return str(front.get(key) or origin.get(key, ""))

    outcomes = front.get("outcomes") or origin.get("outcomes", ())
    return CourseText(
        lang=lang,
        title=said("title") or origin.get("id", ""),
        summary=said("summary"),
        body=body,
        audience=said("audience"),
        contact=said("contact"),
        outcomes={outcome["id"]: outcome["text"] for outcome in outcomes},
    )


def _same_outcomes(desk: Desk, path: str, variant: str | None, origin: CourseText, text: CourseText) -> None:
    if variant is not None and set(text.outcomes) != set(origin.outcomes):
        front = desk.fronts[variant]
        front.notes.note(
            *front.at("outcomes"), "E192",
            N_('a variant translates words only: "%(key)s" differs from the source language'), key="outcomes",
        )  # fmt: skip


def _course(
    desk: Desk,
    front: FrontMatter,
    name: str,
    texts: dict[str, CourseText],
    modules: tuple[Module, ...],
    media: tuple[MediaFile, ...],
) -> Course:
    reviewed: dict[str, Any] = front.get("reviewed", {})
    change: dict[str, str] = front.get("change", {})
    return Course(
        id=name,
        lang=desk.lang,
        texts=texts,
        modules=modules,
        owner=front.get("owner", ""),
        minutes=front.get("minutes") or sum(page.minutes for module in modules for page in module.pages),
        tags=front.get("tags", ()),
        competences=front.get("competences", ()),
        requires=front.get("requires", ()),
        sources=assembly.legal_sources(front),
        media=media,
        credits=tuple(Credit(**given) for given in front.get("media", ())),
        files=dict(sorted(desk.texts.items())),
        completion={"pages": "all", "quizzes": "all"} | front.get("completion", {}),
        valid_months=front.get("certificate", {}).get("valid_months"),
        reviewed_by=reviewed.get("by", ""),
        reviewed_on=reviewed.get("on"),
        change=Change(**change),
        retired=(*front.get("retired", ()), *desk.said.retired),
        was=front.get("was", ()),
    )
