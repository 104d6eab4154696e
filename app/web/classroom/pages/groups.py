"""Group sessions for whoever leads them: the list, planning one, and one session with its roster and what came of it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.accounts.queries import PersonCard
from app.catalog import access as courses
from app.catalog import queries as catalog
from app.catalog.queries import CourseHead
from app.catalog.rules import Outline, OutlinePage, in_lang
from app.groups import access, queries
from app.groups.queries import GroupCard
from app.groups.rules import GroupState
from app.kit import clock
from app.kit.actor import Actor
from app.kit.i18n import clock_time, day_and_year, language, ngettext, number
from app.kit.i18n import gettext as _
from app.organisations.queries import OrganisationCard
from app.web.forms import Form

LIST = "/groups"
SHOWN = 100
LISTED = 300


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A session in a list; `kind` and `state` are a mark and its word."""

    title: str
    url: str
    when: str
    place: str
    room: str
    leader: str
    people: str
    kind: str
    state: str


@dataclass(frozen=True, slots=True)
class GroupsPage:
    """Sessions going on and planned first, then those behind us."""

    title: str
    answer: str
    coming: tuple[GroupRow, ...]
    past: tuple[GroupRow, ...]
    new_url: str


def state_word(state: GroupState) -> tuple[str, str]:
    """The mark and the word of a session's state."""
    match state:
        case GroupState.PLANNED:
            return "soon", _("Planned")
        case GroupState.OPEN:
            return "going", _("Open now")
        case GroupState.ENDED:
            return "done", _("Held")
        case GroupState.CANCELLED:
            return "off", _("Called off")


def groups_page(db: Session, actor: Actor) -> GroupsPage:
    found = queries.groups(db, access.visible_to(actor), limit=SHOWN)
    titles = catalog.titles(db, {one.course_id for one in found}, language()) if found else {}
    rows = [(one, _row(one, titles.get(one.course_id, one.slug))) for one in found]
    ahead = (GroupState.OPEN, GroupState.PLANNED)
    coming = tuple(row for one, row in reversed(rows) if one.state in ahead)
    going = sum(one.state is GroupState.OPEN for one in found)
    answer = _("No group session is planned")
    if coming:
        answer = ngettext("%(num)s group session is ahead", "%(num)s group sessions are ahead", len(coming) - going)
    if going:
        answer = ngettext("%(num)s group session is open now", "%(num)s group sessions are open now", going)
    return GroupsPage(
        title=_("Group sessions"),
        answer=answer,
        coming=coming,
        past=tuple(row for one, row in rows if one.state not in ahead),
        new_url=f"{LIST}/new",
    )


def _row(one: GroupCard, title: str) -> GroupRow:
    kind, state = state_word(one.state)
    return GroupRow(
        title=title,
        url=f"{LIST}/{one.key}",
        when=when(one),
        place=one.place_name,
        room=one.room,
        leader=one.made_by,
        people=_("%(n)s of %(all)s", n=number(one.came), all=number(one.expected)) if one.expected else "–",
        kind=kind,
        state=state,
    )


def when(one: GroupCard) -> str:
    return _("%(day)s, %(time)s", day=day_and_year(one.starts_at), time=clock_time(one.starts_at))


@dataclass(frozen=True, slots=True)
class NewGroupPage:
    """First the course and the place (`chosen` false), then when, where and who. `people` are (key, name, post)."""

    form: Form
    chosen: bool
    course_title: str
    place_name: str
    courses: tuple[tuple[str, str], ...]
    places: tuple[tuple[str, str], ...]
    pages: tuple[tuple[str, str], ...]
    people: tuple[tuple[str, str, str], ...]
    names: bool
    cut: str
    back_url: str


def new_group_page(
    db: Session, actor: Actor, form: Form, chosen: tuple[CourseHead, OrganisationCard] | None
) -> NewGroupPage:
    lang = language()
    if chosen is None:
        cards = sorted(catalog.cards(db, lang, courses.visible_to(actor)), key=lambda card: card.title.casefold())
        live = [one for one in cards if one.state == "live"]
        places = [("  " * one.depth + one.card.name_in(lang), one) for one in access.places_to_lead(db, actor)]
        return NewGroupPage(
            form=form,
            chosen=False,
            course_title="",
            place_name="",
            courses=tuple((one.slug, one.title) for one in live),
            places=tuple((one.card.code, label.replace("  ", "\u2003")) for label, one in places),
            pages=(),
            people=(),
            names=False,
            cut="",
            back_url=LIST,
        )
    head, place = chosen
    assert head.version_id is not None
    outline = catalog.outline(db, head.version_id)
    names = access.sees_names(actor, place.path)
    found = queries.may_be_expected(db, place.path, limit=LISTED) if names else ()
    return NewGroupPage(
        form=form,
        chosen=True,
        course_title=catalog.titles(db, [head.id], lang)[head.id],
        place_name=place.name_in(lang),
        courses=(),
        places=(),
        pages=tuple((page.id, _page_label(n, page, outline)) for n, page in enumerate(outline.pages, 1)),
        people=tuple(choice(one, place.code) for one in found),
        names=names,
        cut=_("Only the first %(num)s are listed.", num=number(LISTED)) if len(found) == LISTED else "",
        back_url=f"{LIST}/new",
    )


def _page_label(n: int, page: OutlinePage, outline: Outline) -> str:
    return f"{n}. {in_lang(page.titles, language(), outline.lang)}"


def choice(one: PersonCard, at: str) -> tuple[str, str, str]:
    """Somebody to be ticked: key, name, and post, place (where its code is not `at`) and whether mail reaches them."""
    place = one.organisation_name if one.organisation_code != at else ""
    about = [one.job_title, place, _("without e-mail") if one.email is None else ""]
    return one.key, one.listed_name, " · ".join(part for part in about if part)


def blank() -> dict[str, object]:
    """What the form of a new session begins with: today, at the next full hour."""
    now = clock.now().astimezone(clock.LOCAL)
    return {"day": now.date().isoformat(), "time": f"{min(now.hour + 1, 23):02d}:00"}


@dataclass(frozen=True, slots=True)
class MoveGroupPage:
    """A form with another time and room for a session that has not begun; `told` says who will hear of it."""

    form: Form
    title: str
    url: str
    lead: str
    told: str


def move_page(db: Session, group: GroupCard, form: Form | None = None) -> MoveGroupPage:
    at = group.starts_at.astimezone(clock.LOCAL)
    values: dict[str, object] = {"day": at.date().isoformat(), "time": f"{at:%H:%M}", "room": group.room}
    title = catalog.titles(db, [group.course_id], language()).get(group.course_id, group.slug)
    return MoveGroupPage(
        form=form or Form(values=values),
        title=title,
        url=f"{LIST}/{group.key}",
        lead=" · ".join(part for part in (title, when(group), group.place_name, group.room) if part),
        told=ngettext(
            "%(num)s person is expected and gets a notice, and a mail in the day hours.",
            "%(num)s people are expected and get a notice, and a mail in the day hours.",
            group.expected,
        ),
    )
