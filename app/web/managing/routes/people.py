"""One person, and reminders to those who are behind."""

from __future__ import annotations

from fastapi import APIRouter, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from app.accounts import access as accounts
from app.accounts.queries import PersonCard
from app.accounts.rules import ASSIGNS, SEES_NAMES
from app.catalog import queries as catalog
from app.kit.actor import Actor
from app.kit.errors import NotFound
from app.kit.i18n import N_, language, ngettext
from app.kit.i18n import gettext as _
from app.organisations import access as organisations
from app.organisations import queries as places
from app.organisations.queries import OrganisationCard
from app.reporting import access as reporting
from app.reporting.queries import CourseName
from app.requirements import actions as requirements
from app.requirements.actions import Reminded
from app.web.deps import CurrentActor, Db, Posted
from app.web.managing.forms import Filter
from app.web.managing.pages import parts, person_page, remind_page
from app.web.policy import Policy, allow
from app.web.responses import see_other
from app.web.templating import render

router = APIRouter()


def person_at(db: Session, actor: Actor, key: str) -> tuple[PersonCard, OrganisationCard]:
    """Somebody whom the actor sees by name because of a role, with the place they work at."""
    found = accounts.person_for(db, actor, key)
    place = places.by_id(db, found.organisation_id) if found.organisation_id else None
    if place is None or not actor.covers(place.path, *SEES_NAMES):
        raise NotFound(N_("There is no such person."))
    return found, place


@router.get("/managing/people/{key}", **allow(Policy.SEES_NAMES))
def person(request: Request, db: Db, actor: CurrentActor, key: str) -> Response:
    found, place = person_at(db, actor, key)
    return render(request, db, actor, "managing/person.html", person_page(db, actor, found, place))


def _course(db: Session, actor: Actor, slug: str) -> CourseName | None:
    if not slug:
        return None
    head = catalog.course_by_slug(db, slug)
    if head is None:
        raise NotFound(N_("There is no such course."))
    return CourseName(head.id, head.slug, catalog.titles(db, [head.id], language()).get(head.id) or head.slug)


def _recipient(db: Session, actor: Actor, key: str, place: OrganisationCard) -> PersonCard | None:
    if not key:
        return None
    found, at = person_at(db, actor, key)
    if not at.path.startswith(place.path):
        raise NotFound(N_("There is no such person."))
    return found


@router.get("/managing/organisations/{code}/remind", **allow(Policy.ASSIGNS))
def preview(request: Request, db: Db, actor: CurrentActor, code: str, course: str = "", person: str = "") -> Response:
    place = organisations.organisation_for(db, actor, code, *ASSIGNS)
    page = remind_page(
        db,
        actor,
        reporting.view_of(actor, place),
        course=_course(db, actor, course),
        person=_recipient(db, actor, person, place),
    )
    return render(request, db, actor, "managing/remind.html", page)


@router.post("/managing/organisations/{code}/remind", **allow(Policy.ASSIGNS))
def remind(request: Request, db: Db, actor: CurrentActor, posted: Posted, code: str) -> Response:
    place = organisations.organisation_for(db, actor, code, *ASSIGNS)
    course = _course(db, actor, posted.text("course"))
    recipient = _recipient(db, actor, posted.text("person"), place)
    done = requirements.remind(
        db,
        actor,
        organisation=place,
        course_id=course.id if course else None,
        person_id=recipient.id if recipient else None,
    )
    back = (
        f"/managing/people/{recipient.key}"
        if recipient
        else Filter(course=posted.text("course")).at(parts.place_url(code))
    )
    return see_other(request, back, told(done), kind="success" if done.people else "info")


def told(done: Reminded) -> str:
    """What became of a reminder, in a sentence."""
    if not done.people:
        if done.already_today:
            return _("Everybody who is behind has been reminded today; nobody was written to again.")
        return _("There was nobody to remind.")
    said = ngettext(
        "%(num)s person is being reminded, %(mails)s of them by mail.",
        "%(num)s people are being reminded, %(mails)s of them by mail.",
        done.people,
        mails=done.by_mail,
    )
    if not done.without_email:
        return said
    mute = ngettext(
        "%(num)s has no e-mail and sees a notice after signing in.",
        "%(num)s have no e-mail and see a notice after signing in.",
        done.without_email,
    )
    return f"{said} {mute}"
