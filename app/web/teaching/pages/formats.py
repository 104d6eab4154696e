"""A course for other platforms: each format it can be written in, and what that format has no place for."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.catalog import exchange, importer, queries
from app.catalog.exchange import Note, Outcome
from app.catalog.queries import CourseHead
from app.kit.blobs import Blobs
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
    """`known` says whether it has been written already, so that it is known what is lost; `see_url` finds out."""

    name: str
    url: str
    see_url: str
    known: bool
    open: bool
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


def formats_page(db: Session, blobs: Blobs, head: CourseHead, see: str = "") -> FormatsPage:
    """Nothing is written for the page itself but the one format that is asked about."""
    url = f"/teaching/courses/{head.slug}"
    version = importer.version_to_write(db, head)
    words = queries.content_of(db, version.id, head.slug, version.digest).words(version.lang)
    lines = []
    for one in exchange.writable():
        made = (
            importer.written(blobs, version, one.key) if one.key == see else importer.kept_of(blobs, version, one.key)
        )
        lines.append(_line(one, url, made, opened=one.key == see))
    return FormatsPage(
        title=words.title,
        title_lang=words.lang,
        course_url=url,
        source_url=f"{url}/source.zip",
        formats=tuple(lines),
    )


def _line(one: exchange.Format, url: str, made: exchange.Written | None, *, opened: bool) -> FormatLine:
    address, see = f"{url}/formats/{one.key}", f"{url}/formats?see={one.key}"
    if made is None:
        return FormatLine(one.name, address, see, known=False, open=False, empty=False, summary="", losses=(), more=0)
    counts = Counter(note.outcome for note in made.notes)
    left, changed = counts[Outcome.LEFT_OUT], counts[Outcome.CHANGED]
    parts = [
        ngettext("%(num)s thing is left out", "%(num)s things are left out", left) if left else "",
        ngettext("%(num)s thing is changed", "%(num)s things are changed", changed) if changed else "",
    ]
    return FormatLine(
        name=one.name,
        url=address,
        see_url=see,
        known=True,
        open=opened,
        empty=not made.data,
        summary=", ".join(part for part in parts if part) or _("Nothing is lost."),
        losses=tuple(_loss(note) for note in made.notes[:SHOWN]),
        more=max(0, len(made.notes) - SHOWN),
    )


def _loss(note: Note) -> Loss:
    said = note.said()
    return Loss(note.item, said[:1].upper() + said[1:])
