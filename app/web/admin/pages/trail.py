"""The audit trail, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy.orm import Session

from app.accounts import access
from app.accounts import queries as people
from app.kit import audit, clock
from app.kit.actor import Actor, Role
from app.kit.audit import AuditCard, AuditFilter
from app.kit.i18n import N_, language, moment, ngettext
from app.kit.i18n import gettext as _
from app.web.admin.pages.lists import PER_PAGE, Pager, pager
from app.web.duties import subject_names
from app.web.words import role_name

ACTIONS = {
    "organisation.created": N_("Organisation added"),
    "organisation.renamed": N_("Organisation changed"),
    "organisation.moved": N_("Organisation moved"),
    "organisation.closed": N_("Organisation closed"),
    "organisation.reopened": N_("Organisation opened again"),
    "person.created": N_("Person added"),
    "person.updated": N_("Person changed"),
    "person.moved": N_("Person moved to another organisation"),
    "person.disabled": N_("Account disabled"),
    "person.enabled": N_("Account enabled"),
    "data.asked": N_("Asked about own data"),
    "data.answered": N_("Question about own data answered"),
    "data.put-off": N_("Answer about own data put off"),
    "person.data-taken": N_("Own data taken"),
    "person.left": N_("Person left"),
    "person.nameless": N_("Name of a leaver erased"),
    "person.invited": N_("Invitation sent"),
    "person.link-made": N_("Link made to hand over"),
    "person.signed-in": N_("Signed in"),
    "person.signed-out": N_("Signed out"),
    "person.sign-in-ended": N_("Sign-in ended"),
    "person.other-sign-ins-ended": N_("Other sign-ins ended"),
    "person.password-set": N_("Password set by link"),
    "person.password-changed": N_("Password changed"),
    "grant.given": N_("Role given"),
    "grant.taken": N_("Role taken away"),
    "token.created": N_("API token made"),
    "token.ended": N_("API token ended"),
    "people.import-tried": N_("People file tried"),
    "people.imported": N_("People imported"),
    "feedback.sent": N_("Feedback received"),
    "course.published": N_("Course published"),
    "course.reverted": N_("Course reverted"),
    "course.for-staff": N_("Course shown to staff only"),
    "course.scheduled": N_("Publication scheduled"),
    "course.schedule-cancelled": N_("Scheduled publication cancelled"),
    "course.schedule-failed": N_("Scheduled publication failed"),
    "review.asked": N_("Review asked for"),
    "review.decided": N_("Review decided"),
    "review.withdrawn": N_("Review taken back"),
    "organisation.review-required": N_("Review before publishing required"),
    "organisation.review-not-required": N_("Review before publishing no longer required"),
    "course.withdrawn": N_("Course withdrawn"),
    "course.restored": N_("Course restored"),
    "course.uploaded": N_("Course uploaded"),
    "course.adopted": N_("Course of another organisation adopted"),
    "course.shared": N_("Course opened for adoption"),
    "course.unshared": N_("Course closed for adoption"),
    "course.original-followed": N_("Changes of an original taken over"),
    "course.original-left": N_("Changes of an original left"),
    "draft.media-added": N_("File added to a draft"),
    "draft.media-replaced": N_("File of a draft replaced"),
    "draft.media-removed": N_("File taken out of a draft"),
    "course.upload-discarded": N_("Upload discarded"),
    "answer.marked": N_("Answer marked by hand"),
    "marking.names": N_("Names shown or hidden while marking"),
    "requirement.created": N_("Course assigned"),
    "requirement.ended": N_("Assignment ended"),
    "requirement.repeated": N_("Assignment repeated"),
    "requirement.changed": N_("Requirement changed"),
    "evidence.recorded": N_("Evidence recorded"),
    "evidence.revoked": N_("Evidence taken back"),
    "certificate.issued": N_("Certificates issued"),
    "certificate.asked": N_("Certificates asked for"),
    "certificate.revoked": N_("Certificate revoked"),
    "pack.asked": N_("Audit pack asked for"),
    "extension.asked": N_("More time asked for"),
    "extension.granted": N_("More time granted"),
    "extension.refused": N_("More time refused"),
    "person.exempted": N_("Person excused"),
    "person.exemption-ended": N_("Excuse ended"),
    "person.leave-given": N_("Leave noted"),
    "person.returned": N_("Back from leave"),
    "person.tagged": N_("Tags changed"),
    "recognition.signed": N_("Recognition signed"),
    "recognition.withdrawn": N_("Recognition taken back"),
    "reminder.sent": N_("Reminder sent"),
    "figures.exported": N_("Figures exported"),
    "people.exported": N_("People and their courses exported"),
    "people.generated": N_("A country generated"),
    "view.saved": N_("View saved"),
    "view.changed": N_("View changed"),
    "view.ended": N_("View erased"),
    "view.sent": N_("View sent by mail"),
    "view.refused": N_("View not sent: no right to it"),
    "group.planned": N_("Group session planned"),
    "group.changed": N_("Group session moved"),
    "group.opened": N_("Group session opened"),
    "group.ended": N_("Group session ended"),
    "group.cancelled": N_("Group session called off"),
    "group.sheets-printed": N_("Answer sheets printed"),
    "group.sheet-entered": N_("Answers entered from paper"),
    "deputy.named": N_("Deputy named"),
    "deputy.ended": N_("Deputy ended"),
    "accommodation.set": N_("Time or attempts of one's own changed for a person"),
    "quiz.override-set": N_("Time or attempts in a quiz changed"),
    "quiz.override-taken": N_("Time or attempts in a quiz as they were"),
    "attempt.given": N_("One more attempt given"),
    "question.corrected": N_("Question corrected"),
    "marking.second": N_("Second marker required or not"),
    "service.away": N_("Time given back after an outage"),
    "draft.started": N_("Draft begun"),
    "draft.discarded": N_("Draft discarded"),
    "draft.caught-up": N_("Draft brought up to the newest version"),
    "draft.copy-settled": N_("Words kept beside a page dealt with"),
    "course.upload-completed": N_("Uploaded file received whole"),
}
LONGEST = 160
SUBJECT_LONGEST = 60
ABOUT_PEOPLE = ("person", "grant", "token", "evidence", "deputy")
NOT_FOR_PEOPLE = ("digest", "blob", "draft", "review", "upload", "attempt", "override")
LABELS = {
    "role": N_("Role"),
    "organisation": N_("Organisation"),
    "name": N_("Name"),
    "name_en": N_("English name"),
    "kind": N_("Kind"),
    "county": N_("County"),
    "country": N_("Calendar of holidays"),
    "legal_code": N_("Code in the register of legal entities"),
    "was": N_("Before"),
    "now": N_("After"),
    "changed": N_("Changed fields"),
    "given_name": N_("Given name"),
    "family_name": N_("Family name"),
    "email": N_("E-mail"),
    "staff_number": N_("Staff number"),
    "job_title": N_("Job title"),
    "lang": N_("Language"),
    "new": N_("New people"),
    "moved": N_("Moved"),
    "left": N_("Left"),
    "unchanged": N_("As before"),
    "rejected": N_("Rejected"),
    "text": N_("Text"),
    "reply_to": N_("E-mail for an answer"),
    "course": N_("Course"),
    "version": N_("Version"),
    "level": N_("Level"),
    "major": N_("Major"),
    "minor": N_("Minor"),
    "file": N_("File"),
    "first": N_("First number"),
    "last": N_("Last number"),
    "number": N_("How many"),
    "reason": N_("Reason"),
    "licence": N_("Licence"),
    "since": N_("Since"),
    "until": N_("Until"),
    "points": N_("Points"),
    "on": N_("Day"),
    "about": N_("About"),
    "whom": N_("For whom"),
    "other": N_("Other institution"),
    "as_of": N_("Data of"),
    "began_at": N_("Away from"),
    "ended_at": N_("Away until"),
    "attempts": N_("Attempts"),
    "people": N_("People"),
    "quiz": N_("Quiz"),
    "sheets": N_("Sheets"),
    "due_on": N_("Due"),
    "late": N_("After its date"),
    "deputy_for": N_("As the deputy of"),
    "by_mail": N_("By mail"),
    "names": N_("Names"),
    "rows": N_("Rows"),
    "filter": N_("Filters"),
    "cadence": N_("How often"),
    "how": N_("How"),
    "decision": N_("Decision"),
    "shared": N_("Shared"),
}


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One deed. `detail` is what the deed was about, shortened."""

    at: datetime
    who: str
    action: str
    subject: str
    subject_url: str
    detail: str


