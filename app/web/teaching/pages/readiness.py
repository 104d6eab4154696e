"""What stands between an upload and its publication: a review, a moment to come, and answers given to another key."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.assessment import actions as assessment
from app.catalog import importer, queries
from app.catalog.importer import Plan
from app.catalog.importer.apart import Looked
from app.catalog.queries import UploadCard
from app.catalog.rules import ReviewState
from app.kit.actor import Actor
from app.kit.errors import KitError
from app.kit.i18n import gettext as _
from app.kit.i18n import ngettext, number
from app.web.teaching.pages.reviews import state_of

LINES = 20


@dataclass(frozen=True, slots=True)
class ReviewPanel:
    """`required`: nothing is published without; `ready`: this content has been approved. `stale`: what was asked about
    is not what would be published now."""

    required: bool
    ready: bool
    stale: bool
    kind: str
    word: str
    who: str
    at: datetime | None
    url: str
    ask_url: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """A publication of this course that waits for its moment."""

    at: datetime
    person: str
    cancel_url: str


@dataclass(frozen=True, slots=True)
class RegradeLine:
    """One attempt that would be marked otherwise; `name` is empty where the reader is not to know whose it is."""

    name: str
    place: str
    said: str
    passing: str
    loses: bool


@dataclass(frozen=True, slots=True)
class Regrade:
    """One question with another key that people have answered: who would change, before it happens."""

    question: str
    title: str
    said: str
    lines: tuple[RegradeLine, ...]
    more: int


def review_panel(db: Session, actor: Actor, upload: UploadCard, looked: Looked) -> ReviewPanel:
    assert looked.prepared is not None
    try:
        owner = importer.owner_for(db, actor, looked.prepared, upload.organisation_id)
        required = importer.review_wanted(db, owner)
    except KitError:  # the page says so in a place of its own
        required = False
    approved = queries.approval(db, looked.prepared.digest)
    asked = queries.review_of(db, upload.key)
    shown = approved or asked
    stale = shown is not None and shown.digest != looked.prepared.digest
    kind, word = state_of(shown) if shown is not None else ("off", _("Nobody has been asked"))
    waits = asked is not None and asked.state is ReviewState.ASKED and not stale
    return ReviewPanel(
        required=required,
        ready=approved is not None,
        stale=stale,
        kind="off" if stale else kind,
        word=_("Changed since it was read") if stale else word,
        who=shown.reviewer if shown else "",
        at=shown.decided_at if shown else None,
        url=f"/teaching/reviews/{shown.key}" if shown else "",
        ask_url="" if approved is not None or waits else f"/teaching/uploads/{upload.key}/review",
    )


def waiting(db: Session, slug: str) -> Waiting | None:
    found = queries.scheduled_for(db, slug)
    if found is None:
        return None
    return Waiting(found.at, found.person, f"/teaching/publications/{found.key}/cancel")


def regrades(db: Session, actor: Actor, plan: Plan, looked: Looked) -> tuple[Regrade, ...]:
    """Of every question whose key is another one now, and that somebody has answered already."""
    if plan.course is None or looked.prepared is None or not plan.changes.questions_rekeyed:
        return ()
    titles = {one.id: one.title for one in plan.changes.questions_rekeyed}
    keys = {
        one.question: (one.revision, one.body) for one in looked.prepared.questions.values() if one.question in titles
    }
    try:
        found = assessment.preview_by_version(db, actor, course=plan.course, keys=keys)
    except KitError:  # somebody who may look at the upload, and not change the course
        return ()
    return tuple(_regrade(one, titles[one.question]) for one in found)


def _regrade(found: assessment.KeyPreview, title: str) -> Regrade:
    said = found.preview
    if said is None:
        text = _("It asks something else now, so answers given before stay as they were marked.")
        return Regrade(found.question, title, text, (), 0)
    told = [
        ngettext("%(num)s attempt holds this question", "%(num)s attempts hold this question", said.attempts),
        ngettext("%(num)s gains", "%(num)s gain", said.gains),
        ngettext("%(num)s loses", "%(num)s lose", said.loses),
    ]
    if said.newly_passed:
        told.append(ngettext("%(num)s passes now", "%(num)s pass now", said.newly_passed))
    if said.below:
        told.append(
            ngettext(
                "%(num)s stays passed with fewer points than it takes",
                "%(num)s stay passed with fewer points than it takes",
                said.below,
            )
        )
    lines = tuple(_line(one) for one in said.lines[:LINES])
    return Regrade(found.question, title, ", ".join(told) + ".", lines, said.changed - len(lines))


def _line(one: assessment.Affected) -> RegradeLine:
    before, after = one.effect.before, one.effect.after
    passing = ""
    if one.effect.newly_passed:
        passing = _("passes now")
    elif one.effect.below:
        passing = _("stays passed")
    return RegradeLine(
        name=one.name,
        place=one.place,
        said=_(
            "%(before)s of %(all)s → %(after)s of %(now)s",
            before=number(before.score),
            all=number(before.max_score),
            after=number(after.score),
            now=number(after.max_score),
        ),
        passing=passing,
        loses=one.effect.loses,
    )


def regrade_cards() -> tuple[tuple[str, str, str], ...]:
    """What may become of answers given before the key was corrected: a policy, in words."""
    return (
        ("nothing", _("Leave them"), _("They stay as they were marked; the new key counts from now on.")),
        ("raise", _("Raise only"), _("Whoever gains is marked anew. Nobody loses a point.")),
        ("all", _("Mark all anew"), _("Points may fall, too. Passed stays passed, and completed stays completed.")),
    )
