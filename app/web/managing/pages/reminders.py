"""Before a reminder is sent: who gets it, how, and when they last did."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.accounts.queries import PersonCard
from app.kit import clock
from app.kit.actor import Actor
from app.kit.i18n import gettext as _
from app.kit.i18n import iso_date, language, moment, ngettext
from app.reporting import access as reporting_access
from app.reporting import queries as reporting
from app.reporting.access import View
from app.reporting.queries import CourseName, RunRow
from app.reporting.rules import Status
from app.requirements import queries as requirements
from app.requirements.queries import Behind
from app.web.managing.forms import Filter
from app.web.managing.pages import parts
from app.web.managing.pages.institution import state_of
from app.web.site import NavItem

LISTED = 200


@dataclass(frozen=True, slots=True)
class Recipient:
    """One person of the list: the courses that wait, and how they hear of it."""

    name: str
    url: str
    courses: tuple[tuple[str, str, str], ...]
    how: str
    reminded: str


@dataclass(frozen=True, slots=True)
class RemindPage:
    """What one press would do. `action` is empty where there is nobody to remind."""

    title: str
    answer: str
    lead: str
    crumbs: tuple[NavItem, ...]
    asof: str
    facts: tuple[tuple[str, str], ...]
    people: tuple[Recipient, ...]
    more: str
    action: str
    fields: dict[str, str]
    button: str
    back_url: str
    private: tuple[str, ...]


def remind_page(
    db: Session, actor: Actor, view: View, *, course: CourseName | None, person: PersonCard | None
) -> RemindPage:
    place, today = view.place, clock.today()
    above, _children = reporting.around(db, place)
    above = reporting_access.visible_above(actor, above)
    found = requirements.behind(
        db,
        place.path,
        today=today,
        course_id=course.id if course else None,
        person_id=person.id if person else None,
    )
    since = parts.midnight(today)
    fresh = [one for one in found if one.reminded_at is None or one.reminded_at < since]
    recipients = {one.person_id for one in fresh}
    mailed = {one.person_id for one in fresh if one.has_email}
    today_already = {one.person_id for one in found} - recipients
    last = max((one.reminded_at for one in found if one.reminded_at), default=None)
    wanted = Filter().wanted(course.id if course else None)
    rows = reporting_access.runs_for(db, actor, place, today=today, status=Status.BEHIND, wanted=wanted)
    titles = {one.id: one.title for one in reporting.course_names(db, [row.course_id for row in rows], language())}
    people = _people(rows, fresh, titles)
    url = parts.place_url(place.code)
    fields = {}
    if course:
        fields["course"] = course.slug
    if person:
        fields["person"] = person.key
    facts = [
        (_("By mail"), ngettext("%(num)s person", "%(num)s people", len(mailed))),
        (
            _("By a notice on their page only"),
            ngettext("%(num)s person without e-mail", "%(num)s people without e-mail", len(recipients - mailed)),
        ),
        (_("Last reminded"), iso_date(last) if last else _("not yet")),
    ]
    if today_already:
        facts.append(
            (
                _("Already reminded today"),
                ngettext(
                    "%(num)s person, not written to again", "%(num)s people, not written to again", len(today_already)
                ),
            )
        )
    name = place.name_in(language())
    return RemindPage(
        title=_("Reminder: %(place)s", place=name),
        answer=_answer(len(recipients), bool(today_already)),
        lead=_lead(course, person, name),
        crumbs=(*parts.crumbs(actor, above), NavItem(name, url)),
        asof=_("Data: %(moment)s", moment=moment(clock.now())),
        facts=tuple(facts),
        people=people[:LISTED],
        more=ngettext("And %(num)s more person.", "And %(num)s more people.", len(people) - LISTED)
        if len(people) > LISTED
        else "",
        action=f"{url}/remind" if recipients else "",
        fields=fields,
        button=ngettext("Remind %(num)s person", "Remind %(num)s people", len(recipients)),
        back_url=Filter(course=course.slug if course else "").at(url),
        private=parts.private(view)[1:],
    )


def _people(rows: tuple[RunRow, ...], fresh: list[Behind], titles: dict[int, str]) -> tuple[Recipient, ...]:
    today = clock.today()
    waiting = {one.enrolment_id: one for one in fresh}
    grouped: dict[int, list[RunRow]] = {}
    for row in rows:
        if row.enrolment_id in waiting:
            grouped.setdefault(row.person_id, []).append(row)
    people = []
    for runs in grouped.values():
        last = max((at for run in runs if (at := waiting[run.enrolment_id].reminded_at)), default=None)
        people.append(
            Recipient(
                name=runs[0].listed_name,
                url=f"/managing/people/{runs[0].person_key}",
                courses=tuple((titles.get(run.course_id, run.course_slug), *state_of(run, today)) for run in runs),
                how=_("Mail and notice") if runs[0].has_email else _("Notice only: no e-mail"),
                reminded=iso_date(last) if last else _("not yet"),
            )
        )
    return tuple(people)


def _answer(recipients: int, today_already: bool) -> str:
    if recipients:
        return ngettext("%(num)s person will be reminded", "%(num)s people will be reminded", recipients)
    if today_already:
        return _("Everybody who is behind has been reminded today")
    return _("There is nobody to remind")


def _lead(course: CourseName | None, person: PersonCard | None, place: str) -> str:
    if person:
        return _("%(name)s, every course that is overdue or due within 14 days.", name=person.name)
    if course:
        return _("%(place)s, the course “%(title)s”.", place=place, title=course.title)
    return _("%(place)s, every course that is overdue or due within 14 days.", place=place)
