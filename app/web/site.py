"""What stands around every page: the menu, the languages, who is signed in."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from fastapi import Request
from sqlalchemy.orm import Session

from app.accounts import queries as people
from app.kit.actor import Actor
from app.kit.i18n import LANGUAGES, gettext, language
from app.web.deps import settings_of
from app.web.policy import Policy, admits

WORK = {
    "teaching": Policy.REVIEWS,
    "managing": Policy.SEES_NUMBERS,
    "admin": Policy.ADMINISTERS,
    "groups": Policy.LEADS,
}
PRODUCT = "Klasteris"


@dataclass(frozen=True, slots=True)
class NavItem:
    label: str
    url: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class Language:
    code: str
    own_name: str
    url: str


@dataclass(frozen=True, slots=True)
class Site:
    """`area`: learning (light header), work (dark header) or plain (nobody's page)."""

    lang: str
    languages: tuple[Language, ...]
    area: str
    home_url: str
    nav: tuple[NavItem, ...]
    footer: tuple[NavItem, ...]
    person_name: str
    initials: str
    organisation_name: str
    profile_url: str
    signed_in: bool
    signin_url: str
    signout_url: str
    unread: int
    notices_url: str
    demo: bool
    operator: str


def site_for(request: Request, db: Session | None, actor: Actor) -> Site:
    path = request.url.path
    here = path + (f"?{request.url.query}" if request.url.query else "")
    if request.method not in {"GET", "HEAD"}:
        here = path
    first = path.split("/")[1] if "/" in path else ""
    # Whoever is refused an area does not get its menu either.
    working = first in WORK and admits(WORK[first], actor)
    settings = settings_of(request)
    others = tuple(
        Language(code, own, f"/language/{code}?next={quote(here, safe='')}")
        for code, own in LANGUAGES.items()
        if code != language()
    )
    return Site(
        lang=language(),
        languages=others,
        area="work" if working else ("learning" if actor.signed_in else "plain"),
        home_url="/learning" if actor.signed_in else "/",
        nav=_work_nav(first, path, actor) if working else _learning_nav(path, actor),
        footer=_footer(),
        person_name=actor.name,
        initials=(actor.given_name[:1] + actor.family_name[:1]).upper(),
        organisation_name=actor.organisation_name,
        profile_url="/account",
        signed_in=actor.signed_in,
        signin_url=f"/sign-in?next={quote(here, safe='')}" if path not in ("/", "/sign-in") else "/sign-in",
        signout_url="/sign-out",
        unread=people.unread(db, actor.id) if db is not None and actor.signed_in else 0,
        notices_url="/notices",
        demo=settings.demo,
        operator=settings.operator if settings.operator != PRODUCT else "",  # nobody has said who it is
    )


def _item(label: str, url: str, path: str, *, exact: bool = False) -> NavItem:
    return NavItem(label, url, path == url if exact else (path == url or path.startswith(url + "/")))


def _learning_nav(path: str, actor: Actor) -> tuple[NavItem, ...]:
    items = []
    if actor.signed_in:
        items.append(_item(gettext("My learning"), "/learning", path, exact=True))
    in_courses = NavItem(gettext("Course catalogue"), "/catalogue", path.startswith(("/catalogue", "/courses")))
    items.append(in_courses)
    if actor.signed_in:
        items.append(_item(gettext("Learning record"), "/learning/record", path))
        items += _doors(actor)
    return tuple(items)


def _doors(actor: Actor) -> list[NavItem]:
    """The ways into the working areas, for those who work there."""
    doors = []
    if admits(Policy.TEACHES, actor):
        doors.append(NavItem(gettext("Teaching"), "/teaching"))
    elif admits(Policy.REVIEWS, actor):
        doors.append(NavItem(gettext("Reviews"), "/teaching/reviews"))
    if admits(Policy.SEES_NUMBERS, actor):
        doors.append(NavItem(gettext("Dashboard"), "/managing"))
    if admits(Policy.ADMINISTERS, actor):
        doors.append(NavItem(gettext("Administration"), "/admin"))
    return doors


def _work_nav(area: str, path: str, actor: Actor) -> tuple[NavItem, ...]:
    items: list[NavItem] = []
    if area == "groups":  # stands in the menu of those who manage people, or else of those who teach
        area = "managing" if admits(Policy.ASSIGNS, actor) else "teaching"
    match area:
        case "teaching":
            if admits(Policy.TEACHES, actor):
                items.append(_item(gettext("My courses"), "/teaching", path, exact=True))
                items.append(_item(gettext("Upload"), "/teaching/uploads/new", path))
                items.append(_item(gettext("To be marked"), "/teaching/marking", path))
                items.append(_item(gettext("Group sessions"), "/groups", path))
            items.append(_item(gettext("Reviews"), "/teaching/reviews", path))
        case "managing":
            mine = path == "/managing" or path.startswith(
                ("/managing/organisations", "/managing/people", "/managing/views", "/managing/courses")
            )
            if admits(Policy.ASSIGNS, actor):
                among = path.startswith(("/managing/week", "/managing/deputies"))
                items.append(NavItem(gettext("This week"), "/managing/week", among))
            items.append(NavItem(gettext("Dashboard"), "/managing", mine))
            if admits(Policy.ASSIGNS, actor):
                items.append(_item(gettext("Assignments"), "/managing/assignments", path))
                items.append(_item(gettext("Group sessions"), "/groups", path))
                items.append(_item(gettext("Certificates"), "/managing/certificates", path))
            items.append(_item(gettext("Audit packs"), "/managing/packs", path))
        case "admin":
            items.append(_item(gettext("Overview"), "/admin", path, exact=True))
            items.append(_item(gettext("Organisations"), "/admin/organisations", path))
            among_people = path.startswith(("/admin/people", "/admin/import"))
            items.append(NavItem(gettext("People"), "/admin/people", among_people))
            items.append(_item(gettext("Roles"), "/admin/grants", path))
            items.append(_item(gettext("Audit trail"), "/admin/audit", path))
            items.append(_item(gettext("System"), "/admin/health", path))
    if area != "admin":  # whose own menu is full; the way to the others leads over "My learning"
        items += [door for door in _doors(actor) if not door.url.startswith(f"/{area}")]
    items.append(NavItem(gettext("My learning"), "/learning"))
    return tuple(items)


def _footer() -> tuple[NavItem, ...]:
    return (
        NavItem(gettext("Help"), "/help"),
        NavItem(gettext("Check a document"), "/verify"),
        NavItem(gettext("Privacy notice"), "/privacy"),
        NavItem(gettext("Accessibility statement"), "/accessibility"),
    )