@dataclass(frozen=True, slots=True)
class AuditPage:
    """`chain`: "" not looked at, "whole" or "broken"; only whoever administers everything can look."""

    who: str
    action: str
    since: str
    until: str
    actions: tuple[tuple[str, str], ...]
    found: str
    rows: tuple[AuditRow, ...]
    pager: Pager
    can_check: bool
    chain: str
    chain_text: str


def action_name(action: str) -> str:
    known = ACTIONS.get(action)
    return _(known) if known else action


def audit_rows(db: Session, entries: Sequence[AuditCard]) -> tuple[AuditRow, ...]:
    """Deeds with people called by the names that they have now; of those whose name is erased none is shown, although the
    chain still holds who acted, and its own words stay as they were."""
    keys = {entry.subject for entry in entries if _kind(entry) in ABOUT_PEOPLE}
    names = people.names_of(db, keys)
    gone = people.nameless_among(db, {entry.actor_id for entry in entries if entry.actor_id is not None}, keys)
    courses = {str(entry.data.get("about", "")) for entry in entries}
    courses = {one for one in courses if one.startswith("course:")}
    titles = subject_names(db, courses, language()) if courses else {}
    return tuple(_row(entry, names, gone, titles) for entry in entries)


def _kind(entry: AuditCard) -> str:
    return entry.action.split(".")[0]


