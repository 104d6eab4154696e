"""Pieces that several classroom pages share: the outline, where to go on, how much is left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.catalog.rules import Outline, OutlinePage, in_lang
from app.kit.i18n import gettext as _
from app.kit.i18n import language, ngettext, number
from app.learning.queries import CourseRun
from app.learning.rules import RunState, Standing

MANY_PAGES = 24


@dataclass(frozen=True, slots=True)
class Line:
    """A page in the outline. `url` is missing while it is locked; `state` done | now | todo | locked; `kind` page | quiz."""

    title: str
    url: str | None
    state: str
    minutes: int
    current: bool
    kind: str


@dataclass(frozen=True, slots=True)
class OutlineSection:
    title: str
    items: tuple[Line, ...]


def page_url(slug: str, page: str) -> str:
    return f"/courses/{slug}/pages/{page}"


def is_done(page: OutlinePage, standings: Mapping[str, Standing]) -> bool:
    """Finished, and every quiz on it that counts is passed."""
    blank = Standing()
    return standings.get(page.id, blank).finished_at is not None and all(
        standings.get(quiz.id, blank).passed_at is not None for quiz in page.quizzes if quiz.counts
    )


def is_open(page: OutlinePage, standings: Mapping[str, Standing]) -> bool:
    blank = Standing()
    return all(standings.get(needed, blank).finished_at is not None for needed in page.requires)


def next_page(outline: Outline, standings: Mapping[str, Standing], last: str = "") -> OutlinePage:
    """Where to go on: the first page after the last one touched that is not done yet, else the first at all."""
    pages = outline.pages
    after = next((n for n, page in enumerate(pages) if page.id == last), 0)
    waiting = [page for page in pages if not is_done(page, standings)]
    later = [page for page in pages[after:] if not is_done(page, standings)]
    return (later or waiting or list(pages))[0]


def number_of(outline: Outline, page: OutlinePage) -> int:
    return outline.pages.index(page) + 1


def minutes_left(outline: Outline, standings: Mapping[str, Standing]) -> int:
    return sum(page.minutes for page in outline.pages if not is_done(page, standings))


def segments(outline: Outline, standings: Mapping[str, Standing], current: str = "") -> tuple[str, ...]:
    """One word per page for the strip: done | now | todo; none when there are too many to tell apart."""
    if len(outline.pages) > MANY_PAGES:
        return ()
    return tuple(
        "now" if page.id == current else "done" if is_done(page, standings) else "todo" for page in outline.pages
    )


def steps_text(done: int, outline: Outline) -> str:
    """ "9 of 29 steps": of the pages and quizzes that completing this version asks for, wherever progress is told."""
    return _("%(done)s of %(all)s steps", done=number(done), all=number(len(outline.needed)))


def outline_sections(
    run: CourseRun, standings: Mapping[str, Standing], *, current: str = "", links: bool = True
) -> tuple[OutlineSection, ...]:
    """The outline as a learner sees it; `links` False for somebody who is not in the course."""
    lang, outline, blank = language(), run.outline, Standing()
    sections = []
    for n, module in enumerate(outline.modules, 1):
        items = []
        for page in module.pages:
            begun = standings.get(page.id, blank).finished_at is not None or any(
                standings.get(quiz.id, blank).gradings for quiz in page.quizzes
            )
            locked = not is_open(page, standings)
            done = is_done(page, standings)
            state = (
                "done" if done else "locked" if locked and links else "now" if begun or page.id == current else "todo"
            )
            items.append(
                Line(
                    title=in_lang(page.titles, lang, outline.lang),
                    url=page_url(run.slug, page.id) if links and not locked else None,
                    state=state,
                    minutes=page.minutes,
                    current=page.id == current,
                    kind="quiz" if page.quizzes else "page",
                )
            )
        title = in_lang(module.titles, lang, outline.lang)
        alone = len(module.pages) == 1 and items[0].title == title
        sections.append(OutlineSection("" if alone else f"{n}. {title}", tuple(items)))
    return tuple(sections)


def days_text(days: int) -> str:
    """How far a due date is, in words: "19 days left", "today", "3 days late"."""
    if days > 0:
        return ngettext("%(num)s day left", "%(num)s days left", days)
    if days == 0:
        return _("today is the last day")
    return ngettext("%(num)s day late", "%(num)s days late", -days)


def shape_text(outline: Outline) -> str:
    """ "11 pages, 6 checks, 1 test"."""
    parts = [ngettext("%(num)s page", "%(num)s pages", len(outline.pages))]
    checks = sum(1 for quiz in outline.quizzes if quiz.mode != "exam")
    exams = len(outline.quizzes) - checks
    if checks:
        parts.append(ngettext("%(num)s check", "%(num)s checks", checks))
    if exams:
        parts.append(ngettext("%(num)s test", "%(num)s tests", exams))
    return ", ".join(parts)


def state_word(state: RunState | None) -> tuple[str, str]:
    """The kind and word of a status mark."""
    match state:
        case RunState.COMPLETED:
            return "done", _("Completed")
        case RunState.STARTED:
            return "now", _("Started")
        case RunState.EXEMPT:
            return "skip", _("Excused")
        case RunState.PAUSED:
            return "skip", _("On leave")
        case _:
            return "todo", _("Not started")
