"""What a second person reads before a course is published: the lines, what was said of them, and the decision."""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher

from sqlalchemy.orm import Session

from app.catalog import access, queries
from app.catalog.queries import CommentLine, ReviewCard, UploadCard
from app.catalog.rules import CHECKLIST, ReviewState, may_review
from app.kit.actor import Actor
from app.kit.blobs import Blobs
from app.kit.i18n import gettext as _
from app.kit.i18n import ngettext
from app.web.forms import Form


@dataclass(frozen=True, slots=True)
class ReviewLine:
    """One review in a list. `kind` and `word` are its state."""

    title: str
    url: str
    owner: str
    author: str
    asked_at: datetime
    kind: str
    word: str
    said: str


@dataclass(frozen=True, slots=True)
class ReviewsPage:
    """`waiting` are those the reader may decide, `mine` those the reader asked for, `over` what has been decided."""

    answer: str
    waiting: tuple[ReviewLine, ...]
    mine: tuple[ReviewLine, ...]
    over: tuple[ReviewLine, ...]


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line of a file, whether it is new since the published version, and what was said of it."""

    number: int
    text: str
    new: bool
    comments: tuple[CommentLine, ...]
    url: str


@dataclass(frozen=True, slots=True)
class FileTab:
    path: str
    url: str
    current: bool
    new: int
    comments: int


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """`lines` are those of one file, `path`; none where the upload has been taken away meanwhile."""

    title: str
    slug: str
    owner: str
    author: str
    asked_at: datetime
    note: str
    kind: str
    word: str
    decided_by: str
    decided_at: datetime | None
    answer: str
    checked: tuple[str, ...]
    since: str
    errors: int
    warnings: int
    files: tuple[FileTab, ...]
    path: str
    whole: tuple[CommentLine, ...]
    lines: tuple[TextLine, ...]
    gone: bool
    open: bool
    may_decide: bool
    may_withdraw: bool
    why_not: str
    checklist: tuple[tuple[str, str, str], ...]
    comment_form: Form
    form: Form
    url: str
    preview_url: str
    publish_url: str


def state_of(review: ReviewCard) -> tuple[str, str]:
    match review.state:
        case ReviewState.ASKED:
            return "going", _("Waits to be read")
        case ReviewState.APPROVED:
            return "done", _("Approved")
        case ReviewState.CHANGES:
            return "soon", _("To be changed")
        case ReviewState.WITHDRAWN:
            return "off", _("Taken back")


def checklist() -> tuple[tuple[str, str, str], ...]:
    """The points of `rules.CHECKLIST` in words: what no program can check."""
    said = {
        "facts": (_("The facts and the law are right"), _("Each act is in force, and the day it was checked is true.")),
        "outcomes": (_("It teaches what it promises"), _("Pages and questions lead to the outcomes, and no further.")),
        "keys": (
            _("The right answers are right"),
            _("No other answer can be defended, and each explanation says why."),
        ),
        "plain": (_("It is written in plain language"), _("Whoever it is for understands it at the first reading.")),
        "access": (_("Everybody can use it"), _("Texts for pictures say what matters, and films have captions.")),
        "rights": (
            _("Nobody real is in it, and it may be used"),
            _("Examples are made up; pictures have their licence."),
        ),
    }
    return tuple((one, *said[one]) for one in CHECKLIST)


def _line(review: ReviewCard) -> ReviewLine:
    kind, word = state_of(review)
    said = ngettext("%(num)s comment", "%(num)s comments", review.comments) if review.comments else ""
    return ReviewLine(
        title=review.title or review.filename,
        url=f"/teaching/reviews/{review.key}",
        owner=review.owner_name,
        author=review.author,
        asked_at=review.asked_at,
        kind=kind,
        word=word,
        said=said,
    )


def reviews_page(db: Session, actor: Actor) -> ReviewsPage:
    found = access.reviews_of(db, actor)
    asked = [one for one in found if one.state is ReviewState.ASKED]
    waiting = [one for one in asked if may_review(actor, one.owner_path, one.author_id)]
    return ReviewsPage(
        answer=ngettext("%(num)s course waits to be read", "%(num)s courses wait to be read", len(waiting))
        if waiting
        else _("Nothing waits to be read"),
        waiting=tuple(_line(one) for one in reversed(waiting)),
        mine=tuple(_line(one) for one in asked if one.author_id == actor.id),
        over=tuple(_line(one) for one in found if one.state is not ReviewState.ASKED)[:20],
    )


def review_page(
    db: Session,
    actor: Actor,
    review: ReviewCard,
    upload: UploadCard | None,
    files: Mapping[str, str],
    blobs: Blobs,
    *,
    file: str = "",
    line: int = 0,
    form: Form | None = None,
    comment_form: Form | None = None,
) -> ReviewPage:
    """`files` is the text of the upload by path; `file` the one to show, `line` the one to speak of."""
    kind, word = state_of(review)
    url = f"/teaching/reviews/{review.key}"
    comments = queries.review_comments(db, review.id)
    head = queries.course_by_slug(db, review.slug) if review.slug else None
    before = queries.latest_version(db, head.id) if head else None
    old = _texts(blobs.get(before.source)) if before else {}
    news = {path: new_lines(old.get(path, ""), text) if before else set() for path, text in files.items()}
    counted = Counter(one.path for one in comments)
    shown_first = sorted(files, key=lambda one: not (news[one] or counted[one]))
    path = file if file in files else next((p for p, new in news.items() if new), next(iter(files), ""))
    author = actor.id == review.author_id
    may_decide = may_review(actor, review.owner_path, review.author_id)
    is_open = review.state is ReviewState.ASKED
    here = [one for one in comments if one.path == path]
    points = checklist()
    return ReviewPage(
        title=review.title or review.filename,
        slug=review.slug,
        owner=review.owner_name,
        author=review.author,
        asked_at=review.asked_at,
        note=review.note,
        kind=kind,
        word=word,
        decided_by=review.reviewer,
        decided_at=review.decided_at,
        answer=review.answer,
        checked=tuple(said for one, said, _hint in points if one in review.checklist),
        since=before.label if before else "",
        errors=upload.errors if upload else 0,
        warnings=upload.warnings if upload else 0,
        files=tuple(
            FileTab(one, f"{url}?file={one}#text", one == path, len(news[one]), counted[one]) for one in shown_first
        ),
        path=path,
        whole=tuple(one for one in here if one.line == 0),
        lines=tuple(
            TextLine(
                number,
                text,
                number in news[path],
                tuple(one for one in here if one.line == number),
                f"{url}?file={path}&line={number}#comment",
            )
            for number, text in enumerate(files.get(path, "").split("\n"), 1)
        )
        if path
        else (),
        gone=upload is None,
        open=is_open,
        may_decide=is_open and may_decide,
        may_withdraw=is_open and author,
        why_not=_("You have made this course yourself. Somebody else has to read it.") if is_open and author else "",
        checklist=points,
        comment_form=comment_form or Form(values={"path": path, "line": str(line or "")}),
        form=form or Form(),
        url=url,
        preview_url=f"/teaching/uploads/{review.upload_key}/preview" if upload else "",
        publish_url=f"/teaching/uploads/{review.upload_key}/publish" if upload and author else "",
    )


def _texts(source: bytes) -> dict[str, str]:
    """The Markdown files of a published version, as this program has packed them."""
    with zipfile.ZipFile(io.BytesIO(source)) as packed:
        return {name: packed.read(name).decode() for name in packed.namelist() if name.endswith(".md")}


def new_lines(old: str, new: str) -> set[int]:
    """The numbers (from 1) of the lines of `new` that do not stand in `old`."""
    matcher = SequenceMatcher(None, old.split("\n"), new.split("\n"), autojunk=False)
    return {n + 1 for kind, _i1, _i2, j1, j2 in matcher.get_opcodes() if kind != "equal" for n in range(j1, j2)}