def _row(entry: AuditCard, names: dict[str, str], gone: dict[int, str], titles: dict[str, str]) -> AuditRow:
    about, url = entry.subject, ""
    if _kind(entry) in ABOUT_PEOPLE:
        about, url = names.get(entry.subject, entry.subject), f"/admin/people/{entry.subject}"
    elif _kind(entry) == "organisation":
        url = f"/admin/organisations/{entry.subject}"
    elif _kind(entry) == "group":
        url = f"/groups/{entry.subject}"
    who = _("the system") if entry.actor_id is None and entry.actor_name == "system" else entry.actor_name
    if entry.actor_id in gone:
        who = f"– #{entry.actor_id}"
    erased = entry.subject in gone.values()  # what was changed in an account names its person, too
    return AuditRow(
        at=entry.at,
        who=who or _("nobody signed in"),
        action=action_name(entry.action),
        subject=about if len(about) <= SUBJECT_LONGEST else about[: SUBJECT_LONGEST - 1] + "…",
        subject_url=url,
        detail="" if erased else _detail(entry.data, titles),
    )


def _detail(data: dict[str, Any], titles: dict[str, str]) -> str:
    said = "; ".join(
        _("%(what)s: %(said)s", what=_label(name), said=titles.get(str(value)) or _plain(name, value))
        for name, value in data.items()
        if value not in ("", None, [], {}) and name not in NOT_FOR_PEOPLE
    )
    return said if len(said) <= LONGEST else said[: LONGEST - 1] + "…"


def _label(name: str) -> str:
    return _(LABELS[name]).lower() if name in LABELS else name.replace("_", " ")


def _plain(name: str, value: Any) -> str:
    if name == "role" and value in set(Role):
        return role_name(Role(value))
    if name == "level" and value in ("major", "minor"):
        return _label(value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dict):
        return ", ".join(f"{_label(k)} – {v}" for k, v in value.items())
    if isinstance(value, list):
        return ", ".join(_label(str(one)) for one in value)
    if name in ("began_at", "ended_at"):
        return moment(datetime.fromisoformat(str(value)))
    return str(value)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def audit_page(
    db: Session, actor: Actor, *, who: str, action: str, since: str, until: str, page: int, check: bool
) -> AuditPage:
    first, last = _day(since), _day(until)
    wanted = AuditFilter(
        who=who,
        action=action,
        since=datetime.combine(first, time(), clock.LOCAL) if first else None,
        until=datetime.combine(last + timedelta(days=1), time(), clock.LOCAL) if last else None,
    )
    visible = access.trail_visible_to(actor, by_name=bool(who))
    entries, total = audit.entries(db, visible, wanted, limit=PER_PAGE, offset=(page - 1) * PER_PAGE)
    query = {"who": who, "action": action, "since": since if first else "", "until": until if last else ""}
    can_check = access.administers_all(db, actor)
    chain, chain_text = _chain(db) if check and can_check else ("", "")
    return AuditPage(
        who=who,
        action=action,
        since=since,
        until=until,
        actions=tuple((known, action_name(known)) for known in audit.actions_known(db)),
        found=ngettext("%(num)s entry", "%(num)s entries", total),
        rows=audit_rows(db, entries),
        pager=pager("/admin/audit", query, page=page, shown=len(entries), total=total),
        can_check=can_check,
        chain=chain,
        chain_text=chain_text,
    )


def _chain(db: Session) -> tuple[str, str]:
    broken = audit.broken_links(db)
    if not broken:
        entries = audit.count(db)
        return "whole", ngettext(
            "The chain is whole: %(num)s entry, none changed.",
            "The chain is whole: %(num)s entries, none changed.",
            entries,
        )
    return "broken", _("The chain is broken, first at entry %(id)s. Somebody has changed the table.", id=broken[0])
