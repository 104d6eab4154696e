"""What is required of whom by when, and who asks for more time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from app.accounts.rules import ASSIGNS
from app.kit import clock
from app.kit.actor import Actor
from app.kit.i18n import gettext as _
from app.kit.i18n import iso_date, language, ngettext, number, percent
from app.organisations import access as places
from app.requirements import access
from app.requirements import queries as requirements
from app.requirements.queries import Ask, RequirementCard
from app.requirements.rules import FAIR_DAYS, may_assign
from app.web.duties import again_word, due_word, subject_names, what_word
from app.web.forms import Form


@dataclass(frozen=True, slots=True)
class AssignmentRow:
    """What one place is asked. `end_url` is empty where this reader cannot end it, or it has ended."""

    url: str
    place: str
    due: str
    kind: str
    state: str
    completed: str
    excused: str
    made: str
    end_url: str


@dataclass(frozen=True, slots=True)
class AssignmentGroup:
    """What is asked of several places for one and the same reason, said once."""

    course: str
    what: str
    again: str
    reason: str
    legal_basis: str
    rows: tuple[AssignmentRow, ...]


@dataclass(frozen=True, slots=True)
class AskRow:
    """Somebody asks for more time; `form` is an answer that could not be taken."""

    key: str
    person: str
    person_url: str
    what: str
    was: str
    until: str
    reason: str
    asked: str
    decide_url: str
    form: Form


@dataclass(frozen=True, slots=True)
class AssignmentsPage:
    """Assignments in force and those that have ended; first the questions that wait for an answer.

    `form` and `wrong` hold an answer that could not be taken, and which question it was about.
    """

    title: str
    answer: str
    lead: str
    active: tuple[AssignmentGroup, ...]
    ended: tuple[AssignmentGroup, ...]
    new_url: str
    asks: tuple[AskRow, ...]
    form: Form
    wrong: str


def assignments_page(db: Session, actor: Actor, form: Form | None = None, wrong: str = "") -> AssignmentsPage:
    found = requirements.requirements(db, access.visible_to(actor), language())
    today = clock.today()
    waiting = requirements.asks(db, places.visible_to(actor, *ASSIGNS))
    active = [one for one in found if one.active]
    late = sum(one.active and _late(one, today) and one.completed < one.base for one in found)
    return AssignmentsPage(
        title=_("Assignments"),
        answer=_answer(len(active), late),
        lead=_("Who comes later is reached too, and gets at least %(days)s days.", days=FAIR_DAYS),
        active=_groups(actor, active, today),
        ended=_groups(actor, [one for one in found if not one.active], today),
        new_url="/managing/assignments/new",
        asks=ask_rows(db, actor, waiting, form or Form(), wrong),
        form=form or Form(),
        wrong=wrong,
    )


def ask_rows(db: Session, actor: Actor, asks: Sequence[Ask], form: Form, wrong: str) -> tuple[AskRow, ...]:
    names = subject_names(db, {one.subject for one in asks}, language())
    return tuple(
        AskRow(
            key=one.key,
            person=one.person_name,
            person_url=f"/managing/people/{one.person_key}",
            what=names.get(one.subject, ""),
            was=iso_date(one.was_on),
            until=iso_date(one.until),
            reason=one.reason,
            asked=iso_date(one.asked_at),
            decide_url=f"/managing/extensions/{one.key}",
            form=form if one.key == wrong else Form(),
        )
        for one in asks
    )


def _late(one: RequirementCard, today: date) -> bool:
    return one.due_on is not None and one.due_on < today


def _answer(active: int, late: int) -> str:
    if not active:
        return _("No course is assigned yet")
    if late:
        return ngettext(
            "%(late)s of %(num)s assignment is past its date",
            "%(late)s of %(num)s assignments are past their date",
            active,
            late=number(late),
        )
    return ngettext("%(num)s assignment is in force", "%(num)s assignments are in force", active)


def _groups(actor: Actor, found: Sequence[RequirementCard], today: date) -> tuple[AssignmentGroup, ...]:
    """In the order of their first, which is the most pressing one."""
    alike: dict[tuple[str, str, str, str, str], list[AssignmentRow]] = {}
    for one in found:
        said = (one.course_title, what_word(one.rule), again_word(one.rule), one.reason, one.legal_basis)
        alike.setdefault(said, []).append(_row(actor, one, late=_late(one, today)))
    return tuple(AssignmentGroup(*said, rows=tuple(rows)) for said, rows in alike.items())


def _row(actor: Actor, one: RequirementCard, *, late: bool) -> AssignmentRow:
    mine = may_assign(actor, one.organisation_path)
    open_runs = one.base - one.completed
    if not one.active:
        kind, state = "off", _("Ended %(day)s", day=iso_date(one.ended_at)) if one.ended_at else ""
    elif not open_runs and one.base:
        kind, state = "done", _("All have completed")
    elif late:
        kind, state = "overdue", _("%(n)s not completed", n=number(open_runs))
    else:
        kind, state = "going", _("%(n)s to complete", n=number(open_runs))
    share = f" ({percent(one.completed / one.base)})" if one.base else ""
    made = iso_date(one.created_at)
    return AssignmentRow(
        url=f"/managing/assignments/{one.key}",
        place=one.organisation_name,
        due=due_word(one.rule),
        kind=kind,
        state=state,
        completed=_("%(n)s of %(all)s", n=number(one.completed), all=number(one.base)) + share,
        excused=ngettext("%(num)s excused", "%(num)s excused", one.excused) if one.excused else "",
        made=_("%(day)s, %(name)s", day=made, name=one.created_by) if one.created_by else made,
        end_url=f"/managing/assignments/{one.key}/end" if mine and one.active else "",
    )


__all__ = ["AssignmentGroup", "AssignmentRow", "AssignmentsPage", "assignments_page"]
