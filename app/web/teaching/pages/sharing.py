"""Courses of others to adopt, a copy of one's own, and what an original has changed since ours was made from it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.catalog import access, queries
from app.catalog.drafting.adopting import LICENCES, Fate, Piece, Split
from app.catalog.format.library import title_of
from app.catalog.queries import Adopted, CourseCard, CourseHead, Version
from app.kit.actor import Actor
from app.kit.i18n import N_, language
from app.kit.i18n import gettext as _
from app.web.differences import TextDiff, compare_texts
from app.web.forms import Form
from app.web.words import language_list

FATE = {
    Fate.THEIRS: N_("Changed in the original, not by you"),
    Fate.BOTH: N_("Changed in the original and by you"),
}


@dataclass(frozen=True, slots=True)
class SharedCourse:
    """`licence` as people know it; `adopted_as` is the address of a course of ours that was made from it."""

    title: str
    title_lang: str
    summary: str
    owner_name: str
    version: str
    licence: str
    langs: str
    url: str
    adopted_url: str


@dataclass(frozen=True, slots=True)
class SharedPage:
    courses: tuple[SharedCourse, ...]


@dataclass(frozen=True, slots=True)
class CopyPage:
    """The form for a course made from another: of one's own, or (`licence`) of another organisation."""

    title: str
    title_lang: str
    owner_name: str
    version: str
    licence: str
    form: Form
    url: str
    back: tuple[str, str]


@dataclass(frozen=True, slots=True)
class SplitRow:
    """One file: what the original changed, and, where both sides did, what we have changed. `options` of `field`."""

    title: str
    path: str
    field: str
    state: str
    clash: bool
    gone: bool
    new: bool
    theirs: TextDiff | None
    ours: TextDiff | None
    options: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class OriginalPage:
    """`wants` is the number of the version offered; empty when there is nothing newer, or it is no longer shared."""

    title: str
    title_lang: str
    course_url: str
    url: str
    original_title: str
    owner_name: str
    licence: str
    since: str
    wants: str
    shared: bool
    rows: tuple[SplitRow, ...]
    form: Form


def shared_page(db: Session, actor: Actor) -> SharedPage:
    lang, shared = language(), queries.shared_courses(db)
    mine = {head.id for head in queries.courses(db, access.editable_by(actor))}
    cards = [card for card in queries.cards(db, lang) if card.course_id in shared and card.course_id not in mine]
    places = frozenset(head.organisation_id for head in queries.courses(db, access.editable_by(actor)))
    made = {one.original_id: one for one in queries.adoptions(db, places).values()}
    return SharedPage(tuple(_shared(card, shared[card.course_id], made.get(card.course_id)) for card in cards))


def _shared(card: CourseCard, licence: str, made: Adopted | None) -> SharedCourse:
    return SharedCourse(
        title=card.title,
        title_lang=card.text_lang,
        summary=card.summary,
        owner_name=card.owner_name,
        version=card.version,
        licence=LICENCES.get(licence, licence),
        langs=language_list(card.langs),
        url=f"/teaching/shared/{card.slug}",
        adopted_url=f"/teaching/courses/{made.slug}" if made is not None else "",
    )


def copy_page(db: Session, head: CourseHead, version: Version, *, licence: str = "", form: Form) -> CopyPage:
    words = queries.content_of(db, version.id, head.slug, version.digest).words(language())
    where = f"/teaching/courses/{head.slug}"
    return CopyPage(
        title=words.title,
        title_lang=words.lang,
        owner_name=head.owner_name,
        version=version.label,
        licence=LICENCES.get(licence, licence),
        form=form,
        url=f"/teaching/shared/{head.slug}" if licence else f"{where}/copy",
        back=(_("Courses of others"), "/teaching/shared") if licence else (words.title, where),
    )


def choice_field(split: Split) -> str:
    return f"choice-{hashlib.sha256(split.key.encode()).hexdigest()[:12]}"


def original_page(
    db: Session, own: Version, adopted: Adopted, base: Version, newest: Version | None, splits: tuple[Split, ...]
) -> OriginalPage:
    """`own` is our newest version; nothing is ticked but to leave ours as it is."""
    words = queries.content_of(db, own.id, own.slug, own.digest).words(language())
    theirs = queries.content_of(db, base.id, adopted.original_slug, base.digest).words(language())
    offered = newest is not None and newest.id != base.id
    return OriginalPage(
        title=words.title,
        title_lang=words.lang,
        course_url=f"/teaching/courses/{own.slug}",
        url=f"/teaching/courses/{own.slug}/original",
        original_title=theirs.title,
        owner_name=adopted.original_owner,
        licence=LICENCES.get(adopted.licence, adopted.licence),
        since=base.label,
        wants=newest.label if newest is not None and offered else "",
        shared=adopted.shared,
        rows=tuple(_row(split) for split in splits if split.fate is not Fate.OURS),
        form=Form(values={choice_field(split): "leave" for split in splits}),
    )


def _row(split: Split) -> SplitRow:
    clash = split.fate is Fate.BOTH
    options = [("leave", _("Leave ours as it is"))]
    options.append(("take", _("Take the original’s out") if split.theirs is None else _("Take the original’s")))
    both = split.ours is not None and split.theirs is not None
    if clash and both and split.ours is not None and split.ours.text is not None:
        options.append(("beside", _("Keep ours, and put the original’s beside it to compare")))
    return SplitRow(
        title=_title(split),
        path=split.path,
        field=choice_field(split),
        state=_(FATE[split.fate]),
        clash=clash,
        gone=split.theirs is None,
        new=split.base is None and split.ours is None,
        theirs=_diff(split.base, split.theirs),
        ours=_diff(split.base, split.ours) if clash else None,
        options=tuple(options),
    )


def _title(split: Split) -> str:
    for piece in (split.ours, split.theirs, split.base):
        if piece is not None and piece.text is not None:
            return title_of(piece.path, piece.text)
    return split.path


def _diff(old: Piece | None, new: Piece | None) -> TextDiff | None:
    """Line by line; None where a side holds no text."""
    before = (old.text if old is not None else "") if old is None or old.text is not None else None
    after = (new.text if new is not None else "") if new is None or new.text is not None else None
    if before is None or after is None or (old is None and new is None):
        return None
    return compare_texts(_lines(before), _lines(after))


def _lines(text: str) -> list[str]:
    return [line for line in text.split("\n") if line.strip()]
