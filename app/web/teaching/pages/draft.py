"""The outline of a draft: what it is made of, and what can be done with each part."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import quote

from sqlalchemy.orm import Session

from app.catalog import access, queries
from app.catalog.drafting import heads
from app.catalog.drafting.outline import File, Part
from app.catalog.queries import DraftHead
from app.kit.actor import Actor
from app.kit.i18n import LANGUAGES, ngettext
from app.kit.i18n import gettext as _
from app.web.forms import Form
from app.web.teaching.desk import Desk


@dataclass(frozen=True, slots=True)
class NewPage:
    """The form for a course that begins with nothing."""

    form: Form
    langs: tuple[tuple[str, str], ...] = tuple(LANGUAGES.items())


@dataclass(frozen=True, slots=True)
class Variant:
    code: str
    name: str
    url: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of the outline. `place` is its number in its list, from 0."""

    path: str
    title: str
    said: str
    url: str
    settings_url: str
    variants: tuple[Variant, ...]
    place: int
    first: bool
    last: bool
    removable: bool
    moved: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """A module. `anchor` is what it moves by; a `single` one is a page at once and takes no others."""

    anchor: str
    title: str
    settings_url: str
    url: str
    pages: tuple[Entry, ...]
    place: int
    first: bool
    last: bool
    single: bool
    moved: bool = False


@dataclass(frozen=True, slots=True)
class Removed:
    path: str
    title: str
    more: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class WaitingCopy:
    path: str
    url: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class DraftPage:
    """`behind` is the number of a version that was published since the draft began."""

    title: str
    lang: str
    slug: str
    state: str
    open: bool
    changed_at: datetime
    owner_name: str
    base: str
    behind: str
    url: str
    course: Entry | None
    groups: tuple[Group, ...]
    banks: tuple[Entry, ...]
    others: tuple[str, ...]
    removed: tuple[Removed, ...]
    copies: tuple[WaitingCopy, ...]
    media_url: str
    single: bool
    checks_url: str
    preview_url: str
    questions_url: str
    upload_url: str
    form: Form = field(default_factory=Form)
    banks_form: Form = field(default_factory=Form)


def draft_page(db: Session, desk: Desk, *, form: Form | None = None, moved: str = "") -> DraftPage:
    draft, shape = desk.draft, desk.shape
    latest = queries.latest_version(db, draft.course_id) if draft.course_id and draft.open else None
    return DraftPage(
        title=title_of(desk),
        lang=shape.lang,
        slug=draft.slug,
        state=_state(draft),
        open=draft.open,
        changed_at=draft.changed_at,
        owner_name=draft.owner_name,
        base=draft.base,
        behind=latest.label if latest and latest.id != draft.base_version_id else "",
        url=desk.url,
        course=_entry(desk, shape.course, 0, 1, removable=False) if shape.course else None,
        groups=tuple(_group(desk, part, n, len(shape.modules), moved) for n, part in enumerate(shape.modules)),
        banks=tuple(_entry(desk, bank, n, len(shape.banks)) for n, bank in enumerate(shape.banks)),
        others=shape.others,
        removed=_removed(desk),
        copies=tuple(
            WaitingCopy(one.path, f"{desk.write_url(one.path)}#copy_{one.id}", one.kept_by, one.kept_at)
            for one in queries.draft_copies(db, draft.id)
        ),
        media_url=f"{desk.url}/media",
        single=shape.single,
        checks_url=f"{desk.url}/checks",
        preview_url=f"{desk.url}/preview",
        questions_url=f"{desk.url}/questions",
        upload_url=f"/teaching/uploads/{draft.upload_key}" if draft.upload_key else "",
        form=form or Form(),
    )


def title_of(desk: Desk) -> str:
    return desk.shape.course.title if desk.shape.course else desk.draft.title


def _state(draft: DraftHead) -> str:
    if not draft.open:
        return _("Published: look only")
    return _("Draft of v%(version)s", version=draft.base) if draft.base else _("Draft of a new course")


def _group(desk: Desk, part: Part, place: int, count: int, moved: str) -> Group:
    single = not part.folder
    file = part.file
    path = file.path if file else ""
    return Group(
        anchor=part.anchor,
        title=part.title,
        settings_url=settings_url(desk, path) if path else "",
        url=desk.write_url(path) if path else "",
        pages=tuple(_entry(desk, page, n, len(part.pages), moved=moved) for n, page in enumerate(part.pages)),
        place=place,
        first=place == 0,
        last=place == count - 1,
        single=single,
        moved=moved == part.anchor,
    )


def _entry(desk: Desk, file: File, place: int, count: int, *, removable: bool = True, moved: str = "") -> Entry:
    said = []
    if file.quizzes:
        said.append(ngettext("%(num)s quiz", "%(num)s quizzes", file.quizzes))
    if file.questions:
        said.append(ngettext("%(num)s question", "%(num)s questions", file.questions))
    return Entry(
        path=file.path,
        title=file.title,
        said=", ".join(said),
        url=desk.write_url(file.path),
        settings_url=settings_url(desk, file.path),
        variants=tuple(
            Variant(code, LANGUAGES.get(code, code), desk.write_url(path)) for code, path in file.variants.items()
        ),
        place=place,
        first=place == 0,
        last=place == count - 1,
        removable=removable,
        moved=moved == file.path,
    )


def settings_url(desk: Desk, path: str) -> str:
    return f"{desk.url}/settings?file={quote(path)}"


def _removed(desk: Desk) -> tuple[Removed, ...]:
    """What went at one stroke comes back at one stroke, so it is shown as one."""
    strokes: dict[datetime, list[int]] = {}
    for n, one in enumerate(desk.removed):
        strokes.setdefault(one.changed_at, []).append(n)
    found = []
    for at, places in sorted(strokes.items(), reverse=True):
        files = [desk.removed[n] for n in places]
        head = min(files, key=lambda one: (not one.path.endswith("module.md"), len(one.path), one.path))
        rest = len(files) - 1
        found.append(
            Removed(
                head.path,
                heads.title_of(head.text) or head.path,
                ngettext("and %(num)s file with it", "and %(num)s files with it", rest) if rest else "",
                at,
                head.changed_by,
            )
        )
    return tuple(found)


@dataclass(frozen=True, slots=True)
class DraftLine:
    """A draft in the list of a trainer's work."""

    title: str
    url: str
    said: str
    at: datetime


def drafts_of(db: Session, actor: Actor) -> tuple[DraftLine, ...]:
    return tuple(
        DraftLine(one.title or one.slug, f"/teaching/drafts/{one.key}", _state(one), one.changed_at)
        for one in access.drafts_of(db, actor)
    )
