"""A course for other platforms: each format it can be written in, and what that format has no place for."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from app.catalog import exchange
from app.catalog.exchange import Note, Outcome
from app.catalog.format.model import Course
from app.catalog.queries import CourseHead
from app.kit.i18n import gettext as _
from app.kit.i18n import ngettext

SHOWN = 100


@dataclass(frozen=True, slots=True)
class Loss:
    """`where` names the question or quiz by its id; nothing for the course itself."""

    where: str
    sentence: str


@dataclass(frozen=True, slots=True)
class FormatLine:
    name: str
    url: str
    empty: bool
    summary: str
    losses: tuple[Loss, ...]
    more: int


@dataclass(frozen=True, slots=True)
class FormatsPage:
    title: str
    title_lang: str
    course_url: str
    source_url: str
    formats: tuple[FormatLine, ...]


def formats_page(head: CourseHead, course: Course) -> FormatsPage:
    url = f"/teaching/courses/{head.slug}"
    return FormatsPage(
        title=course.texts[course.lang].title,
        title_lang=course.lang,
        course_url=url,
        source_url=f"{url}/source.zip",
        formats=tuple(_line(one, url, course) for one in exchange.writable()),
    )


def _line(one: exchange.Format, url: str, course: Course) -> FormatLine:
    written = exchange.write(course, one.key)
    counts = Counter(note.outcome for note in written.notes)
    left, changed = counts[Outcome.LEFT_OUT], counts[Outcome.CHANGED]
    parts = [
        ngettext("%(num)s thing is left out", "%(num)s things are left out", left) if left else "",
        ngettext("%(num)s thing is changed", "%(num)s things are changed", changed) if changed else "",
    ]
    return FormatLine(
        name=one.name,
        url=f"{url}/formats/{one.key}",
        empty=not written.data,
        summary=", ".join(part for part in parts if part) or _("Nothing is lost."),
        losses=tuple(_loss(note) for note in written.notes[:SHOWN]),
        more=max(0, len(written.notes) - SHOWN),
    )


def _loss(note: Note) -> Loss:
    said = note.said()
    return Loss(note.item, said[:1].upper() + said[1:])
