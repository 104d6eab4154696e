"""My courses: what is published, who is on it, and what waits to be finished."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.assessment import access as assessment
from app.assessment import queries as attempts
from app.catalog import access, queries
from app.kit.actor import Actor
from app.kit.i18n import gettext as _
from app.kit.i18n import language, moment, ngettext
from app.learning import queries as learning
from app.learning.rules import RunState
from app.web.teaching.pages.draft import DraftLine, drafts_of
from app.web.teaching.stages import stage_said
from app.web.words import language_list


@dataclass(frozen=True, slots=True)
class MyCourse:
    """`going` and `completed` count people in every organisation: numbers, no names.

    `original_url` leads to what the course that this one was made from has changed since.
    """

    title: str
    title_lang: str
    url: str
    owner_name: str
    stage: tuple[str, str, str]
    version: str
    published_at: datetime
    langs: str
    going: int
    completed: int
    original_url: str = ""


@dataclass(frozen=True, slots=True)
class WaitingUpload:
    title: str
    url: str
    filename: str
    at: datetime
    errors: int
    warnings: int
    scheduled: datetime | None

    @property
    def state(self) -> str:
        if self.scheduled is not None:
            return "going"
        return "overdue" if self.errors else "done"

    @property
    def said(self) -> str:
        if self.errors:
            return ngettext("%(num)s error", "%(num)s errors", self.errors)
        if self.scheduled is not None:
            return _("Scheduled: %(moment)s", moment=moment(self.scheduled))
        return _("Ready to publish")


@dataclass(frozen=True, slots=True)
class HomePage:
    answer: str
    marking: str
    marking_url: str
    courses: tuple[MyCourse, ...]
    uploads: tuple[WaitingUpload, ...]
    upload_url: str
    drafts: tuple[DraftLine, ...] = ()
    new_url: str = "/teaching/drafts/new"


def home_page(db: Session, actor: Actor) -> HomePage:
    lang = language()
    cards = queries.cards(db, lang, access.editable_by(actor))
    counts = learning.counts_by_course(db, [card.course_id for card in cards])
    adopted = queries.adoptions(db, frozenset(card.organisation_id for card in cards))
    changed = {one.slug for one in adopted.values() if one.update}
    standings = queries.stages(db, [card.slug for card in cards])
    mine = []
    for card in cards:
        people = counts[card.course_id]
        mine.append(
            MyCourse(
                title=card.title,
                title_lang=card.text_lang,
                url=f"/teaching/courses/{card.slug}",
                owner_name=card.owner_name,
                stage=stage_said(standings[card.slug].stage),
                version=card.version,
                published_at=card.published_at,
                langs=language_list(card.langs),
                going=people.get(RunState.ENROLLED, 0) + people.get(RunState.STARTED, 0),
                completed=people.get(RunState.COMPLETED, 0),
                original_url=f"/teaching/courses/{card.slug}/original" if card.slug in changed else "",
            )
        )
    uploads = access.uploads_of(db, actor)
    waiting_at = queries.scheduled_uploads(db, [upload.key for upload in uploads])
    waiting = [
        WaitingUpload(
            title=str(upload.summary.get("titles", {}).get(upload.summary.get("lang"), "")) or upload.filename,
            url=f"/teaching/uploads/{upload.key}",
            filename=upload.filename,
            at=upload.created_at,
            errors=upload.errors,
            warnings=upload.warnings,
            scheduled=waiting_at.get(upload.key),
        )
        for upload in uploads
    ]
    to_mark = attempts.count_waiting(db, assessment.to_mark(actor))
    return HomePage(
        answer=_answer(len(mine), len(waiting), to_mark),
        marking=ngettext("%(num)s answer waits to be marked", "%(num)s answers wait to be marked", to_mark)
        if to_mark
        else "",
        marking_url="/teaching/marking",
        courses=tuple(mine),
        uploads=tuple(waiting),
        upload_url="/teaching/uploads/new",
        drafts=drafts_of(db, actor),
    )


def _answer(courses: int, waiting: int, to_mark: int) -> str:
    if to_mark and not waiting:
        return ngettext("%(num)s answer waits to be marked", "%(num)s answers wait to be marked", to_mark)
    if waiting:
        return ngettext("%(num)s upload waits to be published", "%(num)s uploads wait to be published", waiting)
    if courses:
        return ngettext("%(num)s course, nothing waits for you", "%(num)s courses, nothing waits for you", courses)
    return _("You have no courses yet")
