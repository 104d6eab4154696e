"""Which group sessions an actor may lead, see or join: one at a time, or all of them as a condition."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, or_, true
from sqlalchemy.orm import Session

from app.accounts import queries as people
from app.accounts.models import Person
from app.accounts.queries import PersonCard
from app.accounts.rules import ASSIGNS, normal_email
from app.catalog import access as courses
from app.catalog.queries import CourseHead
from app.groups import queries, rules
from app.groups.models import GroupSession
from app.groups.queries import GroupCard, SheetCard
from app.groups.rules import LEADS, TEACHES
from app.kit import clock
from app.kit.actor import Actor
from app.kit.errors import Invalid, NotFound
from app.kit.i18n import N_
from app.organisations import access as organisations
from app.organisations import queries as places
from app.organisations.models import Organisation
from app.organisations.queries import OrganisationCard, within

ABSENT = N_("There is no such group session.")
NO_ENTRY = N_("This code does not work, or does not work for you. Ask whoever leads the session.")


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """The sessions that `rules.may_see` lets through, over a session joined with its place and its course's owner."""
    if actor.system:
        return true()
    teaches = actor.paths(*TEACHES)
    owned = or_(*(queries.Owner.path.startswith(path, autoescape=True) for path in teaches), queries.Owner.id == 0)
    own = and_(GroupSession.made_by_id == actor.id, within(teaches), owned)
    return or_(within(actor.paths(*ASSIGNS)), own)


def group_for(db: Session, actor: Actor, key: str) -> GroupCard:
    found = queries.group_by_key(db, key)
    if found is None or not rules.may_see(
        actor, place_path=found.path, owner_path=found.owner_path, made_by=found.made_by_id or 0
    ):
        raise NotFound(ABSENT)
    return found


def what_to_lead(db: Session, actor: Actor, *, course: str, place: str) -> tuple[CourseHead, OrganisationCard]:
    """A live course and a place where the actor may hold a session about it; Invalid by field otherwise."""
    try:
        head = courses.course_for(db, actor, course)
    except NotFound:
        head = None
    if head is None or not head.live or head.version_id is None:
        raise Invalid(course=N_("Choose one of the courses."))
    try:
        where = organisations.organisation_for(db, actor, place, *LEADS)
    except NotFound:
        raise Invalid(organisation=N_("Choose one of your organisations.")) from None
    if where.closed:
        raise Invalid(organisation=N_("Choose one of your organisations."))
    if not rules.may_lead(actor, place_path=where.path, owner_path=head.owner_path):
        raise Invalid(course=N_("At this place you may lead sessions about the courses you teach."))
    return head, where


def sees_names(actor: Actor, path: str) -> bool:
    """Whether the people of a place may be listed for this actor; who only teaches names them one by one."""
    return actor.covers(path, *ASSIGNS)


def people_to_add(db: Session, actor: Actor, group: GroupCard, keys: list[str]) -> tuple[PersonCard, ...]:
    """Of these people those who may be put on the roster: at the place, for whoever sees its people; on it already."""
    if not keys:
        return ()
    found = people.person_cards(db, Person.key.in_(sorted(set(keys))) & people.not_disabled())
    here = sees_names(actor, group.path)
    roster = {one.person_id for one in queries.members(db, group.id)}
    return tuple(
        one
        for one in found
        if one.id in roster or (here and bool(one.organisation_path) and one.organisation_path.startswith(group.path))
    )


def person_named(db: Session, actor: Actor, group: GroupCard, said: str) -> PersonCard:
    """Somebody who may join, by whole e-mail address or staff number: what a person in the room can say of themselves."""
    nobody = Invalid(person=N_("Nobody who may join has this e-mail address or staff number."))
    email, number = normal_email(said), said.strip()
    if not number:
        raise nobody
    where = Person.email == email if email else Person.staff_number == number
    ways = [
        one
        for one in people.person_cards(db, where & people.not_disabled())
        if rules.may_join(
            person_path=one.organisation_path,
            place_path=group.path,
            enrolled=queries.in_course(db, group.course_id, one.id),
            expected=queries.on_roster(db, group.id, one.id),
        )
    ]
    # A staff number is one person's within an institution only.
    here = [one for one in ways if one.organisation_path.startswith(group.path)]
    chosen = here or ways
    if len(chosen) != 1:
        raise nobody
    return chosen[0]


def group_to_join(db: Session, actor: Actor, *, code: str = "", pin: str = "") -> GroupCard:
    """The open session this code or PIN belongs to, for somebody who may join it. Wrong, over and not for you are the
    same answer: whoever tries codes learns nothing."""
    found = queries.group_by_code(db, code) if code else queries.group_by_pin(db, pin)
    if found is None or not rules.is_open(found.state, found.opened_at, clock.now()):
        raise NotFound(NO_ENTRY)
    if not rules.may_join(
        person_path=actor.organisation_path,
        place_path=found.path,
        enrolled=queries.in_course(db, found.course_id, actor.id),
        expected=queries.on_roster(db, found.id, actor.id),
    ):
        raise NotFound(NO_ENTRY)
    return found


def joined_group(db: Session, actor: Actor, key: str) -> GroupCard:
    """A session on whose roster the actor stands."""
    found = queries.group_by_key(db, key)
    if found is None or not queries.on_roster(db, found.id, actor.id):
        raise NotFound(ABSENT)
    return found


def sheet_for(db: Session, group: GroupCard, code: str) -> SheetCard:
    """A sheet of a session that was loaded for its leader."""
    found = queries.sheet_by_code(db, group.id, rules.normal_code(code))
    if found is None:
        raise NotFound(N_("There is no sheet with this code in this session."))
    return found


def places_to_lead(db: Session, actor: Actor) -> tuple[places.OrganisationOption, ...]:
    """The open places where the actor may hold a session, as an indented list."""
    return places.options(db, within(actor.paths(*LEADS)) if not actor.system else Organisation.id > 0)
